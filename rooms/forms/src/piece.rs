//! A piece is what is built here: a form or a landing page. Both have a draft that can be undone step by step, versions that
//! the public sees, and an address; so both share these verbs, and only their plans differ.

use kring_core::{Error, Id, Result, Timestamp, Token};
use kring_db::stored;
use kring_frame::{About, FormChanged, Mark, Permit, Tx, UnitId, params, record, sql};
use kring_lang::names::fold;
use serde::{Serialize, de::DeserializeOwned};

use crate::say;

stored! {
    pub enum Kind {
        Form = "form",
        Page = "page",
    }
}

stored! {
    pub enum State {
        /// Never published.
        Draft = "draft",
        Live = "live",
        /// Taken back.
        Closed = "closed",
    }
}

record! {
    #[derive(Clone, Debug)]
    pub struct Piece {
        pub id: Id<Piece>,
        pub kind: Kind,
        pub name: String,
        pub slug: String,
        pub unit: UnitId,
        pub state: State,
        pub version: i64,
        pub draft: i64,
        pub fields: i64,
        pub by: String,
        pub changed_at: Timestamp,
    }
}

impl Piece {
    /// Where the public finds it, on our site.
    pub fn path(&self) -> String {
        match self.kind {
            Kind::Form => format!("/f/{}", self.slug),
            Kind::Page => format!("/p/{}", self.slug),
        }
    }

    /// Where colleagues work on it.
    pub fn desk(&self) -> String {
        match self.kind {
            Kind::Form => format!("/forms/{}", self.id),
            Kind::Page => format!("/pages/{}", self.id),
        }
    }
}

/// What a piece of one kind is made of, as it is kept.
pub trait Built: Serialize + DeserializeOwned + Clone + PartialEq + Send + Sync {
    const KIND: Kind;

    /// The highest number that a field of it has.
    fn highest(&self) -> i64 {
        0
    }
}

/// All of a kind, by name; those that were taken back last.
pub async fn all(tx: &mut Tx, kind: Kind) -> Result<Vec<Piece>> {
    tx.all(
        sql!(
            "select p.id, p.kind, p.name, p.slug, p.unit_id, p.state, p.version, p.draft, p.fields, a.name, p.changed_at
             from form_pieces p join actors a on a.id = p.actor_id where p.kind = $1
             order by case p.state when 'closed' then 1 else 0 end, lower(p.name), p.id"
        ),
        params![kind],
    )
    .await
}

pub async fn one(tx: &mut Tx, kind: Kind, id: Id<Piece>) -> Result<Piece> {
    tx.one(
        sql!(
            "select p.id, p.kind, p.name, p.slug, p.unit_id, p.state, p.version, p.draft, p.fields, a.name, p.changed_at
             from form_pieces p join actors a on a.id = p.actor_id where p.id = $1 and p.kind = $2"
        ),
        params![id, kind],
    )
    .await
}

/// By its address.
pub async fn find(tx: &mut Tx, kind: Kind, slug: &str) -> Result<Option<Piece>> {
    tx.maybe(
        sql!(
            "select p.id, p.kind, p.name, p.slug, p.unit_id, p.state, p.version, p.draft, p.fields, a.name, p.changed_at
             from form_pieces p join actors a on a.id = p.actor_id where p.slug = $1 and p.kind = $2"
        ),
        params![slug, kind],
    )
    .await
}

/// One that the actor at work may change: it is of a unit in which the right holds.
pub async fn mine(tx: &mut Tx, permit: &Permit, kind: Kind, id: Id<Piece>) -> Result<Piece> {
    let piece = one(tx, kind, id).await?;
    if is_mine(tx, permit, &piece) { Ok(piece) } else { Err(Error::Forbidden) }
}

pub fn is_mine(tx: &Tx, permit: &Permit, piece: &Piece) -> bool {
    tx.actor().units_of(permit).contains(&piece.unit)
}

/// A new one, as a draft, at an address made of its name.
pub async fn make<P: Built>(
    tx: &mut Tx,
    permit: &Permit,
    unit: UnitId,
    name: &str,
    plan: &P,
) -> Result<Id<Piece>> {
    let (now, actor, slug, fields) = (tx.now(), tx.actor().id, free_slug(tx, name).await?, plan.highest());
    let (id,): (Id<Piece>,) = tx
        .one(
            sql!(
                "insert into form_pieces (kind, name, slug, unit_id, state, version, draft, fields, actor_id, made_at, changed_at)
                 values ($1, $2, $3, $4, 'draft', 0, 0, $5, $6, $7, $7) returning id"
            ),
            params![P::KIND, name, slug, unit, fields, actor, now],
        )
        .await?;
    keep(tx, id, 0, fields, plan).await?;
    tx.trail(Mark::changed(permit, "form").subject(id.get()).detail("made")).await?;
    Ok(id)
}

/// "Open dag 2027!" as `open-dag-2027`, with a number where that is taken. A name without Latin letters gets random ones: an
/// address has to be said on the phone.
async fn free_slug(tx: &mut Tx, name: &str) -> Result<String> {
    let mut slug = slug_of(name);
    if slug.is_empty() {
        let token = Token::new(&tx.house().chance).reveal().to_lowercase();
        slug = token.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
    }
    let mut free = slug.clone();
    for n in 2..200 {
        let taken: Option<(i64,)> =
            tx.maybe(sql!("select id from form_pieces where slug = $1"), params![&free]).await?;
        if taken.is_none() {
            return Ok(free);
        }
        free = format!("{slug}-{n}");
    }
    Err(Error::Conflict(say::slug_taken()))
}

pub const LONGEST_SLUG: usize = 60;

fn slug_of(name: &str) -> String {
    let mut slug = String::new();
    for c in fold(name).chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.chars().take(LONGEST_SLUG).collect::<String>().trim_end_matches('-').to_owned()
}

/// Whether a text can be an address: as [`free_slug`] makes them, and none of ours.
pub fn is_slug(slug: &str) -> bool {
    !slug.is_empty() && slug.len() <= LONGEST_SLUG && slug_of(slug) == slug
}

/// Another name, address or unit. The old address leads nowhere from then on, which the page says beforehand; what was answered
/// stays with the unit that asked.
pub async fn rename(
    tx: &mut Tx,
    permit: &Permit,
    kind: Kind,
    id: Id<Piece>,
    name: &str,
    slug: &str,
    unit: UnitId,
) -> Result<()> {
    mine(tx, permit, kind, id).await?;
    if !tx.actor().units_of(permit).contains(&unit) {
        return Err(Error::NotFound);
    }
    let taken: Option<(i64,)> =
        tx.maybe(sql!("select id from form_pieces where slug = $1 and id <> $2"), params![slug, id]).await?;
    if taken.is_some() {
        return Err(Error::field("slug", say::slug_taken()));
    }
    let now = tx.now();
    tx.run(
        sql!("update form_pieces set name = $2, slug = $3, unit_id = $4, changed_at = $5 where id = $1"),
        params![id, name, slug, unit, now],
    )
    .await?;
    tx.trail(Mark::changed(permit, "form").subject(id.get()).detail("named")).await
}

/// The plan that is being worked on.
pub async fn draft<P: Built>(tx: &mut Tx, piece: &Piece) -> Result<P> {
    let (text,): (String,) = tx
        .one(
            sql!("select plan from form_drafts where piece_id = $1 and no = $2"),
            params![piece.id, piece.draft],
        )
        .await?;
    serde_json::from_str(&text).map_err(Error::broken)
}

/// Puts another plan in the place of the draft. `before` is the draft that the editor saw; `change` gets the number that a new
/// field would have.
pub async fn change<P: Built>(
    tx: &mut Tx,
    permit: &Permit,
    id: Id<Piece>,
    before: i64,
    change: impl FnOnce(&mut P, i64) -> Result<()>,
) -> Result<P> {
    let piece = mine(tx, permit, P::KIND, id).await?;
    if piece.draft != before {
        return Err(Error::Conflict(say::draft_meanwhile()));
    }
    let mut plan: P = draft(tx, &piece).await?;
    let new = piece.fields + 1;
    change(&mut plan, new)?;
    // A number is used up once a draft had it, also when that draft is undone: given twice, it would read an old answer as one to
    // another question.
    keep(tx, id, piece.draft, piece.fields.max(plan.highest()), &plan).await?;
    Ok(plan)
}

/// Writes a plan down as the draft after `before`; those that had been undone are gone.
async fn keep<P: Built>(tx: &mut Tx, id: Id<Piece>, before: i64, fields: i64, plan: &P) -> Result<()> {
    let (now, actor) = (tx.now(), tx.actor().id);
    let text = serde_json::to_string(plan).map_err(Error::broken)?;
    let no = before + 1;
    tx.run(sql!("delete from form_drafts where piece_id = $1 and no >= $2"), params![id, no]).await?;
    tx.run(
        sql!("insert into form_drafts (piece_id, no, plan, actor_id, at) values ($1, $2, $3, $4, $5)"),
        params![id, no, text, actor, now],
    )
    .await?;
    let done = tx
        .run(
            sql!(
                "update form_pieces set draft = $2, changed_at = $3, fields = $4 where id = $1 and draft = $5"
            ),
            params![id, no, now, fields, before],
        )
        .await?;
    if done == 1 { Ok(()) } else { Err(Error::Conflict(say::draft_meanwhile())) }
}

/// One step back, or forward again.
pub async fn undo(tx: &mut Tx, permit: &Permit, kind: Kind, id: Id<Piece>, back: bool) -> Result<()> {
    let piece = mine(tx, permit, kind, id).await?;
    let to = if back { piece.draft - 1 } else { piece.draft + 1 };
    let now = tx.now();
    let done = tx
        .run(
            sql!(
                "update form_pieces set draft = $2, changed_at = $3 where id = $1
                   and exists (select 1 from form_drafts d where d.piece_id = $1 and d.no = $2)"
            ),
            params![id, to, now],
        )
        .await?;
    if done == 1 { Ok(()) } else { Err(Error::Conflict(say::nothing_to_undo())) }
}

/// Whether there is a draft to go back to, and one to go forward to.
pub async fn can_undo(tx: &mut Tx, piece: &Piece) -> Result<(bool, bool)> {
    let (back, on): (i64, i64) = tx
        .one(
            sql!(
                "select count(*) filter (where no = $2 - 1), count(*) filter (where no = $2 + 1)
                 from form_drafts where piece_id = $1"
            ),
            params![piece.id, piece.draft],
        )
        .await?;
    Ok((back > 0, on > 0))
}

/// A published plan.
pub async fn version<P: Built>(tx: &mut Tx, id: Id<Piece>, version: i64) -> Result<P> {
    let (text,): (String,) = tx
        .one(
            sql!("select plan from form_versions where piece_id = $1 and version = $2"),
            params![id, version],
        )
        .await?;
    serde_json::from_str(&text).map_err(Error::broken)
}

record! {
    /// A version on the page of versions.
    #[derive(Clone, Debug)]
    pub struct Published {
        pub version: i64,
        pub by: String,
        pub at: Timestamp,
        pub answers: i64,
    }
}

/// What was published, newest first, with how many answers each has.
pub async fn versions(tx: &mut Tx, id: Id<Piece>) -> Result<Vec<Published>> {
    tx.all(
        sql!(
            "select v.version, a.name, v.at,
                    (select count(*) from form_answers n where n.form_id = v.piece_id and n.version = v.version and n.state = 'counted')
             from form_versions v join actors a on a.id = v.actor_id where v.piece_id = $1 order by v.version desc"
        ),
        params![id],
    )
    .await
}

/// Makes the draft the version that the public sees. Whoever calls has looked whether it may be.
pub async fn publish<P: Built>(tx: &mut Tx, permit: &Permit, piece: &Piece, plan: &P) -> Result<i64> {
    let (now, actor, version) = (tx.now(), tx.actor().id, piece.version + 1);
    let text = serde_json::to_string(plan).map_err(Error::broken)?;
    tx.run(
        sql!("insert into form_versions (piece_id, version, plan, actor_id, at) values ($1, $2, $3, $4, $5)"),
        params![piece.id, version, text, actor, now],
    )
    .await?;
    tx.run(
        sql!("update form_pieces set version = $2, state = 'live', changed_at = $3 where id = $1"),
        params![piece.id, version, now],
    )
    .await?;
    told(tx, permit, piece, version, State::Live).await?;
    Ok(version)
}

/// Takes it back, or puts the version that was last published before the public again.
pub async fn set_state(tx: &mut Tx, permit: &Permit, kind: Kind, id: Id<Piece>, to: State) -> Result<()> {
    let piece = mine(tx, permit, kind, id).await?;
    if piece.version == 0 || to == State::Draft {
        return Err(Error::Conflict(say::not_published_yet()));
    }
    let now = tx.now();
    tx.run(sql!("update form_pieces set state = $2, changed_at = $3 where id = $1"), params![id, to, now])
        .await?;
    told(tx, permit, &piece, piece.version, to).await
}

async fn told(tx: &mut Tx, permit: &Permit, piece: &Piece, version: i64, to: State) -> Result<()> {
    let detail = format!("{to},version={version}");
    tx.trail(Mark::changed(permit, "form").subject(piece.id.get()).detail(detail)).await?;
    let about = About::default().in_unit(piece.unit).subject(piece.id.get());
    tx.tell(about, &FormChanged { version, state: to.to_string() }).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_can_be_said_on_the_phone() {
        assert_eq!(slug_of("Open dag 2027!"), "open-dag-2027");
        assert_eq!(slug_of("  Één vraag — aan een student  "), "een-vraag-aan-een-student");
        assert_eq!(slug_of("مرحبا"), "");
        assert!(
            is_slug("open-dag") && !is_slug("Open dag") && !is_slug("-a") && !is_slug("a/b") && !is_slug("")
        );
        assert!(!is_slug(&"a".repeat(61)));
    }
}
