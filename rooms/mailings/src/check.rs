//! Everything that a mailing needs is looked at before anybody gets it: for whom, in which words, at what cost, and what those
//! words look like to a filter.

use kring_blocks::{Allowed, Problem, Trouble};
use kring_consent::Channel;
use kring_core::{Error, Lang, Result};
use kring_frame::{
    Purpose, Tx,
    rules::{Rule, Test},
};
use kring_lang::numbers;
use kring_stats::detectable;
use kring_talks::wording;
use roaring::RoaringBitmap;

use crate::{
    Words,
    campaign::{Campaign, CampaignState},
    cost,
    mailing::Mailing,
    plan::{Draw, Plan},
    seed,
    spam::{self, Smell},
};

/// Something wrong, or worth knowing.
#[derive(Clone, Debug)]
pub struct Finding {
    pub what: Found,
    /// It keeps the mailing from going.
    pub stops: bool,
}

#[derive(Clone, Debug)]
pub enum Found {
    Closed,
    NoSegment,
    SegmentGone,
    /// A segment that asks what whoever looks may not ask.
    SegmentClosed,
    Nobody,
    NoTopic,
    /// In the first or the second text.
    Text(i64, Problem),
    Smell(i64, Smell),
    /// It would cost so many cents, and so many are left.
    OverBudget {
        costs: i64,
        left: i64,
    },
    /// Of so many so few may be written to.
    Reached {
        of: u64,
        may: u64,
    },
    /// Both texts say the same.
    SameTexts,
    /// With so many for each text, a difference below this is not found.
    Coarse {
        each: i64,
        points: f64,
    },
    /// No colleague has seen it as it is now.
    Untried,
}

/// Who is in the segment now, as far as the actor at work may ask.
pub async fn people(tx: &mut Tx, plan: &Plan) -> Result<RoaringBitmap> {
    let segment = Rule::Segment(plan.segment.ok_or(Error::NotFound)?);
    if !tx.may_ask(&segment).await? {
        return Err(Error::NotFound);
    }
    Ok(tx.people_who(&segment).await?.is)
}

/// Whether a segment is there, and may be asked.
async fn segment(tx: &mut Tx, plan: &Plan) -> Result<Option<Found>> {
    let Some(id) = plan.segment else { return Ok(Some(Found::NoSegment)) };
    let house = tx.house().clone();
    let name = match house.rooms.segments {
        Some(room) => (room.name)(tx, id).await?,
        None => None,
    };
    Ok(match name {
        None => Some(Found::SegmentGone),
        Some(_) if !tx.may_ask(&Rule::Segment(id)).await? => Some(Found::SegmentClosed),
        Some(_) => None,
    })
}

pub async fn check(tx: &mut Tx, campaign: &Campaign, mailing: &Mailing, plan: &Plan) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    let mut stop = |what| found.push(Finding { what, stops: true });
    if campaign.state == CampaignState::Closed {
        stop(Found::Closed);
    }
    if plan.topic.is_none() {
        stop(Found::NoTopic);
    }
    let fault = segment(tx, plan).await?;
    let meant = fault.is_none();
    if let Some(fault) = fault {
        stop(fault);
    }
    texts(plan, &wording::allowed(tx, Lang::default()).await?, &mut found);
    if meant {
        sizes(tx, campaign, mailing, plan, &mut found).await?;
    }
    if !seed::tried(tx, mailing).await? {
        found.push(Finding { what: Found::Untried, stops: false });
    }
    Ok(found)
}

fn texts(plan: &Plan, allowed: &Allowed, found: &mut Vec<Finding>) {
    for (n, text) in (0_i64..).zip(&plan.texts) {
        for problem in kring_blocks::check(text, allowed) {
            // A language that is missing falls back to another, which whoever sends should know and may want.
            let stops = problem.is_grave() && problem.what != Trouble::Missing;
            found.push(Finding { what: Found::Text(n, problem), stops });
        }
        if let Some(sheet) = text.sheets.get(&text.source) {
            for smell in spam::smells(sheet) {
                let stops = matches!(smell, Smell::Unsafe(_));
                found.push(Finding { what: Found::Smell(n, smell), stops });
            }
        }
    }
    if let [first, second] = plan.texts.as_slice()
        && first == second
    {
        found.push(Finding { what: Found::SameTexts, stops: true });
    }
}

/// How many it is for, what that costs, and what can be told apart among so many.
async fn sizes(
    tx: &mut Tx,
    campaign: &Campaign,
    mailing: &Mailing,
    plan: &Plan,
    found: &mut Vec<Finding>,
) -> Result<()> {
    let people = people(tx, plan).await?;
    let of = people.len();
    if of == 0 {
        found.push(Finding { what: Found::Nobody, stops: true });
        return Ok(());
    }
    let may = tx.count_people(&reachable(plan, campaign.purpose)).await?.is;
    if may < of {
        found.push(Finding { what: Found::Reached { of, may }, stops: false });
    }
    let spent = cost::spent(tx, campaign).await?.cents;
    let costs = campaign.mails_cost(i64::try_from(may).unwrap_or(i64::MAX));
    let left = campaign.budget_cents - spent;
    if costs > left {
        found.push(Finding { what: Found::OverBudget { costs, left }, stops: true });
    }
    if plan.compares() {
        let draw = Draw::new(mailing.seed, plan);
        let tested =
            people.iter().map(i64::from).filter(|n| !draw.held_out(*n) && draw.tested(*n).is_some()).count();
        let each = i64::try_from(tested / 2).unwrap_or_default();
        // At a tenth, which is where answers to a mail lie; what is found there is found above it as well, nearly.
        let points = detectable(tested as f64 / 2.0, 0.1, kring_stats::Level::P95, 0.8).unwrap_or(1.0);
        found.push(Finding { what: Found::Coarse { each, points }, stops: false });
    }
    Ok(())
}

/// Those of the segment who may be written to by what they said last. The permission function decides for each when it goes,
/// and knows more.
pub fn reachable(plan: &Plan, purpose: Purpose) -> Rule {
    let segment = Rule::Segment(plan.segment.unwrap_or_default());
    let list =
        |list: &str| Rule::fact(&format!("{}_{list}", Channel::Mail), Test::AnyOf(vec![purpose.to_string()]));
    if matches!(purpose, Purpose::Marketing | Purpose::Alumni) {
        Rule::All(vec![segment, list("yes")])
    } else {
        Rule::All(vec![segment, Rule::None(vec![list("no")])])
    }
}

/// A finding as a sentence; `compares`: it says of which of two texts it is.
pub fn said(lang: Lang, compares: bool, finding: &Finding) -> String {
    let w = Words(lang);
    let n = |n: u64| numbers::int(i64::try_from(n).unwrap_or(i64::MAX), lang);
    let of_text = |variant: i64, said: String| {
        if compares { w.in_text(letter_of(variant), said) } else { said }
    };
    match &finding.what {
        Found::Closed => w.fault_closed().to_owned(),
        Found::NoSegment => w.fault_no_segment().to_owned(),
        Found::SegmentGone => w.fault_segment_gone().to_owned(),
        Found::SegmentClosed => w.fault_segment_closed().to_owned(),
        Found::Nobody => w.fault_nobody().to_owned(),
        Found::NoTopic => w.fault_no_topic().to_owned(),
        Found::Text(variant, problem) => {
            let place = problem.place().in_lang(lang).to_owned();
            of_text(*variant, format!("{place}: {}", problem.saying().in_lang(lang)))
        }
        Found::Smell(variant, smell) => of_text(*variant, smelt(w, smell)),
        Found::OverBudget { costs, left } => w.fault_over_budget(euros(*costs, lang), euros(*left, lang)),
        Found::Reached { of, may } => w.advice_reached(n(of - may), n(*of)),
        Found::SameTexts => w.fault_same_texts().to_owned(),
        Found::Coarse { each, points } => {
            w.advice_coarse(numbers::int(*each, lang), numbers::decimal(points * 100.0, 1, lang))
        }
        Found::Untried => w.advice_untried().to_owned(),
    }
}

fn smelt(w: Words, smell: &Smell) -> String {
    match smell {
        Smell::Capitals => w.smell_capitals().to_owned(),
        Smell::Repeated => w.smell_repeated().to_owned(),
        Smell::Pretends => w.smell_pretends().to_owned(),
        Smell::OnlyPictures => w.smell_pictures().to_owned(),
        Smell::ManyLinks(n) => w.smell_links(i64::try_from(*n).unwrap_or_default()),
        Smell::OtherAddress { shown, leads } => w.smell_other(leads.as_str(), shown.as_str()),
        Smell::Shortened(host) => w.smell_short(host.as_str()),
        Smell::Unsafe(link) => w.smell_unsafe(link.as_str()),
    }
}

/// What a text is called.
pub const fn letter_of(variant: i64) -> &'static str {
    if variant == 0 { "A" } else { "B" }
}

/// An amount, as it is said.
pub fn euros(cents: i64, lang: Lang) -> String {
    format!("€ {}", numbers::decimal(cents as f64 / 100.0, 2, lang))
}
