//! An answer and what follows from it: who it is of, a yes, a role, a need or a question, and a line on a timeline.

use jiff::SignedDuration;
use kring_consent::{Act, Channel, Entry, record};
use kring_core::{Error, Id, Result, Timestamp, Tongue};
use kring_db::stored;
use kring_frame::{
    About, FormAnswered, Mark, Permit, PersonId, Purpose, QuestionAsked, Tx, UnitId, params, record, sql,
};
use kring_lang::dates;
use kring_people::{address, arrive, contact, detect, person, roles, units};
use kring_talks::{NewDialogue, topic};

use crate::{
    answers::Answers,
    piece::{self, Piece},
    plan::{Ask, Field, Plan, around},
    say,
    upload::Upload,
    yes,
};

stored! {
    pub enum State {
        Counted = "counted",
        /// It looks as if a machine wrote it: nothing has followed, and a colleague decides.
        Held = "held",
        /// A colleague put it away.
        Refused = "refused",
    }
}

stored! {
    /// How we know whose it is.
    pub enum Origin {
        /// By a link of their own, out of a mail of ours.
        Link = "link",
        /// By what they typed, which anybody can.
        Typed = "typed",
    }
}

record! {
    #[derive(Clone, Debug)]
    pub struct Answer {
        pub id: i64,
        pub form: Id<Piece>,
        pub version: i64,
        pub unit: UnitId,
        pub person: Option<PersonId>,
        pub tongue: Tongue,
        pub state: State,
        pub suspicion: Option<String>,
        pub origin: Origin,
        pub campaign: String,
        pub at: Timestamp,
        pub decided_by: Option<String>,
    }
}

/// An answer that comes in.
pub struct New {
    pub answers: Answers,
    pub files: Vec<Upload>,
    pub tongue: Tongue,
    /// Whose link it came by.
    pub by_link: Option<PersonId>,
    pub suspicion: Option<&'static str>,
}

/// The form that an answer is one to, as it was published.
pub struct Form {
    pub piece: Piece,
    pub plan: Plan,
}

impl Form {
    /// The version that the public sees, of a form that can be answered.
    pub async fn live(tx: &mut Tx, piece: Piece) -> Result<Self> {
        let plan = piece::version::<Plan>(tx, piece.id, piece.version).await?;
        Ok(Self { piece, plan })
    }

    /// The version that an answer was given to.
    pub async fn of(tx: &mut Tx, answer: &Answer) -> Result<Self> {
        let piece = piece::one(tx, piece::Kind::Form, answer.form).await?;
        let plan = piece::version::<Plan>(tx, answer.form, answer.version).await?;
        Ok(Self { piece, plan })
    }

    /// Whether it can be answered today.
    pub fn is_open(&self, today: jiff::civil::Date) -> bool {
        self.piece.state == piece::State::Live && self.plan.until.is_none_or(|until| today <= until)
    }
}

/// Takes an answer in, in the caller's transaction. Two forms from one address at the same moment can meet in the middle: then
/// this says `TooMany`, and the caller tries again and finds the other's person.
pub async fn give(tx: &mut Tx, form: &Form, new: &New) -> Result<i64> {
    let (now, mut answers) = (tx.now(), new.answers.clone());
    let mut found = detect::Found::default();
    for (field, value) in answers.values_mut() {
        if form.plan.field(field).is_some_and(|f| matches!(f.kind, Ask::Short | Ask::Long)) {
            let here = detect::clean(value);
            found = detect::Found {
                bsn: found.bsn + here.bsn,
                iban: found.iban + here.iban,
                health: found.health + here.health,
            };
        }
    }
    let hidden = form.plan.first(Ask::Hidden).map_or("", |field| answers.get(field.id));
    let campaign: String = hidden.chars().take(80).collect();
    let state = if new.suspicion.is_some() { State::Held } else { State::Counted };
    let origin = if new.by_link.is_some() { Origin::Link } else { Origin::Typed };
    let (id,): (i64,) = tx
        .one(
            sql!(
                "insert into form_answers (form_id, version, unit_id, person_id, tongue, state, suspicion, origin, campaign, at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning id"
            ),
            params![
                form.piece.id,
                form.piece.version,
                form.piece.unit,
                new.by_link,
                &new.tongue,
                state,
                new.suspicion,
                origin,
                campaign,
                now
            ],
        )
        .await?;
    answers.keep(tx, id).await?;
    for file in &new.files {
        let field: i64 = file.field.trim_start_matches('f').parse().map_err(Error::broken)?;
        let size = i64::try_from(file.bytes.len()).unwrap_or(i64::MAX);
        tx.run(
            sql!("insert into form_files (answer_id, field, name, kind, size, content) values ($1, $2, $3, $4, $5, $6)"),
            params![id, field, &file.name, file.kind, size, file.bytes.clone()],
        )
        .await?;
    }
    if state == State::Counted {
        let answer = one(tx, id).await?;
        take_in(tx, form, &answer, &answers, found).await?;
    }
    Ok(id)
}

async fn one(tx: &mut Tx, id: i64) -> Result<Answer> {
    known(tx, id).await?.ok_or(Error::NotFound)
}

/// An answer, for the house's own work: writing a letter, drawing a line.
pub(crate) async fn known(tx: &mut Tx, id: i64) -> Result<Option<Answer>> {
    tx.maybe(
        sql!(
            "select n.id, n.form_id, n.version, n.unit_id, n.person_id, n.tongue, n.state, n.suspicion, n.origin, n.campaign,
                    n.at, a.name
             from form_answers n left join actors a on a.id = n.decided_by where n.id = $1"
        ),
        params![id],
    )
    .await
}

/// One answer for whoever may read answers of its unit; the reading is traced.
pub async fn read(tx: &mut Tx, permit: &Permit, id: i64) -> Result<Answer> {
    let answer = scoped(tx, permit, id).await?;
    let mut mark = Mark::read(permit, "form answer").subject(id);
    mark.person = answer.person;
    tx.trail(mark).await?;
    Ok(answer)
}

async fn scoped(tx: &mut Tx, permit: &Permit, id: i64) -> Result<Answer> {
    tx.one(
        sql!(
            "select n.id, n.form_id, n.version, n.unit_id, n.person_id, n.tongue, n.state, n.suspicion, n.origin, n.campaign,
                    n.at, a.name
             from form_answers n left join actors a on a.id = n.decided_by
             where n.id = $1 and n.unit_id in (select unit_id from reach where actor_id = $2 and right_key = $3)"
        ),
        params![id, permit.actor(), permit.right()],
    )
    .await
}

/// A colleague says that a held answer is from a person, or that it is not. Either can be taken back: a refused one is counted
/// when it turns out to be meant, and what has followed from a counted one does not come undone here.
pub async fn decide(tx: &mut Tx, permit: &Permit, id: i64, counts: bool) -> Result<()> {
    let answer = scoped(tx, permit, id).await?;
    let to = if counts { State::Counted } else { State::Refused };
    let (now, actor) = (tx.now(), tx.actor().id);
    let done = tx
        .run(
            sql!(
                "update form_answers set state = $2, decided_by = $3, decided_at = $4 where id = $1 and state in ('held', 'refused')
                   and state <> $2"
            ),
            params![id, to, actor, now],
        )
        .await?;
    if done == 0 {
        return Err(Error::Conflict(say::decided_already()));
    }
    if counts {
        let form = Form::of(tx, &answer).await?;
        let answers = Answers::load(tx, id).await?;
        take_in(tx, &form, &answer, &answers, detect::Found::default()).await?;
    }
    tx.trail(Mark::changed(permit, "form answer").subject(id).detail(to.as_str())).await
}

/// What follows from an answer that counts.
async fn take_in(
    tx: &mut Tx,
    form: &Form,
    answer: &Answer,
    answers: &Answers,
    found: detect::Found,
) -> Result<()> {
    let (plan, now) = (&form.plan, tx.now());
    let source = format!("form:{}", form.piece.id);
    let Who { person, known } = who(tx, form, answer, answers, &source).await?;
    tx.run(sql!("update form_answers set person_id = $2 where id = $1"), params![answer.id, person]).await?;
    detect::report(tx, person, "form", Some(answer.id), found).await?;
    let today = dates::date_of(now, &tx.house().settings.zone);
    tx.run(
        sql!(
            "insert into form_days (piece_id, day, seen, sent) values ($1, $2, 0, 1)
             on conflict (piece_id, day) do update set sent = form_days.sent + 1"
        ),
        params![form.piece.id, today],
    )
    .await?;
    let about = About { person, ..About::default() }.in_unit(form.piece.unit).subject(answer.id);
    let Some(person) = person else {
        let told = FormAnswered { form: form.piece.id.get(), version: answer.version, topic: None };
        return tx.tell(about, &told).await.map(drop);
    };
    // What a stranger says of somebody we know is read on the answer, and changes nothing about them.
    if !known || answer.origin == Origin::Link {
        let phone = answers.of_kind(plan, Ask::Phone);
        if !phone.is_empty() {
            contact::add(tx, person, contact::Kind::Phone, phone, &source).await?;
        }
        address::add(tx, person, &answers.address(plan), &source).await?;
        if answer.origin == Origin::Link {
            let email = answers.of_kind(plan, Ask::Email);
            if !email.is_empty() {
                contact::add(tx, person, contact::Kind::Email, email, &source).await?;
            }
        }
    }
    give_role(tx, form, person, answers, today, &source).await?;
    let yeses: Vec<&Field> = said_yes(plan, answers).collect();
    if !yeses.is_empty() {
        // Anybody can type the address of somebody whom we know: their yes always comes by their own mail.
        let stranger = known && answer.origin == Origin::Typed;
        if plan.confirm || stranger {
            yes::ask(tx, form, answer, person).await?;
        } else {
            agree(tx, form, answer, person, &yeses, &format!("answer:{}", answer.id)).await?;
        }
    }
    let asked = ask(tx, form, answer, person, answers).await?;
    let topic = plan.topic.filter(|_| !asked).map(Id::get);
    let told = FormAnswered { form: form.piece.id.get(), version: answer.version, topic };
    tx.tell(about, &told).await?;
    person::contacted(tx, person).await
}

/// Whose an answer is; and whether we knew them before.
struct Who {
    person: Option<PersonId>,
    known: bool,
}

async fn who(tx: &mut Tx, form: &Form, answer: &Answer, answers: &Answers, source: &str) -> Result<Who> {
    if answer.origin == Origin::Link && answer.person.is_some() {
        return Ok(Who { person: answer.person, known: true });
    }
    let email = answers.of_kind(&form.plan, Ask::Email);
    let Some(name) = answers.name(&form.plan).filter(|_| !email.is_empty()) else {
        return Ok(Who { person: None, known: false });
    };
    let canonical = contact::canonical(contact::Kind::Email, email);
    if let Some(person) = arrive::owner(tx, &canonical).await? {
        return Ok(Who { person: Some(person), known: true });
    }
    let new = person::NewPerson {
        name,
        lang: Some(answer.tongue.clone()),
        emails: vec![email.to_owned()],
        source: source.to_owned(),
        ..person::NewPerson::default()
    };
    let person = person::add(tx, &new).await?;
    // On PostgreSQL two transactions may both have found nobody; the address decides which of them was first.
    match arrive::owner(tx, &canonical).await? {
        Some(first) if first == person => Ok(Who { person: Some(person), known: false }),
        _ => Err(Error::TooMany(SignedDuration::from_millis(50))),
    }
}

/// The consents that were ticked.
pub fn said_yes<'a>(plan: &'a Plan, answers: &'a Answers) -> impl Iterator<Item = &'a Field> {
    plan.fields.iter().filter(|field| field.kind == Ask::Consent && !answers.get(field.id).is_empty())
}

/// Under which key the words of a yes are kept; with the version of the form they are the exact words that stood there.
pub fn wording_key(form: Id<Piece>, field: i64) -> String {
    format!("form:{form}:{field}")
}

/// Writes down what somebody agreed to, with the words that stood there.
pub async fn agree(
    tx: &mut Tx,
    form: &Form,
    answer: &Answer,
    person: PersonId,
    yeses: &[&Field],
    proof: &str,
) -> Result<()> {
    let units = units::all(tx).await?;
    // A yes is one to whoever asked: the legal entity of the form, where that is not the institution itself.
    let entity = units::controller(&units, form.piece.unit);
    let controller = entity.filter(|id| units.iter().any(|unit| unit.id == *id && unit.parent.is_some()));
    for field in yeses {
        let (Some(purpose), Ok(channel)) = (field.purpose, field.channel.parse::<Channel>()) else {
            continue;
        };
        let tongue = form.plan.tongue(std::slice::from_ref(&answer.tongue)).clone();
        let key = wording_key(form.piece.id, field.id);
        let how = format!("form:{}", form.piece.id);
        let entry = Entry {
            wording: Some((key.into(), answer.version, tongue)),
            proof: proof.to_owned(),
            controller,
            ..Entry::new(person, purpose, channel, Act::Consent, &how)
        };
        record(tx, &entry).await?;
    }
    Ok(())
}

/// The role that the form gives, of the programme that was chosen. Who has it already keeps what they have.
async fn give_role(
    tx: &mut Tx,
    form: &Form,
    person: PersonId,
    answers: &Answers,
    today: jiff::civil::Date,
    source: &str,
) -> Result<()> {
    let Some(kind) = &form.plan.role else { return Ok(()) };
    let tongue = &form.plan.source;
    let programme = form.plan.first(Ask::Programme);
    let detail = programme.map(|field| answers.said(&form.plan, field, tongue)).unwrap_or_default();
    let held = roles::of(tx, person).await?;
    let same = |role: &roles::Role| {
        role.kind == *kind && role.holds(today) && (detail.is_empty() || role.detail == detail)
    };
    if held.iter().any(same) {
        return Ok(());
    }
    roles::give(tx, person, kind, Some(form.piece.unit), &detail, Some(today), source).await
}

/// Lays the question before the desk; `false` where there is none.
async fn ask(tx: &mut Tx, form: &Form, answer: &Answer, person: PersonId, answers: &Answers) -> Result<bool> {
    let text = answers.of_kind(&form.plan, Ask::Long);
    let (true, Some(topic), false) = (form.plan.asks, form.plan.topic, text.is_empty()) else {
        return Ok(false);
    };
    let topic = topic::one(tx, topic).await?;
    let lang = around(&answer.tongue);
    let new = NewDialogue {
        person,
        unit: Some(topic.unit),
        topic: topic.key.clone(),
        purpose: Purpose::Service,
        lang,
        channel: Channel::Mail,
    };
    let dialogue = kring_talks::open(tx, &new).await?;
    kring_talks::hear(tx, dialogue, "form", answer.tongue.clone(), text).await?;
    let about = About::person(person).in_unit(topic.unit).subject(dialogue.get());
    tx.tell(about, &QuestionAsked { topic: topic.id.get(), channel: "form".into() }).await?;
    Ok(true)
}
