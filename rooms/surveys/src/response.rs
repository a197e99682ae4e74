use kring_core::{Error, Id, Result, Timestamp};
use kring_frame::{About, Forgotten, Fut, PersonId, Section, SurveyAnswered, Tx, params, record, sql};
use serde_json::json;

use crate::{
    Question,
    callback::{self, Wish},
    invitation::Invitation,
};

/// What somebody answered: per question a number or words.
#[derive(Clone, Debug, Default)]
pub struct Given {
    pub numbers: Vec<(Id<Question>, i64)>,
    pub texts: Vec<(Id<Question>, String)>,
    pub contact: Option<Wish>,
}

record! {
    /// An answer as the team reads it.
    #[derive(Clone, Debug)]
    pub struct Read {
        pub id: i64,
        pub person: PersonId,
        pub at: Timestamp,
        pub experience: Option<i64>,
        pub expectation: Option<i64>,
        pub mark: Option<i64>,
        pub text: Option<String>,
        pub wants_contact: bool,
        pub topic_nl: String,
        pub topic_en: String,
        pub request: i64,
        pub agent: Option<String>,
    }
}

/// Stores an answer. Answered before, this one takes its place and is counted as a change of mind.
pub async fn give(tx: &mut Tx, i: &Invitation, given: &Given) -> Result<()> {
    if i.expires_at < tx.now() {
        return Err(Error::Gone);
    }
    let now = tx.now();
    let wants = given.contact.is_some();
    let (response, times): (i64, i64) = tx
        .one(
            sql!(
                "insert into responses (invitation_id, unit_id, person_id, wants_contact, at) values ($1, $2, $3, $4, $5)
                 on conflict (invitation_id) do update set wants_contact = excluded.wants_contact, times = responses.times + 1
                 returning id, times"
            ),
            params![i.id, i.unit, i.person, wants, now],
        )
        .await?;
    tx.run(sql!("delete from answers where response_id = $1"), params![response]).await?;
    let numbers = given.numbers.iter().map(|(q, n)| params![response, *q, Some(*n), None::<String>]);
    let texts = given.texts.iter().map(|(q, t)| params![response, *q, None::<i64>, Some(t.clone())]);
    tx.many(
        sql!("insert into answers (response_id, question_id, number, text) values ($1, $2, $3, $4)"),
        numbers.chain(texts).collect(),
    )
    .await?;
    let about = About::person(i.person).in_unit(i.unit).subject(response);
    if times == 1 {
        let told = SurveyAnswered { survey: i.survey.get(), wants_contact: wants };
        tx.tell(about, &told).await?;
    }
    kring_people::person::contacted(tx, i.person).await?;
    match &given.contact {
        Some(wish) => callback::want(tx, i, response, wish).await,
        None => callback::no_longer_wanted(tx, response).await,
    }
}

/// Answers of the units in reach between two moments, newest first.
pub async fn between(
    tx: &mut Tx,
    permit: &kring_frame::Permit,
    from: Timestamp,
    to: Timestamp,
    most: u32,
) -> Result<Vec<Read>> {
    tx.all(
        sql!(
            "select r.id, r.person_id, r.at,
                    (select n.number from answers n join questions q on q.id = n.question_id where n.response_id = r.id and q.kind = 'experience'),
                    (select n.number from answers n join questions q on q.id = n.question_id where n.response_id = r.id and q.kind = 'expectation'),
                    (select n.number from answers n join questions q on q.id = n.question_id where n.response_id = r.id and q.kind = 'mark'),
                    (select string_agg(n.text, ' · ') from answers n where n.response_id = r.id and n.text is not null),
                    r.wants_contact, t.name_nl, t.name_en, i.request_id,
                    (select a.name from events e join actors a on a.id = e.actor_id
                      where e.kind = 'request.closed' and e.subject_id = i.request_id and e.person_id = r.person_id order by e.id desc limit 1)
             from responses r join invitations i on i.id = r.invitation_id join topics t on t.id = i.topic_id
             where r.at >= $3 and r.at < $4 and r.unit_id in (select unit_id from reach where actor_id = $1 and right_key = $2)
             order by r.at desc, r.id desc limit $5"
        ),
        params![permit.actor(), permit.right(), from, to, most],
    )
    .await
}

pub fn dossier(tx: &mut Tx, id: PersonId) -> Fut<'_, Vec<Section>> {
    Box::pin(async move {
        let rows: Vec<(String, Option<i64>, Option<String>, Timestamp)> = tx
            .all(
                sql!(
                    "select q.text_nl, a.number, a.text, r.at from answers a join responses r on r.id = a.response_id
                     join questions q on q.id = a.question_id where r.person_id = $1 order by r.at, q.position"
                ),
                params![id],
            )
            .await?;
        let asked: Vec<(Timestamp,)> = tx
            .all(sql!("select made_at from invitations where person_id = $1 order by id"), params![id])
            .await?;
        let calls: Vec<(String, Timestamp, Option<String>)> = tx
            .all(
                sql!("select channel, wanted_at, outcome from callbacks where person_id = $1 order by id"),
                params![id],
            )
            .await?;
        let answers: Vec<_> = rows
            .into_iter()
            .map(|(question, number, text, at)| json!({"question": question, "number": number, "text": text, "at": at}))
            .collect();
        let calls: Vec<_> = calls
            .into_iter()
            .map(|(channel, at, outcome)| json!({"channel": channel, "wanted": at, "outcome": outcome}))
            .collect();
        let asked: Vec<_> = asked.into_iter().map(|(at,)| at).collect();
        Ok(vec![Section {
            title: "surveys".into(),
            data: json!({"asked": asked, "answers": answers, "callbacks": calls}),
        }])
    })
}

/// Numbers stay, since results over many must not change; words, links and phone numbers go.
pub fn forget(tx: &mut Tx, id: PersonId) -> Fut<'_, Forgotten> {
    Box::pin(async move {
        let now = tx.now();
        let mut erased = tx
            .run(
                sql!("update answers set text = null where text is not null and response_id in (select id from responses where person_id = $1)"),
                params![id],
            )
            .await?;
        erased += tx
            .run(
                sql!("update invitations set token_hash = null, withdrawn = true where person_id = $1"),
                params![id],
            )
            .await?;
        erased += tx
            .run(
                sql!(
                    "update callbacks set phone = null, state = 'closed', closed_at = coalesce(closed_at, $2),
                         outcome = coalesce(outcome, 'not_needed') where person_id = $1"
                ),
                params![id, now],
            )
            .await?;
        Ok(Forgotten { erased, kept: Vec::new() })
    })
}
