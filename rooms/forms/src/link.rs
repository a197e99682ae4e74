//! Links of their own in our mails: whoever comes by one is known, and is not asked what we know. The link says whose it is to
//! us alone; nothing of it stands on the page.

use kring_core::{Id, Lang, Token};
use kring_frame::{Code, Fut, PersonId, Tx, params, sql};

use crate::piece::{self, Kind, State};

/// The forms that the public can see.
pub fn to(tx: &mut Tx, _lang: Lang) -> Fut<'_, Vec<Code>> {
    Box::pin(async move {
        let all = piece::all(tx, Kind::Form).await?;
        let live = all.into_iter().filter(|form| form.state == State::Live);
        Ok(live.map(|form| Code::new(form.id, form.name)).collect())
    })
}

/// Makes one for one letter; we keep its hash only. To a form that was taken back a link still leads, to the page that says so.
pub fn make(tx: &mut Tx, form: i64, person: PersonId) -> Fut<'_, Option<String>> {
    Box::pin(async move {
        let piece = piece::one(tx, Kind::Form, Id::new(form)).await?;
        let token = Token::new(&tx.house().chance);
        let now = tx.now();
        tx.run(
            sql!("insert into form_links (hash, form_id, person_id, made_at) values ($1, $2, $3, $4)"),
            params![token.hash(), piece.id, person, now],
        )
        .await?;
        Ok(Some(format!("{}{}/by/{}", tx.house().settings.site, piece.path(), token.reveal())))
    })
}
