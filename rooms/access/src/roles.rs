//! What each role may do. Rights live in the rooms that check them; a role only names them, so that a room can be
//! added without this room knowing it. [`check_roles`] finds a name that nobody declared.

use kring_frame::Rooms;

#[derive(Debug, PartialEq, Eq)]
pub struct Role {
    /// Stable for ever: grants hold it.
    pub key: &'static str,
    pub rights: &'static [&'static str],
    /// What the start page begins with, first things first: shelves of other rooms, by their keys.
    pub start: &'static [&'static str],
}

pub const ADMIN: &str = "admin";

/// From the widest to the narrowest, as they are shown.
pub const ROLES: &[Role] = &[
    Role {
        key: ADMIN,
        rights: &[
            "forms.use",
            "forms.edit",
            "forms.answers",
            "journeys.use",
            "journeys.edit",
            "journeys.tasks",
            "mailings.use",
            "mailings.edit",
            "mailings.approve",
            "people.read",
            "people.write",
            "people.define",
            "people.figures",
            "people.coach",
            "desk.work",
            "exchange.import",
            "exchange.export",
            "duplicates.decide",
            "talks.read",
            "talks.operate",
            "surveys.read",
            "surveys.edit",
            "surveys.callback",
            "privacy.handle",
            "consent.policy",
            "consent.arrange",
            "sharing.share",
            "sharing.lead",
            "sharing.viewed",
            "sharing.quality",
            "segments.use",
            "segments.edit",
            "engagement.read",
            "engagement.formula",
            "engagement.decide",
            "talks.topics",
            "needs.figures",
            "needs.read",
            "needs.write",
            "webhooks.manage",
            "access.manage",
            "access.trail",
            "operations.run",
        ],
        start: &["people.mine", "organisations.mine", "privacy.found", "duplicates.queue", "people.views"],
    },
    Role {
        key: "desk_head",
        rights: &[
            "forms.use",
            "forms.edit",
            "forms.answers",
            "journeys.use",
            "journeys.edit",
            "journeys.tasks",
            "mailings.use",
            "mailings.edit",
            "mailings.approve",
            "segments.use",
            "segments.edit",
            "talks.topics",
            "needs.figures",
            "needs.read",
            "needs.write",
            "people.read",
            "people.write",
            "desk.work",
            "exchange.import",
            "exchange.export",
            "duplicates.decide",
            "consent.policy",
            "talks.read",
            "surveys.read",
            "surveys.edit",
            "surveys.callback",
            "sharing.share",
            "sharing.lead",
        ],
        start: &["desk.units", "people.mine", "sharing.claims", "duplicates.queue", "people.views"],
    },
    // Agents read the answers of their own unit: the day page of the team begins with them.
    Role {
        key: "desk_agent",
        rights: &[
            "journeys.use",
            "journeys.tasks",
            "segments.use",
            "segments.edit",
            "talks.topics",
            "needs.figures",
            "needs.read",
            "needs.write",
            "people.read",
            "people.write",
            "desk.work",
            "talks.read",
            "surveys.read",
            "surveys.callback",
            "sharing.share",
        ],
        start: &["people.written", "people.mine", "organisations.mine", "sharing.claims", "people.views"],
    },
    Role {
        key: "recruiter",
        rights: &[
            "forms.use",
            "forms.edit",
            "forms.answers",
            "journeys.use",
            "journeys.edit",
            "journeys.tasks",
            "mailings.use",
            "mailings.edit",
            "engagement.read",
            "engagement.formula",
            "people.read",
            "people.write",
            "surveys.callback",
            "sharing.share",
            "segments.use",
            "segments.edit",
            "talks.topics",
            "needs.figures",
            "needs.read",
            "needs.write",
        ],
        start: &[
            "people.new",
            "people.mine",
            "organisations.mine",
            "sharing.claims",
            "sharing.given",
            "people.views",
        ],
    },
    Role {
        key: "coach",
        rights: &[
            "journeys.use",
            "journeys.tasks",
            "people.read",
            "people.coach",
            "surveys.callback",
            "sharing.share",
            "segments.use",
            "segments.edit",
            "talks.topics",
            "needs.figures",
            "needs.read",
            "needs.write",
        ],
        start: &["people.written", "people.mine", "sharing.claims", "people.views"],
    },
    // Placements: the companies, who supervises there, and what they ask.
    Role {
        key: "placement_officer",
        rights: &[
            "forms.use",
            "forms.edit",
            "forms.answers",
            "journeys.use",
            "journeys.edit",
            "journeys.tasks",
            "mailings.use",
            "mailings.edit",
            "engagement.read",
            "engagement.formula",
            "segments.use",
            "segments.edit",
            "talks.topics",
            "needs.figures",
            "needs.read",
            "needs.write",
            "people.read",
            "people.write",
            "desk.work",
            "talks.read",
            "surveys.callback",
            "sharing.share",
        ],
        start: &["organisations.mine", "people.written", "sharing.claims", "people.mine", "people.views"],
    },
    Role {
        key: "account_manager",
        rights: &[
            "forms.use",
            "forms.edit",
            "forms.answers",
            "journeys.use",
            "journeys.edit",
            "journeys.tasks",
            "mailings.use",
            "mailings.edit",
            "engagement.read",
            "engagement.formula",
            "people.read",
            "people.write",
            "exchange.export",
            "surveys.callback",
            "sharing.share",
            "segments.use",
            "segments.edit",
            "talks.topics",
            "needs.figures",
            "needs.read",
            "needs.write",
        ],
        start: &["organisations.mine", "people.mine", "sharing.claims", "sharing.given", "people.views"],
    },
    Role {
        key: "alumni_officer",
        rights: &[
            "forms.use",
            "forms.edit",
            "forms.answers",
            "journeys.use",
            "journeys.edit",
            "journeys.tasks",
            "mailings.use",
            "mailings.edit",
            "engagement.read",
            "engagement.formula",
            "segments.use",
            "segments.edit",
            "people.read",
            "people.write",
            "exchange.export",
            "duplicates.decide",
            "sharing.share",
            "sharing.lead",
        ],
        start: &["people.after", "people.mine", "sharing.given", "duplicates.queue", "people.views"],
    },
    // The board steers on figures and has no business with the people behind them.
    Role {
        key: "board",
        rights: &[
            "surveys.read",
            "people.figures",
            "engagement.formula",
            "segments.use",
            "journeys.use",
            "mailings.use",
            "needs.figures",
        ],
        start: &[],
    },
    Role {
        key: "steward",
        rights: &[
            "journeys.use",
            "mailings.use",
            "engagement.read",
            "engagement.formula",
            "engagement.decide",
            "segments.use",
            "segments.edit",
            "needs.figures",
            "people.read",
            "people.write",
            "people.define",
            "exchange.export",
            "duplicates.decide",
            "privacy.handle",
            "consent.policy",
            "consent.arrange",
            "sharing.viewed",
            "sharing.quality",
            "access.trail",
        ],
        start: &["privacy.found", "duplicates.queue", "sharing.quality", "people.views"],
    },
];

/// Rights over the installation as a whole, in which units have no meaning: they come only with a role on the top of
/// the tree. Whoever manages one school would otherwise read the trail of all of them.
const WHOLE_HOUSE: &[&str] = &[
    "talks.operate",
    "privacy.handle",
    "consent.arrange",
    "access.trail",
    "sharing.viewed",
    "sharing.quality",
    "engagement.decide",
    "operations.run",
];

pub fn find(key: &str) -> Option<&'static Role> {
    ROLES.iter().find(|r| r.key == key)
}

/// Whether a right may be held in a unit; `top` is whether the unit has none above it.
pub fn holds(right: &str, top: bool) -> bool {
    top || !WHOLE_HOUSE.contains(&right)
}

/// What is wrong with the table of roles, given the rooms of this house: a right that no room declares opens
/// nothing, and one that the administrator lacks could never be given to anybody.
pub fn check_roles(rooms: &Rooms) -> Vec<String> {
    let declared: Vec<&str> = rooms.rights.iter().map(|r| r.key).collect();
    let unknown = ROLES.iter().flat_map(|role| role.rights.iter().map(move |right| (role.key, *right)));
    let unknown = unknown
        .filter(|(_, right)| !declared.contains(right))
        .map(|(role, right)| format!("role {role} names the right {right}, which no room declares"));
    let admin = find(ADMIN).map_or(&[][..], |r| r.rights);
    let missing = declared
        .iter()
        .filter(|right| !admin.contains(right))
        .map(|right| format!("the right {right} is declared, but role {ADMIN} does not have it"));
    let shelves: Vec<&str> = rooms.shelf_keys().collect();
    let nowhere = ROLES.iter().flat_map(|role| role.start.iter().map(move |shelf| (role.key, *shelf)));
    let nowhere = nowhere
        .filter(|(_, shelf)| !shelves.contains(shelf))
        .map(|(role, shelf)| format!("role {role} begins with {shelf}, which no room has"));
    unknown.chain(missing).chain(nowhere).collect()
}

/// With what somebody begins who has these roles: those of the wider role first.
pub fn start_of(keys: &[String]) -> Vec<&'static str> {
    let mine = ROLES.iter().filter(|role| keys.iter().any(|key| key == role.key));
    mine.flat_map(|role| role.start.iter().copied()).collect()
}

/// The whole table as one text: when it differs from the one that `reach` was worked out from, a release has
/// changed what roles mean.
pub(crate) fn edition() -> String {
    let roles = ROLES.iter().map(|r| format!("{}:{}", r.key, r.rights.join(",")));
    roles.chain([format!("top:{}", WHOLE_HOUSE.join(","))]).collect::<Vec<_>>().join(";")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use kring_core::Lang;

    use super::*;
    use crate::Words;

    #[test]
    fn every_role_is_known_once_and_is_less_than_the_administrator() {
        let keys: HashSet<_> = ROLES.iter().map(|r| r.key).collect();
        assert_eq!(keys.len(), ROLES.len());
        let admin = find(ADMIN).unwrap();
        for role in ROLES {
            let rights: HashSet<_> = role.rights.iter().collect();
            assert_eq!(rights.len(), role.rights.len(), "{}", role.key);
            assert!(rights.iter().all(|r| admin.rights.contains(r)), "{}", role.key);
            assert!(role.key == ADMIN || role.rights.len() < admin.rights.len(), "{}", role.key);
        }
        assert_eq!(find("root"), None);
    }

    #[test]
    fn the_table_is_what_was_decided() {
        let who = |right: &str| -> Vec<&str> {
            ROLES.iter().filter(|r| r.rights.contains(&right)).map(|r| r.key).collect()
        };
        assert_eq!(who("access.manage"), ["admin"]);
        assert_eq!(who("operations.run"), ["admin"]);
        assert_eq!(who("access.trail"), ["admin", "steward"]);
        assert_eq!(who("privacy.handle"), ["admin", "steward"]);
        assert_eq!(who("exchange.import"), ["admin", "desk_head"]);
        assert_eq!(who("desk.work"), ["admin", "desk_head", "desk_agent", "placement_officer"]);
        assert_eq!(who("people.figures"), ["admin", "board"]);
        assert_eq!(who("needs.read"), who("needs.write"));
        assert!(who("needs.figures").contains(&"board") && !who("needs.read").contains(&"board"));
        // Not coaches, whose work is care, and not the service desk, where everybody is helped alike.
        assert_eq!(
            who("engagement.read"),
            ["admin", "recruiter", "placement_officer", "account_manager", "alumni_officer", "steward"]
        );
        assert_eq!(who("engagement.decide"), ["admin", "steward"]);
        assert!(!who("people.read").contains(&"board"));
    }

    #[test]
    fn the_whole_house_is_held_from_the_top_only() {
        assert!(holds("access.trail", true) && !holds("access.trail", false));
        assert!(holds("people.read", false));
        let admin = find(ADMIN).unwrap();
        assert!(WHOLE_HOUSE.iter().all(|r| admin.rights.contains(r)));
    }

    #[test]
    fn every_role_and_right_has_its_words() {
        for lang in Lang::ALL {
            let w = Words(lang);
            for role in ROLES {
                let key = role.key.replace('_', "-");
                assert!(
                    w.find(&format!("role-{key}")).is_some() && w.find(&format!("role-{key}-what")).is_some(),
                    "{key}"
                );
                for right in role.rights {
                    assert!(w.find(&format!("right-{}", right.replace('.', "-"))).is_some(), "{right}");
                }
            }
        }
    }

    #[test]
    fn a_forgotten_right_and_a_made_up_one_are_named() {
        let mistakes = check_roles(&Rooms::of(vec![kring_people::room(), crate::room()]));
        assert!(mistakes.iter().any(|m| m.contains("desk.work")), "no desk in this house: {mistakes:?}");
        assert!(
            !mistakes.iter().any(|m| m.contains("people.read") || m.contains("access.manage")),
            "{mistakes:?}"
        );
    }
}
