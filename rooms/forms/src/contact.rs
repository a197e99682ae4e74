use askama::Template;
use axum::response::Response;
use http::Method;
use jiff::SignedDuration;
use kring_consent::Channel;
use kring_core::{Error, Id, Lang, Result};
use kring_frame::{About, Purpose, QuestionAsked, Route, Visit};
use kring_people::arrive::{Arrival, find_or_make};
use kring_talks::{NewDialogue, Topic, topic};
use kring_web::{Choice, Face, Form};

use crate::{Words, say};

const WHY: &str = "anybody may ask the school a question";
/// Questions from one network in an hour: a class in one building, but not a flood.
const PER_NETWORK: i64 = 60;
/// Questions for one address in a day; whoever fills in somebody else's address should not fill their mailbox.
const PER_ADDRESS: i64 = 5;

pub fn routes() -> Vec<Route> {
    vec![
        Route::open(Method::GET, "/contact", WHY, form),
        Route::open(Method::POST, "/contact", WHY, ask),
        Route::open(Method::GET, "/contact/thanks", WHY, thanks),
    ]
}

#[derive(Template)]
#[template(path = "contact.html")]
struct ContactPage {
    face: Face,
    w: Words,
    form: Form,
    topics: Vec<Choice>,
}

async fn form(v: Visit) -> Result<Response> {
    let page = page(&v, Form::default()).await?;
    v.html(&page)
}

async fn page(v: &Visit, form: Form) -> Result<ContactPage> {
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let topics = topic::active(&mut tx).await?;
    let mut face = v.face(w.contact_title());
    face.listed = true;
    Ok(ContactPage {
        face,
        w,
        form,
        topics: topics.iter().map(|t| Choice::new(t.id, t.name(v.lang))).collect(),
    })
}

/// What a visitor asks, once it has been read.
struct Question {
    name: String,
    email: String,
    topic: Id<Topic>,
    text: String,
}

async fn ask(v: Visit) -> Result<Response> {
    let mut form = v.form()?;
    // A field that people do not see and robots fill in. They get the same thanks, and nothing happens.
    if !form.get("website").is_empty() {
        return v.see(format!("/contact/thanks?lang={}", v.lang));
    }
    let name = form.required_line("name", 200);
    let email = form.email("email").unwrap_or_default();
    let topic = form.id::<Topic>("topic");
    let text = form.required_text("text", 5_000);
    if let (Ok(()), Some(topic)) = (form.done(), topic) {
        let question = Question { name, email, topic, text };
        match take(&v, &question).await {
            Ok(()) => return v.see(format!("/contact/thanks?lang={}", v.lang)),
            Err(Error::TooMany(_)) => form.fault("", say::too_often()),
            Err(why) => form.absorb(why)?,
        }
    }
    let page = page(&v, form).await?;
    v.html_again(&page)
}

/// Takes the question in, in one transaction: the person, the dialogue, what was said, and that it was said. Two
/// forms from one address at the same moment can meet in the middle; the second then finds the first's person.
async fn take(v: &Visit, q: &Question) -> Result<()> {
    knock(v, &format!("contact/network/{}", v.network()), PER_NETWORK, SignedDuration::from_hours(1)).await?;
    let address = kring_frame::fingerprint(&v.house, &q.email.to_lowercase());
    knock(v, &format!("contact/address/{address}"), PER_ADDRESS, SignedDuration::from_hours(24)).await?;
    let mut tries = 0;
    loop {
        match store(v, q).await {
            Err(Error::TooMany(_) | Error::Busy(_) | Error::Broken(_)) if tries < 3 => tries += 1,
            other => return other,
        }
    }
}

async fn knock(v: &Visit, door: &str, most: i64, window: SignedDuration) -> Result<()> {
    let mut tx = v.house.write(&v.actor).await?;
    let verdict = tx.knock(door, most, window).await;
    tx.commit().await?;
    verdict
}

async fn store(v: &Visit, q: &Question) -> Result<()> {
    let mut tx = v.house.write(&v.actor).await?;
    let topics = topic::active(&mut tx).await?;
    let Some(topic) = topics.into_iter().find(|t| t.id == q.topic) else {
        return Err(Error::field("topic", say::topic_unknown()));
    };
    let arrival =
        Arrival { name: q.name.clone(), email: q.email.clone(), lang: v.lang.into(), source: "form".into() };
    let (person, _) = find_or_make(&mut tx, &arrival).await?;
    let dialogue = kring_talks::open(
        &mut tx,
        &NewDialogue {
            person,
            unit: Some(topic.unit),
            topic: topic.key.clone(),
            purpose: Purpose::Service,
            lang: v.lang,
            channel: Channel::Mail,
        },
    )
    .await?;
    kring_talks::hear(&mut tx, dialogue, "form", v.lang, &q.text).await?;
    let about = About::person(person).in_unit(topic.unit).subject(dialogue.get());
    tx.tell(about, &QuestionAsked { topic: topic.id.get(), channel: "form".into() }).await?;
    tx.commit().await
}

#[derive(Template)]
#[template(path = "thanks.html")]
struct ThanksPage {
    face: Face,
    w: Words,
    lang: Lang,
}

async fn thanks(v: Visit) -> Result<Response> {
    let w = Words(v.lang);
    v.html(&ThanksPage { face: v.face(w.thanks_title()), w, lang: v.lang })
}
