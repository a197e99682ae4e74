//! Lists of roles, relations and consents; on SQLite and, where it is offered, PostgreSQL.

use crate::common::{Test, houses};
use kring_consent::{Channel, Standing, facts_of};
use kring_exchange::Kind;
use kring_formats::code::Scheme;
use kring_frame::{PersonId, Purpose, params, sql};
use kring_people::{
    NewPerson, arrive, identifier, merge, organisation, person, relationship, roles, suppression,
};

async fn somebody(t: &Test, name: &str, email: &str) -> PersonId {
    let mut tx = t.house.write(&t.actor).await.unwrap();
    let new = NewPerson {
        name: arrive::name_from(name),
        emails: vec![email.into()],
        source: "staff".into(),
        ..NewPerson::default()
    };
    let id = person::add(&mut tx, &new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// Jan (1, with a student number), Eva (2), Ans (3) and the bakery.
async fn furnished(t: &Test) -> [PersonId; 3] {
    let jan = somebody(t, "Jan Bos", "jan@example.org").await;
    let eva = somebody(t, "Eva Smit", "eva@example.org").await;
    let ans = somebody(t, "Ans Bos", "ans@example.org").await;
    let mut tx = t.house.write(&t.actor).await.unwrap();
    identifier::give(&mut tx, jan, Scheme::StudentNumber, "0012345", "staff").await.unwrap();
    let new = organisation::NewOrganisation { name: "Bakkerij Bos".into(), ..Default::default() };
    organisation::add(&mut tx, &new).await.unwrap();
    tx.run(
        sql!("insert into units (id, parent_id, name_nl, name_en, kind, legal_entity) values (2, 1, 'Alumnifonds', 'Alumni Fund', 'foundation', true)"),
        params![],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    [jan, eva, ans]
}

const TIES: &str = "Relatienummer;E-mail;Studentnummer;Rol of relatie;Opleiding;Afdeling;Organisatie;E-mail ander;Functie;Van;Tot\n\
    1;;;student;Kok;Meerland;;;;01-09-2024;\n\
    ;eva@example.org;;works at;;;Bakkerij Bos;;bakker;;\n\
    ;;0012345;child of;;;;;;;\n\
    3;;;ouder van;;;;jan@example.org;;;\n\
    ;niemand@example.org;;student;;;;;;;\n\
    2;;;ridder;;;;;;;\n\
    2;;;alumnus;;;;;;;\n\
    2;;;werkt bij;;;;;;;\n\
    2;;;werkt bij;;;Nergens BV;;;;\n\
    2;;;student;;Toren;;;;;\n\
    2;;;student;;;;;;2024-09-01;2020-01-01\n\
    2;;;student;;;;;;ooit;\n\
    1;;0012345;prospect;;;;;;;\n\
    2;;0012345;prospect;;;;;;;\n\
    ;;;prospect;;;;;;;\n";

#[tokio::test]
async fn roles_and_relations_come_in_and_what_is_not_understood_is_refused_in_words() {
    for t in houses().await {
        let [jan, eva, ans] = furnished(&t).await;
        let look = t.look_as(Kind::Relations, "rollen.csv", TIES).await;
        assert_eq!((look.added, look.refused), (4, 11), "{look:?}");
        assert_eq!(t.count(sql!("select count(*) from relationships")).await, 0);
        let page = t.page(&format!("/imports/{}", look.import)).await;
        for part in [
            "Niemand is bekend als ‘niemand@example.org’",
            "Rol of relatie ‘ridder’ kennen we niet",
            "‘alumnus’ volgt vanzelf uit andere rollen",
            "Bij ‘werkt bij’ hoort een organisatie",
            "Organisatie ‘Nergens BV’ kennen we niet",
            "Afdeling ‘Toren’ kennen we niet",
            "ligt voor de begindatum",
            "Datum ‘ooit’ bestaat niet",
            "horen bij verschillende mensen",
            "Er staat niet over wie deze regel gaat",
            "Rol of relatie ‘child of’ kennen we niet",
        ] {
            assert!(page.contains(part), "{part}: {page}");
        }
        let s = t.import_as(Kind::Relations, "rollen.csv", TIES).await.unwrap();
        assert_eq!((s.added, s.changed, s.unchanged, s.refused), (4, 0, 0, 11), "{s:?}");
        let mut tx = t.house.read(&t.actor).await.unwrap();
        let held = roles::of(&mut tx, jan).await.unwrap();
        let student = held.iter().find(|r| r.kind == "enrolled_student").unwrap();
        assert_eq!((student.detail.as_str(), student.unit.map(kring_frame::Id::get)), ("Kok", Some(1)));
        let works = relationship::of(&mut tx, eva).await.unwrap();
        assert_eq!((works[0].kind, works[0].detail.as_str()), (relationship::Kind::EmployedAt, "bakker"));
        assert_eq!((works[0].name.as_str(), works[0].basis), ("Bakkerij Bos", relationship::Basis::List));
        let child = relationship::of(&mut tx, ans).await.unwrap();
        assert_eq!((child[0].kind, child[0].other), (relationship::Kind::ParentOf, Some(jan)));
        drop(tx);
        let page = t.page(&format!("/people/{jan}/data")).await;
        assert!(page.contains("bron: lijst rollen, 21 november 2026"), "{page}");
        // The same list changes nothing; a last day is written where the list gave the role.
        let again = t.import_as(Kind::Relations, "rollen.csv", TIES).await.unwrap();
        assert_eq!((again.added, again.changed, again.unchanged), (0, 0, 4), "{again:?}");
        let ended = TIES.replace("01-09-2024;\n", "01-09-2024;31-07-2026\n");
        let end = t.import_as(Kind::Relations, "rollen.csv", &ended).await.unwrap();
        assert_eq!((end.added, end.changed, end.unchanged), (0, 1, 3), "{end:?}");
        let mut tx = t.house.read(&t.actor).await.unwrap();
        let held = roles::of(&mut tx, jan).await.unwrap();
        let student = held.iter().find(|r| r.kind == "enrolled_student").unwrap();
        assert_eq!(student.to, Some(jiff::civil::date(2026, 7, 31)));
        drop(tx);
        let undone = t.undo(end.import).await;
        assert_eq!((undone.restored, undone.removed), (1, 0));
        // Eva's job is ended by a colleague: it stays when the list is taken back, and is named.
        let mut tx = t.house.write(&t.actor).await.unwrap();
        let permit = t.actor.permit(&kring_people::WRITE_PEOPLE).unwrap();
        let today = jiff::civil::date(2026, 11, 21);
        relationship::end(&mut tx, &permit, eva, works[0].id, today).await.unwrap();
        tx.commit().await.unwrap();
        let undone = t.undo(s.import).await;
        assert_eq!((undone.removed, undone.kept), (3, 1));
        let page = t.page(&format!("/imports/{}", s.import)).await;
        assert!(page.contains("1 regel is gebleven") && page.contains("Eva Smit"), "{page}");
        assert_eq!(t.count(sql!("select count(*) from relationships")).await, 1);
        assert_eq!(t.count(sql!("select count(*) from party_roles")).await, 0);
        t.settle().await;
    }
}

#[tokio::test]
async fn a_merged_number_leads_on_and_somebody_erased_is_refused_with_nothing_kept() {
    for t in houses().await {
        let [jan, eva, ans] = furnished(&t).await;
        let mut tx = t.house.write(&t.actor).await.unwrap();
        let permit = t.actor.permit(&kring_people::WRITE_PEOPLE).unwrap();
        merge::people(&mut tx, &permit, jan, eva, &[], "").await.unwrap();
        suppression::leave(&mut tx, ans).await.unwrap();
        let rooms = t.house.rooms.people.clone();
        for (_, _, forget) in &rooms {
            forget(&mut tx, ans).await.unwrap();
        }
        tx.commit().await.unwrap();
        let list = "Relatienummer;E-mail;Rol;Opleiding\n2;;student;Kok\n3;;student;Geheim\n;ans@example.org;student;Ans Bos\n";
        let s = t.import_as(Kind::Relations, "rollen.csv", list).await.unwrap();
        assert_eq!((s.added, s.refused), (1, 2), "{s:?}");
        assert_eq!(s.reasons, [("suppressed".to_owned(), 2)]);
        let mut tx = t.house.read(&t.actor).await.unwrap();
        assert_eq!(roles::of(&mut tx, jan).await.unwrap().len(), 1);
        drop(tx);
        let kept = t.texts(sql!("select raw from import_rows where status = 'refused'")).await;
        assert_eq!(kept, ["[]", "[]"]);
        assert_eq!(
            t.count(sql!("select count(*) from import_rows where candidate like '%Geheim%'")).await,
            0
        );
        let csv = String::from_utf8(t.get(&format!("/imports/{}/refused.csv", s.import)).await.1).unwrap();
        assert!(
            csv.contains("op eigen verzoek gewist") && !csv.contains("Geheim") && !csv.contains("ans@"),
            "{csv}"
        );
        // In a list of people, too; read anew with another mapping, they stay refused.
        let people = "Naam;E-mail;Klas\nAns Bos;ans@example.org;Geheim\nTim Bos;tim@example.org;Kok\n";
        let (_, to) = t.upload("mensen.csv", people.as_bytes(), "").await;
        t.settle().await;
        assert_eq!(
            t.count(sql!(
                "select count(*) from import_rows where raw like '%Ans Bos%' or candidate like '%ans@%'"
            ))
            .await,
            0
        );
        t.post(&format!("{to}/mapping"), "list=mensen&column-0=full_name&column-1=email&column-2=interest")
            .await;
        t.settle().await;
        t.post(&format!("{to}/start"), "").await;
        t.settle().await;
        assert_eq!(t.count(sql!("select refused from imports where name = 'mensen.csv'")).await, 1);
        assert_eq!(t.count(sql!("select count(*) from people where display_name = 'Ans Bos'")).await, 0);
    }
}

#[tokio::test]
async fn forgetting_either_of_a_relation_empties_its_row() {
    for t in houses().await {
        let [jan, ..] = furnished(&t).await;
        let list =
            "Relatienummer;Relatie;E-mail ander\n3;ouder van;jan@example.org\n2;vriend van;ans@example.org\n";
        let s = t.import_as(Kind::Relations, "rollen.csv", list).await.unwrap();
        assert_eq!(s.added, 2, "{s:?}");
        let mut tx = t.house.write(&t.actor).await.unwrap();
        let rooms = t.house.rooms.people.clone();
        for (_, _, forget) in &rooms {
            forget(&mut tx, jan).await.unwrap();
        }
        tx.commit().await.unwrap();
        assert_eq!(
            t.count(sql!(
                "select count(*) from import_rows where raw like '%jan@%' or candidate like '%jan@%'"
            ))
            .await,
            0
        );
        assert_eq!(t.count(sql!("select count(*) from import_rows where raw like '%ans@%'")).await, 1);
    }
}

const CHOICES: &str = "Relatienummer;Doel;Kanaal;Toestemming;Datum;Bewijs;Rechtspersoon\n\
    1;nieuwsbrief;e-mail;gegeven;01-02-2025;inschrijfformulier 2025;\n\
    2;marketing;mail;given;2025-03-01;kaart open dag;\n\
    2;marketing;mail;bezwaar;2025-03-01;;\n\
    3;onderzoek;telefoon;ingetrokken;1-1-2026;;\n\
    3;alumni;mail;gegeven;1-1-2026;kaart;Alumni Fund\n\
    1;marketing;mail;gegeven;01-02-2027;kaart;\n\
    1;marketing;mail;gegeven;;kaart;\n\
    1;marketing;mail;gegeven;2025-01-01;;\n\
    1;cadeaus;mail;gegeven;2025-01-01;kaart;\n\
    1;marketing;fax;gegeven;2025-01-01;kaart;\n\
    1;marketing;mail;nee;2025-01-01;kaart;\n\
    1;marketing;mail;gegeven;2025-01-01;kaart;De Buren BV\n\
    9;marketing;mail;gegeven;2025-01-01;kaart;\n";

async fn stands(t: &Test, id: PersonId) -> Standing {
    let mut tx = t.house.read(&t.actor).await.unwrap();
    facts_of(&mut tx, id, Purpose::Marketing, Channel::Mail).await.unwrap().standing
}

#[tokio::test]
async fn the_newest_word_counts_and_an_old_yes_never_overrides_a_later_no() {
    for t in houses().await {
        let [jan, eva, _] = furnished(&t).await;
        let look = t.look_as(Kind::Consents, "toestemmingen.csv", CHOICES).await;
        assert_eq!((look.added, look.refused), (5, 8), "{look:?}");
        assert_eq!(t.count(sql!("select count(*) from consent_ledger")).await, 0);
        let page = t.page(&format!("/imports/{}", look.import)).await;
        for part in [
            "ligt in de toekomst",
            "Er staat geen datum",
            "Zonder bewijs is het geen toestemming",
            "Doel ‘cadeaus’ kennen we niet",
            "Kanaal ‘fax’ kennen we niet",
            "‘nee’ is geen gegeven, ingetrokken of bezwaar",
            "Rechtspersoon ‘De Buren BV’ kennen we niet",
            "Niemand is bekend als ‘9’",
        ] {
            assert!(page.contains(part), "{part}: {page}");
        }
        let s = t.import_as(Kind::Consents, "toestemmingen.csv", CHOICES).await.unwrap();
        assert_eq!((s.added, s.unchanged, s.refused), (5, 0, 8), "{s:?}");
        assert_eq!(stands(&t, jan).await, Standing::Consented);
        assert_eq!(stands(&t, eva).await, Standing::Objected, "of two on one day the no stands");
        let again = t.import_as(Kind::Consents, "toestemmingen.csv", CHOICES).await.unwrap();
        assert_eq!((again.added, again.unchanged), (0, 5), "{again:?}");
        assert_eq!(t.count(sql!("select count(*) from consent_ledger")).await, 5);
        assert_eq!(
            t.count(sql!(
                "select count(*) from consent_ledger where controller_id = 2 and purpose = 'alumni'"
            ))
            .await,
            1
        );
        // Jan objects today; a list from another cupboard says yes of last year.
        let mut tx = t.house.write(&t.actor).await.unwrap();
        let no = kring_consent::Entry::new(
            jan,
            Purpose::Marketing,
            Channel::Mail,
            kring_consent::Act::Objection,
            "link:mail",
        );
        kring_consent::record(&mut tx, &no).await.unwrap();
        tx.commit().await.unwrap();
        let old =
            "Relatienummer;Doel;Kanaal;Toestemming;Datum;Bewijs\n1;marketing;mail;ja;20-11-2026;kaart\n";
        let late = t.import_as(Kind::Consents, "kast.csv", old).await.unwrap();
        assert_eq!(late.added, 1);
        assert_eq!(stands(&t, jan).await, Standing::Objected, "an old yes does not override a later no");
        // Taken back, the rows stay in the ledger and count no more; what others said stays.
        let undone = t.undo(s.import).await;
        assert_eq!((undone.removed, undone.kept), (5, 0));
        assert_eq!(t.count(sql!("select count(*) from consent_ledger")).await, 7);
        assert_eq!(stands(&t, eva).await, Standing::Silent);
        assert_eq!(stands(&t, jan).await, Standing::Objected);
        let anew = t.import_as(Kind::Consents, "toestemmingen.csv", CHOICES).await.unwrap();
        assert_eq!(anew.added, 5);
        assert_eq!(stands(&t, eva).await, Standing::Objected);
    }
}
