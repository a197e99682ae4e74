//! The wall between legal entities. All departments of one entity share who somebody is. A colleague whose right holds
//! only within another entity (a fund, an association) sees those who have a role there, and nobody else, unless an
//! arrangement for the purpose was registered; to them everybody else is not there at all.

use kring_core::{Error, Result};
use kring_frame::{
    ActorId, OrganisationId, Permit, PersonId, Tx, params,
    rules::{Held, Role, Rule, Test},
    sql,
};
use kring_lang::dates;

use crate::units;

/// What a statement needs to hold the wall up: two binds, both empty where there is none.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wall {
    pub actor: Option<ActorId>,
    pub right: Option<&'static str>,
}

/// The wall that this permit stands behind.
pub async fn of(tx: &mut Tx, permit: &Permit) -> Result<Wall> {
    let all = units::all(tx).await?;
    let Some(main) = all.iter().find(|u| u.parent.is_none()).and_then(|top| units::controller(&all, top.id))
    else {
        return Ok(Wall::default());
    };
    if !all.iter().any(|u| u.legal_entity && u.id != main) {
        return Ok(Wall::default());
    }
    let mine: Vec<_> =
        tx.actor().units_of(permit).iter().filter_map(|unit| units::controller(&all, *unit)).collect();
    // The house itself has no units; what it does is bounded by the verb it carries out.
    if mine.is_empty() || mine.contains(&main) {
        return Ok(Wall::default());
    }
    let today = dates::date_of(tx.now(), &tx.house().settings.zone);
    for to in &mine {
        let shared: Option<(i64,)> = tx
            .maybe(
                sql!(
                    "select id from arrangements where from_unit = $1 and to_unit = $2 and valid_from <= $3
                       and (valid_to is null or valid_to >= $3) and ' ' || purposes || ' ' like '% ' || $4 || ' %' limit 1"
                ),
                params![main, *to, today, permit.purpose()],
            )
            .await?;
        if shared.is_some() {
            return Ok(Wall::default());
        }
    }
    Ok(Wall { actor: Some(permit.actor()), right: Some(permit.right()) })
}

/// The wall as a rule, for whoever stands behind one: what is counted and drawn for them is counted among those they see.
pub async fn rule(tx: &mut Tx, permit: &Permit) -> Result<Option<Rule>> {
    if of(tx, permit).await?.actor.is_none() {
        return Ok(None);
    }
    let places = tx.actor().units_of(permit).iter().map(ToString::to_string).collect();
    let held = Held::During { from: None, to: None };
    Ok(Some(Rule::fact("role", Test::Role(Role { kinds: Vec::new(), places, held }))))
}

/// `NotFound` for somebody behind the wall, as for a number that nobody has.
pub async fn person(tx: &mut Tx, permit: &Permit, id: PersonId) -> Result<()> {
    let wall = of(tx, permit).await?;
    if wall.actor.is_none() {
        return Ok(());
    }
    let found: Option<(i64,)> = tx
        .maybe(
            sql!(
                "select x.id from party_roles x join reach h on h.unit_id = x.unit_id
                 where x.person_id = $1 and h.actor_id = $2 and h.right_key = $3 limit 1"
            ),
            params![id, wall.actor, wall.right],
        )
        .await?;
    if found.is_some() { Ok(()) } else { Err(Error::NotFound) }
}

/// The same for an organisation.
pub async fn organisation(tx: &mut Tx, permit: &Permit, id: OrganisationId) -> Result<()> {
    let wall = of(tx, permit).await?;
    if wall.actor.is_none() {
        return Ok(());
    }
    let found: Option<(i64,)> = tx
        .maybe(
            sql!(
                "select x.id from party_roles x join reach h on h.unit_id = x.unit_id
                 where x.organisation_id = $1 and h.actor_id = $2 and h.right_key = $3 limit 1"
            ),
            params![id, wall.actor, wall.right],
        )
        .await?;
    if found.is_some() { Ok(()) } else { Err(Error::NotFound) }
}
