//! A rule by which a role follows from others, in words, and how two of them stand to each other.

use std::borrow::Cow;

use kring_core::{Error, Fault, Lang, Result, Saying};
use serde::{Deserialize, Serialize};

use crate::{Words, roles::Kind};

/// Who has the role: whoever holds or held one of `kinds`, or held one of `former` and holds it no more.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Having one of these is enough: a diploma stays one.
    pub kinds: Vec<String>,
    /// Having had one of these, which is over: studied here, with or without a diploma.
    pub former: Vec<String>,
    /// A former role counts when it lasted at least so many months.
    pub least_months: i64,
    /// Not before the eighteenth birthday; whose birthday is not known counts as grown up.
    pub adults_only: bool,
}

impl Rule {
    /// The rule as a sentence.
    pub fn says(&self, kinds: &[Kind], lang: Lang) -> String {
        let w = Words(lang);
        let mut parts = Vec::new();
        if !self.kinds.is_empty() {
            parts.push(w.rule_kinds(named(&self.kinds, kinds, lang)));
        }
        if !self.former.is_empty() {
            let months = self.least_months;
            parts.push(if months > 0 {
                w.rule_former_months(months, named(&self.former, kinds, lang))
            } else {
                w.rule_former(named(&self.former, kinds, lang))
            });
        }
        if parts.is_empty() {
            // Nobody writes such a rule; it is what remains where two of them have nothing in common.
            return w.rule_nobody().to_owned();
        }
        let mut says = parts.join(w.rule_or());
        if self.adults_only {
            says.push_str(w.rule_adults());
        }
        says
    }

    pub(super) fn is_empty(&self) -> bool {
        self.kinds.is_empty() && self.former.is_empty()
    }

    fn names(&self, kind: &String) -> bool {
        self.kinds.contains(kind) || self.former.contains(kind)
    }

    /// The months that this rule asks; where nobody counts as a former anything, it asks none.
    fn months(&self) -> i64 {
        if self.former.is_empty() { 0 } else { self.least_months }
    }

    /// What holds where both hold. A kind that one of them counts for good and the other only once it is over counts once
    /// it is over.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let kinds: Vec<String> = self.kinds.iter().filter(|k| other.kinds.contains(k)).cloned().collect();
        let both = |k: &&String| other.names(k) && !kinds.contains(k);
        let mut former: Vec<String> = Vec::new();
        for kind in self.former.iter().chain(&self.kinds).filter(both) {
            if !former.contains(kind) {
                former.push(kind.clone());
            }
        }
        Self {
            least_months: if former.is_empty() { 0 } else { self.months().max(other.months()) },
            adults_only: self.adults_only || other.adults_only,
            kinds,
            former,
        }
    }

    /// A unit may only be stricter than what holds above it. Says of each field in which it is looser what holds there.
    pub fn tightens(&self, above: &Self, kinds: &[Kind]) -> Result<()> {
        let mut faults = Vec::new();
        let mut fault = |field: &'static str, what| faults.push(Fault { field: Cow::Borrowed(field), what });
        if self.kinds.iter().any(|k| !above.kinds.contains(k)) {
            fault("kinds", loosens(&above.kinds, kinds));
        }
        if self.former.iter().any(|k| !above.names(k)) {
            let mut allowed = above.former.clone();
            allowed.extend(above.kinds.iter().filter(|k| !above.former.contains(k)).cloned());
            fault("former", loosens(&allowed, kinds));
        }
        if !self.former.is_empty() && self.least_months < above.months() {
            fault("least_months", crate::say::rule_loosens_months(above.months()));
        }
        if above.adults_only && !self.adults_only {
            fault("adults_only", crate::say::rule_loosens_adults());
        }
        if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
    }
}

/// The names of kinds as one says them: "student of gediplomeerde".
fn named(keys: &[String], kinds: &[Kind], lang: Lang) -> String {
    let name =
        |key: &String| kinds.iter().find(|k| k.key == *key).map_or(key.as_str(), |k| k.name(lang)).to_owned();
    keys.iter().map(name).collect::<Vec<_>>().join(Words(lang).or_between())
}

/// That a unit counts more kinds than these. Kinds are data and have a name in each language.
fn loosens(above: &[String], kinds: &[Kind]) -> Saying {
    if above.is_empty() {
        return crate::say::rule_loosens_none();
    }
    let says = |lang| Cow::Owned(Words(lang).rule_loosens(named(above, kinds, lang)));
    Saying { code: "rule-loosens", nl: says(Lang::Nl), en: says(Lang::En) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(kinds: &[&str], former: &[&str], least_months: i64, adults_only: bool) -> Rule {
        let all = |keys: &[&str]| keys.iter().map(|k| (*k).to_owned()).collect();
        Rule { kinds: all(kinds), former: all(former), least_months, adults_only }
    }

    fn fields(of: Result<()>) -> Vec<String> {
        match of {
            Ok(()) => Vec::new(),
            Err(Error::Invalid(faults)) => faults.into_iter().map(|f| f.field.into_owned()).collect(),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn two_rules_at_once_are_what_both_say() {
        let house = rule(&["graduate"], &["student"], 6, false);
        assert_eq!(house.and(&rule(&["graduate"], &[], 0, true)), rule(&["graduate"], &[], 0, true));
        assert_eq!(house.and(&rule(&[], &["student"], 24, false)), rule(&[], &["student"], 24, false));
        // The institution became stricter after the unit was: what holds is both.
        assert_eq!(house.and(&rule(&["graduate"], &["student"], 3, false)), house);
        assert_eq!(
            rule(&["student"], &[], 0, false).and(&rule(&[], &["student"], 6, false)).former,
            ["student"]
        );
        assert!(rule(&["graduate"], &[], 0, false).and(&rule(&["course"], &[], 0, false)).is_empty());
        for (a, b) in [
            (house.clone(), rule(&["graduate"], &[], 0, true)),
            (house.clone(), rule(&[], &["graduate"], 9, false)),
        ] {
            assert_eq!(a.and(&b), b.and(&a));
            assert_eq!(a.and(&a), a);
            assert_eq!(
                fields(a.and(&b).tightens(&a, &[])),
                Vec::<String>::new(),
                "both is stricter than one"
            );
        }
    }

    #[test]
    fn whoever_loosens_hears_it_per_field() {
        let house = rule(&["graduate"], &["student"], 6, true);
        assert_eq!(fields(house.tightens(&house, &[])), Vec::<String>::new());
        assert_eq!(fields(rule(&["graduate"], &[], 0, true).tightens(&house, &[])), Vec::<String>::new());
        // To count somebody only once it is over is stricter than to count them for good.
        assert_eq!(fields(rule(&[], &["graduate"], 6, true).tightens(&house, &[])), Vec::<String>::new());
        let loose = rule(&["graduate", "student"], &["course", "student"], 5, false);
        assert_eq!(fields(loose.tightens(&house, &[])), ["kinds", "former", "least_months", "adults_only"]);
        let Err(Error::Invalid(faults)) = loose.tightens(&house, &[]) else { panic!("it is looser") };
        assert!(faults.iter().any(|f| f.what.nl.contains("minstens 6 maanden")), "{faults:?}");
        assert!(faults.iter().any(|f| f.what.en.contains("only graduate")), "{faults:?}");
    }
}
