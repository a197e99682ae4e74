//! Recipes: journeys to begin from, whole and in the languages of the house, so that whoever takes one changes what is theirs
//! and not the craft.

use kring_blocks::{Answer, Block, Document, Sheet, What as Part};
use kring_core::{Lang, Tongue};
use kring_flow::{By, Day, Limit, Span, Unit, Until, Wait, Way, When, Window};
use kring_frame::{Event, Purpose, QuestionAsked, RequestClosed, RoleDerived, RoleGiven};

use crate::{
    Words,
    plan::{
        Again, Condition, Deed, Handed, IfFull, Mail, Occasion, Plan, Start, Step, Steps, TaskKind, Trigger,
        What,
    },
};

pub struct Recipe {
    pub key: &'static str,
    pub plan: fn(Lang) -> Plan,
}

impl Recipe {
    pub fn name(&self, lang: Lang) -> &'static str {
        Words(lang).find(&format!("recipe-{}", self.key)).unwrap_or(self.key)
    }
    pub fn note(&self, lang: Lang) -> &'static str {
        Words(lang).find(&format!("recipe-{}-note", self.key)).unwrap_or_default()
    }
}

pub const ALL: &[Recipe] = &[
    Recipe { key: "welcome", plan: welcome },
    Recipe { key: "open-day", plan: open_day },
    Recipe { key: "hundred-days", plan: hundred_days },
    Recipe { key: "diploma", plan: diploma },
    Recipe { key: "alumni-year", plan: alumni_year },
    Recipe { key: "employer", plan: employer },
    Recipe { key: "after-request", plan: after_request },
];

pub fn find(key: &str) -> Option<&'static Recipe> {
    ALL.iter().find(|recipe| recipe.key == key)
}

// What the recipes are written in.

fn tongue(tag: &str) -> Tongue {
    tag.parse().unwrap_or_else(|()| Lang::Nl.into())
}

fn text(words: &str) -> Block {
    Block { what: Part::Text { text: words.to_owned() }, only_if: None }
}

fn choices(question: &str, options: &[(&str, &str)]) -> Block {
    let options =
        options.iter().map(|(code, label)| Answer { code: (*code).into(), label: (*label).into() }).collect();
    Block { what: Part::Choices { question: question.to_owned(), options }, only_if: None }
}

fn sheet(subject: &str, preview: &str, blocks: Vec<Block>) -> Sheet {
    Sheet { subject: subject.into(), preview: preview.into(), blocks, ..Sheet::default() }
}

/// A mail in Dutch and English, and in more where given.
fn mail(nl: Sheet, en: Sheet, more: Vec<(&str, Sheet)>) -> Mail {
    let mut text = Document::new(Lang::Nl.into(), nl);
    text.put(&Lang::En.into(), en);
    for (tag, sheet) in more {
        text.put(&tongue(tag), sheet);
    }
    Mail { text, if_full: IfFull::Postpone(7) }
}

fn send(id: u32, mail: Mail) -> Step {
    Step::new(id, What::Do(Deed::Mail(mail)))
}

fn ask(id: u32, mail: Mail, answers: &[&str]) -> Step {
    let answers = answers.iter().map(|code| (*code).to_owned()).collect();
    Step::new(id, What::Ask { deed: Deed::Mail(mail), answers })
}

/// A task in the words of whoever takes the recipe.
fn hand(lang: Lang, id: u32, kind: TaskKind, (nl, en): (&str, &str), within: u32) -> Step {
    let title = if lang == Lang::Nl { nl } else { en };
    let deed = Deed::Task(Handed { kind, title: title.to_owned(), unit: None, within });
    Step::new(id, What::Ask { deed, answers: crate::task::answers() })
}

/// So long, and then the first working morning.
fn morning(n: u32, unit: Unit) -> Limit {
    let at = |hour| jiff::civil::Time::constant(hour, 0, 0, 0);
    Limit { after: Span::new(n, unit), window: Some(Window { day: Day::Working, from: at(9), to: at(12) }) }
}

fn wait(id: u32, n: u32, unit: Unit) -> Step {
    Step::new(id, What::Wait(Wait { until: vec![], at_most: Some(morning(n, unit)) }))
}

fn wait_for(id: u32, until: Vec<Until<Condition>>, n: u32, unit: Unit) -> Step {
    Step::new(id, What::Wait(Wait { until, at_most: Some(morning(n, unit)) }))
}

fn way(when: When<Condition>, steps: Vec<Step>) -> Way<Deed, Condition> {
    Way { when, steps }
}

fn said(step: u32, code: &str) -> When<Condition> {
    When::Answered { step, any_of: vec![code.to_owned()] }
}

fn branch(id: u32, ways: Vec<Way<Deed, Condition>>, otherwise: Vec<Step>) -> Step {
    Step::new(id, What::Branch { ways, otherwise })
}

fn end(id: u32, outcome: &str) -> Step {
    Step::new(id, What::End(outcome.to_owned()))
}

fn happens<E: Event>(detail: Option<&str>) -> Trigger {
    Trigger::Happens(Occasion { kind: E::KIND.to_owned(), detail: detail.map(ToOwned::to_owned) })
}

fn plan(by: Trigger, again: Again, purpose: Purpose, steps: Vec<Step>) -> Plan {
    Plan { start: Start { by, again }, purpose, topic: None, yields: true, steps: Steps { steps } }
}

/// Eight steps with somebody who has just come to know us.
fn welcome(lang: Lang) -> Plan {
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

fn open_day(lang: Lang) -> Plan {
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

fn hundred_days(lang: Lang) -> Plan {
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

fn diploma(_: Lang) -> Plan {
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

fn alumni_year(lang: Lang) -> Plan {
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

fn employer(lang: Lang) -> Plan {
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

fn after_request(lang: Lang) -> Plan {
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
