//! Mail that comes back, as servers write it: each of a dozen formats with each of three dozen reasons, and some that are
//! one of a kind. The figures are those that Kring promises.
#![expect(clippy::unwrap_used, reason = "a test")]

use kring_post::inbound::{self, Failed, Kind};

const ID: &str = "<f3Kq-20@kring.example>";

fn sections(text: &str) -> Vec<(&str, String)> {
    text.split("\n=== ")
        .skip(1)
        .map(|section| section.split_once('\n').unwrap())
        .map(|(head, mail)| (head, mail.replace('\n', "\r\n")))
        .collect()
}

fn failed(raw: &str) -> Option<Vec<Failed>> {
    match inbound::read(raw.as_bytes()).unwrap().kind {
        Kind::Bounce(failed) => Some(failed),
        _ => None,
    }
}

/// Of how many what holds, and which ones not.
#[derive(Default)]
struct Share {
    of: usize,
    held: usize,
    not: Vec<String>,
}

impl Share {
    fn count(&mut self, holds: bool, name: &str) {
        self.of += 1;
        self.held += usize::from(holds);
        if !holds {
            self.not.push(name.to_owned());
        }
    }
    fn share(&self) -> f64 {
        self.held as f64 / self.of as f64
    }
}

#[test]
fn bounces_are_known_and_only_dead_addresses_are_permanent() {
    let formats = sections(include_str!("data/bounce-formats.txt"));
    let reasons: Vec<Vec<&str>> = include_str!("data/bounce-reasons.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.splitn(3, '|').collect())
        .collect();
    let (mut known, mut named, mut hard, mut soft) =
        (Share::default(), Share::default(), Share::default(), Share::default());
    for (format, text) in &formats {
        for (i, reason) in reasons.iter().enumerate() {
            let name = format!("{format}: {}", reason.join(" | "));
            let rcpt = format!("Kim.{i}@Far.example");
            let said = reason[2].replace("{rcpt}", &rcpt);
            let raw = text
                .replace("{rcpt}", &rcpt)
                .replace("{id}", ID)
                .replace("{id in html}", &ID.replace('<', "&lt;").replace('>', "&gt;"))
                .replace("{status}", reason[1])
                .replace("{said}", &said);
            let found = failed(&raw);
            known.count(found.is_some(), &name);
            let Some(found) = found else { continue };
            let one = found.first().unwrap();
            let right = found.len() == 1 && one.recipient == rcpt.to_lowercase();
            named.count(right && one.message_id.as_deref() == Some(ID), &name);
            match reason[0] {
                "hard" => hard.count(one.permanent, &name),
                _ => soft.count(!one.permanent, &name),
            }
        }
    }
    for (head, raw) in sections(include_str!("data/bounce-odd.txt")) {
        let parts: Vec<&str> = head.split('|').map(str::trim).collect();
        let found = failed(&raw);
        if parts[1] == "none" {
            assert_eq!(found, None, "{head}");
            continue;
        }
        assert!(matches!(parts[1], "hard" | "soft"), "{head}");
        known.count(found.is_some(), head);
        let one = found.unwrap_or_default().into_iter().find(|f| f.recipient == parts[2]);
        named.count(one.is_some(), head);
        match parts[1] {
            "hard" => hard.count(one.is_some_and(|f| f.permanent), head),
            _ => soft.count(one.is_some_and(|f| !f.permanent), head),
        }
    }
    assert!(known.of > 400 && hard.of > 200 && soft.of > 200, "{} {} {}", known.of, hard.of, soft.of);
    assert!(known.share() >= 0.95, "recognised {}: {:#?}", known.share(), known.not);
    assert!(named.share() >= 0.95, "whose and which mail {}: {:#?}", named.share(), named.not);
    assert!(hard.share() >= 0.97, "hard ones found {}: {:#?}", hard.share(), hard.not);
    assert!(soft.share() >= 0.99, "others taken as permanent {}: {:#?}", 1.0 - soft.share(), soft.not);
}
