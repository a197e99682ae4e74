//! Which thread a mail belongs to. First by what was made here and cannot be guessed: a marked address, the id of a mail
//! of ours. Then by who sends it, as far as our own mail server does not say that they are somebody else. What is left, a
//! person decides.

use kring_consent::Channel;
use kring_core::{Id, Lang, Result};
use kring_frame::{
    About, DialogueHeard, House, PersonId, Purpose, QuestionAsked, Tx, UnitId, params, record, sql,
};
use kring_people::{arrive, contact, merge, person};
use kring_post::inbound::{Attachment, Incoming, Kind, Verdict};

use super::{
    kept::MailState,
    reader::Next,
    returned,
    sign::{self, Mark},
};
use crate::{Dialogue, NewDialogue, Sender, Topic, dialogue, topic};

/// Ids that are looked up for one mail.
const MOST_IDS: usize = 20;

/// What a mail is read with.
pub(super) struct Context<'a> {
    pub sender: &'a Sender,
    pub id: i64,
    pub mail: &'a Incoming,
    /// What the marked address says, that it was sent to.
    pub mark: Option<Mark>,
    /// Whom it was sent to, the envelope's first.
    to: Vec<String>,
    /// A notice, by its empty envelope sender.
    notice: bool,
}

impl<'a> Context<'a> {
    pub fn new(house: &House, sender: &'a Sender, raw: &Next, mail: &'a Incoming) -> Self {
        let mut to: Vec<String> = raw.recipients.lines().map(str::to_lowercase).collect();
        to.extend(mail.to.iter().cloned());
        let mark = sender.inbox.reply.as_ref().and_then(|base| sign::read(house, base, &to));
        Self { sender, id: raw.id, mail, mark, to, notice: raw.sender.as_deref() == Some("") }
    }
}

/// What became of a mail.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub state: MailState,
    pub outcome: Option<&'static str>,
    pub reason: Option<&'static str>,
    pub person: Option<PersonId>,
    pub dialogue: Option<Id<Dialogue>>,
    pub turn: Option<i64>,
}

impl Placed {
    pub fn done(outcome: &'static str) -> Self {
        Self {
            state: MailState::Read,
            outcome: Some(outcome),
            reason: None,
            person: None,
            dialogue: None,
            turn: None,
        }
    }
    pub fn quarantined(reason: &'static str) -> Self {
        Self { state: MailState::Quarantined, outcome: None, reason: Some(reason), ..Self::done("") }
    }
    pub fn of(self, person: PersonId) -> Self {
        Self { person: Some(person), ..self }
    }
}

record! {
    /// A message of ours that a mail is about.
    #[derive(Clone, Debug)]
    pub(super) struct Ours {
        pub id: i64,
        pub person: PersonId,
        pub dialogue: Option<Id<Dialogue>>,
        pub unit: Option<UnitId>,
        pub purpose: Purpose,
        pub channel: Channel,
        pub class: kring_consent::MessageClass,
    }
}

pub(super) async fn place(tx: &mut Tx, c: &Context<'_>) -> Result<Placed> {
    match &c.mail.kind {
        Kind::Bounce(failed) => returned::bounced(tx, c, failed).await,
        Kind::Complaint(complaint) => returned::complained(tx, c, complaint).await,
        Kind::Automatic => noted(tx, c).await,
        Kind::Letter | Kind::Unsubscribe if c.notice || is_own(c) => noted(tx, c).await,
        Kind::Unsubscribe => match returned::stopped(tx, c).await? {
            Some(placed) => Ok(placed),
            None => letter(tx, c).await,
        },
        Kind::Letter => match c.mark {
            // Whoever writes to the address behind "stop" means it, whatever the mail program puts into the mail.
            Some(Mark::Stop(_)) => match returned::stopped(tx, c).await? {
                Some(placed) => Ok(placed),
                None => letter(tx, c).await,
            },
            _ => letter(tx, c).await,
        },
    }
}

/// A mail of ours that came back to us by some detour: answering it would be talking to ourselves.
fn is_own(c: &Context<'_>) -> bool {
    let Some(from) = &c.mail.from else { return false };
    let address = from.address.as_str();
    address.eq_ignore_ascii_case(c.sender.from.as_str())
        || c.sender.inbox.reply.as_ref().is_some_and(|base| sign::is_ours(base, address))
}

/// The message that this mail is about, by its mark or by an id that only who got the message can know.
pub(super) async fn message_of(tx: &mut Tx, c: &Context<'_>, also: &[&str]) -> Result<Option<Ours>> {
    if let Some(Mark::Message(id) | Mark::Stop(id)) = c.mark {
        let found: Option<Ours> = tx
            .maybe(
                sql!("select id, person_id, dialogue_id, unit_id, purpose, channel, class from messages where id = $1"),
                params![id],
            )
            .await?;
        if found.is_some() {
            return Ok(found);
        }
    }
    for id in also.iter().copied().chain(c.mail.answers()).take(MOST_IDS) {
        let found: Option<Ours> = tx
            .maybe(
                sql!("select id, person_id, dialogue_id, unit_id, purpose, channel, class from messages where mail_id = $1"),
                params![id],
            )
            .await?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// The thread and the person that what was made here leads to.
async fn signed(tx: &mut Tx, c: &Context<'_>) -> Result<(Option<PersonId>, Option<Id<Dialogue>>)> {
    if let Some(Mark::Dialogue(id)) = c.mark
        && let Some(person) = person_in(tx, Id::new(id)).await?
    {
        return Ok((Some(person), Some(Id::new(id))));
    }
    let Some(ours) = message_of(tx, c, &[]).await? else { return Ok((None, None)) };
    let dialogue = match ours.dialogue {
        Some(id) => person_in(tx, id).await?.map(|_| id),
        None => None,
    };
    Ok((Some(merge::current(tx, ours.person).await?), dialogue))
}

/// Whose dialogue it is; one that was forgotten is nobody's.
async fn person_in(tx: &mut Tx, id: Id<Dialogue>) -> Result<Option<PersonId>> {
    let found: Option<(PersonId, Option<String>)> =
        tx.maybe(sql!("select person_id, outcome from dialogues where id = $1"), params![id]).await?;
    Ok(found.filter(|(_, outcome)| outcome.as_deref() != Some("erased")).map(|(person, _)| person))
}

async fn letter(tx: &mut Tx, c: &Context<'_>) -> Result<Placed> {
    let (known, thread) = signed(tx, c).await?;
    if let Some(thread) = thread {
        return heard(tx, c.mail, thread).await;
    }
    let Some(from) = &c.mail.from else { return Ok(Placed::quarantined("no-sender")) };
    let forged = match &c.sender.inbox.trusted {
        Some(server) => c.mail.verdict(server) == Verdict::Fail,
        None => false,
    };
    if known.is_none() && forged {
        return Ok(Placed::quarantined("forged"));
    }
    let person = match known {
        Some(person) => Some(person),
        None => {
            let canonical = contact::canonical(contact::Kind::Email, from.address.as_str());
            arrive::owner(tx, &canonical).await?
        }
    };
    if let Some(person) = person
        && let Some(thread) = by_subject(tx, person, &c.mail.subject).await?
    {
        return heard(tx, c.mail, thread).await;
    }
    if let Some(topic) = topic_of(tx, &c.to).await? {
        return asked(tx, c.mail, person, &topic).await;
    }
    let Some(person) = person else { return Ok(Placed::quarantined("unknown-sender")) };
    match only_open(tx, person).await? {
        Some(thread) => heard(tx, c.mail, thread).await,
        None => Ok(Placed::quarantined("no-thread").of(person)),
    }
}

/// "Re: Antw: Je vraag" is an answer to "Je vraag"; a subject without a sign of answering is not.
fn answered_subject(subject: &str) -> Option<&str> {
    const SIGNS: [&str; 9] = ["re", "antw", "aw", "sv", "ref", "ré", "rif", "betr", "antwort"];
    let mut rest = subject.trim();
    let mut signs = 0;
    while let Some((sign, tail)) = rest.split_once(':') {
        if signs >= 10 || !SIGNS.contains(&sign.trim().to_lowercase().as_str()) {
            break;
        }
        rest = tail.trim_start();
        signs += 1;
    }
    (signs > 0 && !rest.is_empty()).then_some(rest)
}

async fn by_subject(tx: &mut Tx, person: PersonId, subject: &str) -> Result<Option<Id<Dialogue>>> {
    let Some(subject) = answered_subject(subject) else { return Ok(None) };
    let found: Option<(Id<Dialogue>,)> = tx
        .maybe(
            sql!(
                "select m.dialogue_id from messages m join dialogues d on d.id = m.dialogue_id
                 where m.person_id = $1 and m.subject = $2 and (d.outcome is null or d.outcome <> 'erased')
                 order by m.id desc limit 1"
            ),
            params![person, subject],
        )
        .await?;
    Ok(found.map(|(id,)| id))
}

/// The dialogue that is open with somebody, if there is exactly one.
async fn only_open(tx: &mut Tx, person: PersonId) -> Result<Option<Id<Dialogue>>> {
    let open: Vec<(Id<Dialogue>,)> = tx
        .all(
            sql!(
                "select id from dialogues where person_id = $1 and state <> 'closed' order by id desc limit 2"
            ),
            params![person],
        )
        .await?;
    Ok(match open.as_slice() {
        [(one,)] => Some(*one),
        _ => None,
    })
}

/// The newest thread with somebody, open ones first: where a colleague puts what belongs to them.
pub(super) async fn newest(tx: &mut Tx, person: PersonId) -> Result<Option<Id<Dialogue>>> {
    let found: Option<(Id<Dialogue>,)> = tx
        .maybe(
            sql!(
                "select id from dialogues where person_id = $1 and (outcome is null or outcome <> 'erased')
                 order by case when state = 'closed' then 1 else 0 end, changed_at desc, id desc limit 1"
            ),
            params![person],
        )
        .await?;
    Ok(found.map(|(id,)| id))
}

async fn topic_of(tx: &mut Tx, to: &[String]) -> Result<Option<Topic>> {
    for address in to.iter().take(MOST_IDS) {
        let found: Option<(Id<Topic>,)> = tx
            .maybe(
                sql!(
                    "select t.id from topic_mailboxes b join topics t on t.id = b.topic_id where b.address = $1 and t.active"
                ),
                params![address.as_str()],
            )
            .await?;
        if let Some((id,)) = found {
            return topic::one(tx, id).await.map(Some);
        }
    }
    Ok(None)
}

/// What was said, as it stands in the thread: the new words, and what hangs on the mail.
pub(super) fn words(mail: &Incoming) -> String {
    let mut text = mail.text.clone();
    let enclosed = mail.attachments.iter().filter(|a| !a.name.is_empty() && !is_signature(a));
    for (i, a) in enclosed.take(20).enumerate() {
        text.push_str(if i == 0 { "\n\n" } else { "\n" });
        text.push_str(&format!("📎 {} ({} kB)", a.name, a.size.div_ceil(1000)));
    }
    text.trim().to_owned()
}

/// The small pictures that mail programs put under a name are no enclosures.
fn is_signature(a: &Attachment) -> bool {
    a.kind.starts_with("image/") && a.size < 20_000
}

/// It is the next turn of this thread.
pub(super) async fn heard(tx: &mut Tx, mail: &Incoming, thread: Id<Dialogue>) -> Result<Placed> {
    let (person, unit, lang): (PersonId, Option<UnitId>, Lang) =
        tx.one(sql!("select person_id, unit_id, lang from dialogues where id = $1"), params![thread]).await?;
    let turn = dialogue::hear(tx, thread, "mail", lang, &words(mail)).await?;
    let about = About { person: Some(person), unit, subject: Some(thread.get()), ..About::default() };
    tx.tell(about, &DialogueHeard { channel: "mail".into() }).await?;
    Ok(Placed { dialogue: Some(thread), turn: Some(turn), ..Placed::done("turn").of(person) })
}

/// It is a new question. Somebody who is not known becomes so by asking it.
pub(super) async fn asked(
    tx: &mut Tx,
    mail: &Incoming,
    person: Option<PersonId>,
    topic: &Topic,
) -> Result<Placed> {
    let person = match (person, &mail.from) {
        (Some(person), _) => person,
        (None, None) => return Ok(Placed::quarantined("no-sender")),
        (None, Some(from)) => {
            let name = if from.name.is_empty() { from.address.local().to_owned() } else { from.name.clone() };
            let arrival = arrive::Arrival {
                name,
                email: from.address.as_str().to_owned(),
                lang: Lang::default().into(),
                source: "mail".into(),
            };
            arrive::find_or_make(tx, &arrival).await?.0
        }
    };
    let lang = person::load(tx, person).await?.speaks();
    let new = NewDialogue {
        person,
        unit: Some(topic.unit),
        topic: topic.key.clone(),
        purpose: Purpose::Service,
        lang,
        channel: Channel::Mail,
    };
    let thread = dialogue::open(tx, &new).await?;
    let turn = dialogue::hear(tx, thread, "mail", lang, &words(mail)).await?;
    let about = About::person(person).in_unit(topic.unit).subject(thread.get());
    tx.tell(about, &QuestionAsked { topic: topic.id.get(), channel: "mail".into() }).await?;
    Ok(Placed { dialogue: Some(thread), turn: Some(turn), ..Placed::done("question").of(person) })
}

/// A machine answered: it stands in the thread, and nothing follows from it. It opens no thread, and it does not make it
/// anybody's turn.
async fn noted(tx: &mut Tx, c: &Context<'_>) -> Result<Placed> {
    if is_own(c) {
        return Ok(Placed::done("own"));
    }
    let (person, thread) = signed(tx, c).await?;
    let done = Placed { person, ..Placed::done("automatic") };
    let Some(thread) = thread else { return Ok(done) };
    let turn = dialogue::note_automatic(tx, thread, &words(c.mail)).await?;
    Ok(Placed { dialogue: Some(thread), turn: Some(turn), ..done })
}

#[cfg(test)]
mod tests {
    use super::answered_subject;

    #[test]
    fn an_answer_says_so_in_its_subject() {
        for (subject, answered) in [
            ("Re: Je vraag", Some("Je vraag")),
            ("RE: Antw: Je vraag: rooster", Some("Je vraag: rooster")),
            ("AW:Je vraag", Some("Je vraag")),
            ("Je vraag", None),
            ("Re:", None),
            ("Fwd: Je vraag", None),
            ("", None),
        ] {
            assert_eq!(answered_subject(subject), answered, "{subject}");
        }
    }
}
