//! Cards on a person's page: the circle around them, and where what we know came from.

use askama::Template;
use kring_core::{Error, Lang};
use kring_frame::{Fut, Markup, Panel, PersonId, Tone, Tx};
use kring_lang::dates;

use super::list::source_named;
use crate::{
    Party, READ_PEOPLE, WRITE_PEOPLE, Words, identifier, merge, person,
    relationship::{self, Relationship},
    source,
    timeline::relation_words,
};

#[derive(Template)]
#[template(path = "panel_relations.html")]
struct Circle {
    w: Words,
    deciding: Vec<Near>,
    others: Vec<Near>,
    /// How many they brought to us, and how many of those came to learn; empty when nobody.
    credit: String,
}

struct Near {
    href: String,
    name: String,
    what: String,
    past: bool,
}

/// Those around somebody: first who helps decide (parents, partner, friends, mentor), then who brought whom, then the
/// rest. Of relatives no more is shown than that they are there.
pub fn relations(tx: &mut Tx, lang: Lang, id: PersonId) -> Fut<'_, Option<Panel>> {
    Box::pin(async move {
        if !tx.actor().may(&READ_PEOPLE) {
            return Ok(None);
        }
        let w = Words(lang);
        let may_write = tx.actor().may(&WRITE_PEOPLE);
        let all = relationship::of(tx, id).await?;
        let people: Vec<&Relationship> = all.iter().filter(|r| r.other.is_some()).collect();
        if people.is_empty() && !may_write {
            return Ok(None);
        }
        let near = |r: &&&Relationship| Near {
            href: r.other.map(|o| format!("/people/{o}")).unwrap_or_default(),
            name: r.name.clone(),
            // From the other's side: on a child's page stands "mother", who is "parent of" the child.
            what: other_words(w, r),
            past: r.to.is_some(),
        };
        let deciding = people.iter().filter(|r| r.kind.is_circle()).map(|r| near(&r)).collect();
        let others = people.iter().filter(|r| !r.kind.is_circle()).map(|r| near(&r)).collect();
        let credit = match relationship::introduced_by(tx, id).await? {
            (0, _) => String::new(),
            (brought, stayed) => w.circle_credit(brought, stayed),
        };
        let body = Circle { w, deciding, others, credit }.render().map_err(Error::broken)?;
        Ok(Some(Panel {
            title: w.circle_title().to_owned(),
            tone: Tone::Plain,
            note: None,
            href: may_write.then(|| (w.circle_edit().to_owned(), format!("/people/{id}/data"))),
            body: Markup::from_template(body),
        }))
    })
}

/// What the other is to this person: the relation read from the other's side.
fn other_words(w: Words, r: &Relationship) -> String {
    relation_words(w, &Relationship { inverse: !r.inverse, ..r.clone() })
}

#[derive(Template)]
#[template(path = "panel_sources.html")]
struct Sources {
    w: Words,
    came: String,
    codes: Vec<(String, String)>,
    changes: Vec<(String, String)>,
    merged: Vec<(i64, String, String)>,
    may_write: bool,
}

/// Codes, where the values came from, and which numbers were merged into this one, with the way back.
pub fn sources(tx: &mut Tx, lang: Lang, id: PersonId) -> Fut<'_, Option<Panel>> {
    Box::pin(async move {
        if !tx.actor().may(&READ_PEOPLE) {
            return Ok(None);
        }
        let w = Words(lang);
        let zone = tx.house().settings.zone.clone();
        let p = person::load(tx, id).await?;
        let codes = identifier::of(tx, id)
            .await?
            .into_iter()
            .map(|c| {
                let scheme = match c.scheme.strip_prefix("list:") {
                    Some(list) => w.scheme_list(list),
                    None => w
                        .find(&format!("scheme-{}", c.scheme.replace('_', "-")))
                        .unwrap_or(&c.scheme)
                        .to_owned(),
                };
                (scheme, c.value)
            })
            .collect();
        let changes = source::of_person(tx, id).await?;
        let of = changes.iter().map(|c| c.source.as_str()).chain([p.source.as_str()]);
        let names = source::names(tx, of).await?;
        let changes = changes
            .into_iter()
            .take(6)
            .map(|s| {
                let what =
                    w.find(&format!("attribute-{}", s.attribute.replace('_', "-"))).unwrap_or_default();
                (
                    what.to_owned(),
                    w.value_from(
                        source_named(w, &names, &zone, &s.source),
                        &s.by,
                        dates::day(s.at, &zone, lang),
                    ),
                )
            })
            .collect();
        let merged = merge::into(tx, Party::Person(id))
            .await?
            .into_iter()
            .map(|m| (m.id, m.gone_name, w.merged_on(m.gone, dates::day(m.at, &zone, lang), &m.by)))
            .collect();
        let came =
            w.came_from(source_named(w, &names, &zone, &p.source), dates::day(p.created_at, &zone, lang));
        let may_write = tx.actor().may(&WRITE_PEOPLE);
        let body = Sources { w, came, codes, changes, merged, may_write }.render().map_err(Error::broken)?;
        Ok(Some(Panel {
            title: w.sources_title().to_owned(),
            tone: Tone::Plain,
            note: None,
            href: None,
            body: Markup::from_template(body),
        }))
    })
}
