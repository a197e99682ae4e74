//! Who knows whom. A colleague knows a person whom they keep (as a whole or for a group), about whom they wrote, or whom
//! they helped or approached, within the last years; a colleague who has left knows nobody any more, unless they have
//! still to hand over.

use kring_core::{Result, Timestamp};
use kring_frame::{ActorId, PersonId, Tx, params, record, sql};
use kring_lang::dates;

/// How far back something counts.
pub const YEARS: i64 = 3;

record! {
    #[derive(Clone, Debug)]
    pub struct Lone {
        pub actor: ActorId,
        pub actor_name: String,
        pub people: i64,
        pub alumni: i64,
    }
}

/// The moment from which something counts.
pub fn since(tx: &Tx) -> Timestamp {
    let zone = tx.house().settings.zone.clone();
    let today = dates::date_of(tx.now(), &zone);
    let then = today.checked_sub(jiff::Span::new().years(YEARS)).unwrap_or(today);
    then.to_zoned(zone).map_or(Timestamp::UNIX_EPOCH, |z| z.timestamp())
}

/// Per colleague how many people only they know, most first.
pub async fn alone(tx: &mut Tx) -> Result<Vec<Lone>> {
    let since = since(tx);
    tx.all(
        sql!(
            "with links as (
                 select p.id as person_id, p.owner_id as actor_id from people p where p.owner_id is not null
                 union select w.person_id, w.actor_id from relation_owners w where w.person_id is not null
                 union select n.person_id, n.actor_id from notes n where n.at >= $1
                 union select e.person_id, e.actor_id from events e where e.at >= $1 and e.person_id is not null
                     and e.kind in ('request.answered', 'request.closed', 'callback.attempted', 'callback.closed', 'claim.made', 'tip.given')
             ), knows as (
                 select l.person_id, l.actor_id from links l join actors a on a.id = l.actor_id join people p on p.id = l.person_id
                 where a.kind = 'staff' and p.state = 'known' and (exists (select 1 from reach h where h.actor_id = a.id)
                       or exists (select 1 from leavers v where v.actor_id = a.id and v.withdrawn_at is null))
             ), lone as (
                 select k.person_id, min(k.actor_id) as actor_id from knows k group by k.person_id having count(*) = 1
             )
             select a.id, a.name, count(*),
                    count(*) filter (where exists (select 1 from party_roles r where r.person_id = l.person_id and r.kind = 'alumnus' and r.valid_to is null))
             from lone l join actors a on a.id = l.actor_id group by a.id, a.name order by count(*) desc, a.name, a.id limit 200"
        ),
        params![since],
    )
    .await
}

/// The people whom only this colleague knows, alumni first; from a number on.
pub async fn only(tx: &mut Tx, actor: ActorId, most: u32) -> Result<Vec<(PersonId, String, bool)>> {
    let since = since(tx);
    tx.all(
        sql!(
            "with links as (
                 select p.id as person_id, p.owner_id as actor_id from people p where p.owner_id is not null
                 union select w.person_id, w.actor_id from relation_owners w where w.person_id is not null
                 union select n.person_id, n.actor_id from notes n where n.at >= $1
                 union select e.person_id, e.actor_id from events e where e.at >= $1 and e.person_id is not null
                     and e.kind in ('request.answered', 'request.closed', 'callback.attempted', 'callback.closed', 'claim.made', 'tip.given')
             ), knows as (
                 select l.person_id, l.actor_id from links l join actors a on a.id = l.actor_id join people p on p.id = l.person_id
                 where a.kind = 'staff' and p.state = 'known' and (exists (select 1 from reach h where h.actor_id = a.id)
                       or exists (select 1 from leavers v where v.actor_id = a.id and v.withdrawn_at is null))
             ), lone as (
                 select k.person_id, min(k.actor_id) as actor_id from knows k group by k.person_id having count(*) = 1
             )
             select p.id, p.display_name, exists (select 1 from party_roles r where r.person_id = p.id and r.kind = 'alumnus' and r.valid_to is null) as alumnus
             from lone l join people p on p.id = l.person_id where l.actor_id = $2 order by alumnus desc, p.sort_key, p.id limit $3"
        ),
        params![since, actor, most],
    )
    .await
}
