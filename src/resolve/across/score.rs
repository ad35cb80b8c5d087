//! The terms of a join across documents, with their weights in log-odds, and the two thresholds.
//!
//! In: two local entities. Out: a probability and the evidence for it (logistic of the sum of the terms).

use crate::lang::People;
use crate::model::Evidence;

use super::super::name::Fit;
use super::super::spelling;
use super::facts::Facts;

/// At or above: joined. Chosen on the public-name pairs of the tests for precision.
pub(in crate::resolve) const AUTOMATIC: f64 = 0.85;
/// At or above: shown as a suggestion.
pub(in crate::resolve) const SUGGESTED: f64 = 0.30;

pub(super) const BIAS: Term = Term("entity.bias", -3.0);
pub(super) const SAME_FULL: Term = Term("entity.same_full_name", 7.0);
pub(super) const SHORT_GIVEN: Term = Term("entity.short_given_name", 4.6);
pub(super) const SURNAME_STYLE: Term = Term("entity.surname_style", -0.8);
pub(super) const SURNAME_CLOSE: Term = Term("entity.surname_close", -2.3);
pub(super) const GIVEN_STYLE: Term = Term("entity.given_style", 5.6);
pub(super) const SURNAME_ALONE: Term = Term("entity.surname_alone", 2.6);
pub(super) const SUFFIX_OPEN: Term = Term("entity.suffix_open", -2.0);
pub(super) const ONLY_BEARER: Term = Term("entity.only_bearer", 0.9);
pub(super) const OTHER_BEARERS: Term = Term("entity.other_bearers", -2.0);
pub(super) const PROMINENT: Term = Term("entity.prominent", 1.2);
pub(super) const ROLE_FITS: Term = Term("entity.role_fits", 2.4);
pub(super) const ROLE_HEAD: Term = Term("entity.role_head", 1.5);
pub(super) const ROLE_CLASH: Term = Term("entity.role_clash", -1.6);
pub(super) const ROLE_WORDS: Term = Term("entity.role_words", 0.8);
pub(super) const COMPANY: Term = Term("entity.company", 0.8);
pub(super) const NEAR_IN_TIME: Term = Term("entity.near_in_time", 0.5);
pub(super) const FAR_IN_TIME: Term = Term("entity.far_in_time", -0.8);
pub(super) const SAME_OUTLET: Term = Term("entity.same_outlet", 0.2);
pub(super) const GENDER_CLASH: Term = Term("entity.gender_clash", -3.5);
pub(super) const MIXED_SCRIPT: Term = Term("entity.mixed_script", -3.5);
pub(super) const OTHER_TIME: Term = Term("entity.other_time", -1.6);
pub(super) const SAME_OFFICE: Term = Term("entity.same_office", 5.0);
pub(super) const BODY_WORDS: Term = Term("entity.body_words", 6.0);
pub(super) const BODY_SHORT: Term = Term("entity.body_short", 3.0);
pub(super) const BODY_COUNTRY_OPEN: Term = Term("entity.body_country_open", -1.5);
pub(super) const BODY_COMMON: Term = Term("entity.body_common", -2.2);
pub(super) const ACRONYM: Term = Term("entity.acronym", 4.0);
pub(super) const ACRONYM_GIVEN: Term = Term("entity.acronym_given", 1.8);

/// A rule id and its log-odds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Term(pub &'static str, pub f64);

/// Evidence being added up.
pub(super) struct Sum {
    total: f64,
    pub evidence: Vec<Evidence>,
}

impl Sum {
    pub fn new() -> Sum {
        Sum { total: BIAS.1, evidence: vec![Evidence::new(BIAS.0, BIAS.1, "two names are seldom one")] }
    }

    pub fn add(&mut self, term: Term, note: impl Into<String>) {
        self.total += term.1;
        self.evidence.push(Evidence::new(term.0, term.1, note));
    }

    pub fn total(&self) -> f64 {
        self.total
    }

    pub fn probability(&self) -> f64 {
        let probability = 1.0 / (1.0 + (-self.total).exp());
        // A name that mixes scripts may be a forgery: it is shown, never joined.
        let forged = self.evidence.iter().any(|evidence| evidence.rule == MIXED_SCRIPT.0);
        if forged { probability.min(0.6) } else { probability }
    }
}

/// How well the names of two people agree; `None` where they cannot be one person.
pub(super) fn names(sum: &mut Sum, a: &Facts, b: &Facts, people: &People) -> Option<()> {
    let (first, second) = (a.name.as_ref()?, b.name.as_ref()?);
    if first.suffix_clashes(second, people) {
        return None;
    }
    if first.suffix.is_some() != second.suffix.is_some() && first.is_full() && second.is_full() {
        sum.add(SUFFIX_OPEN, "only one of the names has Jr., Sr. or a number");
    }
    let exact = a.surname == b.surname;
    if !exact && !spelling::same_surname(&a.surname, &b.surname) {
        return None;
    }
    let note = format!("{} / {}", first.full, second.full);
    let mut given = first.given_fit(second, people);
    let styled = match (first.first(), second.first()) {
        (Some(x), Some(y)) => {
            let (x, y) = (crate::text::match_key(x), crate::text::match_key(y));
            x != y && x.len() > 2 && y.len() > 2 && spelling::same_style(&x, &y)
        }
        _ => false,
    };
    if styled {
        given = Fit::Short;
    }
    match given {
        Fit::Different => return None,
        Fit::Same => sum.add(SAME_FULL, note.clone()),
        Fit::Short if styled || people.same_given(first.first()?, second.first()?) && !exact => {
            sum.add(GIVEN_STYLE, note.clone())
        }
        Fit::Short => sum.add(SHORT_GIVEN, note.clone()),
        Fit::SurnameOnly => sum.add(SURNAME_ALONE, note.clone()),
    }
    if !exact {
        let style = spelling::closeness(&a.surname, &b.surname) >= 1.0;
        sum.add(if style { SURNAME_STYLE } else { SURNAME_CLOSE }, note);
    }
    Some(())
}

/// What stands around two people: roles, company, dates, outlets, gender, scripts.
pub(super) fn context(sum: &mut Sum, a: &Facts, b: &Facts) {
    let fits = a.roles.iter().flat_map(|x| b.roles.iter().map(move |y| (x, y)));
    let mut best: Option<(bool, String)> = None;
    let mut clash: Option<String> = None;
    for (x, y) in fits {
        match x.fits(y) {
            Some(specific) if best.as_ref().is_none_or(|(known, _)| specific && !known) => {
                best = Some((specific, x.head.clone()))
            }
            None if x.head == y.head
                && x.office
                && x.standing == y.standing
                && !x.of.is_empty()
                && !y.of.is_empty() =>
            {
                clash = Some(format!("{} of {:?} / of {:?}", x.head, x.of, y.of));
            }
            _ => {}
        }
    }
    match (best, clash) {
        (Some((true, head)), _) => sum.add(ROLE_FITS, format!("both are {head} of the same")),
        (Some((false, head)), _) => sum.add(ROLE_HEAD, format!("both are {head}")),
        (None, Some(note)) => sum.add(ROLE_CLASH, note),
        (None, None) => {
            let shared: Vec<&String> = a.role_words.intersection(&b.role_words).take(3).collect();
            if !shared.is_empty() {
                sum.add(ROLE_WORDS, format!("roles share {shared:?}"));
            }
        }
    }
    let company: Vec<&String> = a.company.shared(&b.company).filter(|name| **name != a.surname).take(3).collect();
    if !company.is_empty() {
        sum.add(COMPANY, format!("both appear with {company:?}"));
    }
    match a.days_from(b) {
        Some(days) if days <= 45 => sum.add(NEAR_IN_TIME, format!("{days} days apart")),
        Some(days) if days > 5 * 365 => sum.add(FAR_IN_TIME, format!("{days} days apart")),
        _ => {}
    }
    if let Some(outlet) = a.outlets.intersection(&b.outlets).next() {
        sum.add(SAME_OUTLET, outlet.clone());
    }
    if let (Some(x), Some(y)) = (a.gender, b.gender)
        && x != y
    {
        sum.add(GENDER_CLASH, "one is a he, the other a she");
    }
    if a.mixed != b.mixed {
        sum.add(MIXED_SCRIPT, "one name mixes letters of several scripts");
    }
}
