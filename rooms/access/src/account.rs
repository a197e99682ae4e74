use jiff::SignedDuration;
use kring_core::{Error, Lang, Result, Timestamp, Token};
use kring_db::stored;
use kring_frame::{ActorId, Deed, Mark, Permit, Purpose, Tx, UnitId, params, record, sql};
use kring_lang::names::fold;
use kring_people::contact::{self, Kind};

use crate::{PasswordHash, grants, link, roles, say, session};

stored! {
    pub enum AccountState {
        /// Has a link and no password yet.
        Invited = "invited",
        Active = "active",
        /// Cannot sign in; what it did stays in its name.
        Disabled = "disabled",
    }
}

record! {
    #[derive(Clone, Debug)]
    pub struct Account {
        pub id: ActorId,
        pub name: String,
        pub email: String,
        /// Where it belongs: who manages this unit manages the account.
        pub unit: UnitId,
        pub lang: Option<Lang>,
        pub state: AccountState,
        pub created_at: Timestamp,
        pub signed_in_at: Option<Timestamp>,
    }
}

/// A colleague who is to have an account.
#[derive(Clone, Debug)]
pub struct NewAccount<'a> {
    pub name: &'a str,
    pub email: &'a str,
    pub unit: UnitId,
    pub lang: Option<Lang>,
}

/// How long somebody has to follow the link of an invitation or a new password.
const LINK_LIFE: SignedDuration = SignedDuration::from_hours(72);

pub(crate) fn email_key(email: &str) -> String {
    contact::canonical(Kind::Email, email)
}

fn sort_key(name: &str, email: &str) -> String {
    format!("{} {}", fold(name), email_key(email))
}

/// Makes an account: active with a password, invited without. One address is one account.
pub async fn add_account(
    tx: &mut Tx,
    new: &NewAccount<'_>,
    password: Option<&PasswordHash>,
) -> Result<ActorId> {
    add(tx, new, password, false).await
}

/// An account of the demo institution, with a role. All of them share one hash, so that making twenty costs one
/// hashing. Outside a demo house such an account opens nothing, whatever became of its file.
pub async fn demo_account(
    tx: &mut Tx,
    name: &str,
    email: &str,
    password: &PasswordHash,
    role: &str,
    unit: UnitId,
) -> Result<ActorId> {
    let id = add(tx, &NewAccount { name, email, unit, lang: None }, Some(password), true).await?;
    grants::grant(tx, id, role, unit).await?;
    Ok(id)
}

async fn add(
    tx: &mut Tx,
    new: &NewAccount<'_>,
    password: Option<&PasswordHash>,
    demo: bool,
) -> Result<ActorId> {
    let state = if password.is_some() { AccountState::Active } else { AccountState::Invited };
    let now = tx.now();
    let (id,): (ActorId,) = tx
        .one(sql!("insert into actors (kind, name) values ('staff', $1) returning id"), params![new.name])
        .await?;
    let made = tx
        .run(
            sql!(
                "insert into accounts (actor_id, unit_id, email, email_key, sort_key, password, lang, state, demo, created_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (email_key) do nothing"
            ),
            params![
                id,
                new.unit,
                new.email.trim(),
                email_key(new.email),
                sort_key(new.name, new.email),
                password.map(PasswordHash::stored),
                new.lang,
                state,
                demo,
                now
            ],
        )
        .await?;
    if made == 1 { Ok(id) } else { Err(Error::field("email", say::email_known())) }
}

/// Invites a colleague: an account with a role, and the link that is shown once.
pub(crate) async fn invite(
    tx: &mut Tx,
    permit: &Permit,
    new: &NewAccount<'_>,
    role: &str,
) -> Result<(ActorId, Token)> {
    let id = add_account(tx, new, None).await?;
    tx.trail(Mark::changed(permit, "account").subject(id.get()).detail("invited")).await?;
    grants::give(tx, permit, id, role, new.unit).await?;
    let token = link::make(tx, link::Purpose::Password, Some(id), LINK_LIFE).await?;
    Ok((id, token))
}

/// A new link to choose a password, instead of those before: for whoever lost the invitation or the password.
pub(crate) async fn new_link(tx: &mut Tx, permit: &Permit, id: ActorId) -> Result<Token> {
    let account = managed(tx, permit, id).await?;
    if account.state == AccountState::Disabled {
        return Err(Error::Conflict(say::account_disabled()));
    }
    tx.trail(Mark::changed(permit, "account").subject(id.get()).detail("link")).await?;
    link::make(tx, link::Purpose::Password, Some(id), LINK_LIFE).await
}

/// An account, for whoever it concerns or for who has proved to be it.
pub(crate) async fn load(tx: &mut Tx, id: ActorId) -> Result<Account> {
    tx.one(
        sql!(
            "select a.actor_id, n.name, a.email, a.unit_id, a.lang, a.state, a.created_at, a.signed_in_at
             from accounts a join actors n on n.id = a.actor_id where a.actor_id = $1"
        ),
        params![id],
    )
    .await
}

/// An account that this permit may manage: its unit and every unit in which it has a role lie within reach.
/// Whoever manages one school would otherwise make a new link for a colleague with a role over all schools, and
/// sign in as them. Any other account is not found, just like one that was never made.
pub(crate) async fn managed(tx: &mut Tx, permit: &Permit, id: ActorId) -> Result<Account> {
    tx.one(
        sql!(
            "select a.actor_id, n.name, a.email, a.unit_id, a.lang, a.state, a.created_at, a.signed_in_at
             from accounts a
             join actors n on n.id = a.actor_id
             join reach r on r.actor_id = $1 and r.right_key = $2 and r.unit_id = a.unit_id
             where a.actor_id = $3
               and not exists (select 1 from role_grants g where g.account_id = a.actor_id and not exists
                   (select 1 from reach s where s.actor_id = $1 and s.right_key = $2 and s.unit_id = g.unit_id))"
        ),
        params![permit.actor(), permit.right(), id],
    )
    .await
}

record! {
    /// A line of the list of staff.
    #[derive(Clone, Debug)]
    pub(crate) struct Listed {
        pub id: ActorId,
        pub name: String,
        pub email: String,
        pub state: AccountState,
        pub roles: Option<String>,
        pub unit: UnitId,
        pub signed_in_at: Option<Timestamp>,
        pub sort_key: String,
    }
}

/// A page of the accounts that this permit may manage, by name, from just after `after`.
pub(crate) async fn list(
    tx: &mut Tx,
    permit: &Permit,
    words: &str,
    after: Option<(String, ActorId)>,
    most: u32,
) -> Result<Vec<Listed>> {
    let (key, id) = after.unwrap_or_else(|| (String::new(), ActorId::new(0)));
    tx.all(
        sql!(
            "select a.actor_id, n.name, a.email, a.state,
                    (select string_agg(k.role, ' ') from (select distinct g.role from role_grants g
                       where g.account_id = a.actor_id order by g.role) k),
                    a.unit_id, a.signed_in_at, a.sort_key
             from accounts a
             join actors n on n.id = a.actor_id
             join reach r on r.actor_id = $1 and r.right_key = $2 and r.unit_id = a.unit_id
             where (a.sort_key, a.actor_id) > ($3, $4) and a.sort_key like $5 escape '\\'
               and not exists (select 1 from role_grants g where g.account_id = a.actor_id and not exists
                   (select 1 from reach s where s.actor_id = $1 and s.right_key = $2 and s.unit_id = g.unit_id))
             order by a.sort_key, a.actor_id limit $6"
        ),
        params![permit.actor(), permit.right(), key, id, pattern(words), most],
    )
    .await
}

/// What somebody typed, as a part of a text; its own percent signs mean themselves.
fn pattern(words: &str) -> String {
    let mut pattern = String::from("%");
    for c in fold(words).chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// Sets a password by a link, and so activates; every link and every session of before is over.
pub(crate) async fn set_password(tx: &mut Tx, id: ActorId, password: &PasswordHash) -> Result<()> {
    replace_password(tx, id, password, None).await
}

/// Changes one's own password; the session in which it is done goes on, all others end.
pub(crate) async fn change_password(
    tx: &mut Tx,
    id: ActorId,
    password: &PasswordHash,
    here: i64,
) -> Result<()> {
    replace_password(tx, id, password, Some(here)).await
}

async fn replace_password(
    tx: &mut Tx,
    id: ActorId,
    password: &PasswordHash,
    here: Option<i64>,
) -> Result<()> {
    let set = tx
        .run(
            sql!("update accounts set password = $2, state = 'active' where actor_id = $1 and state <> 'disabled'"),
            params![id, password.stored()],
        )
        .await?;
    if set == 0 {
        return Err(Error::Gone);
    }
    link::void(tx, id).await?;
    session::end_all(tx, id, here).await?;
    tx.trail(own_change().subject(id.get()).detail("password")).await
}

/// What somebody does to their own account needs no right.
fn own_change() -> Mark {
    Mark::of(Deed::Changed, Purpose::Operations, "account")
}

/// The stored hash, for comparing.
pub(crate) async fn password(tx: &mut Tx, id: ActorId) -> Result<Option<String>> {
    let (stored,) = tx.one(sql!("select password from accounts where actor_id = $1"), params![id]).await?;
    Ok(stored)
}

/// One's own name.
pub(crate) async fn rename(tx: &mut Tx, id: ActorId, name: &str) -> Result<()> {
    let account = load(tx, id).await?;
    tx.run(sql!("update actors set name = $2 where id = $1"), params![id, name]).await?;
    tx.run(
        sql!("update accounts set sort_key = $2 where actor_id = $1"),
        params![id, sort_key(name, &account.email)],
    )
    .await?;
    tx.trail(own_change().subject(id.get()).detail("name")).await
}

pub(crate) async fn set_lang(tx: &mut Tx, id: ActorId, lang: Lang) -> Result<()> {
    tx.run(sql!("update accounts set lang = $2 where actor_id = $1"), params![id, lang]).await.map(drop)
}

/// Closes an account: its sessions and links are over at once, its reach is empty, its roles stay for a return.
pub(crate) async fn disable(tx: &mut Tx, permit: &Permit, id: ActorId) -> Result<()> {
    managed(tx, permit, id).await?;
    if id == permit.actor() {
        return Err(Error::Conflict(say::own_account()));
    }
    tx.run(sql!("update accounts set state = 'disabled' where actor_id = $1"), params![id]).await?;
    link::void(tx, id).await?;
    session::end_all(tx, id, None).await?;
    grants::renew(tx, id).await?;
    grants::keep_an_admin(tx).await?;
    tx.trail(Mark::changed(permit, "account").subject(id.get()).detail("disabled")).await
}

/// Opens a closed account. Without a password it waits for a link again.
pub(crate) async fn enable(tx: &mut Tx, permit: &Permit, id: ActorId) -> Result<()> {
    managed(tx, permit, id).await?;
    tx.run(
        sql!(
            "update accounts set state = case when password is null then 'invited' else 'active' end
             where actor_id = $1 and state = 'disabled'"
        ),
        params![id],
    )
    .await?;
    grants::renew(tx, id).await?;
    tx.trail(Mark::changed(permit, "account").subject(id.get()).detail("enabled")).await
}

pub(crate) async fn is_anybody(tx: &mut Tx) -> Result<bool> {
    let (found,): (bool,) = tx.one(sql!("select exists (select 1 from accounts)"), params![]).await?;
    Ok(found)
}

/// The demo institution's accounts with their first role: name, address, role, unit.
pub(crate) async fn demos(tx: &mut Tx) -> Result<Vec<(String, String, String, UnitId)>> {
    tx.all(
        sql!(
            "select n.name, a.email, (select min(g.role) from role_grants g where g.account_id = a.actor_id), a.unit_id
             from accounts a join actors n on n.id = a.actor_id
             where a.demo and a.state = 'active' order by a.actor_id limit 20"
        ),
        params![],
    )
    .await
}

/// Whether a role is one of ours, as a fault beside the field otherwise.
pub(crate) fn known_role(role: &str) -> Result<&'static roles::Role> {
    roles::find(role).ok_or_else(|| Error::field("role", say::role_unknown()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_searched_literally() {
        assert_eq!(pattern("Søren 100%"), "%soren 100\\%%");
        assert_eq!(pattern("a_b\\"), "%a\\_b\\\\%");
        assert_eq!(pattern(""), "%%");
    }
}
