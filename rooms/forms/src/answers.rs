//! What somebody filled in, field by field. A name and an address have parts; everything else is one value or several.

use std::collections::BTreeMap;

use kring_core::{Result, Tongue};
use kring_frame::{Tx, params, sql};
use kring_lang::{
    dates,
    names::{NameUsage, PersonName},
};
use kring_people::address::NewAddress;

use crate::{
    Words,
    plan::{Ask, Field, Plan, around},
};

/// By field, each value with the part it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers(BTreeMap<i64, Vec<(String, String)>>);

impl Answers {
    /// One more value of a field.
    pub fn put(&mut self, field: i64, part: &str, value: impl Into<String>) {
        let value = value.into();
        if !value.is_empty() {
            self.0.entry(field).or_default().push((part.to_owned(), value));
        }
    }

    pub fn all(&self, field: i64) -> Vec<&str> {
        self.0.get(&field).into_iter().flatten().map(|(_, value)| value.as_str()).collect()
    }

    /// The one value of a field; empty when it was not answered.
    pub fn get(&self, field: i64) -> &str {
        self.part(field, "")
    }

    pub fn part(&self, field: i64, part: &str) -> &str {
        self.0.get(&field).into_iter().flatten().find(|(p, _)| p == part).map_or("", |(_, value)| value)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = (i64, &str, &str)> {
        self.0.iter().flat_map(|(field, values)| {
            values.iter().map(|(part, value)| (*field, part.as_str(), value.as_str()))
        })
    }

    pub fn values_mut(&mut self) -> impl Iterator<Item = (i64, &mut String)> {
        self.0.iter_mut().flat_map(|(field, values)| values.iter_mut().map(|(_, value)| (*field, value)))
    }

    /// The name in the form of the house, from the field that asks for it.
    pub fn name(&self, plan: &Plan) -> Option<PersonName> {
        let field = plan.first(Ask::Name)?.id;
        let part = |part: &str| self.part(field, part).to_owned();
        let name = PersonName {
            preferred_name: part("first"),
            surname_prefix: part("prefix"),
            surname: part("last"),
            name_usage: NameUsage::Own,
            ..PersonName::default()
        };
        (!name.display().is_empty()).then_some(name)
    }

    pub fn of_kind(&self, plan: &Plan, kind: Ask) -> &str {
        plan.first(kind).map_or("", |field| self.get(field.id))
    }

    pub fn address(&self, plan: &Plan) -> NewAddress {
        let Some(field) = plan.first(Ask::Address) else { return NewAddress::default() };
        let part = |part: &str| self.part(field.id, part).to_owned();
        NewAddress {
            kind: None,
            street: part("street"),
            house_number: part("number"),
            addition: part("addition"),
            postcode: part("postcode"),
            city: part("city"),
            country: String::new(),
        }
    }

    /// The fields with what was answered, in words and in the order of the form: only those that were.
    pub fn shown(&self, plan: &Plan, tongue: &Tongue) -> Vec<(String, String)> {
        let answered = plan.fields.iter().filter(|field| self.0.contains_key(&field.id));
        answered
            .map(|field| {
                let label = match plan.say(&field.label, tongue) {
                    "" => field.code.as_str(),
                    label => label,
                };
                (label.to_owned(), self.said(plan, field, tongue))
            })
            .collect()
    }

    /// What was answered to one field, in words.
    pub fn said(&self, plan: &Plan, field: &Field, tongue: &Tongue) -> String {
        let lang = around(tongue);
        let values = self.0.get(&field.id).map(Vec::as_slice).unwrap_or_default();
        let option = |code: &str| {
            let found = field.options.iter().find(|option| option.code == code);
            found.map_or_else(|| code.to_owned(), |option| plan.say(&option.label, tongue).to_owned())
        };
        match field.kind {
            Ask::One | Ask::Many | Ask::Programme => {
                values.iter().map(|(_, code)| option(code)).collect::<Vec<_>>().join(", ")
            }
            Ask::Name => {
                let parts = ["first", "prefix", "last"].map(|part| self.part(field.id, part));
                parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
            }
            Ask::Address => {
                let line = |parts: &[&str]| {
                    let parts = parts.iter().map(|part| self.part(field.id, part));
                    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
                };
                let lines = [line(&["street", "number", "addition"]), line(&["postcode", "city"])];
                lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join(", ")
            }
            Ask::Consent => Words(lang).said_yes().to_owned(),
            Ask::Date => {
                let day = self.get(field.id).parse().ok();
                day.map_or_else(|| self.get(field.id).to_owned(), |day| dates::date(day, lang))
            }
            _ => values.iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>().join(", "),
        }
    }

    pub async fn load(tx: &mut Tx, answer: i64) -> Result<Self> {
        let rows: Vec<(i64, String, String)> = tx
            .all(
                sql!("select field, part, value from form_values where answer_id = $1 order by id"),
                params![answer],
            )
            .await?;
        let mut answers = Self::default();
        for (field, part, value) in rows {
            answers.put(field, &part, value);
        }
        Ok(answers)
    }

    pub async fn keep(&self, tx: &mut Tx, answer: i64) -> Result<()> {
        let rows = self.iter().map(|(field, part, value)| params![answer, field, part, value]).collect();
        tx.many(sql!("insert into form_values (answer_id, field, part, value) values ($1, $2, $3, $4)"), rows)
            .await
            .map(drop)
    }
}
