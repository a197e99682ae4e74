//! Lists of organisations come in, are found again, come again, and are undone; on SQLite and, where it is offered,
//! PostgreSQL.

use crate::common::{Test, houses};
use http::StatusCode;
use kring_exchange::Kind;
use kring_frame::{OrganisationId, params, sql};
use kring_people::{address, contact, identifier, organisation, roles, source};

const LIST: &str = "Bedrijfsnaam;Soort;Moeder;KvK-nummer;Vestigingsnummer;BRIN;Leerbedrijf-ID;Straat;Huisnr;Postcode;Plaats;Website;Telefoon;E-mail;Rol;Vanaf;Tot\n\
    Zorggroep De Linde;zorginstelling;;90123456;000012345678;;1001;Lindelaan;12 bis;1234 AB;Meerstad;https://www.linde.example/;030-1234567;info@linde.example;leerbedrijf;01-09-2020;\n\
    De Linde Noord;vestiging;90123456;90123456;000012345679;;;Noordweg;3;1234AC;Meerstad;;;;;;\n\
    College Waterland;school;;;;99zy;;;;;;geen website;;;toeleverende school;2019-08-01;2018-01-01\n\
    Gemeente Meerstad;gemeente;;123;;;;Plein 1945 7;;1234 ZZ;Meerstad;;;;;;\n\
    ;bedrijf;;;;;;;;;;;;;;;\n\
    Bakkerij Bos;iets raars;Onbekend BV;;;;;;;5678 CD;Dorp;bakkerij.example;111222333;bos(at)bakkerij.example;;;\n";

async fn named(t: &Test, name: &str) -> OrganisationId {
    let mut tx = t.house.read(&t.actor).await.unwrap();
    let (id,): (OrganisationId,) =
        tx.one(sql!("select id from organisations where name = $1"), params![name]).await.unwrap();
    id
}

#[tokio::test]
async fn a_list_of_organisations_is_looked_at_and_comes_in() {
    for t in houses().await {
        let look = t.look_as(Kind::Organisations, "bedrijven.csv", LIST).await;
        assert_eq!((look.rows, look.added, look.changed, look.refused), (6, 5, 0, 1), "{look:?}");
        assert_eq!(
            t.count(sql!("select count(*) from organisations")).await,
            0,
            "nothing is written by looking"
        );
        let page = t.page(&format!("/imports/{}", look.import)).await;
        for part in [
            "organisaties die we nog niet kennen",
            "Zorggroep De Linde",
            "Code ‘123’ kan niet en is weggelaten",
            "Website ‘geen website’ kan niet",
            "Er staat geen naam",
            "Bovenliggende organisatie ‘Onbekend BV’ kennen we niet",
            "leerbedrijf-ID",
        ] {
            assert!(page.contains(part), "{part}: {page}");
        }
        let s = t.import_as(Kind::Organisations, "bedrijven.csv", LIST).await.unwrap();
        assert_eq!((s.added, s.changed, s.unchanged, s.refused), (5, 0, 0, 1), "{s:?}");
        let (linde, noord) = (named(&t, "Zorggroep De Linde").await, named(&t, "De Linde Noord").await);
        let mut tx = t.house.read(&t.actor).await.unwrap();
        let it = organisation::load(&mut tx, linde).await.unwrap();
        assert_eq!(it.kind, organisation::Kind::Care);
        assert_eq!(organisation::load(&mut tx, noord).await.unwrap().parent, Some(linde));
        let codes: Vec<String> =
            identifier::of(&mut tx, linde).await.unwrap().into_iter().map(|c| c.value).collect();
        assert_eq!(codes, ["90123456", "000012345678", "1001"]);
        // The number of the company stays the company's.
        let codes = identifier::of(&mut tx, noord).await.unwrap();
        assert_eq!(codes.iter().map(|c| c.value.as_str()).collect::<Vec<_>>(), ["000012345679"]);
        let place = address::of(&mut tx, linde).await.unwrap();
        assert_eq!(place[0].line(), "Lindelaan 12 bis, 1234 AB Meerstad");
        let mut points: Vec<String> =
            contact::of(&mut tx, linde).await.unwrap().into_iter().map(|c| c.canonical).collect();
        points.sort();
        assert_eq!(points, ["+31301234567", "info@linde.example", "linde.example"]);
        let held = roles::of(&mut tx, linde).await.unwrap();
        assert_eq!(
            (held[0].kind.as_str(), held[0].from),
            ("training_company", Some(jiff::civil::date(2020, 9, 1)))
        );
        drop(tx);
        let waterland = named(&t, "College Waterland").await;
        let mut tx = t.house.read(&t.actor).await.unwrap();
        assert!(roles::of(&mut tx, waterland).await.unwrap().is_empty(), "the period cannot be");
        drop(tx);
        // Each value says which list, and when.
        let page = t.page(&format!("/organisations/{linde}/data")).await;
        assert!(page.contains("bron: lijst bedrijven, 21 november 2026"), "{page}");
        assert!(page.contains("naam") && page.contains("Hanneke de Vos"), "{page}");
        let csv = String::from_utf8(t.get(&format!("/imports/{}/refused.csv", s.import)).await.1).unwrap();
        assert!(csv.contains("Er staat geen naam"), "{csv}");
    }
}

#[tokio::test]
async fn a_list_that_comes_again_changes_what_it_brought_and_nothing_else() {
    for t in houses().await {
        t.import_as(Kind::Organisations, "bedrijven.csv", LIST).await.unwrap();
        let same = t.import_as(Kind::Organisations, "bedrijven.csv", LIST).await.unwrap();
        assert_eq!((same.added, same.changed, same.unchanged, same.refused), (0, 0, 5, 1), "{same:?}");
        // A colleague corrects a name; the list does not take that back.
        let bos = named(&t, "Bakkerij Bos").await;
        let permit = t.actor.permit(&kring_people::WRITE_PEOPLE).unwrap();
        let mut tx = t.house.write(&t.actor).await.unwrap();
        let it = organisation::load(&mut tx, bos).await.unwrap();
        let new = organisation::NewOrganisation {
            name: "Bakkerij Van den Bos".into(),
            kind: Some(it.kind),
            ..organisation::NewOrganisation::default()
        };
        organisation::change(&mut tx, &permit, bos, it.version, &new).await.unwrap();
        tx.commit().await.unwrap();
        let next = LIST
            .replace("Zorggroep De Linde;zorginstelling", "Zorggroep Linde;zorginstelling")
            .replace("Lindelaan;12 bis;1234 AB", "Lindeplein;1;1234 AB")
            .replace("Bakkerij Bos;iets raars", "Bakkerij Bos;vereniging")
            .replace("01-09-2020;\n", "01-09-2020;31-07-2026\n")
            .replace("College Waterland;school;;;;99zy;;;;;;geen website;;;toeleverende school;2019-08-01;2018-01-01\n", "");
        let look = t.look_as(Kind::Organisations, "bedrijven.csv", &next).await;
        let s = t.import_as(Kind::Organisations, "bedrijven.csv", &next).await.unwrap();
        assert_eq!((s.added, s.changed, s.unchanged), (0, 2, 2), "{s:?}");
        assert_eq!((look.added, look.changed, look.unchanged), (s.added, s.changed, s.unchanged));
        named(&t, "College Waterland").await;
        named(&t, "Bakkerij Van den Bos").await;
        let linde = named(&t, "Zorggroep Linde").await;
        let mut tx = t.house.read(&t.actor).await.unwrap();
        let places = address::of(&mut tx, linde).await.unwrap();
        assert_eq!((places[0].line().as_str(), places.len()), ("Lindeplein 1, 1234 AB Meerstad", 2));
        assert_eq!(roles::of(&mut tx, linde).await.unwrap()[0].to, Some(jiff::civil::date(2026, 7, 31)));
        drop(tx);
        // Taken back, it is as it was, but for what the colleague did.
        let undone = t.undo(s.import).await;
        assert_eq!((undone.removed, undone.restored, undone.kept), (0, 2, 0));
        let linde = named(&t, "Zorggroep De Linde").await;
        named(&t, "Bakkerij Van den Bos").await;
        let mut tx = t.house.read(&t.actor).await.unwrap();
        let places = address::of(&mut tx, linde).await.unwrap();
        assert_eq!((places[0].line().as_str(), places.len()), ("Lindelaan 12 bis, 1234 AB Meerstad", 1));
        assert_eq!(roles::of(&mut tx, linde).await.unwrap()[0].to, None);
        let traced = source::of_organisation(&mut tx, linde).await.unwrap();
        assert!(traced.iter().all(|s| s.source == "import:1"), "{traced:?}");
    }
}

#[tokio::test]
async fn undoing_takes_away_all_but_what_something_happened_with() {
    for t in houses().await {
        let s = t.import_as(Kind::Organisations, "bedrijven.csv", LIST).await.unwrap();
        let bos = named(&t, "Bakkerij Bos").await;
        let permit = t.actor.permit(&kring_people::WRITE_PEOPLE).unwrap();
        let mut tx = t.house.write(&t.actor).await.unwrap();
        let it = organisation::load(&mut tx, bos).await.unwrap();
        let new =
            organisation::NewOrganisation { name: "Bos".into(), ..organisation::NewOrganisation::default() };
        organisation::change(&mut tx, &permit, bos, it.version, &new).await.unwrap();
        tx.commit().await.unwrap();
        let undone = t.undo(s.import).await;
        assert_eq!((undone.removed, undone.kept), (4, 1));
        assert_eq!(t.texts(sql!("select name from organisations")).await, ["Bos"]);
        let page = t.page(&format!("/imports/{}", s.import)).await;
        assert!(page.contains("1 regel is gebleven") && page.contains("Bos"), "{page}");
        for left in [
            sql!("select count(*) from identifiers"),
            sql!("select count(*) from party_roles"),
            sql!("select count(*) from contact_points where canonical like '%linde%'"),
        ] {
            assert_eq!(t.count(left).await, 0);
        }
        assert_eq!(t.count(sql!("select count(*) from postal_addresses")).await, 1);
        t.settle().await;
    }
}

#[tokio::test]
async fn an_organisation_is_found_by_code_then_by_name_and_place_then_by_the_list() {
    for t in houses().await {
        let mut tx = t.house.write(&t.actor).await.unwrap();
        let new = |name: &str| organisation::NewOrganisation {
            name: name.into(),
            source: "staff".into(),
            ..organisation::NewOrganisation::default()
        };
        let coded = organisation::add(&mut tx, &new("Oude naam")).await.unwrap();
        identifier::give(&mut tx, coded, kring_formats::code::Scheme::Kvk, "90000001", "staff")
            .await
            .unwrap();
        let placed = organisation::add(&mut tx, &new("Café 't Plein")).await.unwrap();
        let kind = Some(address::Kind::Visit);
        let place =
            address::NewAddress { kind, postcode: "1111 AA".into(), ..address::NewAddress::default() };
        address::add(&mut tx, placed, &place, "staff").await.unwrap();
        let gone = organisation::add(&mut tx, &new("Dubbel")).await.unwrap();
        identifier::give(&mut tx, gone, kring_formats::code::Scheme::Brin, "98AA", "staff").await.unwrap();
        let permit = t.actor.permit(&kring_people::WRITE_PEOPLE).unwrap();
        kring_people::merge::organisations(&mut tx, &permit, coded, gone, "").await.unwrap();
        tx.commit().await.unwrap();
        let list = "Naam;KvK;BRIN;Postcode\n\
            Nieuwe naam;90000001;;\n\
            CAFE 'T PLEIN;;;1111aa\n\
            Iets;;98AA;\n\
            Zonder iets;;;\n\
            Café 't Plein;;;2222 BB\n\
            Zonder iets;;;\n\
            Tweespalt;90000001;99BB;\n";
        let s = t.import_as(Kind::Organisations, "lijst.csv", list).await.unwrap();
        // Staff owns the names; codes and postcodes are known; a place that nobody knew is new, and so is whoever has
        // another BRIN than the owner of the KvK number.
        assert_eq!((s.added, s.changed, s.unchanged, s.refused), (3, 0, 4, 0), "{s:?}");
        assert!(s.reasons.contains(&("code_taken".to_owned(), 1)), "{s:?}");
        assert_eq!(t.count(sql!("select count(*) from organisations where state = 'known'")).await, 5);
        named(&t, "Oude naam").await;
        let again = t.import_as(Kind::Organisations, "lijst.csv", list).await.unwrap();
        assert_eq!((again.added, again.changed), (0, 0), "{again:?}");
        // Codes of two in one row are a refusal.
        let two =
            "Naam;KvK;BRIN-vestiging;Leerbedrijf-ID\nEen;90000002;;5\nTwee;90000003;;6\nWie;90000002;;6\n";
        let s = t.import_as(Kind::Organisations, "twee.csv", two).await.unwrap();
        assert_eq!((s.added, s.refused), (2, 1), "{s:?}");
        assert!(s.reasons.contains(&("organisation_conflict".to_owned(), 1)), "{s:?}");
    }
}

#[tokio::test]
async fn the_kind_is_chosen_on_the_page_and_numbers_that_must_not_come_in_do_not() {
    for t in houses().await {
        let page = t.page("/imports/new").await;
        assert!(page.contains("Wat staat er in de lijst?") && page.contains("organisaties"), "{page}");
        let list = "Naam;Website;BSN\nBakker 111222333 BV;a.example;111222333\n";
        let (status, to) = t.upload_as(Kind::Organisations, "b.csv", list.as_bytes(), "").await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        t.settle().await;
        assert_eq!(t.count(sql!("select bsn_dropped from imports")).await, 2);
        assert_eq!(
            t.count(sql!("select times from detections where place = 'import' and what = 'bsn'")).await,
            2
        );
        assert_eq!(t.count(sql!("select count(*) from import_rows where raw like '%111222333%'")).await, 0);
        // A list without what its kind needs says so, and keeps what was chosen.
        let (status, page) = t.post(&format!("{to}/mapping"), "list=b&column-0=city&column-1=website").await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.contains("Wijs een kolom aan met de naam van de organisatie"), "{page}");
        let (status, _) = t.post(&format!("{to}/start"), "").await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        t.settle().await;
        let page = t.page(&format!("{to}?lang=en")).await;
        assert!(page.contains("organisations added") && page.contains("2 national numbers"), "{page}");
        assert!(t.page("/imports").await.contains("organisaties"));
    }
}
