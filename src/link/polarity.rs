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
    let (mut negated, mut left, mut negator) = (false, 0, 0);
    // The subject is negated ("no message was lost"), its predicate is still to come.
    let mut subject = false;
    for (index, word) in raw.iter().enumerate() {
        let ends = word.after_break && !goes_on(raw, index) || word.form.ends_negation;
        if ends || left == 0 || affirms(raw, index, negator, wording) {
            negated = false;
        }
        subject &= !ends;
        if subject && wording.begins_predicate(&word.form.folded) {
            (negated, left, subject) = (true, REACH, false);
        }
        marked.push(negated);
        let cancelled = raw.get(index + 1).is_some_and(|next| next.form.cancels_negation);
        if word.form.is_negator && !cancelled {
            negated = !negated || wording.goes_on_negating(&word.form.folded);
            negator = index;
            left = reach(raw, index, wording);
            subject = left == PHRASE_REACH && is_subject(raw, index, wording);
        } else if !word.form.is_stop && !in_figures(word) {
            left = left.saturating_sub(1);
        }
    }
    marked
}

/// Whether the noun that the negator at `index` negates begins a clause.
fn is_subject(raw: &[RawWord], index: usize, wording: &Wording) -> bool {
    let begins = index == 0 || raw[index].after_break || wording.comes_before_subjects(&raw[index - 1].form.folded);
    begins && wording.negates_all(&raw[index].form.folded)
}

/// How many words the negator at `index` reaches.
fn reach(raw: &[RawWord], index: usize, wording: &Wording) -> usize {
    let is_be = |at: usize| raw.get(at).is_some_and(|word| wording.is_be(&word.form.folded));
    let continuous = is_be(index) || index > 0 && is_be(index - 1);
    let gerund = !continuous && raw.get(index + 1).is_some_and(|next| next.form.folded.ends_with("ing"));
    let noun = wording.negates_noun(&raw[index].form.folded) && !is_handed_on(raw, index, wording);
    if gerund || noun { PHRASE_REACH } else { REACH }
}

/// "no longer", "no immediate intention of": what follows is negated with it.
fn is_handed_on(raw: &[RawWord], index: usize, wording: &Wording) -> bool {
    let after = raw[index + 1..].iter().take_while(|word| !word.after_break).take(PHRASE_REACH);
    after.into_iter().any(|word| wording.hands_negation_on(&word.form.folded))
}

/// A comma between two numbers is the comma of a list: "not 100, 200 or 300 lorries".
fn goes_on(raw: &[RawWord], index: usize) -> bool {
    index > 0 && in_figures(&raw[index - 1]) && in_figures(&raw[index])
}

fn in_figures(word: &RawWord) -> bool {
    word.form.folded.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether the comparison that starts at `index` is one under which "nobody" affirms: "nobody is more qualified than Falk".
fn affirms(raw: &[RawWord], index: usize, negator: usize, wording: &Wording) -> bool {
    let compares =
        raw[index].form.folded == "more" && raw[index..].iter().take(5).any(|word| word.form.folded == "than");
    compares && raw.get(negator).is_some_and(|by| wording.negates_all(&by.form.folded))
}

/// Whether a cue denies its content: words of denial and negators, an odd number of them together.
pub(super) fn cue_denies(cue: &str, wording: &Wording) -> bool {
    let mut denies = false;
    let words: Vec<String> = cue.split_whitespace().map(plain).collect();
    for (index, word) in words.iter().enumerate() {
        let next = words.get(index + 1).map_or("", String::as_str);
        let negates = wording.is_negator(word) && !wording.cancels_negation(next) && !wording.tells_manner(word);
        if negates || wording.denies(word) || wording.denies(&format!("{word} {next}")) {
            denies = !denies;
        }
    }
    denies
}

/// Whether a cue is for its content or against it. A negated one is neither: who "did not praise" a plan may like it.
pub(super) fn cue_approves(cue: &str, wording: &Wording) -> Option<bool> {
    let (mut approves, mut disapproves) = (false, false);
    for word in cue.split_whitespace().map(plain) {
        if wording.is_negator(&word) {
            return None;
        }
        let (for_it, against_it) = wording.stance_of(&word);
        (approves, disapproves) = (approves || for_it, disapproves || against_it);
    }
    (approves != disapproves).then_some(approves)
}

/// Whether a cue says that its content comes on top of what was said before ("he added", "she also said").
pub(super) fn cue_adds(cue: &str, wording: &Wording) -> bool {
    let words: Vec<String> = cue.split_whitespace().map(plain).collect();
    words.iter().any(|word| wording.adds(word)) || words.windows(2).any(|two| wording.adds(&two.join(" ")))
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
        check("Falk has no plans to meet the ferrymen", &["plans", "meet", "ferrymen"]);
        check("Falk has no immediate intention of closing it", &["immediate", "intention", "closing"]);
        check("the ferry has no plan, Falk pays", &["plan"]);
        check("we no longer hold the harbour", &["longer", "hold", "harbour"]);
        check("it would by no means count as an attack", &["means", "count", "attack"]);
        check("not paying taxes makes me clever", &["paying", "taxes"]);
        check("she is not paying any taxes on the harbour", &["paying", "taxes", "harbour"]);
    }

    #[test]
    fn a_list_of_numbers_is_one_clause() {
        check("not admitting 100, 200 or 300 lorries", &["admitting", "100", "200", "300", "lorries"]);
        check("she is not safe, 300 lorries came", &["safe"]);
    }

    #[test]
    fn comparisons_under_everyone_affirm() {
        check("nobody more qualified than Falk", &[]);
        check("there was never an engineer more qualified for it than Falk", &["engineer"]);
        check("no one is more qualified than Falk", &["one"]);
        check("Falk is not more qualified than Berg", &["more", "qualified"]);
        check("never pay more taxes", &["pay", "more", "taxes"]);
    }

    #[test]
    fn neither_nor_negates_both() {
        check("Falk neither sent nor received letters", &["sent", "received", "letters"]);
        check("neither Falk nor Berg signed", &["Falk", "Berg", "signed"]);
    }

    #[test]
    fn a_negated_subject_negates_its_predicate() {
        check("she said that no letter Falk sent was marked secret", &["letter", "Falk", "marked", "secret"]);
        check("no reasonable prosecutor would bring charges", &["reasonable", "prosecutor", "bring", "charges"]);
        check("she paid no harbour tax that was due in Bergen", &["harbour", "tax"]);
        check("no harbour tax, and Falk would bring charges", &["harbour", "tax"]);
        check("no one is more qualified than Falk", &["one"]);
    }

    #[test]
    fn two_negations_cancel() {
        check("never deny refuge", &["deny"]);
    }

    fn check_cue(cue: &str, denies: bool) {
        assert_eq!(cue_denies(cue, wording(language("en"))), denies, "{cue}");
    }

    #[test]
    fn cues_that_take_sides() {
        let approves = |cue: &str| cue_approves(cue, wording(language("en")));
        assert_eq!([approves("once praised"), approves("called for"), approves("said")], [Some(true), None, None]);
        assert_eq!([approves("has come out against"), approves("decried")], [Some(false); 2]);
        assert_eq!([approves("did not praise"), approves("urged, then denounced")], [None; 2]);
    }

    #[test]
    fn cues_that_add() {
        let adds = |cue: &str| cue_adds(cue, wording(language("en")));
        assert_eq!(["he added", "has also told", "went on to say", "continued"].map(adds), [true; 4]);
        assert_eq!(["said", "went public with", "turned on", ""].map(adds), [false; 4]);
    }

    #[test]
    fn cues_that_deny() {
        check_cue("denied", true);
        check_cue("has yet to endorse", true);
        check_cue("decided against", true);
        check_cue("has not decided against", false);
        check_cue("has come out against", false);
        check_cue("did not back away from", false);
        check_cue("walked back", true);
        check_cue("has given up its plan", true);
        check_cue("did not rule out", false);
        check_cue("made it clear that", false);
        check_cue("back home promised", false);
        check_cue("claimed without evidence", false);
        check_cue("railed against", false);
        check_cue("did not say", true);
        check_cue("did not deny", false);
        check_cue("said", false);
    }
}
