//! What Meerland's people ask, by topic of both packs, and what they say of the answer.

use kring_core::Chance;

/// What is asked about a topic, and how soon an answer is promised.
pub struct TopicWords {
    pub key: &'static str,
    pub promise_minutes: i64,
    pub asked_nl: &'static [&'static str],
    pub asked_en: &'static [&'static str],
}

pub const TOPICS: &[TopicWords] = &[
    TopicWords {
        key: "enrolment",
        promise_minutes: 540,
        asked_nl: &[
            "Kan ik het lesgeld in termijnen betalen? Ik wil graag weten wanneer de eerste termijn wordt afgeschreven.",
            "Mijn inschrijving staat nog op ‘in behandeling’. Moet ik nog iets doen?",
            "Ik start in februari. Waar haal ik mijn studentenpas op?",
        ],
        asked_en: &[
            "Can I pay the tuition fee in instalments? I would like to know when the first one is due.",
            "My enrolment still says ‘in progress’. Is there anything left for me to do?",
        ],
    },
    TopicWords {
        key: "it",
        promise_minutes: 240,
        asked_nl: &[
            "Ik kan niet meer inloggen sinds ik een nieuwe telefoon heb. Hoe zet ik de tweede stap over?",
            "De wifi op campus Haven valt steeds weg in lokaal B2.14. Is dat bekend?",
            "Hoe installeer ik het tekenpakket op mijn eigen laptop?",
        ],
        asked_en: &[
            "I cannot sign in since I have a new phone. How do I move the second step?",
            "How do I install the drawing package on my own laptop?",
        ],
    },
    TopicWords {
        key: "timetable",
        promise_minutes: 240,
        asked_nl: &[
            "Mijn rooster klopt niet na de wissel van klas. Ik sta nog bij groep 1B.",
            "Op woensdag staan twee lessen tegelijk ingepland. Welke gaat voor?",
            "Wanneer komt het rooster voor blok 3 online?",
        ],
        asked_en: &["Two of my classes are at the same time on Wednesday. Which one comes first?"],
    },
    TopicWords {
        key: "placement",
        promise_minutes: 540,
        asked_nl: &[
            "Mijn werkgever moet de praktijkovereenkomst nog tekenen. Tot wanneer kan dat?",
            "Ik zoek nog een stageplek voor februari, het liefst in de buurt van Haven. Wat kan ik doen?",
            "Mag ik mijn stage in het buitenland doen?",
        ],
        asked_en: &["My employer still has to sign the practice agreement. Until when is that possible?"],
    },
    TopicWords {
        key: "exam",
        promise_minutes: 540,
        asked_nl: &[
            "Hoe vraag ik extra tijd aan voor een examen?",
            "Wanneer kan ik mijn examen van vorige week inzien?",
        ],
        asked_en: &["How do I ask for extra time for an exam?"],
    },
    TopicWords {
        key: "statements",
        promise_minutes: 540,
        asked_nl: &[
            "Ik heb een verklaring van inschrijving nodig voor de gemeente.",
            "Kan ik een nieuw exemplaar van mijn cijferlijst krijgen?",
        ],
        asked_en: &["I need a statement of enrolment for my visa."],
    },
    TopicWords {
        key: "facilities",
        promise_minutes: 540,
        asked_nl: &[
            "Is de bibliotheek ook in de vakantie open?",
            "De lift in gebouw C doet het niet. Wanneer wordt dat gemaakt?",
        ],
        asked_en: &["Is the library open during the holidays?"],
    },
    TopicWords {
        key: "finance",
        promise_minutes: 540,
        asked_nl: &[
            "Heb ik recht op een aanvullende beurs als ik BBL doe?",
            "Tot welke leeftijd kan ik studiefinanciering krijgen?",
        ],
        asked_en: &["Am I entitled to student finance as a student from abroad?"],
    },
    TopicWords {
        key: "international",
        promise_minutes: 240,
        asked_nl: &["Zijn er nog kamers vrij vanaf februari?"],
        asked_en: &[
            "I start in February. Do you have rooms for students from abroad, and until when can I apply?",
            "My visa letter asks for an address in the Netherlands. What can I write down?",
        ],
    },
    TopicWords {
        key: "coaching",
        promise_minutes: 540,
        asked_nl: &[
            "Met wie kan ik praten over de sfeer in mijn klas?",
            "Wie gaat er over de gastlessen in blok 2?",
        ],
        asked_en: &["Whom can I talk to about the mood in my class?"],
    },
    TopicWords {
        key: "intake",
        promise_minutes: 540,
        asked_nl: &[
            "Mijn moeder staat op de wachtlijst voor De Waterlelie. Hoe lang duurt het nog ongeveer?",
            "Kan mijn man tijdelijk bij u terecht als ik zelf geopereerd word?",
            "Hoe melden wij ons aan voor wijkverpleging?",
        ],
        asked_en: &["How do I put my father on the waiting list for Duinhof?"],
    },
    TopicWords {
        key: "costs",
        promise_minutes: 540,
        asked_nl: &[
            "Welke eigen bijdrage betalen wij als de indicatie verandert?",
            "Moet ik de indicatie zelf aanvragen of doet u dat?",
        ],
        asked_en: &["What do we pay ourselves for day care?"],
    },
    TopicWords {
        key: "care",
        promise_minutes: 240,
        asked_nl: &[
            "Kan de wijkverpleging vrijdag een uur later komen?",
            "Wie is de contactpersoon van het team als er ’s avonds iets is?",
        ],
        asked_en: &["Could the nurse come an hour later on Friday?"],
    },
    TopicWords {
        key: "visits",
        promise_minutes: 540,
        asked_nl: &[
            "Mogen de kleinkinderen zondag mee-eten in het restaurant?",
            "Wanneer begint de wandelclub weer, en kan mijn tante nog mee?",
        ],
        asked_en: &["Can the grandchildren join us for lunch on Sunday?"],
    },
];

pub const ANSWERS_NL: &[&str] = &[
    "Dank voor je vraag. Ik heb het voor je nagekeken: het staat goed in het systeem en je hoeft niets meer te doen.\n\nLoop je ergens tegenaan, laat het dan weten.",
    "Dat kan. Ik heb het voor je geregeld; binnen twee werkdagen zie je het terug.",
    "Goed dat je het meldt. Een collega kijkt er vandaag naar en ik laat je weten als het klaar is.",
    "Je vindt dit in Mijn Meerland onder ‘Aanvragen’. Lukt het niet, kom dan langs bij het Serviceplein in gebouw A.",
];
pub const ANSWERS_EN: &[&str] = &[
    "Thank you for your question. I looked it up: everything is in order and there is nothing left for you to do.\n\nIf you run into anything, let me know.",
    "That is possible. I arranged it for you; within two working days you will see it in My Meerland.",
];
pub const PRAISE: &[&str] = &[
    "Snel en duidelijk, dank je wel.",
    "Fijn dat iemand meteen meedacht.",
    "Vriendelijk geholpen en het klopte in één keer.",
    "Very quick and friendly.",
];
pub const COMPLAINTS: &[&str] = &[
    "Ik werd van loket naar loket gestuurd.",
    "Het duurde te lang voordat ik iets hoorde.",
    "Het antwoord ging niet over mijn vraag.",
    "Ik moest mijn verhaal drie keer vertellen.",
];

/// The marks 1 to 10, in a thousand.
pub const MARKS: &[u64] = &[12, 9, 13, 22, 38, 85, 206, 355, 175, 85];

pub fn pick<'a>(chance: &Chance, from: &[&'a str]) -> &'a str {
    from.get(chance.below(from.len() as u64) as usize).copied().unwrap_or_default()
}

/// A place in the list, by weight.
pub fn weighted(chance: &Chance, weights: impl Iterator<Item = u64> + Clone) -> usize {
    let mut draw = chance.below(weights.clone().sum());
    for (at, weight) in weights.enumerate() {
        if draw < weight {
            return at;
        }
        draw -= weight;
    }
    0
}

pub fn of(topic: &str) -> Option<&'static TopicWords> {
    TOPICS.iter().find(|t| t.key == topic)
}

/// What somebody does, as a Dutch institution writes it down; the world knows functions by a key. What is not here is a
/// programme, or a word that is the same in both.
pub fn function(key: &'static str) -> &'static str {
    match key {
        "teacher" => "docent",
        "coach" => "studieloopbaanbegeleider",
        "service_agent" => "medewerker Serviceplein",
        "placement_coordinator" => "BPV-coördinator",
        "alumni_officer" => "alumnimedewerker",
        "quality_officer" => "kwaliteitsmedewerker",
        "exam_board" => "lid examencommissie",
        "student_council" => "lid studentenraad",
        "intake_officer" => "intakemedewerker",
        "dean" => "decaan",
        "board" => "bestuurder",
        "support" => "ondersteuning",
        "owner" => "eigenaar",
        "supervisor" => "praktijkopleider",
        "director" => "directeur",
        "hr" => "personeelszaken",
        "team lead" => "teamleider",
        "office" => "kantoor",
        "employee" => "medewerker",
        "nurse" => "verpleegkundige",
        "engineer" => "ingenieur",
        "adviser" => "adviseur",
        "liaison" => "contactpersoon",
        "doctor" => "arts",
        "municipality" => "beleidsmedewerker",
        other => other,
    }
}
