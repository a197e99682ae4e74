use super::{
    DirtyList, Encoding, ListKind, Plan, Truth,
    row::{Context, Row},
    shape::{Dates, Field, Phones, Shape, Sheet},
    slips::slip,
};
use crate::{defects::bsn_like, dice::Dice, names::Names, table::PersonKey, world::World};

/// The departments' lists of people.
pub(super) const SHAPES: &[Shape] = &[
    Shape {
        key: "student-system",
        delimiter: b',',
        encoding: Encoding::Utf8,
        dates: Dates::Iso,
        phones: Phones::Bare,
        capitals: false,
        columns: &[
            ("studentnummer", Field::Student),
            ("voorletters", Field::Initials),
            ("roepnaam", Field::Called),
            ("voorvoegsel", Field::Prefix),
            ("achternaam", Field::Surname),
            ("geslacht", Field::Gender),
            ("geboortedatum", Field::Born),
            ("email", Field::Mail),
            ("mobiel", Field::Phone),
            ("straat", Field::Street),
            ("huisnummer", Field::House),
            ("postcode", Field::Postcode),
            ("woonplaats", Field::City),
        ],
    },
    Shape {
        key: "staff",
        delimiter: b',',
        encoding: Encoding::Utf8,
        dates: Dates::Iso,
        phones: Phones::National,
        capitals: false,
        columns: &[
            ("Voorletters", Field::Initials),
            ("Roepnaam", Field::Called),
            ("Tussenvoegsel", Field::Prefix),
            ("Achternaam", Field::Surname),
            ("E-mail", Field::Mail),
            ("Telefoon", Field::Phone),
            ("In dienst", Field::Date),
        ],
    },
    Shape {
        key: "alumni-office",
        delimiter: b';',
        encoding: Encoding::Utf8Bom,
        dates: Dates::Dutch,
        phones: Phones::Spaced,
        capitals: false,
        columns: &[
            ("Relatienr.", Field::Number),
            ("Naam volledig", Field::Full),
            ("Voorl.", Field::Initials),
            ("Geb.dat", Field::Born),
            ("E-mailadres", Field::Mail),
            ("Mobiel", Field::Phone),
            ("Adres", Field::Street),
            ("Huisnr", Field::House),
            ("Postcode", Field::Postcode),
            ("Plaats", Field::City),
            ("Opleiding", Field::Programme),
            ("Jaar diploma", Field::Year),
            ("Werkgever", Field::Employer),
            ("Functie", Field::Function),
            ("Nieuwsbrief?", Field::Letter),
            ("Opmerkingen", Field::Note),
        ],
    },
    Shape {
        key: "placement-contacts",
        delimiter: b';',
        encoding: Encoding::Cp1252,
        dates: Dates::Dutch,
        phones: Phones::National,
        capitals: false,
        columns: &[
            ("Bedrijf", Field::Company),
            ("Contactpersoon", Field::Full),
            ("Functie", Field::Function),
            ("E-mail", Field::Mail),
            ("Tel.", Field::Phone),
            ("Opm.", Field::Note),
        ],
    },
    Shape {
        key: "feeder-school-deans",
        delimiter: b';',
        encoding: Encoding::Cp1252,
        dates: Dates::Dots,
        phones: Phones::Spaced,
        capitals: true,
        columns: &[
            ("School", Field::Company),
            ("Decaan", Field::Reversed),
            ("Mail", Field::Mail),
            ("Telefoon", Field::Phone),
        ],
    },
    Shape {
        key: "fair",
        delimiter: b';',
        encoding: Encoding::Cp1252,
        dates: Dates::Dots,
        phones: Phones::Zeros,
        capitals: false,
        columns: &[
            ("Voornaam", Field::Called),
            ("Tussenv.", Field::Prefix),
            ("Achternaam", Field::Surname),
            ("Geboortedatum", Field::Born),
            ("E-mail", Field::Mail),
            ("06-nummer", Field::Phone),
            ("Interesse", Field::Programme),
            ("Herkomst", Field::Source),
            ("Datum", Field::Date),
        ],
    },
    Shape {
        key: "event-registrations",
        delimiter: b',',
        encoding: Encoding::Utf8,
        dates: Dates::English,
        phones: Phones::National,
        capitals: false,
        columns: &[
            ("first_name", Field::Called),
            ("last_name", Field::Surname),
            ("infix", Field::Prefix),
            ("email", Field::Mail),
            ("phone", Field::Phone),
            ("date_of_birth", Field::Born),
            ("programme", Field::Programme),
            ("registered", Field::Date),
        ],
    },
    Shape {
        key: "fund-donors",
        delimiter: b';',
        encoding: Encoding::Cp1252,
        dates: Dates::Dutch,
        phones: Phones::Spaced,
        capitals: true,
        columns: &[
            ("Naam", Field::Reversed),
            ("Straat", Field::Street),
            ("Nr", Field::House),
            ("PC", Field::Postcode),
            ("Plaats", Field::City),
            ("E-mail", Field::Mail),
            ("Laatste gift", Field::Amount),
            ("Wensen", Field::Wish),
        ],
    },
    Shape {
        key: "service-desk",
        delimiter: b',',
        encoding: Encoding::Utf8Bom,
        dates: Dates::Iso,
        phones: Phones::Zeros,
        capitals: false,
        columns: &[
            ("name", Field::Full),
            ("email", Field::Mail),
            ("phone", Field::Phone),
            ("student_no", Field::Student),
        ],
    },
    Shape {
        key: "private-list-of-a-teacher",
        delimiter: b';',
        encoding: Encoding::Utf8Bom,
        dates: Dates::Dots,
        phones: Phones::Spaced,
        capitals: false,
        columns: &[
            ("wie", Field::Reversed),
            ("geb", Field::Born),
            ("mail", Field::Mail),
            ("tel", Field::Phone),
            ("woont in", Field::City),
            ("richting", Field::Programme),
            ("jaar", Field::Year),
            ("werkt bij", Field::Employer),
            ("van wie", Field::Teacher),
            ("weetjes", Field::Note),
        ],
    },
    Shape {
        key: "parents",
        delimiter: b';',
        encoding: Encoding::Utf8Bom,
        dates: Dates::Dutch,
        phones: Phones::National,
        capitals: false,
        columns: &[
            ("Voorl.", Field::Initials),
            ("Tussenv.", Field::Prefix),
            ("Achternaam", Field::Surname),
            ("E-mail", Field::Mail),
            ("Telefoon", Field::Phone),
            ("Straat", Field::Street),
            ("Huisnr", Field::House),
            ("Postcode", Field::Postcode),
            ("Plaats", Field::City),
        ],
    },
    Shape {
        key: "old-crm",
        delimiter: b';',
        encoding: Encoding::Cp1252,
        dates: Dates::Dutch,
        phones: Phones::National,
        capitals: true,
        columns: &[
            ("Relatienr.", Field::Number),
            ("Naam volledig", Field::Full),
            ("Roepnaam", Field::Called),
            ("Tussenv.", Field::Prefix),
            ("Achternaam", Field::Surname),
            ("Geb.dat", Field::Born),
            ("Sofinr", Field::Bsn),
            ("E-mailadres", Field::Mail),
            ("Mobiel", Field::Phone),
            ("Postcode", Field::Postcode),
            ("Huisnr", Field::House),
            ("Plaats", Field::City),
            ("Opleiding / interesse", Field::Programme),
            ("Bron", Field::Source),
            ("Opmerkingen", Field::Note),
        ],
    },
];

/// The list with this place among the memberships.
pub(super) fn write(
    w: &World,
    context: &Context,
    plan: &Plan,
    shape: &Shape,
    (place, people): (usize, &[PersonKey]),
) -> DirtyList {
    let dice = Dice::of(w.settings.seed, shape.key);
    let names = Names::new();
    let header: Vec<&str> = shape.columns.iter().map(|c| c.0).collect();
    let title = w.sector().lists.iter().find(|l| l.0 == shape.key).map_or("", |l| l.1);
    let mut sheet = Sheet::new(shape.key, ListKind::People, shape.encoding, shape.delimiter, title, &header);
    let bsn = shape.columns.iter().position(|c| c.1 == Field::Bsn);
    let values = |row: &Row, key: PersonKey| {
        let mut values = row.values(w, context, key, shape);
        if let Some(slot) = bsn.and_then(|at| values.get_mut(at)).filter(|_| context.has_bsn(key)) {
            *slot = bsn_like(&dice);
        }
        values
    };
    for (n, key) in people.iter().copied().enumerate() {
        let row = Row::of(w, key);
        let truth = Truth { line: 0, person: Some(key), organisation: None, slip: "" };
        sheet.record(&values(&row, key), truth);
        // Every thousandth line is empty, as it is where lists were pasted together.
        if n % 1_000 == 999 {
            let nothing: Vec<&str> = vec![""; header.len()];
            sheet.record(&nothing, Truth { person: None, ..truth });
        }
        if let Some(kind) = plan.person(key, place) {
            let mut wrong = row.clone();
            let made = slip(&dice, &names, &mut wrong, kind, key);
            sheet.record(&values(&wrong, key), Truth { slip: made, ..truth });
        }
    }
    // Somebody who objected comes in again, with the address in capitals.
    if let Some(key) = w.planted.objector.filter(|_| shape.key == "fair") {
        let mut row = Row::of(w, key);
        row.mail = row.mail.to_uppercase();
        let truth = Truth { line: 0, person: Some(key), organisation: None, slip: "objector" };
        sheet.record(&values(&row, key), truth);
    }
    sheet.done()
}
