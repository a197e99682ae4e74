//! What this crate puts on the start page: the relations one keeps, who came into sight, where one left off.

use kring_core::{Lang, Result, Timestamp};
use kring_frame::{
    Entry, Fut, OrganisationId, Permit, PersonId, Shelf, Shelved, Tone, Tx, params, record, sql,
};
use kring_lang::dates;

use crate::{READ_PEOPLE, Words, pages::kind_names, roles, search, view, wall};

/// So many stand on a shelf; the whole list is one click away.
const ROWS: u32 = 5;

pub fn all() -> Vec<Shelf> {
    let shelf = |key, fill| Shelf { key, rights: vec![&READ_PEOPLE], fill };
    vec![
        shelf("people.mine", mine),
        shelf("people.new", new),
        shelf("people.after", after),
        shelf("people.written", written),
        shelf("people.views", views),
        shelf("organisations.mine", organisations),
    ]
}

record! {
    struct Near {
        id: PersonId,
    }
}

async fn entries(tx: &mut Tx, lang: Lang, ids: Vec<Near>) -> Result<Vec<Entry>> {
    let kinds = roles::kinds(tx).await?;
    let (now, zone) = (tx.now(), tx.house().settings.zone.clone());
    let ids: Vec<PersonId> = ids.into_iter().map(|near| near.id).collect();
    let rows = search::rows(tx, &ids).await?;
    let entry = |p: search::Listed| Entry {
        title: p.name,
        href: format!("/people/{}", p.id),
        text: kind_names(&kinds, p.roles.as_deref(), lang).join(" · "),
        note: p.last_contact_at.map(|at| dates::last(at, now, &zone, lang)).unwrap_or_default(),
        exact: p.last_contact_at.map(|at| dates::moment(at, &zone, lang)).unwrap_or_default(),
    };
    Ok(rows.into_iter().map(entry).collect())
}

fn permit(tx: &Tx) -> Result<Permit> {
    tx.actor().permit(&READ_PEOPLE)
}

/// The people one keeps, those first of whom nothing was heard for longest.
fn mine(tx: &mut Tx, lang: Lang) -> Fut<'_, Shelved> {
    Box::pin(async move {
        let (w, me, permit) = (Words(lang), tx.actor().id, permit(tx)?);
        let wall = wall::of(tx, &permit).await?;
        let ids: Vec<Near> = tx
            .all(
                sql!(
                    "select p.id from people p where p.owner_id = $1 and p.state = 'known'
                       and (cast($3 as bigint) is null or exists (select 1 from party_roles y join reach h on h.unit_id = y.unit_id
                            where y.person_id = p.id and h.actor_id = $3 and h.right_key = $4))
                     order by coalesce(p.last_contact_at, 0), p.id limit $2"
                ),
                params![me, ROWS, wall.actor, wall.right],
            )
            .await?;
        Ok(Shelved {
            icon: "person",
            tone: Tone::Plum,
            title: w.shelf_mine().to_owned(),
            all: Some((w.shelf_all().to_owned(), "/people?owner=me".to_owned())),
            rows: entries(tx, lang, ids).await?,
            empty: w.shelf_mine_empty().to_owned(),
        })
    })
}

/// Whoever came into sight last, of those who have not begun with us yet. The newest relation numbers, so that an index
/// finds them whatever the size of the house.
fn new(tx: &mut Tx, lang: Lang) -> Fut<'_, Shelved> {
    Box::pin(async move {
        let (w, permit) = (Words(lang), permit(tx)?);
        let wall = wall::of(tx, &permit).await?;
        let kinds = roles::kinds(tx).await?;
        let before: Vec<&roles::Kind> =
            kinds.iter().filter(|k| k.group == "before" && k.party == "person").collect();
        let mut ids: Vec<Near> = Vec::new();
        for kind in &before {
            let found: Vec<Near> = tx
                .all(
                    sql!(
                        "select r.person_id from party_roles r join people p on p.id = r.person_id
                         where r.kind = $1 and r.valid_to is null and p.state = 'known'
                           and (cast($3 as bigint) is null or exists (select 1 from party_roles y join reach h on h.unit_id = y.unit_id
                                where y.person_id = p.id and h.actor_id = $3 and h.right_key = $4))
                         order by r.person_id desc limit $2"
                    ),
                    params![kind.key.clone(), ROWS, wall.actor, wall.right],
                )
                .await?;
            ids.extend(found);
        }
        ids.sort_by_key(|near| std::cmp::Reverse(near.id));
        ids.dedup_by_key(|near| near.id);
        ids.truncate(ROWS as usize);
        Ok(Shelved {
            icon: "magnet",
            tone: Tone::Sun,
            title: w.shelf_new().to_owned(),
            all: before.first().map(|kind| (w.shelf_all().to_owned(), format!("/people?role={}", kind.key))),
            rows: entries(tx, lang, ids).await?,
            empty: w.shelf_new_empty().to_owned(),
        })
    })
}

/// Former students with whom there was contact last: who is warm can be asked something.
fn after(tx: &mut Tx, lang: Lang) -> Fut<'_, Shelved> {
    Box::pin(async move {
        let (w, permit) = (Words(lang), permit(tx)?);
        let wall = wall::of(tx, &permit).await?;
        let ids: Vec<Near> = tx
            .all(
                sql!(
                    "select p.id from people p where p.last_contact_at > 0 and p.state = 'known'
                       and exists (select 1 from party_roles r join role_kinds k on k.kind = r.kind
                            where r.person_id = p.id and r.valid_to is null and k.relation_group = 'after')
                       and (cast($2 as bigint) is null or exists (select 1 from party_roles y join reach h on h.unit_id = y.unit_id
                            where y.person_id = p.id and h.actor_id = $2 and h.right_key = $3))
                     order by p.last_contact_at desc, p.id desc limit $1"
                ),
                params![ROWS, wall.actor, wall.right],
            )
            .await?;
        let kinds = roles::kinds(tx).await?;
        let first = kinds
            .iter()
            .find(|k| k.group == "after" && k.derived)
            .or_else(|| kinds.iter().find(|k| k.group == "after"));
        Ok(Shelved {
            icon: "cap",
            tone: Tone::Plum,
            title: w.shelf_after().to_owned(),
            all: first.map(|kind| (w.shelf_all().to_owned(), format!("/people?role={}", kind.key))),
            rows: entries(tx, lang, ids).await?,
            empty: w.shelf_after_empty().to_owned(),
        })
    })
}

/// About whom one wrote something down last: where one left off.
fn written(tx: &mut Tx, lang: Lang) -> Fut<'_, Shelved> {
    Box::pin(async move {
        let (w, me, permit) = (Words(lang), tx.actor().id, permit(tx)?);
        let wall = wall::of(tx, &permit).await?;
        let found: Vec<(PersonId, Timestamp)> = tx
            .all(
                sql!(
                    "select n.person_id, max(n.at) from (select person_id, at from notes where actor_id = $1 order by id desc limit 50) n
                     join people p on p.id = n.person_id
                     where p.state = 'known' and (cast($3 as bigint) is null or exists (select 1 from party_roles y join reach h on h.unit_id = y.unit_id
                            where y.person_id = p.id and h.actor_id = $3 and h.right_key = $4))
                     group by n.person_id order by max(n.at) desc limit $2"
                ),
                params![me, ROWS, wall.actor, wall.right],
            )
            .await?;
        let (now, zone) = (tx.now(), tx.house().settings.zone.clone());
        let when = found.clone();
        let ids = found.into_iter().map(|(id, _)| Near { id }).collect();
        let mut rows = entries(tx, lang, ids).await?;
        for (row, (_, at)) in rows.iter_mut().zip(when) {
            row.note = dates::last(at, now, &zone, lang);
            row.exact = dates::moment(at, &zone, lang);
        }
        Ok(Shelved {
            icon: "note",
            tone: Tone::Leaf,
            title: w.shelf_written().to_owned(),
            all: None,
            rows,
            empty: w.shelf_written_empty().to_owned(),
        })
    })
}

/// The lists one kept, and those that colleagues share.
fn views(tx: &mut Tx, lang: Lang) -> Fut<'_, Shelved> {
    Box::pin(async move {
        let (w, me) = (Words(lang), tx.actor().id);
        let kept = view::of(tx, me, "people").await?;
        let entry = |kept: view::View| Entry {
            title: kept.name,
            href: format!("/people?{}", kept.query),
            text: if kept.shared { w.shelf_shared().to_owned() } else { String::new() },
            note: String::new(),
            exact: String::new(),
        };
        Ok(Shelved {
            icon: "star",
            tone: Tone::Sky,
            title: w.shelf_views().to_owned(),
            all: Some((w.people().to_owned(), "/people".to_owned())),
            rows: kept.into_iter().take(ROWS as usize).map(entry).collect(),
            empty: w.shelf_views_empty().to_owned(),
        })
    })
}

/// The organisations one keeps, silent ones first.
fn organisations(tx: &mut Tx, lang: Lang) -> Fut<'_, Shelved> {
    Box::pin(async move {
        let (w, me) = (Words(lang), tx.actor().id);
        let found: Vec<(OrganisationId, String, Option<Timestamp>, i64)> = tx
            .all(
                sql!(
                    "select o.id, o.name, o.last_contact_at,
                        (select count(distinct r.person_id) from relationships r where r.organisation_id = o.id and r.valid_to is null)
                     from organisations o where o.owner_id = $1 and o.state = 'known'
                     order by coalesce(o.last_contact_at, 0), o.id limit $2"
                ),
                params![me, ROWS],
            )
            .await?;
        let (now, zone) = (tx.now(), tx.house().settings.zone.clone());
        let entry = |(id, name, at, people): (OrganisationId, String, Option<Timestamp>, i64)| Entry {
            title: name,
            href: format!("/organisations/{id}"),
            text: w.shelf_people_there(people),
            note: at.map(|at| dates::last(at, now, &zone, lang)).unwrap_or_default(),
            exact: at.map(|at| dates::moment(at, &zone, lang)).unwrap_or_default(),
        };
        Ok(Shelved {
            icon: "building",
            tone: Tone::Sky,
            title: w.shelf_organisations().to_owned(),
            all: Some((w.organisations().to_owned(), "/organisations".to_owned())),
            rows: found.into_iter().map(entry).collect(),
            empty: w.shelf_organisations_empty().to_owned(),
        })
    })
}
