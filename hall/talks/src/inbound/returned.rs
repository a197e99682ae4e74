//! What came back, what was complained of, and what is wanted no more. Each is about a message of ours, and only a mail
//! that shows it knows that message has an effect: otherwise anybody could declare anybody's address dead.

use kring_consent::MessageClass;
use kring_consent::{Act, Channel, Entry, Standing, facts_of, record};
use kring_core::Result;
use kring_frame::{About, MessageRefused, PersonChanged, PersonId, Tx, params, sql};
use kring_people::{contact, merge};
use kring_post::inbound::{Complaint, Failed};

use super::{
    place::{Context, Ours, Placed, message_of},
    sign::Mark,
};

/// Mail of ours came back. For good: the address is dead, and the message did not arrive. For now: it is counted.
pub(super) async fn bounced(tx: &mut Tx, c: &Context<'_>, failed: &[Failed]) -> Result<Placed> {
    let mut about: Option<Ours> = None;
    for one in failed {
        let also: Vec<&str> = one.message_id.as_deref().into_iter().collect();
        let Some(ours) = message_of(tx, c, &also).await? else { continue };
        let person = merge::current(tx, ours.person).await?;
        if one.permanent {
            came_back(tx, &ours, person, &one.recipient).await?;
        } else {
            // That it came back for now says that it was handed over.
            tx.run(
                sql!(
                    "update messages set bounces = bounces + 1,
                         state = case when state = 'doubtful' then 'sent' else state end where id = $1"
                ),
                params![ours.id],
            )
            .await?;
        }
        about = Some(Ours { person, ..ours });
    }
    Ok(match about {
        Some(ours) => Placed { dialogue: ours.dialogue, ..Placed::done("bounce").of(ours.person) },
        None => Placed::quarantined("bounce-unknown"),
    })
}

async fn came_back(tx: &mut Tx, ours: &Ours, person: PersonId, recipient: &str) -> Result<()> {
    // A mailbox behind a forwarding address is not the address that we wrote to; then only the message is lost.
    let canonical = contact::canonical(contact::Kind::Email, recipient);
    if contact::mark_dead(tx, person, &canonical).await? {
        tx.tell(About::person(person), &PersonChanged { how: "bounce".into() }).await?;
    }
    let n = tx
        .run(
            sql!(
                "update messages set state = 'refused', reason = 'bounced', bounces = bounces + 1
                 where id = $1 and state in ('data', 'sent', 'doubtful')"
            ),
            params![ours.id],
        )
        .await?;
    if n == 1 {
        let told = MessageRefused {
            purpose: ours.purpose.to_string(),
            channel: ours.channel.to_string(),
            reason: "bounced".into(),
        };
        let about =
            About { person: Some(person), unit: ours.unit, subject: Some(ours.id), ..About::default() };
        tx.tell(about, &told).await?;
    }
    Ok(())
}

/// A provider passed on that its user calls our mail unwanted: an objection to the purpose it was sent for.
pub(super) async fn complained(tx: &mut Tx, c: &Context<'_>, complaint: &Complaint) -> Result<Placed> {
    let also: Vec<&str> = complaint.message_id.as_deref().into_iter().collect();
    let Some(ours) = message_of(tx, c, &also).await? else {
        return Ok(Placed::quarantined("complaint-unknown"));
    };
    no_more(tx, c, &ours, Act::Objection, "complaint")
        .await
        .map(|placed| Placed { outcome: Some("complaint"), ..placed })
}

/// "Stop", in answer to a message that was sent to many, or to the address for it. `None`: it answers something else, and
/// is a letter that a person reads.
pub(super) async fn stopped(tx: &mut Tx, c: &Context<'_>) -> Result<Option<Placed>> {
    let Some(ours) = message_of(tx, c, &[]).await? else { return Ok(None) };
    if ours.class != MessageClass::Announcement && !matches!(c.mark, Some(Mark::Stop(_))) {
        return Ok(None);
    }
    no_more(tx, c, &ours, Act::Withdrawal, "mail:stop").await.map(Some)
}

async fn no_more(tx: &mut Tx, c: &Context<'_>, ours: &Ours, act: Act, how: &str) -> Result<Placed> {
    let person = merge::current(tx, ours.person).await?;
    let standing = facts_of(tx, person, ours.purpose, Channel::Mail).await?.standing;
    let already = match act {
        Act::Withdrawal => matches!(standing, Standing::Withdrawn | Standing::Objected),
        _ => standing == Standing::Objected,
    };
    if !already {
        let proof = format!("mail/{}", c.id);
        record(tx, &Entry { proof, ..Entry::new(person, ours.purpose, Channel::Mail, act, how) }).await?;
    }
    Ok(Placed { dialogue: ours.dialogue, ..Placed::done("withdrawal").of(person) })
}
