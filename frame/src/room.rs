mod all;

use std::sync::Arc;

use kring_core::{Lang, Result};
use kring_db::{Migration, Told};
use kring_work::{Claimed, Crew, Job};

use crate::{
    Actor, ArcState, Chapter, Doing, Envelope, Event, Fact, Found, Fut, Gate, Holding, House, LetterFn,
    LettersFn, Line, OrganisationId, OwnAct, OwnLink, Panel, PersonId, Right, Route, Section, Shelf, StartFn,
    StillFn, StillsFn, Task, Tx,
    audience::{Base, Segments},
    hear::Ear,
};

pub use all::Rooms;

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

/// Of what a message is a part: in words, and the page that tells it.
pub type BecauseFn = for<'a> fn(&'a mut Tx, Lang, Envelope) -> Fut<'a, Option<(String, String)>>;
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
/// Of which segments somebody wants to read in the log who joins and leaves.
pub type WantedFn = for<'a> fn(&'a mut Tx) -> Fut<'a, Vec<i64>>;
pub type HearFn = for<'a> fn(&'a mut Tx, &'a Told) -> Fut<'a, ()>;

/// Something that can be begun from anywhere, under *new* in the bar.
#[derive(Clone, Copy)]
pub struct New {
    pub label: fn(Lang) -> &'static str,
    pub href: &'static str,
    pub right: &'static Right,
}

/// Something that a room can do with a list that another shows: take it along, write to everybody in it. The filter of
/// the list is put behind `href`; of a segment its number.
#[derive(Clone, Copy)]
pub struct Offer {
    /// The list: `people`, or `segment` for one of them.
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
    stills: Vec<(&'static str, StillFn)>,
    many_letters: Vec<(&'static str, LettersFn, StillsFn)>,
    becauses: Vec<(&'static str, BecauseFn)>,
    docs: Vec<utoipa::openapi::OpenApi>,
    gate: Option<Arc<dyn Gate>>,
    words: Option<WordsFn>,
    notices: Option<NoticesFn>,
    people: Option<(DossierFn, ForgetFn)>,
    holdings: Vec<Holding>,
    organisation_holdings: Vec<Holding>,
    facts: Vec<Fact>,
    base: Option<Base>,
    segments: Option<Segments>,
    wants_moves: Vec<WantedFn>,
    pub(crate) own_acts: Vec<OwnAct>,
    pub(crate) own_links: Vec<OwnLink>,
    pub(crate) hears_own_acts: Option<(&'static str, HearFn)>,
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
        self.0.ears.push(Ear { reader: reader.into(), kind: E::KIND, hear });
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
    /// The same for messages of something that can be paused and stopped.
    pub fn letter_while(mut self, kind: &'static str, letter: LetterFn, still: StillFn) -> Self {
        self.0.stills.push((kind, still));
        self.letter(kind, letter)
    }
    /// The same, read and asked for many at once. A room that writes to thousands offers this; to others it is no gain.
    pub fn letters_while(mut self, kind: &'static str, letters: LettersFn, stills: StillsFn) -> Self {
        self.0.many_letters.push((kind, letters, stills));
        self
    }
    /// Of what messages of this kind are a part: in words, and where it is told.
    pub fn because(mut self, kind: &'static str, because: BecauseFn) -> Self {
        self.0.becauses.push((kind, because));
        self
    }
    /// Hears these kinds of events. The name begins that of the readers, which have a cursor each: stable for ever.
    pub fn on_kinds(
        mut self,
        reader: &'static str,
        kinds: impl IntoIterator<Item = &'static str>,
        hear: HearFn,
    ) -> Self {
        let ears =
            kinds.into_iter().map(|kind| Ear { reader: format!("{reader}/{kind}").into(), kind, hear });
        self.0.ears.extend(ears);
        self
    }
    /// What can be asked about people.
    pub fn facts(mut self, facts: &[Fact]) -> Self {
        self.0.facts.extend_from_slice(facts);
        self
    }
    /// Where people stand; one room of a house says so.
    pub fn base(mut self, base: Base) -> Self {
        self.0.base = Some(base);
        self
    }
    /// Keeps the saved rules; one room of a house does.
    pub fn segments(mut self, segments: Segments) -> Self {
        self.0.segments = Some(segments);
        self
    }
    /// Names the segments whose joiners and leavers are to be told in the log: only those, since most moves interest nobody.
    pub fn wants_moves(mut self, wanted: WantedFn) -> Self {
        self.0.wants_moves.push(wanted);
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
