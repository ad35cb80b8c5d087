//! Two documents side by side for reading: which runs of words both have, in place, and which sentences answer to each other.

use std::collections::BTreeSet;

use crate::graph::DocumentCard;
use crate::text::Span;

use super::align::{Run, align, countable};
use super::profile::{Profile, SHINGLE};

/// A run of words that both documents have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SharedRun {
    /// The exact words in each document, as byte spans.
    pub a: Span,
    pub b: Span,
    pub words: usize,
    /// In neither document do most of these words stand inside quotation marks.
    pub narrative: bool,
}

/// Two sentences that say the same in the same or similar words.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SharedSentence {
    pub a: Span,
    pub b: Span,
    /// Share of the words that carry meaning, 0 to 1.
    pub alike: f64,
    /// Word for word the same.
    pub identical: bool,
}

/// What two documents share.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SharedText {
    /// In the order of the first document.
    pub runs: Vec<SharedRun>,
    pub sentences: Vec<SharedSentence>,
    /// Sentences long enough to compare.
    pub sentences_a: usize,
    pub sentences_b: usize,
    /// Of the matched sentences, the share that comes in the same order, 0 to 1.
    pub in_order: f64,
    /// Unquoted words of each document, and how many of them lie in narrative runs.
    pub narrative_a: usize,
    pub narrative_b: usize,
    pub copied_a: usize,
    pub copied_b: usize,
}

/// Compares two documents; captions and boilerplate are left out.
pub fn shared_text(a: &DocumentCard, b: &DocumentCard) -> SharedText {
    let (first, second) = (Profile::of(a), Profile::of(b));
    let found = align(&first, &second);
    let runs: Vec<Run> = found.runs.iter().flat_map(|run| pieces(run, (&first, a), (&second, b))).collect();
    let is_narrative = |run: &&Run| !run.quoted_a && !run.quoted_b;
    let copied = |profile: &Profile, start: &dyn Fn(&Run) -> usize| {
        let places: BTreeSet<usize> =
            runs.iter().filter(is_narrative).flat_map(|run| start(run)..start(run) + run.length).collect();
        places.into_iter().filter(|&at| !profile.words[at].quoted).count()
    };
    let unquoted = |profile: &Profile| profile.words.iter().filter(|word| !word.quoted).count();
    let sentence = |profile: &Profile, at: usize| {
        let words = &profile.sentences[at];
        words_span(profile, words.from, words.to)
    };
    SharedText {
        runs: runs
            .iter()
            .map(|run| SharedRun {
                a: words_span(&first, run.a, run.a + run.length),
                b: words_span(&second, run.b, run.b + run.length),
                words: run.length,
                narrative: is_narrative(&run),
            })
            .collect(),
        sentences: found
            .pairs
            .iter()
            .map(|pair| SharedSentence {
                a: sentence(&first, pair.a),
                b: sentence(&second, pair.b),
                alike: pair.alike,
                identical: pair.identical,
            })
            .collect(),
        sentences_a: countable(&first),
        sentences_b: countable(&second),
        in_order: found.in_order,
        narrative_a: unquoted(&first),
        narrative_b: unquoted(&second),
        copied_a: copied(&first, &|run| run.a),
        copied_b: copied(&second, &|run| run.b),
    }
}

/// A run cut where either text begins a new line, or quotation marks open or close; pieces that are too short are left out.
fn pieces(run: &Run, a: (&Profile, &DocumentCard), b: (&Profile, &DocumentCard)) -> Vec<Run> {
    let breaks = |(profile, card): (&Profile, &DocumentCard), at: usize| {
        let (before, here) = (&profile.words[at - 1], &profile.words[at]);
        let between = card.text.get(before.span.end..here.span.start).unwrap_or("");
        before.quoted != here.quoted || between.contains('\n')
    };
    let mut starts = vec![0];
    starts.extend((1..run.length).filter(|n| breaks(a, run.a + n) || breaks(b, run.b + n)));
    starts.push(run.length);
    starts
        .windows(2)
        .filter(|ends| ends[1] - ends[0] >= SHINGLE)
        .map(|ends| Run {
            a: run.a + ends[0],
            b: run.b + ends[0],
            length: ends[1] - ends[0],
            quoted_a: a.0.words[run.a + ends[0]].quoted,
            quoted_b: b.0.words[run.b + ends[0]].quoted,
        })
        .collect()
}

/// From the first to the last of the words `from..to`.
pub fn words_span(profile: &Profile, from: usize, to: usize) -> Span {
    profile.words[from].span.cover(profile.words[to.max(from + 1) - 1].span)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(text: &str) -> DocumentCard {
        DocumentCard { text: text.to_string(), ..DocumentCard::default() }
    }

    /// `expected`: the words of every run as the second text has them, `!` before those that are no narrative.
    fn check(a: &str, b: &str, expected: &[&str]) {
        let found = shared_text(&card(a), &card(b));
        let runs: Vec<String> =
            found.runs.iter().map(|run| format!("{}{}", if run.narrative { "" } else { "!" }, run.b.of(b))).collect();
        assert_eq!(runs, expected, "{found:#?}");
    }

    #[test]
    fn runs_are_exact_words_in_place() {
        check(
            "Two cranes collapsed into the basin near the northern pier on Monday.",
            "Later two Cranes, collapsed into the basin; nobody was hurt.",
            &["two Cranes, collapsed into the basin"],
        );
        check(
            "She said: “The ropes were rotten for years.” The quay is shut.",
            "The ropes were rotten for years, she said.",
            &["!The ropes were rotten for years"],
        );
        check(
            "The quay is shut until autumn.\n\n“The ropes were rotten for years,” she said.",
            "The quay is shut until autumn.\n\nThe ropes were rotten for years, she said.",
            &["The quay is shut until autumn", "!The ropes were rotten for years"],
        );
        check("Two cranes collapsed.", "A barge burned in the harbour all night long.", &[]);
    }

    #[test]
    fn amounts_count_unquoted_words_once() {
        let a = "Two cranes collapsed into the basin. The quay is shut for repairs until autumn.";
        let b = "Two cranes collapsed into the basin. “Nobody was hurt,” he said.";
        let found = shared_text(&card(a), &card(b));
        assert_eq!((found.narrative_a, found.copied_a), (14, 6));
        assert_eq!((found.narrative_b, found.copied_b), (8, 6));
    }
}
