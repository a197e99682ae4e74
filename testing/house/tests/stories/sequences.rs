//! Whatever is done to the relation base, in whatever order: imports of two lists, edits, merges, their undoing, forgetting.
//! After every deed the base is whole: no row is nobody's, nobody who was forgotten is back, and the trail tells all of it.

use std::collections::{BTreeMap, BTreeSet};

use kring_core::{Chance, Error};
use kring_frame::{Actor, PersonId, Tx, params, sql};
use kring_people::{WRITE_PEOPLE, contact, index, merge, note, person, roles};
use kring_testing::{TestHouse, both};

both!(any_sequence_leaves_the_base_whole);

const FIRST_SEED: u64 = 158;
const SEQUENCES: u64 = 8;
const DEEDS: usize = 25;
/// People in the world behind a sequence; lists bring them in several spellings.
const PEOPLE: u64 = 7;
const FIRST: [&str; PEOPLE as usize] = ["Noor", "Sem", "Lotte", "Daan", "Fatima", "Piotr", "Kim"];
const LAST: [&str; PEOPLE as usize] =
    ["Hoekstra", "Bakkerveld", "Yilmaz", "Ruiter", "El Amrani", "Nowak", "Smits"];

async fn any_sequence_leaves_the_base_whole(t: TestHouse) {
    let admin = t.actor("hanneke@meerland.example").await;
    for seed in 0..SEQUENCES {
        let mut sequence = Sequence {
            t: &t,
            admin: &admin,
            chance: Chance::seeded(FIRST_SEED + seed),
            seed,
            story: Vec::new(),
            imports: Vec::new(),
            merges: Vec::new(),
            gone: BTreeSet::new(),
        };
        for _ in 0..DEEDS {
            sequence.deed().await;
            sequence.is_whole().await;
        }
        let kinds: BTreeSet<&str> = sequence.story.iter().map(|s| s.split(' ').next().unwrap()).collect();
        assert!(kinds.len() >= 5, "sequence {seed} did little: {kinds:?}");
    }
    let n = t.count(sql!("select count(*) from merges where undone_at is not null")).await;
    assert!(n > 0, "no merge was undone in any sequence");
    let n = t.count(sql!("select count(*) from people where state = 'forgotten'")).await;
    assert!(n > 0, "nobody was forgotten in any sequence");
    let n = t.count(sql!("select count(*) from imports where undone_at is not null")).await;
    assert!(n > 0, "no import was undone in any sequence");
    let n = t.count(sql!("select count(*) from import_rows where status = 'refused'")).await;
    assert!(n > 0, "no list brought somebody who was forgotten");
}

struct Sequence<'a> {
    t: &'a TestHouse,
    admin: &'a Actor,
    chance: Chance,
    seed: u64,
    /// What was done, for whoever reads a failure.
    story: Vec<String>,
    imports: Vec<i64>,
    merges: Vec<i64>,
    /// Addresses of people who were forgotten, which nobody else had.
    gone: BTreeSet<String>,
}

impl Sequence<'_> {
    fn below(&self, n: u64) -> u64 {
        self.chance.below(n)
    }

    async fn deed(&mut self) {
        let what = match self.below(20) {
            0..6 => self.import().await,
            6 => self.undo_import().await,
            7..11 => self.edit().await,
            11..15 => self.merge().await,
            15..18 => self.undo_merge().await,
            _ => self.forget().await,
        };
        self.story.push(what);
        if self.story.len().is_multiple_of(5) {
            self.t.settle().await;
        }
    }

    async fn import(&mut self) -> String {
        let list = if self.below(2) == 0 { "school" } else { "open dag" };
        let mut csv =
            String::from("Relatienr.;Roepnaam;Achternaam;Geb.dat;E-mailadres;Mobiel;Postcode;Opmerking\n");
        let mut who = Vec::new();
        for _ in 0..2 + self.below(4) {
            let n = self.below(PEOPLE);
            who.push(n);
            let mail = match self.below(4) {
                0 => String::new(),
                1 => format!("{n}.prive.{}@mail.example.org", self.seed),
                _ => format!("{n}.school.{}@mail.example.org", self.seed),
            };
            let born = if self.below(3) == 0 {
                String::new()
            } else {
                format!("{:02}-03-{}", n + 1, 1990 + self.seed)
            };
            let phone =
                if self.below(2) == 0 { String::new() } else { format!("06120{}00{n}7", 10 + self.seed) };
            let number = if self.below(3) == 0 { String::new() } else { format!("{list}-{}-{n}", self.seed) };
            let remark = if self.below(4) == 0 { "belt graag na vieren" } else { "" };
            csv.push_str(&format!(
                "{number};{};{};{born};{mail};{phone};3511 AB;{remark}\n",
                FIRST[n as usize], LAST[n as usize]
            ));
        }
        let options =
            kring_exchange::Options { list: Some(list.into()), ..kring_exchange::Options::default() };
        let done = kring_exchange::import_file(
            &self.t.house,
            self.admin,
            "lijst.csv",
            csv.into_bytes(),
            &options,
            &mut |_| {},
        )
        .await
        .unwrap();
        self.imports.push(done.import);
        format!("import {} of {who:?} by {list}: {} added, {} changed", done.import, done.added, done.changed)
    }

    async fn undo_import(&mut self) -> String {
        let Some(import) = self.imports.pop() else { return "nothing".into() };
        match kring_exchange::undo_import(&self.t.house, self.admin, import, &mut |_| {}).await {
            Ok(_) => format!("unimport {import}"),
            Err(why) => self.refused(&format!("unimport {import}"), &why),
        }
    }

    async fn edit(&mut self) -> String {
        let Some(id) = self.somebody().await else { return "nothing".into() };
        let mut tx = self.t.house.write(self.admin).await.unwrap();
        let permit = self.admin.permit(&WRITE_PEOPLE).unwrap();
        let what = match self.below(4) {
            0 => {
                let p = person::read(&mut tx, &permit, id).await.unwrap();
                let mut details = person::Details::of(&p);
                details.name.preferred_name =
                    format!("{}-{}", FIRST[self.below(PEOPLE) as usize], self.story.len());
                person::change(&mut tx, &permit, id, p.version, &details, "staff").await.unwrap();
                "name"
            }
            1 => {
                let mail = format!("staff.{}.{}@mail.example.org", self.seed, self.story.len());
                contact::add(&mut tx, id, contact::Kind::Email, &mail, "staff").await.unwrap();
                index::index_person(&mut tx, id).await.unwrap();
                "mail"
            }
            2 => {
                let role = roles::NewRole {
                    kind: "graduate".into(),
                    unit: Some(self.t.units[1]),
                    detail: "hbo-V".into(),
                    from: Some("2019-07-01".parse().unwrap()),
                    to: None,
                };
                roles::give_new(&mut tx, id, &role, "staff").await.unwrap();
                "role"
            }
            _ => {
                note::write(&mut tx, &permit, id, "Wil graag meedenken").await.unwrap();
                "note"
            }
        };
        tx.commit().await.unwrap();
        format!("edit {id}: {what}")
    }

    /// Brings two together. One time in three they are brought apart at once, and then everything is as it was.
    async fn merge(&mut self) -> String {
        let (Some(kept), Some(gone)) = (self.somebody().await, self.somebody().await) else {
            return "nothing".into();
        };
        if kept == gone {
            return "nothing".into();
        }
        let permit = self.admin.permit(&WRITE_PEOPLE).unwrap();
        let before = (self.all_of(kept).await, self.all_of(gone).await);
        let mut tx = self.t.house.write(self.admin).await.unwrap();
        let id =
            merge::people(&mut tx, &permit, kept, gone, &[merge::Attribute::Name], "test").await.unwrap();
        tx.commit().await.unwrap();
        if self.below(3) > 0 {
            self.merges.push(id);
            return format!("merge {id}: {gone} into {kept}");
        }
        let mut tx = self.t.house.write(self.admin).await.unwrap();
        merge::undo_people(&mut tx, &permit, id).await.unwrap();
        tx.commit().await.unwrap();
        let after = (self.all_of(kept).await, self.all_of(gone).await);
        assert_eq!(before, after, "a merge undone at once leaves no trace in the data\n{}", self.told());
        format!("merge-and-back {id}: {gone} into {kept}")
    }

    async fn undo_merge(&mut self) -> String {
        if self.merges.is_empty() {
            return "nothing".into();
        }
        let id = self.merges.swap_remove(self.below(self.merges.len() as u64) as usize);
        let permit = self.admin.permit(&WRITE_PEOPLE).unwrap();
        let mut tx = self.t.house.write(self.admin).await.unwrap();
        match merge::undo_people(&mut tx, &permit, id).await {
            Ok(_) => {
                tx.commit().await.unwrap();
                format!("unmerge {id}")
            }
            Err(why) => self.refused(&format!("unmerge {id}"), &why),
        }
    }

    async fn forget(&mut self) -> String {
        let Some(id) = self.somebody().await else { return "nothing".into() };
        let permit = self.admin.permit(&kring_privacy::HANDLE_PRIVACY).unwrap();
        let mut tx = self.t.house.write(self.admin).await.unwrap();
        let numbers = merge::numbers_of(&mut tx, id).await.unwrap();
        let mut theirs = BTreeSet::new();
        for number in &numbers {
            theirs.extend(contact::of(&mut tx, *number).await.unwrap().into_iter().map(|c| c.canonical));
        }
        kring_privacy::erase(&mut tx, &permit, id).await.unwrap();
        tx.commit().await.unwrap();
        // Whoever else has the address too has it still.
        let left = self.addresses().await;
        self.gone.extend(theirs.into_iter().filter(|a| !left.contains_key(a)));
        format!("forget {numbers:?}")
    }

    /// What may be refused, and nothing else.
    fn refused(&self, what: &str, why: &Error) -> String {
        assert!(matches!(why, Error::Conflict(_)), "{what}: {why}\n{}", self.told());
        format!("refused {what}")
    }

    async fn somebody(&self) -> Option<PersonId> {
        let mut tx = self.t.house.read(self.admin).await.unwrap();
        let all: Vec<(PersonId,)> = tx
            .all(sql!("select id from people where state = 'known' order by id desc limit 12"), params![])
            .await
            .unwrap();
        (!all.is_empty()).then(|| all[self.below(all.len() as u64) as usize].0)
    }

    async fn addresses(&self) -> BTreeMap<String, i64> {
        let mut tx = self.t.house.read(self.admin).await.unwrap();
        let all: Vec<(String, i64)> = tx
            .all(sql!("select canonical, count(*) from contact_points group by canonical"), params![])
            .await
            .unwrap();
        all.into_iter().collect()
    }

    /// Everything that the rooms know of somebody, and by which words they are found.
    async fn all_of(&self, id: PersonId) -> String {
        let mut tx: Tx = self.t.house.read(self.admin).await.unwrap();
        let rooms = self.t.house.rooms.people.clone();
        let mut all = String::new();
        for (room, dossier, _) in rooms {
            for section in dossier(&mut tx, id).await.unwrap() {
                // That they were merged and separated is known of them, and is told.
                if section.title != "merges" {
                    all.push_str(&format!("{room}/{}: {}\n", section.title, section.data));
                }
            }
        }
        let words: Vec<(String,)> = tx
            .all(sql!("select word from person_words where person_id = $1 order by word"), params![id])
            .await
            .unwrap();
        all.push_str(&format!("{words:?}"));
        all
    }

    fn told(&self) -> String {
        format!("sequence {}:\n  {}", self.seed, self.story.join("\n  "))
    }

    async fn is_whole(&self) {
        let told = self.told();
        for (what, rows) in orphans(self.t).await {
            assert_eq!(rows, 0, "{what} that nobody has\n{told}");
        }
        let addresses = self.addresses().await;
        for address in &self.gone {
            assert!(!addresses.contains_key(address), "{address} is back\n{told}");
        }
        let mut tx = self.t.house.read(self.admin).await.unwrap();
        for address in &self.gone {
            let (n,): (i64,) = tx
                .one(
                    sql!(
                        // A row of somebody who is known tells what a list once said of them.
                        "select count(*) from import_rows r where (r.raw like '%' || $1 || '%' or r.candidate like '%' || $1 || '%')
                           and not exists (select 1 from people p where p.id = r.person_id and p.state = 'known')"
                    ),
                    params![address],
                )
                .await
                .unwrap();
            assert_eq!(n, 0, "{address} stands in a row of a list\n{told}");
        }
        drop(tx);
        for (what, wrong) in [
            (
                "people of whom nobody told that they were added",
                sql!(
                    "select count(*) from people p where not exists
                         (select 1 from events e where e.person_id = p.id and e.kind = 'person.added')"
                ),
            ),
            (
                "merges that are not told, or told without being one",
                sql!(
                    "select abs((select count(*) from merges where party = 'person')
                         - (select count(*) from events where kind = 'relation.merged'))
                       + abs((select count(*) from merges where party = 'person' and undone_at is not null)
                         - (select count(*) from events where kind = 'relation.unmerged'))"
                ),
            ),
            (
                "merges without their two lines in the trail",
                sql!(
                    "select count(*) from merges m where m.party = 'person' and
                         (select count(*) from trail t where t.kind = 'merge' and t.subject_id = m.id)
                         <> case when m.undone_at is null then 2 else 4 end"
                ),
            ),
            (
                "people forgotten without a line in the trail",
                sql!(
                    "select count(*) from people p where p.state = 'forgotten' and p.merged_into is null and not exists
                         (select 1 from trail t where t.person_id = p.id and t.deed = 'erased')"
                ),
            ),
            (
                "imports that left no line in the trail",
                sql!(
                    "select count(*) from imports i where not exists
                         (select 1 from trail t where t.kind = 'import' and t.subject_id = i.id)"
                ),
            ),
        ] {
            let rows = self.t.count(wrong).await;
            assert_eq!(rows, 0, "{what}\n{told}");
        }
        let mut tx = self.t.house.read(self.admin).await.unwrap();
        assert!(tx.verify_trail().await.unwrap().is_none(), "the trail is unbroken\n{told}");
    }
}

/// The tables in which a row is somebody's: of a person who is known, or of a number that was merged and keeps its losing
/// values.
macro_rules! rows_of_nobody {
    ($($table:literal . $column:literal),+ $(,)?) => {
        [$((
            concat!($table, ".", $column),
            kring_frame::Sql::same(concat!(
                "select count(*) from ", $table, " t left join people p on p.id = t.", $column, " where t.", $column,
                " is not null and (p.id is null or p.state not in ('known', 'merged'))"
            )),
        )),+]
    };
}

async fn orphans(t: &TestHouse) -> Vec<(&'static str, i64)> {
    let mut found = Vec::new();
    for (table, statement) in rows_of_nobody![
        "contact_points"."person_id",
        "party_roles"."person_id",
        "identifiers"."person_id",
        "postal_addresses"."person_id",
        "notes"."person_id",
        "relationships"."person_id",
        "relationships"."other_id",
        "relation_owners"."person_id",
        "value_sources"."person_id",
        "detections"."person_id",
        "duplicate_pairs"."a_id",
        "duplicate_pairs"."b_id",
        "address_owners"."person_id",
        "import_pairs"."person_id",
        "import_notes"."person_id",
        "claims"."person_id",
        "notices"."person_id",
        "tips"."person_id",
    ] {
        found.push((table, t.count(statement).await));
    }
    found.push((
        "words",
        t.count(sql!(
            "select count(*) from person_words w left join people p on p.id = w.person_id where p.id is null or p.state <> 'known'"
        ))
        .await,
    ));
    found.push((
        "people without words",
        t.count(sql!(
            "select count(*) from people p where p.state = 'known' and not exists (select 1 from person_words w where w.person_id = p.id)"
        ))
        .await,
    ));
    found.push((
        "numbers that lead nowhere",
        t.count(sql!(
            "select count(*) from people p left join people n on n.id = p.merged_into
             where (p.state = 'merged' and n.id is null) or (p.state = 'known' and p.merged_into is not null)
                or (p.state = 'merged' and n.state = 'forgotten')"
        ))
        .await,
    ));
    found
}
