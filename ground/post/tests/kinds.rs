//! What kind of mail it is: written by somebody, or by a machine, or nothing but "stop".

use kring_post::inbound::{self, Kind};

#[test]
fn machines_are_told_from_people() {
    let mut automatic = 0;
    for (i, section) in include_str!("data/kinds.txt").split("\n=== ").skip(1).enumerate() {
        let (head, mail) = section.split_once('\n').unwrap();
        let (label, name) = head.split_once(" | ").unwrap();
        let sender = if mail.starts_with("From: ") || mail.contains("\nFrom: ") {
            ""
        } else {
            "From: Kim <kim@far.example>\n"
        };
        let raw =
            format!("{sender}Date: Mon, 23 Nov 2026 09:15:01 +0100\nMessage-ID: <k{i}@far.example>\n{mail}");
        let read = inbound::read(raw.replace('\n', "\r\n").as_bytes()).unwrap();
        let kind = match &read.kind {
            Kind::Letter => "letter",
            Kind::Bounce(_) => "bounce",
            Kind::Complaint(_) => "complaint",
            Kind::Automatic => "automatic",
            Kind::Unsubscribe => "stop",
        };
        assert_eq!(kind, label, "{name}: {read:#?}");
        automatic += usize::from(label == "automatic");
        if let Kind::Complaint(complaint) = &read.kind {
            assert!(complaint.message_id.as_deref().unwrap().ends_with("@kring.example>"), "{name}");
        }
    }
    assert!(automatic >= 30, "{automatic}");
}

#[test]
fn a_letter_is_read_as_it_was_written() {
    let raw = "From: =?utf-8?Q?Zo=C3=AB?= <Zoe@Far.example>\r\nTo: reply+d1-abc@kring.example, Stage <STAGE@kring.example>\r\n\
        Delivered-To: reply+d1-abc@kring.example\r\nSubject: =?utf-8?B?UmU6IEplIHZyYWFnIPCfkYs=?=\r\nDate: Mon, 23 Nov 2026 09:15:01 +0100\r\n\
        Message-ID: <b@far.example>\r\nIn-Reply-To: <q2@kring.example>\r\nReferences: <q1@kring.example>\r\n <q2@kring.example>\r\n\
        MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: multipart/alternative; boundary=y\r\n\r\n\
        --y\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nJa, om =E2=82=AC 5.\r\n\r\n\
        Op ma 23 nov. 2026 om 09:12 schreef Meerland <s@kring.example>:\r\n> Kom je?\r\n\r\n--y\r\nContent-Type: text/html\r\n\r\n<b>anders</b>\r\n--y--\r\n\
        --x\r\nContent-Type: application/pdf; name=\"brief.pdf\"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=\"brief.pdf\"\r\n\r\n\
        JVBERi0=\r\n--x--\r\n";
    let mail = inbound::read(raw.as_bytes()).unwrap();
    let from = mail.from.clone().unwrap();
    assert_eq!((from.name.as_str(), from.address.as_str()), ("Zoë", "Zoe@far.example"));
    assert_eq!(mail.to, ["reply+d1-abc@kring.example", "stage@kring.example"]);
    assert_eq!(mail.subject, "Re: Je vraag 👋");
    assert_eq!((mail.text.as_str(), mail.quoted.contains("> Kom je?")), ("Ja, om € 5.", true));
    assert_eq!(mail.answers(), ["<q2@kring.example>", "<q1@kring.example>"]);
    assert_eq!(mail.message_id.as_deref(), Some("<b@far.example>"));
    assert_eq!(mail.attachments.len(), 1);
    let pdf = &mail.attachments[0];
    assert_eq!((pdf.name.as_str(), pdf.kind.as_str(), pdf.size), ("brief.pdf", "application/pdf", 5));
    assert_eq!(mail.date.unwrap().to_string(), "2026-11-23T08:15:01Z");
    assert_eq!(mail.kind, Kind::Letter);
    let only_html = "From: a@far.example\r\nSubject: x\r\nContent-Type: text/html\r\n\r\n<style>p{}</style><p>Ja &amp; nee</p>\
        <script>alert(1)</script><blockquote>Kom je?</blockquote>";
    let read = inbound::read(only_html.as_bytes()).unwrap();
    assert!(read.text.starts_with("Ja & nee") && !read.text.contains('<'), "{}", read.text);
    assert!(!read.text.contains("Kom je") && read.quoted.contains("Kom je"));
}
