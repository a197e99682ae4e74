//! The index of audiences lies on disk: a start reads it back with what was told since, and nobody who was erased is in it.

use kring_frame::{
    Actor,
    audience::By,
    rules::{Held, Role, Rule, Test},
    sql,
};
use kring_testing::{TestHouse, both};

use crate::{
    people::{added, given},
    segments::{prospect, saved, silently_ended, total, whoever_is},
};

both!(a_start_reads_the_index_back_with_what_was_told_since, who_was_erased_is_in_no_index_on_disk);

fn prospects() -> Rule {
    Rule::fact(
        "role",
        Test::Role(Role { kinds: vec!["prospect".to_owned()], places: vec![], held: Held::Now }),
    )
}

/// The prospects that the index knows, which is asked and not the database.
async fn known(t: &TestHouse) -> Vec<i64> {
    let mut tx = t.house.read(&Actor::robot()).await.unwrap();
    let found = tx.people_who(&prospects()).await.unwrap();
    assert_eq!(found.by, By::Index);
    found.is.iter().map(i64::from).collect()
}

async fn a_start_reads_the_index_back_with_what_was_told_since(t: TestHouse) {
    let anke = prospect(&t, "Anke Smit", "anke@mail.example.com").await;
    let bo = prospect(&t, "Bo Bakker", "bo@mail.example.com").await;
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let at = saved(&mut admin, "Prospects", &whoever_is("prospect")).await;
    drop(admin);
    t.settle().await;
    let file = t.database.folder().join("audience.index");
    let t = t.reopened().await;
    assert!(file.exists());

    // Nobody told of Anke's end, so an index that was read back does not know it; of Cas it was told while it was away.
    silently_ended(&t, anke).await;
    let kept = std::fs::read(&file).unwrap();
    let cas = prospect(&t, "Cas Claassen", "cas@mail.example.com").await;
    assert_eq!(known(&t).await, [anke.get(), bo.get(), cas.get()]);
    // As after a crash: the file is of before Cas, the moves are not.
    let t = t.reopened_with(&file, &kept).await;
    assert_eq!(known(&t).await, [anke.get(), bo.get(), cas.get()]);
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    assert_eq!(total(&admin.get(&at).await), "3");
    drop(admin);
    assert_eq!(t.count(sql!("select count(*) from segment_moves")).await, 1, "Cas, once");

    // A day later it is another day in an index that is read back, too.
    let dee = added(&t, "Dee Dekker", "dee@mail.example.com", None).await;
    given(&t, dee, "prospect", "Verpleegkunde", "2026-11-24", None).await;
    assert_eq!(known(&t).await.len(), 3);
    t.clock.advance(jiff::SignedDuration::from_hours(24));
    let t = t.reopened().await;
    assert_eq!(known(&t).await, [anke.get(), bo.get(), cas.get(), dee.get()]);

    // A file that is not whole is passed over, and so everybody is read.
    let t = t.reopened_with(&file, &kept[..kept.len() - 1]).await;
    assert_eq!(known(&t).await, [bo.get(), cas.get(), dee.get()]);
    // One of another database is as well: what was told there is not told here.
    let other = TestHouse::new(t.database.engine()).await;
    other.clock.advance(jiff::SignedDuration::from_mins(1));
    let eva = prospect(&other, "Eva Evers", "eva@mail.example.com").await;
    other.settle().await;
    let other = other.reopened().await;
    let foreign = std::fs::read(other.database.folder().join("audience.index")).unwrap();
    assert_eq!(known(&other).await, [eva.get()]);
    let t = t.reopened_with(&file, &foreign).await;
    assert_eq!(known(&t).await, [bo.get(), cas.get(), dee.get()]);
}

async fn who_was_erased_is_in_no_index_on_disk(t: TestHouse) {
    let anke = added(&t, "Anke Smit", "anke@mail.example.com", None).await;
    given(&t, anke, "prospect", "Zwaluwkunde", "2026-01-01", None).await;
    t.settle().await;
    let t = t.reopened().await;
    let file = t.database.folder().join("audience.index");
    let holds = |file: &std::path::Path| {
        let bytes = std::fs::read(file).unwrap_or_default();
        bytes.windows(11).any(|w| w == b"Zwaluwkunde")
    };
    assert!(holds(&file), "the codes of a fact are in it");
    // As a crash leaves one that was being written.
    let unfinished = t.database.folder().join("audience.index.new");
    std::fs::copy(&file, &unfinished).unwrap();
    let mut piet = t.signed_in("piet@meerland.example").await;
    let gone = piet.post(&format!("/people/{anke}/privacy/erase"), &[("number", &anke.to_string())]).await;
    assert_eq!(gone.status, 303, "{}", gone.text());
    assert!(!file.exists() && !unfinished.exists(), "before the answer");
    drop(piet);
    // Her code is in the memory of the index that knew her, which is not written down again.
    t.pass(60 * 24).await;
    assert!(!file.exists());
    let t = t.reopened().await;
    assert!(file.exists() && !holds(&file), "one that never knew her is");
    assert_eq!(known(&t).await, [0_i64; 0]);
}
