//! The speech view: attributions whose cue says or writes something, or whose content has quotation marks. What people
//! thought, planned or hoped is left out.

use crate::model::Kind;

use super::Role;
use super::gold::{GoldDocument, Item};
use super::words::Words;

/// Verbs of saying and writing with regular forms.
const REGULAR: &[&str] = &[
    "accuse",
    "acknowledge",
    "add",
    "address",
    "admit",
    "advise",
    "affirm",
    "agree",
    "allege",
    "announce",
    "answer",
    "apologize",
    "apologise",
    "argue",
    "ask",
    "assert",
    "assure",
    "attest",
    "blame",
    "blast",
    "boast",
    "call",
    "caution",
    "charge",
    "chide",
    "cite",
    "claim",
    "clarify",
    "comment",
    "complain",
    "concede",
    "conclude",
    "condemn",
    "confess",
    "confirm",
    "contend",
    "counter",
    "criticize",
    "criticise",
    "declare",
    "decry",
    "demand",
    "denounce",
    "deny",
    "describe",
    "detail",
    "disclose",
    "discuss",
    "dismiss",
    "dispute",
    "echo",
    "elaborate",
    "emphasize",
    "emphasise",
    "estimate",
    "exclaim",
    "explain",
    "express",
    "highlight",
    "hint",
    "imply",
    "indicate",
    "inform",
    "inquire",
    "insist",
    "joke",
    "label",
    "lament",
    "maintain",
    "mention",
    "mock",
    "mumble",
    "mutter",
    "name",
    "narrate",
    "note",
    "object",
    "observe",
    "offer",
    "opine",
    "outline",
    "pledge",
    "point",
    "portray",
    "post",
    "praise",
    "press",
    "proclaim",
    "promise",
    "pronounce",
    "propose",
    "protest",
    "publish",
    "question",
    "quip",
    "quote",
    "rail",
    "recall",
    "recommend",
    "recount",
    "refer",
    "refuse",
    "refute",
    "reiterate",
    "reject",
    "relate",
    "relay",
    "release",
    "remark",
    "remind",
    "repeat",
    "reply",
    "report",
    "request",
    "respond",
    "retort",
    "retweet",
    "reveal",
    "shout",
    "signal",
    "slam",
    "speculate",
    "state",
    "stress",
    "suggest",
    "summarize",
    "summarise",
    "talk",
    "testify",
    "thank",
    "threaten",
    "tout",
    "tweet",
    "underline",
    "underscore",
    "urge",
    "vow",
    "voice",
    "warn",
    "whisper",
    "witness",
    "wonder",
    "yell",
];

/// Irregular forms, and the nouns and phrases of saying and writing.
const FORMS: &[&str] = &[
    "say",
    "says",
    "said",
    "saying",
    "tell",
    "tells",
    "told",
    "telling",
    "speak",
    "speaks",
    "spoke",
    "spoken",
    "speaking",
    "write",
    "writes",
    "wrote",
    "written",
    "writing",
    "read",
    "reads",
    "reading",
    "sing",
    "sang",
    "swear",
    "swears",
    "swore",
    "sworn",
    "put",
    "puts",
    "putting",
    "according",
    "statement",
    "statements",
    "announcement",
    "comment",
    "comments",
    "remark",
    "remarks",
    "speech",
    "interview",
    "interviews",
    "testimony",
    "letter",
    "email",
    "emails",
    "e-mail",
    "e-mails",
    "memo",
    "message",
    "messages",
    "tweet",
    "tweets",
    "post",
    "posts",
    "report",
    "reports",
    "accusation",
    "accusations",
    "allegation",
    "allegations",
    "assertion",
    "assertions",
    "claim",
    "claims",
    "denial",
    "words",
    "quote",
    "quotes",
    "answer",
    "answers",
    "response",
    "warning",
    "warnings",
    "promise",
    "pledge",
    "call",
    "calls",
    "argument",
    "arguments",
    "criticism",
    "complaint",
    "complaints",
    "question",
    "questions",
    "suggestion",
    "proposal",
    "admission",
    "confirmation",
    "explanation",
    "description",
    "rebuke",
    "per",
    "via",
];

/// Whether the attribution belongs to the speech view.
pub fn is_speech(words: &Words, item: &Item) -> bool {
    let cue = item.cue.iter().map(|&span| words.text(span)).collect::<Vec<_>>().join(" ");
    let says = cue.split(|c: char| !c.is_alphanumeric() && c != '-').any(|word| is_speech_word(&word.to_lowercase()));
    says || words.kind(&words.of(item.spans(Role::Content))) != Kind::Indirect
}

fn is_speech_word(word: &str) -> bool {
    FORMS.contains(&word) || REGULAR.iter().any(|verb| is_form_of(word, verb))
}

/// Whether `word` is the verb, or one of its forms in -s, -ed, -ing.
fn is_form_of(word: &str, verb: &str) -> bool {
    let stem = verb.strip_suffix('e').or_else(|| verb.strip_suffix('y')).unwrap_or(verb);
    let Some(ending) = word.strip_prefix(stem) else { return false };
    let doubled = verb.chars().next_back().is_some_and(|last| ending.strip_prefix(last).is_some_and(is_ending));
    word == verb || word.strip_prefix(verb).is_some_and(is_ending) || is_ending(ending) || doubled
}

fn is_ending(ending: &str) -> bool {
    matches!(ending, "s" | "es" | "ies" | "d" | "ed" | "ied" | "ing" | "ying")
}

/// The documents with speech only.
pub fn speech_only(documents: &[GoldDocument], texts: &[GoldDocument]) -> Vec<GoldDocument> {
    let keep = |document: &GoldDocument, text: &GoldDocument| {
        let words = Words::new(&text.text);
        let attributions = document.attributions.iter().filter(|item| is_speech(&words, item)).cloned().collect();
        GoldDocument { attributions, ..document.clone() }
    };
    documents.iter().zip(texts).map(|(document, text)| keep(document, text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, cue: (usize, usize), content: (usize, usize), expected: bool) {
        let item = Item { cue: vec![cue], content: vec![content], ..Item::default() };
        assert_eq!(is_speech(&Words::new(text), &item), expected, "{text}");
    }

    #[test]
    fn speech_is_told_from_thought() {
        check("He said it rained", (3, 7), (8, 17), true);
        check("He believes it rained", (3, 11), (12, 21), false);
        check("He believes “it rained”", (3, 11), (12, 23), true);
        check("He denied it rained", (3, 9), (10, 19), true);
        check("He hopes it rains", (3, 8), (9, 17), false);
        check("According to him it rained", (0, 12), (17, 26), true);
        check("He planned to stay", (3, 10), (11, 18), false);
        check("He quipped it rained", (3, 10), (11, 20), true);
    }
}
