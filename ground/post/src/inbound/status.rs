//! Does the address exist? That alone is what "permanent" means here: a full mailbox, a wrong opinion of our mail, a
//! server that is ill say nothing about the address, whatever number they carry. So the words are read before the code:
//! servers agree on neither, but a server that says "quota" after 5.1.1 means the quota.

/// Whether what a server said means that nobody will ever read mail there. `status` is the enhanced code (RFC 3463).
pub(super) fn is_permanent(action: &str, status: &str, said: &str) -> bool {
    if action.eq_ignore_ascii_case("delayed") || status.starts_with('4') {
        return false;
    }
    let said = said.to_lowercase();
    // An address may hold any of the words.
    let said = said.split_whitespace().filter(|word| !word.contains('@')).collect::<Vec<_>>().join(" ");
    if NOT_THE_ADDRESS.iter().any(|words| says(&said, words)) {
        return false;
    }
    if NO_SUCH_ADDRESS.iter().any(|words| said.contains(words)) {
        return true;
    }
    if matches!(basic(&said), Some(400..=499)) {
        return false;
    }
    matches!(
        status,
        "5.1.0"
            | "5.1.1"
            | "5.1.2"
            | "5.1.3"
            | "5.1.4"
            | "5.1.6"
            | "5.1.10"
            | "5.2.1"
            | "5.0.1"
            | "5.4.4"
            | "5.7.17"
            | "5.7.18"
    )
}

/// Short words count as whole ones only: "rbl" is also in "marble".
fn says(said: &str, words: &str) -> bool {
    if words.len() > 5 {
        return said.contains(words);
    }
    said.split(|c: char| !c.is_alphanumeric()).any(|word| word == words)
}

/// An enhanced code somewhere in what was said: `550 5.1.1 …` or `#5.1.1 …`.
pub(super) fn enhanced(said: &str) -> Option<String> {
    said.split(|c: char| !(c.is_ascii_digit() || c == '.')).find_map(|word| {
        let word = word.trim_matches('.');
        let parts: Vec<&str> = word.split('.').collect();
        let [class, subject, detail] = parts.as_slice() else { return None };
        let short = |p: &&str| !p.is_empty() && p.len() <= 3;
        (matches!(*class, "2" | "4" | "5") && short(subject) && short(detail)).then(|| word.to_owned())
    })
}

/// The SMTP code that what was said begins with, or that stands in it after a space.
pub(super) fn basic(said: &str) -> Option<u16> {
    said.split(|c: char| !c.is_ascii_alphanumeric() && c != '.').find_map(|word| {
        let word = word.trim_end_matches('.');
        let code: u16 = word.parse().ok().filter(|_| word.len() == 3)?;
        (400..600).contains(&code).then_some(code)
    })
}

/// Something else is the matter: not the address, or not for good.
const NOT_THE_ADDRESS: &[&str] = &[
    "quota",
    "mailbox full",
    "mailbox is full",
    "mailbox was full",
    "full mailbox",
    "inbox is full",
    "inbox is out of storage",
    "out of storage",
    "insufficient storage",
    "insufficient system storage",
    "not enough space",
    "no space left",
    "overquota",
    "too many messages",
    "storage limit",
    "exceeded storage",
    "size limit",
    "too large",
    "message size",
    "too big",
    "maximum size",
    "spam",
    "junk",
    "blocked",
    "block list",
    "blocklist",
    "blacklist",
    "black list",
    "denylist",
    "blackhole",
    "rbl",
    "dnsbl",
    "reputation",
    "policy",
    "dmarc",
    "spf",
    "dkim",
    "unauthenticated",
    "not authenticated",
    "authentication required",
    "virus",
    "malware",
    "content rejected",
    "message rejected",
    "message content",
    "rejected by recipient",
    "transaction failed",
    "greylist",
    "grey list",
    "try again",
    "try later",
    "temporar",
    "rate limit",
    "too many connections",
    "too many recipients",
    "too fast",
    "throttl",
    "timed out",
    "timeout",
    "time out",
    "connection refused",
    "connection reset",
    "lost connection",
    "network is unreachable",
    "no route",
    "server busy",
    "service unavailable",
    "not available at this time",
    "resources",
    "relay access denied",
    "relaying denied",
    "unable to relay",
    "not permitted to relay",
    "relay not permitted",
    "loops back",
    "too many hops",
    "hop count",
    "mail loop",
    "loop detected",
    "routing loop",
    "not authorized to send",
    "only accepts mail from",
    "sender address rejected",
    "sender denied",
    "sender verify",
    "helo command rejected",
    "client host rejected",
    "reverse dns",
    "ptr record",
    "tls",
    "delivery time expired",
    "retry timeout exceeded",
    "could not be delivered for",
    "queue too long",
    "been in the queue",
    "attachment",
    "line too long",
    "smtputf8",
    "8bitmime",
    "restricted to",
    "delivery restriction",
    "moderat",
    "not allowed to send",
    "permission to send",
    "bounce verification",
    "syntax error",
    "bad sequence",
    "configuration error",
    "local error",
    "internal error",
    "system error",
    "postvak is vol",
    "postfach ist voll",
    "boîte pleine",
    "boîte aux lettres est pleine",
];

/// Nobody is there.
const NO_SUCH_ADDRESS: &[&str] = &[
    "user unknown",
    "unknown user",
    "unknown recipient",
    "recipient unknown",
    "unknown address",
    "address unknown",
    "unknown local part",
    "unknown local-part",
    "unknown mailbox",
    "unknown or illegal alias",
    "no such user",
    "no such mailbox",
    "no such recipient",
    "no such address",
    "no such person",
    "no such account",
    "no mailbox here",
    "no mailbox by that name",
    "user not found",
    "recipient not found",
    "address not found",
    "mailbox not found",
    "account not found",
    "not found in directory",
    "recipientnotfound",
    "user doesn't exist",
    "user does not exist",
    "doesn't have a",
    "does not have an account",
    "doesn't exist",
    "does not exist",
    "not exist",
    "invalid recipient",
    "recipient invalid",
    "invalid mailbox",
    "invalid address",
    "invalid user",
    "not a valid mailbox",
    "not a valid user",
    "not a known user",
    "user is unknown",
    "address rejected: access denied",
    "isn't a known",
    "is not a known",
    "mailbox unavailable",
    "mailbox is unavailable",
    "mailbox disabled",
    "mailbox is disabled",
    "account disabled",
    "account is disabled",
    "account has been disabled",
    "account that you tried to reach is disabled",
    "user disabled",
    "inactive user",
    "is inactive",
    "mailbox is inactive",
    "account is inactive",
    "account inactive",
    "no longer active",
    "no longer available",
    "no longer valid",
    "no longer works",
    "no longer employed",
    "has left",
    "has moved",
    "deactivated",
    "account closed",
    "account is closed",
    "account expired",
    "recipient address rejected: undeliverable",
    "host or domain name not found",
    "host not found",
    "domain not found",
    "domain does not",
    "unrouteable",
    "unrouteable address",
    "unroutable",
    "name or service not known",
    "nxdomain",
    "no mx",
    "null mx",
    "does not accept mail (nullmx)",
    "bad destination mailbox",
    "bad destination system",
    "couldn't find any host",
    "wasn't found at",
    "wasn't found",
    "couldn't be found",
    "could not be found",
    "unable to find",
    "not our customer",
    "no one here",
    "badrecipient",
    "bad address",
    "recipient does not",
    "recipient rejected",
    "not listed in",
    "cannot find user",
    "onbekende gebruiker",
    "onbekend adres",
    "bestaat niet",
    "unbekannt",
    "existiert nicht",
    "n'existe pas",
    "inconnu",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_in_what_servers_say() {
        for (said, status, code) in [
            ("550 5.1.1 <a@b.nl>: User unknown", Some("5.1.1"), Some(550)),
            ("smtp;550-5.1.1 The email account", Some("5.1.1"), Some(550)),
            ("<mx.b.nl #5.1.1 smtp; 550 no>", Some("5.1.1"), Some(550)),
            ("Remote host said: 552 full", None, Some(552)),
            ("host mx[192.0.2.1] said 12.5.1.1.2", None, None),
            ("", None, None),
        ] {
            assert_eq!(enhanced(said).as_deref(), status, "{said}");
            assert_eq!(basic(said), code, "{said}");
        }
    }
}
