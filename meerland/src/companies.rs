use jiff::civil::Date;

use crate::{
    calendar::on,
    dice::{Dice, Wheel, chosen},
    making::Making,
    name_lists::{SUR, Sur},
    names::Names,
    organisations::{Accreditation, Organisation, OrganisationKind, Size},
    pack::PartnerKind,
    people::Identifier,
    places,
    table::{OrganisationKey, ProgrammeKey, Side},
};

const TRADES: &[&str] = &[
    "Zorg",
    "Bouw",
    "Techniek",
    "Installatie",
    "Hoveniers",
    "Logistiek",
    "Transport",
    "Bakkerij",
    "Restaurant",
    "Administratie",
    "Advies",
    "Software",
    "Kinderopvang",
    "Schilders",
    "Autobedrijf",
    "Groothandel",
    "Fysiotherapie",
    "Drukkerij",
    "Meubelmakerij",
    "Elektro",
    "Vastgoed",
    "Media",
    "Apotheek",
    "Schoonmaak",
    "Tuincentrum",
    "Jachtwerf",
];
const FANCY: &[&str] = &[
    "Nova",
    "Horizon",
    "Meerzicht",
    "De Brug",
    "Polder",
    "Kompas",
    "Vlinder",
    "Zuiderlicht",
    "Oever",
    "Kiem",
    "Anker",
    "Zenit",
    "Randmeer",
    "Delta",
    "Spectrum",
    "Het Anker",
    "Prisma",
    "Waterkant",
    "Lente",
    "Fundament",
];
const FORMS: &[&str] = &["B.V.", "B.V.", "VOF", "", "Groep", "& Zn.", "Nederland B.V.", "Stichting"];

pub(crate) fn make(m: &mut Making) {
    let dice = m.dice("companies");
    let sizes = &m.sector.sizes;
    let (all, accredited, partners) = (m.n(sizes.organisations), m.n(sizes.accredited), m.n(sizes.partners));
    let programmes: Vec<ProgrammeKey> =
        m.w.programmes.iter().filter(|(_, p)| p.scheme == "crebo").map(|(k, _)| k).collect();
    let since = |dice: &Dice, m: &Making| on(m.today() - 200 - dice.below(9_000) as i32);
    for n in 0..all.max(partners) {
        let began = since(&dice, m);
        let mut organisation = if n >= all.saturating_sub(partners) {
            let weights: Vec<f64> = m.sector.partners.iter().map(|p| p.share).collect();
            partner(&dice, n, chosen(m.sector.partners, dice.weighted(&weights)), began)
        } else {
            company(&dice, &m.names, n, began)
        };
        if n < accredited {
            organisation.kind = OrganisationKind::Accredited;
            let value = format!("9{:08}", 10_000_000 + n);
            organisation.identifiers.push(Identifier { scheme: "leerbedrijf_id", value });
            for programme in some_programmes(&dice, &programmes) {
                let from = on(m.today() - 400 - dice.below(3_000) as i32);
                organisation.accreditations.push(Accreditation { programme, from, until: None });
            }
        }
        // One in nine companies is a branch of one before it, so that a group grows as a tree.
        let heads = m.w.organisations.len();
        if n < all - partners.min(all) && heads > 8 && dice.hits(0.11) {
            branch(m, &dice, &mut organisation, n);
        }
        m.w.organisations.add(organisation);
    }
    lookalikes(m, &dice, all.saturating_sub(partners));
}

fn some_programmes(dice: &Dice, all: &[ProgrammeKey]) -> Vec<ProgrammeKey> {
    if all.is_empty() {
        return Vec::new();
    }
    let mut some: Vec<_> = (0..=dice.below(4)).map(|_| *dice.pick(all)).collect();
    some.sort_unstable();
    some.dedup();
    some
}

fn company(dice: &Dice, names: &Names, n: usize, since: Date) -> Organisation {
    let sole_trader = dice.hits(0.09);
    let size = match dice.unit() {
        _ if sole_trader => Size::Micro,
        // Sole traders are among the smallest; what is left to draw is 39 of 91.
        u if u < 0.39 / 0.91 => Size::Micro,
        u if u < 0.69 / 0.91 => Size::Small,
        u if u < 0.84 / 0.91 => Size::Medium,
        _ => Size::Large,
    };
    let trade = dice.word(TRADES);
    let name = if sole_trader || dice.hits(0.55) {
        let (prefix, surname) = names.surname(dice);
        let owner = if prefix.is_empty() { surname.to_owned() } else { format!("{prefix} {surname}") };
        let form = if sole_trader { "" } else { dice.word(FORMS) };
        format!("{trade} {owner} {form}")
    } else {
        format!("{} {trade} {}", dice.word(FANCY), dice.word(FORMS))
    };
    let name = name.trim().to_owned();
    let address = places::address(dice, dice.log_normal(18.0, 0.9));
    let domain = format!("{}-{n}.example", plain(&name));
    Organisation {
        kind: OrganisationKind::Company,
        parent: None,
        identifiers: vec![
            Identifier { scheme: "kvk", value: format!("99{n:06}") },
            Identifier { scheme: "kvk_branch", value: format!("0000{:08}", 99_000_000 + n) },
        ],
        accreditations: Vec::new(),
        size,
        sole_trader,
        phone: landline(dice, n),
        address,
        domain,
        owner: None,
        since,
        last_contact: None,
        name,
    }
}

fn partner(dice: &Dice, n: usize, kind: &PartnerKind, since: Date) -> Organisation {
    let address = places::address(dice, dice.log_normal(22.0, 0.7));
    let name = match kind.key {
        "municipality" => format!("{} {}", kind.label, address.city),
        "practice" => {
            let surnames: Vec<f64> = SUR.iter().map(|s| f64::from(s.2)).collect();
            let Sur(_, surname, _) = chosen(SUR, Wheel::new(surnames).spin(dice));
            format!("{} {surname}", kind.label)
        }
        _ => format!("{} {}", kind.label, dice.word(FANCY)),
    };
    let mut identifiers = vec![Identifier { scheme: "kvk", value: format!("99{n:06}") }];
    if kind.key == "feeder_school" {
        let letter = |k: usize| char::from(b'A' + (k % 26) as u8);
        identifiers.push(Identifier { scheme: "brin", value: format!("98{}{}", letter(n / 26), letter(n)) });
    }
    Organisation {
        domain: format!("{}-{n}.example", plain(&name)),
        name,
        kind: OrganisationKind::Partner(kind.key),
        parent: None,
        identifiers,
        accreditations: Vec::new(),
        size: Size::Medium,
        sole_trader: false,
        address,
        phone: landline(dice, n),
        owner: None,
        since,
        last_contact: None,
    }
}

/// A branch keeps the number of its head office and has a branch number of its own.
fn branch(m: &Making, dice: &Dice, organisation: &mut Organisation, n: usize) {
    let head = OrganisationKey(dice.below(n.min(m.w.organisations.len())) as u32);
    let of = &m.w.organisations[head];
    if of.parent.is_some() || of.sole_trader || matches!(of.kind, OrganisationKind::Partner(_)) {
        return;
    }
    organisation.parent = Some(head);
    organisation.sole_trader = false;
    organisation.name = format!("{}, vestiging {}", of.name, organisation.address.city);
    organisation.domain = of.domain.clone();
    if let (Some(mine), Some(theirs)) = (organisation.identifiers.first_mut(), of.identifiers.first()) {
        mine.value.clone_from(&theirs.value);
    }
}

/// Two companies of one name in different towns: not the same, and nobody's branch.
fn lookalikes(m: &mut Making, dice: &Dice, companies: usize) {
    let pairs = m.settings().at_least(1, m.sector.sizes.lookalikes / 4.0);
    let mut head: Side<OrganisationKey, bool> = Side::of(m.w.organisations.len());
    for parent in m.w.organisations.iter().filter_map(|(_, o)| o.parent) {
        head[parent] = true;
    }
    let mut single: Vec<OrganisationKey> =
        m.w.organisations
            .iter()
            .take(companies)
            .filter(|(k, o)| o.parent.is_none() && !head[*k] && !o.sole_trader)
            .map(|(k, _)| k)
            .collect();
    dice.shuffle(&mut single);
    for pair in single.chunks_exact(2).take(pairs) {
        let [one, other] = *pair else { continue };
        let (name, town) = (m.w.organisations[one].name.clone(), m.w.organisations[one].address.city);
        let twin = &mut m.w.organisations[other];
        twin.name = name;
        while twin.address.city == town {
            twin.address = places::address(dice, dice.log_normal(40.0, 0.8));
        }
        m.w.planted.lookalike_companies.push((one, other));
    }
}

/// Area codes are real, subscriber numbers begin with 99 and are never dialled.
fn landline(dice: &Dice, n: usize) -> String {
    let area = dice.word(&["320", "36", "38", "341", "33", "20", "30", "70"]);
    let digits = 9 - area.len();
    format!("+31{area}99{:0width$}", n % 10_usize.pow(digits as u32 - 2), width = digits - 2)
}

fn plain(name: &str) -> String {
    let folded = kring_lang::names::fold(name);
    let words = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty());
    words.take(3).collect::<Vec<_>>().join("-")
}
