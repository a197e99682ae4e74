//! What a person decides about mail that could not be placed.

use jiff::SignedDuration;
use kring_core::{Error, Id, Lang, Result, Timestamp};
use kring_frame::{Mark, Permit, PersonId, Tx, params, record, sql};
use kring_people::merge;
use kring_post::inbound::{self, Incoming, Kind};

use super::{
    kept::MailState,
    place::{self, Placed},
    reader::write_down,
};
use crate::{Topic, say, topic};

record! {
    /// A mail in quarantine, or one that was decided about lately.
    #[derive(Clone, Debug)]
    pub struct Waiting {
        pub id: i64,
        pub state: MailState,
        pub outcome: Option<String>,
        pub reason: Option<String>,
        pub from_address: Option<String>,
        pub from_name: Option<String>,
        pub subject: Option<String>,
        pub person: Option<PersonId>,
        pub size: i64,
        pub received_at: Timestamp,
    }
}

/// The oldest that wait.
pub async fn waiting(tx: &mut Tx, _permit: &Permit, most: u32) -> Result<Vec<Waiting>> {
    tx.all(
        sql!(
            "select id, state, outcome, reason, from_address, from_name, subject, person_id, size, received_at
             from inbound_mails where state = 'quarantined' order by received_at, id limit $1"
        ),
        params![most],
    )
    .await
}

/// How many came to which end; what waits to be read, or for a person, is in it.
pub async fn tally(tx: &mut Tx) -> Result<Vec<(String, i64)>> {
    tx.all(
        sql!(
            "select coalesce(outcome, state), count(*) from inbound_mails group by coalesce(outcome, state) order by 1"
        ),
        params![],
    )
    .await
}

pub async fn count(tx: &mut Tx) -> Result<i64> {
    let (n,): (i64,) =
        tx.one(sql!("select count(*) from inbound_mails where state = 'quarantined'"), params![]).await?;
    Ok(n)
}

/// One mail, with what can be read of it. Looking is in the trail.
pub async fn look(tx: &mut Tx, permit: &Permit, id: i64) -> Result<(Waiting, Option<Incoming>)> {
    let (found, mail) = load(tx, id).await?;
    let mark = Mark::read(permit, "inbound_mail").subject(id);
    tx.trail(match found.person {
        Some(person) => mark.person(person),
        None => mark,
    })
    .await?;
    Ok((found, mail))
}

async fn load(tx: &mut Tx, id: i64) -> Result<(Waiting, Option<Incoming>)> {
    let found: Waiting = tx
        .one(
            sql!(
                "select id, state, outcome, reason, from_address, from_name, subject, person_id, size, received_at
                 from inbound_mails where id = $1 and state in ('quarantined', 'discarded')"
            ),
            params![id],
        )
        .await?;
    let (raw,): (Option<Vec<u8>>,) =
        tx.one(sql!("select raw from inbound_mails where id = $1"), params![id]).await?;
    Ok((found, raw.and_then(|raw| inbound::read(&raw).ok())))
}

/// It belongs to this person: the next turn of their newest thread, or, with a topic, a question of theirs.
pub async fn belongs(
    tx: &mut Tx,
    permit: &Permit,
    id: i64,
    person: PersonId,
    topic: Option<Id<Topic>>,
) -> Result<PersonId> {
    let mail = undecided(tx, id).await?;
    let known: Option<(PersonId,)> = tx
        .maybe(sql!("select id from people where id = $1 and state <> 'forgotten'"), params![person])
        .await?;
    let Some((person,)) = known else { return Err(Error::field("person", say::person_unknown())) };
    let person = merge::current(tx, person).await?;
    let placed = match topic {
        Some(topic) => {
            let topic = topic::one(tx, topic).await?;
            place::asked(tx, &mail, Some(person), &topic).await?
        }
        None => match place::newest(tx, person).await? {
            Some(thread) => place::heard(tx, &mail, thread).await?,
            None => return Err(Error::field("topic", say::no_thread_yet())),
        },
    };
    decided(tx, permit, id, &mail, &placed).await?;
    Ok(person)
}

/// It is a question of whoever sent it, who becomes known by it.
pub async fn question(tx: &mut Tx, permit: &Permit, id: i64, topic: Id<Topic>) -> Result<PersonId> {
    let mail = undecided(tx, id).await?;
    let topic = topic::one(tx, topic).await?;
    // Machines are nobody, and a receipt to one would begin a loop.
    let written = matches!(mail.kind, Kind::Letter | Kind::Unsubscribe);
    let known = match mail.from.as_ref().filter(|_| written) {
        None => return Err(Error::field("topic", say::no_sender())),
        Some(from) => {
            let canonical =
                kring_people::contact::canonical(kring_people::contact::Kind::Email, from.address.as_str());
            kring_people::arrive::owner(tx, &canonical).await?
        }
    };
    let placed = place::asked(tx, &mail, known, &topic).await?;
    decided(tx, permit, id, &mail, &placed).await?;
    placed.person.ok_or(Error::NotFound)
}

async fn undecided(tx: &mut Tx, id: i64) -> Result<Incoming> {
    let (found, mail) = load(tx, id).await?;
    if found.state != MailState::Quarantined {
        return Err(Error::Conflict(say::decided_already()));
    }
    mail.ok_or_else(|| Error::Conflict(say::mail_unreadable()))
}

async fn decided(tx: &mut Tx, permit: &Permit, id: i64, mail: &Incoming, placed: &Placed) -> Result<()> {
    if !write_down(tx, id, Some(mail), placed, MailState::Quarantined).await? {
        return Err(Error::Conflict(say::decided_already()));
    }
    tx.run(sql!("update inbound_mails set decided_by = $2 where id = $1"), params![id, permit.actor()])
        .await?;
    let mark = Mark::changed(permit, "inbound_mail").subject(id).detail(placed.outcome.unwrap_or_default());
    tx.trail(match placed.person {
        Some(person) => mark.person(person),
        None => mark,
    })
    .await
}

/// Puts it aside; [`restore`] brings it back for thirty days. Then its bytes are erased.
pub async fn discard(tx: &mut Tx, permit: &Permit, id: i64) -> Result<()> {
    let long_ago = tx.now() - SignedDuration::from_hours(30 * 24);
    tx.run(
        sql!(
            "update inbound_mails set raw = null, content = null, from_address = null, from_name = null, subject = null, mail_id = null,
                 recipients = '', sender = null where state = 'discarded' and read_at < $1 and raw is not null"
        ),
        params![long_ago],
    )
    .await?;
    turn_to(tx, permit, id, MailState::Quarantined, MailState::Discarded).await
}

pub async fn restore(tx: &mut Tx, permit: &Permit, id: i64) -> Result<()> {
    turn_to(tx, permit, id, MailState::Discarded, MailState::Quarantined).await
}

async fn turn_to(tx: &mut Tx, permit: &Permit, id: i64, from: MailState, to: MailState) -> Result<()> {
    let now = tx.now();
    let n = tx
        .run(
            sql!("update inbound_mails set state = $3, decided_by = $4, read_at = $5 where id = $1 and state = $2"),
            params![id, from, to, permit.actor(), now],
        )
        .await?;
    if n == 0 {
        return Err(Error::Conflict(say::decided_already()));
    }
    tx.trail(Mark::changed(permit, "inbound_mail").subject(id).detail(to.as_str())).await
}

/// Reads it once more: a newer parser may know better, and a person may have become known.
pub async fn again(tx: &mut Tx, permit: &Permit, id: i64) -> Result<()> {
    let now = tx.now();
    let n = tx
        .run(
            sql!(
                "update inbound_mails set state = 'kept', tries = 0, due_at = $2, reason = null, content = null
                 where id = $1 and state = 'quarantined' and raw is not null and (reason is null or reason <> 'large')"
            ),
            params![id, now],
        )
        .await?;
    if n == 0 {
        return Err(Error::Conflict(say::decided_already()));
    }
    tx.trail(Mark::changed(permit, "inbound_mail").subject(id).detail("again")).await
}

record! {
    /// An address whose mail is a question with a topic.
    #[derive(Clone, Debug)]
    pub struct TopicMailbox {
        pub id: i64,
        pub address: String,
        pub name_nl: String,
        pub name_en: String,
    }
}

impl TopicMailbox {
    pub fn name(&self, lang: Lang) -> &str {
        match lang {
            Lang::Nl => &self.name_nl,
            Lang::En => &self.name_en,
        }
    }
}

pub async fn mailboxes(tx: &mut Tx) -> Result<Vec<TopicMailbox>> {
    tx.all(
        sql!(
            "select b.id, b.address, t.name_nl, t.name_en from topic_mailboxes b join topics t on t.id = b.topic_id order by b.address"
        ),
        params![],
    )
    .await
}

/// From now on mail to this address is a question with this topic.
pub async fn add_mailbox(tx: &mut Tx, permit: &Permit, address: &str, topic: Id<Topic>) -> Result<()> {
    let topic = topic::one(tx, topic).await?;
    let (id,): (i64,) = tx
        .one(
            sql!(
                "insert into topic_mailboxes (address, topic_id) values ($1, $2)
                 on conflict (address) do update set topic_id = excluded.topic_id returning id"
            ),
            params![address.to_lowercase(), topic.id],
        )
        .await?;
    tx.trail(Mark::changed(permit, "topic_mailbox").subject(id).detail("set")).await
}

pub async fn remove_mailbox(tx: &mut Tx, permit: &Permit, id: i64) -> Result<()> {
    let n = tx.run(sql!("delete from topic_mailboxes where id = $1"), params![id]).await?;
    if n == 0 {
        return Err(Error::NotFound);
    }
    tx.trail(Mark::changed(permit, "topic_mailbox").subject(id).detail("removed")).await
}
