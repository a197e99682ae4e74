//! Links that are one reader's own, in letters that another room writes: to a form that knows who comes. The room that owns what
//! a link leads to offers it; whoever writes the letter names it as a field and knows nothing of what lies behind.

use kring_core::Result;

use crate::{CodesFn, Fut, PersonId, Tx, room::Draft, room::Rooms};

/// Makes the link of one reader to one of the things, by its number; `None` where it leads nowhere any more.
pub type LinkFn = for<'a> fn(&'a mut Tx, i64, PersonId) -> Fut<'a, Option<String>>;

#[derive(Clone, Copy)]
pub struct OwnLink {
    /// Begins the names of its fields: `form` gives `form_3`. Stands in letters: stable for ever.
    pub key: &'static str,
    /// To what it can lead: a number, and what that is called.
    pub to: CodesFn,
    pub make: LinkFn,
}

impl Draft {
    /// Offers links of somebody's own to whoever writes letters.
    pub fn own_link(mut self, link: OwnLink) -> Self {
        self.0.own_links.push(link);
        self
    }
}

impl Rooms {
    /// The link behind a field of a letter, and the number of what it leads to.
    pub fn own_link(&self, field: &str) -> Option<(OwnLink, i64)> {
        let (key, number) = field.rsplit_once('_')?;
        let link = self.own_links.iter().find(|link| link.key == key)?;
        Some((*link, number.parse().ok()?))
    }
}

impl Tx {
    /// The fields that a letter can hold besides, each with what it leads to.
    pub async fn own_links(&mut self, lang: kring_core::Lang) -> Result<Vec<(String, String)>> {
        let house = self.house().clone();
        let mut fields = Vec::new();
        for link in &house.rooms.own_links {
            let to = (link.to)(self, lang).await?;
            fields.extend(to.into_iter().map(|code| (format!("{}_{}", link.key, code.code), code.label)));
        }
        Ok(fields)
    }
}
