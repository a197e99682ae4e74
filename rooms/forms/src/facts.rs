//! What can be asked about people in a rule: which form they filled in, and when.

use kring_core::Lang;
use kring_frame::{Alike, Code, Event, Fact, FormAnswered, Fut, Happens, Phrase, Tx, happening, rules::Kind};

use crate::{
    USE, Words,
    piece::{self, Kind as Of},
};

pub const FILLED_IN: Fact = Fact::new(
    "filled_in",
    Kind::Acts,
    &USE,
    happening!("form.answered"),
    Phrase {
        noun: |l| Words(l).fact_form(),
        verb: |l| Words(l).fact_form_is(),
        not: |l| Words(l).fact_form_not(),
    },
)
.codes(forms)
.alike(Alike::Codes)
.happens(&[Happens { kind: FormAnswered::KIND, detail: Some("form") }]);

fn forms(tx: &mut Tx, _lang: Lang) -> Fut<'_, Vec<Code>> {
    Box::pin(async move {
        let all = piece::all(tx, Of::Form).await?;
        Ok(all
            .into_iter()
            .filter(|form| form.version > 0)
            .map(|form| Code::new(form.id, form.name))
            .collect())
    })
}
