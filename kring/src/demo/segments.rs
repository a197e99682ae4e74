//! Segments that a new user finds: one of each kind of question.

use kring_core::{Error, Result};
use kring_frame::{
    Actor, House,
    rules::{Count, Did, Held, Linked, Role, Rule, Test, When},
};
use kring_segments::{
    EDIT,
    persona::{self, Portrait},
    segment::{self, Draft},
};

/// Saves them in the name of the administrator.
pub async fn make(house: &House, admin: &Actor) -> Result<()> {
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
    let mut tx = house.write(admin).await?;
    for (name, note, rule, face) in [
        (
            "Studenten die deze maand iets vroegen",
            "Wie studeert en in de laatste dertig dagen een vraag stelde.",
            Rule::All(vec![role(&["enrolled_student"], Held::Now), asked(Vec::new(), 30)]),
            Some(Portrait {
                portrait: "Studeert hier en loopt ergens tegenaan. Zoekt eerst zelf, vraagt het daarna op de telefoon, tussen twee lessen door."
                    .to_owned(),
                wants: "Een antwoord waar hij vandaag iets mee kan, van iemand met een naam.".to_owned(),
                approach: "Kort, u of jij zoals hij zelf schrijft, met de volgende stap bovenaan. Geen algemene folders."
                    .to_owned(),
            }),
        ),
        (
            "Wie nu iets wil weten",
            "Wie een vraag open heeft staan, over welk onderwerp ook.",
            Rule::fact("wants", Test::Role(Role { kinds: Vec::new(), places: Vec::new(), held: Held::Now })),
            None,
        ),
        (
            "Alumni met een werkgever en een mailadres",
            "Wie we kunnen vragen voor een gastles of een stageplek.",
            Rule::All(vec![
                role(&["alumnus"], Held::Now),
                Rule::fact("organisation", Test::Linked(works)),
                Rule::fact("mail", Test::Yes),
            ]),
            None,
        ),
        (
            "Prospects die we nog niet spraken",
            "Wie zich oriënteert, een mailadres heeft en dit jaar nog niets vroeg.",
            Rule::All(vec![
                role(&["prospect"], Held::Now),
                Rule::fact("mail", Test::Yes),
                Rule::None(vec![asked(Vec::new(), 365)]),
            ]),
            Some(Portrait {
                portrait: "Kijkt rond en heeft nog niets gevraagd. Weet vaak beter wat hij niet wil dan wat wel, en praat er thuis over."
                    .to_owned(),
                wants: "Zien hoe een gewone dag eruitziet, en of hij er past.".to_owned(),
                approach: "Eén vraag per bericht, met voorbeelden van studenten. Niet aandringen: wie rondkijkt, mag rondkijken."
                    .to_owned(),
            }),
        ),
        (
            "Mensen die uit zichzelf van zich laten horen",
            "Een betrokkenheid van 40 of meer: minstens twee keer in de laatste maanden.",
            Rule::fact("engagement", Test::Between { from: Some(40), to: None }),
            None,
        ),
    ] {
        let draft = Draft { name: name.to_owned(), note: note.to_owned(), rule };
        let id = segment::make(&mut tx, &permit, unit, &draft).await?;
        if let Some(face) = face {
            persona::save(&mut tx, &permit, id, 0, &face).await?;
        }
    }
    tx.commit().await
}
