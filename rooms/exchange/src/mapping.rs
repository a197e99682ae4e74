//! What each column means. Guessed from Dutch and English headers, then from the values; whoever imports has the
//! last word.

use kring_core::{Error, Result};
use kring_db::stored;
use kring_lang::names::fold;
use serde::{Deserialize, Serialize};

use crate::{
    reading::Table,
    row::{contact, date, secret},
    say,
};

stored! {
    /// What a column holds. `Secret` is a national number: such a column is emptied when it comes in, and cannot
    /// be given another meaning.
    #[derive(PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Field {
        Number = "number",
        FullName = "full_name",
        PreferredName = "preferred_name",
        Initials = "initials",
        Prefix = "prefix",
        Surname = "surname",
        BirthDate = "birth_date",
        Email = "email",
        Phone = "phone",
        Postcode = "postcode",
        HouseNumber = "house_number",
        City = "city",
        Interest = "interest",
        Source = "source",
        Notes = "notes",
        Newsletter = "newsletter",
        Ignore = "ignore",
        Secret = "secret",
    }
}

impl Field {
    /// Whether two columns may hold it: a second mail address, a house number and its addition.
    const fn is_many(self) -> bool {
        matches!(
            self,
            Self::Email | Self::Phone | Self::Notes | Self::Interest | Self::HouseNumber | Self::Ignore | Self::Secret
        )
    }
}

/// Headers as people write them, folded and without anything but letters and digits.
const HEADERS: &[(Field, &[&str])] = &[
    (
        Field::Number,
        &[
            "relatienr", "relatienummer", "nummer", "nr", "id", "klantnr", "klantnummer", "studentnr", "studentnummer",
            "leerlingnr", "leerlingnummer", "deelnemernummer", "personeelsnummer", "debiteurnr", "externnummer", "externid",
            "number", "externalid", "externalnumber", "studentnumber", "studentid", "customerid", "contactid", "personid",
            "kenmerk", "recordid",
        ],
    ),
    (
        Field::FullName,
        &[
            "naamvolledig", "volledigenaam", "naam", "name", "fullname", "contactnaam", "contactpersoon", "weergavenaam",
            "displayname", "student", "deelnemer", "persoon",
        ],
    ),
    (
        Field::PreferredName,
        &[
            "roepnaam", "voornaam", "voornamen", "firstname", "givenname", "givennames", "preferredname", "nickname",
            "callname", "forename",
        ],
    ),
    (Field::Initials, &["voorletters", "voorletter", "initialen", "initials", "vl"]),
    (
        Field::Prefix,
        &[
            "tussenv", "tussenvoegsel", "tussenvoegsels", "tv", "voorvoegsel", "voorvoegsels", "prefix", "surnameprefix",
            "infix", "middlename",
        ],
    ),
    (Field::Surname, &["achternaam", "familienaam", "geslachtsnaam", "surname", "lastname", "familyname"]),
    (
        Field::BirthDate,
        &[
            "gebdat", "gebdatum", "geboortedatum", "geboren", "geborenop", "birthdate", "dateofbirth", "dob", "born",
            "birthday", "verjaardag",
        ],
    ),
    (
        Field::Email,
        &[
            "email", "emailadres", "mail", "mailadres", "emailaddress", "epost", "emailprive", "priveemail", "emailschool",
            "schoolemail", "email2", "emailwerk",
        ],
    ),
    (
        Field::Phone,
        &[
            "mobiel", "telefoon", "tel", "telefoonnr", "telefoonnummer", "mobielnummer", "mobieltelefoonnummer", "gsm", "06",
            "phone", "phonenumber", "mobile", "mobilephone", "cell", "telephone", "telnr", "vast", "telprive", "telwerk",
            "telefoonvast", "telefoonmobiel",
        ],
    ),
    (Field::Postcode, &["postcode", "pc", "zip", "zipcode", "postalcode", "postkode"]),
    (
        Field::HouseNumber,
        &[
            "huisnr", "huisnummer", "hnr", "housenumber", "toevoeging", "huisnrtoevoeging", "huisnummertoevoeging", "houseno",
            "addition",
        ],
    ),
    (Field::City, &["plaats", "woonplaats", "stad", "city", "town", "gemeente", "plaatsnaam"]),
    (
        Field::Interest,
        &[
            "opleidinginteresse", "opleiding", "interesse", "interesses", "programma", "programme", "program", "interest",
            "interests", "studie", "course", "study", "richting", "opleidingsnaam", "interesseopleiding",
        ],
    ),
    (Field::Source, &["bron", "herkomst", "source", "leadsource", "kanaal", "channel", "via"]),
    (
        Field::Notes,
        &[
            "opmerkingen", "opmerking", "notities", "notitie", "notes", "note", "remarks", "remark", "comments", "comment",
            "memo", "toelichting", "bijzonderheden", "aantekeningen",
        ],
    ),
    (
        Field::Newsletter,
        &["nieuwsbrief", "newsletter", "mailing", "optin", "nieuwsbriefjn", "toestemming", "consent", "mailings"],
    ),
    (Field::Secret, &["bsn", "sofi", "sofinr", "sofinummer", "bsnnr", "bsnnummer", "burgerservicenummer", "persoonsgebondennummer", "pgn", "nationalnumber", "nationalid", "ssn"]),
];

/// The field behind a header, if it is one that we know.
pub fn by_header(header: &str) -> Option<Field> {
    if header.len() > 80 {
        return None;
    }
    let key: String = fold(header).chars().filter(|c| c.is_alphanumeric()).collect();
    HEADERS.iter().find(|(_, names)| names.contains(&key.as_str())).map(|(field, _)| *field)
}

/// Whether a cell can hardly be the name of a column: an address, a day, a number.
pub fn looks_like_value(cell: &str) -> bool {
    cell.contains('@')
        || date::is_day(cell)
        || contact::postcode(cell).is_some()
        || (cell.chars().any(|c| c.is_ascii_digit())
            && cell.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || "+-.,()/".contains(c)))
}

/// The meaning of each column, in their order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mapping(pub Vec<Field>);

/// How many values of a column are looked at.
const SAMPLE: usize = 200;

impl Mapping {
    pub fn guess(table: &Table) -> Self {
        let mut fields: Vec<Field> = Vec::with_capacity(table.columns.len());
        for (at, header) in table.columns.iter().enumerate() {
            let values: Vec<&str> = table
                .rows
                .iter()
                .filter_map(|r| r.cells.get(at).map(String::as_str))
                .filter(|c| !c.is_empty())
                .take(SAMPLE)
                .collect();
            let by_name = by_header(header);
            let field = match by_name {
                Some(field) => field,
                None if is_secret_column(header, &values) => Field::Secret,
                None => by_values(&values).unwrap_or(Field::Ignore),
            };
            // The first column with a meaning has it; what comes later must be one of which there are many.
            let taken = fields.contains(&field) && !field.is_many();
            fields.push(if taken { Field::Ignore } else { field });
        }
        Self(fields)
    }

    pub fn get(&self, column: usize) -> Field {
        self.0.get(column).copied().unwrap_or(Field::Ignore)
    }

    pub fn has(&self, field: Field) -> bool {
        self.0.contains(&field)
    }

    /// The mapping that somebody chose, or what is wrong with it. A column of national numbers stays one.
    pub fn chosen(guessed: &Mapping, chosen: Vec<Field>) -> Result<Self> {
        let mut fields = chosen;
        fields.resize(guessed.0.len(), Field::Ignore);
        for (field, was) in fields.iter_mut().zip(&guessed.0) {
            if *was == Field::Secret || *field == Field::Secret {
                *field = if *was == Field::Secret { Field::Secret } else { Field::Ignore };
            }
        }
        for (at, field) in fields.iter().enumerate() {
            if !field.is_many() && fields.iter().take(at).any(|f| f == field) {
                return Err(Error::field(format!("column-{at}"), say::column_twice()));
            }
        }
        let mapping = Self(fields);
        let named = [Field::FullName, Field::PreferredName, Field::Surname];
        if named.iter().any(|f| mapping.has(*f)) {
            Ok(mapping)
        } else {
            Err(Error::field("", say::column_name_missing()))
        }
    }
}

fn is_secret_column(header: &str, values: &[&str]) -> bool {
    let folded = fold(header);
    let named = folded.split(|c: char| !c.is_alphanumeric()).any(|w| matches!(w, "bsn" | "sofi" | "sofinummer" | "burgerservicenummer"));
    named || (values.len() >= 5 && share(values, secret::is_bsn) > 0.8)
}

fn by_values(values: &[&str]) -> Option<Field> {
    if values.is_empty() {
        return None;
    }
    let tests: [(Field, fn(&str) -> bool); 2] =
        [(Field::Email, |v| v.contains('@') && v.contains('.')), (Field::Postcode, |v| contact::postcode(v).is_some())];
    if let Some((field, _)) = tests.into_iter().find(|(_, test)| share(values, *test) > 0.6) {
        return Some(field);
    }
    if share(values, date::is_day) > 0.6 {
        return Some(Field::BirthDate);
    }
    let dialled = |v: &str| v.starts_with(['0', '+']) && contact::phone(v).is_some();
    (share(values, dialled) > 0.6).then_some(Field::Phone)
}

fn share(values: &[&str], test: impl Fn(&str) -> bool) -> f64 {
    values.iter().filter(|v| test(v)).count() as f64 / values.len().max(1) as f64
}
