//! Mails that want to break something. Each is read or refused, soon, and nothing panics.

use std::time::{Duration, Instant};

use kring_post::inbound::{self, Kind, Unreadable};
use proptest::prelude::*;

const HEAD: &str = "From: a@far.example\r\nSubject: x\r\nDate: Mon, 23 Nov 2026 09:15:01 +0100\r\n";

/// `Err` is what must be refused, and why.
type Poison = (&'static str, Vec<u8>, Option<Unreadable>);

fn mail(rest: &str) -> Vec<u8> {
    format!("{HEAD}{rest}").into_bytes()
}

fn nested(depth: usize, kind: &str) -> Vec<u8> {
    let mut raw = String::from(HEAD);
    for i in 0..depth {
        raw.push_str(&format!("Content-Type: multipart/{kind}; boundary=b{i}\r\n\r\n--b{i}\r\n"));
    }
    raw.push_str("Content-Type: text/plain\r\n\r\nend\r\n");
    raw.into_bytes()
}

fn mails_in_mails(depth: usize) -> Vec<u8> {
    let mut raw = String::from(HEAD);
    for _ in 0..depth {
        raw.push_str("Content-Type: message/rfc822\r\n\r\nSubject: y\r\n");
    }
    raw.push_str("\r\nend\r\n");
    raw.into_bytes()
}

fn poisons() -> Vec<Poison> {
    let parts = |n: usize| {
        let part = "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n";
        mail(&format!("Content-Type: multipart/mixed; boundary=b\r\n\r\n{}--b--\r\n", part.repeat(n)))
    };
    let mb = 1024 * 1024;
    let report = |fields: &str| {
        mail(&format!(
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n{fields}\r\n--b--\r\n"
        ))
    };
    vec![
        ("nothing", Vec::new(), Some(Unreadable::Empty)),
        (
            "a mail of all bytes",
            [HEAD.as_bytes(), b"\r\n", (0..=255).cycle().take(4096).collect::<Vec<u8>>().as_slice()].concat(),
            None,
        ),
        ("one line end", b"\n".to_vec(), Some(Unreadable::Empty)),
        ("a zero byte", vec![0], Some(Unreadable::Empty)),
        ("zero bytes", vec![0; mb], Some(Unreadable::Headers)),
        ("all bytes", (0..=255).cycle().take(4096).collect(), Some(Unreadable::Empty)),
        ("only a body", b"\r\n\r\nhello".to_vec(), Some(Unreadable::Empty)),
        ("no body", mail(""), None),
        ("head without end", HEAD.trim_end().as_bytes().to_vec(), None),
        ("larger than allowed", vec![b'a'; 50 * mb + 1], Some(Unreadable::Large)),
        ("49 MB on one line", mail(&format!("\r\n{}", "a".repeat(49 * mb))), None),
        ("20 MB of line ends", mail(&"\r\n".repeat(10 * mb)), None),
        ("one header of 1 MB", mail(&format!("X: {}\r\n\r\n", "a".repeat(mb))), Some(Unreadable::Headers)),
        ("100,000 headers", mail(&"X: y\r\n".repeat(100_000)), Some(Unreadable::Headers)),
        ("10,000 recipients", mail(&format!("To: {}\r\n\r\nx", "a@b.example, ".repeat(10_000))), None),
        ("50,000 parts", parts(50_000), Some(Unreadable::Parts)),
        ("900 parts", parts(900), None),
        ("3,000 levels", nested(3_000, "mixed"), Some(Unreadable::Deep)),
        ("900 levels", nested(900, "alternative"), Some(Unreadable::Deep)),
        ("45 levels", nested(45, "mixed"), None),
        ("a mail in a mail, 100,000 times", mails_in_mails(100_000), Some(Unreadable::Deep)),
        ("a mail in a mail, 150 times", mails_in_mails(150), Some(Unreadable::Deep)),
        ("a digest of digests", nested(2_000, "digest"), Some(Unreadable::Deep)),
        (
            "a digest, each part a mail",
            mail(&format!(
                "Content-Type: multipart/digest; boundary=b\r\n\r\n{}",
                "--b\r\n\r\nSubject: y\r\n\r\n".repeat(40_000)
            )),
            Some(Unreadable::Parts),
        ),
        (
            "a boundary that never comes",
            mail("Content-Type: multipart/mixed; boundary=zzz\r\n\r\nhello"),
            None,
        ),
        ("an empty boundary", mail("Content-Type: multipart/mixed; boundary=\"\"\r\n\r\n--\r\n--\r\n"), None),
        ("no boundary", mail("Content-Type: multipart/mixed\r\n\r\n--x\r\n"), None),
        (
            "boundary inside boundary",
            mail(
                "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\nContent-Type: multipart/mixed; boundary=ab\r\n\r\n--ab--a--\r\n--a--",
            ),
            None,
        ),
        ("base64 that is none", mail("Content-Transfer-Encoding: base64\r\n\r\n!!!! ==== \u{0}é"), None),
        (
            "base64 without end",
            mail(&format!("Content-Transfer-Encoding: base64\r\n\r\n{}", "QUJD".repeat(2 * mb))),
            None,
        ),
        (
            "quoted-printable that is none",
            mail("Content-Transfer-Encoding: quoted-printable\r\n\r\n=ZZ=\r\n=C3=\r\n="),
            None,
        ),
        (
            "a character set that is none",
            mail("Content-Type: text/plain; charset=klingon-8\r\n\r\n\u{0}\u{1}é"),
            None,
        ),
        (
            "half a character",
            [mail("Content-Type: text/plain; charset=utf-8\r\n\r\n").as_slice(), &[0xe2, 0x82]].concat(),
            None,
        ),
        (
            "UTF-16 of odd length",
            [mail("Content-Type: text/plain; charset=utf-16\r\n\r\n").as_slice(), &[0xff, 0xfe, 0x41]]
                .concat(),
            None,
        ),
        ("UTF-7", mail("Content-Type: text/plain; charset=utf-7\r\n\r\n+ADw-script+AD4-+"), None),
        (
            "an encoded word that is none",
            mail("Subject: =?utf-8?B?=?= =?x?y?z?= =?utf-8?Q?=ZZ?=\r\n\r\nx"),
            None,
        ),
        (
            "a mail of encoded words",
            mail(&format!("Subject: {}\r\n\r\nx", "=?utf-8?Q?=E2=82=AC?= ".repeat(9_000))),
            None,
        ),
        ("brackets in brackets", mail(&format!("To: {}\r\n\r\nx", "(".repeat(200_000))), None),
        ("quotes without end", mail(&format!("To: \"{}\r\n\r\nx", "\\\"".repeat(100_000))), None),
        ("groups in groups", mail(&format!("To: {}\r\n\r\nx", "a:".repeat(100_000))), None),
        (
            "a date of year 99999999999",
            b"From: a@b.example\r\nDate: Mon, 99 Foo 99999999999 99:99:99 +9999\r\n\r\nx".to_vec(),
            None,
        ),
        (
            "HTML without end",
            mail(&format!("Content-Type: text/html\r\n\r\n{}", "<div class=\"gmail_quote".repeat(200_000))),
            None,
        ),
        (
            "HTML of angle brackets",
            mail(&format!("Content-Type: text/html\r\n\r\n{}", "<".repeat(4 * mb))),
            None,
        ),
        (
            "HTML of entities",
            mail(&format!("Content-Type: text/html\r\n\r\n{}", "&#x110000;&amp".repeat(200_000))),
            None,
        ),
        (
            "HTML of open tags",
            mail(&format!("Content-Type: text/html\r\n\r\n{}", "<blockquote><p>".repeat(300_000))),
            None,
        ),
        ("a text of quotes", mail(&format!("\r\n{}", "> > > > x\r\n".repeat(500_000))), None),
        (
            "a text of attributions",
            mail(&format!("\r\n{}", "On Monday a wrote:\r\n> x\r\n".repeat(200_000))),
            None,
        ),
        ("a text of Van:", mail(&format!("\r\n{}", "Van: a\r\n".repeat(500_000))), None),
        (
            "10,000 failed recipients",
            report(
                &"Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
                    .repeat(10_000),
            ),
            None,
        ),
        ("a report of nothing", report(""), None),
        (
            "a report of one endless field",
            report(&format!("Diagnostic-Code: {}", "smtp; \r\n ".repeat(50_000))),
            None,
        ),
        ("a report in binary", report("\u{0}\u{1}\u{2}: \u{3}"), None),
        ("references without end", mail(&format!("References: {}\r\n\r\nx", "<a@b>".repeat(50_000))), None),
        ("a bare CR", mail("X: y\rBcc: z@b.example\r\n\r\na\rb"), None),
        ("right to left", mail("Subject: \u{202e}gnp.exe\r\n\r\n\u{202e}x"), None),
        (
            "yEnc and uuencode",
            mail("\r\nbegin 644 a\r\n#0V%T\r\n`\r\nend\r\n=ybegin line=128 size=9\r\n"),
            None,
        ),
    ]
}

#[test]
fn poison_is_read_or_refused() {
    let all = poisons();
    assert!(all.len() >= 38, "{}", all.len());
    let mut wrong = Vec::new();
    for (name, raw, refused) in all {
        let begun = Instant::now();
        let read = inbound::read(&raw);
        let took = begun.elapsed();
        println!("{name}: {took:?}");
        assert!(took < Duration::from_secs(10), "{name} took {took:?}");
        match (read, refused) {
            (Ok(mail), None) => {
                assert!(mail.text.len() <= 128 * 1024 && mail.quoted.len() <= 256 * 1024, "{name}");
                assert!(mail.to.len() <= 200 && mail.references.len() <= 200, "{name}");
                assert!(
                    !mail.subject.contains(['\r', '\n', '\0']) && !mail.text.contains(['\r', '\0']),
                    "{name}"
                );
                if let Kind::Bounce(failed) = mail.kind {
                    assert!(failed.len() <= 101, "{name}");
                }
            }
            (Err(why), refused) => {
                assert_ne!(why, Unreadable::Broken, "{name}: a panic inside");
                if Some(why) != refused {
                    wrong.push(format!("{name}: {why}"));
                }
            }
            (Ok(_), Some(why)) => wrong.push(format!("{name} should be refused: {why}")),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes_are_read_or_refused(raw in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        prop_assert_ne!(inbound::read(&raw).err(), Some(Unreadable::Broken));
    }

    /// Bytes that look like mail reach further than noise does.
    #[test]
    fn what_looks_like_mail_is_read_or_refused(lines in proptest::collection::vec(line(), 0..60)) {
        let raw: String = lines.concat();
        prop_assert_ne!(inbound::read(raw.as_bytes()).err(), Some(Unreadable::Broken), "{}", raw);
    }

    #[test]
    fn a_mail_cut_anywhere_is_read_or_refused(cut in 0_usize..2_000, flip in 0_usize..2_000, byte in any::<u8>()) {
        let formats = include_bytes!("data/bounce-formats.txt");
        let at = (cut * 7) % formats.len();
        let mut raw = formats[at..(at + flip + 1).min(formats.len())].to_vec();
        let place = flip % raw.len();
        raw[place] = byte;
        prop_assert_ne!(inbound::read(&raw).err(), Some(Unreadable::Broken));
    }
}

fn line() -> impl Strategy<Value = String> {
    let known = [
        "From: a@b.example\r\n",
        "Subject: =?utf-8?q?x?=\r\n",
        "\r\n",
        "--b\r\n",
        "--b--\r\n",
        "--c\r\n",
        "\n",
        "\r",
        "> x\r\n",
        "Content-Type: multipart/mixed; boundary=b\r\n",
        "Content-Type: multipart/report; boundary=c\r\n",
        "Content-Type: message/rfc822\r\n",
        "Content-Type: message/delivery-status\r\n",
        "Content-Type: text/html\r\n",
        "Content-Transfer-Encoding: base64\r\n",
        "Content-Transfer-Encoding: quoted-printable\r\n",
        "Final-Recipient: rfc822; a@b.example\r\n",
        "Action: failed\r\n",
        "Status: 5.1.1\r\n",
        "Op ma schreef A:\r\n",
        "Van: A\r\nAan: B\r\nOnderwerp: C\r\n",
        "<p>x</p><blockquote>",
        "QUJD=\r\n",
        "=C3=\r\n",
        "-- \r\n",
        "Message-ID: <a@b>\r\n",
    ];
    prop_oneof![4 => proptest::sample::select(known.to_vec()).prop_map(str::to_owned), 1 => any::<String>()]
}
