//! A campaign that a new user finds: with its reason, its budget and a mailing of two texts that waits to be sent.

use kring_blocks::{Block, Document, Sheet, What};
use kring_core::{Error, Lang, Result};
use kring_frame::{Actor, Event, House, Purpose, QuestionAsked, params, sql};
use kring_mailings::{
    EDIT,
    campaign::{self, Draft, Label},
    cost, mailing,
    plan::Test,
};
use kring_talks::topic;

/// Makes it in the name of the administrator.
pub async fn make(house: &House, admin: &Actor) -> Result<()> {
    let permit = admin.permit(&EDIT)?;
    let unit = admin.units_of(&permit).first().copied().ok_or(Error::Forbidden)?;
    let mut tx = house.write(admin).await?;
    let draft = Draft {
        name: "Kom een dagdeel meelopen".to_owned(),
        unit,
        purpose: Purpose::Orientation,
        reason: "Wie een dagdeel meeliep, valt in het eerste jaar half zo vaak uit. De meesten weten niet dat het kan.".to_owned(),
        label: Label::Process,
        budget_cents: 150_000,
        budget_minutes: 40 * 60,
        mail_cents: 100,
        goal: Some((QuestionAsked::KIND.to_owned(), None)),
        goal_days: 14,
    };
    let campaign = campaign::make(&mut tx, &permit, &draft).await?;
    cost::book(&mut tx, &permit, campaign, "Foto’s van het praktijklokaal", 32_500, 0).await?;
    cost::book(&mut tx, &permit, campaign, "Schrijven en nakijken", 0, 6 * 60).await?;
    let segment: Option<(i64,)> = tx
        .maybe(sql!("select id from segments where name = 'Prospects die we nog niet spraken'"), params![])
        .await?;
    let segment = segment.map(|(id,)| id);
    let id = mailing::make(&mut tx, &permit, campaign, "Meelopen in maart", segment, Lang::Nl).await?;
    let first = topic::active(&mut tx).await?.first().map(|topic| topic.id);
    mailing::change(&mut tx, &permit, id, 1, |plan| {
        plan.topic = first;
        plan.test = Test { share: 20, hours: 48 };
        plan.hold_out = 5;
        plan.texts = vec![
            text(
                ("Loop een dagdeel met ons mee", "Come and join us for half a day"),
                (
                    "Een ochtend in het praktijklokaal zegt meer dan een folder.",
                    "A morning in the workshop says more than a leaflet.",
                ),
            ),
            text(
                ("Eén ochtend, en je weet het", "One morning, and you know"),
                (
                    "Je loopt mee met een tweedejaars. Lunch is van ons.",
                    "You walk along with a second-year student. Lunch is on us.",
                ),
            ),
        ];
        Ok(())
    })
    .await?;
    tx.commit().await
}

fn text((nl, en): (&str, &str), (nl_lead, en_lead): (&str, &str)) -> Document {
    let sheet = |subject: &str, hello: &str, lead: &str, ask: &str| Sheet {
        subject: subject.to_owned(),
        preview: lead.to_owned(),
        blocks: [hello, lead, ask]
            .map(|text| Block { what: What::Text { text: text.to_owned() }, only_if: None })
            .to_vec(),
        ..Sheet::default()
    };
    let mut text = Document::new(
        Lang::Nl.into(),
        sheet(
            nl,
            "Dag {{ first_name }},",
            nl_lead,
            "Wil je meelopen? Antwoord op deze mail met een dag die je past.",
        ),
    );
    text.put(
        &Lang::En.into(),
        sheet(
            en,
            "Hello {{ first_name }},",
            en_lead,
            "Would you like to? Answer this mail with a day that suits you.",
        ),
    );
    text
}
