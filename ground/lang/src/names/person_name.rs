use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use kring_core::Lang;

use super::{
    address::{FormOfAddress, NameUsage},
    fold::is_apostrophe,
};
use crate::Words;

/// A person's name as given; an empty text means "not known". Mononyms have an empty surname.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PersonName {
    /// In full, as in the passport.
    pub given_names: String,
    pub initials: String,
    /// The name somebody is called by (roepnaam).
    pub preferred_name: String,
    /// Tussenvoegsel: "van der".
    pub surname_prefix: String,
    pub surname: String,
    pub partner_surname_prefix: String,
    pub partner_surname: String,
    pub name_usage: NameUsage,
    pub title_prefix: String,
    pub title_suffix: String,
    pub form_of_address: FormOfAddress,
    /// Shown instead of everything we would make ourselves.
    pub display_override: String,
}

/// Where "Van der Meulen" stands in a list: under M in the Netherlands, under V in Belgium.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sorting {
    #[default]
    Netherlands,
    Belgium,
}

impl PersonName {
    /// "Jan de Vries", "Ester van der Ven-van Dijk", "Suharto". Empty only when nothing at all is known.
    pub fn display(&self) -> String {
        if !self.display_override.trim().is_empty() {
            return self.display_override.trim().to_owned();
        }
        self.after(self.first())
    }

    /// "mevrouw M. de Vries", with titles: the line on an envelope.
    pub fn addressed(&self, lang: Lang) -> String {
        let who = self.after(first_of([&self.initials, &self.preferred_name, &self.given_names]));
        let who = if who.is_empty() { self.display() } else { who };
        let form = self.form(lang);
        joined(&[form, self.title_prefix.trim(), &who, self.title_suffix.trim()])
    }

    /// "Meulen, Jan van der": on the main word, as the Netherlands sorts.
    pub fn sort_name(&self) -> String {
        self.sort_name_in(Sorting::Netherlands)
    }

    pub fn sort_name_in(&self, sorting: Sorting) -> String {
        let (prefix, main) = self.surnames();
        let first = self.first();
        if main.is_empty() {
            return if first.is_empty() { self.display() } else { first.to_owned() };
        }
        let (head, tail) = match sorting {
            Sorting::Netherlands => (main, joined(&[first, prefix])),
            Sorting::Belgium => (attached(prefix, &main), first.to_owned()),
        };
        if tail.is_empty() { head } else { format!("{head}, {tail}") }
    }

    /// One or two letters until there is a photo: "JV" for Jan de Vries. The main word gives the second,
    /// and the Dutch IJ counts as one letter.
    pub fn initials_for_avatar(&self) -> String {
        let (_, main) = self.surnames();
        let letters = letter(self.first()) + &letter(&main);
        if letters.is_empty() { letter(&self.display()) } else { letters }
    }

    /// "Geachte heer De Vries", "Geachte Jan de Vries", "Beste Jan". A prefix takes a capital when nothing
    /// precedes it; a form that is not known stays neutral.
    pub fn salutation(&self, lang: Lang, formal: bool) -> String {
        let w = Words(lang);
        let called = first_of([&self.preferred_name, &self.given_names]);
        if !formal {
            return match called {
                "" if self.display().is_empty() => w.hello_nobody().to_owned(),
                "" => w.hello(self.display()),
                name => w.hello(name),
            };
        }
        let (prefix, main) = self.surnames();
        let form = self.form(lang);
        if !form.is_empty() && !main.is_empty() {
            return w.dear(format!("{form} {}", capital(&attached(prefix, &main))));
        }
        let name = match first_of([&self.preferred_name, &self.initials, &self.given_names]) {
            _ if !self.display_override.trim().is_empty() => self.display(),
            first => self.after(first),
        };
        match (form, name.as_str()) {
            (_, "") => w.dear_nobody().to_owned(),
            ("", name) => w.dear(name),
            (form, name) => w.dear(format!("{form} {name}")),
        }
    }

    /// The name somebody goes by, or the nearest we have.
    fn first(&self) -> &str {
        first_of([&self.preferred_name, &self.given_names, &self.initials])
    }

    /// The surnames after a first name; with nothing before them the prefix takes its capital.
    fn after(&self, first: &str) -> String {
        let (prefix, main) = self.surnames();
        let surname = attached(prefix, &main);
        if first.is_empty() { capital(&surname) } else { joined(&[first, &surname]) }
    }

    /// The first prefix, and the main word with all that follows: ("van der", "Ven-van Dijk"). A form that
    /// asks for a partner's name that we do not have falls back on the person's own.
    fn surnames(&self) -> (&str, String) {
        let own = (self.surname_prefix.trim(), self.surname.trim());
        let partner = (self.partner_surname_prefix.trim(), self.partner_surname.trim());
        let (one, two) = match self.name_usage {
            NameUsage::Own => (own, None),
            NameUsage::Partner => (partner, None),
            NameUsage::PartnerOwn => (partner, Some(own)),
            NameUsage::OwnPartner => (own, Some(partner)),
        };
        match (one, two) {
            ((_, ""), Some(other)) => (other.0, other.1.to_owned()),
            ((_, ""), None) => (own.0, own.1.to_owned()),
            (one, Some((prefix, main))) if !main.is_empty() => {
                (one.0, format!("{}-{}", one.1, attached(prefix, main)))
            }
            (one, _) => (one.0, one.1.to_owned()),
        }
    }

    fn form(&self, lang: Lang) -> &str {
        let w = Words(lang);
        match &self.form_of_address {
            FormOfAddress::Mr => w.form_mr(),
            FormOfAddress::Mrs => w.form_mrs(),
            FormOfAddress::Neutral => "",
            FormOfAddress::Custom(words) => words.trim(),
        }
    }
}

fn first_of<const N: usize>(texts: [&str; N]) -> &str {
    texts.into_iter().map(str::trim).find(|t| !t.is_empty()).unwrap_or_default()
}

fn joined(parts: &[&str]) -> String {
    parts.iter().filter(|p| !p.is_empty()).copied().collect::<Vec<_>>().join(" ")
}

/// "van der Meulen", but "d'Ancona" without a space.
fn attached(prefix: &str, main: &str) -> String {
    if prefix.ends_with(is_apostrophe) { format!("{prefix}{main}") } else { joined(&[prefix, main]) }
}

/// A capital at the start: "De Vries", "D'Ancona". A name that starts with an apostrophe has its capital
/// further on already: "'t Hart" stays as it is.
fn capital(name: &str) -> String {
    if let Some(rest) = name.strip_prefix("ij") {
        return format!("IJ{rest}");
    }
    let mut chars = name.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// The first letter as shown in an avatar.
fn letter(text: &str) -> String {
    let text: String = text.trim().nfc().collect();
    if text.starts_with("IJ") || text.starts_with("Ij") || text.starts_with("ij") {
        return "IJ".into();
    }
    let first = text.chars().find(|c| c.is_alphanumeric()).or_else(|| text.chars().next());
    first.map(|c| c.to_uppercase().collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use Lang::{En, Nl};

    use super::*;

    fn name(preferred: &str, prefix: &str, surname: &str) -> PersonName {
        PersonName {
            preferred_name: preferred.into(),
            surname_prefix: prefix.into(),
            surname: surname.into(),
            ..Default::default()
        }
    }

    fn with(form: FormOfAddress, name: PersonName) -> PersonName {
        PersonName { form_of_address: form, ..name }
    }

    #[test]
    fn a_prefix_is_lower_case_after_a_name_and_capital_when_nothing_precedes() {
        let jan = with(FormOfAddress::Mr, name("Jan", "de", "Vries"));
        assert_eq!(jan.display(), "Jan de Vries");
        assert_eq!(jan.salutation(Nl, true), "Geachte heer De Vries");
        assert_eq!(jan.salutation(En, true), "Dear Mr De Vries");
        assert_eq!(name("", "de", "Vries").display(), "De Vries");
        let m = PersonName { initials: "M.".into(), ..with(FormOfAddress::Mrs, name("", "de", "Vries")) };
        assert_eq!(m.addressed(Nl), "mevrouw M. de Vries");
        assert_eq!(m.addressed(En), "Ms M. de Vries");
    }

    #[test]
    fn the_second_prefix_of_a_double_name_stays_lower_case() {
        let ester = PersonName {
            partner_surname_prefix: "van der".into(),
            partner_surname: "Ven".into(),
            name_usage: NameUsage::PartnerOwn,
            ..with(FormOfAddress::Mrs, name("Ester", "van", "Dijk"))
        };
        assert_eq!(ester.display(), "Ester van der Ven-van Dijk");
        assert_eq!(ester.salutation(Nl, true), "Geachte mevrouw Van der Ven-van Dijk");
        assert_eq!(ester.sort_name(), "Ven-van Dijk, Ester van der");
        assert_eq!(ester.initials_for_avatar(), "EV");
    }

    #[test]
    fn foreign_prefixes_keep_their_capital() {
        let m = with(FormOfAddress::Mr, name("Mohammed", "", "El Hamdaoui"));
        assert_eq!(m.display(), "Mohammed El Hamdaoui");
        assert_eq!(m.salutation(Nl, true), "Geachte heer El Hamdaoui");
        assert_eq!(m.sort_name(), "El Hamdaoui, Mohammed");
        assert_eq!(name("Mohammed", "El", "Hamdaoui").display(), "Mohammed El Hamdaoui");
    }

    #[test]
    fn lists_sort_on_the_main_word_in_the_netherlands_only() {
        let jan = name("Jan", "van der", "Meulen");
        assert_eq!(jan.sort_name(), "Meulen, Jan van der");
        assert_eq!(jan.sort_name_in(Sorting::Belgium), "van der Meulen, Jan");
        assert_eq!(name("", "van der", "Meulen").sort_name(), "Meulen, van der");
    }

    #[test]
    fn the_four_forms_of_the_population_register() {
        let shown = |name_usage| {
            PersonName {
                partner_surname_prefix: "de".into(),
                partner_surname: "Wit".into(),
                name_usage,
                ..name("Els", "", "Jansen")
            }
            .display()
        };
        assert_eq!(shown(NameUsage::Own), "Els Jansen");
        assert_eq!(shown(NameUsage::Partner), "Els de Wit");
        assert_eq!(shown(NameUsage::PartnerOwn), "Els de Wit-Jansen");
        assert_eq!(shown(NameUsage::OwnPartner), "Els Jansen-de Wit");
    }

    #[test]
    fn a_form_that_asks_for_a_name_we_lack_uses_the_one_we_have() {
        for name_usage in NameUsage::ALL {
            let els = PersonName { name_usage, ..name("Els", "van", "Dijk") };
            assert_eq!(els.display(), "Els van Dijk", "{}", name_usage.code());
            assert_eq!(NameUsage::from_code(name_usage.code()), Some(name_usage));
        }
    }

    #[test]
    fn greetings_never_guess() {
        let jan = PersonName { initials: "J.".into(), ..name("Jan", "de", "Vries") };
        assert_eq!(jan.salutation(Nl, true), "Geachte Jan de Vries");
        assert_eq!(jan.salutation(Nl, false), "Beste Jan");
        assert_eq!(jan.salutation(En, false), "Dear Jan");
        let initials = PersonName { preferred_name: String::new(), ..jan };
        assert_eq!(initials.salutation(Nl, true), "Geachte J. de Vries");
        assert_eq!(initials.salutation(Nl, false), "Beste J. de Vries");
        assert_eq!(name("", "de", "Vries").salutation(Nl, true), "Geachte De Vries");
        let professor = with(FormOfAddress::Custom("professor".into()), name("Jan", "de", "Vries"));
        assert_eq!(professor.salutation(Nl, true), "Geachte professor De Vries");
        assert_eq!(PersonName::default().salutation(Nl, true), "Geachte heer of mevrouw");
        assert_eq!(PersonName::default().salutation(En, false), "Hello");
    }

    #[test]
    fn mononyms_apostrophes_and_ij_round_trip() {
        let suharto = with(FormOfAddress::Mr, name("Suharto", "", ""));
        assert_eq!((suharto.display(), suharto.sort_name()), ("Suharto".into(), "Suharto".into()));
        assert_eq!(suharto.salutation(Nl, true), "Geachte heer Suharto");
        assert_eq!(suharto.initials_for_avatar(), "S");
        let hart = with(FormOfAddress::Mrs, name("Mieke", "'t", "Hart"));
        assert_eq!(hart.display(), "Mieke 't Hart");
        assert_eq!(hart.salutation(Nl, true), "Geachte mevrouw 't Hart");
        assert_eq!(hart.sort_name(), "Hart, Mieke 't");
        let ancona = with(FormOfAddress::Mrs, name("Hedy", "d'", "Ancona"));
        assert_eq!(ancona.display(), "Hedy d'Ancona");
        assert_eq!(ancona.salutation(Nl, true), "Geachte mevrouw D'Ancona");
        let ij = name("IJsbrand", "", "IJzerman");
        assert_eq!((ij.display(), ij.initials_for_avatar()), ("IJsbrand IJzerman".into(), "IJIJ".into()));
        let wang = PersonName { display_override: "王小明".into(), ..Default::default() };
        assert_eq!((wang.display(), wang.initials_for_avatar()), ("王小明".into(), "王".into()));
        assert_eq!(wang.salutation(Nl, true), "Geachte 王小明");
        assert_eq!(name("🙂", "", "").initials_for_avatar(), "🙂");
        assert_eq!(PersonName::default().initials_for_avatar(), "");
    }

    #[test]
    fn titles_stand_on_the_envelope_only() {
        let jan = PersonName {
            title_prefix: "dr.".into(),
            title_suffix: "MSc".into(),
            ..with(FormOfAddress::Mr, name("Jan", "de", "Vries"))
        };
        assert_eq!(jan.addressed(Nl), "heer dr. Jan de Vries MSc");
        assert_eq!(jan.salutation(Nl, true), "Geachte heer De Vries");
    }
}
