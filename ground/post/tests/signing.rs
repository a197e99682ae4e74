//! Signatures, checked by mail-auth: a verifier that is not ours.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::{
    borrow::Borrow,
    collections::HashMap,
    hash::Hash,
    sync::Mutex,
    time::{Duration, Instant},
};

use common::{address, mail, text};
use kring_core::{Chance, Secret};
use kring_post::{
    Link, ListId, Mail, Mailbox, Signer, Unsubscribe,
    dkim::{Algorithm, BadKey, Generated, SigningKey, generate},
};
use mail_auth::{
    AuthenticatedMessage, DkimResult, MessageAuthenticator, Parameters, ResolverCache, Txt,
    common::{parse::TxtRecordParser, verify::DomainKey},
    hickory_resolver::config::{ResolverConfig, ResolverOpts},
};

/// The DNS, as far as this test has one.
#[derive(Default)]
struct Zone(Mutex<HashMap<Box<str>, Txt>>);

impl ResolverCache<Box<str>, Txt> for Zone {
    fn get<Q: Hash + Eq + ?Sized>(&self, name: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
    {
        self.0.lock().unwrap().get(name).cloned()
    }
    fn remove<Q: Hash + Eq + ?Sized>(&self, name: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
    {
        self.0.lock().unwrap().remove(name)
    }
    fn insert(&self, key: Box<str>, value: Txt, _until: Instant) {
        self.0.lock().unwrap().insert(key, value);
    }
}

impl Zone {
    fn of(keys: &[&Generated]) -> Self {
        let zone = Self::default();
        for key in keys {
            let record = DomainKey::parse(key.dns_text.as_bytes()).unwrap();
            zone.insert(
                format!("{}.", key.dns_name).into(),
                record.into(),
                Instant::now() + Duration::from_hours(1),
            );
        }
        zone
    }

    async fn results(&self, bytes: &[u8]) -> Vec<bool> {
        let nowhere = ResolverConfig::from_parts(None, vec![], vec![]);
        let judge = MessageAuthenticator::new(nowhere, ResolverOpts::default()).unwrap();
        let message = AuthenticatedMessage::parse(bytes).unwrap();
        let outputs = judge.verify_dkim(Parameters::new(&message).with_txt_cache(self)).await;
        outputs.iter().map(|output| *output.result() == DkimResult::Pass).collect()
    }
}

fn keys() -> (Generated, Generated) {
    let chance = Chance::seeded(5);
    let make = |kind, selector| generate(kind, selector, "school.nl", &chance).unwrap();
    (make(Algorithm::Rsa, "r2026"), make(Algorithm::Ed25519, "e2026"))
}

fn read(key: &Generated) -> SigningKey {
    SigningKey::read(key.dns_name.split('.').next().unwrap(), &key.private).unwrap()
}

#[tokio::test]
async fn both_signatures_pass_and_no_change_does() {
    let (rsa, ed) = keys();
    let zone = Zone::of(&[&rsa, &ed]);
    let signer = Signer::new("school.nl", vec![read(&rsa), read(&ed)]).unwrap();
    let long = "👩🏽‍🎓 Zoë’s heel lange onderwerp dat gevouwen moet worden ".repeat(12);
    let kinds = [
        mail(),
        Mail { html: None, text: String::new(), ..mail() },
        Mail { text: "  ruimte \t\n\n\n.\n\n\n".to_owned(), ..mail() },
        Mail {
            subject: text(&long),
            to: Mailbox::new(Some(text(&long)), address("an@example.nl")),
            text: long.repeat(50),
            unsubscribe: Some(Unsubscribe {
                link: Link::new(&format!("https://school.nl/{}", "u".repeat(400))).unwrap(),
                mailto: Some(address("uit@school.nl")),
            }),
            list_id: Some(ListId::new(text(&long), "nieuws.school.nl").unwrap()),
            auto_submitted: true,
            references: (0..9)
                .map(|n| format!("<{n}@school.nl>"))
                .map(|i| kring_post::MessageId::read(&i).unwrap())
                .collect(),
            ..mail()
        },
    ];
    for one in &kinds {
        let bytes = one.bytes(Some(&signer)).unwrap();
        assert_eq!(zone.results(&bytes).await, [true, true]);
        assert_eq!(bytes, one.bytes(Some(&signer)).unwrap());

        let signed = String::from_utf8(bytes).unwrap();
        assert!(signed.lines().all(|line| line.len() <= 998));
        // Refolding on the way must not hurt, a change or an added header must.
        let refolded = signed.replace("\r\nSubject: ", "\r\nSubject:\r\n  ").replace("Date: ", "DATE:\t");
        assert_eq!(zone.results(refolded.as_bytes()).await, [true, true]);
        for (from, to) in [
            ("From: ", "From: X "),
            ("\r\nTo: ", "\r\nTo: <bob@evil.nl>, "),
            ("\r\nDate: ", "\r\nSubject: another\r\nDate: "),
            ("\r\nDate: ", "\r\nCc: bob@evil.nl\r\nDate: "),
            ("\r\nDate: ", "\r\nReply-To: bob@evil.nl\r\nDate: "),
            ("\r\n\r\n", "\r\n\r\nadded\r\n"),
        ] {
            let changed = signed.replacen(from, to, 1);
            assert_ne!(changed, signed);
            assert_eq!(zone.results(changed.as_bytes()).await, [false, false], "{to:?}");
        }
    }
    let with_list = String::from_utf8(kinds[3].bytes(Some(&signer)).unwrap()).unwrap();
    for header in ["List-Unsubscribe: <", "List-Unsubscribe-Post: List"] {
        let changed = with_list.replacen(header, &header.replace(": ", ": x"), 1);
        assert_eq!(zone.results(changed.as_bytes()).await, [false, false], "{header}");
    }
}

#[test]
fn keys_are_read_in_every_usual_form_and_bad_ones_named() {
    let (rsa, ed) = keys();
    assert_eq!(rsa.dns_name, "r2026._domainkey.school.nl");
    assert!(rsa.dns_text.starts_with("v=DKIM1; k=rsa; p=MIIBIjAN"));
    assert!(ed.dns_text.starts_with("v=DKIM1; k=ed25519; p="));

    // RFC 8463, appendix A.2: the key that receivers test with.
    let published = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";
    assert!(SigningKey::read("brisbane", &Secret::new(published.to_owned())).is_ok());
    let bare: String = rsa.private.reveal().lines().filter(|line| !line.starts_with('-')).collect();
    let from_der = SigningKey::read("x", &Secret::new(bare)).unwrap();
    assert_eq!(from_der.algorithm(), Algorithm::Rsa);

    let bad = |selector: &str, text: &str| SigningKey::read(selector, &Secret::new(text.to_owned())).err();
    assert_eq!(bad("x", "not a key"), Some(BadKey::Unreadable));
    assert_eq!(bad("x", &rsa.dns_text), Some(BadKey::Unreadable));
    assert_eq!(bad("x;\r\n", published), Some(BadKey::Selector));
    assert_eq!(Signer::new("school.nl\r\n", vec![read(&ed)]).err(), Some(BadKey::Domain));
    assert_eq!(Signer::new("school.nl", vec![]).err(), Some(BadKey::None));
    assert!(generate(Algorithm::Ed25519, "a b", "school.nl", &Chance::seeded(1)).is_err());
}
