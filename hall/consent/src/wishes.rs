//! What one person wants and does not want, as colleagues hear it at the desk or on the telephone: what holds now, with its
//! reason; a form to write down what was said; and everything that was ever said, with where it shows.

use askama::Template;
use axum::response::Response;
use kring_core::{Error, Lang, Result, Timestamp};
use kring_frame::{
    ConsentChanged, Fut, Line, Markup, Panel, Permit, PersonId, Purpose, Route, Saying, Told, Tone, Tx,
    UnitId, Visit, params, sql,
};
use kring_lang::dates;
use kring_people::{READ_PEOPLE, WRITE_PEOPLE, merge, person, relationship, units};
use kring_web::{Choice, Chrome, Form};

use crate::{
    Act, Channel, Entry, MessageClass, Words,
    ledger::{facts_of, ledger_of, record},
    may,
    own::{self, wished},
    say,
};

/// What somebody can say something about; of other purposes there is nothing to want.
pub(crate) const PURPOSES: [Purpose; 5] =
    [Purpose::Service, Purpose::Research, Purpose::Orientation, Purpose::Marketing, Purpose::Alumni];
pub(crate) const CHANNELS: [Channel; 3] = [Channel::Mail, Channel::Phone, Channel::Post];
/// By which door it was heard.
const DOORS: [&str; 5] = ["phone", "desk", "mail", "letter", "paper-form"];

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/people/{id}/wishes", &READ_PEOPLE, show),
        Route::post("/people/{id}/wishes", &WRITE_PEOPLE, write),
    ]
}

#[derive(Template)]
#[template(path = "wishes.html")]
struct WishesPage {
    chrome: Chrome,
    w: Words,
    id: PersonId,
    name: String,
    form: Form,
    channels: Vec<&'static str>,
    rows: Vec<Row>,
    own: Vec<String>,
    acts: Vec<Choice>,
    purposes: Vec<Choice>,
    by: Vec<Choice>,
    doors: Vec<Choice>,
    guardians: Vec<Choice>,
    entities: Vec<Choice>,
    said: Vec<Said>,
    may_write: bool,
}

struct Row {
    purpose: &'static str,
    cells: Vec<(bool, String)>,
}

struct Said {
    what: String,
    how: String,
    proof: String,
    at: String,
    exact: String,
    moment: Timestamp,
}

fn purpose_name(lang: Lang, purpose: &str) -> &'static str {
    Words(lang).find(&format!("wish-{purpose}")).unwrap_or_default()
}

async fn show(v: Visit, permit: Permit) -> Result<Response> {
    let page = page(&v, &permit, Form::default()).await?;
    v.html(&page)
}

async fn page(v: &Visit, permit: &Permit, form: Form) -> Result<WishesPage> {
    let (w, lang) = (Words(v.lang), v.lang);
    let mut tx = v.house.write(&v.actor).await?;
    let id = merge::current(&mut tx, v.path("id")?).await?;
    let p = person::read(&mut tx, permit, id).await?;
    let mut rows = Vec::new();
    for purpose in PURPOSES {
        let mut cells = Vec::new();
        for channel in CHANNELS {
            // What somebody asks is answered anyhow; here stands what we begin ourselves.
            let verdict = may(
                &facts_of(&mut tx, id, purpose, channel).await?,
                purpose,
                channel,
                MessageClass::Announcement,
            );
            let why = verdict.reasons.iter().map(|r| r.in_lang(lang)).collect::<Vec<_>>().join(" ");
            cells.push((verdict.allowed, why));
        }
        rows.push(Row { purpose: purpose_name(lang, purpose.as_str()), cells });
    }
    let guardians = relationship::of(&mut tx, id)
        .await?
        .into_iter()
        .filter(|r| r.inverse && r.kind.is_guardian() && r.to.is_none())
        .filter_map(|r| Some(Choice::new(r.other?.to_string(), r.name)))
        .collect();
    let all = units::all(&mut tx).await?;
    let entities = all
        .iter()
        .filter(|u| units::controller(&all, u.id) == Some(u.id))
        .map(|u| Choice::new(if u.parent.is_none() { String::new() } else { u.id.to_string() }, u.name(lang)))
        .collect();
    let (now, zone) = (tx.now(), v.house.settings.zone.clone());
    let mut said: Vec<Said> = ledger_of(&mut tx, id)
        .await?
        .into_iter()
        .map(|l| Said {
            moment: l.at,
            what: said(lang, &l.act, &l.purpose, &l.channel),
            how: door_name(w, &l.how),
            proof: l.wording.unwrap_or(l.proof),
            at: dates::relative(l.at, now, &zone, lang),
            exact: dates::moment(l.at, &zone, lang),
        })
        .collect();
    said.extend(wished(&mut tx, id).await?.into_iter().rev().filter_map(|row| {
        Some(Said {
            what: own::in_words(&row, lang)?,
            how: door_name(w, &row.how),
            proof: String::new(),
            at: dates::relative(row.at, now, &zone, lang),
            exact: dates::moment(row.at, &zone, lang),
            moment: row.at,
        })
    }));
    said.sort_by_key(|s| std::cmp::Reverse(s.moment));
    let page = WishesPage {
        own: own::now_in_words(&mut tx, id, lang).await?,
        chrome: v.chrome(&mut tx, &w.wishes_title(&p.display_name)).await?,
        w,
        id,
        name: p.display_name,
        form,
        channels: CHANNELS.iter().filter_map(|c| w.find(&format!("channel-{}", c.as_str()))).collect(),
        rows,
        acts: [
            Act::Consent,
            Act::Withdrawal,
            Act::Objection,
            Act::Lifted,
            Act::Customer,
            Act::Block,
            Act::Unblock,
        ]
        .iter()
        .map(|a| Choice::new(a.as_str(), act_name(w, a.as_str())))
        .collect(),
        purposes: PURPOSES.iter().map(|p| Choice::new(p.as_str(), purpose_name(lang, p.as_str()))).collect(),
        by: CHANNELS
            .iter()
            .filter_map(|c| Some(Choice::new(c.as_str(), w.find(&format!("channel-{}", c.as_str()))?)))
            .collect(),
        doors: DOORS.iter().filter_map(|d| Some(Choice::new(*d, w.find(&format!("door-{d}"))?))).collect(),
        guardians,
        entities,
        said,
        may_write: v.actor.may(&WRITE_PEOPLE),
    };
    tx.commit().await?;
    Ok(page)
}

fn act_name(w: Words, act: &str) -> &'static str {
    w.find(&format!("act-{act}")).unwrap_or_default()
}

/// "Objects: news and offers, by mail".
fn said(lang: Lang, act: &str, purpose: &str, channel: &str) -> String {
    let w = Words(lang);
    match act {
        // A block is about everything.
        "block" | "unblock" => act_name(w, act).to_owned(),
        _ => {
            let channel = w.find(&format!("channel-{channel}")).unwrap_or_default();
            w.said_about(act_name(w, act), purpose_name(lang, purpose), channel)
        }
    }
}

/// How what somebody said reads on their timeline.
pub fn lines<'a>(tx: &'a mut Tx, lang: Lang, events: &'a [Told]) -> Fut<'a, Vec<Line>> {
    Box::pin(async move {
        let mut lines = Vec::with_capacity(events.len());
        for told in events {
            let change: ConsentChanged = serde_json::from_str(&told.payload).map_err(Error::broken)?;
            let (by,): (String,) =
                tx.one(sql!("select name from actors where id = $1"), params![told.actor]).await?;
            lines.push(Line {
                event: told.id,
                at: told.at,
                icon: if matches!(change.act.as_str(), "consent" | "customer" | "lifted" | "unblock") {
                    "check"
                } else {
                    "x"
                },
                tone: Tone::Plain,
                title: said(lang, &change.act, &change.purpose, &change.channel),
                href: told.person.map(|id| format!("/people/{id}/wishes")),
                text: Vec::new(),
                quote: None,
                by,
                unsent: false,
            });
        }
        Ok(lines)
    })
}

/// `staff:phone`, `link:mail`, `import:3`: by which door, in words.
fn door_name(w: Words, how: &str) -> String {
    let door = match how.split_once(':') {
        Some(("staff", door) | (door, _)) => door,
        None => how,
    };
    w.find(&format!("door-{door}")).unwrap_or(how).to_owned()
}

async fn write(v: Visit, permit: Permit) -> Result<Response> {
    let mut form = v.form()?;
    let mut tx = v.house.write(&v.actor).await?;
    let id = merge::current(&mut tx, v.path("id")?).await?;
    person::read(&mut tx, &permit, id).await?;
    let Some(entry) = entry(id, &mut form) else {
        drop(tx);
        let page = page(&v, &permit, form).await?;
        return v.html_again(&page);
    };
    if let Err(why) = record(&mut tx, &entry).await {
        form.absorb(why)?;
        drop(tx);
        let page = page(&v, &permit, form).await?;
        return v.html_again(&page);
    }
    tx.commit().await?;
    v.see_done(&format!("/people/{id}/wishes"), "done-wish", None)
}

/// What the form says, or its faults.
fn entry(id: PersonId, form: &mut Form) -> Option<Entry> {
    let act: Option<Act> = form.get("act").parse().ok();
    let purpose: Option<Purpose> = form.get("purpose").parse().ok();
    let channel: Option<Channel> = form.get("channel").parse().ok();
    let door = DOORS.into_iter().find(|d| *d == form.get("door"));
    let proof = form.line("proof", 300);
    let faults: Vec<(&str, Saying)> = [
        (act.is_none(), "act", say::wish_choose()),
        (purpose.is_none(), "purpose", say::wish_choose()),
        (channel.is_none(), "channel", say::wish_choose()),
        (door.is_none(), "door", say::wish_choose()),
        // A yes that nobody can show is none (GDPR 7 lid 1).
        (matches!(act, Some(Act::Consent | Act::Customer)) && proof.is_empty(), "proof", say::wish_proof()),
        // Tw 11.7 lid 3 is about electronic mail that sells; by telephone the exception for customers ended in 2026.
        (
            act == Some(Act::Customer)
                && (purpose, channel) != (Some(Purpose::Marketing), Some(Channel::Mail)),
            "act",
            say::wish_customer(),
        ),
    ]
    .into_iter()
    .filter_map(|(wrong, field, why)| wrong.then_some((field, why)))
    .collect();
    let wrong = !faults.is_empty();
    for (field, why) in faults {
        form.fault(field, why);
    }
    let (act, purpose, channel, door) = (act?, purpose?, channel?, door?);
    if wrong {
        return None;
    }
    let yes = matches!(act, Act::Consent | Act::Customer);
    Some(Entry {
        proof,
        controller: form.get("controller").parse::<UnitId>().ok().filter(|_| yes),
        given_by: form.get("given_by").parse::<PersonId>().ok().filter(|_| act == Act::Consent),
        ..Entry::new(id, purpose, channel, act, &format!("staff:{door}"))
    })
}

#[derive(Template)]
#[template(path = "wishes_panel.html")]
struct PanelBody {
    w: Words,
    own: Vec<String>,
    last: Vec<(String, String)>,
}

/// What was said last, on a person's page.
pub fn panel(tx: &mut Tx, lang: Lang, id: PersonId) -> Fut<'_, Option<Panel>> {
    Box::pin(async move {
        let w = Words(lang);
        if !tx.actor().may(&WRITE_PEOPLE) {
            return Ok(None);
        }
        let (now, zone) = (tx.now(), tx.house().settings.zone.clone());
        let last = ledger_of(tx, id)
            .await?
            .into_iter()
            .take(2)
            .map(|l| {
                let what = said(lang, &l.act, &l.purpose, &l.channel);
                (what, dates::relative(l.at, now, &zone, lang))
            })
            .collect();
        let own = own::now_in_words(tx, id, lang).await?;
        let body = PanelBody { w, own, last }.render().map_err(Error::broken)?;
        Ok(Some(Panel {
            title: w.wishes_panel().to_owned(),
            tone: Tone::Plain,
            note: None,
            href: Some((w.wishes_write().to_owned(), format!("/people/{id}/wishes"))),
            body: Markup::from_template(body),
        }))
    })
}
