use kring_core::Error;
use kring_frame::{Forgotten, Fut, PersonId, Section, Tx, params, sql};
use serde_json::json;

use crate::{address, contact, identifier, index, merge, note, person, relationship, roles, source};

/// All that the hall knows of a person.
pub fn dossier(tx: &mut Tx, id: PersonId) -> Fut<'_, Vec<Section>> {
    Box::pin(async move {
        let p = person::load(tx, id).await?;
        let name = p.name();
        let numbers = merge::numbers_of(tx, id).await?;
        let contacts = contact::of(tx, id).await?;
        let roles = roles::of(tx, id).await?;
        let notes = note::of(tx, id).await?;
        let codes = identifier::of(tx, id).await?;
        let addresses = address::of(tx, id).await?;
        let sources = source::of_person(tx, id).await?;
        let relations: Vec<_> = relationship::of(tx, id)
            .await?
            .into_iter()
            // Of the other side only what the person knows anyhow: that there is a relation, and of which kind.
            .map(|r| json!({"kind": r.kind.as_str(), "inverse": r.inverse, "from": r.from, "to": r.to, "function": r.detail,
                "organisation": r.organisation.map(|_| r.name.clone()), "basis": r.basis.as_str(), "source": r.source}))
            .collect();
        let details: Vec<(String, String, String)> = tx
            .all(
                sql!("select detail_key, value, source from person_details where person_id = $1"),
                params![id],
            )
            .await?;
        Ok(vec![Section {
            title: "people".into(),
            data: json!({
                "relation_number": p.id, "display_name": p.display_name, "salutation": name.salutation(p.speaks(), true),
                "given_names": name.given_names, "initials": name.initials, "preferred_name": name.preferred_name,
                "surname_prefix": name.surname_prefix, "surname": name.surname,
                "language": p.lang, "birth_date": p.birth_date, "source": p.source, "known_since": p.created_at,
                "contact": contacts.iter().map(|c| json!({"kind": c.kind.as_str(), "value": c.value, "source": c.source})).collect::<Vec<_>>(),
                "roles": roles, "notes": notes,
                "identifiers": codes, "addresses": addresses, "relations": relations, "sources": sources,
                "partner_surname": name.partner_surname, "pronouns": p.pronouns, "birth_year": p.birth_year,
                "address_protected": p.address_protected, "numbers": numbers,
                "details": details.iter().map(|d| json!({"key": d.0, "value": d.1, "source": d.2})).collect::<Vec<_>>(),
            }),
        }])
    })
}

/// Takes away everything but an empty shell under the relation number, which other rooms' counts still refer to; and
/// under every number that was merged into it.
pub fn forget(tx: &mut Tx, id: PersonId) -> Fut<'_, Forgotten> {
    Box::pin(async move {
        let mut erased = index::drop_person(tx, id).await?;
        for delete in [
            sql!("delete from contact_points where person_id = $1"),
            sql!("delete from address_owners where person_id = $1"),
            sql!("delete from party_roles where person_id = $1"),
            sql!("delete from identifiers where person_id = $1"),
            sql!("delete from postal_addresses where person_id = $1"),
            sql!("delete from relationships where person_id = $1"),
            sql!("delete from relationships where other_id = $1"),
            sql!("delete from relation_owners where person_id = $1"),
            sql!("delete from value_sources where person_id = $1"),
            sql!("delete from person_details where person_id = $1"),
            sql!("delete from detections where person_id = $1"),
            sql!("delete from duplicate_pairs where a_id = $1"),
            sql!("delete from duplicate_pairs where b_id = $1"),
            sql!("delete from bulk_deed_rows where person_id = $1"),
            sql!("delete from notes where person_id = $1"),
            sql!("delete from happenings where person_id = $1"),
        ] {
            erased += tx.run(delete, params![id]).await?;
        }
        // A merge remembers the values it put in place.
        tx.run(
            sql!(
                "update merges set chosen = '[]', why = '' where party = 'person' and (kept_id = $1 or gone_id = $1)"
            ),
            params![id],
        )
        .await?;
        let now = tx.now();
        let gone = tx
            .run(
                sql!(
                    "update people set given_names = '', initials = '', preferred_name = '', surname_prefix = '', surname = '',
                         partner_surname_prefix = '', partner_surname = '', name_usage = 'own', title_prefix = '',
                         title_suffix = '', form_of_address = 'neutral', display_override = '', display_name = '—',
                         sort_key = '', pronouns = '', lang = null, birth_date = null, birth_year = null, owner_id = null,
                         source = 'erased', state = 'forgotten', changed_at = $2, last_contact_at = null, version = version + 1
                     where id = $1"
                ),
                params![id, now],
            )
            .await?;
        if gone == 0 {
            return Err(Error::NotFound);
        }
        Ok(Forgotten { erased: erased + gone, kept: Vec::new() })
    })
}
