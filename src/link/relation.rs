//! From a score to a relation: what two variants are to each other, what forbids a link, and the evidence.

use crate::model::{Evidence, Link, LinkStatus, Relation};

use super::LinkOptions;
use super::facts::{Facts, measure};
use super::model::{Weights, probability};
use super::names::SpeakerRelation;
use super::terms::{TERMS, features};
use super::words::{MOST_WORDS, Prepared};

/// A veto keeps the probability at or below this.
const VETOED: f64 = 0.3;

/// The relation of two prepared variants with its evidence; `None` where nothing connects them.
///
/// The same whichever comes first. Contradictions and echoes are returned although they join no claim.
pub fn link_prepared(a: &Prepared, b: &Prepared, options: &LinkOptions) -> Option<Link> {
    let id = |prepared: &Prepared| (prepared.variant.statement.clone(), prepared.variant.text.clone());
    let (a, b) = if id(a) <= id(b) { (a, b) } else { (b, a) };
    let facts = measure(a, b);
    let weights = Weights::shipped();
    let terms = weights.terms(&features(&facts));
    let mut evidence = vec![Evidence::new("link.prior", weights.prior, "before anything is compared")];
    for (term, weight) in TERMS.iter().zip(&terms) {
        if *weight != 0.0 {
            evidence.push(Evidence::new(term.rule, *weight, note(term.rule, term.explain, a, b, &facts)));
        }
    }
    let mut score: f64 = evidence.iter().map(|it| it.weight).sum();
    let wording = score - speaker_part(&terms);
    let veto = veto(&facts);
    if let Some((rule, why)) = veto {
        let most = (VETOED / (1.0 - VETOED)).ln();
        if score > most {
            evidence.push(Evidence::new(rule, most - score, why));
            score = most;
        }
    }
    if a.left_out + b.left_out > 0 {
        let text = format!("only the first {MOST_WORDS} words were compared");
        evidence.push(Evidence::new("link.cut", 0.0, text));
    }
    let relation = relation(&facts, probability(score), probability(wording), veto.is_some(), options)?;
    let sure = if relation.joins() { probability(score) } else { probability(wording) };
    Some(Link {
        a: a.variant.statement.clone(),
        b: b.variant.statement.clone(),
        relation,
        score,
        probability: probability(score),
        status: if sure >= options.linked { LinkStatus::Auto } else { LinkStatus::Suggested },
        evidence,
    })
}

/// What the terms about the speaker add: an echo is judged without them.
fn speaker_part(terms: &[f64]) -> f64 {
    let about = TERMS.iter().zip(terms).filter(|(term, _)| term.rule.starts_with("link.speaker"));
    about.map(|(_, weight)| weight).sum()
}

/// What forbids a link, however much wording is shared.
fn veto(facts: &Facts) -> Option<(&'static str, &'static str)> {
    if facts.polarity >= 0.5 {
        return Some(("link.veto_polarity", "one says it is so, the other that it is not: never one claim"));
    }
    if facts.antonym >= 1.5 {
        return Some(("link.veto_antonym", "opposites where the same word could stand: never one claim"));
    }
    if facts.number_clash {
        return Some(("link.veto_number", "numbers of the same kind that differ: never one claim"));
    }
    None
}

fn relation(facts: &Facts, same: f64, wording: f64, vetoed: bool, options: &LinkOptions) -> Option<Relation> {
    let alike = wording >= options.suggested && facts.matched > 0.0;
    if vetoed {
        return if alike {
            Some(Relation::Contradicts)
        } else {
            (options.suggested <= 0.0).then_some(Relation::Unrelated)
        };
    }
    if facts.speaker == SpeakerRelation::Different && alike && same < options.linked {
        return Some(Relation::Echo);
    }
    if same < options.suggested {
        return None;
    }
    if same < 0.5 && options.suggested < 0.5 {
        return Some(Relation::Unrelated);
    }
    Some(shape(facts))
}

/// The shape of a link between variants of one claim.
fn shape(facts: &Facts) -> Relation {
    let heavier = facts.most_unmatched + facts.matched;
    let is_clip = facts.containment >= 0.85 && facts.lighter < 0.7 * heavier;
    if facts.same_words {
        Relation::Verbatim
    } else if is_clip {
        Relation::Contained
    } else if facts.overlap >= 0.6 && facts.ordered >= 0.7 {
        Relation::Edited
    } else if facts.direct.0 != facts.direct.1 {
        Relation::ReportedAs
    } else {
        Relation::Paraphrase
    }
}

/// The note of one piece of evidence: what the term means and what it saw.
fn note(rule: &str, explain: &str, a: &Prepared, b: &Prepared, facts: &Facts) -> String {
    let seen = match rule {
        "link.matched" => strongest(a, facts, |_| true),
        "link.polarity" => strongest(a, facts, |pair| pair.clash),
        "link.antonym" => strongest(a, facts, |pair| pair.how == super::align::How::Antonym),
        "link.containment" => format!("{:.0} %", facts.containment * 100.0),
        "link.overlap" => format!("{:.0} %", facts.overlap * 100.0),
        "link.days" | "link.same_day" => facts.days.map_or(String::new(), |days| format!("{days} days apart")),
        "link.run" => format!("{} words", facts.alignment.run_words),
        _ if rule.starts_with("link.speaker") => format!("“{}”, “{}”", a.variant.speaker, b.variant.speaker),
        _ => String::new(),
    };
    if seen.is_empty() { explain.to_string() } else { format!("{explain}: {seen}") }
}

/// The six weightiest matched words of the first side, as printed.
fn strongest(a: &Prepared, facts: &Facts, keep: impl Fn(&super::align::Matched) -> bool) -> String {
    let mut pairs: Vec<&super::align::Matched> = facts.alignment.pairs.iter().filter(|pair| keep(pair)).collect();
    pairs.sort_by(|x, y| y.mass.total_cmp(&x.mass).then(x.a.cmp(&y.a)));
    let words: Vec<&str> = pairs.iter().take(6).map(|pair| a.words[pair.a].span.of(&a.variant.text)).collect();
    words.join(", ")
}
