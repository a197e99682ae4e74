//! The world into the house, whole: everybody under the number that is their key plus one, then what stands between them.
//! It goes by the verbs for many rows at once, which tell nothing and hear nothing; what a timeline should show is told
//! afterwards.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use jiff::{civil::Date, tz::TimeZone};
use kring_core::{Error, Result, Timestamp};
use kring_frame::{Actor, ActorId, House, OrganisationId, PersonId, Tx, params, sql};
use kring_meerland::{Birth, EmailKind, EmailState, Person, PersonKey, World};
use kring_people::{NewPerson, Party, address::NewAddress, bulk, contact, duplicates, words_of};

use super::{
    doubles,
    doubles::Double,
    institution::{Institution, STAFF},
    links,
};

/// So many people are made ready while those before them are written.
const AT_ONCE: usize = 20_000;

/// A world on its way into an empty house.
pub struct Load {
    pub house: House,
    pub world: Arc<World>,
    pub institution: Institution,
    /// The members of staff who keep relations or write notes, as who they are at work.
    pub keepers: Arc<HashMap<PersonKey, ActorId>>,
    /// The moment that the world calls today.
    pub now: Timestamp,
    pub first_organisation: OrganisationId,
    /// Who stands in the base a second time, as lists brought them.
    pub doubles: Vec<Double>,
    /// How many such lines brought nobody.
    pub refused: usize,
}

/// The relation number of somebody in the world.
pub fn number(key: PersonKey) -> PersonId {
    PersonId::new(i64::from(key.0) + 1)
}

/// Nine in the morning of a day, or now when that is still to come.
pub fn moment(day: Date, zone: &TimeZone, now: Timestamp) -> Timestamp {
    day.at(9, 0, 0, 0).to_zoned(zone.clone()).map_or(now, |z| z.timestamp()).min(now)
}

impl Load {
    /// Furnishes an empty house for the world. `now` is a moment of the world's today.
    pub async fn begin(house: &House, world: Arc<World>, now: Timestamp) -> Result<Self> {
        let institution = super::institution::furnish(house, &world).await?;
        let keepers = Arc::new(keepers(house, &world, &institution).await?);
        Ok(Self {
            house: house.clone(),
            world,
            institution,
            keepers,
            now,
            first_organisation: OrganisationId::new(0),
            doubles: Vec::new(),
            refused: 0,
        })
    }

    pub fn moment(&self, day: Date) -> Timestamp {
        moment(day, &self.house.settings.zone, self.now)
    }

    pub async fn tx(&self) -> Result<Tx> {
        self.house.write(&Actor::robot()).await
    }

    pub fn organisation(&self, key: kring_meerland::OrganisationKey) -> OrganisationId {
        OrganisationId::new(self.first_organisation.get() + i64::from(key.0))
    }

    /// Everybody with addresses, codes and the words by which they are found; then those whom lists bring a second time.
    /// `done` hears how many there are.
    pub async fn people(&mut self, done: &(dyn Fn(usize) + Sync)) -> Result<()> {
        let count = self.world.people.len();
        let mut found = bulk::FoundBy::default();
        let mut next = self.ready(0);
        for from in (0..count).step_by(AT_ONCE) {
            let chunk = next.await.map_err(Error::broken)??;
            next = self.ready(from + AT_ONCE);
            let first = self.write(chunk, &mut found).await?;
            if first != number(PersonKey(from as u32)) {
                return Err(Error::broken("the house was not empty"));
            }
            done((from + AT_ONCE).min(count));
        }
        (self.doubles, self.refused) = doubles::load(self, &mut found).await?;
        found.write(&self.house, &Actor::robot(), &mut |_| {}).await
    }

    fn ready(&self, from: usize) -> tokio::task::JoinHandle<Result<Chunk>> {
        let (world, keepers) = (self.world.clone(), self.keepers.clone());
        let (zone, now) = (self.house.settings.zone.clone(), self.now);
        let units: Vec<_> = self.world.units.all.keys().map(|k| self.institution.unit(k)).collect();
        tokio::task::spawn_blocking(move || {
            let mut chunk = Chunk::default();
            for key in world.people.keys().skip(from).take(AT_ONCE) {
                let person = &world.people[key];
                let mut whole = whole(person, &zone, now);
                whole.owner = person.owner.and_then(|o| keepers.get(&o).copied());
                whole.new.unit = person.unit.and_then(|u| units.get(u.0 as usize).copied().flatten());
                chunk.add(number(key), whole, points(person), home(person), codes(person));
            }
            chunk.finish()
        })
    }

    /// Writes people in one transaction, and answers the number of the first. By what they are found is kept for the end.
    pub(super) async fn write(&self, chunk: Chunk, found: &mut bulk::FoundBy) -> Result<PersonId> {
        let mut tx = self.tx().await?;
        let first = bulk::add_whole(&mut tx, &chunk.people).await?;
        bulk::points(&mut tx, &chunk.points).await?;
        bulk::addresses(&mut tx, &chunk.addresses, "meerland").await?;
        bulk::codes(&mut tx, &chunk.codes, "meerland").await?;
        tx.commit().await?;
        found.join(chunk.found);
        Ok(first)
    }

    /// What people said we may do; before the year is lived, so that nobody is asked who does not want to be.
    pub async fn wishes(&self) -> Result<()> {
        links::wishes(self).await
    }

    /// Organisations, roles, relations, notes and owners, and what of it a timeline shows.
    pub async fn relations(&mut self) -> Result<()> {
        let mut tx = self.tx().await?;
        self.first_organisation = links::organisations(self, &mut tx).await?;
        tx.commit().await?;
        links::roles(self).await?;
        links::relationships(self).await?;
        links::owners(self).await?;
        links::notes(self).await?;
        kring_people::definition::derive_all(&self.house).await
    }
}

/// Whoever keeps a relation is somebody at work: the colleagues who sign in stand for the busiest of their function, the
/// others are known by name.
async fn keepers(house: &House, world: &World, of: &Institution) -> Result<HashMap<PersonKey, ActorId>> {
    let mut times: HashMap<PersonKey, usize> = HashMap::new();
    let owned = world.people.iter().filter_map(|(_, p)| p.owner);
    let owned = owned.chain(world.organisations.iter().filter_map(|(_, o)| o.owner));
    for keeper in owned.chain(world.notes.iter().filter_map(|n| n.by)) {
        *times.entry(keeper).or_default() += 1;
    }
    let mut all: Vec<(usize, PersonKey)> = times.into_iter().map(|(k, n)| (n, k)).collect();
    all.sort_unstable_by_key(|(n, k)| (std::cmp::Reverse(*n), *k));
    let staff = world.sector().slots.staff;
    let mut found = HashMap::new();
    for (account, colleague) in of.accounts.iter().zip(STAFF) {
        let fits = |k: &PersonKey| {
            world.roles_of(*k).iter().any(|r| r.kind == staff && r.detail == colleague.function)
        };
        if let Some((_, key)) = all.iter().find(|(_, k)| !found.contains_key(k) && fits(k)) {
            found.insert(*key, *account);
        }
    }
    let others: Vec<PersonKey> = all.iter().map(|(_, k)| *k).filter(|k| !found.contains_key(k)).collect();
    let mut tx = house.write(&Actor::robot()).await?;
    let (highest,): (i64,) = tx.one(sql!("select coalesce(max(id), 0) from actors"), params![]).await?;
    let sets = others.iter().map(|k| params![world.people[*k].name.display()]).collect();
    tx.many(sql!("insert into actors (kind, name) values ('staff', $1)"), sets).await?;
    let ids: Vec<(ActorId,)> =
        tx.all(sql!("select id from actors where id > $1 order by id"), params![highest]).await?;
    tx.commit().await?;
    found.extend(others.into_iter().zip(ids.into_iter().map(|(id,)| id)));
    Ok(found)
}

/// People ready to be written, with the rows that hang on them.
#[derive(Default)]
pub(super) struct Chunk {
    people: Vec<bulk::Whole>,
    points: Vec<bulk::Point>,
    addresses: Vec<(Party, NewAddress, Option<Date>, Timestamp)>,
    codes: Vec<(Party, String, String)>,
    /// Each with the words by which they are found.
    subjects: Vec<(duplicates::Subject, BTreeSet<String>)>,
    found: bulk::FoundBy,
}

/// An address or number: kind, value, label, state.
pub(super) type Reach = (contact::Kind, String, &'static str, contact::State);

impl Chunk {
    pub(super) fn add(
        &mut self,
        id: PersonId,
        whole: bulk::Whole,
        reach: Vec<Reach>,
        home: Option<(NewAddress, Option<Date>)>,
        codes: Vec<(String, String)>,
    ) {
        let (since, source) = (whole.since, whole.new.source.clone());
        let of = |kind: contact::Kind| -> Vec<String> {
            reach.iter().filter(|r| r.0 == kind).map(|r| r.1.clone()).collect()
        };
        let (emails, phones) = (of(contact::Kind::Email), of(contact::Kind::Phone));
        let address = home.as_ref().map(|h| &h.0);
        let part = |get: fn(&NewAddress) -> &String| address.map_or("", |a| get(a).as_str());
        let mut subject = duplicates::subject_of(
            &whole.new.name,
            &duplicates::Known {
                birth_date: whole.new.birth_date,
                birth_year: whole.new.birth_year,
                emails: &emails,
                phones: &phones,
                postcode: part(|a| &a.postcode),
                house_number: part(|a| &a.house_number),
                street: part(|a| &a.street),
                city: part(|a| &a.city),
                student_number: codes.iter().find(|c| c.0 == "student_number").map_or("", |c| c.1.as_str()),
            },
        );
        subject.id = id;
        let addresses: Vec<String> =
            reach.iter().map(|(kind, value, ..)| contact::canonical(*kind, value)).collect();
        let words = words_of(
            &whole.new.name,
            addresses.iter().map(String::as_str),
            codes.iter().map(|c| c.1.as_str()),
        );
        self.subjects.push((subject, words));
        self.points.extend(reach.into_iter().map(|(kind, value, label, state)| bulk::Point {
            party: Party::Person(id),
            kind,
            value,
            label,
            state,
            source: source.clone(),
            at: since,
        }));
        self.addresses.extend(home.map(|(new, until)| (Party::Person(id), new, until, since)));
        self.codes.extend(codes.into_iter().map(|(scheme, code)| (Party::Person(id), scheme, code)));
        self.people.push(whole);
    }

    /// Works out the keys, which is most of the work and touches no database.
    pub(super) fn finish(mut self) -> Result<Self> {
        self.found.take(std::mem::take(&mut self.subjects))?;
        Ok(self)
    }
}

fn whole(p: &Person, zone: &TimeZone, now: Timestamp) -> bulk::Whole {
    let (birth_date, birth_year) = match p.birth {
        Birth::Full(day) => (Some(day), None),
        Birth::Year(year) => (None, Some(i64::from(year))),
        Birth::Unknown => (None, None),
    };
    bulk::Whole {
        new: NewPerson {
            name: p.name.clone(),
            lang: Some(p.lang.into()),
            birth_date,
            birth_year,
            pronouns: p.pronouns.to_owned(),
            source: p.source.to_owned(),
            ..NewPerson::default()
        },
        // Whose death nobody has noted is not known to have died.
        deceased: p.deceased.is_some_and(|d| d.marked),
        address_protected: p.protected,
        owner: None,
        since: moment(p.since, zone, now),
        last_contact: p.last_contact.map(|day| moment(day, zone, now)),
    }
}

fn points(p: &Person) -> Vec<Reach> {
    let state = |dead: bool| if dead { contact::State::Dead } else { contact::State::Fine };
    let mails = p.emails.iter().map(|e| {
        let label = match e.kind {
            EmailKind::Private => "private",
            EmailKind::School => "school",
            EmailKind::Work => "work",
        };
        (contact::Kind::Email, e.address.clone(), label, state(e.state == EmailState::Dead))
    });
    let phones = p.phones.iter().map(|n| (contact::Kind::Phone, n.number.clone(), "", state(!n.valid)));
    mails.chain(phones).collect()
}

pub(super) fn postal(a: &kring_meerland::Address) -> NewAddress {
    NewAddress {
        kind: None,
        street: a.street.to_owned(),
        house_number: a.number.to_string(),
        addition: a.addition.to_owned(),
        postcode: a.postcode.clone(),
        city: a.city.to_owned(),
        country: a.country.to_owned(),
    }
}

/// Where somebody lives. Post that comes back says that the address is over, not since when.
fn home(p: &Person) -> Option<(NewAddress, Option<Date>)> {
    p.address.as_ref().map(|a| (postal(a), (!a.valid).then(|| p.last_contact.unwrap_or(p.since))))
}

fn codes(p: &Person) -> Vec<(String, String)> {
    p.identifiers.iter().map(|i| (i.scheme.to_owned(), i.value.clone())).collect()
}
