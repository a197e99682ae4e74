//! Recipes: forms and pages to begin from, whole and in the languages of the house.

use kring_blocks::{Block, Document, Phrase, Sheet, What};
use kring_core::{Id, Lang, Result, Tongue};
use kring_frame::{Permit, Purpose, Tx, UnitId};
use kring_talks::topic;

use crate::{
    Words,
    landing::Landing,
    piece::{self, Kind, Piece},
    plan::{Ask, Field, Opt, Plan, When},
};

pub struct Recipe {
    pub key: &'static str,
    make: Make,
}

enum Make {
    Form(fn(Lang) -> Plan),
    Page(fn(Lang) -> Landing),
}

impl Recipe {
    pub fn name(&self, lang: Lang) -> &'static str {
        Words(lang).find(&format!("recipe-{}", self.key)).unwrap_or(self.key)
    }

    pub fn note(&self, lang: Lang) -> &'static str {
        Words(lang).find(&format!("recipe-{}-note", self.key)).unwrap_or_default()
    }

    pub fn kind(&self) -> Kind {
        match self.make {
            Make::Form(_) => Kind::Form,
            Make::Page(_) => Kind::Page,
        }
    }
}

pub const ALL: &[Recipe] = &[
    Recipe { key: "open-day", make: Make::Form(open_day) },
    Recipe { key: "brochure", make: Make::Form(brochure) },
    Recipe { key: "ask-student", make: Make::Form(ask_student) },
    Recipe { key: "alumni", make: Make::Form(alumni) },
    Recipe { key: "company", make: Make::Form(company) },
    Recipe { key: "blank-form", make: Make::Form(blank_form) },
    Recipe { key: "open-day-page", make: Make::Page(open_day_page) },
    Recipe { key: "blank-page", make: Make::Page(blank_page) },
];

pub fn find(key: &str) -> Option<&'static Recipe> {
    ALL.iter().find(|recipe| recipe.key == key)
}

/// Takes a recipe: a draft of a unit's own.
pub async fn take(
    tx: &mut Tx,
    permit: &Permit,
    unit: UnitId,
    recipe: &Recipe,
    name: &str,
    lang: Lang,
) -> Result<(Kind, Id<Piece>)> {
    match recipe.make {
        Make::Form(make) => {
            let mut plan = make(lang);
            if plan.asks {
                // A question has to land somewhere: at the unit itself where it answers any, else with the first who does.
                let topics = topic::active(tx).await?;
                plan.topic = topics.iter().find(|t| t.unit == unit).or(topics.first()).map(|t| t.id);
            }
            Ok((Kind::Form, piece::make(tx, permit, unit, name, &plan).await?))
        }
        Make::Page(make) => Ok((Kind::Page, piece::make(tx, permit, unit, name, &make(lang)).await?)),
    }
}

/// Builds a plan in both languages of the house from the keys of its words.
struct Maker {
    lang: Lang,
    plan: Plan,
}

impl Maker {
    fn new(lang: Lang, key: &str, purpose: Purpose) -> Self {
        let mut plan = Plan::new(lang.into());
        plan.tongues.extend(Lang::ALL.into_iter().filter(|other| *other != lang).map(Tongue::from));
        plan.title = phrase(lang, &format!("r-{key}-title"));
        plan.intro = phrase(lang, &format!("r-{key}-intro"));
        plan.thanks = phrase(lang, &format!("r-{key}-thanks"));
        plan.purpose = Some(purpose);
        Self { lang, plan }
    }

    #[expect(clippy::indexing_slicing, reason = "it was just put there")]
    fn field(&mut self, kind: Ask, key: &str) -> &mut Field {
        let id = i64::try_from(self.plan.fields.len() + 1).unwrap_or(1);
        let mut field = Field::new(id, kind, phrase(self.lang, &format!("r-{key}")));
        field.hint = phrase(self.lang, &format!("r-{key}-hint"));
        self.plan.fields.push(field);
        let last = self.plan.fields.len() - 1;
        &mut self.plan.fields[last]
    }

    fn choice(&mut self, kind: Ask, key: &str, codes: &[&str]) -> &mut Field {
        let lang = self.lang;
        let options = codes
            .iter()
            .map(|code| Opt { code: (*code).to_owned(), label: phrase(lang, &format!("r-{key}-{code}")) });
        let options = options.collect();
        let field = self.field(kind, key);
        field.options = options;
        field
    }

    /// A name and a mail address, without which nobody is behind an answer.
    fn who(&mut self) {
        self.field(Ask::Name, "name").required = true;
        self.field(Ask::Email, "email").required = true;
    }

    fn consent(&mut self, key: &str, purpose: Purpose) {
        let field = self.field(Ask::Consent, key);
        (field.purpose, field.channel) = (Some(purpose), "mail".to_owned());
    }

    fn campaign(&mut self) {
        self.field(Ask::Hidden, "campaign").code = "campaign".to_owned();
    }
}

/// One sentence of ours in every language of the house; empty where there is none of that key.
fn phrase(lang: Lang, key: &str) -> Phrase {
    let source = Tongue::from(lang);
    let mut phrase = Phrase::default();
    for other in [lang].into_iter().chain(Lang::ALL.into_iter().filter(|other| *other != lang)) {
        phrase.put(&source, &other.into(), Words(other).find(key).unwrap_or_default());
    }
    phrase
}

const PROGRAMMES: [&str; 5] = ["care", "technology", "business", "education", "unsure"];

fn open_day(lang: Lang) -> Plan {
    let mut make = Maker::new(lang, "open-day", Purpose::Orientation);
    make.plan.role = Some("prospect".to_owned());
    make.who();
    make.choice(Ask::Programme, "programme", &PROGRAMMES).required = true;
    let come = make.choice(Ask::One, "come", &["campus", "online"]);
    (come.required, come.page) = (true, true);
    let come = come.id;
    let guests = make.field(Ask::Number, "guests");
    (guests.least, guests.most) = (Some(0), Some(6));
    guests.when = Some(When { field: come, any: vec!["campus".to_owned()] });
    make.field(Ask::Short, "needs").when = Some(When { field: come, any: vec!["campus".to_owned()] });
    make.consent("news", Purpose::Marketing);
    make.campaign();
    make.plan
}

fn brochure(lang: Lang) -> Plan {
    let mut make = Maker::new(lang, "brochure", Purpose::Orientation);
    make.plan.role = Some("prospect".to_owned());
    make.who();
    make.choice(Ask::Programme, "programme", &PROGRAMMES).required = true;
    let how = make.choice(Ask::One, "how", &["mail", "post"]);
    how.required = true;
    let how = how.id;
    let address = make.field(Ask::Address, "address");
    address.required = true;
    address.when = Some(When { field: how, any: vec!["post".to_owned()] });
    make.consent("news", Purpose::Marketing);
    make.campaign();
    make.plan
}

fn ask_student(lang: Lang) -> Plan {
    let mut make = Maker::new(lang, "ask-student", Purpose::Service);
    make.plan.asks = true;
    make.field(Ask::Long, "question").required = true;
    make.choice(Ask::Programme, "programme", &PROGRAMMES);
    make.who();
    let call = make.choice(Ask::One, "answer-by", &["mail", "phone"]);
    call.required = true;
    let call = call.id;
    let phone = make.field(Ask::Phone, "phone");
    phone.required = true;
    phone.when = Some(When { field: call, any: vec!["phone".to_owned()] });
    make.plan
}

fn alumni(lang: Lang) -> Plan {
    let mut make = Maker::new(lang, "alumni", Purpose::Alumni);
    make.who();
    for (kind, key) in [(Ask::Phone, "phone"), (Ask::Address, "address")] {
        make.field(kind, key).always = true;
    }
    for field in &mut make.plan.fields {
        // Whoever checks their details is asked for them, and is shown none: the mail may have been passed on.
        field.always |= field.kind == Ask::Email;
    }
    make.choice(Ask::One, "work", &["employed", "own", "study", "other"]);
    let work = i64::try_from(make.plan.fields.len()).unwrap_or_default();
    make.field(Ask::Short, "employer").when = Some(When { field: work, any: vec!["employed".to_owned()] });
    make.consent("alumni-news", Purpose::Alumni);
    make.plan
}

fn company(lang: Lang) -> Plan {
    let mut make = Maker::new(lang, "company", Purpose::Relation);
    make.plan.asks = true;
    make.field(Ask::Short, "organisation").required = true;
    make.who();
    make.field(Ask::Phone, "phone");
    let work = make.field(Ask::Long, "work-offered");
    (work.required, work.page) = (true, true);
    make.choice(Ask::Programme, "programme", &PROGRAMMES).required = true;
    let places = make.field(Ask::Number, "places");
    (places.required, places.least, places.most) = (true, Some(1), Some(50));
    make.field(Ask::Date, "from");
    make.field(Ask::File, "description").most = Some(5);
    make.plan
}

fn blank_form(lang: Lang) -> Plan {
    let mut plan = Plan::new(lang.into());
    plan.tongues.extend(Lang::ALL.into_iter().filter(|other| *other != lang).map(Tongue::from));
    plan
}

fn open_day_page(lang: Lang) -> Landing {
    let sheet = |lang: Lang| {
        let w = Words(lang);
        let block = |what| Block { what, only_if: None };
        let text = |text: &str| block(What::Text { text: text.to_owned() });
        let heading = |text: &str| block(What::Heading { level: 1, text: text.to_owned() });
        Sheet {
            subject: w.r_page_title().to_owned(),
            preview: w.r_page_summary().to_owned(),
            blocks: vec![
                text(w.r_page_intro()),
                heading(w.r_page_what()),
                text(w.r_page_what_text()),
                block(What::Quote {
                    text: w.r_page_quote().to_owned(),
                    who: w.r_page_quote_who().to_owned(),
                }),
                heading(w.r_page_when()),
                text(w.r_page_when_text()),
            ],
            ..Sheet::default()
        }
    };
    let mut text = Document::new(lang.into(), sheet(lang));
    for other in Lang::ALL.into_iter().filter(|other| *other != lang) {
        text.put(&other.into(), sheet(other));
    }
    Landing { text }
}

fn blank_page(lang: Lang) -> Landing {
    Landing::new(lang.into(), "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check;

    #[test]
    fn every_recipe_can_be_published_as_it_is_but_the_blank_ones() {
        let today = jiff::civil::date(2026, 11, 24);
        for lang in Lang::ALL {
            for recipe in ALL {
                let Make::Form(make) = recipe.make else { continue };
                let mut plan = make(lang);
                // Which topic there is, the institution says.
                plan.topic = plan.asks.then(|| Id::new(1));
                let found = check::alone(&plan, today);
                let said: Vec<String> = found.iter().map(|f| f.said(&plan, lang)).collect();
                assert_eq!(found.is_empty(), recipe.key != "blank-form", "{}: {said:?}", recipe.key);
                assert!(!recipe.name(lang).is_empty() && !recipe.note(lang).is_empty());
            }
        }
    }
}
