use kring_core::{Id, Lang, Result};
use kring_frame::{Tx, UnitId, params, record, sql};

record! {
    /// What a dialogue is about, and who answers.
    #[derive(Clone, Debug)]
    pub struct Topic {
        pub id: Id<Topic>,
        pub key: String,
        pub name_nl: String,
        pub name_en: String,
        pub unit: UnitId,
    }
}

impl Topic {
    pub fn name(&self, lang: Lang) -> &str {
        match lang {
            Lang::Nl => &self.name_nl,
            Lang::En => &self.name_en,
        }
    }
}

/// The topics that can be chosen now, in the institution's order.
pub async fn active(tx: &mut Tx) -> Result<Vec<Topic>> {
    tx.all(
        sql!(
            "select id, topic_key, name_nl, name_en, unit_id from topics where active order by position, id"
        ),
        params![],
    )
    .await
}

pub async fn one(tx: &mut Tx, id: Id<Topic>) -> Result<Topic> {
    tx.one(sql!("select id, topic_key, name_nl, name_en, unit_id from topics where id = $1"), params![id])
        .await
}

pub async fn add(
    tx: &mut Tx,
    key: &str,
    name_nl: &str,
    name_en: &str,
    unit: UnitId,
    position: i64,
) -> Result<Id<Topic>> {
    let (id,) = tx
        .one(
            sql!(
                "insert into topics (topic_key, name_nl, name_en, unit_id, position) values ($1, $2, $3, $4, $5) returning id"
            ),
            params![key, name_nl, name_en, unit, position],
        )
        .await?;
    Ok(id)
}
