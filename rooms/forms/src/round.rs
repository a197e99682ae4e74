//! One round of a form: what was sent, read against what is asked of this visitor, and what comes next.

use axum::body::Bytes;
use kring_web::Form as Typed;

use crate::{
    answers::Answers,
    plan::{Ask, Field},
    public::Asked,
    read,
    upload::Upload,
};

/// What comes of what was sent.
pub enum Round {
    Show { form: Typed, page: usize, more: bool, fault: bool },
    Done { answers: Answers, files: Vec<Upload>, form: Typed },
}

impl Round {
    pub fn of(asked: &Asked, mut form: Typed, files: &[(String, String, Bytes)]) -> Self {
        let plan = asked.plan();
        let pages = plan.pages();
        let here = form.get("page").parse::<usize>().unwrap_or(0).min(pages.len().saturating_sub(1));
        let raw = read::raw(plan, &form);
        let is_asked = |field: &Field| asked.puts(field) && plan.is_asked(field, &raw);
        let lives = |page: &[Field]| page.iter().any(|field| field.kind != Ask::Hidden && is_asked(field));
        if form.get("go") == "back" {
            let before = pages.iter().take(here).rposition(|page| lives(page)).unwrap_or(0);
            return Self::Show { form, page: before, more: false, fault: false };
        }
        let after =
            pages.iter().enumerate().skip(here + 1).find(|(_, page)| lives(page)).map(|(number, _)| number);
        let through = if after.is_some() { here + 1 } else { pages.len() };
        // What is asked since the answer that was just given, and was not on the page yet, is not held against anybody.
        let shown: Vec<i64> = form.get("shown").split(',').filter_map(|id| id.parse().ok()).collect();
        let fresh = |field: &Field| is_asked(field) && field.kind.asks() && !shown.contains(&field.id);
        let more = pages.get(here).is_some_and(|page| page.iter().any(fresh));
        let (mut answers, mut uploads) = (Answers::default(), Vec::new());
        let mut wrong = None;
        for (number, page) in pages.iter().enumerate().take(through) {
            for field in page.iter().filter(|field| is_asked(field)) {
                if number == here && fresh(field) {
                    continue;
                }
                let before = form.faults().len();
                read::field(&mut form, field, files, &mut answers, &mut uploads);
                if form.faults().len() > before {
                    wrong = wrong.or(Some(number));
                }
            }
        }
        if let Some(page) = wrong {
            return Self::Show { form, page, more, fault: true };
        }
        if more {
            return Self::Show { form, page: here, more: true, fault: false };
        }
        match after {
            Some(page) => Self::Show { form, page, more: false, fault: false },
            None => Self::Done { answers, files: uploads, form },
        }
    }
}
