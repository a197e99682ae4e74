//! With whoever comes to know us: the first weeks, and after an open day.

use kring_core::Lang;
use kring_flow::{By, Unit, Until, Wait, When};
use kring_frame::{Event, Purpose, QuestionAsked, RoleGiven};

use super::build::*;
use crate::plan::{Again, Plan, Step, TaskKind, Trigger, What};

pub fn welcome(lang: Lang) -> Plan {
    let hello = mail(
        sheet(
            "Welkom bij {{ institution }}, {{ first_name }}",
            "Fijn dat je met ons kennismaakt",
            vec![
                text(
                    "{{ salutation }},\n\nFijn dat je met ons kennismaakt. Een studie kiezen is een grote stap. Daarom sturen we je de komende weken een paar korte mails, en nooit meer dan je wilt.",
                ),
                choices(
                    "Waar wil je het eerst meer over weten?",
                    &[
                        ("study", "De opleidingen"),
                        ("living", "Wonen en geld"),
                        ("visit", "Een keer komen kijken"),
                    ],
                ),
                text("Je kunt ook gewoon antwoorden op deze mail. Een collega leest mee."),
            ],
        ),
        sheet(
            "Welcome to {{ institution }}, {{ first_name }}",
            "Good to meet you",
            vec![
                text(
                    "{{ salutation }},\n\nGood to meet you. Choosing what to study is a big step. Over the next weeks we send you a few short mails, and never more than you want.",
                ),
                choices(
                    "What would you like to know more about first?",
                    &[
                        ("study", "The programmes"),
                        ("living", "Housing and money"),
                        ("visit", "Coming to have a look"),
                    ],
                ),
                text("You can also just answer this mail. A colleague reads along."),
            ],
        ),
        vec![(
            "ar",
            sheet(
                "مرحبًا بك في {{ institution }}، {{ first_name }}",
                "يسعدنا التعرف إليك",
                vec![
                    text(
                        "مرحبًا {{ first_name }}،\n\nيسعدنا التعرف إليك. اختيار ما ستدرسه خطوة كبيرة. سنرسل إليك في الأسابيع القادمة بضع رسائل قصيرة، ولن نرسل أكثر مما تريد.",
                    ),
                    choices(
                        "ما الذي تريد معرفته أولًا؟",
                        &[
                            ("study", "البرامج الدراسية"),
                            ("living", "السكن والمال"),
                            ("visit", "زيارة المدرسة"),
                        ],
                    ),
                    text("يمكنك أيضًا الرد على هذه الرسالة مباشرة. سيقرؤها أحد زملائنا."),
                ],
            ),
        )],
    );
    let living = mail(
        sheet(
            "Wonen en geld: hier begin je",
            "Kamer, studiefinanciering en reizen",
            vec![text(
                "{{ salutation }},\n\nEen kamer zoeken, studiefinanciering, reizen: het zijn drie vragen die bijna iedereen heeft.\n\n- **Kamer:** begin een half jaar van tevoren te zoeken.\n- **Studiefinanciering:** vraag die aan zodra je bent ingeschreven.\n- **Reizen:** met het studentenreisproduct reis je door de week of in het weekend vrij.\n\nKom je er niet uit? Antwoord op deze mail.",
            )],
        ),
        sheet(
            "Housing and money: start here",
            "A room, student finance and travel",
            vec![text(
                "{{ salutation }},\n\nA room, student finance, travel: three questions that nearly everybody has.\n\n- **Room:** start looking half a year ahead.\n- **Student finance:** apply as soon as you are enrolled.\n- **Travel:** with the student travel product you travel free on weekdays or at weekends.\n\nStuck? Just answer this mail.",
            )],
        ),
        vec![],
    );
    let visit = mail(
        sheet(
            "Kom een dagdeel meelopen",
            "Een echte les, samen met een student",
            vec![text(
                "{{ salutation }},\n\nDe beste manier om te weten of een opleiding bij je past, is een les meemaken. Je loopt een ochtend of middag mee met een student. Je mag iemand meenemen.\n\nAntwoord op deze mail met een dag die je past, dan regelen wij de rest.",
            )],
        ),
        sheet(
            "Come and sit in for a morning",
            "A real lesson, together with a student",
            vec![text(
                "{{ salutation }},\n\nThe best way to know whether a programme suits you is to sit in on a lesson. You spend a morning or an afternoon with a student, and you can bring somebody.\n\nAnswer this mail with a day that suits you and we arrange the rest.",
            )],
        ),
        vec![],
    );
    let study = mail(
        sheet(
            "Welke opleiding past bij je?",
            "Drie vragen die helpen",
            vec![text(
                "{{ salutation }},\n\nDrie vragen die anderen hielpen bij hun keuze:\n\n- Waar vergeet je de tijd bij?\n- Werk je liever met mensen, met dingen of met ideeën?\n- Wat wil je over vijf jaar kunnen?\n\nSchrijf ons je antwoord, dan denken we met je mee.",
            )],
        ),
        sheet(
            "Which programme suits you?",
            "Three questions that help",
            vec![text(
                "{{ salutation }},\n\nThree questions that helped others choose:\n\n- What makes you forget the time?\n- Would you rather work with people, with things or with ideas?\n- What do you want to be able to do in five years?\n\nWrite us your answer and we think along.",
            )],
        ),
        vec![],
    );
    let still = mail(
        sheet(
            "Kunnen we nog iets voor je doen?",
            "Eén klik is genoeg",
            vec![
                text("{{ salutation }},\n\nEen paar weken geleden maakten we kennis."),
                choices(
                    "Hoe staat het ervoor?",
                    &[("call", "Bel mij eens"), ("later", "Later misschien"), ("no", "Ik heb gekozen")],
                ),
            ],
        ),
        sheet(
            "Is there anything else we can do?",
            "One click is enough",
            vec![
                text("{{ salutation }},\n\nWe met a few weeks ago."),
                choices(
                    "How do things stand?",
                    &[("call", "Please phone me"), ("later", "Perhaps later"), ("no", "I have chosen")],
                ),
            ],
        ),
        vec![],
    );
    plan(
        happens::<RoleGiven>(Some("prospect")),
        Again::After(365),
        Purpose::Orientation,
        vec![
            wait(1, 1, Unit::Hours),
            ask(2, hello, &["study", "living", "visit"]),
            wait_for(3, vec![Until::Answered(2)], 4, Unit::Days),
            branch(
                4,
                vec![
                    way(said(2, "living"), vec![send(5, living)]),
                    way(said(2, "visit"), vec![send(6, visit)]),
                ],
                vec![send(7, study)],
            ),
            // Past the month in which two mails are the patience of anybody.
            wait(8, 5, Unit::Weeks),
            ask(9, still, &["call", "later", "no"]),
            wait_for(10, vec![Until::Answered(9)], 7, Unit::Days),
            branch(
                11,
                vec![way(
                    said(9, "call"),
                    vec![
                        hand(
                            lang,
                            12,
                            TaskKind::Call,
                            (
                                "Bel: vraagt om contact na de welkomstmails",
                                "Phone: asks for contact after the welcome mails",
                            ),
                            8,
                        ),
                        wait_for(13, vec![Until::Answered(12)], 5, Unit::Days),
                        end(14, "in-conversation"),
                    ],
                )],
                vec![end(15, "welcomed")],
            ),
        ],
    )
}

pub fn open_day(lang: Lang) -> Plan {
    let meet = mail(
        sheet(
            "Goed dat je er was, {{ first_name }}",
            "Wat vond je van de open dag?",
            vec![
                text("{{ salutation }},\n\nGoed dat je op onze open dag was."),
                choices(
                    "Heb je gevonden wat je zocht?",
                    &[("yes", "Ja"), ("partly", "Nog niet alles"), ("no", "Nee")],
                ),
                text("Of antwoord op deze mail. Ik lees hem zelf."),
            ],
        ),
        sheet(
            "Good to meet you, {{ first_name }}",
            "How was the open day?",
            vec![
                text("{{ salutation }},\n\nGood to see you at our open day."),
                choices(
                    "Did you find what you came for?",
                    &[("yes", "Yes"), ("partly", "Not everything"), ("no", "No")],
                ),
                text("Or just answer this mail. I read it myself."),
            ],
        ),
        vec![],
    );
    let next = mail(
        sheet(
            "De volgende stap",
            "Meelopen of aanmelden",
            vec![text(
                "{{ salutation }},\n\nFijn dat je vond wat je zocht. Twee dingen die je nu kunt doen: een dagdeel meelopen met een student, of je alvast aanmelden. Aanmelden verplicht je tot niets.",
            )],
        ),
        sheet(
            "The next step",
            "Sit in or apply",
            vec![text(
                "{{ salutation }},\n\nGood that you found what you came for. Two things you can do now: sit in with a student for a morning, or apply. Applying commits you to nothing.",
            )],
        ),
        vec![],
    );
    plan(
        Trigger::Hand,
        Again::After(180),
        Purpose::Orientation,
        vec![
            Step::new(1, What::Wait(Wait { until: vec![], at_most: Some(morning(0, Unit::Days)) })),
            ask(2, meet, &["yes", "partly", "no"]),
            wait_for(
                3,
                vec![Until::Answered(2), Until::Happens { kind: QuestionAsked::KIND.into(), detail: None }],
                5,
                Unit::Days,
            ),
            branch(
                4,
                vec![
                    way(said(2, "yes"), vec![send(5, next), end(6, "on-its-way")]),
                    way(
                        When::Answered { step: 2, any_of: vec!["partly".into(), "no".into()] },
                        vec![
                            hand(
                                lang,
                                7,
                                TaskKind::Task,
                                (
                                    "Vraag na wat er ontbrak op de open dag",
                                    "Ask what was missing at the open day",
                                ),
                                8,
                            ),
                            wait_for(8, vec![Until::Answered(7)], 5, Unit::Days),
                            end(9, "in-conversation"),
                        ],
                    ),
                    way(When::Ended { wait: 3, by: By::Until(1) }, vec![end(10, "in-conversation")]),
                ],
                vec![end(11, "left-in-peace")],
            ),
        ],
    )
}
