//! Which words of a content stand under a negation, and whether a cue denies what it reports.

use crate::lang::Wording;
use crate::text::fold_word;

use super::words::RawWord;

/// A negator reaches this many words after it that are not function words, within its clause.
const REACH: usize = 5;

/// A negated noun or gerund ("no taxes", "not paying taxes") reaches no further than its phrase.
const PHRASE_REACH: usize = 2;

/// For each word, whether it stands under an odd number of negators.
pub(super) fn mark_negation(raw: &[RawWord], wording: &Wording) -> Vec<bool> {
    let mut marked = Vec::with_capacity(raw.len());
    let (mut negated, mut left) = (false, 0);
    for (index, word) in raw.iter().enumerate() {
        if word.after_break || wording.ends_negation(&word.folded) || left == 0 {
            negated = false;
        }
        marked.push(negated);
        let cancelled = raw.get(index + 1).is_some_and(|next| wording.cancels_negation(&next.folded));
        if wording.is_negator(&word.folded) && !cancelled {
            negated = !negated;
            let gerund = raw.get(index + 1).is_some_and(|next| next.folded.ends_with("ing"));
            left = if gerund || wording.negates_noun(&word.folded) { PHRASE_REACH } else { REACH };
        } else if !wording.is_stop(&word.folded) {
            left = left.saturating_sub(1);
        }
    }
    marked
}

/// Whether a cue denies its content: a word of denial, or an odd number of negators.
pub(super) fn cue_denies(cue: &str, wording: &Wording) -> bool {
    let mut denies = false;
    let words: Vec<String> = cue.split_whitespace().map(plain).collect();
    for (index, word) in words.iter().enumerate() {
        let cancelled = words.get(index + 1).is_some_and(|next| wording.cancels_negation(next));
        let has_yet = word == "yet" && words.get(index + 1).is_some_and(|next| next == "to");
        if wording.denies(word) || wording.is_negator(word) && !cancelled || has_yet {
            denies = !denies;
        }
    }
    denies
}

fn plain(word: &str) -> String {
    fold_word(word).chars().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::{language, wording};
    use crate::link::testing::variant;
    use crate::link::words::prepare;

    fn check(text: &str, negated: &[&str]) {
        let variant = variant(text);
        let prepared = prepare(&variant);
        let found: Vec<&str> = prepared
            .words
            .iter()
            .filter(|word| word.negated && word.is_content())
            .map(|word| word.span.of(text))
            .collect();
        assert_eq!(found, negated, "{text}");
    }

    #[test]
    fn negation_reaches_to_the_end_of_its_clause() {
        check("the bridge is not safe for lorries, the engineer found", &["safe", "lorries"]);
        check("she won’t sign it because the price rose", &["sign"]);
        check("not only safe", &[]);
        check("the bridge is safe", &[]);
        check("paying no income tax was clever", &["income", "tax"]);
        check("not paying taxes makes me clever", &["paying", "taxes"]);
    }

    #[test]
    fn two_negations_cancel() {
        check("never deny refuge", &["deny"]);
    }

    fn check_cue(cue: &str, denies: bool) {
        assert_eq!(cue_denies(cue, wording(language("en"))), denies, "{cue}");
    }

    #[test]
    fn cues_that_deny() {
        check_cue("denied", true);
        check_cue("has yet to endorse", true);
        check_cue("did not say", true);
        check_cue("did not deny", false);
        check_cue("said", false);
    }
}
