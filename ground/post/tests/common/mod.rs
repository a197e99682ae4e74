#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use kring_post::{Address, HeaderText, Mail, Mailbox, MessageId};

pub fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

pub fn text(text: &str) -> HeaderText {
    HeaderText::new(text).unwrap()
}

pub fn mail() -> Mail {
    Mail {
        from: Mailbox::new(Some(text("Serviceplein")), address("plein@school.nl")),
        to: Mailbox::new(Some(text("An de Vries")), address("an@example.nl")),
        reply_to: None,
        subject: text("Je vraag"),
        text: "Dag An,\n\nDank je wel.\n".to_owned(),
        html: Some("<p>Dag An,</p><p>Dank je wel.</p>".to_owned()),
        message_id: MessageId::read("<1@school.nl>").unwrap(),
        date: "2026-06-01T10:00:00Z".parse().unwrap(),
        auto_submitted: false,
        unsubscribe: None,
        list_id: None,
        in_reply_to: None,
        references: Vec::new(),
        extra: Vec::new(),
    }
}
