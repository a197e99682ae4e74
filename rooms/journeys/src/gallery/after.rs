//! At the diploma, and every year after it.

use kring_core::Lang;
use kring_flow::{By, Unit, Until, When};
use kring_frame::{Event, Purpose, RoleDerived};

use super::build::*;
use crate::plan::{Again, Plan, Step, TaskKind, Trigger, What};

pub fn diploma(_: Lang) -> Plan {
    let address = mail(
        sheet(
            "Bijna klaar: waar kunnen we je straks bereiken?",
            "Je schooladres stopt na je diploma",
            vec![
                text(
                    "{{ salutation }},\n\nJe diploma is in zicht. Daarna stopt je mailadres van school. Antwoord met je eigen adres, dan raken we elkaar niet kwijt.",
                ),
                choices(
                    "Wil je na je diploma iets van ons horen?",
                    &[("yes", "Ja, graag"), ("little", "Alleen het belangrijkste"), ("no", "Nee")],
                ),
            ],
        ),
        sheet(
            "Nearly there: where can we reach you?",
            "Your school address ends after your diploma",
            vec![
                text(
                    "{{ salutation }},\n\nYour diploma is in sight. After that your school address ends. Answer with your own address, so that we do not lose each other.",
                ),
                choices(
                    "Would you like to hear from us after your diploma?",
                    &[("yes", "Yes, please"), ("little", "Only what matters most"), ("no", "No")],
                ),
            ],
        ),
        vec![],
    );
    let proud = mail(
        sheet(
            "Gefeliciteerd, {{ first_name }}!",
            "Je hebt het gehaald",
            vec![text(
                "{{ salutation }},\n\nGefeliciteerd met je diploma. Je bent vanaf nu alumnus van {{ institution }}. Je blijft welkom: voor advies, voor bijscholing en om je ervaring te delen.",
            )],
        ),
        sheet(
            "Congratulations, {{ first_name }}!",
            "You made it",
            vec![text(
                "{{ salutation }},\n\nCongratulations on your diploma. You are an alumnus of {{ institution }} from now on, and always welcome: for advice, for further learning, and to share what you know.",
            )],
        ),
        vec![],
    );
    plan(
        Trigger::Hand,
        Again::Never,
        Purpose::Service,
        vec![
            ask(1, address, &["yes", "little", "no"]),
            wait_for(
                2,
                vec![Until::Happens { kind: RoleDerived::KIND.into(), detail: None }],
                6,
                Unit::Months,
            ),
            branch(
                3,
                vec![way(When::Ended { wait: 2, by: By::Until(0) }, vec![send(4, proud), end(5, "alumnus")])],
                vec![end(6, "no-diploma-yet")],
            ),
        ],
    )
}

pub fn alumni_year(lang: Lang) -> Plan {
    let year = mail(
        sheet(
            "Hoe gaat het met je, {{ first_name }}?",
            "Eén keer per jaar",
            vec![
                text("{{ salutation }},\n\nEén keer per jaar vragen we hoe het met je gaat."),
                choices(
                    "Wat past nu bij je?",
                    &[
                        ("learn", "Ik wil bijleren"),
                        ("share", "Ik wil iets delen"),
                        ("fine", "Alles goed zo"),
                    ],
                ),
            ],
        ),
        sheet(
            "How are you, {{ first_name }}?",
            "Once a year",
            vec![
                text("{{ salutation }},\n\nOnce a year we ask how you are."),
                choices(
                    "What suits you now?",
                    &[
                        ("learn", "I want to learn more"),
                        ("share", "I would like to share something"),
                        ("fine", "All is well"),
                    ],
                ),
            ],
        ),
        vec![],
    );
    plan(
        happens::<RoleDerived>(None),
        Again::Never,
        Purpose::Alumni,
        vec![
            Step::new(
                1,
                What::Repeat {
                    times: 40,
                    until: None,
                    steps: vec![
                        wait(2, 1, Unit::Years),
                        ask(3, year, &["learn", "share", "fine"]),
                        wait_for(4, vec![Until::Answered(3)], 3, Unit::Weeks),
                        branch(
                            5,
                            vec![way(
                                When::Answered { step: 3, any_of: vec!["learn".into(), "share".into()] },
                                vec![hand(
                                    lang,
                                    6,
                                    TaskKind::Task,
                                    (
                                        "Alumnus wil iets: neem contact op",
                                        "An alumnus wants something: get in touch",
                                    ),
                                    24,
                                )],
                            )],
                            vec![],
                        ),
                    ],
                },
            ),
            end(7, "forty-years"),
        ],
    )
}
