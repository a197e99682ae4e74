mod common;
use common::{fixture, house};
#[tokio::test]
async fn dump() {
    let t = house(None).await;
    let out = std::path::Path::new("/tmp/ex-pages");
    std::fs::create_dir_all(out).unwrap();
    let save = |name: &str, html: String| {
        std::fs::write(out.join(format!("{name}.html")), html).unwrap();
    };
    save("empty-nl", t.page("/imports").await);
    save("new-nl", t.page("/imports/new").await);
    save("new-en", t.page("/imports/new?lang=en").await);
    let (_, page) = t.upload("x.pdf", b"%PDF", "Beurs").await;
    save("new-fault-nl", page);
    t.upload("people-messy.csv", &fixture("people-messy.csv"), "").await;
    save("busy-nl", t.page("/imports/1").await);
    t.settle().await;
    save("ready-nl", t.page("/imports/1").await);
    save("ready-en", t.page("/imports/1?lang=en").await);
    t.post("/imports/1/start", "").await;
    t.settle().await;
    save("done-nl", t.page("/imports/1").await);
    t.upload("people-messy.xlsx", &fixture("people-messy.xlsx"), "").await;
    t.settle().await;
    save("ready2-nl", t.page("/imports/2").await);
    t.post("/imports/1/undo", "").await;
    t.settle().await;
    save("undone-nl", t.page("/imports/1").await);
    save("list-nl", t.page("/imports").await);
    save("list-en", t.page("/imports?lang=en").await);
}
