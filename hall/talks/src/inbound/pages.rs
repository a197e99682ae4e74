//! Quarantine: what came in and could not be placed, as text, and what a person decides about it.

use askama::Template;
use axum::response::Response;
use kring_core::{Error, Id, Lang, Result};
use kring_frame::{Mark, Permit, PersonId, Route, Tx, Visit};
use kring_lang::dates;
use kring_post::inbound::{Incoming, Kind};
use kring_web::{Choice, Chrome, Form};

use super::quarantine::{self, TopicMailbox, Waiting};
use crate::{OPERATE_MAIL, Topic, Words, topic};

const LIST: &str = "/operations/mail/quarantine";
/// Rows on the page; the oldest first, so that none is forgotten behind them.
const MOST: u32 = 100;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/operations/mail/quarantine", &OPERATE_MAIL, list),
        Route::post("/operations/mail/quarantine/mailboxes", &OPERATE_MAIL, add_mailbox),
        Route::post("/operations/mail/quarantine/mailboxes/{id}/remove", &OPERATE_MAIL, remove_mailbox),
        Route::get("/operations/mail/quarantine/{id}", &OPERATE_MAIL, show),
        Route::post("/operations/mail/quarantine/{id}/belongs", &OPERATE_MAIL, belongs),
        Route::post("/operations/mail/quarantine/{id}/question", &OPERATE_MAIL, question),
        Route::post("/operations/mail/quarantine/{id}/again", &OPERATE_MAIL, again),
        Route::post("/operations/mail/quarantine/{id}/discard", &OPERATE_MAIL, discard),
        Route::post("/operations/mail/quarantine/{id}/restore", &OPERATE_MAIL, restore),
    ]
}

#[derive(Template)]
#[template(path = "quarantine.html")]
struct ListPage {
    chrome: Chrome,
    w: Words,
    rows: Vec<Row>,
    tally: Vec<(String, i64)>,
    mailboxes: Vec<TopicMailbox>,
    topics: Vec<Choice>,
    form: Form,
}

struct Row {
    href: String,
    subject: String,
    from: String,
    reason: String,
    when: String,
    exact: String,
}

/// Why a mail waits, in a sentence.
fn why(w: Words, reason: Option<&str>) -> String {
    let reason = reason.unwrap_or("failed");
    w.find(&format!("waits-{reason}")).unwrap_or(reason).to_owned()
}

fn sender(w: Words, mail: &Waiting) -> String {
    match (mail.from_name.as_deref().filter(|n| !n.is_empty()), mail.from_address.as_deref()) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (None, Some(address)) => address.to_owned(),
        _ => w.mail_nobody().to_owned(),
    }
}

fn subject(w: Words, mail: &Waiting) -> String {
    mail.subject.clone().filter(|s| !s.is_empty()).unwrap_or_else(|| w.mail_no_subject().to_owned())
}

async fn choices(tx: &mut Tx, lang: Lang) -> Result<Vec<Choice>> {
    Ok(topic::active(tx).await?.iter().map(|t| Choice::new(t.id, t.name(lang))).collect())
}

async fn list(v: Visit, permit: Permit) -> Result<Response> {
    let page = list_page(&v, &permit, Form::default()).await?;
    v.html(&page)
}

async fn list_page(v: &Visit, permit: &Permit, form: Form) -> Result<ListPage> {
    let w = Words(v.lang);
    let mut tx = v.house.write(&v.actor).await?;
    let (now, zone) = (tx.now(), v.house.settings.zone.clone());
    let waiting = quarantine::waiting(&mut tx, permit, MOST).await?;
    if !waiting.is_empty() {
        let ids = waiting.iter().map(|m| m.id.to_string()).collect::<Vec<_>>().join(",");
        tx.trail(Mark::read(permit, "inbound_mails").detail(format!("ids={ids}"))).await?;
    }
    let tally = quarantine::tally(&mut tx).await?;
    let page = ListPage {
        w,
        rows: waiting
            .iter()
            .map(|m| Row {
                href: format!("{LIST}/{}", m.id),
                subject: subject(w, m),
                from: sender(w, m),
                reason: why(w, m.reason.as_deref()),
                when: dates::relative(m.received_at, now, &zone, v.lang),
                exact: dates::moment(m.received_at, &zone, v.lang),
            })
            .collect(),
        tally: tally
            .into_iter()
            .map(|(key, n)| (w.find(&format!("came-{key}")).unwrap_or_default().to_owned(), n))
            .filter(|(label, _)| !label.is_empty())
            .collect(),
        mailboxes: quarantine::mailboxes(&mut tx).await?,
        topics: choices(&mut tx, v.lang).await?,
        form,
        chrome: v.chrome(&mut tx, w.quarantine_title()).await?,
    };
    tx.commit().await?;
    Ok(page)
}

#[derive(Template)]
#[template(path = "quarantined.html")]
struct MailPage {
    chrome: Chrome,
    w: Words,
    at: Ways,
    subject: String,
    from: String,
    to: String,
    reason: String,
    when: String,
    size: i64,
    /// The new words, and those that are quoted; nothing of the mail is shown but text.
    text: Option<String>,
    quoted: String,
    attachments: Vec<String>,
    has_sender: bool,
    is_discarded: bool,
    may_again: bool,
    topics: Vec<Choice>,
    belongs: Form,
    question: Form,
}

/// Where the buttons lead.
struct Ways {
    belongs: String,
    question: String,
    again: String,
    discard: String,
    restore: String,
}

impl Ways {
    fn of(id: i64) -> Self {
        let to = |what: &str| format!("{LIST}/{id}/{what}");
        Self {
            belongs: to("belongs"),
            question: to("question"),
            again: to("again"),
            discard: to("discard"),
            restore: to("restore"),
        }
    }
}

async fn show(v: Visit, permit: Permit) -> Result<Response> {
    let page = mail_page(&v, &permit, None, None).await?;
    v.html(&page)
}

async fn mail_page(
    v: &Visit,
    permit: &Permit,
    belongs: Option<Form>,
    question: Option<Form>,
) -> Result<MailPage> {
    let w = Words(v.lang);
    let id: i64 = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    let (found, mail) = quarantine::look(&mut tx, permit, id).await?;
    let subject = subject(w, &found);
    let page = MailPage {
        at: Ways::of(id),
        from: sender(w, &found),
        to: mail.as_ref().map(|m| m.to.join(", ")).unwrap_or_default(),
        reason: why(w, found.reason.as_deref()),
        when: dates::moment(found.received_at, &v.house.settings.zone, v.lang),
        size: (found.size + 999) / 1000,
        has_sender: mail
            .as_ref()
            .is_some_and(|m| m.from.is_some() && matches!(m.kind, Kind::Letter | Kind::Unsubscribe)),
        attachments: mail.as_ref().map(enclosed).unwrap_or_default(),
        quoted: mail.as_ref().map(|m| m.quoted.clone()).unwrap_or_default(),
        text: mail.map(|m| m.text),
        is_discarded: found.state == super::kept::MailState::Discarded,
        may_again: found.reason.as_deref() != Some("large"),
        topics: choices(&mut tx, v.lang).await?,
        belongs: belongs
            .unwrap_or_else(|| Form::of(found.person.map(|p| ("person", p.to_string()))).placed("belongs")),
        question: question.unwrap_or_else(|| Form::default().placed("question")),
        chrome: v.chrome(&mut tx, &subject).await?,
        subject,
        w,
    };
    tx.commit().await?;
    Ok(page)
}

fn enclosed(mail: &Incoming) -> Vec<String> {
    mail.attachments
        .iter()
        .map(|a| {
            let name = if a.name.is_empty() { &a.kind } else { &a.name };
            format!("{name} ({} kB)", a.size.div_ceil(1000))
        })
        .collect()
}

async fn belongs(v: Visit, permit: Permit) -> Result<Response> {
    let id: i64 = v.path("id")?;
    let mut form = v.form()?.placed("belongs");
    let person = form.int("person", 1..=i64::MAX);
    let topic = form.id::<Topic>("topic");
    if person.is_none() && form.faults().is_empty() {
        form.required("person");
    }
    if let (Ok(()), Some(person)) = (form.done(), person) {
        let mut tx = v.house.write(&v.actor).await?;
        match quarantine::belongs(&mut tx, &permit, id, PersonId::new(person), topic).await {
            Ok(_) => {
                tx.commit().await?;
                v.house.doorbell.ring();
                return v.see_done(LIST, "done-placed", None);
            }
            Err(why) => form.absorb(why)?,
        }
    }
    let page = mail_page(&v, &permit, Some(form), None).await?;
    v.html_again(&page)
}

async fn question(v: Visit, permit: Permit) -> Result<Response> {
    let id: i64 = v.path("id")?;
    let mut form = v.form()?.placed("question");
    form.required("topic");
    let topic = form.id::<Topic>("topic");
    if let (Ok(()), Some(topic)) = (form.done(), topic) {
        let mut tx = v.house.write(&v.actor).await?;
        match quarantine::question(&mut tx, &permit, id, topic).await {
            Ok(_) => {
                tx.commit().await?;
                v.house.doorbell.ring();
                return v.see_done(LIST, "done-asked", None);
            }
            Err(why) => form.absorb(why)?,
        }
    }
    let page = mail_page(&v, &permit, None, Some(form)).await?;
    v.html_again(&page)
}

async fn again(v: Visit, permit: Permit) -> Result<Response> {
    let id: i64 = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    quarantine::again(&mut tx, &permit, id).await?;
    tx.commit().await?;
    v.house.doorbell.ring();
    v.see_done(LIST, "done-again", None)
}

async fn discard(v: Visit, permit: Permit) -> Result<Response> {
    let id: i64 = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    quarantine::discard(&mut tx, &permit, id).await?;
    tx.commit().await?;
    v.see_done(LIST, "done-discarded", Some(&format!("{LIST}/{id}/restore")))
}

async fn restore(v: Visit, permit: Permit) -> Result<Response> {
    let id: i64 = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    quarantine::restore(&mut tx, &permit, id).await?;
    tx.commit().await?;
    v.see(format!("{LIST}/{id}"))
}

async fn add_mailbox(v: Visit, permit: Permit) -> Result<Response> {
    let mut form = v.form()?;
    let address = form.email("address");
    form.required("topic");
    let topic: Option<Id<Topic>> = form.id("topic");
    if let (Ok(()), Some(address), Some(topic)) = (form.done(), address, topic) {
        let mut tx = v.house.write(&v.actor).await?;
        match quarantine::add_mailbox(&mut tx, &permit, &address, topic).await {
            Ok(()) => {
                tx.commit().await?;
                return v.see_done(LIST, "done-mailbox", None);
            }
            Err(Error::NotFound) => form.fault("topic", crate::say::topic_gone()),
            Err(why) => form.absorb(why)?,
        }
    }
    let page = list_page(&v, &permit, form).await?;
    v.html_again(&page)
}

async fn remove_mailbox(v: Visit, permit: Permit) -> Result<Response> {
    let id: i64 = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    quarantine::remove_mailbox(&mut tx, &permit, id).await?;
    tx.commit().await?;
    v.see_done(LIST, "done-mailbox-removed", None)
}
