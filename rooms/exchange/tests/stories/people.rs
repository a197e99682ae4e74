//! Lists come in, are looked at, run, come again, and are undone; on SQLite and, where it is offered, PostgreSQL.

use crate::common::{Test, fixture, houses};
use http::StatusCode;
use kring_frame::{PersonId, params, sql};
use kring_people::{Filter, note, person};

const SMALL: &str = "Relatienr;Naam;Geboortedatum;E-mail;Mobiel;Postcode;Huisnr;Interesse;Opmerkingen;Nieuwsbrief\n\
    1;Jan de Vries;07-01-1987;jan@example.org;0612345678;1234 AB;1;Kok;belt liever na 16:00;ja\n\
    2;Eva Smit;31-02-2001;eva (at) example.org;onbekend;1234 AB;2;;BSN 111222333;nee\n\
    ;Vries, Jan de;07.01.1987;jan@example.org;06-12345678;1234AB;1;Kok;;\n\
    3;Ans Bos;;bos@example.org;;;;;;\n\
    4;Tim Bos;;bos@example.org;;;;;;\n\
    ;Niemand;;;;;;;;\n\
    ;=HYPERLINK(\"x\");1-1-2000;formule@example.org;;;;;=1+1;\n";

async fn names(t: &Test) -> Vec<String> {
    let mut tx = t.house.read(&t.actor).await.unwrap();
    let rows: Vec<(String,)> =
        tx.all(sql!("select display_name from people order by sort_key, id"), params![]).await.unwrap();
    rows.into_iter().map(|(n,)| n).collect()
}

async fn person_called(t: &Test, name: &str) -> PersonId {
    let mut tx = t.house.read(&t.actor).await.unwrap();
    let (id,): (PersonId,) =
        tx.one(sql!("select id from people where display_name = $1"), params![name]).await.unwrap();
    id
}

async fn text(t: &Test, sql: kring_db::Sql) -> Vec<String> {
    let rows: Vec<(String,)> = t.house.read(&t.actor).await.unwrap().all(sql, params![]).await.unwrap();
    rows.into_iter().map(|(v,)| v).collect()
}

#[tokio::test]
async fn a_small_list_comes_in_whole() {
    for t in houses().await {
        let s = t.import("beurs.csv", SMALL.as_bytes()).await.unwrap();
        assert_eq!((s.rows, s.added, s.changed, s.unchanged, s.refused), (7, 5, 0, 1, 1));
        assert_eq!((s.bsn_dropped, s.warned, s.likely), (1, 1, 1));
        let mut there = names(&t).await;
        there.sort();
        assert_eq!(there, ["=HYPERLINK(\"x\")", "Ans Bos", "Eva Smit", "Jan de Vries", "Tim Bos"]);
        let (jan, eva) = (person_called(&t, "Jan de Vries").await, person_called(&t, "Eva Smit").await);
        let mut tx = t.house.read(&t.actor).await.unwrap();
        let p = person::load(&mut tx, jan).await.unwrap();
        assert_eq!(
            (p.name().surname_prefix.as_str(), p.birth_date),
            ("de", Some(jiff::civil::date(1987, 1, 7)))
        );
        assert_eq!(note::of(&mut tx, jan).await.unwrap()[0].text, "belt liever na 16:00");
        assert_eq!(note::of(&mut tx, eva).await.unwrap()[0].text, "BSN […]");
        assert_eq!(person::load(&mut tx, eva).await.unwrap().birth_date, None);
        let roles = kring_people::roles::of(&mut tx, jan).await.unwrap();
        assert_eq!((roles.len(), roles[0].kind.as_str(), roles[0].detail.as_str()), (1, "prospect", "Kok"));
        drop(tx);
        // Found by every word: folded name, mail, phone, number.
        let permit = t.actor.permit(&kring_people::READ_PEOPLE).unwrap();
        for words in ["vries jan", "jan@example", "0612345", "1"] {
            let filter = Filter { words: words.into(), role: Some("prospect".into()), ..Filter::default() };
            let mut tx = t.house.read(&t.actor).await.unwrap();
            let found = kring_people::list(&mut tx, &permit, &filter, None, 10).await.unwrap();
            assert_eq!(found.len(), 1, "{words}");
        }
        // The claim is kept as a claim; the ledger of consents is not ours to write.
        let claims = text(
            &t,
            sql!("select value from person_details where detail_key = 'newsletter' order by person_id"),
        )
        .await;
        assert_eq!(claims, ["yes", "no"]);
        // No national number anywhere, in what was kept of the file neither.
        assert_eq!(t.count(sql!("select count(*) from import_rows where raw like '%111222333%' or candidate like '%111222333%'")).await, 0);
        // Both who share an address point to each other.
        assert_eq!(text(&t, sql!("select reason from lookalikes")).await, ["shared_email"]);
        let page = t.page(&format!("/people/{}", person_called(&t, "Tim Bos").await)).await;
        assert!(page.contains("Lijkt op") && page.contains("Ans Bos"));
        assert_eq!(t.count(sql!("select count(*) from events where kind = 'person.added'")).await, 5);
        t.settle().await;
    }
}

#[tokio::test]
async fn the_same_list_again_changes_nothing_and_a_new_version_changes_its_own() {
    for t in houses().await {
        t.import("beurs.csv", SMALL.as_bytes()).await.unwrap();
        let again = t.import("beurs (1).csv", SMALL.as_bytes()).await.unwrap();
        assert_eq!((again.added, again.changed, again.unchanged, again.refused), (0, 0, 6, 1));
        // A colleague corrects a name; the list does not take that back.
        let eva = person_called(&t, "Eva Smit").await;
        let mut tx = t.house.write(&t.actor).await.unwrap();
        let permit = t.actor.permit(&kring_people::WRITE_PEOPLE).unwrap();
        let p = person::load(&mut tx, eva).await.unwrap();
        let mut name = p.name();
        name.surname = "Smits".into();
        let details = person::Details { name, ..person::Details::of(&p) };
        person::change(&mut tx, &permit, eva, p.version, &details, "staff").await.unwrap();
        tx.commit().await.unwrap();
        // The next version: Jan moved and got a birthday corrected, Eva is as before, Ans is gone from it.
        let next = SMALL
            .replace("1;Jan de Vries;07-01-1987", "1;Jan de Vries;08-01-1987")
            .replace("1234 AB;1;Kok", "4321 ZZ;1;Bakker");
        let next = next.replace("3;Ans Bos;;bos@example.org;;;;;;\n", "");
        let next = next.replace(";Vries, Jan de;07.01.1987", ";Vries, Jan de;08.01.1987");
        let s = t.import("beurs.csv", next.as_bytes()).await.unwrap();
        assert_eq!((s.added, s.changed, s.refused), (0, 1, 1), "{s:?}");
        let jan = person_called(&t, "Jan de Vries").await;
        let mut tx = t.house.read(&t.actor).await.unwrap();
        assert_eq!(person::load(&mut tx, jan).await.unwrap().birth_date, Some(jiff::civil::date(1987, 1, 8)));
        let postcode: (String,) = tx
            .one(
                sql!("select postcode from postal_addresses where person_id = $1 and valid_to is null"),
                params![jan],
            )
            .await
            .unwrap();
        assert_eq!(postcode.0, "4321 ZZ");
        drop(tx);
        let there = names(&t).await;
        assert!(
            there.contains(&"Ans Bos".to_owned()) && there.contains(&"Eva Smits".to_owned()),
            "{there:?}"
        );
        // Undone, Jan is as he was.
        let undone = kring_exchange::undo_import(&t.house, &t.actor, s.import, &mut |_| {}).await.unwrap();
        assert_eq!((undone.removed, undone.restored), (0, 1));
        let mut tx = t.house.read(&t.actor).await.unwrap();
        assert_eq!(person::load(&mut tx, jan).await.unwrap().birth_date, Some(jiff::civil::date(1987, 1, 7)));
        let roles = kring_people::roles::of(&mut tx, jan).await.unwrap();
        assert_eq!(roles.iter().map(|r| r.detail.as_str()).collect::<Vec<_>>(), ["Kok"]);
    }
}

#[tokio::test]
async fn undo_takes_away_all_but_those_with_whom_something_happened() {
    for t in houses().await {
        let before = t.import("oud.csv", b"Naam;E-mail\nEva Smit;eva@example.org\n").await.unwrap();
        assert_eq!(before.added, 1);
        let s = t.import("beurs.csv", SMALL.as_bytes()).await.unwrap();
        assert_eq!((s.added, s.changed), (4, 1));
        let ans = person_called(&t, "Ans Bos").await;
        let mut tx = t.house.write(&t.actor).await.unwrap();
        let permit = t.actor.permit(&kring_people::WRITE_PEOPLE).unwrap();
        note::write(&mut tx, &permit, ans, "heeft gebeld").await.unwrap();
        tx.commit().await.unwrap();
        let undone = kring_exchange::undo_import(&t.house, &t.actor, s.import, &mut |_| {}).await.unwrap();
        assert_eq!((undone.removed, undone.kept, undone.restored), (3, 1, 1));
        assert_eq!(names(&t).await, ["Ans Bos", "Eva Smit"]);
        let page = t.page(&format!("/imports/{}", s.import)).await;
        assert!(page.contains("1 persoon is gebleven") && page.contains("Ans Bos"), "{page}");
        // Eva has back what the older list gave her, and nothing of the newer.
        assert_eq!(text(&t, sql!("select detail_key from person_details d join people p on p.id = d.person_id where p.display_name = 'Eva Smit'")).await.len(), 0);
        assert_eq!(t.count(sql!("select count(*) from notes")).await, 1);
        // Brought in again it works again.
        let again = t.import("beurs.csv", SMALL.as_bytes()).await.unwrap();
        assert_eq!((again.added, again.refused), (3, 1));
        t.settle().await;
    }
}

#[tokio::test]
async fn the_pages_lead_through_it() {
    for t in houses().await {
        assert!(t.page("/imports").await.contains("Nog geen lijsten"));
        assert!(t.page("/imports/new?lang=en").await.contains("Upload and look"));
        let (status, page) = t.upload("leeg.csv", b"", "").await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.contains("Kies eerst een bestand"));
        let (status, page) = t.upload("plaatje.pdf", b"%PDF-1.7", "Beurs").await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.contains("Dit is geen lijst") && page.contains("value=\"Beurs\""));
        let (status, to) = t.upload("../../beurs <b>.csv", SMALL.as_bytes(), "Beurs Zwolle").await;
        assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/imports/1"));
        let busy = t.page("/imports/1").await;
        assert!(busy.contains("http-equiv=\"refresh\"") && busy.contains("0 van 7 regels gelezen"));
        assert!(busy.contains("beurs &#60;b&#62;.csv"), "{busy}");
        t.settle().await;
        let ready = t.page("/imports/1").await;
        for part in [
            "Dit gaat er gebeuren",
            "beurs-zwolle",
            "1 BSN weggehaald",
            "zelfde mailadres, maar een andere naam",
            "alleen een naam",
            "Jan de Vries",
            "zelfde mailadres en de naam past",
            "Geboortedatum ‘31-02-2001’ bestaat niet",
        ] {
            assert!(ready.contains(part), "{part}");
        }
        assert!(!ready.contains("http-equiv=\"refresh\""));
        assert_eq!(names(&t).await.len(), 0, "nothing is written by looking");
        // Another meaning for a column, twice the same: said beside it, and nothing changed.
        let fields = [
            "number",
            "full_name",
            "birth_date",
            "email",
            "phone",
            "postcode",
            "house_number",
            "interest",
            "notes",
            "newsletter",
        ];
        let form = |fields: &[&str]| {
            let columns: Vec<String> =
                fields.iter().enumerate().map(|(n, f)| format!("column-{n}={f}")).collect();
            format!("list=beurs-zwolle&{}", columns.join("&"))
        };
        let (status, page) = t.post("/imports/1/mapping", &form(&["number", "full_name", "full_name"])).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.contains("al aan een andere kolom gegeven"));
        let mut other = fields;
        other[7] = "ignore";
        let (status, _) = t.post("/imports/1/mapping", &form(&other)).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        t.settle().await;
        // Ans and Tim are one, says the head of the desk.
        let (pair,): (i64,) = t
            .house
            .read(&t.actor)
            .await
            .unwrap()
            .one(sql!("select id from import_pairs"), params![])
            .await
            .unwrap();
        let (status, _) = t.post("/imports/1/start", &format!("same={pair}")).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        assert!(t.page("/imports/1").await.contains("regels ingelezen"));
        assert_eq!(
            t.post("/imports/1/start", "").await.0,
            StatusCode::SEE_OTHER,
            "pressed twice is pressed once"
        );
        assert!(t.first_event("/imports/1/live?at=ready-0").await.starts_with("event: change"));
        let (status, page) = t.post("/imports/1/mapping", &form(&fields)).await;
        assert_eq!(status, StatusCode::CONFLICT, "{page}");
        t.settle().await;
        let done = t.page("/imports/1").await;
        assert!(done.contains("mensen toegevoegd") && done.contains("Draai deze import terug"));
        assert_eq!(names(&t).await.len(), 4);
        assert_eq!(t.count(sql!("select count(*) from party_roles")).await, 0, "the column was not used");
        let english = t.page("/imports/1?lang=en").await;
        assert!(english.contains("people added") && !english.contains("toegevoegd"));
        let (_, csv) = t.get("/imports/1/refused.csv").await;
        let csv = String::from_utf8(csv).unwrap();
        assert!(csv.contains("Niemand") && csv.contains("Er staat alleen een naam"), "{csv}");
        let (_, book) = t.get("/imports/1/refused.xlsx").await;
        assert_eq!(kring_exchange::reading::read(&book).unwrap().rows[0].cells[1], "Niemand");
        let (status, to) = t.post("/imports/1/undo", "").await;
        assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/imports/1"));
        t.settle().await;
        assert_eq!(names(&t).await.len(), 0);
        assert!(t.page("/imports/1").await.contains("4 mensen weggehaald"));
        assert!(t.page("/imports").await.contains("teruggedraaid"));
        for missing in ["/imports/99", "/imports/99/refused.csv", "/imports/x", "/imports/99/live"] {
            assert_eq!(t.get(missing).await.0, StatusCode::NOT_FOUND, "{missing}");
        }
        assert_eq!(t.post("/imports/99/start", "").await.0, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_list_goes_out_as_text_with_a_trail() {
    for t in houses().await {
        t.import("beurs.csv", SMALL.as_bytes()).await.unwrap();
        let (status, csv) = t.get("/people.csv?q=&role=").await;
        assert_eq!(status, StatusCode::OK);
        let text = String::from_utf8(csv.clone()).unwrap();
        assert!(text.contains("'=HYPERLINK") && text.contains("door Hanneke de Vos"), "{text}");
        let back = kring_exchange::reading::read(&csv).unwrap();
        assert_eq!(back.rows.len(), 5);
        let (_, book) = t.get("/people.xlsx?role=prospect").await;
        assert_eq!(kring_exchange::reading::read(&book).unwrap().rows.len(), 1);
        let mut tx = t.house.write(&t.actor).await.unwrap();
        let told: Vec<(String,)> = tx
            .all(sql!("select detail from trail where deed = 'exported' order by id"), params![])
            .await
            .unwrap();
        assert!(told[0].0.starts_with("n=5,ids=") && told[1].0.starts_with("n=1,ids="), "{told:?}");
        assert_eq!(tx.verify_trail().await.unwrap(), None);
    }
}

#[tokio::test]
async fn who_is_forgotten_is_out_of_the_lists_too() {
    for t in houses().await {
        t.import("beurs.csv", SMALL.as_bytes()).await.unwrap();
        let jan = person_called(&t, "Jan de Vries").await;
        let mut tx = t.house.write(&t.actor).await.unwrap();
        let rooms = &t.house.rooms.people;
        let (_, dossier, forget) = rooms.iter().find(|(name, ..)| *name == "exchange").unwrap();
        let sections = dossier(&mut tx, jan).await.unwrap();
        assert_eq!(sections[0].data.as_array().unwrap().len(), 2);
        forget(&mut tx, jan).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            t.count(sql!(
                "select count(*) from import_rows where raw like '%Vries%' or candidate like '%Vries%'"
            ))
            .await,
            0
        );
    }
}

#[tokio::test]
async fn a_column_that_turns_out_to_hold_remarks_is_looked_at_again() {
    for t in houses().await {
        let (_, to) = t.upload("x.csv", b"Nr;Naam;E-mail\n111222333;Jan Bos;jan@example.org\n", "").await;
        t.settle().await;
        assert_eq!(
            t.count(sql!("select bsn_dropped from imports")).await,
            0,
            "a relation number may look like one"
        );
        t.post(&format!("{to}/mapping"), "list=x&column-0=notes&column-1=full_name&column-2=email").await;
        t.settle().await;
        assert_eq!(t.count(sql!("select bsn_dropped from imports")).await, 1);
        assert_eq!(t.count(sql!("select count(*) from import_rows where raw like '%111222333%'")).await, 0);
    }
}

#[tokio::test]
async fn a_stop_holds_and_goes_on() {
    for t in houses().await {
        let mut list = String::from("Nummer;Naam;E-mail\n");
        for n in 0..1_200 {
            list.push_str(&format!("{n};Persoon Nummer{n};p{n}@example.org\n"));
        }
        let (_, to) = t.upload("groot.csv", list.as_bytes(), "").await;
        t.settle().await;
        t.post(&format!("{to}/start"), "").await;
        t.post(&format!("{to}/stop"), "").await;
        t.settle().await;
        assert!(t.page(&to).await.contains("Ga door"));
        assert_eq!(names(&t).await.len(), 0);
        t.post(&format!("{to}/start"), "").await;
        t.settle().await;
        assert_eq!(names(&t).await.len(), 1_200);
    }
}

/// The lists as they really come; the clock is the machine's, since this is also a measure.
#[tokio::test]
async fn the_messy_list_comes_in_twice_and_goes_out_again() {
    for t in houses().await {
        let engine = t.house.db.engine();
        let clock = std::time::Instant::now();
        let first = t.import("people-messy.csv", &fixture("people-messy.csv")).await.unwrap();
        println!("{engine:?}: {first:?} in {:?}", clock.elapsed());
        assert_eq!(first.added + first.changed + first.unchanged + first.refused, 9_840);
        assert_eq!((first.changed > 0, first.blank), (true, 60));
        assert_eq!(first.bsn_dropped, 797);
        assert_eq!(first.iban_masked, 764);
        let people = names(&t).await;
        assert_eq!(people.len() as i64, first.added);
        assert_eq!(t.count(sql!("select count(*) from import_rows where raw like '%111222333%' or raw like '%NL91ABNA0417164300%'")).await, 0);
        let clock = std::time::Instant::now();
        let again = t.import("people-messy.csv", &fixture("people-messy.csv")).await.unwrap();
        println!("{engine:?} again: {again:?} in {:?}", clock.elapsed());
        assert_eq!((again.added, again.changed, again.refused), (0, 0, first.refused));
        let book = t.import("people-messy.xlsx", &fixture("people-messy.xlsx")).await.unwrap();
        println!("{engine:?} workbook: {book:?}");
        assert_eq!((book.added, book.changed), (0, 0));
        let clock = std::time::Instant::now();
        let undone =
            kring_exchange::undo_import(&t.house, &t.actor, first.import, &mut |_| {}).await.unwrap();
        println!("{engine:?} undone: {} in {:?}", undone.removed, clock.elapsed());
        assert_eq!((undone.removed, undone.kept), (first.added, 0));
        assert_eq!(names(&t).await.len(), 0);
        for left in [
            sql!("select count(*) from contact_points"),
            sql!("select count(*) from person_details"),
            sql!("select count(*) from postal_addresses"),
            sql!("select count(*) from identifiers"),
            sql!("select count(*) from notes"),
            sql!("select count(*) from person_words"),
            sql!("select count(*) from import_notes"),
            sql!("select count(*) from lookalikes"),
        ] {
            assert_eq!(t.count(left).await, 0);
        }
    }
}
