//! Units, programmes, topics, functions and partners of Meerland. No code is anybody's: crebo and croho numbers from
//! 98001 on are not given out.

use crate::pack::{Function, Label, PartnerKind, Topic, UnitKind, UnitSeed, label};

const fn unit(
    key: &'static str,
    parent: &'static str,
    kind: UnitKind,
    nl: &'static str,
    en: &'static str,
    campus: &'static str,
    mean: Option<f64>,
) -> UnitSeed {
    UnitSeed { key, parent, kind, label: Label { nl, en }, campus, mean }
}

use UnitKind::{Association, Campus, Division, Fund, Institution, Office, Queue, School, Service};

pub(crate) const UNITS: &[UnitSeed] = &[
    unit("meerland", "", Institution, "Meerland", "Meerland", "", None),
    unit("college", "meerland", Division, "Meerland College", "Meerland College", "", None),
    unit(
        "hogeschool",
        "meerland",
        Division,
        "Hogeschool Meerland",
        "Meerland University of Applied Sciences",
        "",
        None,
    ),
    unit("fund", "", Fund, "Stichting Meerlandfonds", "Meerland Fund", "", None),
    unit(
        "association",
        "",
        Association,
        "Alumnivereniging Meerland",
        "Meerland Alumni Association",
        "",
        None,
    ),
    unit("stad", "meerland", Campus, "Campus Stad", "City Campus", "", None),
    unit("haven", "meerland", Campus, "Campus Haven", "Harbour Campus", "", None),
    unit("groen", "meerland", Campus, "Campus Groen", "Green Campus", "", None),
    unit("online", "meerland", Campus, "Meerland Online", "Meerland Online", "", None),
    unit("zorg", "college", School, "School voor Zorg en Welzijn", "School of Care", "stad", Some(6.7)),
    unit("techniek", "college", School, "School voor Techniek", "School of Engineering", "haven", Some(7.1)),
    unit(
        "horeca",
        "college",
        School,
        "School voor Horeca en Toerisme",
        "School of Hospitality",
        "haven",
        Some(7.3),
    ),
    unit(
        "handel",
        "college",
        School,
        "School voor Handel en ICT",
        "School of Commerce and IT",
        "stad",
        Some(7.5),
    ),
    unit(
        "groenschool",
        "college",
        School,
        "School voor Groen en Voeding",
        "School of Green and Food",
        "groen",
        Some(7.6),
    ),
    unit(
        "creatief",
        "college",
        School,
        "School voor Creatief Vakwerk",
        "School of Creative Crafts",
        "stad",
        Some(7.7),
    ),
    unit(
        "economie",
        "hogeschool",
        School,
        "Academie voor Economie",
        "Academy of Business",
        "stad",
        Some(7.9),
    ),
    unit(
        "engineering",
        "hogeschool",
        School,
        "Academie voor Engineering en ICT",
        "Academy of Engineering and IT",
        "haven",
        Some(8.1),
    ),
    unit(
        "mens",
        "hogeschool",
        School,
        "Academie voor Mens en Onderwijs",
        "Academy of Education and Society",
        "stad",
        Some(8.3),
    ),
    unit(
        "gezondheid",
        "hogeschool",
        School,
        "Academie voor Gezondheid",
        "Academy of Health",
        "groen",
        Some(8.6),
    ),
    unit("serviceplein", "meerland", Service, "Serviceplein", "Serviceplein", "stad", None),
    unit(
        "queue-enrolment",
        "serviceplein",
        Queue,
        "Balie inschrijving en geld",
        "Enrolment and fees desk",
        "stad",
        None,
    ),
    unit("queue-it", "serviceplein", Queue, "ICT-balie", "IT desk", "stad", None),
    unit(
        "queue-timetable",
        "serviceplein",
        Queue,
        "Balie rooster en examens",
        "Timetable and exams desk",
        "haven",
        None,
    ),
    unit("queue-placement", "serviceplein", Queue, "Stagebalie", "Placement desk", "haven", None),
    unit("queue-general", "serviceplein", Queue, "Algemene balie", "General desk", "groen", None),
    unit(
        "marketing",
        "meerland",
        Office,
        "Marketing en Communicatie",
        "Marketing and Communication",
        "stad",
        None,
    ),
    unit("alumni-office", "meerland", Office, "Alumnibureau", "Alumni Office", "stad", None),
    unit("bpv-office", "meerland", Office, "BPV-bureau", "Placement Office", "haven", None),
    unit("quality", "meerland", Office, "Kwaliteit en Onderzoek", "Quality and Research", "stad", None),
    unit("board", "meerland", Office, "College van Bestuur", "Executive Board", "stad", None),
    unit("exam-board", "meerland", Office, "Examencommissie", "Exam Board", "stad", None),
];

/// School, Dutch and English title; more programmes than titles get an added direction.
pub(crate) const MBO: &[(&str, &str, &str)] = &[
    ("zorg", "Verpleegkunde", "Nursing"),
    ("techniek", "Mechatronica", "Mechatronics"),
    ("horeca", "Kok", "Cook"),
    ("handel", "Software development", "Software Development"),
    ("groenschool", "Hovenier", "Landscaping"),
    ("creatief", "Mediavormgeving", "Media Design"),
    ("zorg", "Pedagogisch werk", "Child Care"),
    ("techniek", "Elektrotechniek", "Electrical Engineering"),
    ("horeca", "Gastheer en gastvrouw", "Host"),
    ("handel", "ICT-beheer", "IT Management"),
    ("groenschool", "Dierverzorging", "Animal Care"),
    ("creatief", "Meubelmaken", "Furniture Making"),
    ("zorg", "Maatschappelijke zorg", "Social Care"),
    ("zorg", "Doktersassistent", "Doctor's Assistant"),
    ("techniek", "Autotechniek", "Car Engineering"),
    ("techniek", "Timmeren", "Carpentry"),
    ("techniek", "Installatietechniek", "Building Services"),
    ("horeca", "Reizen en vrije tijd", "Travel and Leisure"),
    ("horeca", "Brood en banket", "Bakery"),
    ("handel", "Retail", "Retail"),
    ("handel", "Financiële administratie", "Accounting"),
    ("handel", "Logistiek", "Logistics"),
    ("groenschool", "Voeding en kwaliteit", "Food and Quality"),
    ("groenschool", "Bloem en styling", "Floristry"),
    ("creatief", "Mode en maatkleding", "Fashion"),
    ("creatief", "Podium- en evenemententechniek", "Stage Engineering"),
];
pub(crate) const HBO: &[(&str, &str, &str)] = &[
    ("economie", "Bedrijfskunde", "Business Administration"),
    ("engineering", "HBO-ICT", "Information Technology"),
    ("mens", "Social Work", "Social Work"),
    ("mens", "Leraar basisonderwijs", "Primary Teacher Education"),
    ("gezondheid", "Verpleegkunde", "Nursing"),
    ("economie", "International Business", "International Business"),
    ("engineering", "Werktuigbouwkunde", "Mechanical Engineering"),
    ("economie", "Accountancy", "Accountancy"),
    ("mens", "Pedagogiek", "Pedagogy"),
    ("economie", "Commerciële economie", "Marketing"),
    ("engineering", "Bouwkunde", "Architecture and Construction"),
    ("gezondheid", "Fysiotherapie", "Physiotherapy"),
    ("economie", "Human resource management", "Human Resource Management"),
    ("mens", "Docent beeldende kunst", "Fine Art Education"),
    ("gezondheid", "Voeding en diëtetiek", "Nutrition and Dietetics"),
    ("engineering", "Watermanagement", "Water Management"),
];

const fn topic(
    key: &'static str,
    nl: &'static str,
    en: &'static str,
    share: f64,
    queue: &'static str,
) -> Topic {
    Topic { key, label: label(nl, en), share, queue }
}

pub(crate) const TOPICS: &[Topic] = &[
    topic("enrolment", "Inschrijven en betalen", "Enrolment and fees", 19.0, "queue-enrolment"),
    topic("it", "ICT en inloggen", "IT and signing in", 17.0, "queue-it"),
    topic("timetable", "Rooster", "Timetable", 14.0, "queue-timetable"),
    topic("placement", "Stage", "Placement", 12.0, "queue-placement"),
    topic("exam", "Examens", "Exams", 9.0, "queue-timetable"),
    topic("statements", "Verklaringen", "Statements", 8.0, "queue-enrolment"),
    topic("facilities", "Gebouw en spullen", "Buildings and equipment", 7.0, "queue-general"),
    topic("finance", "Studiefinanciering", "Student finance", 6.0, "queue-enrolment"),
    topic("coaching", "Begeleiding", "Coaching", 4.0, "queue-general"),
    topic("international", "Huisvesting en buitenland", "Housing and international", 4.0, "queue-general"),
];

const fn function(key: &'static str, count: f64, unit: &'static str) -> Function {
    Function { key, count, unit }
}

/// An empty unit: one of the schools. The rest of the 2,300 is support.
pub(crate) const FUNCTIONS: &[Function] = &[
    function("teacher", 1_450.0, ""),
    function("coach", 90.0, ""),
    function("placement_coordinator", 46.0, "bpv-office"),
    function("service_agent", 34.0, "serviceplein"),
    function("marketeer", 22.0, "marketing"),
    function("alumni_officer", 6.0, "alumni-office"),
    function("dean", 12.0, ""),
    function("exam_board", 16.0, "exam-board"),
    function("student_council", 14.0, "quality"),
    function("board", 3.0, "board"),
    function("quality_officer", 17.0, "quality"),
    function("support", 590.0, "meerland"),
];

const fn partner(key: &'static str, share: f64, label: &'static str, contact: &'static str) -> PartnerKind {
    PartnerKind { key, share, label, contact }
}

pub(crate) const PARTNERS: &[PartnerKind] = &[
    partner("feeder_school", 42.0, "Scholengemeenschap", "school_contact"),
    partner("municipality", 12.0, "Gemeente", "municipal_contact"),
    partner("government", 10.0, "Regiodienst", "partner"),
    partner("press", 6.0, "Nieuwsblad", "partner"),
    partner("partner", 30.0, "Stichting", "partner"),
];
