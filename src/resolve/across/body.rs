//! Joins of bodies: the same content words in any order, an acronym and what it stands for, a shorter form.

use std::collections::HashSet;

use super::super::bodies::BodyKey;
use super::Join;
use super::blocks::{Blocks, hash};
use super::card::Sort;
use super::cluster::{Clusters, Merged};
use super::facts::Facts;
use super::gathering::Gathered;
use super::score::{self, Sum};

/// Stems of names that many countries, cities and firms have in common.
const GENERIC: &[&str] = &[
    "ministri",
    "depart",
    "defens",
    "foreign",
    "financ",
    "interior",
    "health",
    "justic",
    "educ",
    "suprem",
    "court",
    "parliament",
    "senat",
    "hous",
    "congress",
    "govern",
    "state",
    "polic",
    "nation",
    "guard",
    "central",
    "bank",
    "committe",
    "council",
    "offic",
    "presid",
    "elect",
    "commiss",
    "feder",
    "agenc",
    "secur",
    "armi",
    "navi",
    "air",
    "forc",
    "militari",
    "district",
    "citi",
    "counti",
    "board",
    "affair",
    "emerg",
    "situat",
    "servic",
    "investig",
    "intellig",
    "general",
    "staff",
    "prosecutor",
    "high",
    "constitut",
    "attorney",
    "treasuri",
    "repres",
    "assembl",
    "opposit",
    "campaign",
    "administr",
    "univers",
    "school",
    "hospit",
    "church",
    "embassi",
    "region",
    "public",
    "local",
    "coast",
    "border",
    "custom",
    "fire",
    "post",
    "time",
    "news",
    "press",
    "daili",
    "journal",
    "parti",
    "union",
    "associ",
    "team",
    "compani",
    "group",
    "club",
];

/// A name that without its country or city could be many bodies': "Defense Ministry", "Supreme Court".
pub(super) fn is_generic(facts: &Facts) -> bool {
    is_common(&facts.body)
}

/// A name of common nouns alone: "Ministry of Defense", "Police Department".
pub(super) fn is_common(body: &BodyKey) -> bool {
    let plain = body.countries.is_empty() && body.acronym.is_none();
    plain && body.stems.iter().all(|stem| GENERIC.contains(&stem.as_str()))
}

pub(super) fn joins(all: Gathered, clusters: &Clusters, merged: &Merged) -> Vec<Join> {
    let blocks = Blocks::of(all, Sort::Body, |facts| facts.is_proper_body());
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for front in blocks.fronts() {
        for (at, &a) in front.iter().enumerate() {
            let pairs = front[at + 1..].iter().filter_map(|&b| clusters.roots(a, b));
            let new = pairs.filter(|pair| seen.insert(*pair));
            found.extend(new.filter_map(|(a, b)| body_join(merged, a, b)));
        }
    }
    found
}

/// By the beginning of every content word, by acronym, and by what the acronym would be.
pub(super) fn keys(facts: &Facts) -> Vec<i64> {
    let begins = |stem: &String| stem.chars().take(4).collect::<String>();
    let special = facts.body.stems.iter().filter(|stem| !GENERIC.contains(&stem.as_str()));
    let mut keys: Vec<i64> = special.map(|stem| hash("word", &begins(stem))).collect();
    let all: Vec<String> = facts.body.stems.iter().map(begins).collect();
    keys.push(hash("all", &all.join(" ")));
    for country in &facts.body.countries {
        keys.extend(facts.body.stems.iter().map(|stem| hash("land", &format!("{country} {stem}"))));
    }
    keys.extend(facts.acronyms.iter().map(|acronym| hash("acronym", acronym)));
    if facts.body.acronym.is_none() && facts.body.initials.len() >= 2 {
        keys.push(hash("acronym", &facts.body.initials));
    }
    keys
}

fn body_join(merged: &Merged, a: usize, b: usize) -> Option<Join> {
    let (x, y) = (&merged[&a], &merged[&b]);
    let mut sum = Sum::new();
    let note = format!("{} / {}", x.key, y.key);
    let open_country = x.body.countries.is_empty() != y.body.countries.is_empty();
    let given = x.acronyms.intersection(&y.acronyms).next().is_some();
    if x.body.same_words(&y.body) {
        sum.add(score::BODY_WORDS, note);
    } else if x.body.same_stems(&y.body) && open_country {
        sum.add(score::BODY_WORDS, note);
        sum.add(score::BODY_COUNTRY_OPEN, "only one of the names says which country");
    } else if x.body.abbreviates(&y.body)
        || y.body.abbreviates(&x.body)
        || (given && (x.body.acronym.is_some() || y.body.acronym.is_some()))
    {
        sum.add(score::ACRONYM, note);
    } else if x.body.is_short_for(&y.body) || y.body.is_short_for(&x.body) {
        sum.add(score::BODY_SHORT, note);
    } else {
        return None;
    }
    if given {
        sum.add(score::ACRONYM_GIVEN, "a document gives the acronym with the name");
    }
    let by_acronym = x.body.acronym.is_some() != y.body.acronym.is_some();
    if !by_acronym && (is_generic(x) || is_generic(y)) {
        sum.add(score::BODY_COMMON, "many bodies have such a name");
    }
    score::context(&mut sum, x, y);
    Some(Join { a, b, probability: sum.probability(), evidence: sum.evidence, alone: None })
}
