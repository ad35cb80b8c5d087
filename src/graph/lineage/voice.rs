//! Whose voice a sentence of narrative speaks in, as far as its words tell: somebody's, nobody's, or hearsay.
//!
//! A word of reporting may hand the sentence to a source that was not found, so it counts as somebody's. Hearsay ("there have
//! been reports of …") hands it to nobody at all: whoever said it has been left out.

use crate::lang::CueTable;
use crate::text::{self, Span};

/// Classes of cues that report speech; the others ("find", "plan", "attack") mostly do not.
const SPEECH: &[&str] = &[
    "say", "that", "quote", "add", "write", "tell", "announce", "claim", "deny", "accuse", "think", "reply", "refuse",
];

/// Forms of such cues that are mostly something else.
const NOT_SPEECH: &[&str] = &["state", "states", "post", "posts", "read", "reads", "stress"];

/// Other cues whose content is what somebody says.
const ALSO_SPEECH: &[&str] =
    &["describe", "cite", "call for", "call on", "refer to", "speak of", "talk about", "point to"];

/// Words that hand something to a source, or leave it open, without a verb of speech.
const ATTRIBUTING: &[&[&str]] = &[
    &["according", "to"],
    &["reportedly"],
    &["allegedly"],
    &["alleged"],
    &["purportedly"],
    &["apparently"],
    &["supposedly"],
    &["in", "a", "statement"],
    &["in", "the", "words", "of"],
    &["in", "the", "view", "of"],
    &["in", "his", "view"],
    &["in", "her", "view"],
    &["sources"],
    &["spokesman"],
    &["spokeswoman"],
    &["spokesperson"],
];

/// Hearsay: told by nobody. `_` stands for any one word ("there have been several reports of").
const HEARSAY: &[&[&str]] = &[
    &["there", "have", "been", "reports"],
    &["there", "have", "been", "_", "reports"],
    &["there", "has", "been", "a", "report"],
    &["there", "were", "reports"],
    &["there", "were", "_", "reports"],
    &["there", "are", "reports"],
    &["there", "are", "_", "reports"],
    &["it", "was", "reported", "that"],
    &["it", "is", "reported", "that"],
    &["it", "has", "been", "reported", "that"],
    &["unconfirmed", "reports"],
    &["amid", "reports"],
];

/// Whose voice a sentence speaks in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// A word of reporting, or of handing it to a source.
    Somebodys,
    /// Hearsay from this byte of the sentence on, and no other word of reporting.
    Hearsay(usize),
    /// The narrator's.
    Plain,
}

/// The voice of a sentence, by its words.
pub fn voice(sentence: &str, cues: &CueTable) -> Voice {
    let spans: Vec<Span> = text::words(sentence);
    let words: Vec<String> = spans.iter().map(|word| word.of(sentence).to_lowercase()).collect();
    let hearsay =
        (0..words.len()).find_map(|at| HEARSAY.iter().find(|it| stands(it, &words[at..])).map(|it| (at, it.len())));
    let told_by_nobody = |at: usize| hearsay.is_some_and(|(from, count)| (from..from + count).contains(&at));
    if (0..words.len()).any(|at| !told_by_nobody(at) && reports(&words, at, cues)) {
        return Voice::Somebodys;
    }
    hearsay.map_or(Voice::Plain, |(at, _)| Voice::Hearsay(spans[at].start))
}

fn stands(phrase: &[&str], words: &[String]) -> bool {
    words.len() >= phrase.len() && phrase.iter().zip(words).all(|(word, here)| *word == "_" || word == here)
}

/// Whether a word of reporting, or of handing something to a source, begins here.
fn reports(words: &[String], at: usize, cues: &CueTable) -> bool {
    if ATTRIBUTING.iter().any(|phrase| stands(phrase, &words[at..])) {
        return true;
    }
    let found = cues.find(&words[at], |next| words.get(at + 1 + next).map(String::as_str));
    found.is_some_and(|(_, cue)| {
        let cue = &cues.cues[cue];
        let speech = SPEECH.contains(&cue.class.as_str()) || ALSO_SPEECH.contains(&cue.lemma.as_str());
        speech && !NOT_SPEECH.contains(&words[at].as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang;

    /// `expected`: `!` for somebody's, empty for the narrator's, else the words from which on it is hearsay.
    fn check(sentence: &str, expected: &str) {
        let cues = lang::cues(lang::language("en")).expect("English has cues");
        let found = match voice(sentence, cues) {
            Voice::Somebodys => "!",
            Voice::Hearsay(from) => &sentence[from..],
            Voice::Plain => "",
        };
        assert_eq!(found, expected, "{sentence}");
    }

    #[test]
    fn words_of_reporting_are_somebodys() {
        check("Four barges sank, the harbour master said", "!");
        check("According to Falk four barges sank", "!");
        check("Four barges reportedly sank", "!");
        check("The mayor denied it", "!");
        check("A spokeswoman for the port waved", "!");
    }

    #[test]
    fn plain_narrative_is_the_narrators() {
        check("Four barges sank in the harbour on Tuesday", "");
        check("State television showed the fire", "");
        check("The dockers attacked the fence and found a boat", "");
    }

    #[test]
    fn hearsay_is_nobodys() {
        check("Later there have been reports of gunfire in Lindow", "there have been reports of gunfire in Lindow");
        check("There were conflicting reports of a leak", "There were conflicting reports of a leak");
        check("It was reported that four barges sank", "It was reported that four barges sank");
        check("The quay was shut amid reports of a leak", "amid reports of a leak");
    }

    #[test]
    fn hearsay_that_somebody_tells_is_somebodys() {
        check("There have been reports of gunfire, the harbour master said", "!");
        check("According to Falk there were reports of gunfire", "!");
        check("The agency reports that four barges sank", "!");
        check("It was reported by Tarvpress", "!");
    }
}
