use std::collections::HashMap;

use kring_core::{Error, Lang, Result, Timestamp, Tongue};
use kring_db::{stored, two_faces};
use kring_frame::{
    About, ActorId, Mark, Permit, PersonAdded, PersonChanged, PersonId, Tx, UnitId, params, record, sql,
};
use kring_lang::names::{FormOfAddress, NameUsage, PersonName, fold};

use crate::{contact, index, source, wall};

record! {
    /// A person as the row holds it; the name's parts are read through [`Person::name`].
    #[derive(Clone, Debug)]
    pub struct Person {
        pub id: PersonId,
        given_names: String,
        initials: String,
        preferred_name: String,
        surname_prefix: String,
        surname: String,
        partner_surname_prefix: String,
        partner_surname: String,
        name_usage: String,
        title_prefix: String,
        title_suffix: String,
        form_of_address: String,
        display_override: String,
        pub display_name: String,
        /// In the person's own words; nothing is concluded from it.
        pub pronouns: String,
        /// What they read best: any language, also one that the house does not speak.
        pub lang: Option<Tongue>,
        pub birth_date: Option<jiff::civil::Date>,
        pub birth_year: Option<i64>,
        pub deceased: bool,
        /// Where they live is shown to nobody but who must know.
        pub address_protected: bool,
        pub owner: Option<ActorId>,
        pub unit: Option<UnitId>,
        pub source: String,
        pub created_at: Timestamp,
        pub last_contact_at: Option<Timestamp>,
        pub version: i64,
        pub state: State,
        /// The number that this one leads to since they turned out to be the same.
        pub merged_into: Option<PersonId>,
    }
}

stored! {
    pub enum State {
        Known = "known",
        Merged = "merged",
        /// An empty shell, so that counts still add up.
        Forgotten = "forgotten",
    }
}

impl Person {
    pub fn name(&self) -> PersonName {
        PersonName {
            given_names: self.given_names.clone(),
            initials: self.initials.clone(),
            preferred_name: self.preferred_name.clone(),
            surname_prefix: self.surname_prefix.clone(),
            surname: self.surname.clone(),
            partner_surname_prefix: self.partner_surname_prefix.clone(),
            partner_surname: self.partner_surname.clone(),
            name_usage: NameUsage::from_code(&self.name_usage).unwrap_or_default(),
            title_prefix: self.title_prefix.clone(),
            title_suffix: self.title_suffix.clone(),
            form_of_address: FormOfAddress::from_code(&self.form_of_address),
            display_override: self.display_override.clone(),
        }
    }

    /// The language of the house to write to this person in: theirs when it has it, English for other languages, and Dutch
    /// for whom we know none of.
    pub fn speaks(&self) -> Lang {
        match &self.lang {
            Some(tongue) => tongue.primary().parse().unwrap_or(Lang::En),
            None => Lang::default(),
        }
    }

    /// The languages they read, best first.
    pub fn reads(&self) -> Vec<Tongue> {
        self.lang.iter().cloned().chain([Tongue::from(self.speaks())]).collect()
    }
}

/// Somebody to be added.
#[derive(Clone, Debug, Default)]
pub struct NewPerson {
    pub name: PersonName,
    pub lang: Option<Tongue>,
    pub birth_date: Option<jiff::civil::Date>,
    pub birth_year: Option<i64>,
    pub pronouns: String,
    pub unit: Option<UnitId>,
    pub emails: Vec<String>,
    pub phones: Vec<String>,
    /// Where it came from: `form`, `import:12`, `staff`, `api`.
    pub source: String,
}

/// One person for whoever has the right; the reading is traced.
pub async fn read(tx: &mut Tx, permit: &Permit, id: PersonId) -> Result<Person> {
    let person = load(tx, id).await?;
    wall::person(tx, permit, id).await?;
    tx.trail(Mark::read(permit, "person").person(id)).await?;
    Ok(person)
}

/// One person, for the house's own work: composing a mail, drawing a line. Not for showing to somebody.
pub async fn load(tx: &mut Tx, id: PersonId) -> Result<Person> {
    tx.one(
        sql!(
            "select id, given_names, initials, preferred_name, surname_prefix, surname, partner_surname_prefix,
                    partner_surname, name_usage, title_prefix, title_suffix, form_of_address, display_override,
                    display_name, pronouns, lang, birth_date, birth_year, deceased, address_protected, owner_id, unit_id, source,
                    created_at, last_contact_at, version, state, merged_into
             from people where id = $1"
        ),
        params![id],
    )
    .await
}

/// As [`load`], for many at once. Who is not there is not in the answer.
pub async fn load_many(tx: &mut Tx, ids: &[PersonId]) -> Result<HashMap<PersonId, Person>> {
    let list = serde_json::to_string(ids).map_err(Error::broken)?;
    let found: Vec<Person> = tx
        .all(
            two_faces!(
                sqlite: "select p.id, p.given_names, p.initials, p.preferred_name, p.surname_prefix, p.surname, p.partner_surname_prefix,
                        p.partner_surname, p.name_usage, p.title_prefix, p.title_suffix, p.form_of_address, p.display_override,
                        p.display_name, p.pronouns, p.lang, p.birth_date, p.birth_year, p.deceased, p.address_protected, p.owner_id,
                        p.unit_id, p.source, p.created_at, p.last_contact_at, p.version, p.state, p.merged_into
                     from json_each($1) j cross join people p where p.id = j.value",
                postgres: "select p.id, p.given_names, p.initials, p.preferred_name, p.surname_prefix, p.surname, p.partner_surname_prefix,
                        p.partner_surname, p.name_usage, p.title_prefix, p.title_suffix, p.form_of_address, p.display_override,
                        p.display_name, p.pronouns, p.lang, p.birth_date, p.birth_year, p.deceased, p.address_protected, p.owner_id,
                        p.unit_id, p.source, p.created_at, p.last_contact_at, p.version, p.state, p.merged_into
                     from json_array_elements_text($1::text::json) j join people p on p.id = j::bigint",
            ),
            params![list],
        )
        .await?;
    Ok(found.into_iter().map(|person| (person.id, person)).collect())
}

/// Adds a person and tells it. Does not look for an existing one: see `arrive` and the importer.
pub async fn add(tx: &mut Tx, new: &NewPerson) -> Result<PersonId> {
    let display = new.name.display();
    if display.is_empty() {
        return Err(Error::field("name", crate::say::name_missing()));
    }
    let (n, now) = (&new.name, tx.now());
    let (id,): (PersonId,) = tx
        .one(
            sql!(
                "insert into people (given_names, initials, preferred_name, surname_prefix, surname,
                     partner_surname_prefix, partner_surname, name_usage, title_prefix, title_suffix, form_of_address,
                     display_override, display_name, sort_key, lang, birth_date, unit_id, source, created_at, changed_at, pronouns, birth_year)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $19, $20, $21)
                 returning id"
            ),
            params![
                &n.given_names,
                &n.initials,
                &n.preferred_name,
                &n.surname_prefix,
                &n.surname,
                &n.partner_surname_prefix,
                &n.partner_surname,
                n.name_usage.code(),
                &n.title_prefix,
                &n.title_suffix,
                n.form_of_address.code(),
                &n.display_override,
                display,
                fold(&n.sort_name()),
                new.lang.clone(),
                new.birth_date,
                new.unit,
                &new.source,
                now,
                &new.pronouns,
                new.birth_year
            ],
        )
        .await?;
    for email in &new.emails {
        contact::add(tx, id, contact::Kind::Email, email, &new.source).await?;
    }
    for phone in &new.phones {
        contact::add(tx, id, contact::Kind::Phone, phone, &new.source).await?;
    }
    index::index_person(tx, id).await?;
    tx.tell(About::person(id), &PersonAdded { how: how(&new.source) }).await?;
    Ok(id)
}

/// What an editor may change of a person's own row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    pub name: PersonName,
    pub pronouns: String,
    pub lang: Option<Tongue>,
    pub birth_date: Option<jiff::civil::Date>,
    pub birth_year: Option<i64>,
    pub deceased: bool,
    pub address_protected: bool,
}

impl Details {
    pub fn of(p: &Person) -> Self {
        Self {
            name: p.name(),
            pronouns: p.pronouns.clone(),
            lang: p.lang.clone(),
            birth_date: p.birth_date,
            birth_year: p.birth_year,
            deceased: p.deceased,
            address_protected: p.address_protected,
        }
    }

    /// Each value as it is kept beside its source.
    fn values(&self) -> [(&'static str, String); 7] {
        [
            ("name", serde_json::to_string(&self.name).unwrap_or_default()),
            ("pronouns", self.pronouns.clone()),
            ("lang", self.lang.as_ref().map(|l| l.tag().to_owned()).unwrap_or_default()),
            ("birth_date", self.birth_date.map(|d| d.to_string()).unwrap_or_default()),
            ("birth_year", self.birth_year.map(|y| y.to_string()).unwrap_or_default()),
            ("deceased", self.deceased.to_string()),
            ("address_protected", self.address_protected.to_string()),
        ]
    }
}

/// Changes a person's own row, and keeps where each new value came from and what it was before. `version` is what the
/// editor saw; when somebody else was first, nothing is changed.
pub async fn change(
    tx: &mut Tx,
    permit: &Permit,
    id: PersonId,
    version: i64,
    new: &Details,
    source: &str,
) -> Result<()> {
    if new.name.display().is_empty() {
        return Err(Error::field("surname", crate::say::name_missing()));
    }
    wall::person(tx, permit, id).await?;
    let now = tx.now();
    let held = tx
        .run(
            sql!(
                "update people set version = version + 1, changed_at = $3 where id = $1 and version = $2 and state = 'known'"
            ),
            params![id, version, now],
        )
        .await?;
    let before = load(tx, id).await?;
    if held == 0 {
        return Err(Error::Conflict(crate::say::changed_meanwhile()));
    }
    let before = Details::of(&before);
    if before.name != new.name {
        set_name(tx, id, &new.name).await?;
    }
    tx.run(
        sql!(
            "update people set pronouns = $2, lang = $3, birth_date = $4, birth_year = $5, deceased = $6, address_protected = $7
             where id = $1"
        ),
        params![
            id,
            &new.pronouns,
            new.lang.clone(),
            new.birth_date,
            new.birth_year,
            new.deceased,
            new.address_protected
        ],
    )
    .await?;
    let mut changed = Vec::new();
    for ((attribute, value), (_, was)) in new.values().into_iter().zip(before.values()) {
        if value != was {
            source::note_person(tx, id, attribute, &value, &was, source).await?;
            changed.push(attribute);
        }
    }
    if changed.is_empty() {
        return Ok(());
    }
    index::index_person(tx, id).await?;
    tx.trail(Mark::changed(permit, "person").person(id).detail(changed.join(","))).await?;
    tx.tell(About::person(id), &PersonChanged { how: how(source) }).await?;
    Ok(())
}

/// Somebody chose themselves in which language we write to them. No editor was at it, so there is no permit and no version
/// to compare; who is editing at that moment is told that the row has changed.
pub async fn speak(tx: &mut Tx, id: PersonId, lang: &Tongue, source: &str) -> Result<()> {
    let now = tx.now();
    let was = load(tx, id).await?.lang.map(|l| l.tag().to_owned()).unwrap_or_default();
    tx.run(
        sql!("update people set lang = $2, version = version + 1, changed_at = $3 where id = $1 and state = 'known'"),
        params![id, lang, now],
    )
    .await?;
    source::note_person(tx, id, "lang", lang.tag(), &was, source).await?;
    tx.tell(About::person(id), &PersonChanged { how: how(source) }).await.map(drop)
}

/// Writes a name over the one that stands, with all that is derived from it but the index of words.
pub(crate) async fn set_name(tx: &mut Tx, id: PersonId, name: &PersonName) -> Result<()> {
    tx.run(
        sql!(
            "update people set given_names = $2, initials = $3, preferred_name = $4, surname_prefix = $5, surname = $6,
                 partner_surname_prefix = $7, partner_surname = $8, name_usage = $9, title_prefix = $10,
                 title_suffix = $11, form_of_address = $12, display_override = $13, display_name = $14, sort_key = $15
             where id = $1"
        ),
        params![
            id,
            &name.given_names,
            &name.initials,
            &name.preferred_name,
            &name.surname_prefix,
            &name.surname,
            &name.partner_surname_prefix,
            &name.partner_surname,
            name.name_usage.code(),
            &name.title_prefix,
            &name.title_suffix,
            name.form_of_address.code(),
            &name.display_override,
            name.display(),
            fold(&name.sort_name())
        ],
    )
    .await
    .map(drop)
}

/// Somebody spoke with this person now.
pub async fn contacted(tx: &mut Tx, id: PersonId) -> Result<()> {
    let now = tx.now();
    tx.run(
        sql!("update people set last_contact_at = $2 where id = $1 and (last_contact_at is null or last_contact_at < $2)"),
        params![id, now],
    )
    .await
    .map(drop)
}

fn how(source: &str) -> String {
    source.split(':').next().unwrap_or_default().to_owned()
}
