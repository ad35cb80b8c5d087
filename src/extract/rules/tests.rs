//! The cue table's own sentences, and the sentence patterns of news, as tests.

use proptest::prelude::*;

use crate::extract::testing::{accepts, raw, rejects, show};
use crate::lang::{UNKNOWN, cues, language};
use crate::model::Reading;

#[track_caller]
fn check(marked: &str) {
    if let Err(told) = accepts(marked) {
        panic!("{told}");
    }
}

#[track_caller]
fn check_none(text: &str) {
    if let Err(told) = rejects(text) {
        panic!("{told}");
    }
}

#[test]
fn every_cue_accepts_and_rejects_its_sentences() {
    let table = cues(language("en")).unwrap();
    let mut told = Vec::new();
    for cue in &table.cues {
        // one marked attribution a sentence: later ones of the same sentence are checked on their own
        told.extend(cue.accept.iter().filter_map(|sentence| accepts(sentence).err()));
        told.extend(cue.reject.iter().filter_map(|sentence| rejects(sentence).err()));
    }
    assert!(told.is_empty(), "{} sentences fail:\n{}", told.len(), told.join("\n"));
}

#[test]
fn quotations_before_their_cue() {
    check("{Q “We will rebuild it,”} {S Ana Brook} {C said}.");
    check("{Q “We will rebuild it,”} {C said} {S Ana Brook}.");
    check("{Q “We will rebuild it,”} {C said} {S Ana Brook, mayor of Harbour}.");
    check("{Q “We will rebuild it,”} {S Ana Brook, the mayor of Harbour}, {C said} in a statement on Friday.");
    check("{Q “Who pays? We do,”} {S she} {C said}.");
    check("{Q \"We will rebuild it,\"} {S the mayor} {C said} at the time.");
    check("{Q ''We will rebuild it,''} {S the mayor} {C said}.");
    check("{Q «We will rebuild it»}, {S the mayor} {C said}.");
    check("{Q ‘We will rebuild the bridge,’} {S the mayor} {C said}.");
}

#[test]
fn sources_that_hide_or_are_nobody() {
    check("{S Neither the mayor nor the port authority} {C has said} {Q that the bridge will be closed}.");
    check("{S An official who spoke on condition of anonymity} {C said} {Q the talks had failed}.");
    check("{S A senior official}, speaking on condition of anonymity, {C said} {Q the talks had failed}.");
    check("{S A senior official, who asked not to be named}, {C said} {Q the talks had failed}.");
    check("{S A spokesman who declined to be identified} {C told} the paper {Q that the ferry would sail}.");
    check_none("The spokesman asked not to be named.");
    check("{S The spokesman} {C asked} {Q to be heard}.");
    check("{S No official} {C has said} {Q that the bridge will be closed}.");
    check("{S A man of modest background} {C said} {Q the talks had failed}.");
    check_none(", who spoke on condition of anonymity said.");
    check("{S The attorneys for the family} {C said} {Q no one had called them}.");
    check("{S Prime Minister Theresa May} {C said} {Q the plan was dead}.");
    check("{Q “He is a decent man,”} {S Vos} {C said} of the mayor.");
}

#[test]
fn a_question_put_is_not_the_answer() {
    check_none("Asked whether the bridge would be closed, Mayor Ana Brook said no.");
    check_none("When asked about the bridge, the mayor said nothing.");
    check("{Q The bridge asked too much of the town}, {S the mayor} {C said}.");
}

#[test]
fn quotations_after_their_cue() {
    check("{S Ana Brook} {C said}: {Q “We will rebuild it.”}");
    check("{S Ana Brook} {C told} The Harbour Post on Monday: {Q “We will rebuild it.”}");
    check(
        "{S Ana Brook} {C said} the plan was “a gift” and that was it."
            .replace("the plan", "{Q the plan")
            .replace("it.", "it}.")
            .as_str(),
    );
}

#[test]
fn split_quotations_are_one_attribution() {
    check("{Q “We will rebuild it,”} {S she} {C said}, {Q “with new pumps.”}");
}

#[test]
fn a_cue_with_a_colon_waits_for_the_next_paragraph() {
    check("{S Brook} {C continued}:\n{Q “It rains.”}");
    check_none("Brook continued:\nIt rains.");
}

#[test]
fn clauses_with_and_without_that() {
    check("{S Gladkov} {C said} {Q one person was killed}.");
    check("{S The mayor} {C said} on Tuesday {Q that the bridge was closed}.");
    check("{S The mayor} {C said} Tuesday {Q the bridge was closed}.");
    check("{S The mayor} {C has repeatedly said} {Q the bridge is safe}.");
    check("{Q One bridge was closed}, {S its owner} {C said}.");
    check("{Q The bridge} , {S she} {C said}, {Q was closed}.".replace(" ,", ",").as_str());
    check("{S Ana Brook, who runs the port}, {C said} {Q it would close}.");
    check("{S The mayor} {C said} {Q it was closed}, according to a note.");
}

#[test]
fn a_reporter_at_the_end_says_the_whole() {
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<String> = raw(text).iter().map(|own| show(text, own)).collect();
        assert_eq!(found, expected, "{text}");
    }
    check(
        "Hill had warned that the pumps would fail, his deputy Ada Brook said.",
        &[
            "Hill | had warned | that the pumps would fail",
            "his deputy Ada Brook | said | Hill had warned that the pumps would fail",
        ],
    );
    check(
        "Hill said that the pumps would fail, and Ada Brook said they would not.",
        &["Hill | said | that the pumps would fail", "Ada Brook | said | they would not"],
    );
}

#[test]
fn according_to() {
    check("{C According to} {S the governor}, {Q two bridges were closed}.");
    check("{Q Two bridges were closed}, {C according to} {S the governor}.");
    check("{Q Two bridges were closed} {C according to} {S a report from the port}.");
}

#[test]
fn colon_speech() {
    check("{S BROOK}{C :} {Q “We will rebuild it.”}");
    check("{S BROOK}{C :} {Q We will rebuild it.}\nHILL: And who pays?\nBROOK: We do.\nHILL: Really?");
    check_none("Harbour: floods and fires");
    check_none("Opening hours: closed");
}

#[test]
fn what_is_no_attribution() {
    check_none("The so-called “rain tax” was paid.");
    check_none("The band played “Summer Rain” twice.");
    check_none("The United States will send ships.");
    check_none("The tax plan to cut costs was late.");
}

#[test]
fn without_a_cue_table_marks_and_punctuation_decide() {
    let text = "BROOK: “Wir bauen das wieder auf.”";
    let found = super::attributions(&Reading::of_lines(text), &UNKNOWN);
    assert_eq!(found.len(), 1);
    assert!(super::attributions(&Reading::of_lines("Ana Brook said it rained."), &UNKNOWN).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn spans_always_slice(words in proptest::collection::vec(
        prop::sample::select(vec!["said", "“", "”", "\"", "’", "Brook", "the", ",", ".", ":", "according", "to", "told",
            "that", "\n", "and", "who", "‘", "—", "ß", "é", "adding", "…", "which", "(", "U.S.", "in", "2010"]), 0..40)) {
        let text = words.join(" ");
        for found in raw(&text) {
            for span in found.source.iter().chain(&found.cue).chain(&found.content) {
                prop_assert!(text.get(span.start..span.end).is_some());
                prop_assert!(!span.is_empty());
            }
            prop_assert!(!found.content.is_empty());
        }
    }

    #[test]
    fn no_text_panics(text in ".{0,80}") {
        raw(&text);
    }
}

#[test]
fn time_grows_linearly() {
    for text in [
        "“".repeat(350_000),
        "\" a ".repeat(250_000),
        "word ".repeat(200_000),
        "said that ".repeat(100_000),
        "“a, said X ".repeat(60_000),
        "X, a Y, said Z and ".repeat(20_000),
    ] {
        let start = std::time::Instant::now();
        let reading = Reading::of_lines(&text);
        let cut = start.elapsed();
        super::attributions(&reading, language("en"));
        let took = start.elapsed() - cut;
        assert!(took.as_secs_f64() < 4.0, "{took:?} for {:.20}", text);
    }
}
