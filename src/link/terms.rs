//! From facts to features: each term of the score is a row of the table below, cut into steps that a weight each.
//!
//! A term with steps rises (or falls) piecewise linearly between its knots, so that with weights of one sign it is monotone.

use super::facts::Facts;
use super::names::SpeakerRelation;

/// The sign that a term's weights must keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// More of it never speaks against a link.
    For,
    Against,
}

/// One term of the score: rule id, the knots of its steps, the sign of its weights, what it reads.
pub struct Term {
    pub rule: &'static str,
    pub knots: &'static [f64],
    pub sign: Sign,
    pub value: fn(&Facts) -> f64,
    pub explain: &'static str,
}

/// The logarithm of a mass, of one more than it.
pub(super) fn log(mass: f64) -> f64 {
    (1.0 + mass).ln()
}

/// 1 on the same day, 0 from a year on or where a date is unknown.
fn closeness(days: Option<i64>) -> f64 {
    days.map_or(0.0, |days| (1.0 - log(days as f64) / log(365.0)).max(0.0))
}

fn is(flag: bool) -> f64 {
    f64::from(u8::from(flag))
}

/// Knots of a yes/no term.
const FLAG: &[f64] = &[0.0, 1.0];

/// The term that speaks only where both statements were embedded.
pub const MEANING: &str = "link.meaning";

/// Every term. Order is the order of `why`; rule ids are stable.
pub const TERMS: &[Term] = &[
    Term {
        rule: "link.matched",
        knots: &[1.2, 2.0, 2.6, 3.2, 3.8, 4.6],
        sign: Sign::For,
        value: |f| f.matched_log,
        explain: "how much wording both share, rare words counting more",
    },
    Term {
        rule: "link.containment",
        knots: &[0.1, 0.3, 0.5, 0.7, 0.95],
        sign: Sign::For,
        value: |f| f.containment,
        explain: "how much of the shorter statement the longer one has",
    },
    Term {
        rule: "link.overlap",
        knots: &[0.05, 0.15, 0.3, 0.5, 0.9],
        sign: Sign::For,
        value: |f| f.overlap,
        explain: "how much of both statements together is shared",
    },
    Term {
        rule: "link.matched_share",
        knots: &[0.3, 0.8, 1.4, 2.1, 3.0],
        sign: Sign::For,
        value: |f| f.matched_log * f.containment,
        explain: "much shared wording that is also most of the shorter statement",
    },
    Term {
        rule: "link.matched_soon",
        knots: &[0.3, 0.9, 1.6, 2.4, 3.2],
        sign: Sign::For,
        value: |f| f.matched_log * closeness(f.days),
        explain: "shared wording within a short time",
    },
    Term {
        rule: "link.matched_speaker",
        knots: &[0.5, 1.6, 2.2, 2.8, 3.6],
        sign: Sign::For,
        value: |f| if f.speaker >= SpeakerRelation::Compatible { f.matched_log } else { 0.0 },
        explain: "shared wording of one speaker",
    },
    Term {
        rule: "link.letters",
        knots: &[0.3, 0.45, 0.6, 0.75, 0.95],
        sign: Sign::For,
        value: |f| f.letters,
        explain: "how alike the two texts are letter by letter",
    },
    Term {
        rule: "link.all_words",
        knots: &[0.1, 0.3, 0.5, 0.7, 0.95],
        sign: Sign::For,
        value: |f| f.all_words,
        explain: "share of all words, common ones included, that both have",
    },
    Term {
        rule: MEANING,
        knots: &[0.2, 0.35, 0.5, 0.65, 0.8, 0.95],
        sign: Sign::For,
        value: |f| f.meaning.unwrap_or(0.0),
        explain: "how near the meanings are, whatever the words",
    },
    Term {
        rule: "link.unmatched_shorter",
        knots: &[0.0, 1.5, 2.5, 3.2, 4.2],
        sign: Sign::Against,
        value: |f| log(f.least_unmatched),
        explain: "what the shorter statement says that the longer one does not",
    },
    Term {
        rule: "link.unmatched_longer",
        knots: &[0.0, 2.5, 3.5, 4.5, 6.0],
        sign: Sign::Against,
        value: |f| log(f.most_unmatched),
        explain: "what the longer statement says that the shorter one does not",
    },
    Term {
        rule: "link.run",
        knots: &[0.5, 1.8, 2.6, 3.2, 4.2],
        sign: Sign::For,
        value: |f| log(f.run),
        explain: "the longest run of equal words",
    },
    Term {
        rule: "link.rare_word",
        knots: &[2.5, 4.0, 5.5, 7.0, 8.5],
        sign: Sign::For,
        value: |f| f.rarest,
        explain: "the rarest word that both have",
    },
    Term {
        rule: "link.second_rare_word",
        knots: &[1.0, 3.0, 4.5, 6.0, 8.0],
        sign: Sign::For,
        value: |f| f.second,
        explain: "the second rarest word that both have",
    },
    Term {
        rule: "link.order",
        knots: &[0.3, 0.6, 1.0],
        sign: Sign::For,
        value: |f| f.ordered,
        explain: "how much of the shared wording comes in the same order",
    },
    Term {
        rule: "link.quoted",
        knots: &[0.5, 1.8, 2.8, 3.8],
        sign: Sign::For,
        value: |f| log(f.quoted),
        explain: "shared words that both put in quotation marks",
    },
    Term {
        rule: "link.beyond_names",
        knots: &[0.5, 1.5, 2.3, 3.0, 4.0],
        sign: Sign::For,
        value: |f| log(f.beyond_names),
        explain: "shared words that are not names: what is said, not only of whom",
    },
    Term {
        rule: "link.names",
        knots: &[0.5, 1.5, 2.5, 3.5],
        sign: Sign::For,
        value: |f| log(f.names_shared),
        explain: "names that both mention",
    },
    Term {
        rule: "link.names_apart",
        knots: &[1.0, 2.0, 3.0],
        sign: Sign::Against,
        value: |f| log(f.names_apart),
        explain: "each mentions names that the other does not",
    },
    Term {
        rule: "link.number",
        knots: FLAG,
        sign: Sign::For,
        value: |f| is(f.number_shared),
        explain: "a number that both give",
    },
    Term {
        rule: "link.number_clash",
        knots: FLAG,
        sign: Sign::Against,
        value: |f| is(f.number_clash),
        explain: "both give a number of the same kind, and the numbers differ",
    },
    Term {
        rule: "link.polarity",
        knots: &[0.1, 0.5, 1.0],
        sign: Sign::Against,
        value: |f| f.polarity,
        explain: "one says it is so, the other that it is not",
    },
    Term {
        rule: "link.antonym",
        knots: &[0.0, 2.0],
        sign: Sign::Against,
        value: |f| f.antonym,
        explain: "opposites stand where the same word could",
    },
    Term {
        rule: "link.stock",
        knots: &[0.2, 0.8],
        sign: Sign::Against,
        value: |f| f.stock,
        explain: "what they share is a phrase that everybody uses",
    },
    Term {
        rule: "link.speaker_same",
        knots: FLAG,
        sign: Sign::For,
        value: |f| is(f.speaker >= SpeakerRelation::Compatible),
        explain: "the two speakers' names fit",
    },
    Term {
        rule: "link.speaker_full",
        knots: FLAG,
        sign: Sign::For,
        value: |f| is(f.speaker == SpeakerRelation::Same),
        explain: "given name and surname agree",
    },
    Term {
        rule: "link.speaker_different",
        knots: FLAG,
        sign: Sign::Against,
        value: |f| is(f.speaker == SpeakerRelation::Different),
        explain: "the two documents name different speakers",
    },
    Term {
        rule: "link.days",
        knots: &[0.5, 1.5, 3.0, 4.5, 6.0],
        sign: Sign::Against,
        value: |f| f.days.map_or(0.0, |days| log(days as f64)),
        explain: "days between the two documents",
    },
    Term {
        rule: "link.same_day",
        knots: FLAG,
        sign: Sign::For,
        value: |f| is(f.days.is_some_and(|days| days <= 1)),
        explain: "printed on the same day or the day after",
    },
];

/// Number of features of all terms together.
pub fn width() -> usize {
    TERMS.iter().map(|term| term.knots.len() - 1).sum()
}

/// The features of a pair: for each term, how far its value has climbed each of its steps, 0 to 1.
pub fn features(facts: &Facts) -> Vec<f64> {
    let mut found = Vec::with_capacity(width());
    for term in TERMS {
        let value = (term.value)(facts);
        found.extend(term.knots.windows(2).map(|step| ((value - step[0]) / (step[1] - step[0])).clamp(0.0, 1.0)));
    }
    found
}

/// The sign each feature's weight must keep.
pub fn signs() -> Vec<Sign> {
    TERMS.iter().flat_map(|term| std::iter::repeat_n(term.sign, term.knots.len() - 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knots_climb_and_rules_are_unique() {
        for term in TERMS {
            assert!(term.knots.len() >= 2 && term.knots.windows(2).all(|step| step[0] < step[1]), "{}", term.rule);
            assert!(term.rule.starts_with("link.") && !term.explain.is_empty());
            assert_eq!(TERMS.iter().filter(|other| other.rule == term.rule).count(), 1, "{}", term.rule);
        }
        assert_eq!(signs().len(), width());
    }

    /// For each rule a pair for which its value is higher, and a near miss for which it is lower.
    #[test]
    fn every_rule_reads_what_it_says() {
        use crate::link::testing::{said, variant};
        use crate::model::{Embedding, Variant};
        let falk = |text: &str| said("Ines Falk", "2031-05-01", text);
        let a = falk("the ferry Aurora carried 40 goats to “quiet Bergen” and the captain was pleased with it");
        let same = a.clone();
        let later = said("Ines Falk", "2031-09-01", &a.text);
        let berg = said("Karl Berg", "2031-05-01", &a.text);
        let surname = said("Falk", "2031-05-01", &a.text);
        let other = falk("cabbage prices in Oslo doubled after 70 lorries met Karl Berg there");
        let more_goats = falk("the ferry Aurora carried 70 goats to Bergen");
        let part = falk("the ferry carried goats");
        let names = falk("Aurora and Bergen");
        let turned =
            falk("the ferry Aurora never carried 40 goats to “quiet Bergen” and the captain was pleased with it");
        let (help, hurt) = (falk("tariffs help farmers"), falk("tariffs hurt farmers"));
        let (stock, news) = (falk("at the end of the day goats"), falk("the lighthouse keeper sold goats"));
        let mixed_up = falk("pleased captain: to Bergen goats carried the ferry Aurora");
        let plain = variant(&a.text.replace(['“', '”'], ""));
        let meant = |numbers: [i8; 2]| Variant { embedding: Some(Embedding(numbers.to_vec())), ..a.clone() };
        let (east, nearly_east, north) = (meant([90, 0]), meant([90, 9]), meant([0, 90]));
        let rows: Vec<(&str, [&Variant; 2], [&Variant; 2])> = vec![
            ("link.meaning", [&east, &nearly_east], [&east, &north]),
            ("link.matched", [&a, &same], [&a, &part]),
            ("link.containment", [&a, &part], [&a, &other]),
            ("link.overlap", [&a, &same], [&a, &part]),
            ("link.matched_share", [&a, &same], [&a, &other]),
            ("link.matched_soon", [&a, &same], [&a, &later]),
            ("link.matched_speaker", [&a, &surname], [&a, &berg]),
            ("link.letters", [&a, &same], [&a, &mixed_up]),
            ("link.all_words", [&a, &same], [&a, &part]),
            ("link.unmatched_shorter", [&a, &other], [&a, &part]),
            ("link.unmatched_longer", [&a, &part], [&a, &same]),
            ("link.run", [&a, &same], [&a, &mixed_up]),
            ("link.rare_word", [&a, &names], [&a, &other]),
            ("link.second_rare_word", [&a, &part], [&a, &other]),
            ("link.order", [&a, &same], [&a, &mixed_up]),
            ("link.quoted", [&a, &same], [&a, &plain]),
            ("link.beyond_names", [&a, &part], [&a, &names]),
            ("link.names", [&a, &names], [&a, &part]),
            ("link.names_apart", [&a, &other], [&a, &part]),
            ("link.number", [&a, &same], [&a, &part]),
            ("link.number_clash", [&a, &more_goats], [&a, &other]),
            ("link.polarity", [&a, &turned], [&a, &same]),
            ("link.antonym", [&help, &hurt], [&help, &help]),
            ("link.stock", [&stock, &stock], [&news, &news]),
            ("link.speaker_same", [&a, &surname], [&a, &berg]),
            ("link.speaker_full", [&a, &same], [&a, &surname]),
            ("link.speaker_different", [&a, &berg], [&a, &surname]),
            ("link.days", [&a, &later], [&a, &same]),
            ("link.same_day", [&a, &same], [&a, &later]),
        ];
        for term in TERMS {
            let row = rows.iter().find(|(rule, ..)| *rule == term.rule);
            let (_, high, low) = row.unwrap_or_else(|| panic!("no pair for {}", term.rule));
            let value = |pair: &[&Variant; 2]| {
                (term.value)(&crate::link::measure(&crate::link::prepare(pair[0]), &crate::link::prepare(pair[1])))
            };
            assert!(value(high) > value(low), "{}: {} and {}", term.rule, value(high), value(low));
        }
    }
}
