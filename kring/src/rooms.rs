use std::sync::Arc;

use kring_db::Schema;
use kring_fetch::Client;
use kring_frame::Rooms;
use kring_talks::Sender;

/// Grows by one when a release makes a database that older binaries must not open.
const GENERATION: i64 = 1;

/// The ways out of the house, as the operator opened them.
#[derive(Clone)]
pub struct Ways {
    pub sender: Arc<Sender>,
    /// To other systems; `None` is closed.
    pub webhooks: Option<Client>,
}

/// All rooms of the house, in the order in which they build on each other. This list is the whole wiring.
pub fn rooms(ways: Ways) -> Rooms {
    Rooms::of(vec![
        kring_people::room(),
        kring_talks::room(ways.sender),
        kring_access::room(),
        kring_forms::room(),
        kring_desk::room(),
        kring_needs::room(),
        kring_surveys::room(),
        kring_exchange::room(),
        kring_duplicates::room(),
        kring_privacy::room(),
        kring_sharing::room(),
        kring_segments::room(),
        kring_journeys::room(),
        kring_mailings::room(),
        kring_engagement::room(),
        kring_webhooks::room(ways.webhooks),
        kring_today::room(),
        crate::health::room(),
    ])
}

pub fn schema(rooms: &Rooms) -> Schema {
    Schema { generation: GENERATION, migrations: rooms.migrations.clone() }
}
