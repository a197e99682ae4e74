use super::{
    DirtyList, Encoding, ListKind, Plan, Truth,
    shape::{Phones, Sheet, phone},
    slips::typo,
};
use crate::{
    dice::Dice,
    organisations::{Organisation, OrganisationKind},
    places,
    table::OrganisationKey,
    world::World,
};

const HEADER: [&str; 12] = [
    "Bedrijfsnaam",
    "KvK",
    "Vestigingsnr",
    "Leerbedrijf-ID",
    "BRIN",
    "Straat",
    "Huisnr",
    "Postcode",
    "Plaats",
    "Telefoon",
    "Website",
    "Soort",
];

/// The placement office's companies, some of them twice.
pub(super) fn write(w: &World, plan: &Plan) -> DirtyList {
    let dice = Dice::of(w.settings.seed, "company list");
    let title = "Bedrijvenbestand BPV-bureau";
    let mut sheet = Sheet::new("companies", ListKind::Organisations, Encoding::Utf8Bom, b';', title, &HEADER);
    for (key, organisation) in w.organisations.iter() {
        let truth = Truth { line: 0, person: None, organisation: Some(key), slip: "" };
        sheet.record(&values(organisation), truth);
        if let Some(slip) = plan.company(key) {
            let mut wrong = organisation.clone();
            let slip = spoil(&dice, w, &mut wrong, slip, key);
            sheet.record(&values(&wrong), Truth { slip, ..truth });
        }
    }
    sheet.done()
}

fn values(o: &Organisation) -> Vec<String> {
    let code = |scheme: &str| {
        o.identifiers.iter().find(|i| i.scheme == scheme).map(|i| i.value.clone()).unwrap_or_default()
    };
    let kind = match o.kind {
        OrganisationKind::Accredited => "leerbedrijf",
        OrganisationKind::Company if o.sole_trader => "zzp",
        OrganisationKind::Company => "bedrijf",
        OrganisationKind::Partner(kind) => kind,
    };
    vec![
        o.name.clone(),
        code("kvk"),
        code("kvk_branch"),
        code("leerbedrijf_id"),
        code("brin"),
        o.address.street.to_owned(),
        o.address.house(),
        o.address.postcode.clone(),
        o.address.city.to_owned(),
        phone(&o.phone, Phones::National),
        format!("www.{}", o.domain),
        kind.to_owned(),
    ]
}

fn spoil(
    dice: &Dice,
    w: &World,
    o: &mut Organisation,
    slip: &'static str,
    key: OrganisationKey,
) -> &'static str {
    match slip {
        "legal_form" => {
            let bare = [" B.V.", " Nederland B.V.", " VOF", " Groep", " & Zn."]
                .iter()
                .find_map(|f| o.name.strip_suffix(f));
            o.name = match bare {
                Some(bare) => bare.to_owned(),
                None => format!("{} BV", o.name),
            };
            o.identifiers.retain(|i| i.scheme != "kvk_branch");
        }
        // Under the head office's name and number, at the branch's address, and the other way round.
        "branch_or_head" => {
            match o.parent {
                Some(head) => o.name.clone_from(&w.organisations[head].name),
                None => o.name = format!("{} hoofdkantoor", o.name),
            }
            o.identifiers.retain(|i| i.scheme == "kvk");
        }
        "moved" => o.address = places::address(dice, dice.log_normal(20.0, 0.8) + f64::from(key.0 % 5)),
        _ => {
            o.name = typo(dice, &o.name);
            o.identifiers.retain(|i| i.scheme != "kvk");
        }
    }
    slip
}
