//! A year of questions, answers, opinions and promises, in the order in which they happen.

use std::{cmp::Reverse, collections::BinaryHeap};

use indicatif::ProgressBar;
use jiff::{SignedDuration, Timestamp};
use kring_consent::Channel;
use kring_core::{Chance, Clock, Error, Id, Lang, Result};
use kring_desk::{After, Request, WORK_REQUESTS};
use kring_frame::{About, Actor, Hours, House, PersonId, Purpose, QuestionAsked, Tx, working_due};
use kring_needs::need::{self, Need, NewNeed, Source};
use kring_surveys::{CALL_BACK, Given, Kind, Outcome, Wish};
use kring_talks::NewDialogue;

use super::{
    load::{Load, number},
    words,
};

/// As many of the world's questions at most, evenly chosen, so that their rhythm and proportions stay: each walks through
/// every room, and a year of them should be made while somebody waits.
const QUESTIONS: usize = 600;
/// What waits for the end of the year: rounds of every night over everybody, which find nothing to do on the way.
const AT_THE_END: &[&str] = &[
    "people.nightly",
    "people.slips",
    "consent.of_age",
    "consent.pressure",
    "privacy.retention",
    "sharing.nightly",
    "engagement.nightly",
];
/// Asked in the last hours, at whatever hour the demo is made: a desk without a question teaches nobody anything.
const FRESH: usize = 14;
/// For one in so many questions somebody says at the counter or on the phone what they want to know, and it is written down.
const SAID: usize = 8;
/// Of a hundred who are asked.
const ANSWER: u64 = 34;

/// A question as the world has it.
#[derive(Clone, Copy)]
struct Question {
    person: PersonId,
    lang: Lang,
    /// Place among the topics.
    topic: usize,
    at: Timestamp,
    replied: Option<Timestamp>,
}

/// The year, the clock that is turned through it, and who lives it.
struct Year<'a> {
    load: &'a Load,
    house: &'a House,
    clock: &'a Clock,
    chance: &'a Chance,
}

/// What happens next, and to which request.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Act {
    Ask(usize),
    Answer(i64),
    Respond(i64),
    CallBack(PersonId),
    /// Somebody asks aloud what this question asks.
    Say(usize),
    Settle(Id<Need>),
    /// Letters leave a moment after they are written, and what an act sets in motion comes with them.
    Post,
}

type When = Reverse<(Timestamp, u64, Act)>;

pub async fn live(load: &Load, clock: &Clock, bar: &ProgressBar) -> Result<()> {
    let year = Year { load, house: &load.house, clock, chance: &load.house.chance };
    let questions = year.questions();
    bar.set_message("a year of questions");
    bar.set_length(questions.len() as u64);
    bar.set_position(0);
    let mut plan: BinaryHeap<When> = BinaryHeap::new();
    let mut tie = 0;
    let mut push = |plan: &mut BinaryHeap<When>, at: Timestamp, act: Act| {
        tie += 1;
        plan.push(Reverse((at, tie, act)));
    };
    for (place, question) in questions.iter().enumerate() {
        push(&mut plan, question.at, Act::Ask(place));
        if place.is_multiple_of(SAID) {
            push(
                &mut plan,
                question.at + SignedDuration::from_mins(47),
                Act::Say((place + SAID / 2) % questions.len()),
            );
        }
    }
    while let Some(Reverse((at, _, act))) = plan.pop() {
        // What would happen after today has not happened.
        if at > load.now {
            break;
        }
        clock.set(at);
        match act {
            Act::Ask(place) => {
                bar.inc(1);
                if let Some(question) = questions.get(place) {
                    let request = year.ask(question).await?;
                    push(&mut plan, year.answered_at(question), Act::Answer(request));
                }
            }
            Act::Answer(request) => {
                if year.answer(request).await? && year.chance.below(100) < ANSWER {
                    let later = SignedDuration::from_mins(20 + year.chance.below(2_200) as i64);
                    push(&mut plan, at + later, Act::Respond(request));
                }
            }
            Act::Respond(request) => {
                if let Some(person) = year.respond(request).await? {
                    let minutes = 60 + year.chance.below(560) as i64;
                    let due = working_due(at, minutes, &Hours::default(), &year.house.settings.zone);
                    push(&mut plan, due, Act::CallBack(person));
                }
            }
            Act::CallBack(person) => year.call_back(person).await?,
            Act::Say(place) => {
                if let Some(question) = questions.get(place) {
                    let need = year.say(place, question).await?;
                    let days = 1 + (place as i64 * 5) % 17;
                    // One in four is never heard of again.
                    if !(place / SAID).is_multiple_of(4) {
                        push(&mut plan, at + SignedDuration::from_hours(24 * days), Act::Settle(need));
                    }
                }
            }
            Act::Settle(need) => year.settle(need).await?,
            Act::Post => {
                year.house.settle_but(AT_THE_END).await?;
            }
        }
        if !matches!(act, Act::Post) {
            push(&mut plan, at + SignedDuration::from_secs(25), Act::Post);
        }
    }
    clock.set(load.now);
    year.house.settle().await.map(drop)
}

impl Year<'_> {
    /// The world's questions of the last year, in order, and a few that came just now.
    fn questions(&self) -> Vec<Question> {
        let (world, zone) = (&self.load.world, &self.house.settings.zone);
        let from = self.load.now - SignedDuration::from_hours(24 * 365);
        let moment = |at: jiff::civil::DateTime| at.to_zoned(zone.clone()).map(|z| z.timestamp()).ok();
        let topics = world.sector().topics;
        let mut all: Vec<Question> = world
            .requests
            .rows()
            .iter()
            .filter_map(|r| {
                let at = moment(r.at).filter(|at| (from..self.load.now).contains(at))?;
                let topic = topics.iter().position(|t| t.key == r.topic)?;
                let (person, lang) = (number(r.person), world.people[r.person].lang);
                Some(Question { person, lang, topic, at, replied: r.replied.and_then(moment) })
            })
            .collect();
        all.sort_by_key(|q| (q.at, q.person));
        let step = all.len().div_ceil(QUESTIONS).max(1);
        let mut some: Vec<Question> = all.into_iter().step_by(step).collect();
        let fresh: Vec<Question> = some.iter().rev().step_by(7).take(FRESH).copied().collect();
        some.extend(fresh.into_iter().map(|q| {
            let ago = SignedDuration::from_mins(4 + self.chance.below(230) as i64);
            Question { at: self.load.now - ago, replied: None, ..q }
        }));
        some
    }

    /// When the world says so; who asked just now waits as people do: most answers come within the promise.
    fn answered_at(&self, question: &Question) -> Timestamp {
        if let Some(replied) = question.replied {
            return replied;
        }
        let minutes = match self.chance.below(100) {
            0..60 => 20 + self.chance.below(160),
            60..90 => 180 + self.chance.below(300),
            _ => 600 + self.chance.below(1_500),
        };
        let minutes = i64::try_from(minutes).unwrap_or(60);
        working_due(question.at, minutes, &Hours::default(), &self.house.settings.zone)
    }

    async fn ask(&self, question: &Question) -> Result<i64> {
        let known = self.load.institution.topics.iter();
        let key = self.load.world.sector().topics.get(question.topic).map_or("", |t| t.key);
        let (Some(t), Some(topic)) = (words::of(key), known.into_iter().find(|t| t.key == key)) else {
            return Err(Error::broken(format!("nobody knows what is asked about {key}")));
        };
        let text = match question.lang {
            Lang::Nl => words::pick(self.chance, t.asked_nl),
            Lang::En => words::pick(self.chance, t.asked_en),
        };
        let mut tx = self.house.write(&Actor::visitor()).await?;
        let dialogue = kring_talks::open(
            &mut tx,
            &NewDialogue {
                person: question.person,
                unit: Some(topic.unit),
                topic: topic.key.clone(),
                purpose: Purpose::Service,
                lang: question.lang,
                channel: Channel::Mail,
            },
        )
        .await?;
        kring_talks::hear(&mut tx, dialogue, "form", question.lang, text).await?;
        let now = tx.now();
        // As the form tells it; the desk, which hears it later, finds the request opened already.
        let about = About::person(question.person).in_unit(topic.unit).subject(dialogue.get());
        tx.tell(about, &QuestionAsked { topic: topic.id.get(), channel: "form".into() }).await?;
        let id = kring_desk::open_from(&mut tx, question.person, dialogue, topic.id, "form", now).await?;
        tx.commit().await?;
        Ok(id.get())
    }

    /// Answers and closes; `false` when nobody could.
    async fn answer(&self, request: i64) -> Result<bool> {
        let id: Id<Request> = Id::new(request);
        let first = self.chance.below(self.load.institution.agents.len() as u64) as usize;
        for n in 0..self.load.institution.agents.len() {
            let Some(agent) =
                self.load.institution.agents.get((first + n) % self.load.institution.agents.len())
            else {
                continue;
            };
            let permit = agent.permit(&WORK_REQUESTS)?;
            let mut tx = self.house.write(agent).await?;
            let Ok(found) = kring_desk::read(&mut tx, &permit, id).await else { continue };
            let text = match found.lang {
                Lang::Nl => words::pick(self.chance, words::ANSWERS_NL),
                Lang::En => words::pick(self.chance, words::ANSWERS_EN),
            };
            kring_desk::answer(&mut tx, &permit, id, found.version, text, After::Close).await?;
            tx.commit().await?;
            return Ok(true);
        }
        Ok(false)
    }

    /// A colleague writes down what somebody wants to know. Without drawing lots, so that the rest of the year is as it was.
    async fn say(&self, place: usize, question: &Question) -> Result<Id<Need>> {
        let key = self.load.world.sector().topics.get(question.topic).map_or("", |t| t.key);
        let topic = self.load.institution.topics.iter().find(|t| t.key == key);
        let (Some(t), Some(topic)) = (words::of(key), topic) else {
            return Err(Error::broken(format!("nobody knows what is asked about {key}")));
        };
        let asked = if question.lang == Lang::Nl { t.asked_nl } else { t.asked_en };
        let agents = &self.load.institution.agents;
        let agent = agents.get(place % agents.len().max(1)).ok_or(Error::NotFound)?;
        let new = NewNeed {
            topic: topic.id,
            source: if place.is_multiple_of(3) { Source::Phone } else { Source::Hand },
            words: asked.get(place % asked.len().max(1)).copied().unwrap_or_default().to_owned(),
        };
        let mut tx = self.house.write(agent).await?;
        let noted = need::add(&mut tx, &agent.permit(&kring_needs::WRITE)?, question.person, &new).await?;
        tx.commit().await?;
        Ok(noted.need)
    }

    /// Somebody who may tells the answer, if a question has not brought it yet.
    async fn settle(&self, id: Id<Need>) -> Result<()> {
        for agent in &self.load.institution.agents {
            let mut tx = self.house.write(agent).await?;
            match need::settle(&mut tx, &agent.permit(&kring_needs::WRITE)?, id, id.get() % 7 != 0).await {
                Ok(_) => return tx.commit().await,
                Err(Error::NotFound) => {}
                Err(Error::Conflict(_)) => return Ok(()),
                Err(why) => return Err(why),
            }
        }
        Ok(())
    }

    /// Says how it was; the person, when contact is wanted.
    async fn respond(&self, request: i64) -> Result<Option<PersonId>> {
        let mut tx = self.house.write(&Actor::visitor()).await?;
        let Some(invitation) = kring_surveys::of_request(&mut tx, request).await? else { return Ok(None) };
        let mark = 1 + words::weighted(self.chance, words::MARKS.iter().copied()) as i64;
        let face = match mark {
            ..=3 => 1,
            4..=5 => 2,
            6..=7 => 3,
            8 => 4,
            _ => 5,
        };
        let expected = 3 + self.chance.below(3) as i64;
        let mut given = Given::default();
        for q in kring_surveys::questions(&mut tx, self.load.institution.survey).await? {
            match q.kind {
                Kind::Experience => given.numbers.push((q.id, face)),
                Kind::Expectation => given.numbers.push((q.id, expected)),
                Kind::Mark => given.numbers.push((q.id, mark)),
                Kind::Text if self.chance.below(100) < 35 => {
                    let said = if mark >= 7 { words::PRAISE } else { words::COMPLAINTS };
                    given.texts.push((q.id, words::pick(self.chance, said).to_owned()));
                }
                Kind::Text | Kind::YesNo => {}
            }
        }
        let wanted = self.chance.below(100) < if mark <= 5 { 40 } else { 7 };
        if wanted {
            let phone = has_phone(&mut tx, invitation.person).await?;
            given.contact = Some(Wish {
                channel: if phone.is_some() { "phone" } else { "mail" },
                phone,
                moment: words::pick(self.chance, &["any", "morning", "afternoon"]),
            });
        }
        kring_surveys::give(&mut tx, &invitation, &given).await?;
        tx.commit().await?;
        Ok(wanted.then_some(invitation.person))
    }

    /// Somebody of the desk keeps the promise. One in three of the last weeks still lies there; what is older has been
    /// found and done, as it would be by a team that sees it on its first page every morning.
    async fn call_back(&self, person: PersonId) -> Result<()> {
        let recent = self.load.now.duration_since(self.clock.now()) < SignedDuration::from_hours(24 * 14);
        if recent && self.chance.below(3) == 0 {
            return Ok(());
        }
        for agent in &self.load.institution.agents {
            let permit = agent.permit(&CALL_BACK)?;
            let mut tx = self.house.write(agent).await?;
            let open = kring_surveys::open_callbacks(&mut tx, &permit).await?;
            let Some(promised) = open.into_iter().find(|c| c.person == person) else { continue };
            if self.chance.below(5) == 0 {
                kring_surveys::attempt(&mut tx, &permit, promised.id).await?;
            }
            kring_surveys::finish(&mut tx, &permit, promised.id, Outcome::Reached).await?;
            return tx.commit().await;
        }
        Ok(())
    }
}

async fn has_phone(tx: &mut Tx, person: PersonId) -> Result<Option<String>> {
    let all = kring_people::contact::of(tx, person).await?;
    Ok(all.into_iter().find(|c| c.kind == kring_people::contact::Kind::Phone).map(|c| c.value))
}
