//! People of a segment as a list shows them: name and roles.

use kring_core::{Lang, Result};
use kring_frame::{PersonId, Tx};
use kring_people::{kind_names, roles, rows};

pub struct Who {
    pub id: PersonId,
    pub name: String,
    pub roles: String,
}

/// In the order of the numbers; whoever is not there any more is left out.
pub async fn of(tx: &mut Tx, lang: Lang, ids: &[PersonId]) -> Result<Vec<Who>> {
    let kinds = roles::kinds(tx).await?;
    let listed = rows(tx, ids).await?;
    Ok(listed
        .into_iter()
        .map(|one| Who {
            id: one.id,
            roles: kind_names(&kinds, one.roles.as_deref(), lang).join(", "),
            name: one.name,
        })
        .collect())
}
