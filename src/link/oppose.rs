//! Statements that say the opposite of each other about one subject: the same predicate, denied on one side and not on the other,
//! or a predicate and its antonym.
//!
//! In: variants of one speaker. Out: pairs with what they share and where they part. Words are compared, not what was meant.

use std::collections::{BTreeMap, BTreeSet};

use crate::lang::{Mode, assertions, key, language};
use crate::model::{Evidence, Kind, Variant};

use super::align::{Alignment, How, Matched, align};
use super::assertion::{Assertion, Subject, asserted, read};
use super::words::{Prepared, Word, WordKind, prepare};

/// Share of the shorter clause, and of the longer one, that both must have.
const SHORTER: f64 = 0.7;
const LONGER: f64 = 0.4;

/// The same where the whole of one side is denied: nothing else tells what the denial is about.
const LONGER_DENIED: f64 = 0.55;

/// Mean share of the two clauses below which a pair is not shown.
const LEAST_SHARED: f64 = 0.62;

/// A predicate of fewer letters is what hyphens left of a word.
const SHORTEST: usize = 3;

/// Matched mass below this is too little to be one subject.
const LEAST: f64 = 7.0;

/// Two statements that oppose each other, as indices into the list they come from; `a < b`.
#[derive(Clone, Debug, PartialEq)]
pub struct Opposition {
    pub a: usize,
    pub b: usize,
    /// Mean share of both clauses that is matched, 0 to 1.
    pub same_subject: f64,
    /// The words that clash.
    pub words: (String, String),
    pub evidence: Vec<Evidence>,
}

/// What an opposition can rest on: rule ids and what they mean.
pub const OPPOSED: [(&str, &str); 5] = [
    ("opposed.negated", "one side denies what the other says of the same subject"),
    ("opposed.antonym", "the two sides use opposites of the same subject"),
    ("opposed.denied", "one side denies as a whole what the other says"),
    ("opposed.shared", "words that both clauses have"),
    ("opposed.pronoun", "on one side a pronoun stands for the subject: whom it means was not looked up"),
];

/// All oppositions among these statements, surest first; one a pair of statements.
pub fn oppositions(variants: &[Variant]) -> Vec<Opposition> {
    let asserted: Vec<Option<Variant>> = variants.iter().map(asserted).collect();
    let prepared: Vec<(usize, Prepared)> =
        asserted.iter().enumerate().filter_map(|(at, variant)| Some((at, prepare(variant.as_ref()?)))).collect();
    let read: Vec<(usize, Assertion)> =
        prepared.iter().flat_map(|(at, prepared)| read(prepared).into_iter().map(move |it| (*at, it))).collect();
    let mut best: BTreeMap<(usize, usize), Opposition> = BTreeMap::new();
    for (x, y) in candidates(&read) {
        let ((a, x), (b, y)) = (&read[x], &read[y]);
        let Some(found) = opposed(x, y) else { continue };
        let found = Opposition { a: *a, b: *b, ..found };
        let known = best.entry((*a, *b)).or_insert_with(|| found.clone());
        if found.same_subject > known.same_subject {
            *known = found;
        }
    }
    let mut found: Vec<Opposition> = best.into_values().collect();
    found.sort_by(|x, y| y.same_subject.total_cmp(&x.same_subject).then((x.a, x.b).cmp(&(y.a, y.b))));
    found
}

/// Pairs of clauses of different statements of which one denies, or turns round, a word that the other has.
fn candidates(read: &[(usize, Assertion)]) -> BTreeSet<(usize, usize)> {
    let mut holders: BTreeMap<(u8, u64), Vec<usize>> = BTreeMap::new();
    let mut asks: BTreeSet<((u8, u64), usize)> = BTreeSet::new();
    for (number, (_, assertion)) in read.iter().enumerate() {
        for (word, mark) in assertion.clause.words.iter().zip(&assertion.marks).filter(|(word, _)| word.is_content()) {
            let keys = [(0, word.key), (1, word.root), (2, u64::from(word.group))];
            for key in keys.into_iter().filter(|(_, value)| *value != 0) {
                holders.entry(key).or_default().push(number);
                if mark.direct || assertion.denied || word.reversed && key.0 == 1 {
                    asks.insert((key, number));
                }
            }
            for &(pair, side) in word.sides {
                holders.entry((3 + u8::from(side), u64::from(pair))).or_default().push(number);
                asks.insert(((3 + u8::from(!side), u64::from(pair)), number));
            }
        }
    }
    let mut pairs = BTreeSet::new();
    for (key, number) in asks {
        for &other in holders.get(&key).into_iter().flatten() {
            if read[other].0 != read[number].0 {
                pairs.insert((number.min(other), number.max(other)));
            }
        }
    }
    pairs
}

/// Whether two clauses of one speaker oppose each other.
fn opposed(x: &Assertion, y: &Assertion) -> Option<Opposition> {
    let alignment = align(&x.clause, &y.clause);
    let matched: f64 = alignment.pairs.iter().map(|pair| pair.mass / pair.how.quality()).sum();
    let (shorter, longer) = (x.clause.mass.min(y.clause.mass), x.clause.mass.max(y.clause.mass));
    let least_of_longer = if x.denied || y.denied { LONGER_DENIED } else { LONGER };
    let enough = matched >= LEAST && matched >= SHORTER * shorter && matched >= least_of_longer * longer;
    if !enough || alignment.pairs.len() < 2 || strangers(x, y, &alignment) {
        return None;
    }
    let clash = alignment
        .pairs
        .iter()
        .filter(|pair| clashes(x, y, pair, &alignment))
        .max_by(|p, q| p.mass.total_cmp(&q.mass).then(q.a.cmp(&p.a)))?;
    if evened_out(x, y, &alignment, clash) || !is_subject_shared(x, y, &alignment, clash) {
        return None;
    }
    let open = open_subject(x, y, clash);
    let same_subject =
        (matched / shorter).min(1.0) * 0.5 + (matched / longer).min(1.0) * 0.5 - if open { 0.1 } else { 0.0 };
    if same_subject < LEAST_SHARED {
        return None;
    }
    let word = |clause: &Prepared, at: usize| clause.words[at].span.of(&clause.variant.text).to_string();
    let words = (word(&x.clause, clash.a), word(&y.clause, clash.b));
    let rule = match (x.denied != y.denied, turned(x, y, clash)) {
        (true, _) => 2,
        (_, true) => 1,
        _ => 0,
    };
    let shared: Vec<String> = alignment.pairs.iter().map(|pair| word(&x.clause, pair.a)).collect();
    let evidence = |at: usize, weight: f64, seen: String| {
        Evidence::new(OPPOSED[at].0, weight, format!("{}: {seen}", OPPOSED[at].1))
    };
    let mut all = vec![
        evidence(rule, 1.0, format!("“{}” / “{}”", words.0, words.1)),
        evidence(3, same_subject, shared.join(", ")),
    ];
    if open {
        all.push(Evidence::new(OPPOSED[4].0, -0.1, OPPOSED[4].1));
    }
    Some(Opposition { a: 0, b: 0, same_subject, words, evidence: all })
}

/// Each side names somebody, or gives a number, that the other lacks.
fn strangers(x: &Assertion, y: &Assertion, alignment: &Alignment) -> bool {
    let lacks = |clause: &Prepared, first: bool, kind: WordKind| {
        let matched = |at: usize| alignment.pairs.iter().any(|pair| at == if first { pair.a } else { pair.b });
        clause.words.iter().enumerate().any(|(at, word)| word.kind == kind && !matched(at))
    };
    [WordKind::Name, WordKind::Number]
        .iter()
        .any(|kind| lacks(&x.clause, true, *kind) && lacks(&y.clause, false, *kind))
}

/// Another negation or opposite in the clauses takes the clash back ("treat unfairly", "not treat fairly"), or both negate
/// something in them ("paying no tax", "not paying tax").
fn evened_out(x: &Assertion, y: &Assertion, alignment: &Alignment, clash: &Matched) -> bool {
    let others = alignment.pairs.iter().filter(|pair| pair.a != clash.a);
    others.into_iter().any(|pair| {
        let (a, b) = (x.marks[pair.a].negated, y.marks[pair.b].negated);
        let denial = x.denied != y.denied && a != b;
        denial || a && b || turned(x, y, pair) && !circumstance(x, &x.clause.words[pair.a])
    })
}

/// Words besides the predicate that both have: a name, or two words, so that “the deal” alone is no subject.
fn is_subject_shared(x: &Assertion, y: &Assertion, alignment: &Alignment, clash: &Matched) -> bool {
    let others: Vec<&Matched> = alignment.pairs.iter().filter(|pair| pair.a != clash.a).collect();
    let named = |pair: &&&Matched| {
        x.clause.words[pair.a].kind == WordKind::Name && y.clause.words[pair.b].kind == WordKind::Name
    };
    others.len() >= 2 || others.iter().any(|pair| named(&pair))
}

/// One of the two words is the opposite of the other by itself.
fn turned(x: &Assertion, y: &Assertion, pair: &Matched) -> bool {
    let (wa, wb) = (&x.clause.words[pair.a], &y.clause.words[pair.b]);
    pair.how == How::Antonym || pair.how == How::Derived && wa.reversed != wb.reversed
}

fn clashes(x: &Assertion, y: &Assertion, pair: &Matched, alignment: &Alignment) -> bool {
    let (wa, wb) = (&x.clause.words[pair.a], &y.clause.words[pair.b]);
    let (ma, mb) = (&x.marks[pair.a], &y.marks[pair.b]);
    // A headline may write the predicate with a capital; what has one on both sides is a name.
    let capital = |assertion: &Assertion, word: &Word| {
        word.span.of(&assertion.clause.variant.text).starts_with(char::is_uppercase)
    };
    let unfit = |word: &Word| word.kind == WordKind::Number || word.span.len() < SHORTEST;
    if unfit(wa) || unfit(wb) || capital(x, wa) && capital(y, wb) {
        return false;
    }
    let turned = turned(x, y, pair);
    let opposite = ((ma.negated ^ x.denied) != (mb.negated ^ y.denied)) != turned;
    let stands_over = if turned {
        !ma.negated && !mb.negated && x.denied == y.denied && !circumstance(x, wa) && !circumstance(y, wb)
    } else if x.denied != y.denied {
        !ma.negated && !mb.negated
    } else {
        ma.negated && ma.direct && !mb.direct || mb.negated && mb.direct && !ma.direct
    };
    opposite
        && stands_over
        && modes_meet(x, y, pair)
        && governors_meet(ma.governor, mb.governor, alignment)
        && subjects_meet(x, y, pair, alignment)
}

fn circumstance(assertion: &Assertion, word: &Word) -> bool {
    let variant = assertion.clause.variant;
    assertions(language(&variant.language)).is_circumstance(&key(word.span.of(&variant.text)))
}

/// What was and what will be, what is and what ought to be, do not contradict each other.
fn modes_meet(x: &Assertion, y: &Assertion, pair: &Matched) -> bool {
    let (ma, mb) = (&x.marks[pair.a], &y.marks[pair.b]);
    let reported = x.clause.variant.kind != Kind::Direct || y.clause.variant.kind != Kind::Direct;
    let denies_ability =
        |mark: &super::assertion::Mark, denied: bool| mark.mode == Mode::Can && (mark.negated ^ denied);
    if x.denied != y.denied {
        return true;
    }
    match (ma.mode.min(mb.mode), ma.mode.max(mb.mode)) {
        (low, high) if low == high => true,
        (_, Mode::Ought) => false,
        (_, Mode::Can) => denies_ability(ma, x.denied) || denies_ability(mb, y.denied),
        (Mode::Past, Mode::Future | Mode::Would) => false,
        (Mode::Present, Mode::Past) => reported,
        _ => true,
    }
}

fn governors_meet(a: Option<usize>, b: Option<usize>, alignment: &Alignment) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => alignment.pairs.iter().any(|pair| pair.a == a && pair.b == b),
        _ => false,
    }
}

/// The subjects can be one: words before the predicate answer to each other, or a pronoun stands for them.
fn subjects_meet(x: &Assertion, y: &Assertion, pair: &Matched, alignment: &Alignment) -> bool {
    let (sa, sb) = (x.marks[pair.a].subject, y.marks[pair.b].subject);
    let answered = |first: bool, limit: usize| {
        alignment.pairs.iter().any(|it| (if first { it.a } else { it.b }) < limit && *it != *pair)
    };
    match (sa, sb) {
        (Subject::Named, Subject::Named) => answered(true, pair.a) && answered(false, pair.b),
        (Subject::Own, Subject::Pronoun(_)) | (Subject::Pronoun(_), Subject::Own) => false,
        (Subject::Pronoun(a), Subject::Pronoun(b)) => a == b,
        (Subject::Own, Subject::Named) | (Subject::Named, Subject::Own) => false,
        (Subject::Pronoun('y' | 'i'), Subject::Named) | (Subject::Named, Subject::Pronoun('y' | 'i')) => false,
        _ => true,
    }
}

/// On one side a pronoun, or nothing, stands for what the other names.
fn open_subject(x: &Assertion, y: &Assertion, pair: &Matched) -> bool {
    let (sa, sb) = (x.marks[pair.a].subject, y.marks[pair.b].subject);
    sa != sb && !matches!((sa, sb), (Subject::Open, Subject::Own) | (Subject::Own, Subject::Open))
        || matches!(sa, Subject::Pronoun(_))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::opposed_sentences;
    use crate::link::testing::said;
    use crate::model::Act;

    /// “cue | content”; marks around the whole make it direct speech.
    fn variant(line: &str, number: u8) -> Variant {
        let (cue, text) = line.split_once(" | ").unwrap_or(("said", line));
        let kind = if text.starts_with('“') { Kind::Direct } else { Kind::Indirect };
        Variant { cue: cue.to_string(), kind, ..said("Ada Brandt", &format!("2031-05-0{number}"), text) }
    }

    fn found(a: &str, b: &str) -> Vec<Opposition> {
        oppositions(&[variant(a, 1), variant(b, 2)])
    }

    #[test]
    fn sentences_of_the_table() {
        let (accept, reject) = opposed_sentences();
        assert!(accept.len() >= 25 && reject.len() >= 25);
        let missed = accept.iter().filter(|[a, b]| found(a, b).is_empty());
        let wrong = reject.iter().filter(|[a, b]| !found(a, b).is_empty());
        let (missed, wrong): (Vec<_>, Vec<_>) = (missed.collect(), wrong.collect());
        assert!(missed.is_empty() && wrong.is_empty(), "missed: {missed:#?}\nwrongly found: {wrong:#?}");
    }

    #[test]
    fn it_does_not_matter_which_comes_first() {
        let (accept, reject) = opposed_sentences();
        for [a, b] in accept.iter().chain(&reject) {
            assert_eq!(found(a, b).len(), found(b, a).len(), "{a} / {b}");
        }
    }

    fn check_rule(a: &str, b: &str, rule: &str) {
        let rules: Vec<String> = found(a, b).into_iter().flat_map(|it| it.evidence).map(|it| it.rule).collect();
        assert!(rules.iter().any(|it| it == rule), "{a} / {b}: {rules:?}");
    }

    #[test]
    fn what_it_rests_on_is_named() {
        let not = "the city will not raise the harbour tax";
        check_rule("the city will raise the harbour tax", not, "opposed.negated");
        check_rule("the city will raise the harbour tax", not, "opposed.shared");
        check_rule(
            "“He is fit for the harbour office.”",
            "“Brandt is not fit for the harbour office.”",
            "opposed.pronoun",
        );
        check_rule("the harbour tax helps fishermen", "the harbour tax hurts fishermen", "opposed.antonym");
        check_rule("the navy shelled the village", "denied | that the navy had shelled the village", "opposed.denied");
    }

    #[test]
    fn a_statement_does_not_oppose_itself_and_silence_opposes_nothing() {
        let both = "“The city will raise the harbour tax. The city will not raise the harbour tax.”";
        assert!(oppositions(&[variant(both, 1)]).is_empty());
        let silent = Variant { act: Act::NoComment, ..variant("the city will not raise the harbour tax", 1) };
        assert!(oppositions(&[silent, variant("the city will raise the harbour tax", 2)]).is_empty());
    }
}
