use askama::Template;
use kring_core::{Error, Lang};
use kring_frame::{Fut, Markup, Panel, PersonId, Tone, Tx, params, sql};

use crate::Words;

#[derive(Template)]
#[template(path = "lookalikes.html")]
struct Lookalikes {
    people: Vec<(PersonId, String, &'static str)>,
}

/// On a person's page: who looks like this one. They were kept apart, since nobody is joined by a guess.
pub fn lookalikes(tx: &mut Tx, lang: Lang, person: PersonId) -> Fut<'_, Option<Panel>> {
    Box::pin(async move {
        let w = Words(lang);
        let pairs: Vec<(PersonId, String, String)> = tx
            .all(
                sql!(
                    "select p.id, p.display_name, l.reason from lookalikes l
                     join people p on p.id = case when l.person_id = $1 then l.other_id else l.person_id end
                     where l.person_id = $1 or l.other_id = $1 order by p.sort_key, p.id limit 10"
                ),
                params![person],
            )
            .await?;
        if pairs.is_empty() {
            return Ok(None);
        }
        let people = pairs
            .into_iter()
            .map(|(id, name, reason)| {
                (id, name, w.find(&format!("reason-{}", reason.replace('_', "-"))).unwrap_or_default())
            })
            .collect();
        let body = Lookalikes { people }.render().map_err(Error::broken)?;
        Ok(Some(Panel {
            title: w.lookalikes().to_owned(),
            tone: Tone::Sun,
            note: None,
            href: None,
            body: Markup::from_template(body),
        }))
    })
}
