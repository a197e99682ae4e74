//! The trail: who read or changed what, and for which purpose. An entry is written in the transaction of the
//! deed, and each carries a keyed hash over itself and the one before, so that an entry that was taken out,
//! put in or altered is found. The key is not in the database.

use hmac::{Hmac, Mac};
use kring_core::{Error, Result, Timestamp};
use kring_db::{params, record, sql, stored};
use sha2::Sha256;

use crate::{Permit, PersonId, Purpose, Tx};

const CHAINS: i64 = 8;

stored! {
    pub enum Deed {
        Read = "read",
        Changed = "changed",
        Exported = "exported",
        SignedIn = "signed_in",
        SignInRefused = "sign_in_refused",
        SignedOut = "signed_out",
        Erased = "erased",
    }
}

/// What the deed was done to.
#[derive(Clone, Debug)]
pub struct Mark {
    pub deed: Deed,
    /// The kind of thing: `person`, `request`, `import`.
    pub kind: &'static str,
    pub person: Option<PersonId>,
    pub subject: Option<i64>,
    pub purpose: Purpose,
    /// Codes and ids only: `fields=email,phone`, `ids=3,9,12`.
    pub detail: String,
}

impl Mark {
    pub fn read(permit: &Permit, kind: &'static str) -> Self {
        Self::of(Deed::Read, permit.purpose(), kind)
    }
    pub fn changed(permit: &Permit, kind: &'static str) -> Self {
        Self::of(Deed::Changed, permit.purpose(), kind)
    }
    pub fn of(deed: Deed, purpose: Purpose, kind: &'static str) -> Self {
        Self { deed, kind, person: None, subject: None, purpose, detail: String::new() }
    }
    #[must_use]
    pub fn person(self, person: PersonId) -> Self {
        Self { person: Some(person), ..self }
    }
    #[must_use]
    pub fn subject(self, subject: i64) -> Self {
        Self { subject: Some(subject), ..self }
    }
    #[must_use]
    pub fn detail(self, detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), ..self }
    }
}

record! {
    #[derive(Debug, Clone)]
    pub struct TrailEntry {
        pub id: i64,
        pub chain: i64,
        pub seq: i64,
        pub at: Timestamp,
        pub actor_id: i64,
        pub deed: String,
        pub kind: String,
        pub person_id: Option<i64>,
        pub subject_id: Option<i64>,
        pub purpose: String,
        pub detail: String,
        hash: Vec<u8>,
    }
}

impl Tx {
    pub async fn trail(&mut self, mark: Mark) -> Result<()> {
        let chain = self.actor().id.get() % CHAINS;
        // Taking the head for writing makes others on this chain wait for us, on both databases.
        self.run(sql!("update trail_heads set seq = seq + 1 where chain = $1"), params![chain]).await?;
        let (seq, before): (i64, Vec<u8>) =
            self.one(sql!("select seq, hash from trail_heads where chain = $1"), params![chain]).await?;
        let mut entry = TrailEntry {
            id: 0,
            chain,
            seq,
            at: self.now(),
            actor_id: self.actor().id.get(),
            deed: mark.deed.to_string(),
            kind: mark.kind.to_owned(),
            person_id: mark.person.map(kring_core::Id::get),
            subject_id: mark.subject,
            purpose: mark.purpose.to_string(),
            detail: mark.detail,
            hash: Vec::new(),
        };
        entry.hash = link(self.house().settings.trail_key.reveal(), &before, &entry)?;
        self.run(
            sql!(
                "insert into trail (chain, seq, at, actor_id, deed, kind, person_id, subject_id, purpose, detail, hash)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
            ),
            params![
                entry.chain,
                entry.seq,
                entry.at,
                entry.actor_id,
                entry.deed,
                entry.kind,
                entry.person_id,
                entry.subject_id,
                entry.purpose,
                entry.detail,
                entry.hash.as_slice()
            ],
        )
        .await?;
        self.run(sql!("update trail_heads set hash = $2 where chain = $1"), params![chain, entry.hash])
            .await?;
        Ok(())
    }

    /// Walks every chain; the answer names the first entry that does not fit, if any.
    pub async fn verify_trail(&mut self) -> Result<Option<TrailBreak>> {
        for chain in 0..CHAINS {
            let (mut before, mut seq) = (Vec::new(), 0_i64);
            loop {
                let page: Vec<TrailEntry> = self
                    .all(
                        sql!(
                            "select id, chain, seq, at, actor_id, deed, kind, person_id, subject_id, purpose, detail, hash
                             from trail where chain = $1 and seq > $2 order by seq limit 1000"
                        ),
                        params![chain, seq],
                    )
                    .await?;
                if page.is_empty() {
                    break;
                }
                for entry in page {
                    seq += 1;
                    let fits = entry.seq == seq
                        && link(self.house().settings.trail_key.reveal(), &before, &entry)? == entry.hash;
                    if !fits {
                        return Ok(Some(TrailBreak { chain, seq }));
                    }
                    before = entry.hash;
                }
            }
            let (head, hash): (i64, Vec<u8>) =
                self.one(sql!("select seq, hash from trail_heads where chain = $1"), params![chain]).await?;
            if head != seq || hash != before {
                return Ok(Some(TrailBreak { chain, seq: seq + 1 }));
            }
        }
        Ok(None)
    }
}

/// Where the trail does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrailBreak {
    pub chain: i64,
    pub seq: i64,
}

fn link(key: &[u8; 32], before: &[u8], e: &TrailEntry) -> Result<Vec<u8>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).map_err(Error::broken)?;
    mac.update(before);
    // Length before content, so that no two different entries make the same bytes.
    for n in [
        e.chain,
        e.seq,
        e.at.as_millisecond(),
        e.actor_id,
        e.person_id.unwrap_or(-1),
        e.subject_id.unwrap_or(-1),
    ] {
        mac.update(&n.to_be_bytes());
    }
    for s in [&e.deed, &e.kind, &e.purpose, &e.detail] {
        mac.update(&(s.len() as u64).to_be_bytes());
        mac.update(s.as_bytes());
    }
    Ok(mac.finalize().into_bytes().to_vec())
}
