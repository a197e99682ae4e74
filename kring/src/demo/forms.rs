//! A form and a landing page that a new user finds: published, in the school's own colour, with answers of the last weeks.

use jiff::SignedDuration;
use kring_core::{Clock, Error, Id, Lang, Result};
use kring_forms::{Answers, EDIT, Form, Landing, New, gallery, give, opened, piece, publish};
use kring_frame::{Actor, House, Permit, Tx, UnitId};

/// Who registered: first name, prefix, surname, what they are interested in, how they come. Made up, like everybody here.
const VISITORS: &[(&str, &str, &str, &str, &str)] = &[
    ("Yusra", "", "Benali", "care", "campus"),
    ("Sem", "van", "Houten", "technology", "campus"),
    ("Mila", "de", "Groot", "care", "online"),
    ("Daan", "", "Visser", "business", "campus"),
    ("Esra", "", "Yilmaz", "education", "campus"),
    ("Finn", "", "Meijer", "technology", "online"),
    ("Noa", "van den", "Broek", "unsure", "campus"),
    ("Levi", "", "Jansen", "care", "campus"),
];

const COLOUR: &str = "#0E7C86";

/// Takes and publishes them in the name of the administrator, and lives through the answers.
pub async fn make(house: &House, clock: &Clock, admin: &Actor) -> Result<()> {
    let permit = admin.permit(&EDIT)?;
    let unit = admin.units_of(&permit).first().copied().ok_or(Error::Forbidden)?;
    let mut tx = house.write(admin).await?;
    kring_forms::set_look(&mut tx, &permit, unit, COLOUR, None).await?;
    let recipe = gallery::find("open-day").ok_or(Error::NotFound)?;
    let name = recipe.name(Lang::Nl);
    let (_, form) = gallery::take(&mut tx, &permit, unit, recipe, name, Lang::Nl).await?;
    let draft = piece::one(&mut tx, piece::Kind::Form, form).await?.draft;
    publish::form(&mut tx, &permit, form, draft).await?;
    let page = page(&mut tx, &permit, unit).await?;
    tx.commit().await?;
    let now = clock.now();
    for (n, visitor) in VISITORS.iter().enumerate() {
        // One a day, at about the hour at which the demo is made.
        let ago = i64::try_from((VISITORS.len() - n) * 24 + n * n % 3).unwrap_or(1);
        clock.set(now - SignedDuration::from_hours(ago));
        let mut tx = house.write(&Actor::visitor()).await?;
        let piece = piece::one(&mut tx, piece::Kind::Form, form).await?;
        let form = Form::live(&mut tx, piece).await?;
        // Some look first, and some only look.
        for _ in 0..2 + n % 4 {
            opened(&mut tx, page).await?;
            opened(&mut tx, form.piece.id).await?;
        }
        give(&mut tx, &form, &answer(visitor)).await?;
        tx.commit().await?;
    }
    clock.set(now);
    house.settle().await.map(drop)
}

/// The page of the open day, with the form in it.
async fn page(tx: &mut Tx, permit: &Permit, unit: UnitId) -> Result<Id<piece::Piece>> {
    let recipe = gallery::find("open-day-page").ok_or(Error::NotFound)?;
    let (_, page) = gallery::take(tx, permit, unit, recipe, "Open dag", Lang::Nl).await?;
    let before = piece::one(tx, piece::Kind::Page, page).await?.draft;
    piece::change(tx, permit, page, before, |landing: &mut Landing, _| {
        landing.put_form("aanmelding-open-dag");
        Ok(())
    })
    .await?;
    publish::page(tx, permit, page, before + 1).await?;
    Ok(page)
}

fn answer((first, prefix, last, programme, come): &(&str, &str, &str, &str, &str)) -> New {
    let mut answers = Answers::default();
    let email = format!("{}.{}@mail.example.com", first.to_lowercase(), last.to_lowercase());
    for (field, part, value) in [
        (1, "first", *first),
        (1, "prefix", *prefix),
        (1, "last", *last),
        (2, "", email.as_str()),
        (3, "", *programme),
        (4, "", *come),
        (5, "", if *come == "campus" { "2" } else { "" }),
        (8, "", if *programme == "care" { "flyer" } else { "" }),
    ] {
        answers.put(field, part, value);
    }
    New { answers, files: Vec::new(), tongue: Lang::Nl.into(), by_link: None, suspicion: None }
}
