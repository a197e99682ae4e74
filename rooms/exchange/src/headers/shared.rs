//! Names of columns that several kinds of list have.

pub(super) const STUDENT: &[&str] = &[
    "studentnr",
    "studentnummer",
    "leerlingnr",
    "leerlingnummer",
    "deelnemernr",
    "deelnemernummer",
    "studentnumber",
    "studentid",
    "pupilnumber",
];
pub(super) const EMPLOYEE: &[&str] = &[
    "personeelsnummer",
    "personeelsnr",
    "medewerkernummer",
    "medewerkernr",
    "employeenumber",
    "employeeid",
    "staffnumber",
];
pub(super) const ACCOUNT: &[&str] =
    &["schoolaccount", "edupersonprincipalname", "eppn", "accountnaam", "netid"];
pub(super) const STREET: &[&str] =
    &["straat", "straatnaam", "adres", "street", "streetname", "address", "road"];
pub(super) const HOUSE: &[&str] = &[
    "huisnr",
    "huisnummer",
    "hnr",
    "housenumber",
    "toevoeging",
    "huisnrtoevoeging",
    "huisnummertoevoeging",
    "houseno",
    "addition",
];
pub(super) const POSTCODE: &[&str] = &["postcode", "pc", "zip", "zipcode", "postalcode", "postkode"];
pub(super) const CITY: &[&str] =
    &["plaats", "vestigingsplaats", "stad", "city", "town", "gemeente", "plaatsnaam"];
pub(super) const FROM: &[&str] = &[
    "van",
    "vanaf",
    "sinds",
    "begin",
    "begindatum",
    "startdatum",
    "ingangsdatum",
    "rolvanaf",
    "rolsinds",
    "datumvan",
    "from",
    "since",
    "start",
    "startdate",
    "validfrom",
    "rolesince",
];
pub(super) const UNTIL: &[&str] = &[
    "tot",
    "totenmet",
    "tm",
    "einde",
    "einddatum",
    "roltot",
    "datumtot",
    "until",
    "to",
    "end",
    "enddate",
    "validto",
    "validuntil",
    "roleuntil",
];
pub(super) const EMAIL: &[&str] = &[
    "email",
    "emailadres",
    "mail",
    "mailadres",
    "emailaddress",
    "epost",
    "emailpersoon",
    "persoonemail",
    "emailprive",
    "emailschool",
    "emailwerk",
];
pub(super) const RELATION_NUMBER: &[&str] = &[
    "relatienr",
    "relatienummer",
    "nummer",
    "nr",
    "persoon",
    "persoonnummer",
    "persoonsnummer",
    "kringnummer",
    "relationnumber",
    "personnumber",
    "personid",
    "person",
    "number",
];
