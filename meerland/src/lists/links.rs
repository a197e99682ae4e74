use super::{DirtyList, Encoding, ListKind, Truth, shape::Sheet};
use crate::{people::Wish, table::PersonKey, world::World};

/// Roles, relations and consents, by relation number.
pub(super) fn write(w: &World) -> Vec<DirtyList> {
    vec![roles(w), relations(w), consents(w)]
}

fn number(key: PersonKey) -> String {
    (key.0 + 1).to_string()
}

fn truth(person: PersonKey) -> Truth {
    Truth { line: 0, person: Some(person), organisation: None, slip: "" }
}

/// As its code or word, from the closed lists that also serialise.
fn code(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(ToOwned::to_owned)).unwrap_or_default()
}

fn roles(w: &World) -> DirtyList {
    let header =
        ["relatienummer", "rol", "eenheid", "opleiding", "code", "toelichting", "van", "tot", "bron"];
    let mut sheet = Sheet::new("roles", ListKind::Roles, Encoding::Utf8, b',', "", &header);
    for r in &w.roles {
        let programme = r.programme.map(|p| &w.programmes[p]);
        let values = [
            number(r.person),
            r.kind.to_owned(),
            r.unit.map(|u| w.units.all[u].nl.clone()).unwrap_or_default(),
            programme.map(|p| p.nl.clone()).unwrap_or_default(),
            programme.map(|p| format!("{}:{}", p.scheme, p.code)).unwrap_or_default(),
            r.detail.to_owned(),
            r.from.to_string(),
            r.to.map(|d| d.to_string()).unwrap_or_default(),
            r.source.to_owned(),
        ];
        sheet.record(&values, truth(r.person));
    }
    sheet.done()
}

fn relations(w: &World) -> DirtyList {
    let header = ["van", "soort", "naar", "organisatie", "kvk", "functie", "sinds", "tot", "bevestigd op"];
    let mut sheet = Sheet::new(
        "relations",
        ListKind::Relations,
        Encoding::Utf8Bom,
        b';',
        "Relaties tussen relaties",
        &header,
    );
    for k in &w.kinships {
        let values = [
            number(k.from),
            code(&k.kind),
            number(k.to),
            String::new(),
            String::new(),
            String::new(),
            k.since.to_string(),
            k.until.map(|d| d.to_string()).unwrap_or_default(),
            String::new(),
        ];
        sheet.record(&values, truth(k.from));
    }
    for t in &w.ties {
        let o = &w.organisations[t.organisation];
        // The list does not know that somebody left.
        let until = t.to.filter(|_| !t.stale).map(|d| d.to_string()).unwrap_or_default();
        let values = [
            number(t.person),
            code(&t.kind),
            String::new(),
            o.name.clone(),
            o.identifiers.first().map(|i| i.value.clone()).unwrap_or_default(),
            t.function.to_owned(),
            t.from.to_string(),
            until,
            t.confirmed.to_string(),
        ];
        let slip = if t.stale { "stale_employer" } else { "" };
        sheet.record(&values, Truth { organisation: Some(t.organisation), slip, ..truth(t.person) });
    }
    sheet.done()
}

fn consents(w: &World) -> DirtyList {
    let header =
        ["relatienummer", "doel", "kanaal", "toestemming", "datum", "hoe", "door", "verantwoordelijke"];
    let mut sheet = Sheet::new("consents", ListKind::Consents, Encoding::Utf8, b';', "", &header);
    for c in &w.consents {
        let wish = match c.wish {
            Wish::Consents => "ja",
            Wish::Withdrew => "ingetrokken",
            Wish::Objects => "bezwaar",
        };
        let values = [
            number(c.person),
            c.purpose.to_owned(),
            code(&c.channel),
            wish.to_owned(),
            c.on.to_string(),
            c.how.to_owned(),
            c.by.map(number).unwrap_or_default(),
            w.units.all[c.controller].nl.clone(),
        ];
        sheet.record(&values, truth(c.person));
    }
    sheet.done()
}
