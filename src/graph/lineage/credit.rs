//! Which outlets a document gives credit to: "told CNN", "reported by Reuters", "– The Guardian", "(AFP)", "AP/Name".
//!
//! In: a text and the names to look for. Out: credits with their places. A name that is merely mentioned is no credit.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::graph::DocumentCard;
use crate::model::Id;
use crate::text::{Span, lines, match_key};

/// Wire services under the names they are credited by. "Portal" is what some rewriting sites print for Reuters.
const WIRES: &[&[&str]] = &[
    &["Reuters", "Portal"],
    &["Associated Press", "AP"],
    &["Agence France-Presse", "AFP"],
    &["Deutsche Presse-Agentur", "dpa"],
    &["Press Association", "PA Media"],
    &["United Press International", "UPI"],
    &["Bloomberg"],
    &["Xinhua"],
    &["TASS"],
    &["RIA Novosti", "RIA"],
    &["Interfax"],
    &["Ukrinform"],
    &["ANSA"],
    &["Austria Presse Agentur", "APA"],
    &["Kyodo"],
    &["Anadolu"],
];

/// Words before a name that make it a credit; "the" and what kind of outlet it is may stand between.
const BEFORE: &[&str] = &[
    "told", "tells", "citing", "cites", "quoting", "cited", "by", "to", "via", "with", "source", "credit", "from",
    "informed",
];

/// Of those, words that need another word before them: "reported by", "according to", "interview with".
const BEFORE_PAIRS: &[(&str, &[&str])] = &[
    ("by", &["reported", "published", "quoted", "cited", "obtained", "seen", "carried", "interviewed"]),
    ("to", &["according", "speaking", "spoke", "statement", "interview"]),
    ("with", &["interview", "spoke", "speaking", "call"]),
    ("from", &["report", "reporting", "reports", "news"]),
];

/// Words after a name that make it a credit.
const AFTER: &[&str] = &["reported", "reports", "writes", "wrote", "quoted", "learned", "learnt", "said", "says"];

/// Words that may stand between the cue and the name.
const BETWEEN: &[&str] =
    &["the", "newspaper", "news", "agency", "state", "broadcaster", "wire", "channel", "outlet", "website", "magazine"];

/// The names to look for, of outlets at hand and of wire services, each with a number.
#[derive(Debug)]
pub struct Names {
    finder: Option<AhoCorasick>,
    /// Number of each pattern's name, and how long the pattern is.
    pattern_names: Vec<usize>,
    /// Match keys of the principal names.
    keys: Vec<String>,
    /// Names as shown.
    shown: Vec<String>,
}

/// A credit in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credit {
    /// Number of the name.
    pub name: usize,
    /// The line it stands in.
    pub line: Span,
    /// It credits the whole text: in the headline, the dateline or the last line.
    pub whole: bool,
    /// The words that make it a credit.
    pub words: String,
}

/// A document credits an outlet or wire service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credited {
    pub document: Id,
    pub name: String,
    pub is_wire: bool,
    /// The whole text is credited to it, not only a part.
    pub whole: bool,
    /// The words that make it a credit.
    pub words: String,
}

impl Names {
    /// `outlets`: names of the outlets at hand, as printed; domains count with and without their ending.
    pub fn new<'n>(outlets: impl Iterator<Item = &'n str>) -> Names {
        let mut spellings: BTreeMap<String, usize> = BTreeMap::new();
        let mut names = Names { finder: None, pattern_names: Vec::new(), keys: Vec::new(), shown: Vec::new() };
        for wire in WIRES {
            let number = names.add(wire[0]);
            for spelling in *wire {
                spellings.entry(spelling.to_lowercase()).or_insert(number);
            }
        }
        for outlet in outlets {
            let outlet = outlet.trim();
            if outlet.chars().count() < 2 {
                continue;
            }
            let known = WIRES.iter().position(|wire| wire.iter().any(|name| match_key(name) == match_key(outlet)));
            let number = known.unwrap_or_else(|| names.add(outlet));
            for spelling in spellings_of(outlet) {
                spellings.entry(spelling.to_lowercase()).or_insert(number);
            }
        }
        let patterns: Vec<&String> = spellings.keys().collect();
        names.finder = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostLongest)
            .build(&patterns)
            .ok();
        names.pattern_names = spellings.values().copied().collect();
        names
    }

    fn add(&mut self, name: &str) -> usize {
        let key = match_key(name);
        if let Some(at) = self.keys.iter().position(|known| *known == key) {
            return at;
        }
        self.keys.push(key);
        self.shown.push(name.to_string());
        self.keys.len() - 1
    }

    /// The number of an outlet's name.
    pub fn number(&self, outlet: &str) -> Option<usize> {
        if outlet.trim().is_empty() {
            return None;
        }
        let key = match_key(outlet);
        let wire = WIRES.iter().position(|wire| wire.iter().any(|name| match_key(name) == key));
        wire.or_else(|| self.keys.iter().position(|known| *known == key))
    }

    /// What one document gives credit to, each name once: a credit of the whole text before others.
    pub fn credited(&self, card: &DocumentCard) -> Vec<Credited> {
        let own = self.number(&card.outlet);
        let mut found: BTreeMap<usize, Credited> = BTreeMap::new();
        for credit in self.credits(&card.text).into_iter().filter(|credit| Some(credit.name) != own) {
            let made = Credited {
                document: card.id.clone(),
                name: self.shown(credit.name).to_string(),
                is_wire: credit.name < WIRES.len(),
                whole: credit.whole,
                words: credit.words,
            };
            let known = found.entry(credit.name).or_insert_with(|| made.clone());
            if made.whole && !known.whole {
                *known = made;
            }
        }
        found.into_values().collect()
    }

    /// The name behind a number.
    fn shown(&self, number: usize) -> &str {
        self.shown.get(number).map_or("", String::as_str)
    }

    /// All credits in a text, in order.
    pub fn credits(&self, text: &str) -> Vec<Credit> {
        let Some(finder) = &self.finder else { return Vec::new() };
        let lines = lines(text);
        let mut found = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            let place = Place { first: at < 2, last: at + 1 == lines.len(), early: line.start < 400 };
            for hit in finder.find_iter(line.of(text)) {
                let name = Span::new(line.start + hit.start(), line.start + hit.end());
                if let Some((whole, words)) = credit(text, *line, name, &place) {
                    found.push(Credit {
                        name: self.pattern_names[hit.pattern().as_usize()],
                        line: *line,
                        whole,
                        words,
                    });
                }
            }
        }
        found
    }
}

/// "theguardian.com" is also written "theguardian"; "The Harbour Post" also "Harbour Post".
pub fn spellings_of(outlet: &str) -> Vec<String> {
    let mut found = vec![outlet.to_string()];
    if let Some(bare) = outlet.strip_prefix("The ").filter(|bare| bare.len() >= 4) {
        found.push(bare.to_string());
    }
    let is_domain = outlet.contains('.') && !outlet.contains(char::is_whitespace);
    if let Some((stem, _)) = outlet.split_once('.').filter(|(stem, _)| is_domain && stem.len() >= 3) {
        found.push(stem.to_string());
    }
    found
}

/// Where a line stands in its text.
struct Place {
    first: bool,
    last: bool,
    early: bool,
}

/// Whether the name at `name` is credited, for the whole text or only here, and by which words.
fn credit(text: &str, line: Span, name: Span, place: &Place) -> Option<(bool, String)> {
    let printed = name.of(text);
    if !stands_alone(text, name) || !printed.chars().any(char::is_uppercase) && !printed.contains("dpa") {
        return None;
    }
    let before = &text[line.start..name.start];
    let after = &text[name.end..line.end];
    let quote = |words: &str| words.trim().to_string();
    if place.first && after.trim().is_empty() && before.trim_end().ends_with(['–', '—', '-', '|']) {
        return Some((true, quote(&format!("– {printed}"))));
    }
    if before.trim_end().ends_with('(') && after.trim_start().starts_with(')') && (place.early || place.last) {
        return Some((true, format!("({printed})")));
    }
    if before.trim().is_empty() && after.starts_with('/') {
        return Some((false, format!("{printed}/…")));
    }
    let words: Vec<String> = before.split_whitespace().rev().take(5).map(bare).collect();
    let words: Vec<&str> =
        words.iter().map(String::as_str).skip_while(|word| BETWEEN.contains(word) || word.is_empty()).collect();
    if let Some(cue) = words.first().filter(|word| BEFORE.contains(word)) {
        let pair = BEFORE_PAIRS.iter().find(|(second, _)| second == cue);
        let earlier = &words[1..];
        match pair {
            None => return Some((false, format!("{cue} {printed}"))),
            Some((_, firsts)) => {
                if let Some(first) = earlier.first().filter(|word| firsts.contains(word)) {
                    return Some((false, format!("{first} {cue} {printed}")));
                }
            }
        }
    }
    let next = after.split_whitespace().next().map(bare).unwrap_or_default();
    let at_once = !after.starts_with([',', '.', ';', '\'', '’']);
    (at_once && AFTER.contains(&next.as_str())).then(|| (false, format!("{printed} {next}")))
}

fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

fn stands_alone(text: &str, name: Span) -> bool {
    let before = text[..name.start].chars().next_back();
    let after = text[name.end..].chars().next();
    !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `expected` lists what is credited: `!` marks a credit of the whole text.
    fn check(text: &str, expected: &str) {
        let names = Names::new(["The Harbour Post", "CNN", "lantern.example", "Time"].into_iter());
        let found: Vec<String> = names
            .credits(text)
            .iter()
            .map(|credit| format!("{}{}", names.shown(credit.name), if credit.whole { "!" } else { "" }))
            .collect();
        assert_eq!(found.join(" "), expected, "{text}");
    }

    #[test]
    fn credits_are_found() {
        check("He told CNN on Wednesday that it was over.", "CNN");
        check("The mayor told the newspaper The Harbour Post.", "The Harbour Post");
        check("According to Harbour Post, the quay is shut.", "The Harbour Post");
        check("It was first reported by Lantern on Monday.", "lantern.example");
        check("Fire in the harbour – The Harbour Post\n\nText.", "The Harbour Post!");
        check("HARBOUR (AFP) – The quay is shut.", "Agence France-Presse!");
        check("Portal/Port Authority A crane", "Reuters");
        check("In an interview with CNN, she denied it.", "CNN");
        check("Time reported that it was shut.", "Time");
    }

    #[test]
    fn mentions_are_not_credits() {
        check("CNN built a new studio.", "");
        check("A CNNology conference told nobody.", "");
        check("He went to CNN by bus.", "");
        check("By the time said in the plan, it was over.", "");
        check("It was time reports were read.", "");
        check("The yard was bought by CNN.", "");
    }
}
