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
use kring_talks::topic;

/// Saves them in the name of the administrator.
pub async fn make(house: &House, email: &str) -> Result<()> {
    let mut look = house.read(&kring_frame::Actor::robot()).await?;
    let (id,): (ActorId,) =
        look.one(sql!("select actor_id from accounts where email = $1"), params![email]).await?;
    let admin = actor_of(&mut look, id).await?;
    let topics = topic::active(&mut look).await?;
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
    let housing = topics.iter().map(|topic| topic.id.to_string()).take(1).collect();
    let mut tx = house.write(&admin).await?;
    for (name, note, rule) in [
        (
            "Prospects die kort geleden iets vroegen",
            "Wie zich oriënteert en in de laatste dertig dagen een vraag stelde.",
            Rule::All(vec![role(&["prospect"], Held::Now), asked(Vec::new(), 30)]),
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
            "Studenten die vaker dan eens iets vroegen",
            "Over het eerste onderwerp van het Serviceplein.",
            Rule::All(vec![
                role(&["enrolled_student"], Held::Now),
                Rule::fact(
                    "asked",
                    Test::Did(Did { count: Count::AtLeast(2), details: housing, when: When::Last(365) }),
                ),
            ]),
        ),
    ] {
        let draft = Draft { name: name.to_owned(), note: note.to_owned(), rule };
        segment::make(&mut tx, &permit, unit, &draft).await?;
    }
    tx.commit().await
}
