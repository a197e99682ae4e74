//! The centre of one person's choices, on the page behind the links in mails: for what and how, when not, for how long not,
//! in which language. A form without script, and nothing on it that the holder of a forwarded mail could learn: no name, no
//! address, no role, and the same questions for everybody.
//!
//! Topics cannot be chosen here: no message that we begin says which topic it is about, so nothing would follow from it.

use axum::response::Response;
use jiff::{ToSpan, civil::Date};
use kring_core::{Error, Lang, Result, Token, Tongue};
use kring_frame::{PersonId, Tx, Visit, params, sql};
use kring_lang::dates;
use kring_people::person;
use kring_web::{Choice, Form};

use crate::{
    Own, Quiet, Words,
    own::{Wish, day_name, hour},
    own_of, pages,
    save::{self, Asked, Tick, WORDING, last, ticks, wording},
    say,
    wishes::PURPOSES,
};

/// The longest pause: after it, "not now" is "never", which has a box of its own.
const LONGEST_YEARS: i64 = 2;

/// What the form shows; a part of the page.
pub(crate) struct Centre {
    pub form: Form,
    pub purposes: Vec<For>,
    /// Where the quiet begins and ends: the names of the fields, and what they are called.
    pub ends: [(&'static str, &'static str); 2],
    pub hours: Vec<Choice>,
    pub days: Vec<Choice>,
    pub pauses: Vec<Choice>,
    pub tongues: Vec<Choice>,
    /// What the page shows, for comparing with what comes back.
    pub hidden: [(&'static str, String); 4],
    /// They want nothing at all, so there is nothing to choose.
    pub blocked: bool,
    /// The last save, and when it was.
    pub undo: Option<(i64, String)>,
}

/// A purpose with its boxes.
pub(crate) struct For {
    pub name: &'static str,
    pub says: String,
    pub boxes: Vec<Choice>,
}

/// The present state, as fields of the form have it.
struct Now {
    on: Vec<String>,
    quiet: Quiet,
    pause: Option<Date>,
    lang: Tongue,
}

impl Now {
    async fn of(tx: &mut Tx, person: PersonId, ticks: &[Tick]) -> Result<Self> {
        let today = dates::date_of(tx.now(), &tx.house().settings.zone);
        let own: Own = own_of(tx, person).await?;
        let person = person::load(tx, person).await?;
        let lang = person.lang.clone().unwrap_or_else(|| person.speaks().into());
        Ok(Self {
            on: ticks.iter().filter(|tick| tick.on).map(|tick| tick.key()).collect(),
            quiet: own.quiet.unwrap_or(Quiet::HOUSE),
            pause: own.pause.filter(|_| own.paused(today)),
            lang,
        })
    }

    fn pause(&self) -> String {
        self.pause.map(|day| day.to_string()).unwrap_or_default()
    }

    fn form(&self) -> Form {
        let (from, to) = self.quiet.hours();
        let mut values: Vec<(&str, String)> = vec![
            ("quiet_from", from.to_string()),
            ("quiet_to", to.to_string()),
            ("pause", self.pause()),
            ("speak", self.lang.to_string()),
        ];
        values.extend(self.on.iter().map(|key| ("on", key.clone())));
        values.extend(self.quiet.days().into_iter().map(|day| ("day", day.to_string())));
        Form::of(values)
    }
}

/// The form as it stands, or as it was typed.
pub(crate) async fn centre(v: &Visit, tx: &mut Tx, person: PersonId, typed: Option<Form>) -> Result<Centre> {
    let (w, lang) = (Words(v.lang), v.lang);
    let (blocked, ticks) = ticks(tx, person).await?;
    let now = Now::of(tx, person, &ticks).await?;
    let mut purposes = Vec::new();
    for purpose in PURPOSES {
        let says = match wording(purpose) {
            Some(key) => words(tx, key, lang).await?,
            None => w.find(&format!("choose-{purpose}")).unwrap_or_default().to_owned(),
        };
        let boxes = ticks
            .iter()
            .filter(|tick| tick.purpose == purpose && tick.open)
            .filter_map(|tick| Some(Choice::new(tick.key(), w.find(&format!("choose-by-{}", tick.channel))?)))
            .collect();
        let name = w.find(&format!("choice-{purpose}")).unwrap_or_default();
        purposes.push(For { name, says, boxes });
    }
    // What was seen is what was seen at first, also when the form is shown again.
    let seen = |name: &'static str, value: String| {
        (name, typed.as_ref().map_or(value, |form| form.get(name).to_owned()))
    };
    let hidden = [
        seen("seen", now.on.join(" ")),
        seen("seen_quiet", now.quiet.to_string()),
        seen("seen_pause", now.pause()),
        seen("seen_lang", now.lang.to_string()),
    ];
    let (moment, zone) = (tx.now(), v.house.settings.zone.clone());
    let undo = last(tx, person).await?.map(|(id, at)| (id, dates::relative(at, moment, &zone, lang)));
    Ok(Centre {
        purposes,
        ends: [("quiet_from", w.quiet_from()), ("quiet_to", w.quiet_to())],
        hours: (0..24).map(|n| Choice::new(n, hour(n))).collect(),
        days: (1..=7).map(|day| Choice::new(day, day_name(day, lang))).collect(),
        pauses: pauses(w, dates::date_of(moment, &zone), now.pause),
        tongues: Tongue::common().map(|t| Choice::new(t.tag(), t.name_in_own_words())).collect(),
        hidden,
        blocked,
        undo,
        form: typed.unwrap_or_else(|| now.form()),
    })
}

/// The words that a yes is a yes to, in the version that is asked now.
async fn words(tx: &mut Tx, key: &str, lang: Lang) -> Result<String> {
    let (text,) = tx
        .one(
            sql!("select text from wordings where wording_key = $1 and version = $2 and lang = $3"),
            params![key, WORDING, lang],
        )
        .await?;
    Ok(text)
}

/// "Not now": for a month, for three, until after the summer; and what was chosen before.
fn pauses(w: Words, today: Date, chosen: Option<Date>) -> Vec<Choice> {
    let autumn = [0, 1]
        .iter()
        .filter_map(|years| Date::new(today.year() + years, 9, 1).ok())
        .find(|day| *day > today.saturating_add(1.month()));
    let mut days: Vec<(Date, bool)> = [1, 3]
        .iter()
        .map(|months| (today.saturating_add(months.months()), false))
        .chain(autumn.map(|day| (day, true)))
        .chain(chosen.map(|day| (day, false)))
        .collect();
    days.sort_unstable_by_key(|(day, autumn)| (*day, !autumn));
    days.dedup_by_key(|(day, _)| *day);
    let until = |(day, autumn): (Date, bool)| {
        let says = dates::date(day, w.0);
        Choice::new(day, if autumn { w.pause_autumn(says) } else { w.pause_until(says) })
    };
    [Choice::new("", w.pause_none())].into_iter().chain(days.into_iter().map(until)).collect()
}

/// The button under the form.
pub(crate) async fn save(v: &Visit, token: &Token, mut form: Form) -> Result<Response> {
    let mut tx = v.house.write(&v.actor).await?;
    let link = crate::link::link(&mut tx, token).await?;
    let today = dates::date_of(tx.now(), &v.house.settings.zone);
    let Some(asked) = asked(&mut form, today, v.lang) else {
        let page = pages::page(v, &mut tx, &link, String::new(), Some(form)).await?;
        return v.html_again(&page);
    };
    let done = if save::save(&mut tx, link.person, &asked).await? { "saved" } else { "same" };
    let speaks = asked.wishes.iter().find(|(w, seen, now)| *w == Wish::Lang && seen != now);
    let lang = speaks.and_then(|(_, _, now)| now.parse().ok()).unwrap_or(v.lang);
    tx.commit().await?;
    see(v, token, done, lang)
}

/// Everything off at once: as easy as it was to say yes.
pub(crate) async fn nothing(v: &Visit, token: &Token) -> Result<Response> {
    let mut tx = v.house.write(&v.actor).await?;
    let link = crate::link::link(&mut tx, token).await?;
    let seen = ticks(&mut tx, link.person).await?.1.into_iter().map(Tick::key).collect();
    let asked = Asked { seen, on: Vec::new(), wishes: Vec::new(), lang: v.lang };
    let done = if save::save(&mut tx, link.person, &asked).await? { "saved" } else { "same" };
    tx.commit().await?;
    see(v, token, done, v.lang)
}

pub(crate) async fn undo(v: &Visit, token: &Token, form: &Form) -> Result<Response> {
    let id = form.get("save").parse().map_err(|_| Error::NotFound)?;
    let mut tx = v.house.write(&v.actor).await?;
    let link = crate::link::link(&mut tx, token).await?;
    let done = if save::undo(&mut tx, link.person, id).await? { "undone" } else { "same" };
    tx.commit().await?;
    see(v, token, done, v.lang)
}

fn see(v: &Visit, token: &Token, done: &str, lang: Lang) -> Result<Response> {
    v.see(format!("/choices/{}?choice={done}&lang={lang}", token.reveal()))
}

/// What the form says, or its faults.
fn asked(form: &mut Form, today: Date, lang: Lang) -> Option<Asked> {
    let owned = |all: Vec<&str>| all.into_iter().map(str::to_owned).collect::<Vec<_>>();
    let on = owned(form.all("on"));
    let seen = owned(form.get("seen").split(' ').collect());
    let days: Vec<i8> = form.all("day").into_iter().filter_map(|day| day.parse().ok()).collect();
    let hours = (form.get("quiet_from").parse(), form.get("quiet_to").parse());
    let quiet = match hours {
        (Ok(from), Ok(to)) => Quiet::new(from, to, &days),
        _ => None,
    };
    if quiet.is_none() {
        form.fault("day", say::quiet_always());
    }
    let pause = form.get("pause").to_owned();
    if !pause.is_empty() && pause != form.get("seen_pause") {
        let last = today.saturating_add(LONGEST_YEARS.years());
        let fine = pause.parse().is_ok_and(|day: Date| day > today && day <= last);
        if !fine {
            form.fault("pause", say::pause_range());
        }
    }
    let speak: Option<Tongue> = form.get("speak").parse().ok();
    if speak.is_none() {
        form.fault("speak", say::wish_choose());
    }
    if form.done().is_err() {
        return None;
    }
    // The house's own hours are no wish: who has none follows the house when it changes.
    let kept = |text: String| if Quiet::read(&text) == Some(Quiet::HOUSE) { String::new() } else { text };
    let was = |name: &str| form.get(name).to_owned();
    let wishes = vec![
        (Wish::Quiet, kept(was("seen_quiet")), kept(quiet?.to_string())),
        (Wish::Pause, was("seen_pause"), pause),
        (Wish::Lang, was("seen_lang"), speak?.to_string()),
    ];
    Some(Asked { seen, on, wishes, lang })
}
