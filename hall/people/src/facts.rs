//! What can be asked about people in a rule: who they are to the institution.

use kring_core::{Lang, Result, Tongue};
use kring_db::sql;
use kring_frame::{
    Alike, Code, Event, Fact, Fut, Merged, OwnerChanged, PersonAdded, PersonChanged, PersonForgotten, Phrase,
    RelationshipEnded, RelationshipMade, RoleDerived, RoleEnded, RoleGiven, Tx, Unmerged,
    audience::Base,
    params,
    rules::{Column, Kind, Place, Rows, Written},
};

use crate::{READ_PEOPLE, Words, organisation, relationship, roles, units};

/// The dead are remembered and not selected.
pub const BASE: Base = Base {
    table: "people",
    key: "id",
    only: "{}.state = 'known' and not {}.deceased",
    listed: "{}.state = 'known'",
    order: "sort_key",
    leads_to: "merged_into",
    moved_by: &[
        PersonAdded::KIND,
        PersonChanged::KIND,
        PersonForgotten::KIND,
        Merged::KIND,
        Unmerged::KIND,
        OwnerChanged::KIND,
        RoleGiven::KIND,
        RoleEnded::KIND,
        RoleDerived::KIND,
        RelationshipMade::KIND,
        RelationshipEnded::KIND,
        kring_frame::OrganisationAdded::KIND,
        kring_frame::OrganisationChanged::KIND,
    ],
};

const ROLES: Rows = Rows { table: "party_roles", owner: "person_id", only: Some("{}.person_id is not null") };

/// A role of a kind, in a unit.
pub const ROLE: Fact = Fact::new(
    "role",
    Kind::Spans,
    &READ_PEOPLE,
    Place::Spans {
        rows: ROLES,
        kind: Column::text("kind"),
        place: Column::number("unit_id"),
        from: "valid_from",
        to: "valid_to",
        written: Written::Iso,
    },
    Phrase {
        noun: |l| Words(l).fact_role(),
        verb: |l| Words(l).fact_role_is(),
        not: |l| Words(l).fact_role_not(),
    },
)
.codes(role_codes)
.places(unit_codes)
.alike(Alike::Codes);

/// A role of a kind, for a programme, class or function in the words of its source.
pub const PROGRAMME: Fact = Fact::new(
    "programme",
    Kind::Spans,
    &READ_PEOPLE,
    Place::Spans {
        rows: Rows { only: Some("{}.person_id is not null and {}.detail <> ''"), ..ROLES },
        kind: Column::text("kind"),
        place: Column::text("detail"),
        from: "valid_from",
        to: "valid_to",
        written: Written::Iso,
    },
    Phrase {
        noun: |l| Words(l).fact_programme(),
        verb: |l| Words(l).fact_role_is(),
        not: |l| Words(l).fact_role_not(),
    },
)
.codes(role_codes)
.places(programme_codes)
.alike(Alike::Places);

pub const BORN: Fact = Fact::new(
    "born",
    Kind::Day,
    &READ_PEOPLE,
    Place::Day("birth_date", Written::Iso),
    Phrase {
        noun: |l| Words(l).fact_born(),
        verb: |l| Words(l).fact_born_is(),
        not: |l| Words(l).fact_born_not(),
    },
);

pub const LANGUAGE: Fact = Fact::new(
    "language",
    Kind::Choice,
    &READ_PEOPLE,
    Place::Choice(Column::text("lang")),
    Phrase {
        noun: |l| Words(l).fact_language(),
        verb: |l| Words(l).fact_language_is(),
        not: |l| Words(l).fact_language_not(),
    },
)
.codes(language_codes);

pub const CITY: Fact = Fact::new(
    "city",
    Kind::Tags,
    &READ_PEOPLE,
    Place::Codes {
        rows: Rows {
            table: "postal_addresses",
            owner: "person_id",
            only: Some("{}.person_id is not null and {}.valid_to is null and {}.city <> ''"),
        },
        code: Column::text("city"),
    },
    Phrase {
        noun: |l| Words(l).fact_city(),
        verb: |l| Words(l).fact_city_is(),
        not: |l| Words(l).fact_city_not(),
    },
)
.codes(city_codes);

pub const KEEPER: Fact = Fact::new(
    "owner",
    Kind::Choice,
    &READ_PEOPLE,
    Place::Choice(Column::number("owner_id")),
    Phrase {
        noun: |l| Words(l).fact_owner(),
        verb: |l| Words(l).fact_owner_is(),
        not: |l| Words(l).fact_owner_not(),
    },
)
.codes(colleague_codes);

pub const MAIL: Fact = Fact::new(
    "mail",
    Kind::Flag,
    &READ_PEOPLE,
    Place::Flag(
        "exists (select 1 from contact_points m where m.person_id = {}.id and m.kind = 'email' and m.state = 'fine')",
    ),
    Phrase {
        noun: |l| Words(l).fact_mail(),
        verb: |l| Words(l).fact_mail_is(),
        not: |l| Words(l).fact_mail_not(),
    },
);

pub const PHONE: Fact = Fact::new(
    "phone",
    Kind::Flag,
    &READ_PEOPLE,
    Place::Flag(
        "exists (select 1 from contact_points m where m.person_id = {}.id and m.kind = 'phone' and m.state = 'fine')",
    ),
    Phrase {
        noun: |l| Words(l).fact_phone(),
        verb: |l| Words(l).fact_phone_is(),
        not: |l| Words(l).fact_phone_not(),
    },
);

/// Relations with organisations that hold now, and what those are.
pub const ORGANISATION: Fact = Fact::new(
    "organisation",
    Kind::Links,
    &READ_PEOPLE,
    Place::Links {
        rows: Rows {
            table: "relationships",
            owner: "person_id",
            only: Some("{}.organisation_id is not null and {}.valid_to is null"),
        },
        kind: Column::text("kind"),
        to: "organisation_id",
        things: "organisations",
        thing_id: "id",
    },
    Phrase {
        noun: |l| Words(l).fact_organisation(),
        verb: |l| Words(l).fact_organisation_is(),
        not: |l| Words(l).fact_organisation_not(),
    },
)
.codes(tie_codes)
.things(&[ORGANISATION_KIND, ORGANISATION_ROLE]);

const ORGANISATION_KIND: Fact = Fact::new(
    "organisation_kind",
    Kind::Choice,
    &READ_PEOPLE,
    Place::Choice(Column::text("kind")),
    Phrase {
        noun: |l| Words(l).fact_organisation_kind(),
        verb: |l| Words(l).fact_organisation_kind_is(),
        not: |l| Words(l).fact_organisation_kind_not(),
    },
)
.codes(organisation_kind_codes);

const ORGANISATION_ROLE: Fact = Fact::new(
    "organisation_role",
    Kind::Tags,
    &READ_PEOPLE,
    Place::Codes {
        rows: Rows {
            table: "party_roles",
            owner: "organisation_id",
            only: Some("{}.organisation_id is not null and {}.valid_to is null"),
        },
        code: Column::text("kind"),
    },
    Phrase {
        noun: |l| Words(l).fact_organisation_role(),
        verb: |l| Words(l).fact_organisation_role_is(),
        not: |l| Words(l).fact_organisation_role_not(),
    },
)
.codes(organisation_role_codes);

/// All of them.
pub const FACTS: &[Fact] = &[ROLE, PROGRAMME, ORGANISATION, CITY, LANGUAGE, BORN, KEEPER, MAIL, PHONE];

fn role_codes(tx: &mut Tx, lang: Lang) -> Fut<'_, Vec<Code>> {
    Box::pin(async move { kinds_of(tx, lang, "person").await })
}

fn organisation_role_codes(tx: &mut Tx, lang: Lang) -> Fut<'_, Vec<Code>> {
    Box::pin(async move { kinds_of(tx, lang, "organisation").await })
}

async fn kinds_of(tx: &mut Tx, lang: Lang, party: &str) -> Result<Vec<Code>> {
    let kinds = roles::kinds(tx).await?;
    Ok(kinds.iter().filter(|k| k.party == party).map(|k| Code::new(&k.key, k.name(lang))).collect())
}

fn unit_codes(tx: &mut Tx, lang: Lang) -> Fut<'_, Vec<Code>> {
    Box::pin(async move {
        let all = units::all(tx).await?;
        Ok(all.iter().map(|unit| Code::new(unit.id, unit.name(lang))).collect())
    })
}

/// The programmes that roles name, those with most people first; a rule may name one that is not among them.
fn programme_codes(tx: &mut Tx, _lang: Lang) -> Fut<'_, Vec<Code>> {
    Box::pin(async move {
        let found: Vec<(String, i64)> = tx
            .all(
                sql!(
                    "select r.detail, count(*) from party_roles r where r.person_id is not null and r.detail <> '' and r.valid_to is null
                     group by r.detail order by count(*) desc, r.detail limit 300"
                ),
                params![],
            )
            .await?;
        let mut codes: Vec<Code> = found.into_iter().map(|(detail, _)| Code::new(&detail, &detail)).collect();
        codes.sort_by(|a, b| a.label.cmp(&b.label));
        Ok(codes)
    })
}

fn city_codes(tx: &mut Tx, _lang: Lang) -> Fut<'_, Vec<Code>> {
    Box::pin(async move {
        let found: Vec<(String, i64)> = tx
            .all(
                sql!(
                    "select d.city, count(*) from postal_addresses d where d.person_id is not null and d.valid_to is null and d.city <> ''
                     group by d.city order by count(*) desc, d.city limit 300"
                ),
                params![],
            )
            .await?;
        let mut codes: Vec<Code> = found.into_iter().map(|(city, _)| Code::new(&city, &city)).collect();
        codes.sort_by(|a, b| a.label.cmp(&b.label));
        Ok(codes)
    })
}

fn language_codes(_tx: &mut Tx, lang: Lang) -> Fut<'_, Vec<Code>> {
    let w = Words(lang);
    // Those of the house in the words of who looks; every other in its own, as its speakers know it.
    let mut codes = vec![Code::new("nl", w.fact_language_nl()), Code::new("en", w.fact_language_en())];
    let others = Tongue::common().filter(|tongue| !matches!(tongue.tag(), "nl" | "en"));
    codes.extend(others.map(|tongue| Code::new(tongue.tag(), tongue.name_in_own_words())));
    Box::pin(async move { Ok(codes) })
}

fn colleague_codes(tx: &mut Tx, _lang: Lang) -> Fut<'_, Vec<Code>> {
    Box::pin(async move {
        let found: Vec<(i64, String)> = tx
            .all(sql!("select id, name from actors where kind = 'staff' order by name, id"), params![])
            .await?;
        Ok(found.into_iter().map(|(id, name)| Code::new(id, name)).collect())
    })
}

fn tie_codes(_tx: &mut Tx, lang: Lang) -> Fut<'_, Vec<Code>> {
    let kinds = relationship::Kind::ALL.iter().filter(|kind| kind.with_organisation());
    let codes = kinds.map(|kind| Code::new(kind.as_str(), kind.name(lang))).collect();
    Box::pin(async move { Ok(codes) })
}

fn organisation_kind_codes(_tx: &mut Tx, lang: Lang) -> Fut<'_, Vec<Code>> {
    let codes =
        organisation::Kind::ALL.iter().map(|kind| Code::new(kind.as_str(), kind.name(lang))).collect();
    Box::pin(async move { Ok(codes) })
}
