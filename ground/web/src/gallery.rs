//! Every component in every state, and the archetypes with sample content: for people who build pages,
//! for the eyes of a designer, and for the machine that checks accessibility. The samples are fiction.

use askama::Template;
use axum::response::Response;
use jiff::{Timestamp, tz::TimeZone};
use kring_core::Lang;

use crate::{
    Arc, ArcState, Choice, Chrome, Face, Flash, Form, Link, Me, Notices, OtherLanguage, Place, Problem,
    PromiseClock, Ring, SmallRing, Tone, Undo, render, say,
};

/// The pages of the gallery, as the last part of their address; the first is the index.
pub const PAGES: [&str; 6] = ["components", "home", "person", "inbox", "list", "public"];

/// Both languages of a sample, side by side.
#[derive(Clone, Copy)]
struct Say(Lang);

impl Say {
    fn t(self, nl: &'static str, en: &'static str) -> &'static str {
        match self.0 {
            Lang::Nl => nl,
            Lang::En => en,
        }
    }
}

/// A page of the gallery by its name; `None` when there is no such page.
pub fn page(name: &str, lang: Lang) -> Option<Response> {
    let s = Say(lang);
    Some(match name {
        "components" => render(&Components::new(s)),
        "home" => render(&Home { chrome: chrome(s, s.t("Vandaag", "Today"), 0), s, ring: ring(s) }),
        "person" => render(&Person {
            chrome: chrome(s, "Anke Hoekstra", 2),
            s,
            ring: SmallRing { now: vec![Arc::Attract, Arc::Bind], before: vec![Arc::Serve] },
            clock: clock(lang, 7 * 60),
        }),
        "inbox" => render(&Inbox::new(s)),
        "list" => render(&List { chrome: chrome(s, s.t("Mensen", "People"), 2), s }),
        "public" => render(&Public { face: face(s), s, form: Form::of([("expected", "3")]) }),
        "problem" => Problem::of(&kring_core::Error::Gone, lang, "K7-2041").public_page(face(s)),
        _ => return None,
    })
}

#[derive(Template)]
#[template(path = "gallery/parts.html")]
struct Components {
    chrome: Chrome,
    s: Say,
    empty: Form,
    faulty: Form,
    topics: Vec<Choice>,
    ways: Vec<Choice>,
    clocks: Vec<PromiseClock>,
    tones: [Tone; 7],
    points: Option<(String, f64, f64)>,
}

impl Components {
    fn new(s: Say) -> Self {
        let mut chrome = chrome(s, s.t("Galerij", "Gallery"), 99);
        chrome.flash = Some(Flash {
            tone: Tone::Leaf,
            text: s.t("Antwoord aan Daan is verstuurd", "Answer to Daan has been sent").into(),
            undo: Some(Undo { action: "/gallery".into(), label: s.t("Haal terug", "Take back").into() }),
        });
        let mut faulty = Form::of([
            ("name", "Jan de Vries"),
            ("mail", "jan(at)school.nl"),
            ("text", "Ik heb\neen vraag."),
            ("way", "phone"),
            ("topic", "2"),
            ("contact", "on"),
            ("was", "4"),
        ]);
        faulty.email("mail");
        faulty.fault("topic", say::field_choose());
        faulty.fault("when", say::field_required());
        faulty.fault("was", say::field_required());
        let ways = [
            Choice::new("mail", s.t("Per mail", "By mail")),
            Choice {
                hint: s.t("Op werkdagen van 9 tot 17 uur.", "On working days from 9 to 17.").into(),
                ..Choice::new("phone", s.t("Per telefoon", "By phone"))
            },
        ];
        Self {
            chrome,
            s,
            empty: Form::default(),
            faulty,
            topics: [
                (1, s.t("Stage", "Placement")),
                (2, s.t("Rooster", "Timetable")),
                (3, s.t("Huisvesting", "Housing")),
            ]
            .map(|(id, label)| Choice::new(id, label))
            .into(),
            ways: ways.into(),
            clocks: [-20, 42, 70, 200, 26 * 60].map(|minutes| clock(s.0, minutes)).into(),
            tones: [Tone::Sun, Tone::Leaf, Tone::Sky, Tone::Petrol, Tone::Plum, Tone::Coral, Tone::Plain],
            points: crate::drawing::spark(&[764.0, 740.0, 752.0, 790.0, 812.0, 805.0, 840.0]),
        }
    }
}

#[derive(Template)]
#[template(path = "gallery/home.html")]
struct Home {
    chrome: Chrome,
    s: Say,
    ring: Ring,
}

#[derive(Template)]
#[template(path = "gallery/person.html")]
struct Person {
    chrome: Chrome,
    s: Say,
    ring: SmallRing,
    clock: PromiseClock,
}

#[derive(Template)]
#[template(path = "gallery/inbox.html")]
struct Inbox {
    chrome: Chrome,
    s: Say,
    items: Vec<Item>,
    reply: Form,
    clock: PromiseClock,
}

struct Item {
    name: &'static str,
    about: &'static str,
    meta: &'static str,
    icon: &'static str,
    clock: PromiseClock,
    current: bool,
}

impl Inbox {
    fn new(s: Say) -> Self {
        let item = |name, about, meta, icon, minutes| Item {
            name,
            about,
            meta,
            icon,
            clock: clock(s.0, minutes),
            current: name == "Suharto",
        };
        let items = vec![
            item(
                "Yassin Amrani",
                s.t("Naar niveau 3: wanneer hoor ik iets?", "To level 3: when will I hear?"),
                s.t("gebeld · Stage", "called · Placement"),
                "phone",
                -400,
            ),
            item(
                "Suharto",
                "Room near Harbour campus from February",
                s.t("mail · schrijft Engels · Huisvesting", "mail · writes English · Housing"),
                "mail",
                42,
            ),
            item(
                "Fatima El Hamdaoui",
                s.t(
                    "Mijn werkgever moet de overeenkomst nog tekenen",
                    "My employer still has to sign the agreement",
                ),
                s.t("formulier · Stage · Omar kijkt", "form · Placement · Omar is looking"),
                "note",
                70,
            ),
            item(
                "Kim",
                s.t("Rooster klopt niet na wissel van klas", "Timetable is wrong after changing class"),
                s.t("formulier · Rooster", "form · Timetable"),
                "note",
                200,
            ),
            item(
                "P. ’t Hart",
                s.t("Verkeerde factuur, ik ben de broer", "Wrong invoice, I am the brother"),
                s.t("mail · lijkt op een ander", "mail · looks like somebody else"),
                "mail",
                26 * 60,
            ),
        ];
        Self { chrome: chrome(s, "Serviceplein", 1), s, items, reply: Form::default(), clock: clock(s.0, 42) }
    }
}

#[derive(Template)]
#[template(path = "gallery/list.html")]
struct List {
    chrome: Chrome,
    s: Say,
}

#[derive(Template)]
#[template(path = "gallery/outside.html")]
struct Public {
    face: Face,
    s: Say,
    form: Form,
}

fn chrome(s: Say, title: &str, current: usize) -> Chrome {
    let rows = [
        ("home", s.t("Vandaag", "Today"), None, 0, true),
        ("inbox", "Serviceplein", Some(12), 0, true),
        ("people", s.t("Mensen", "People"), None, 0, true),
        ("phone", s.t("Terugbellen", "Call-backs"), Some(6), 0, true),
        ("smile", s.t("Enquêtes", "Surveys"), None, 1, false),
        ("note", s.t("Formulieren", "Forms"), None, 1, false),
        ("upload", s.t("Lijsten inlezen", "Import lists"), None, 2, false),
        ("settings", s.t("Beheer", "Admin"), Some(1), 2, false),
    ];
    let place =
        |(i, (icon, label, count, group, phone)): (usize, (&'static str, &str, Option<i64>, u8, bool))| {
            Place {
                icon,
                label: label.into(),
                href: format!("/gallery/{}", PAGES.get(i + 1).copied().unwrap_or("components")),
                count,
                current: i == current,
                group,
                phone,
            }
        };
    Chrome {
        institution: "Meerland".into(),
        places: rows.into_iter().enumerate().map(place).collect(),
        me: Some(Me {
            name: "Hanneke Vos".into(),
            initials: "HV".into(),
            role: s.t("relatiebeheer", "relations").into(),
            links: vec![Link::new(s.t("Mijn account", "My account"), "/gallery")],
        }),
        path: "/gallery".into(),
        new: vec![
            Link::new(s.t("Vraag", "Request"), "/gallery"),
            Link::new(s.t("Persoon", "Person"), "/gallery"),
        ],
        notices: Some(Notices { count: 3, href: "/gallery".into() }),
        ..Chrome::new(s.0, title)
    }
}

fn face(s: Say) -> Face {
    let other = if s.0 == Lang::Nl { Lang::En } else { Lang::Nl };
    Face {
        others: vec![OtherLanguage { lang: other.into(), href: format!("/gallery/public?lang={other}") }],
        home: "/gallery".into(),
        ..Face::new(s.0, s.t("Hoe hielpen we je?", "How did we help you?"), "Meerland")
    }
}

/// A promise with this many minutes left, in a sample afternoon.
fn clock(lang: Lang, minutes: i64) -> PromiseClock {
    let noon = Timestamp::from_second(1_795_518_000).unwrap_or_default();
    let after = |minutes: i64| noon + jiff::SignedDuration::from_mins(minutes);
    PromiseClock::new(after(minutes - 240), after(minutes), noon, &TimeZone::UTC, lang)
}

fn ring(s: Say) -> Ring {
    let arc = |arc,
               figure: &str,
               interval: &str,
               what: &str,
               trend: &str,
               points: &[f64],
               broken: Option<&str>,
               mine: &str| ArcState {
        figure: figure.into(),
        interval: interval.into(),
        what: what.into(),
        trend: trend.into(),
        points: points.into(),
        broken: broken.map(Into::into),
        mine: (!mine.is_empty()).then(|| Link::new(mine, "/gallery")),
        ..ArcState::new(arc, "/gallery/home")
    };
    Ring {
        name: "Meerland".into(),
        arcs: vec![
            arc(
                Arc::Attract,
                "764",
                "",
                s.t("mensen stelden een eerste vraag", "people asked a first question"),
                s.t("6 % meer dan vorig jaar week 48", "6% more than last year week 48"),
                &[1.0, 2.0, 4.0, 8.0],
                None,
                s.t("14 gesprekken na de open dag", "14 conversations after the open day"),
            ),
            arc(
                Arc::Serve,
                s.t("92 %", "92%"),
                "91–93",
                s.t("beantwoord binnen de belofte, november", "answered within the promise, November"),
                "",
                &[3.0, 3.0, 2.0, 3.0, 1.0],
                Some(s.t(
                    "Onderbroken: 9 mensen wachten te lang op een telefoontje.",
                    "Broken: 9 people have waited too long for a call.",
                )),
                s.t("3 daarvan zijn van jou", "3 of them are yours"),
            ),
            arc(
                Arc::Measure,
                s.t("7,6", "7.6"),
                s.t("7,4–7,7", "7.4–7.7"),
                s.t("rapportcijfer, 388 mensen in 4 weken", "mark, 388 people in 4 weeks"),
                s.t("niet aantoonbaar veranderd", "no demonstrable change"),
                &[1.0, 2.0, 1.5, 2.0, 3.0],
                None,
                s.t("2 ‘neem contact op’", "2 ‘contact me’"),
            ),
            arc(
                Arc::Improve,
                "7",
                "",
                s.t("acties lopen, 3 bewezen dit jaar", "actions run, 3 proven this year"),
                s.t("2 meer dan in oktober", "2 more than in October"),
                &[1.0, 1.0, 2.0, 4.0],
                None,
                s.t("1 akkoord geven", "1 to approve"),
            ),
            arc(
                Arc::Bind,
                "",
                "",
                s.t("alumni reageerden, 4 antwoorden", "alumni responded, 4 answers"),
                "",
                &[],
                None,
                s.t("3 mensen bedanken", "thank 3 people"),
            ),
        ],
        above: s.t("op jou wachten", "waiting for you").into(),
        number: "23".into(),
        below: s.t("dingen, 5 vandaag", "things, 5 today").into(),
        last: s.t("vier van de vijf bogen heel", "four of five arcs whole").into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_page_renders_in_both_languages_without_inline_style_or_script() {
        for lang in Lang::ALL {
            for name in PAGES.into_iter().chain(["problem"]) {
                let answer = page(name, lang).unwrap();
                let bytes = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
                let html = String::from_utf8(bytes.to_vec()).unwrap();
                assert!(html.contains(&format!("<html lang=\"{lang}\">")), "{name}");
                for banned in [" style=", "<style", " onclick=", "javascript:", "<script>"] {
                    assert!(!html.contains(banned), "{name} has {banned}, which the policy forbids");
                }
                let labels = html.matches("<label").count();
                assert!(name == "problem" || labels > 0, "{name}");
            }
        }
        assert!(page("nothing", Lang::Nl).is_none());
    }
}
