mod common;
#[tokio::test]
async fn keep() {
    let t = common::house(None).await;
    t.import("people-messy.csv", &common::fixture("people-messy.csv")).await.unwrap();
    t.upload("people-messy.csv", &common::fixture("people-messy.csv"), "").await;
    let mut tx = t.house.read(&t.actor).await.unwrap();
    let (p,): (String,) = tx.one(kring_frame::sql!("select file from pragma_database_list where name = 'main'"), vec![]).await.unwrap();
    drop(tx);
    t.house.db.settle().await.unwrap();
    std::fs::copy(&p, "/tmp/ex-keep.db").unwrap();
}
