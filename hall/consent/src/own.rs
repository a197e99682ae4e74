//! What one person wants of us that is no consent: quiet hours, a pause, a language. A row is never changed; the newest of a
//! wish holds, and an empty value takes it back.

use jiff::civil::Date;
use kring_core::{Lang, Result, Timestamp, Tongue};
use kring_db::stored;
use kring_frame::{PersonId, Tx, params, record, sql};
use kring_lang::dates;
use kring_people::person;

use crate::{Quiet, Words};

stored! {
    pub enum Wish {
        Quiet = "quiet",
        /// Until this day nothing that we begin ourselves.
        Pause = "pause",
        Lang = "lang",
    }
}

/// What holds of it now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Own {
    /// `None` is the house's.
    pub quiet: Option<Quiet>,
    /// The first day on which we may begin something again; it may be over.
    pub pause: Option<Date>,
}

impl Own {
    pub fn paused(self, today: Date) -> bool {
        self.pause.is_some_and(|until| today < until)
    }
}

record! {
    /// A row as it is shown, and as it goes into the dossier.
    #[derive(Clone, Debug, serde::Serialize)]
    pub struct Wished {
        pub wish: String,
        pub value: String,
        pub how: String,
        pub at: Timestamp,
    }
}

pub async fn own_of(tx: &mut Tx, person: PersonId) -> Result<Own> {
    Ok(owns(wished(tx, person).await?))
}

/// What holds after all these, oldest first.
pub(crate) fn owns(rows: Vec<Wished>) -> Own {
    let mut own = Own::default();
    for row in rows {
        match row.wish.parse() {
            Ok(Wish::Quiet) => own.quiet = Quiet::read(&row.value),
            Ok(Wish::Pause) => own.pause = row.value.parse().ok(),
            Ok(Wish::Lang) | Err(()) => {}
        }
    }
    own
}

/// The quiet hours that hold for this person: their own, or the house's.
pub async fn quiet_of(tx: &mut Tx, person: PersonId) -> Result<Quiet> {
    Ok(own_of(tx, person).await?.quiet.unwrap_or(Quiet::HOUSE))
}

/// All that was ever wished, oldest first.
pub(crate) async fn wished(tx: &mut Tx, person: PersonId) -> Result<Vec<Wished>> {
    tx.all(
        sql!("select wish, value, how, at from own_wishes where person_id = $1 order by id"),
        params![person],
    )
    .await
}

/// Writes a wish down. `was` is what held before, for whoever undoes it. A language is set on the person as well, since
/// every letter asks for it there.
pub(crate) async fn wish(
    tx: &mut Tx,
    person: PersonId,
    wish: Wish,
    value: &str,
    was: &str,
    save: i64,
    how: &str,
) -> Result<()> {
    let (now, actor) = (tx.now(), tx.actor().id);
    tx.run(
        sql!(
            "insert into own_wishes (person_id, wish, value, was, save_id, how, actor_id, at) values ($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        params![person, wish, value, was, save, how, actor, now],
    )
    .await?;
    if wish == Wish::Lang
        && let Ok(lang) = value.parse::<Tongue>()
    {
        person::speak(tx, person, &lang, how).await?;
    }
    Ok(())
}

/// "Between 21:00 and 08:00 and on Sunday nothing."
pub(crate) fn quiet_in_words(quiet: Quiet, lang: Lang) -> String {
    let w = Words(lang);
    let (from, to) = quiet.hours();
    let days: Vec<&str> = quiet.days().into_iter().map(|day| day_name(day, lang)).collect();
    let hours = (from != to).then(|| w.quiet_hours(hour(from), hour(to)));
    let days = (!days.is_empty()).then(|| w.quiet_days(days.join(", ")));
    match (hours, days) {
        (None, None) => w.quiet_none().to_owned(),
        (one, other) => one.into_iter().chain(other).collect::<Vec<_>>().join(" "),
    }
}

pub(crate) fn hour(hour: i8) -> String {
    format!("{hour:02}:00")
}

pub(crate) fn day_name(day: i8, lang: Lang) -> &'static str {
    // 2024 began on a Monday.
    Date::new(2024, 1, day).map_or("", |day| dates::weekday(day, lang))
}

/// How a row reads to a colleague; `None` for what nobody can read any more.
pub(crate) fn in_words(row: &Wished, lang: Lang) -> Option<String> {
    let w = Words(lang);
    Some(match (row.wish.parse::<Wish>().ok()?, row.value.as_str()) {
        (Wish::Quiet, "") => w.own_quiet_house().to_owned(),
        (Wish::Quiet, text) => w.own_quiet(quiet_in_words(Quiet::read(text)?, lang)),
        (Wish::Pause, "") => w.own_pause_over().to_owned(),
        (Wish::Pause, text) => w.own_pause(dates::date(text.parse().ok()?, lang)),
        (Wish::Lang, text) => w.own_lang(text.parse::<Tongue>().ok()?.name_in_own_words()),
    })
}

/// What holds now, in sentences for colleagues.
pub(crate) async fn now_in_words(tx: &mut Tx, person: PersonId, lang: Lang) -> Result<Vec<String>> {
    let w = Words(lang);
    let today = dates::date_of(tx.now(), &tx.house().settings.zone);
    let own = own_of(tx, person).await?;
    let pause = own.pause.filter(|_| own.paused(today)).map(|day| w.own_pause(dates::date(day, lang)));
    let quiet = own.quiet.map(|quiet| w.own_quiet(quiet_in_words(quiet, lang)));
    Ok(pause.into_iter().chain(quiet).collect())
}
