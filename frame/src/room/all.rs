//! All rooms of a house together, asked as one.

use std::{collections::BTreeSet, sync::Arc};

use kring_core::{Error, Lang, Result};
use kring_db::{Migration, Told};
use kring_work::Crew;

use crate::{
    ArcState, Chapter, Content, Doing, Envelope, Found, Gate, Holding, House, LetterFn, LettersFn, Line,
    OrganisationId, OwnAct, Panel, PersonId, Right, Route, Shelf, StartFn, Still, StillFn, StillsFn, Task,
    Tx,
    audience::{Facts, Segments},
    hear::Ear,
};

use super::*;

/// All rooms of a house, taken apart by what they offer.
#[derive(Default)]
pub struct Rooms {
    pub migrations: Vec<Migration>,
    pub rights: Vec<&'static Right>,
    pub routes: Vec<Route>,
    pub places: Vec<Place>,
    pub docs: Vec<utoipa::openapi::OpenApi>,
    pub people: Vec<(&'static str, DossierFn, ForgetFn)>,
    /// Every table in which a row is somebody's.
    pub holdings: Vec<Holding>,
    /// The tables of rooms in which a row is an organisation's; those of the hall are the hall's to move.
    pub organisation_holdings: Vec<Holding>,
    pub facts: Facts,
    /// What people do of their own accord, in the order of the rooms that tell of it.
    pub own_acts: Vec<OwnAct>,
    pub own_links: Vec<OwnLink>,
    pub segments: Option<Segments>,
    pub(crate) ears: Vec<Ear>,
    pub(crate) chores: Vec<Chore>,
    pub(crate) crew: Crew<House>,
    pub(crate) gate: Option<Arc<dyn Gate>>,
    pub(crate) shelves: Vec<Shelf>,
    pub(crate) chapters: Vec<Chapter>,
    pub(crate) doings: Vec<Doing>,
    pub(crate) start: Option<StartFn>,
    wants_moves: Vec<WantedFn>,
    notices: Option<NoticesFn>,
    news: Vec<New>,
    offers: Vec<Offer>,
    words: Vec<WordsFn>,
    lines: Vec<(&'static [&'static str], LinesFn)>,
    finders: Vec<FindFn>,
    heads: Vec<HeadFn>,
    panels: Vec<(u8, PanelFn)>,
    organisation_panels: Vec<OrganisationPanelFn>,
    tasks: Vec<TasksFn>,
    arcs: Vec<ArcFn>,
    letters: Vec<(&'static str, LetterFn)>,
    stills: Vec<(&'static str, StillFn)>,
    many_letters: Vec<(&'static str, LettersFn, StillsFn)>,
    becauses: Vec<(&'static str, BecauseFn)>,
}

impl Rooms {
    /// In the order in which rooms build on each other: migrations run in it.
    pub fn of(list: Vec<Room>) -> Self {
        let mut all = Self::default();
        all.migrations.extend_from_slice(kring_work::MIGRATIONS);
        all.migrations.extend_from_slice(crate::MIGRATIONS);
        let (mut facts, mut base, mut hearers) = (Vec::new(), None, Vec::new());
        for room in list {
            facts.extend(room.facts);
            base = room.base.or(base);
            all.own_acts.extend(room.own_acts);
            all.own_links.extend(room.own_links);
            hearers.extend(room.hears_own_acts);
            all.segments = room.segments.or(all.segments);
            all.wants_moves.extend(room.wants_moves);
            all.migrations.extend(room.migrations);
            all.rights.extend(room.rights);
            all.routes.extend(room.routes);
            all.places.extend(room.places);
            all.shelves.extend(room.shelves);
            all.chapters.extend(room.chapters);
            all.doings.extend(room.doings);
            all.start = room.start.or(all.start);
            all.news.extend(room.news);
            all.offers.extend(room.offers);
            all.ears.extend(room.ears);
            all.chores.extend(room.chores);
            all.lines.extend(room.lines);
            all.finders.extend(room.finders);
            all.heads.extend(room.heads);
            all.letters.extend(room.letters);
            all.stills.extend(room.stills);
            all.many_letters.extend(room.many_letters);
            all.becauses.extend(room.becauses);
            all.panels.extend(room.panels);
            all.organisation_panels.extend(room.organisation_panels);
            all.tasks.extend(room.tasks);
            all.arcs.extend(room.arcs);
            all.docs.extend(room.docs);
            all.words.extend(room.words);
            all.gate = room.gate.or(all.gate);
            all.notices = room.notices.or(all.notices);
            for job in room.jobs {
                job(&mut all.crew);
            }
            all.holdings.extend(room.holdings);
            all.organisation_holdings.extend(room.organisation_holdings);
            all.people.extend(room.people.map(|(dossier, forget)| (room.name, dossier, forget)));
        }
        all.facts = Facts::new(facts, base);
        // Whoever hears own acts knows no room that tells of them, and a room may be later in the list than its hearer.
        for (reader, hear) in hearers {
            let ears = all.own_acts.iter().map(|act| Ear {
                reader: format!("{reader}/{}", act.event).into(),
                kind: act.event,
                hear,
            });
            all.ears.extend(ears);
        }
        all.places.sort_by_key(|p| p.order);
        all.panels.sort_by_key(|(order, _)| *order);
        crate::hear::teach(&mut all.crew);
        all
    }

    /// The remark behind a code, in the words of whichever room has it.
    pub(crate) fn flash(&self, lang: Lang, code: &str) -> Option<&'static str> {
        if !code.starts_with("done-") {
            return None;
        }
        self.words.iter().find_map(|words| words(lang, code))
    }

    /// May this actor see what was done for this purpose, here?
    pub fn sees(&self, actor: &Actor, told: &Told) -> bool {
        actor.sees(&told.purpose, told.unit.map(crate::UnitId::new), &self.rights)
    }

    /// The lines of these events, in their order. Kinds that no room tells are left out.
    pub async fn say(&self, tx: &mut Tx, lang: Lang, events: &[Told]) -> Result<Vec<Line>> {
        let mut lines = Vec::with_capacity(events.len());
        for (kinds, say) in &self.lines {
            let mine: Vec<Told> =
                events.iter().filter(|e| kinds.contains(&e.kind.as_str())).cloned().collect();
            if !mine.is_empty() {
                lines.extend(say(tx, lang, &mine).await?);
            }
        }
        lines.sort_by_key(|line| std::cmp::Reverse((line.at, line.event)));
        Ok(lines)
    }

    /// The kinds that have a line, for the query behind a timeline.
    pub fn told_kinds(&self) -> impl Iterator<Item = &'static str> {
        self.lines.iter().flat_map(|(kinds, _)| kinds.iter().copied())
    }

    /// How many notices wait, and where they are read.
    pub(crate) async fn notices(&self, tx: &mut Tx) -> Result<Option<(i64, &'static str)>> {
        match self.notices {
            Some(notices) => notices(tx).await,
            None => Ok(None),
        }
    }

    /// What this actor may begin.
    pub(crate) fn news(&self, lang: Lang, actor: &Actor) -> Vec<kring_web::Link> {
        let mine = self.news.iter().filter(|n| actor.may(n.right));
        mine.map(|n| kring_web::Link::new((n.label)(lang), n.href)).collect()
    }

    /// What this actor may do with a list.
    pub fn offers<'a>(&'a self, list: &'a str, actor: &'a Actor) -> impl Iterator<Item = &'a Offer> {
        self.offers.iter().filter(move |o| o.list == list && actor.may(o.right))
    }

    /// The segments whose moves are to be told in the log.
    pub async fn moves_wanted(&self, tx: &mut Tx) -> Result<BTreeSet<i64>> {
        let mut wanted = BTreeSet::new();
        for want in &self.wants_moves {
            wanted.extend(want(tx).await?);
        }
        Ok(wanted)
    }

    /// The letters of messages of one kind, in the order of their envelopes; `None` where there is no reason to send any more.
    pub async fn letters(
        &self,
        tx: &mut Tx,
        kind: &str,
        envelopes: &[Envelope],
    ) -> Result<Vec<Option<Content>>> {
        if let Some((_, letters, _)) = self.many_letters.iter().find(|(k, ..)| *k == kind) {
            return letters(tx, envelopes).await;
        }
        let Some((_, letter)) = self.letters.iter().find(|(k, _)| *k == kind) else {
            return Err(Error::broken(format!("no letter of kind {kind}")));
        };
        let mut written = Vec::with_capacity(envelopes.len());
        for envelope in envelopes {
            written.push(letter(tx, *envelope).await?);
        }
        Ok(written)
    }

    /// Of what a message of this kind is a part.
    pub async fn because(
        &self,
        tx: &mut Tx,
        lang: Lang,
        kind: &str,
        envelope: Envelope,
    ) -> Result<Option<(String, String)>> {
        match self.becauses.iter().find(|(k, _)| *k == kind) {
            Some((_, because)) => because(tx, lang, envelope).await,
            None => Ok(None),
        }
    }

    /// Whether messages of one kind may still go, in the order of their envelopes.
    pub async fn stills(&self, tx: &mut Tx, kind: &str, envelopes: &[Envelope]) -> Result<Vec<Still>> {
        if let Some((.., stills)) = self.many_letters.iter().find(|(k, ..)| *k == kind) {
            return stills(tx, envelopes).await;
        }
        let Some((_, still)) = self.stills.iter().find(|(k, _)| *k == kind) else {
            return Ok(vec![Still::Go; envelopes.len()]);
        };
        let mut may = Vec::with_capacity(envelopes.len());
        for envelope in envelopes {
            may.push(still(tx, *envelope).await?);
        }
        Ok(may)
    }

    pub async fn find(&self, tx: &mut Tx, lang: Lang, words: &str) -> Result<Vec<Found>> {
        let mut found = Vec::new();
        for find in &self.finders {
            found.extend(find(tx, lang, words).await?);
        }
        Ok(found)
    }

    pub async fn heads(
        &self,
        tx: &mut Tx,
        lang: Lang,
        person: PersonId,
    ) -> Result<Vec<(String, Vec<String>)>> {
        let mut heads = Vec::new();
        for head in &self.heads {
            heads.extend(head(tx, lang, person).await?);
        }
        Ok(heads)
    }

    pub async fn panels(&self, tx: &mut Tx, lang: Lang, person: PersonId) -> Result<Vec<Panel>> {
        let mut panels = Vec::new();
        for (_, panel) in &self.panels {
            panels.extend(panel(tx, lang, person).await?);
        }
        Ok(panels)
    }

    pub async fn organisation_panels(
        &self,
        tx: &mut Tx,
        lang: Lang,
        organisation: OrganisationId,
    ) -> Result<Vec<Panel>> {
        let mut panels = Vec::new();
        for panel in &self.organisation_panels {
            panels.extend(panel(tx, lang, organisation).await?);
        }
        Ok(panels)
    }

    /// What waits for the actor at work, most urgent first.
    pub async fn tasks(&self, tx: &mut Tx, lang: Lang) -> Result<Vec<Task>> {
        let mut tasks = Vec::new();
        for list in &self.tasks {
            tasks.extend(list(tx, lang).await?);
        }
        tasks.sort_by_key(|t| t.due.unwrap_or(kring_core::Timestamp::MAX));
        Ok(tasks)
    }

    pub async fn arcs(&self, tx: &mut Tx, lang: Lang) -> Result<Vec<ArcState>> {
        let mut arcs = Vec::new();
        for arc in &self.arcs {
            arcs.extend(arc(tx, lang).await?);
        }
        arcs.sort_by_key(|a| a.arc as u8);
        Ok(arcs)
    }
}
