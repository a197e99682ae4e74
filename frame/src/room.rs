use std::sync::Arc;

use kring_core::{Lang, Result};
use kring_db::{Migration, Told};
use kring_work::{Claimed, Crew, Job};

use crate::{
    Actor, ArcState, Chapter, Doing, Event, Found, Fut, Gate, Holding, House, LetterFn, Line, OrganisationId,
    Panel, PersonId, Right, Route, Section, Shelf, StartFn, Task, Tx, hear::Ear,
};

/// What became of a person's data in one room.
#[derive(Clone, Debug, Default)]
pub struct Forgotten {
    pub erased: u64,
    /// Kept in part, with the duty that asks for it.
    pub kept: Vec<String>,
}

/// Something a room does in the background, step by step: `true` when it did something.
#[derive(Clone)]
pub struct Chore {
    pub name: &'static str,
    /// How many do it at once.
    pub hands: usize,
    pub step: Arc<dyn Fn(House) -> Fut<'static, bool> + Send + Sync>,
}

impl Chore {
    pub fn new(
        name: &'static str,
        hands: usize,
        step: impl Fn(House) -> Fut<'static, bool> + Send + Sync + 'static,
    ) -> Self {
        Self { name, hands, step: Arc::new(step) }
    }
}

/// A workspace in the rail.
#[derive(Clone)]
pub struct Place {
    pub icon: &'static str,
    pub label: fn(Lang) -> &'static str,
    pub href: &'static str,
    /// Shown to whoever has one of these.
    pub rights: Vec<&'static Right>,
    /// Orders the rail; tens are groups.
    pub order: u8,
    /// Also in the bottom bar of a phone.
    pub phone: bool,
    /// How many wait there for this actor.
    pub count: Option<for<'a> fn(&'a mut Tx) -> Fut<'a, i64>>,
}

pub type LinesFn = for<'a> fn(&'a mut Tx, Lang, &'a [Told]) -> Fut<'a, Vec<Line>>;
/// A line of facts in the head of a person's page: a label and what it says.
pub type HeadFn = for<'a> fn(&'a mut Tx, Lang, PersonId) -> Fut<'a, Option<(String, Vec<String>)>>;
pub type PanelFn = for<'a> fn(&'a mut Tx, Lang, PersonId) -> Fut<'a, Option<Panel>>;
/// The same on the page of an organisation.
pub type OrganisationPanelFn = for<'a> fn(&'a mut Tx, Lang, OrganisationId) -> Fut<'a, Option<Panel>>;
/// What this room finds for some words, as far as the actor at work may see it.
pub type FindFn = for<'a> fn(&'a mut Tx, Lang, &'a str) -> Fut<'a, Vec<Found>>;
pub type TasksFn = for<'a> fn(&'a mut Tx, Lang) -> Fut<'a, Vec<Task>>;
pub type ArcFn = for<'a> fn(&'a mut Tx, Lang) -> Fut<'a, Option<ArcState>>;
pub type DossierFn = for<'a> fn(&'a mut Tx, PersonId) -> Fut<'a, Vec<Section>>;
pub type ForgetFn = for<'a> fn(&'a mut Tx, PersonId) -> Fut<'a, Forgotten>;
/// How many notices wait for the actor at work, and where they are read; `None` for whoever gets none.
pub type NoticesFn = for<'a> fn(&'a mut Tx) -> Fut<'a, Option<(i64, &'static str)>>;
/// A sentence without blanks, by its key; for remarks after a form.
pub type WordsFn = fn(Lang, &str) -> Option<&'static str>;
pub type HearFn = for<'a> fn(&'a mut Tx, &'a Told) -> Fut<'a, ()>;

/// Something that can be begun from anywhere, under *new* in the bar.
#[derive(Clone, Copy)]
pub struct New {
    pub label: fn(Lang) -> &'static str,
    pub href: &'static str,
    pub right: &'static Right,
}

/// Something that a room can do with a list that another shows: take it along, write to everybody in it. The filter of
/// the list is put behind `href`.
#[derive(Clone, Copy)]
pub struct Offer {
    /// The list: `people`.
    pub list: &'static str,
    pub icon: &'static str,
    pub label: fn(Lang) -> &'static str,
    pub href: &'static str,
    pub right: &'static Right,
}

/// Teaches the crew one kind of job.
type Teach = Box<dyn FnOnce(&mut Crew<House>) + Send>;

/// A room while it is being described. It becomes a [`Room`] only by saying what it knows of a person and how
/// it forgets one, or that it knows nobody.
#[derive(Default)]
pub struct Draft(pub(crate) Room);

/// Everything a room offers to the house.
#[derive(Default)]
pub struct Room {
    name: &'static str,
    migrations: Vec<Migration>,
    rights: Vec<&'static Right>,
    routes: Vec<Route>,
    places: Vec<Place>,
    pub(crate) shelves: Vec<Shelf>,
    pub(crate) chapters: Vec<Chapter>,
    pub(crate) doings: Vec<Doing>,
    pub(crate) start: Option<StartFn>,
    news: Vec<New>,
    offers: Vec<Offer>,
    ears: Vec<Ear>,
    chores: Vec<Chore>,
    jobs: Vec<Teach>,
    lines: Vec<(&'static [&'static str], LinesFn)>,
    finders: Vec<FindFn>,
    heads: Vec<HeadFn>,
    panels: Vec<(u8, PanelFn)>,
    organisation_panels: Vec<OrganisationPanelFn>,
    tasks: Vec<TasksFn>,
    arcs: Vec<ArcFn>,
    letters: Vec<(&'static str, LetterFn)>,
    docs: Vec<utoipa::openapi::OpenApi>,
    gate: Option<Arc<dyn Gate>>,
    words: Option<WordsFn>,
    notices: Option<NoticesFn>,
    people: Option<(DossierFn, ForgetFn)>,
    holdings: Vec<Holding>,
    organisation_holdings: Vec<Holding>,
}

impl Room {
    #[expect(clippy::new_ret_no_self, reason = "a room is a draft until it says how it forgets")]
    pub fn new(name: &'static str) -> Draft {
        Draft(Room { name, ..Room::default() })
    }
}

impl Draft {
    pub fn migrations(mut self, migrations: &'static [Migration]) -> Self {
        self.0.migrations.extend_from_slice(migrations);
        self
    }
    pub fn rights(mut self, rights: &[&'static Right]) -> Self {
        self.0.rights.extend_from_slice(rights);
        self
    }
    pub fn routes(mut self, routes: Vec<Route>) -> Self {
        self.0.routes.extend(routes);
        self
    }
    pub fn place(mut self, place: Place) -> Self {
        self.0.places.push(place);
        self
    }
    pub fn new_thing(mut self, new: New) -> Self {
        self.0.news.push(new);
        self
    }
    pub fn offer(mut self, offer: Offer) -> Self {
        self.0.offers.push(offer);
        self
    }
    /// Hears one kind of event. The name is the reader's cursor: stable for ever.
    pub fn on<E: Event>(mut self, reader: &'static str, hear: HearFn) -> Self {
        self.0.ears.push(Ear { reader, kind: E::KIND, hear });
        self
    }
    pub fn job<J, F, Out>(mut self, run: F) -> Self
    where
        J: Job + 'static,
        F: Fn(House, J, Arc<Claimed>) -> Out + Send + Sync + Clone + 'static,
        Out: Future<Output = Result<()>> + Send + 'static,
    {
        self.0.jobs.push(Box::new(move |crew| crew.teach::<J, F, Out>(run)));
        self
    }
    pub fn chore(mut self, chore: Chore) -> Self {
        self.0.chores.push(chore);
        self
    }
    /// How these kinds of events read on a timeline.
    pub fn lines(mut self, kinds: &'static [&'static str], lines: LinesFn) -> Self {
        self.0.lines.push((kinds, lines));
        self
    }
    pub fn head(mut self, head: HeadFn) -> Self {
        self.0.heads.push(head);
        self
    }
    /// How messages of this kind read; the kind is stable for ever.
    pub fn letter(mut self, kind: &'static str, letter: LetterFn) -> Self {
        self.0.letters.push((kind, letter));
        self
    }
    /// A card on a person's page, in this order from the top.
    pub fn panel(mut self, order: u8, panel: PanelFn) -> Self {
        self.0.panels.push((order, panel));
        self
    }
    /// A card on an organisation's page.
    pub fn organisation_panel(mut self, panel: OrganisationPanelFn) -> Self {
        self.0.organisation_panels.push(panel);
        self
    }
    pub fn finder(mut self, find: FindFn) -> Self {
        self.0.finders.push(find);
        self
    }
    pub fn tasks(mut self, tasks: TasksFn) -> Self {
        self.0.tasks.push(tasks);
        self
    }
    pub fn arc(mut self, arc: ArcFn) -> Self {
        self.0.arcs.push(arc);
        self
    }
    pub fn docs(mut self, docs: utoipa::openapi::OpenApi) -> Self {
        self.0.docs.push(docs);
        self
    }
    /// Its sentences, for remarks whose key begins with `done-`.
    pub fn words(mut self, words: WordsFn) -> Self {
        self.0.words = Some(words);
        self
    }
    /// Fills the bell in the bar; one room of a house does.
    pub fn notices(mut self, notices: NoticesFn) -> Self {
        self.0.notices = Some(notices);
        self
    }
    /// Which rows of this room go along when two organisations turn out to be one.
    pub fn organisations(mut self, holdings: &[Holding]) -> Self {
        self.0.organisation_holdings.extend_from_slice(holdings);
        self
    }
    /// Who knows whom a cookie or a key belongs to.
    pub fn gate(mut self, gate: Arc<dyn Gate>) -> Self {
        self.0.gate = Some(gate);
        self
    }
    /// What this room knows of a person, how it forgets, and which of its rows go along when two numbers turn out to be
    /// one person.
    pub fn people(mut self, dossier: DossierFn, forget: ForgetFn, holdings: &[Holding]) -> Room {
        self.0.people = Some((dossier, forget));
        self.0.holdings = holdings.to_vec();
        self.0
    }
    /// For a room without personal data of its own.
    pub fn knows_nobody(self) -> Room {
        self.0
    }
}

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
    pub(crate) ears: Vec<Ear>,
    pub(crate) chores: Vec<Chore>,
    pub(crate) crew: Crew<House>,
    pub(crate) gate: Option<Arc<dyn Gate>>,
    pub(crate) shelves: Vec<Shelf>,
    pub(crate) chapters: Vec<Chapter>,
    pub(crate) doings: Vec<Doing>,
    pub(crate) start: Option<StartFn>,
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
}

impl Rooms {
    /// In the order in which rooms build on each other: migrations run in it.
    pub fn of(list: Vec<Room>) -> Self {
        let mut all = Self::default();
        all.migrations.extend_from_slice(kring_work::MIGRATIONS);
        all.migrations.extend_from_slice(crate::MIGRATIONS);
        for room in list {
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

    pub fn letter(&self, kind: &str) -> Option<LetterFn> {
        self.letters.iter().find(|(k, _)| *k == kind).map(|(_, letter)| *letter)
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
