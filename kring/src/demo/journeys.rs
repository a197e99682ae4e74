//! Journeys that a new user finds: three from recipes, published, and some prospects who have just begun one.

use kring_core::{Error, Lang, Result};
use kring_frame::{Actor, House, PersonId, params, sql};
use kring_journeys::{EDIT, gallery, journey, run};

/// Takes and publishes them in the name of the administrator.
pub async fn make(house: &House, admin: &Actor) -> Result<()> {
    let permit = admin.permit(&EDIT)?;
    let unit = admin.units_of(&permit).first().copied().ok_or(Error::Forbidden)?;
    let mut tx = house.write(admin).await?;
    let mut welcome = None;
    for key in ["welcome", "hundred-days", "after-request"] {
        let Some(recipe) = gallery::find(key) else { continue };
        let name = recipe.name(Lang::Nl);
        let id = gallery::take(&mut tx, &permit, unit, recipe, name, Lang::Nl).await?;
        let draft = journey::one(&mut tx, id).await?.draft;
        journey::publish(&mut tx, &permit, id, draft).await?;
        welcome = welcome.or(Some(id));
    }
    let prospects: Vec<(PersonId,)> = tx
        .all(
            sql!(
                "select p.id from people p where p.state = 'known' and not p.deceased
                   and exists (select 1 from party_roles r where r.person_id = p.id and r.kind = 'prospect' and r.valid_to is null)
                 order by p.id desc limit 12"
            ),
            params![],
        )
        .await?;
    if let Some(id) = welcome {
        let ready = journey::ready(&mut tx, id, 1).await?;
        for (person,) in prospects {
            let _not = run::begin(&mut tx, &ready, person, None).await?;
        }
    }
    tx.commit().await
}
