//! Hands that want to write something down at the same moment write it together: one commit is one flush of the disk, whether
//! for one message or for thirty. Whoever comes while a transaction is under way goes with the next; nobody waits for company.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use kring_core::{Error, Result};
use kring_frame::{Actor, House};
use tokio::sync::oneshot;

use crate::{
    fate::{self, Settled},
    gate::{Ask, At, Gate, gates},
};

#[derive(Default)]
pub(crate) struct Turnstile {
    waiting: Mutex<Vec<Entry>>,
    turn: tokio::sync::Mutex<()>,
}

/// What one hand brings: what became of what it had, and what it wants to hand over next. The first is written before the second
/// is decided, and in one transaction with it, so a connection never has two messages at `data`.
struct Entry {
    settled: Vec<Settled>,
    ask: Option<Ask>,
    answer: oneshot::Sender<Result<Gate>>,
}

impl Turnstile {
    /// Writes down, and asks. What became of a message must not get lost for a database that is busy for a moment, so that is
    /// tried again; if it does get lost all the same, the message becomes doubtful, which is true.
    pub(crate) async fn pass(
        &self,
        house: &House,
        at: &At<'_>,
        settled: Vec<Settled>,
        ask: Option<Ask>,
    ) -> Result<Gate> {
        if settled.is_empty() && ask.is_none() {
            return Ok(Gate::Shut);
        }
        let (answer, mut wait) = oneshot::channel();
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(Entry { settled, ask, answer });
        let _turn = self.turn.lock().await;
        // Somebody may have taken us along.
        if let Ok(answered) = wait.try_recv() {
            return answered;
        }
        self.go(house, at).await;
        wait.await.map_err(|_| Error::broken("whoever went through the gate with us did not come back"))?
    }

    async fn go(&self, house: &House, at: &At<'_>) {
        // Begun first: whoever comes while we wait for the database still goes along.
        let begun = house.write(&Actor::robot()).await;
        let entries = std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        let done = match begun {
            Ok(tx) => together(tx, at, &entries).await,
            Err(why) => Err(why),
        };
        match done {
            Ok(gates) => {
                for (entry, gate) in entries.into_iter().zip(gates) {
                    let _ = entry.answer.send(Ok(gate));
                }
            }
            Err(why) => {
                tracing::warn!(event = "gate_one_by_one", reason = %why);
                for entry in entries {
                    let done = alone(house, at, &entry).await;
                    let _ = entry.answer.send(done);
                }
            }
        }
    }
}

async fn together(mut tx: kring_frame::Tx, at: &At<'_>, entries: &[Entry]) -> Result<Vec<Gate>> {
    let settled: Vec<&Settled> = entries.iter().flat_map(|entry| &entry.settled).collect();
    fate::settle(&mut tx, &settled).await?;
    let asks: Vec<&Ask> = entries.iter().filter_map(|entry| entry.ask.as_ref()).collect();
    let mut answers = if asks.is_empty() { Vec::new() } else { gates(&mut tx, at, &asks).await? }.into_iter();
    tx.commit().await?;
    let answer = |entry: &Entry| entry.ask.as_ref().and_then(|_| answers.next()).unwrap_or(Gate::Shut);
    Ok(entries.iter().map(answer).collect())
}

/// What cannot be written for one must not be lost for the others.
async fn alone(house: &House, at: &At<'_>, entry: &Entry) -> Result<Gate> {
    let mut last = Err(Error::broken("not tried"));
    for _ in 0..5 {
        last = match house.write(&Actor::robot()).await {
            Ok(tx) => together(tx, at, std::slice::from_ref(entry)).await,
            Err(why) => Err(why),
        };
        if last.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    Ok(last?.into_iter().next().unwrap_or(Gate::Shut))
}
