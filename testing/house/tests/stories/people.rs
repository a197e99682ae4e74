//! People made for a story.

use kring_frame::{Actor, PersonId, UnitId};
use kring_people::{NewPerson, person, roles};
use kring_testing::TestHouse;

pub async fn added(t: &TestHouse, name: &str, email: &str, born: Option<&str>) -> PersonId {
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    let new = NewPerson {
        name: kring_people::arrive::name_from(name),
        emails: Some(email).filter(|e| !e.is_empty()).map(str::to_owned).into_iter().collect(),
        birth_date: born.map(|b| b.parse().unwrap()),
        source: "staff".into(),
        ..NewPerson::default()
    };
    let id = person::add(&mut tx, &new).await.unwrap();
    tx.commit().await.unwrap();
    t.settle().await;
    id
}

pub async fn given(t: &TestHouse, id: PersonId, kind: &str, detail: &str, from: &str, to: Option<&str>) {
    given_in(t, id, None, kind, detail, from, to).await;
}

pub async fn given_in(
    t: &TestHouse,
    id: PersonId,
    unit: Option<UnitId>,
    kind: &str,
    detail: &str,
    from: &str,
    to: Option<&str>,
) {
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    let role = roles::NewRole {
        kind: kind.into(),
        unit,
        detail: detail.into(),
        from: Some(from.parse().unwrap()),
        to: to.map(|d| d.parse().unwrap()),
    };
    roles::give_new(&mut tx, id, &role, "staff").await.unwrap();
    tx.commit().await.unwrap();
    t.settle().await;
}
