use kring_core::{Lang, Result};
use kring_frame::{Block, Content, Envelope, Letter, Tx, params, sql};
use kring_lang::dates;
use kring_people::{person, units};

use crate::{RequestState, Words, request};

/// "We have your question": honest about when a person answers.
pub async fn receipt(tx: &mut Tx, envelope: Envelope) -> Result<Option<Content>> {
    let r = request::load(tx, envelope.subject).await?;
    let w = Words(r.lang);
    let to = person::load(tx, r.person).await?;
    let text = first_words(tx, r.dialogue.get()).await?;
    let zone = tx.house().settings.zone.clone();
    let mut blocks = vec![Block::Paragraph(w.receipt_thanks().to_owned())];
    if r.state != RequestState::Closed && r.answered_at.is_none() {
        blocks.push(Block::Paragraph(w.receipt_when(dates::moment(r.due_at, &zone, r.lang))));
    }
    blocks.push(Block::Quote(text));
    blocks.push(Block::Small(w.receipt_number(r.id.get())));
    Ok(Some(Content::Letter(Letter {
        lang: r.lang,
        subject: w.receipt_subject(&r.subject),
        greeting: to.name().salutation(r.lang, false) + ",",
        blocks,
        closing: vec![unit_name(tx, &r, r.lang).await?],
    })))
}

/// What the agent wrote, signed by name.
pub async fn answer(tx: &mut Tx, envelope: Envelope) -> Result<Option<Content>> {
    let turn: Option<(i64, String, String)> = tx
        .maybe(
            sql!(
                "select r.id, t.text, a.name from turns t join requests r on r.dialogue_id = t.dialogue_id
                 join actors a on a.id = t.actor_id where t.id = $1"
            ),
            params![envelope.subject],
        )
        .await?;
    let Some((id, text, agent)) = turn else { return Ok(None) };
    let r = request::load(tx, id).await?;
    let w = Words(r.lang);
    let to = person::load(tx, r.person).await?;
    let asked = first_words(tx, r.dialogue.get()).await?;
    let mut blocks: Vec<Block> = text
        .split("\n\n")
        .map(str::trim)
        .filter(|p| !p.is_empty())
        .map(|p| Block::Paragraph(p.to_owned()))
        .collect();
    blocks.push(Block::Small(w.answer_asked().to_owned()));
    blocks.push(Block::Quote(asked));
    Ok(Some(Content::Letter(Letter {
        lang: r.lang,
        subject: w.answer_subject(&r.subject),
        greeting: to.name().salutation(r.lang, false) + ",",
        blocks,
        closing: vec![agent, unit_name(tx, &r, r.lang).await?],
    })))
}

async fn first_words(tx: &mut Tx, dialogue: i64) -> Result<String> {
    let found: Option<(String,)> = tx
        .maybe(
            sql!("select text from turns where dialogue_id = $1 and direction = 'in' order by id limit 1"),
            params![dialogue],
        )
        .await?;
    Ok(found.map(|(text,)| text).unwrap_or_default())
}

async fn unit_name(tx: &mut Tx, r: &request::Request, lang: Lang) -> Result<String> {
    let units = units::all(tx).await?;
    Ok(units.iter().find(|u| u.id == r.unit).map(|u| u.name(lang).to_owned()).unwrap_or_default())
}
