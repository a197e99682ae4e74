//! The named cases, each living its case in the records.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic: that is how it fails")]

use jiff::{
    ToSpan,
    civil::{Date, date},
};
use kring_lang::{Lang, names::FormOfAddress};
use kring_meerland::*;

const TODAY: Date = date(2026, 11, 29);

fn world(scale: f64) -> World {
    World::make(&Settings { seed: 7, scale, today: TODAY, pack: Pack::Education })
}

struct Case<'a> {
    w: &'a World,
    of: &'a Persona,
}

impl<'a> Case<'a> {
    fn key(&self) -> PersonKey {
        self.of.person.unwrap()
    }
    fn person(&self) -> &'a Person {
        &self.w.people[self.key()]
    }
    fn has(&self, kind: &str) -> bool {
        self.w.roles_of(self.key()).iter().any(|r| r.kind == kind)
    }
}

fn all_cases(w: &World) {
    let case = |key: &str| Case { w, of: personae(w).get(key).unwrap_or_else(|| panic!("{key} is missing")) };
    let today = w.settings.today;
    let age = |k: PersonKey| match w.people[k].birth {
        Birth::Full(born) => born.until((jiff::Unit::Year, today)).unwrap().get_years(),
        Birth::Year(_) | Birth::Unknown => -1,
    };

    let noor = case("noor");
    assert_eq!((noor.person().name.preferred_name.as_str(), age(noor.key())), ("Noor", 15));
    let mother = noor.of.others[0];
    assert!(w.participations.iter().any(|p| p.person == noor.key() && p.booked_by == Some(mother)));
    assert!(
        w.kinships.iter().any(|k| k.kind == KinshipKind::ParentOf && (k.from, k.to) == (mother, noor.key()))
    );

    let yassin = case("yassin");
    assert_eq!(age(yassin.key()), 17);
    let mut levels: Vec<_> = w
        .enrolments
        .iter()
        .filter(|e| e.person == yassin.key())
        .map(|e| (e.start, w.programmes[e.programme].level))
        .collect();
    levels.sort_unstable();
    assert_eq!(levels.iter().map(|l| l.1).collect::<Vec<_>>(), ["mbo-2", "mbo-3"]);

    let sem = case("sem").key();
    assert_eq!(w.participations.iter().filter(|p| p.person == sem && p.attended).count(), 2);
    assert!(!w.applications.iter().any(|a| a.person == sem));

    let lotte = case("lotte").key();
    let applied: Vec<_> = w.applications.iter().filter(|a| a.person == lotte).collect();
    assert!(!applied.is_empty() && !w.interests.iter().any(|i| i.person == lotte));
    assert!(
        applied
            .iter()
            .all(|a| a.stealth && (a.at.month(), a.at.day(), a.at.hour(), a.at.minute()) == (3, 31, 23, 50))
    );

    let daan = case("daan").key();
    assert!(w.enrolments.iter().any(|e| e.person == daan
        && (e.start.month(), e.start.day()) == (2, 1)
        && e.outcome == Outcome::Current));

    let fatima = case("fatima-el-hamdaoui");
    assert_eq!(fatima.person().name.display(), "Fatima El Hamdaoui");
    let (company, alumna) = (fatima.of.organisation.unwrap(), fatima.of.others[0]);
    assert!(w.placements.iter().any(
        |p| (p.student, p.organisation) == (fatima.key(), company) && p.state == PlacementState::Running
    ));
    assert!(w.roles_of(alumna).iter().any(|r| r.kind == "alumnus"));
    assert!(w.ties.iter().any(|t| (t.person, t.organisation) == (alumna, company)));

    assert_eq!(case("jan-de-wit-jansen").person().name.display(), "Jan de Wit-Jansen");

    let hart = case("p-t-hart");
    let twin = &w.people[hart.of.others[0]];
    assert_eq!((hart.person().name.initials.as_str(), twin.name.initials.as_str()), ("P.", "P."));
    assert_eq!((hart.person().birth, hart.person().name.surname_prefix.as_str()), (twin.birth, "'t"));
    assert_ne!(hart.person().name.preferred_name, twin.name.preferred_name);

    let suharto = case("suharto");
    assert_eq!((suharto.person().name.display().as_str(), suharto.person().lang), ("Suharto", Lang::En));
    assert!(w.requests.iter().any(|(_, r)| r.person == suharto.key() && r.topic == "international"));

    let kim = case("kim").person();
    assert_eq!(
        (kim.pronouns, &kim.name.form_of_address, kim.gender),
        ("die/hun", &FormOfAddress::Neutral, Gender::X)
    );
    assert!(kim.name.salutation(Lang::Nl, true).starts_with("Geachte Kim"));

    let professor = case("van-der-meulen").person();
    assert_eq!(professor.name.addressed(Lang::Nl), "heer prof. dr. ir. A.B.C. van der Meulen MSc");

    let marit = case("marit");
    let tracks: Vec<_> = w
        .diplomas
        .iter()
        .filter(|d| d.person == marit.key())
        .map(|d| w.programmes[d.programme].level)
        .collect();
    assert!(tracks.contains(&"mbo-4"));
    assert!(w.enrolments.iter().any(|e| e.person == marit.key()
        && w.programmes[e.programme].track == "hbo"
        && e.outcome == Outcome::Current));

    let ravi = case("ravi");
    assert!(ravi.has("former_student_without_diploma") && ravi.has("prospect"));
    assert!(w.notes.iter().any(|n| n.person == ravi.key() && n.text.contains("EVC")));

    let anke = case("anke");
    for kind in ["employee", "alumnus", "company_contact", "parent_guardian"] {
        assert!(anke.has(kind), "{kind}");
    }
    let child = anke.of.others[0];
    assert!(w.interests.iter().any(|i| i.person == child));

    let kees = case("kees");
    let bert = kees.of.others[0];
    assert_eq!(
        w.diplomas.iter().filter(|d| d.person == kees.key()).map(|d| d.on.year()).collect::<Vec<_>>(),
        [1979]
    );
    assert_eq!(
        w.knows.iter().filter(|k| k.person == kees.key()).map(|k| k.staff).collect::<Vec<_>>(),
        [bert]
    );
    assert!(w.leaving.iter().any(|l| l.staff == bert && l.reason == "retires" && l.on.month() == 6));

    let ilse = case("ilse").key();
    assert_eq!(w.asks.iter().filter(|a| a.person == ilse && a.on > today - 365.days()).count(), 5);
    assert!(!w.offers.iter().any(|o| o.person == ilse));

    let wim = case("willing-wim");
    assert!(!w.asks.iter().any(|a| a.person == wim.key()));
    assert!(
        w.consents.iter().any(|c| c.person == wim.key() && c.purpose == "alumni" && c.wish == Wish::Consents)
    );

    let alone = &w.organisations[case("sole-trader").of.organisation.unwrap()];
    assert!(alone.sole_trader && !alone.accreditations.is_empty());

    let lapsing = case("lapsing-company");
    let company = lapsing.of.organisation.unwrap();
    assert!(w.placements.iter().any(|p| {
        p.organisation == company
            && p.student == lapsing.key()
            && w.organisations[company]
                .accreditations
                .iter()
                .any(|a| a.programme == p.programme && a.until.is_some_and(|u| p.start < u && u < p.end))
    }));

    let dead = case("deceased");
    assert!(dead.person().deceased.is_some());
    assert!(w.subscriptions.iter().any(|s| s.person == dead.key() && s.until.is_none()));

    assert!(case("protected").person().protected && case("protected").person().address.is_some());

    let objector = case("objector").key();
    assert!(w.consents.iter().any(|c| c.person == objector && c.wish == Wish::Objects));
    let again =
        lists(w).into_iter().flat_map(|l| l.truth).filter(|t| t.slip == "objector").collect::<Vec<_>>();
    assert_eq!(again.iter().map(|t| t.person).collect::<Vec<_>>(), [Some(objector)]);

    let donor = case("donor").key();
    let agreed: Vec<_> =
        w.gifts.iter().filter(|g| g.giver == Giver::Person(donor) && g.agreement.is_some()).collect();
    assert!(agreed.len() >= 5);

    let panel = case("panel-member");
    assert!(panel.has("panel_member") && panel.has("ambassador"));
    assert!(w.terms.iter().any(|t| t.person == panel.key() && t.to.is_none()));
}

#[test]
fn every_named_case_is_lived_at_every_scale() {
    for (scale, seed, today) in [
        (0.005, 7, TODAY),
        (0.01, 7, TODAY),
        (0.01, 1, date(2027, 3, 1)),
        (0.01, 2, date(2026, 8, 20)),
        (0.01, 3, date(2027, 7, 15)),
        (0.1, 7, TODAY),
    ] {
        let w = World::make(&Settings { seed, scale, today, pack: Pack::Education });
        all_cases(&w);
        let mut who: Vec<PersonKey> = personae(&w).all.iter().filter_map(|p| p.person).collect();
        who.sort_unstable();
        let before = who.len();
        who.dedup();
        assert_eq!((before, who.len()), (24, 24), "nobody plays two parts");
    }
}

#[test]
fn names_that_are_hard_come_through_whole() {
    let w = world(0.1);
    let some = |fits: fn(&Person) -> bool| assert!(w.people.iter().any(|(_, p)| fits(p)));
    some(|p| p.name.surname.is_empty());
    some(|p| p.name.preferred_name.starts_with("IJ") && p.name.initials.starts_with("IJ."));
    some(|p| p.name.surname_prefix == "'t");
    some(|p| p.name.surname_prefix == "d'");
    some(|p| p.name.surname.starts_with("El "));
    some(|p| p.name.surname.chars().any(|c| ('\u{400}'..'\u{500}').contains(&c)));
    some(|p| p.name.surname.len() > 30);
    some(|p| !p.name.partner_surname.is_empty());
    some(|p| !p.name.title_prefix.is_empty());
    assert!(w.people.iter().all(|(_, p)| !p.name.display().trim().is_empty()));
}
