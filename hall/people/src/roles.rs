use jiff::civil::Date;
use kring_core::Result;
use kring_frame::{PersonId, Tx, UnitId, params, record, sql};

/// The kinds of role that the education pack knows (domain: role kinds). A role is a period, never a status:
/// one person may hold several at once, and keeps those that are over.
pub const KINDS: &[&str] = &[
    "prospect",
    "visitor",
    "applicant",
    "enrolled_student",
    "course_participant",
    "former_student",
    "graduate",
    "alumnus",
    "ambassador",
    "panel_member",
    "mentor",
    "guest_teacher",
    "employee",
    "company_contact",
    "workplace_supervisor",
    "parent_guardian",
    "school_contact",
];

record! {
    #[derive(Clone, Debug, serde::Serialize)]
    pub struct Role {
        pub id: i64,
        pub kind: String,
        pub unit: Option<UnitId>,
        pub unit_nl: Option<String>,
        pub unit_en: Option<String>,
        /// Programme, class or function, in the words of its source.
        pub detail: String,
        pub from: Option<Date>,
        pub to: Option<Date>,
        pub source: String,
    }
}

pub async fn of(tx: &mut Tx, person: PersonId) -> Result<Vec<Role>> {
    tx.all(
        sql!(
            "select r.id, r.kind, r.unit_id, u.name_nl, u.name_en, r.detail, r.valid_from, r.valid_to, r.source
             from person_roles r left join units u on u.id = r.unit_id
             where r.person_id = $1 order by case when r.valid_to is null then 0 else 1 end, r.valid_from desc, r.id desc"
        ),
        params![person],
    )
    .await
}

/// Gives a role; the same role in the same unit is there once.
pub async fn give(
    tx: &mut Tx,
    person: PersonId,
    kind: &str,
    unit: Option<UnitId>,
    detail: &str,
    from: Option<Date>,
    source: &str,
) -> Result<()> {
    let known: Option<(i64,)> = tx
        .maybe(
            sql!(
                "select id from person_roles where person_id = $1 and kind = $2 and unit_id is not distinct from $3 and detail = $4"
            ),
            params![person, kind, unit, detail],
        )
        .await?;
    if known.is_some() {
        return Ok(());
    }
    tx.run(
        sql!(
            "insert into person_roles (person_id, kind, unit_id, detail, valid_from, source) values ($1, $2, $3, $4, $5, $6)"
        ),
        params![person, kind, unit, detail, from, source],
    )
    .await
    .map(drop)
}
