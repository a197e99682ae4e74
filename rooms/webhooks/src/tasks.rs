use kring_core::Lang;
use kring_frame::{Fut, Task, Tx};

use crate::{
    MANAGE, Words,
    hook::{self, State},
};

/// Webhooks that stopped by themselves: somebody has to look.
pub fn tasks(tx: &mut Tx, lang: Lang) -> Fut<'_, Vec<Task>> {
    Box::pin(async move {
        let Ok(permit) = tx.actor().permit(&MANAGE) else { return Ok(Vec::new()) };
        let w = Words(lang);
        let mut tasks = Vec::new();
        for webhook in hook::all(tx, &permit).await? {
            let text = match webhook.state {
                State::Gone => w.task_gone(),
                State::Failing => w.task_failing(),
                State::On | State::Paused | State::Removed => continue,
            };
            tasks.push(Task {
                icon: "send",
                title: w.task_title(&webhook.name),
                href: format!("/webhooks/{}", webhook.id),
                text: text.to_owned(),
                due: None,
            });
        }
        Ok(tasks)
    })
}
