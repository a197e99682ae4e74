//! Campaigns of departments, and their letters to companies. Letters to people are a stream (`World::touches`).

use crate::{
    calendar::{Day, on, weekday},
    dice::Dice,
    making::Making,
    organisations::OrganisationKind,
    service::{Campaign, CompanyTouch},
    table::{CampaignKey, OrganisationKey, UnitKey},
};

/// Months back that have campaigns.
const MONTHS: i32 = 62;

pub(crate) fn make(m: &mut Making) {
    let dice = m.dice("campaigns");
    let marketing = m.w.units.named("marketing");
    let alumni = m.w.units.find("alumni-office").unwrap_or(marketing);
    let placements = m.w.units.find("bpv-office").unwrap_or(marketing);
    let service = m.w.units.named("serviceplein");
    let ready: Vec<UnitKey> =
        m.w.units
            .schools
            .iter()
            .copied()
            .filter(|s| m.w.units.all[*s].mean.is_some_and(|mean| mean > 7.5))
            .collect();
    for back in (0..MONTHS).rev() {
        let month = m.today() - 30 * back;
        for n in 0..2 {
            add(m, &dice, marketing, "recruitment", "prospects", month - 3 - n * 12);
            add(m, &dice, alumni, "alumni", "alumni", month - 5 - n * 12);
            add(m, &dice, service, "service", "students", month - 7 - n * 12);
            add(m, &dice, placements, "placements", "contacts", month - 9 - n * 12);
        }
        if back % 2 == 0 && !ready.is_empty() {
            let school = *dice.pick(&ready);
            add(m, &dice, school, "recruitment", "prospects", month - 6);
        }
        if back % 3 == 0 {
            // Each department has a day of its own, so that no company hears from two on one day, but once.
            for (unit, purpose, day) in [(placements, "placements", 1), (marketing, "llo", 3)] {
                let on = (month - 12..month - 4).find(|d| weekday(*d) == day).unwrap_or(month - 12);
                let campaign = add(m, &dice, unit, purpose, "companies", on);
                write(m, &dice, campaign, on);
            }
        }
    }
    // The form that loses people stands on the second campus.
    m.w.planted.leaky_campus = m.w.units.campuses.get(1).copied();
    unready(m, &dice);
    doubled(m, &dice, placements, marketing);
}

fn add(
    m: &mut Making,
    dice: &Dice,
    unit: UnitKey,
    purpose: &'static str,
    audience: &'static str,
    day: Day,
) -> CampaignKey {
    let day = day.min(m.today() - 1);
    let name = format!("{} {} {}", m.w.units.all[unit].nl, purpose, on(day));
    let reason = dice.word(&[
        "intake below target",
        "yearly calendar",
        "new programme",
        "asked for by the field",
        "open day",
    ]);
    let budget = 100 * dice.log_normal(18.0, 0.8) as u32;
    m.w.campaigns.add(Campaign { unit, name, purpose, audience, on: on(day), budget, reason })
}

fn write(m: &mut Making, dice: &Dice, campaign: CampaignKey, day: Day) {
    for organisation in m.w.organisations.keys() {
        let company = !matches!(m.w.organisations[organisation].kind, OrganisationKind::Partner(_));
        if company && dice.hits(0.2) {
            m.w.company_touches.push(CompanyTouch { campaign, organisation, on: on(day) });
        }
    }
}

/// The school that stands at the line sends campaigns all the same.
fn unready(m: &mut Making, dice: &Dice) {
    let mean = |m: &Making, s: UnitKey| m.w.units.all[s].mean;
    let Some(unit) = m.w.units.schools.iter().copied().find(|s| mean(m, *s) == Some(7.5)) else { return };
    m.w.planted.unready_unit = Some(unit);
    for ago in [110, 50, 20] {
        let campaign = add(m, dice, unit, "recruitment", "prospects", m.today() - ago);
        m.w.planted.unready_campaigns.push(campaign);
    }
}

/// Two departments write to one company on one day.
fn doubled(m: &mut Making, dice: &Dice, one: UnitKey, other: UnitKey) {
    let companies: Vec<OrganisationKey> =
        m.w.organisations
            .iter()
            .filter(|(_, o)| !matches!(o.kind, OrganisationKind::Partner(_)))
            .map(|(k, _)| k)
            .collect();
    if companies.is_empty() || one == other {
        return;
    }
    let day = (m.today() - 40..m.today() - 30).find(|d| weekday(*d) == 2).unwrap_or(m.today() - 40);
    let shared = *dice.pick(&companies);
    let first = add(m, dice, one, "placements", "companies", day);
    let second = add(m, dice, other, "llo", "companies", day);
    m.w.company_touches.push(CompanyTouch { campaign: first, organisation: shared, on: on(day) });
    m.w.company_touches.push(CompanyTouch { campaign: second, organisation: shared, on: on(day) });
    m.w.planted.doubled = Some((first, second, shared));
}
