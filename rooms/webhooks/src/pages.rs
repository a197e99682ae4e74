//! The pages of webhooks, for whoever manages them.

mod edit;
mod list;
mod message;
mod show;

use std::{collections::BTreeMap, sync::Arc};

use kring_core::Result;
use kring_fetch::Client;
use kring_frame::{Route, Tx, rules::Rule};

use crate::{
    Words,
    hook::{State, Webhook},
    message::State as Came,
};

pub fn routes(client: Option<Arc<Client>>) -> Vec<Route> {
    let open = client.is_some();
    let mut routes = list::routes(open);
    routes.extend(edit::routes(client));
    routes.extend(show::routes());
    routes.extend(message::routes());
    routes
}

/// How a webhook stands, in words and as the tone of a chip.
fn standing(w: Words, webhook: &Webhook) -> (&'static str, &'static str) {
    match webhook.state {
        State::On if webhook.failing_since.is_some() => (w.state_no_answer(), "sun"),
        State::On => (w.state_on(), "leaf"),
        State::Paused => (w.state_paused(), "past"),
        State::Gone => (w.state_gone(), "coral"),
        State::Failing => (w.state_failing(), "coral"),
        State::Removed => ("", ""),
    }
}

fn came(w: Words, state: Came) -> (&'static str, &'static str) {
    match state {
        Came::Waiting => (w.message_waiting(), "sun"),
        Came::Delivered => (w.message_delivered(), "leaf"),
        Came::Failed => (w.message_failed(), "coral"),
    }
}

/// What a kind of event is called.
fn kind_name(w: Words, kind: &str) -> String {
    if kind == crate::message::TRY {
        return w.event_try().to_owned();
    }
    let word = crate::catalogue::find(kind).map(crate::catalogue::Offered::word).unwrap_or_default();
    w.find(&word).unwrap_or(kind).to_owned()
}

/// What a try came to.
fn outcome(w: Words, status: Option<i64>, fault: Option<&str>) -> String {
    match (status, fault) {
        (Some(status), _) => w.answered_with(status),
        (None, Some(fault)) => w.find(&format!("fault-{fault}")).unwrap_or(fault).to_owned(),
        (None, None) => String::new(),
    }
}

/// The segments that the actor at work may ask, by name.
async fn segments(tx: &mut Tx) -> Result<Vec<(i64, String)>> {
    let house = tx.house().clone();
    let Some(rooms) = house.rooms.segments else { return Ok(Vec::new()) };
    let saved: BTreeMap<i64, Rule> = (rooms.saved)(tx).await?.into_iter().collect();
    let mut named = Vec::new();
    for (id, rule) in &saved {
        if house.rooms.facts.may_ask(tx.actor(), &saved, rule) {
            named.push((*id, (rooms.name)(tx, *id).await?.unwrap_or_default()));
        }
    }
    named.sort_by_key(|(id, name)| (name.to_lowercase(), *id));
    Ok(named)
}
