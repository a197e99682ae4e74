//! Landing pages and how they look: from the gallery to the public, in many languages, with a form inside, in the school's own
//! colour.

use axum::body::Body;
use http::Method;
use kring_frame::sql;
use kring_testing::{Browser, Page, TestHouse, both};

use crate::forms::{ADMIN, take};

both!(
    a_page_with_a_form_inside_is_published_read_and_taken_back,
    a_colour_is_mended_and_says_why,
    a_picture_is_drawn_again,
);

/// A page in a browser of that language.
async fn read(t: &TestHouse, path: &str, accept: &str) -> Page {
    t.browser().send(Method::GET, path, None, Body::empty(), &[("accept-language", accept)]).await
}

async fn publish(by: &mut Browser, desk: &str) -> Page {
    let draft = by.get(desk).await.field("draft");
    by.post(&format!("{desk}/publish"), &[("draft", &draft)]).await
}

async fn a_page_with_a_form_inside_is_published_read_and_taken_back(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let form = take(&mut admin, "open-day").await;
    publish(&mut admin, &format!("/forms/{form}")).await;
    let page = take(&mut admin, "open-day-page").await;
    let desk = format!("/pages/{page}");
    let edit = admin.get(&desk).await;
    assert!(edit.has("Samenvatting") && !edit.has("Voorproefje"), "a page has no inbox: {}", edit.text());
    assert!(edit.has("add-6-part") && !edit.has("add-6-choices"), "{}", edit.text());
    // The form, after the last block; then saved as it stands.
    let fields = |act: &'static str, blocks: &'static str| {
        let mut all = vec![
            ("draft", edit.field("draft")),
            ("tongue", "nl".to_owned()),
            ("subject", "Open dag".to_owned()),
            ("preview", "Kom kijken".to_owned()),
            ("blocks", blocks.to_owned()),
            ("b-0-kind", "text".to_owned()),
            ("b-0-text", "Loop een dag mee met **ons**.".to_owned()),
            ("act", act.to_owned()),
        ];
        if blocks == "2" {
            all.push(("b-1-kind", "part".to_owned()));
            all.push(("b-1-name", "aanmelding-open-dag".to_owned()));
        }
        all
    };
    let send = |all: Vec<(&'static str, String)>| {
        let mut admin = admin.clone();
        let desk = desk.clone();
        async move {
            let all: Vec<(&str, &str)> = all.iter().map(|(k, v)| (*k, v.as_str())).collect();
            admin.post(&desk, &all).await
        }
    };
    let shown = send(fields("add-1-part", "1")).await;
    assert!(shown.status == 200 && shown.has("Kom naar de open dag"), "{}", shown.text());
    let kept = send(fields("", "2")).await;
    assert!(kept.location().contains("done-text"), "{}", kept.text());
    let edit = admin.get(&desk).await;
    assert!(edit.has("ouder"), "English was made from an older Dutch");
    assert_eq!(t.browser().get("/p/pagina-voor-een-open-dag").await.status, 404);
    assert!(publish(&mut admin, &desk).await.location().contains("done-published"));

    let path = "/p/pagina-voor-een-open-dag";
    let dutch = read(&t, path, "nl").await;
    assert!(
        dutch.has("<strong>ons</strong>") && dutch.has("action=\"/f/aanmelding-open-dag?lang=nl\""),
        "{}",
        dutch.text()
    );
    assert!(dutch.has("<meta name=\"description\" content=\"Kom kijken\">") && dutch.has("hreflang=\"en\""));
    assert!(dutch.headers.get("set-cookie").is_none());
    assert!(read(&t, path, "en").await.has("Walk along for a day"));
    assert!(read(&t, &format!("{path}?lang=en"), "nl").await.has("Walk along for a day"));
    assert_eq!(t.count(sql!("select cast(sum(seen) as bigint) from form_days d join form_pieces p on p.id = d.piece_id where p.kind = 'page'")).await, 3);
    assert!(admin.get(&desk).await.has("3 keer geopend"));

    // A part that names no form that the public can see keeps a page from being published.
    admin.post(&format!("/forms/{form}/state"), &[("state", "closed")]).await;
    let text = admin.get(&desk).await.text();
    assert!(text.contains("Kies een formulier dat gepubliceerd is"), "{text}");
    assert!(read(&t, path, "nl").await.has("<strong>ons</strong>"), "what is public stays, without the form");

    assert!(
        admin.post(&format!("{desk}/state"), &[("state", "closed")]).await.location().contains("done-closed")
    );
    let gone = read(&t, path, "nl").await;
    assert!(gone.status == 410 && gone.has("Deze pagina is er niet meer") && gone.has("/contact"));
    let lost = read(&t, "/p/nergens", "en").await;
    assert!(lost.status == 404 && lost.has("There is nothing here"));
    let undone = admin.post(&format!("{desk}/undo"), &[]).await;
    assert!(undone.location().contains("done-undone"), "{}", undone.text());
}

async fn a_colour_is_mended_and_says_why(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let unit = t.units[0].to_string();
    let refused = admin.post("/forms/look", &[("unit", &unit), ("colour", "url(x)")]).await;
    assert!(refused.status == 422 && refused.has("Schrijf de kleur als #"), "{}", refused.text());
    let kept = admin.post("/forms/look", &[("unit", &unit), ("colour", "#FFD400")]).await;
    assert!(kept.location().contains("done-look"), "{}", kept.text());
    let page = admin.get("/forms/look").await;
    assert!(
        page.has("#FFD400 is op onze achtergronden niet overal te lezen") && page.has("moet 4,5 zijn"),
        "{}",
        page.text()
    );
    let form = take(&mut admin, "brochure").await;
    publish(&mut admin, &format!("/forms/{form}")).await;
    let public = t.browser().get("/f/brochure-aanvragen").await.text();
    let style =
        public.split("href=\"/look/").nth(1).expect("its own colours").split('"').next().unwrap().to_owned();
    let css = t.browser().get(&format!("/look/{style}")).await;
    assert!(css.headers["content-type"].to_str().unwrap().starts_with("text/css"));
    let css = css.text();
    assert!(css.contains("--petrol:#") && css.contains("#FFD400") && !css.contains("url"), "{css}");
    let light = css.split("--petrol:").nth(1).unwrap()[..7].to_owned();
    assert_ne!(light, "#FFD400", "darker in the light, as it was in the dark");
    // A unit below has it too, until it has its own.
    let mut marit = t.signed_in("marit@meerland.example").await;
    assert!(marit.get("/forms/look").await.has("Dit komt van Meerland"));
    assert_eq!(marit.post("/forms/look", &[("unit", &unit), ("colour", "#112233")]).await.status, 404);
}

/// One pixel.
const PNG: &[u8] = &[
    137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0, 144,
    119, 83, 222, 0, 0, 0, 12, 73, 68, 65, 84, 120, 156, 99, 224, 139, 74, 6, 0, 1, 69, 0, 204, 223, 93, 186,
    125, 0, 0, 0, 0, 73, 69, 78, 68, 174, 66, 96, 130,
];

async fn a_picture_is_drawn_again(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let page = take(&mut admin, "blank-page").await;
    let send = |bytes: Vec<u8>| {
        let mut admin = admin.clone();
        async move {
            let mut body = b"--x\r\nContent-Disposition: form-data; name=\"tongue\"\r\n\r\nnl\r\n--x\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a.png\"\r\n\r\n".to_vec();
            body.extend_from_slice(&bytes);
            body.extend_from_slice(b"\r\n--x--\r\n");
            let kind = Some("multipart/form-data; boundary=x");
            admin.send(Method::POST, &format!("/pages/{page}/pictures"), kind, Body::from(body), &[]).await
        }
    };
    let refused = send(b"<svg onload=alert(1)>".to_vec()).await;
    assert!(
        refused.status == 422 && refused.has("Deze afbeelding kunnen we niet lezen"),
        "{}",
        refused.text()
    );
    let hidden = [PNG, b"<script>alert(1)</script>"].concat();
    assert!(send(hidden).await.location().contains("done-picture"));
    assert_eq!(t.count(sql!("select count(*) from form_pictures")).await, 1);
    let text = admin.get(&format!("/pages/{page}")).await.text();
    let path = text.split("src=\"/media/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let shown = t.browser().get(&format!("/media/{path}")).await;
    assert_eq!(shown.headers["content-type"], "image/png");
    assert!(!shown.body.windows(8).any(|part| part == b"<script>"));
    assert!(shown.headers["content-security-policy"].to_str().unwrap().contains("sandbox"));
}
