/// Whether the sender is who they say, as far as our own mail server could tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The domain of the sender stands for this mail.
    Pass,
    /// The domain of the sender says that this is not its mail.
    Fail,
    /// Nothing is known.
    Unknown,
}

/// Reads the topmost `Authentication-Results` (RFC 8601) that our own server signed with its name. Only that one: below
/// it anybody may have written anything. DMARC decides where there is a result, since it is about the sender that people
/// see; without one, only a signature and a path that both fail count as a no.
pub(super) fn of(results: &[String], server: &str) -> Verdict {
    let ours = results.iter().find_map(|value| {
        let (name, rest) = value.split_once(';')?;
        let name = name.split_whitespace().next().unwrap_or_default();
        name.eq_ignore_ascii_case(server).then(|| rest.to_lowercase())
    });
    let Some(ours) = ours else { return Verdict::Unknown };
    let found = |method: &str| {
        let all: Vec<&str> = ours
            .split(';')
            .filter_map(|part| part.trim().strip_prefix(method)?.trim_start().strip_prefix('='))
            .map(|value| value.trim().split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default())
            .collect();
        // Of several signatures one that holds is enough.
        if all.contains(&"pass") { Some("pass") } else { all.first().copied() }
    };
    match (found("dmarc"), found("dkim"), found("spf")) {
        (Some("pass"), _, _) => Verdict::Pass,
        (Some("fail"), _, _) => Verdict::Fail,
        (_, dkim, Some("fail" | "softfail")) if dkim != Some("pass") => Verdict::Fail,
        (_, Some("fail"), spf) if spf != Some("pass") => Verdict::Fail,
        _ => Verdict::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_word_of_our_own_server_counts() {
        let forged =
            "mx.kring.example; dkim=fail; spf=softfail smtp.mailfrom=an@school.nl; dmarc=fail (p=none)";
        let honest = "mx.kring.example 1; dkim=fail; dkim=pass header.d=school.nl; dmarc=pass";
        let foreign = "mx.evil.example; dmarc=pass";
        let read =
            |all: &[&str]| of(&all.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>(), "MX.kring.example");
        assert_eq!(read(&[forged]), Verdict::Fail);
        assert_eq!(read(&[honest]), Verdict::Pass);
        assert_eq!(read(&[foreign]), Verdict::Unknown);
        assert_eq!(read(&[foreign, forged, honest]), Verdict::Fail, "ours is the topmost of ours");
        assert_eq!(read(&["mx.kring.example; spf=none; dkim=none"]), Verdict::Unknown);
        assert_eq!(read(&["mx.kring.example; spf=fail; dkim=pass"]), Verdict::Unknown, "a forwarded mail");
        assert_eq!(read(&["mx.kring.example; spf=fail; dkim=none"]), Verdict::Fail);
        assert_eq!(read(&["mx.kring.example; none", ";;;=", ""]), Verdict::Unknown);
    }
}
