//! Any text at all, through every tier: nothing panics, every span lies on character boundaries, every number is sane.

use proptest::prelude::*;

use provenance::extract::{ExtractOptions, attributions};
use provenance::lang::language;
use provenance::model::{Attribution, Date, Extractor};
use provenance::read::reading;
use provenance::text::Span;

fn spans(found: &Attribution) -> Vec<Span> {
    let all = found.source.iter().chain(&found.cue).chain(&found.content).chain(&found.chain);
    all.chain(&found.addressee).chain(&found.medium).copied().collect()
}

/// Bytes of text that the encoder gets: it is slow where the compiler does not optimise. Its work on long texts is
/// counted in its own tests.
const FOR_THE_ENCODER: usize = 2_000;

/// Extracts with every tier, in a language with tables and in one without.
#[track_caller]
fn check(text: &str) {
    for code in ["en", "und"] {
        let language = language(code);
        let reading = reading(text, language);
        let short = text.len() <= FOR_THE_ENCODER;
        for extractor in Extractor::ALL.iter().filter(|&&tier| short || tier != Extractor::Accurate) {
            let published = Date::parse_iso("2024-02-29");
            let options = ExtractOptions { extractor: *extractor, published, ..ExtractOptions::default() };
            let found = attributions(&reading, language, &options);
            for (number, own) in found.iter().enumerate() {
                for span in spans(own) {
                    assert!(text.get(span.start..span.end).is_some_and(|words| !words.is_empty()), "{span:?}");
                }
                assert!(!own.content.is_empty() && !own.evidence.is_empty());
                assert!((0.0..=1.0).contains(&own.confidence), "{}", own.confidence);
                assert!(own.parent.is_none_or(|parent| parent < found.len() && parent != number));
            }
        }
    }
}

/// A few copies of `piece`, and `count` of them.
#[track_caller]
fn check_many(piece: &str, count: usize) {
    check(&piece.repeat(FOR_THE_ENCODER / 4 / piece.len()));
    check(&piece.repeat(count));
}

#[test]
fn marks_without_end() {
    check_many("“", 20_000);
    check_many("\"", 20_001);
    check_many("»„", 10_000);
    check_many("Brook said “it ", 1_500);
    check_many("'' ``", 5_000);
}

#[test]
fn one_line_without_a_sentence_end() {
    check_many("word ", 10_000);
    check_many("Brook said that the mayor told reporters ", 800);
    check_many("according to Brook, ", 1_000);
    check_many("“yes” — Brook ", 1_000);
    check_many("aaaaaaaaaa", 5_000);
}

#[test]
fn scripts_emoji_and_marks_alone() {
    check_many("Градоначальник сказал, что дождь. ", 300);
    check_many("Brook сказала 他说：“下雨了” ", 300);
    check_many("🙂🙃👩‍👩‍👧‍👦 said “🙂” ", 300);
    check_many("!?.,;:—–-()[]…", 1_500);
    check_many("قال العمدة: \u{200f}«إنها تمطر» ", 300);
    check_many("e\u{301}\u{200d}\u{feff}", 3_000);
    check("");
    check("\n\n \t\r\n");
    check("\u{0}\u{1}“\u{7f}");
}

/// Words that the rules look at, in any order.
const PIECES: &[&str] = &[
    "Brook",
    "said",
    "told",
    "“",
    "”",
    "\"",
    "''",
    "‘",
    "’",
    ",",
    ".",
    ":",
    "—",
    "―",
    "according to",
    "the mayor",
    "reporters",
    "on Tuesday",
    "as",
    "that",
    "it rains",
    "claimed responsibility for",
    "denied",
    "he",
    "citing",
    "\n",
    "?",
    "é",
    "🙂",
    "in a statement",
    "May 30",
    "days ago",
    "who",
    "had",
    "not",
    "(",
    ")",
    "Dr.",
    "U.S.",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn any_characters(text in "\\PC{0,80}") {
        check(&text);
    }

    #[test]
    fn any_order_of_reporting_words(numbers in prop::collection::vec(0..PIECES.len(), 0..60)) {
        let words: Vec<&str> = numbers.iter().map(|&number| PIECES[number]).collect();
        check(&words.join(" "));
    }
}
