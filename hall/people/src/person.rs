use kring_core::{Error, Lang, Result, Timestamp};
use kring_frame::{
    About, ActorId, Mark, Permit, PersonAdded, PersonChanged, PersonId, Tx, UnitId, params, record, sql,
};
use kring_lang::names::{FormOfAddress, NameUsage, PersonName, fold};

use crate::{contact, words_of};

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
        pub lang: Option<Lang>,
        pub birth_date: Option<jiff::civil::Date>,
        pub deceased: bool,
        pub owner: Option<ActorId>,
        pub unit: Option<UnitId>,
        pub source: String,
        pub created_at: Timestamp,
        pub last_contact_at: Option<Timestamp>,
        pub version: i64,
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

    /// The language to write to this person in.
    pub fn speaks(&self) -> Lang {
        self.lang.unwrap_or_default()
    }
}

/// Somebody to be added.
#[derive(Clone, Debug, Default)]
pub struct NewPerson {
    pub name: PersonName,
    pub lang: Option<Lang>,
    pub birth_date: Option<jiff::civil::Date>,
    pub unit: Option<UnitId>,
    pub emails: Vec<String>,
    pub phones: Vec<String>,
    /// Where it came from: `form`, `import:12`, `staff`, `api`.
    pub source: String,
}

/// One person for whoever has the right; the reading is traced.
pub async fn read(tx: &mut Tx, permit: &Permit, id: PersonId) -> Result<Person> {
    let person = load(tx, id).await?;
    tx.trail(Mark::read(permit, "person").person(id)).await?;
    Ok(person)
}

/// One person, for the house's own work: composing a mail, drawing a line. Not for showing to somebody.
pub async fn load(tx: &mut Tx, id: PersonId) -> Result<Person> {
    tx.one(
        sql!(
            "select id, given_names, initials, preferred_name, surname_prefix, surname, partner_surname_prefix,
                    partner_surname, name_usage, title_prefix, title_suffix, form_of_address, display_override,
                    display_name, lang, birth_date, deceased, owner_id, unit_id, source, created_at, last_contact_at, version
             from people where id = $1"
        ),
        params![id],
    )
    .await
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
                     display_override, display_name, sort_key, lang, birth_date, unit_id, source, created_at, changed_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $19)
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
                new.lang,
                new.birth_date,
                new.unit,
                &new.source,
                now
            ],
        )
        .await?;
    for email in &new.emails {
        contact::add(tx, id, contact::Kind::Email, email, &new.source).await?;
    }
    for phone in &new.phones {
        contact::add(tx, id, contact::Kind::Phone, phone, &new.source).await?;
    }
    index(tx, id).await?;
    tx.tell(About::person(id), &PersonAdded { how: how(&new.source) }).await?;
    Ok(id)
}

/// Changes the name and the language. `version` is what the editor saw; when somebody else was first, nothing
/// is changed.
pub async fn rename(
    tx: &mut Tx,
    permit: &Permit,
    id: PersonId,
    version: i64,
    name: &PersonName,
    lang: Option<Lang>,
) -> Result<()> {
    let display = name.display();
    if display.is_empty() {
        return Err(Error::field("surname", crate::say::name_missing()));
    }
    let now = tx.now();
    let n = tx
        .run(
            sql!(
                "update people set given_names = $3, initials = $4, preferred_name = $5, surname_prefix = $6, surname = $7,
                     partner_surname_prefix = $8, partner_surname = $9, name_usage = $10, title_prefix = $11,
                     title_suffix = $12, form_of_address = $13, display_override = $14, display_name = $15, sort_key = $16,
                     lang = $17, changed_at = $18, version = version + 1
                 where id = $1 and version = $2"
            ),
            params![
                id,
                version,
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
                display,
                fold(&name.sort_name()),
                lang,
                now
            ],
        )
        .await?;
    if n == 0 {
        load(tx, id).await?;
        return Err(Error::Conflict(crate::say::changed_meanwhile()));
    }
    index(tx, id).await?;
    tx.trail(Mark::changed(permit, "person").person(id).detail("name")).await?;
    tx.tell(About::person(id), &PersonChanged { how: "staff".into() }).await?;
    Ok(())
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

/// Gives the person an owner: the colleague who keeps the relation.
pub async fn set_owner(tx: &mut Tx, permit: &Permit, id: PersonId, owner: Option<ActorId>) -> Result<()> {
    let now = tx.now();
    let n = tx
        .run(sql!("update people set owner_id = $2, changed_at = $3 where id = $1"), params![id, owner, now])
        .await?;
    if n == 0 {
        return Err(Error::NotFound);
    }
    tx.trail(Mark::changed(permit, "person").person(id).detail("owner")).await
}

/// Rewrites the words by which this person is found.
pub async fn index(tx: &mut Tx, id: PersonId) -> Result<()> {
    let person = load(tx, id).await?;
    let contacts = contact::of(tx, id).await?;
    let codes: Vec<(String,)> =
        tx.all(sql!("select value from identifiers where person_id = $1"), params![id]).await?;
    let words = words_of(&person.name(), &contacts, codes.iter().map(|c| c.0.as_str()));
    tx.run(sql!("delete from person_words where person_id = $1"), params![id]).await?;
    let sets = words.into_iter().map(|word| params![word, id]).collect();
    tx.many(sql!("insert into person_words (word, person_id) values ($1, $2)"), sets).await.map(drop)
}

fn how(source: &str) -> String {
    source.split(':').next().unwrap_or_default().to_owned()
}
