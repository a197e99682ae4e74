//! With students, the employers where they learn, and whoever asked something.

use kring_core::Lang;
use kring_flow::{Unit, Until, When};
use kring_frame::{Purpose, RequestClosed, RoleGiven};

use super::build::*;
use crate::plan::{Again, Plan, TaskKind, Trigger};

pub fn hundred_days(lang: Lang) -> Plan {
    let week = mail(
        sheet(
            "Je eerste week: gaat het?",
            "Eén klik is genoeg",
            vec![
                text("{{ salutation }},\n\nDe eerste week zit erop. Alles is nieuw, en dat is soms veel."),
                choices(
                    "Hoe gaat het met je?",
                    &[("good", "Goed"), ("so-so", "Gaat wel"), ("help", "Ik kan hulp gebruiken")],
                ),
            ],
        ),
        sheet(
            "Your first week: how are you?",
            "One click is enough",
            vec![
                text(
                    "{{ salutation }},\n\nYour first week is over. Everything is new, and that can be a lot.",
                ),
                choices(
                    "How are you doing?",
                    &[("good", "Well"), ("so-so", "So-so"), ("help", "I could use some help")],
                ),
            ],
        ),
        vec![],
    );
    let month = mail(
        sheet(
            "Een maand onderweg",
            "Rooster, studiemaatjes en de Serviceplein",
            vec![text(
                "{{ salutation }},\n\nJe bent een maand onderweg. Drie dingen die nu helpen: een vast studiemaatje, op tijd vragen stellen, en weten dat de Serviceplein er ook voor kleine vragen is.",
            )],
        ),
        sheet(
            "One month in",
            "Timetable, study mates and the service desk",
            vec![text(
                "{{ salutation }},\n\nYou are one month in. Three things that help now: a regular study mate, asking in time, and knowing that the service desk is there for small questions, too.",
            )],
        ),
        vec![],
    );
    let hundred = mail(
        sheet(
            "Honderd dagen: zit je op je plek?",
            "We horen het graag",
            vec![
                text(
                    "{{ salutation }},\n\nHonderd dagen student. Dat is een goed moment om even stil te staan.",
                ),
                choices("Zit je op je plek?", &[("yes", "Ja"), ("doubt", "Ik twijfel"), ("no", "Nee")]),
            ],
        ),
        sheet(
            "A hundred days: are you in the right place?",
            "We would like to know",
            vec![
                text("{{ salutation }},\n\nA hundred days a student. A good moment to stop and think."),
                choices(
                    "Are you in the right place?",
                    &[("yes", "Yes"), ("doubt", "I am in doubt"), ("no", "No")],
                ),
            ],
        ),
        vec![],
    );
    plan(
        happens::<RoleGiven>(Some("enrolled_student")),
        Again::After(365),
        Purpose::Service,
        vec![
            wait(1, 7, Unit::Days),
            ask(2, week, &["good", "so-so", "help"]),
            wait_for(3, vec![Until::Answered(2)], 5, Unit::Days),
            branch(
                4,
                vec![way(
                    said(2, "help"),
                    vec![hand(
                        lang,
                        5,
                        TaskKind::Task,
                        (
                            "Neem contact op: vraagt hulp in de eerste week",
                            "Get in touch: asks for help in the first week",
                        ),
                        4,
                    )],
                )],
                vec![],
            ),
            wait(6, 3, Unit::Weeks),
            send(7, month),
            wait(8, 65, Unit::Days),
            ask(9, hundred, &["yes", "doubt", "no"]),
            wait_for(10, vec![Until::Answered(9)], 7, Unit::Days),
            branch(
                11,
                vec![way(
                    When::Answered { step: 9, any_of: vec!["doubt".into(), "no".into()] },
                    vec![
                        hand(
                            lang,
                            12,
                            TaskKind::Task,
                            (
                                "Gesprek over de studiekeuze na honderd dagen",
                                "Talk about the choice of study after a hundred days",
                            ),
                            16,
                        ),
                        end(13, "coached"),
                    ],
                )],
                vec![end(14, "settled")],
            ),
        ],
    )
}

pub fn employer(lang: Lang) -> Plan {
    let thanks = mail(
        sheet(
            "Dank voor de begeleiding",
            "Hoe liep de stage?",
            vec![
                text("{{ salutation_formal }},\n\nDe stage is afgerond. Dank voor uw tijd en begeleiding."),
                choices(
                    "Zou u weer een stagiair begeleiden?",
                    &[("yes", "Ja"), ("talk", "Ik wil overleggen"), ("no", "Nee")],
                ),
            ],
        ),
        sheet(
            "Thank you for your guidance",
            "How did the placement go?",
            vec![
                text(
                    "{{ salutation_formal }},\n\nThe placement has ended. Thank you for your time and guidance.",
                ),
                choices(
                    "Would you take a student again?",
                    &[("yes", "Yes"), ("talk", "I would like to talk"), ("no", "No")],
                ),
            ],
        ),
        vec![],
    );
    plan(
        Trigger::Hand,
        Again::After(90),
        Purpose::Relation,
        vec![
            ask(1, thanks, &["yes", "talk", "no"]),
            wait_for(2, vec![Until::Answered(1)], 10, Unit::Days),
            branch(
                3,
                vec![
                    way(said(1, "yes"), vec![end(4, "again")]),
                    way(
                        said(1, "talk"),
                        vec![
                            hand(
                                lang,
                                5,
                                TaskKind::Task,
                                (
                                    "Bel de praktijkopleider: wil overleggen",
                                    "Phone the supervisor: would like to talk",
                                ),
                                8,
                            ),
                            wait_for(6, vec![Until::Answered(5)], 10, Unit::Days),
                            end(7, "talked"),
                        ],
                    ),
                ],
                vec![end(8, "quiet")],
            ),
        ],
    )
}

pub fn after_request(lang: Lang) -> Plan {
    let again = mail(
        sheet(
            "Is je vraag echt opgelost?",
            "Eén klik is genoeg",
            vec![
                text("{{ salutation }},\n\nTwee weken geleden hielpen we je met een vraag."),
                choices("Is het echt opgelost?", &[("yes", "Ja"), ("no", "Nee, nog niet")]),
            ],
        ),
        sheet(
            "Is your question really solved?",
            "One click is enough",
            vec![
                text("{{ salutation }},\n\nTwo weeks ago we helped you with a question."),
                choices("Is it really solved?", &[("yes", "Yes"), ("no", "No, not yet")]),
            ],
        ),
        vec![],
    );
    plan(
        happens::<RequestClosed>(None),
        Again::After(90),
        Purpose::Research,
        vec![
            wait(1, 2, Unit::Weeks),
            ask(2, again, &["yes", "no"]),
            wait_for(3, vec![Until::Answered(2)], 7, Unit::Days),
            branch(
                4,
                vec![way(
                    said(2, "no"),
                    vec![
                        hand(
                            lang,
                            5,
                            TaskKind::Task,
                            (
                                "Vraag bleek niet opgelost: neem contact op",
                                "The question was not solved: get in touch",
                            ),
                            8,
                        ),
                        end(6, "reopened"),
                    ],
                )],
                vec![end(7, "solved")],
            ),
        ],
    )
}
