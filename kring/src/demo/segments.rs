//! Segments that a new user finds: one of each kind of question.

use kring_core::{Error, Result};
use kring_frame::{
    ActorId, House, actor_of, params,
    rules::{Count, Did, Held, Linked, Role, Rule, Test, When},
    sql,
};
use kring_segments::{
    EDIT,
    segment::{self, Draft},
};

/// Saves them in the name of the administrator.
pub async fn make(house: &House, email: &str) -> Result<()> {
    let mut look = house.read(&kring_frame::Actor::robot()).await?;
    let (id,): (ActorId,) =
        look.one(sql!("select actor_id from accounts where email = $1"), params![email]).await?;
    let admin = actor_of(&mut look, id).await?;
    drop(look);
    let permit = admin.permit(&EDIT)?;
    let unit = admin.units_of(&permit).first().copied().ok_or(Error::Forbidden)?;
    let role = |kinds: &[&str], held| {
        let kinds = kinds.iter().map(|kind| (*kind).to_owned()).collect();
        Rule::fact("role", Test::Role(Role { kinds, places: Vec::new(), held }))
    };
    let asked = |details: Vec<String>, days| {
        Rule::fact("asked", Test::Did(Did { count: Count::AtLeast(1), details, when: When::Last(days) }))
    };
    let works = Linked { kinds: vec!["employed_at".to_owned()], to: None, people: None };
    let mut tx = house.write(&admin).await?;
    for (name, note, rule) in [
        (
            "Studenten die deze maand iets vroegen",
            "Wie studeert en in de laatste dertig dagen een vraag stelde.",
            Rule::All(vec![role(&["enrolled_student"], Held::Now), asked(Vec::new(), 30)]),
        ),
        (
            "Alumni met een werkgever en een mailadres",
            "Wie we kunnen vragen voor een gastles of een stageplek.",
            Rule::All(vec![
                role(&["alumnus"], Held::Now),
                Rule::fact("organisation", Test::Linked(works)),
                Rule::fact("mail", Test::Yes),
            ]),
        ),
        (
            "Prospects die we nog niet spraken",
            "Wie zich oriënteert, een mailadres heeft en dit jaar nog niets vroeg.",
            Rule::All(vec![
                role(&["prospect"], Held::Now),
                Rule::fact("mail", Test::Yes),
                Rule::None(vec![asked(Vec::new(), 365)]),
            ]),
        ),
        (
            "Mensen die uit zichzelf van zich laten horen",
            "Een betrokkenheid van 40 of meer: minstens twee keer in de laatste maanden.",
            Rule::fact("engagement", Test::Between { from: Some(40), to: None }),
        ),
    ] {
        let draft = Draft { name: name.to_owned(), note: note.to_owned(), rule };
        segment::make(&mut tx, &permit, unit, &draft).await?;
    }
    tx.commit().await
}
