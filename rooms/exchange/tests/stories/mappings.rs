//! Kept mappings, and what lists of people bring beside names: addresses, numbers, roles.

use crate::common::{Test, houses};
use http::StatusCode;
use kring_frame::{PersonId, params, sql};
use kring_people::{address, identifier, person, roles, source};

async fn one(t: &Test, name: &str) -> PersonId {
    let mut tx = t.house.read(&t.actor).await.unwrap();
    let (id,): (PersonId,) =
        tx.one(sql!("select id from people where display_name = $1"), params![name]).await.unwrap();
    id
}

#[tokio::test]
async fn how_a_list_is_explained_is_kept_and_can_be_forgotten() {
    for t in houses().await {
        let first = "Wie;Kol7;Mailadres\nJan Bos;Kok;jan@example.org\n";
        let (_, to) = t.upload("maand.csv", first.as_bytes(), "Maandlijst").await;
        t.settle().await;
        let page = t.page(&to).await;
        assert!(page.contains("Wijs een kolom aan") || page.contains("niet gebruiken"), "{page}");
        let explained = "list=maandlijst&column-0=full_name&column-1=interest&column-2=email";
        assert_eq!(t.post(&format!("{to}/mapping"), explained).await.0, StatusCode::SEE_OTHER);
        t.settle().await;
        // It comes again, without a column it had, and with one it had not.
        let next = "Wie;Mailadres;Mobiel\nEva Smit;eva@example.org;0612345678\n";
        let (_, to) = t.upload("maand2.csv", next.as_bytes(), "Maandlijst").await;
        t.settle().await;
        let page = t.page(&to).await;
        assert!(page.contains("Kolommen zoals op 21 november 2026 door Hanneke de Vos"), "{page}");
        assert!(page.contains("interesse of opleiding. Wat de lijst eerder bracht, blijft"), "{page}");
        assert_eq!(page.matches("nieuw: zelf geraden").count(), 1, "{page}");
        let english = t.page(&format!("{to}?lang=en")).await;
        assert!(english.contains("Columns as on 21 November 2026 by Hanneke de Vos"), "{english}");
        assert_eq!(
            t.texts(sql!("select mapping from imports order by id desc limit 1")).await,
            [r#"["full_name","email","phone"]"#]
        );
        // A list of another kind under the same name has an explanation of its own.
        let other = "Wie;Mailadres;Doel\nEva;eva@example.org;x\n";
        t.upload_as(kring_exchange::Kind::Consents, "c.csv", other.as_bytes(), "Maandlijst").await;
        assert_eq!(
            t.texts(sql!("select mapping from imports order by id desc limit 1")).await,
            [r#"["ignore","email","purpose"]"#]
        );
        t.settle().await;
        let (status, _) = t.post(&format!("{to}/forget-mapping"), "").await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        t.settle().await;
        assert!(!t.page(&to).await.contains("Kolommen zoals op"));
        assert_eq!(t.count(sql!("select count(*) from import_mappings")).await, 0);
        let (_, to) = t.upload("maand3.csv", first.as_bytes(), "Maandlijst").await;
        t.settle().await;
        assert!(!t.page(&to).await.contains("Kolommen zoals op"));
    }
}

#[tokio::test]
async fn a_column_of_national_numbers_stays_closed_whatever_was_kept() {
    for t in houses().await {
        let first = "Naam;Code;E-mail\nJan Bos;A1;jan@example.org\n";
        let (_, to) = t.upload("x.csv", first.as_bytes(), "x").await;
        t.settle().await;
        t.post(&format!("{to}/mapping"), "list=x&column-0=full_name&column-1=number&column-2=email").await;
        t.settle().await;
        let mut next = String::from("Naam;Code;E-mail\n");
        for n in 0..6 {
            next.push_str(&format!("Persoon {n};111222333;p{n}@example.org\n"));
        }
        t.upload("x.csv", next.as_bytes(), "x").await;
        t.settle().await;
        assert_eq!(t.count(sql!("select bsn_dropped from imports order by id desc limit 1")).await, 6);
        assert_eq!(t.count(sql!("select count(*) from import_rows where raw like '%111222333%'")).await, 0);
    }
}

const LIST: &str = "Nr;Naam;Studentnummer;Straat;Huisnr;Postcode;Woonplaats;Rol;Opleiding;Vanaf;Tot;Voornaamwoorden;Achternaam partner;Naamgebruik\n\
    1;Jan de Vries;0012345;Kanaalweg;12 bis;1234 AB;Meerstad;student;Kok;01-09-2024;;hij/hem;;\n\
    2;Els Jansen;0012346;Dorpsstraat;3;1234AC;Meerstad;gediplomeerde;Verpleegkunde;2018-09-01;2022-07-01;;Wit;V\n\
    3;Bo Bos;;;;;;ridder;;;;;;\n";

#[tokio::test]
async fn people_come_with_address_numbers_and_roles() {
    for t in houses().await {
        let look = t.look_as(kring_exchange::Kind::People, "studenten.csv", LIST).await;
        assert_eq!((look.added, look.warned, look.refused), (3, 1, 0), "{look:?}");
        let s = t.import("studenten.csv", LIST.as_bytes()).await.unwrap();
        assert_eq!((s.added, s.refused), (3, 0), "{s:?}");
        let jan = one(&t, "Jan de Vries").await;
        let mut tx = t.house.read(&t.actor).await.unwrap();
        let home = address::of(&mut tx, jan).await.unwrap();
        assert_eq!(
            (home[0].line().as_str(), home[0].kind),
            ("Kanaalweg 12 bis, 1234 AB Meerstad", address::Kind::Home)
        );
        let codes = identifier::of(&mut tx, jan).await.unwrap();
        assert!(codes.iter().any(|c| c.scheme == "student_number" && c.value == "0012345"), "{codes:?}");
        let held = roles::of(&mut tx, jan).await.unwrap();
        assert_eq!((held[0].kind.as_str(), held[0].detail.as_str()), ("enrolled_student", "Kok"));
        assert_eq!(person::load(&mut tx, jan).await.unwrap().pronouns, "hij/hem");
        drop(tx);
        one(&t, "Els Wit-Jansen").await;
        assert_eq!(
            t.count(sql!(
                "select count(*) from person_details where detail_key in ('postcode', 'city', 'house_number')"
            ))
            .await,
            0
        );
        let page = t.page(&format!("/people/{jan}/data")).await;
        assert!(
            page.contains("Kanaalweg 12 bis") && page.contains("bron: lijst studenten, 21 november 2026"),
            "{page}"
        );
        // Again: the same, found by its number; then with a move, an end, and another name of the partner.
        let again = t.import("studenten.csv", LIST.as_bytes()).await.unwrap();
        assert_eq!((again.added, again.changed, again.unchanged), (0, 0, 3), "{again:?}");
        let next = LIST
            .replace("Kanaalweg;12 bis;1234 AB", "Kade;1;1235 AA")
            .replace("01-09-2024;;", "01-09-2024;31-07-2026;");
        let next = next.replace("Wit;V", "Zwart;V");
        let look = t.look_as(kring_exchange::Kind::People, "studenten.csv", &next).await;
        assert_eq!((look.added, look.changed, look.unchanged), (0, 2, 1), "{look:?}");
        let s = t.import("studenten.csv", next.as_bytes()).await.unwrap();
        assert_eq!((s.added, s.changed, s.unchanged), (0, 2, 1), "{s:?}");
        let els = one(&t, "Els Zwart-Jansen").await;
        let page = t.page(&format!("/people/{els}/data")).await;
        assert!(page.contains("naam van de partner"), "{page}");
        let mut tx = t.house.read(&t.actor).await.unwrap();
        let homes = address::of(&mut tx, jan).await.unwrap();
        assert_eq!((homes.len(), homes[0].line().as_str()), (2, "Kade 1, 1235 AA Meerstad"));
        assert_eq!(roles::of(&mut tx, jan).await.unwrap()[0].to, Some(jiff::civil::date(2026, 7, 31)));
        drop(tx);
        // Undone: the old address holds again, the role goes on, the name is back.
        let undone = t.undo(s.import).await;
        assert_eq!((undone.restored, undone.removed), (2, 0));
        one(&t, "Els Wit-Jansen").await;
        let mut tx = t.house.read(&t.actor).await.unwrap();
        let homes = address::of(&mut tx, jan).await.unwrap();
        assert_eq!(
            (homes.len(), homes[0].line().as_str(), homes[0].valid_to),
            (1, "Kanaalweg 12 bis, 1234 AB Meerstad", None)
        );
        assert_eq!(roles::of(&mut tx, jan).await.unwrap()[0].to, None);
        assert!(source::of_person(&mut tx, els).await.unwrap().is_empty());
        drop(tx);
        // An address that a colleague wrote down is not moved by a list.
        let mut tx = t.house.write(&t.actor).await.unwrap();
        let own =
            address::NewAddress { street: "Eigenweg".into(), house_number: "9".into(), ..Default::default() };
        address::add(&mut tx, jan, &own, "staff").await.unwrap();
        tx.commit().await.unwrap();
        let s = t.import("studenten.csv", next.as_bytes()).await.unwrap();
        assert_eq!((s.changed, s.unchanged), (2, 1), "the role and Els: {s:?}");
        let mut tx = t.house.read(&t.actor).await.unwrap();
        assert_eq!(address::of(&mut tx, jan).await.unwrap()[0].line(), "Eigenweg 9");
        drop(tx);
        // Somebody of another list with the same student number is the same.
        let other = "Naam;Studentnummer;Mobiel\nJ. de Vries;0012345;0612345678\n";
        let s = t.import("andere.csv", other.as_bytes()).await.unwrap();
        assert_eq!((s.added, s.changed), (0, 1), "{s:?}");
    }
}

#[tokio::test]
async fn refused_rows_are_emptied_ninety_days_after_their_import() {
    for t in houses().await {
        let s =
            t.import("x.csv", b"Naam;E-mail\nNiemand;geen adres\nJan Bos;jan@example.org\n").await.unwrap();
        assert_eq!(s.refused, 1);
        let page = t.page(&format!("/imports/{}", s.import)).await;
        assert!(page.contains("tot 90 dagen na de import"), "{page}");
        t.house.clock.advance(jiff::SignedDuration::from_hours(24 * 89));
        t.settle().await;
        assert_eq!(t.count(sql!("select count(*) from import_rows where raw like '%Niemand%'")).await, 1);
        t.house.clock.advance(jiff::SignedDuration::from_hours(24 * 2));
        t.settle().await;
        assert_eq!(
            t.count(sql!(
                "select count(*) from import_rows where raw like '%Niemand%' or remarks like '%adres%'"
            ))
            .await,
            0
        );
        let page = t.page(&format!("/imports/{}", s.import)).await;
        assert!(page.contains("Er staat alleen een naam"), "the reason stays: {page}");
        assert_eq!(t.count(sql!("select count(*) from import_rows where raw like '%Jan Bos%'")).await, 1);
    }
}
