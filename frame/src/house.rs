use std::{
    ops::Deref,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use jiff::tz::TimeZone;
use kring_core::{Chance, Clock, Result, Secret};
use kring_db::Db;
use kring_work::Crew;
use tokio::sync::watch;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    Actor, Chore, Fut, Gate, Tx, audience, audience::Audiences, hear, hear::Round, kept::Kept, room::Rooms,
};

/// How soon after it found nothing a chore looks again when the doorbell rings: at first, and when nothing was ever for it.
const OFTEN: Duration = Duration::from_millis(5);
const SELDOM: Duration = Duration::from_millis(80);

/// What an institution has set, as far as rooms need to know.
#[derive(Clone)]
pub struct Settings {
    /// Where the site is reached, without a slash at the end: `https://kring.example`.
    pub site: String,
    pub institution: String,
    pub zone: TimeZone,
    pub trail_key: Secret<[u8; 32]>,
    /// The folder for what the database could give back, kept so that a start is quick; without, nothing is.
    pub keep: Option<std::path::PathBuf>,
    /// The demo institution: its accounts and the mail drawer are shown on the sign-in page.
    pub demo: bool,
    /// Reverse proxies whose `X-Forwarded-For` is believed.
    pub proxies: Vec<std::net::IpAddr>,
}

/// Everything that a request, a job or a handler works with. Cheap to clone; holds no state that the
/// database could not give back.
#[derive(Clone)]
pub struct House(Arc<Inner>);

pub struct Inner {
    pub db: Db,
    pub clock: Clock,
    pub chance: Chance,
    pub settings: Settings,
    pub rooms: Rooms,
    pub doorbell: Doorbell,
    /// Counts that take long.
    pub kept: Kept,
    /// Who fits which rule.
    pub audience: Audiences,
    pub(crate) round: Mutex<Round>,
    tasks: TaskTracker,
    stop: CancellationToken,
    draining: AtomicBool,
}

impl Deref for House {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl House {
    pub fn new(db: Db, clock: Clock, chance: Chance, settings: Settings, rooms: Rooms) -> Self {
        Self(Arc::new(Inner {
            db,
            clock,
            chance,
            settings,
            rooms,
            doorbell: Doorbell::default(),
            kept: Kept::default(),
            audience: Audiences::default(),
            round: Mutex::default(),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
            draining: AtomicBool::new(false),
        }))
    }

    /// A session for looking, by somebody.
    pub async fn read(&self, actor: &Actor) -> Result<Tx> {
        Ok(Tx::new(self.db.read().await?, self.clone(), actor.clone()))
    }

    /// A transaction, by somebody.
    pub async fn write(&self, actor: &Actor) -> Result<Tx> {
        Ok(Tx::new(self.db.write().await?, self.clone(), actor.clone()))
    }

    /// As [`Self::write`], for a few statements that somebody waits for; such writes share a flush of the disk.
    pub async fn write_short(&self, actor: &Actor) -> Result<Tx> {
        Ok(Tx::new(self.db.write_short().await?, self.clone(), actor.clone()))
    }

    pub fn gate(&self) -> Option<&Arc<dyn Gate>> {
        self.rooms.gate.as_ref()
    }

    /// Hearing the log and the crew's jobs, as chores beside the rooms' own.
    pub fn chores(&self) -> Vec<Chore> {
        let mut chores = vec![audience::chore(), hear::chore()];
        chores.push(Chore::new("jobs", 2, |house: House| -> Fut<'static, bool> {
            Box::pin(async move { house.crew().step(&house.db, &house).await })
        }));
        chores.extend(self.rooms.chores.iter().cloned());
        chores
    }

    fn crew(&self) -> &Crew<House> {
        &self.rooms.crew
    }

    /// Starts every chore: each goes on as long as there is something to do, then waits for the doorbell or
    /// a second to pass, whichever is first.
    pub fn start_chores(&self) {
        for chore in self.chores() {
            for _ in 0..chore.hands {
                let (house, chore) = (self.clone(), chore.clone());
                self.tend(async move {
                    let mut bell = house.doorbell.listen();
                    let mut pause = OFTEN;
                    while !house.stop.is_cancelled() {
                        let looked = Instant::now();
                        match (chore.step)(house.clone()).await {
                            Ok(true) => {
                                pause = OFTEN;
                                continue;
                            }
                            Ok(false) => {}
                            Err(why) => {
                                tracing::warn!(event = "chore_failed", chore = chore.name, reason = %why);
                            }
                        }
                        tokio::select! {
                            () = house.stop.cancelled() => break,
                            _ = bell.changed() => {}
                            () = tokio::time::sleep(Duration::from_secs(1)) => {}
                        }
                        // A house at work rings hundreds of times a second, and each ring would have every chore ask the
                        // database whether it is meant. The first after a silence is heard at once, those right behind it
                        // together, by a chore for which there is never anything ever less often.
                        let rest = pause.saturating_sub(looked.elapsed());
                        pause = if rest.is_zero() { OFTEN } else { (pause * 2).min(SELDOM) };
                        tokio::time::sleep(rest).await;
                    }
                });
            }
        }
    }

    /// Does every chore until none has anything left: the tests' way to let time pass. Returns how many
    /// steps did something.
    pub async fn settle(&self) -> Result<u64> {
        self.settle_but(&[]).await
    }

    /// As [`Self::settle`], leaving these chores undone.
    pub async fn settle_but(&self, left: &[&str]) -> Result<u64> {
        let mut chores = self.chores();
        chores.retain(|c| !left.contains(&c.name));
        let mut steps = 0;
        loop {
            // Asked first: what is held back now may be readable a moment after the readers looked.
            let mut look = self.db.read().await?;
            let held_back = look.events_held_back().await?;
            drop(look);
            let mut busy = false;
            for chore in &chores {
                while (chore.step)(self.clone()).await? {
                    busy = true;
                    steps += 1;
                }
            }
            if busy {
                continue;
            }
            if !held_back {
                return Ok(steps);
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Runs beside us until it is done; a stop waits for it.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that spawns: tracked, and panics are logged"
    )]
    pub fn tend(&self, work: impl Future<Output = ()> + Send + 'static) {
        let task = self.tasks.track_future(work);
        tokio::spawn(async move {
            if let Err(panic) = tokio::spawn(task).await
                && panic.is_panic()
            {
                tracing::error!(event = "task_panicked");
            }
        });
    }

    /// Cancelled when the house is closing.
    pub fn stopping(&self) -> &CancellationToken {
        &self.stop
    }

    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::SeqCst)
    }

    /// Not ready any more: the load balancer looks elsewhere while we finish.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::SeqCst);
    }

    /// Stops the chores and waits for them, `patience` at most.
    pub async fn close(&self, patience: Duration) {
        self.drain();
        self.stop.cancel();
        self.tasks.close();
        if tokio::time::timeout(patience, self.tasks.wait()).await.is_err() {
            tracing::warn!(event = "stopped_with_work_under_way");
        }
        if let Err(why) = crate::audience::put_by(self).await {
            tracing::warn!(event = "audience_not_kept", reason = %why);
        }
        if let Err(why) = self.db.settle().await {
            tracing::warn!(event = "log_not_folded", reason = %why);
        }
    }
}

/// Says "look at the tables" to whoever waits. It carries nothing: rings may be lost, doubled or late without
/// any effect but delay, since every listener also looks by itself once a second.
#[derive(Clone)]
pub struct Doorbell(Arc<watch::Sender<u64>>);

impl Default for Doorbell {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(0)))
    }
}

impl Doorbell {
    pub fn ring(&self) {
        self.0.send_modify(|n| *n = n.wrapping_add(1));
    }
    pub fn listen(&self) -> watch::Receiver<u64> {
        self.0.subscribe()
    }
}
