//! What people want of us, from the page behind the links in mails: it holds before the next DATA, it can be undone, and it
//! shows nobody anything.

use kring_consent::MessageClass;
use kring_frame::{Actor, PersonId, Purpose, params, sql};
use kring_testing::{Page, TestHouse, both};

use crate::ring::{QUESTION, answer_and_close, ask, letter, link};

both!(
    one_purpose_stops_and_another_still_goes,
    nothing_goes_in_a_pause_and_after_it_it_does,
    quiet_hours_of_ones_own_are_kept,
    everything_can_be_undone_on_the_page,
    a_page_that_lay_open_brings_nothing_back,
    a_forwarded_link_shows_nobodys_data,
    a_yes_is_to_the_words_that_stood_there,
    colleagues_and_the_dossier_see_the_wishes_and_forgetting_takes_them,
);

/// Somebody who asked, was answered, and has an invitation with the link; the address of the page, and who it is.
async fn reader(t: &TestHouse, name: &str, email: &str) -> (String, PersonId) {
    ask(t, name, email, QUESTION).await;
    answer_and_close(t, "fleur@meerland.example").await;
    let (_, html) = letter(t, email).await;
    let mut tx = t.house.read(&Actor::robot()).await.unwrap();
    let (person,): (PersonId,) =
        tx.one(sql!("select person_id from messages order by id desc limit 1"), params![]).await.unwrap();
    (link(&html, "/choices/"), person)
}

/// The house begins something itself, and does all that waits; what became of it.
async fn begun(t: &TestHouse, person: PersonId, purpose: Purpose) -> (String, String) {
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    let (request,): (i64,) = tx
        .one(
            sql!("select subject_id from messages where person_id = $1 and kind = 'desk.receipt'"),
            params![person],
        )
        .await
        .unwrap();
    let plan = kring_talks::Plan {
        person,
        dialogue: None,
        unit: Some(t.units[1]),
        kind: "desk.receipt",
        subject: request,
        purpose,
        class: MessageClass::Announcement,
        approach: None,
        told_by_room: true,
        due: tx.now(),
    };
    let id = kring_talks::plan(&mut tx, &plan).await.unwrap();
    tx.commit().await.unwrap();
    t.settle().await;
    became(t, id).await
}

async fn became(t: &TestHouse, id: i64) -> (String, String) {
    let mut tx = t.house.read(&Actor::robot()).await.unwrap();
    let (state, reason): (String, Option<String>) =
        tx.one(sql!("select state, reason from messages where id = $1"), params![id]).await.unwrap();
    (state, reason.unwrap_or_default())
}

fn sent() -> (String, String) {
    ("sent".into(), String::new())
}

/// The form of all choices, as a browser without script would send it.
struct Filled(Vec<(String, String)>);

impl Filled {
    fn of(page: &Page) -> Self {
        let text = page.text();
        let start = text.find("name=\"seen\"").unwrap_or_else(|| panic!("no form of choices: {text}"));
        let start = text[..start].rfind("<form").unwrap();
        let form = text[start..].split("</form>").next().unwrap();
        let value = |tag: &str, name: &str| {
            tag.split_once(&format!(" {name}=\"")).map(|(_, rest)| rest.split('"').next().unwrap().to_owned())
        };
        let mut all = Vec::new();
        for tag in form.split("<input").skip(1).map(|rest| rest.split('>').next().unwrap()) {
            let hidden = tag.contains("type=\"hidden\"");
            if hidden || tag.ends_with(" checked") {
                all.push((value(tag, "name").unwrap(), value(tag, "value").unwrap()));
            }
        }
        for select in form.split("<select").skip(1).map(|rest| rest.split("</select>").next().unwrap()) {
            let chosen = select.split("<option").find(|option| option.contains(" selected>")).unwrap_or("");
            all.push((value(select, "name").unwrap(), value(chosen, "value").unwrap_or_default()));
        }
        Self(all)
    }

    fn without(mut self, name: &str, value: &str) -> Self {
        let before = self.0.len();
        self.0.retain(|(n, v)| n != name || v != value);
        assert_eq!(self.0.len() + 1, before, "{name}={value} stood there: {:?}", self.0);
        self
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.0.push((name.into(), value.into()));
        self
    }

    fn set(mut self, name: &str, value: &str) -> Self {
        self.0.retain(|(n, _)| n != name);
        self.with(name, value)
    }

    fn has(&self, name: &str, value: &str) -> bool {
        self.0.iter().any(|(n, v)| n == name && v == value)
    }

    async fn send(self, t: &TestHouse, here: &str) -> Page {
        let all = self.with("choice", "save");
        let fields: Vec<(&str, &str)> = all.0.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        t.browser().post(here, &fields).await
    }
}

async fn open(t: &TestHouse, here: &str) -> Filled {
    Filled::of(&t.browser().get(here).await)
}

async fn one_purpose_stops_and_another_still_goes(t: TestHouse) {
    let (here, anke) = reader(&t, "Anke", "anke@mail.example.com").await;
    assert_eq!(begun(&t, anke, Purpose::Research).await, sent());
    assert_eq!(begun(&t, anke, Purpose::Orientation).await, sent());
    let page = open(&t, &here).await.without("on", "research.mail").send(&t, &here).await;
    assert!(page.status == 303 && page.location().contains("choice=saved"), "{}", page.text());
    let drawn = t.drawer().await.len();
    assert_eq!(begun(&t, anke, Purpose::Research).await, ("refused".into(), "no-withdrawn".into()));
    assert_eq!(t.drawer().await.len(), drawn, "no DATA for what was stopped");
    assert_eq!(begun(&t, anke, Purpose::Orientation).await, sent());
    // It was told, as a change of consent, and nothing else was written.
    assert_eq!(t.count(sql!("select count(*) from consent_ledger")).await, 1);
    assert_eq!(t.count(sql!("select count(*) from events where kind = 'consent.changed'")).await, 1);
    // All off is one button; whoever asks is answered all the same.
    let page = t.browser().post(&here, &[("choice", "nothing")]).await;
    assert_eq!(page.status, 303);
    assert_eq!(begun(&t, anke, Purpose::Orientation).await, ("refused".into(), "no-withdrawn".into()));
    let before = t.drawer().await.len();
    ask(&t, "Anke", "anke@mail.example.com", "Een nieuwe vraag over mijn rooster?").await;
    assert_eq!(t.drawer().await.len(), before + 1, "the receipt of what was asked");
}

async fn nothing_goes_in_a_pause_and_after_it_it_does(t: TestHouse) {
    let (here, ravi) = reader(&t, "Ravi", "ravi@mail.example.com").await;
    let page = open(&t, &here).await.set("pause", "2026-12-11").send(&t, &here).await;
    assert_eq!(page.status, 303, "{}", page.text());
    let paused = || ("refused".to_owned(), "paused-by-person".to_owned());
    assert_eq!(begun(&t, ravi, Purpose::Research).await, paused());
    assert_eq!(begun(&t, ravi, Purpose::Orientation).await, paused());
    // Until that day: on the one before it still holds.
    t.pass(60 * 24 * 17).await;
    assert_eq!(begun(&t, ravi, Purpose::Research).await, paused());
    let before = t.drawer().await.len();
    ask(&t, "Ravi", "ravi@mail.example.com", "En wanneer begint blok 3?").await;
    assert_eq!(t.drawer().await.len(), before + 1, "an answer is no beginning of ours");
    // The day itself: what was refused does not come; what is begun now goes.
    t.pass(60 * 24).await;
    assert_eq!(t.drawer().await.len(), before + 1);
    assert_eq!(begun(&t, ravi, Purpose::Research).await, sent());
    // A day in the past, or one that is never, is no pause; what was typed stays.
    for day in ["2026-12-11", "2031-01-01", "ooit"] {
        let page = open(&t, &here).await.set("pause", day).send(&t, &here).await;
        assert!(
            page.status == 422 && page.has("Kies een dag in de komende twee jaar."),
            "{day}: {}",
            page.text()
        );
    }
}

async fn quiet_hours_of_ones_own_are_kept(t: TestHouse) {
    let (here, noor) = reader(&t, "Noor", "noor@mail.example.com").await;
    // Monday morning, nine: of the house it is not quiet. She sleeps until two, and has Tuesday off.
    let form = open(&t, &here).await.without("day", "7").with("day", "2");
    let page = form.set("quiet_from", "3").set("quiet_to", "14").send(&t, &here).await;
    assert_eq!(page.status, 303, "{}", page.text());
    let (state, _) = begun(&t, noor, Purpose::Research).await;
    assert_eq!(state, "planned");
    let newest = t.count(sql!("select max(id) from messages")).await;
    t.pass(4 * 60 + 40).await;
    assert_eq!(became(&t, newest).await.0, "planned", "twenty to two");
    t.pass(30).await;
    assert_eq!(became(&t, newest).await, sent(), "ten past two");
    // Late in the evening the house is quiet, and she is not; the whole of Tuesday she is.
    t.pass(8 * 60).await;
    assert_eq!(begun(&t, noor, Purpose::Research).await, sent(), "ten past ten");
    t.pass(5 * 60).await;
    let (state, _) = begun(&t, noor, Purpose::Research).await;
    assert_eq!(state, "planned", "ten past three on Tuesday");
    let newest = t.count(sql!("select max(id) from messages")).await;
    t.pass(20 * 60).await;
    assert_eq!(became(&t, newest).await.0, "planned", "ten past eleven in the evening");
    t.pass(60).await;
    assert_eq!(became(&t, newest).await, sent(), "Wednesday has begun");
    // Always is not quiet hours but "nothing", which has its own button.
    let mut form = open(&t, &here).await;
    for day in ["1", "3", "4", "5", "6", "7"] {
        form = form.with("day", day);
    }
    let page = form.send(&t, &here).await;
    assert!(page.status == 422 && page.has("Laat minstens één dag over."), "{}", page.text());
}

async fn everything_can_be_undone_on_the_page(t: TestHouse) {
    let (here, mei) = reader(&t, "Mei", "mei@mail.example.com").await;
    let before = open(&t, &here).await.0;
    let form = open(&t, &here).await.without("on", "research.mail").without("on", "orientation.post");
    let form = form.with("on", "marketing.mail").set("pause", "2027-09-01").set("speak", "en");
    let page = form.set("quiet_from", "18").send(&t, &here).await;
    assert!(page.status == 303 && page.location().ends_with("lang=en"), "{}", page.location());
    let saved = t.browser().get(&page.location()).await;
    assert!(saved.has("Saved. It holds at once.") && saved.has("Undo this"), "{}", saved.text());
    let changed = Filled::of(&saved);
    assert!(changed.has("on", "marketing.mail") && !changed.has("on", "research.mail"));
    assert!(
        changed.has("pause", "2027-09-01") && changed.has("quiet_from", "18") && changed.has("speak", "en")
    );
    let undo = [("choice", "undo"), ("save", &*saved.field("save"))];
    let page = t.browser().post(&here, &undo).await;
    assert!(page.location().contains("choice=undone"), "{}", page.location());
    assert_eq!(open(&t, &here).await.0, before, "all of it is as it was");
    assert_eq!(begun(&t, mei, Purpose::Research).await, sent());
    assert_eq!(begun(&t, mei, Purpose::Marketing).await.0, "refused");
    // The same button once more, from a page that lay open, undoes nothing twice.
    let page = t.browser().post(&here, &undo).await;
    assert!(page.location().contains("choice=same"), "{}", page.location());
    assert_eq!(open(&t, &here).await.0, before);
    // The ledger has it all, with who and how: three that were changed and three put back.
    assert_eq!(t.count(sql!("select count(*) from consent_ledger where how = 'link:mail'")).await, 6);
    assert_eq!(t.count(sql!("select count(*) from own_wishes where how = 'link:mail'")).await, 6);
    assert_eq!(t.count(sql!("select count(*) from choice_saves")).await, 2);
    // An undo undone is what was chosen first.
    let page = t.browser().get(&here).await;
    t.browser().post(&here, &[("choice", "undo"), ("save", &page.field("save"))]).await;
    let again = open(&t, &here).await;
    assert!(
        again.has("on", "marketing.mail")
            && !again.has("on", "research.mail")
            && again.has("quiet_from", "18")
    );
    let yes = sql!(
        "select count(*) from consent_ledger where act = 'consent' and wording_key = 'choice-marketing'"
    );
    assert_eq!(t.count(yes).await, 2, "a yes that comes back is to the same words");
}

async fn a_page_that_lay_open_brings_nothing_back(t: TestHouse) {
    let (here, anke) = reader(&t, "Anke", "anke@mail.example.com").await;
    let lay_open = open(&t, &here).await;
    let one_click = "List-Unsubscribe=One-Click";
    let done = t
        .browser()
        .send(http::Method::POST, &here, Some("application/x-www-form-urlencoded"), one_click.into(), &[])
        .await;
    assert_eq!(done.status, 200);
    let page = lay_open.without("on", "orientation.post").send(&t, &here).await;
    assert_eq!(page.status, 303);
    assert_eq!(begun(&t, anke, Purpose::Research).await.0, "refused", "stopped stays stopped");
    // Sent without a change it changes nothing.
    let page = open(&t, &here).await.send(&t, &here).await;
    assert!(page.location().contains("choice=same"));
    assert_eq!(t.count(sql!("select count(*) from consent_ledger")).await, 2);
}

async fn a_forwarded_link_shows_nobodys_data(t: TestHouse) {
    let (here, _) = reader(&t, "Zwaantje Kwibus", "zwaantje@mail.example.com").await;
    for lang in ["nl", "en"] {
        let page = t.browser().get(&format!("{}?lang={lang}", here.split('?').next().unwrap())).await;
        assert_eq!(page.status, 200);
        assert!(page.has("z…@mail.example.com"));
        for canary in ["Zwaantje", "Kwibus", "zwaantje@", "rooster", "Serviceplein de"] {
            assert!(!page.has(canary), "{canary} is on the page in {lang}");
        }
    }
    let (ledger, wishes) =
        (sql!("select count(*) from consent_ledger"), sql!("select count(*) from own_wishes"));
    assert_eq!((t.count(ledger).await, t.count(wishes).await), (0, 0), "looking changes nothing");
    // A link that nobody gave out is no page, whatever is sent to it; nor are the buttons there for other sites.
    let forged = "/choices/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    assert_eq!(t.browser().get(forged).await.status, 404);
    for choice in ["save", "nothing", "undo", "stop"] {
        let page = t.browser().post(forged, &[("choice", choice), ("speak", "nl"), ("save", "1")]).await;
        assert_eq!(page.status, 404, "{choice}");
        let body = format!("choice={choice}");
        let form = Some("application/x-www-form-urlencoded");
        let cross = [("sec-fetch-site", "cross-site")];
        let foreign = t.browser().send(http::Method::POST, &here, form, body.into(), &cross).await;
        assert_eq!(foreign.status, 403, "{choice}");
    }
    assert_eq!(t.count(ledger).await, 0);
    // Somebody else's save is not undone by one's own link.
    let (other, _) = reader(&t, "Ilse", "ilse@mail.example.com").await;
    open(&t, &other).await.without("on", "research.mail").send(&t, &other).await;
    let save = t.browser().get(&other).await.field("save");
    let page = t.browser().post(&here, &[("choice", "undo"), ("save", &save)]).await;
    assert!(page.location().contains("choice=same"));
    assert_eq!(t.count(ledger).await, 1);
}

async fn a_yes_is_to_the_words_that_stood_there(t: TestHouse) {
    let (here, _) = reader(&t, "Omar", "omar@mail.example.com").await;
    let words = "Ja, stuur mij nieuws, uitnodigingen en aanbod. Ik kan dit altijd stoppen.";
    let page = t.browser().get(&here).await;
    assert!(page.has(words), "{}", page.text());
    assert!(
        !Filled::of(&page).has("on", "marketing.mail"),
        "nothing that needs a yes stands ticked beforehand"
    );
    // A forwarded mail must not have somebody called: the first yes to that is said to a colleague.
    assert!(!page.has("value=\"marketing.phone\""));
    let form = Filled::of(&page).with("on", "marketing.mail").with("on", "marketing.phone");
    assert_eq!(form.send(&t, &here).await.status, 303);
    let mut tx = t.house.read(&Actor::robot()).await.unwrap();
    let rows: Vec<(String, String, String, String)> = tx
        .all(
            sql!(
                "select l.channel, l.act, l.how, w.text from consent_ledger l
                 join wordings w on w.wording_key = l.wording_key and w.version = l.wording_version and w.lang = l.lang"
            ),
            params![],
        )
        .await
        .unwrap();
    assert_eq!(rows, [("mail".into(), "consent".into(), "link:mail".into(), words.into())]);
}

async fn colleagues_and_the_dossier_see_the_wishes_and_forgetting_takes_them(t: TestHouse) {
    let (here, noor) = reader(&t, "Noor", "noor@mail.example.com").await;
    let form = open(&t, &here).await.set("pause", "2027-09-01").set("quiet_from", "18");
    form.without("on", "research.mail").send(&t, &here).await;
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    for page in [format!("/people/{noor}"), format!("/people/{noor}/wishes")] {
        let page = admin.get(&page).await;
        assert!(page.has("Wil niets van ons tot 1 september 2027"), "{}", page.text());
        assert!(page.has("Niet van 18:00 tot 08:00. Niet op zondag."), "{}", page.text());
    }
    let page = admin.get(&format!("/people/{noor}/wishes")).await;
    assert!(
        page.has("Deze persoon vroeg om voorlopig niets te sturen.") && page.has("via de link in een mail")
    );
    let mut piet = t.signed_in("piet@meerland.example").await;
    let dossier = piet.post(&format!("/people/{noor}/privacy/dossier"), &[]).await;
    assert!(dossier.has("2027-09-01") && dossier.has("18-8 7"), "{}", dossier.text());
    let erase = [("number", &*noor.to_string())];
    let gone = piet.post(&format!("/people/{noor}/privacy/erase"), &erase).await;
    assert_eq!(gone.status, 303, "{}", gone.text());
    t.settle().await;
    for left in [
        sql!("select count(*) from own_wishes"),
        sql!("select count(*) from choice_saves"),
        sql!("select count(*) from consent_ledger"),
        sql!("select count(*) from choice_links"),
    ] {
        assert_eq!(t.count(left).await, 0);
    }
    assert_eq!(t.browser().get(&here).await.status, 404);
}
