//! The cue table of a language: forms in, what they signal and what may follow them out.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::model::Act;

use super::Language;
use super::tables::HashMap;

/// What may stand beside a cue as its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Takes {
    /// A clause after it, with or without "that".
    Clause,
    /// A clause after it, only with "that".
    That,
    /// Quoted words after it.
    Quote,
    /// Anything before it ("…, X said").
    Before,
    /// Quoted words before it.
    BeforeQuote,
    /// A noun phrase after it.
    Object,
    /// An infinitive after it.
    To,
    /// A clause with "whether", "if", "why" … after it.
    Wh,
    /// The one who is told stands between cue and content.
    Addressee,
}

/// One cue: a lemma with its forms, and the sentences that hold it to account.
#[derive(Clone, Debug)]
pub struct Cue {
    pub lemma: String,
    pub class: String,
    pub takes: Vec<Takes>,
    pub act: Act,
    /// Sentences in marked form in which the marked attribution must be found.
    pub accept: Vec<String>,
    /// Sentences in which no attribution may be found.
    pub reject: Vec<String>,
}

impl Cue {
    pub fn takes(&self, what: Takes) -> bool {
        self.takes.contains(&what)
    }
}

/// All cues of one language.
#[derive(Debug)]
pub struct CueTable {
    pub cues: Vec<Cue>,
    /// First word of a form → the other words of the form and the cue it belongs to, longest first.
    forms: HashMap<String, Vec<(Vec<String>, usize)>>,
}

impl CueTable {
    /// The longest form that starts with `words[0]` and goes on with the words after it: its length and its cue.
    pub fn find<'w>(&self, first: &str, mut rest: impl FnMut(usize) -> Option<&'w str>) -> Option<(usize, usize)> {
        let forms = self.forms.get(first)?;
        forms.iter().find_map(|(more, cue)| {
            let fits = more.iter().enumerate().all(|(i, word)| rest(i) == Some(word.as_str()));
            fits.then_some((1 + more.len(), *cue))
        })
    }
}

#[derive(Deserialize)]
struct Class {
    takes: Vec<Takes>,
    #[serde(default = "statement")]
    act: Act,
}

fn statement() -> Act {
    Act::Statement
}

#[derive(Deserialize)]
struct Entry {
    lemma: String,
    class: String,
    forms: Vec<String>,
    act: Option<Act>,
    takes: Option<Vec<Takes>>,
    accept: Vec<String>,
    reject: Vec<String>,
}

#[derive(Deserialize)]
struct File {
    classes: BTreeMap<String, Class>,
    cue: Vec<Entry>,
}

static ENGLISH: LazyLock<CueTable> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("en/cues.toml")).expect("the cue table is checked by a test");
    table(file)
});

fn table(file: File) -> CueTable {
    let mut cues = Vec::new();
    let mut forms: HashMap<String, Vec<(Vec<String>, usize)>> = HashMap::default();
    for entry in file.cue {
        for form in &entry.forms {
            let mut words = form.split(' ').map(str::to_string);
            let first = words.next().unwrap_or_default();
            forms.entry(first).or_default().push((words.collect(), cues.len()));
        }
        let class = file.classes.get(&entry.class);
        let takes = entry.takes.or_else(|| class.map(|class| class.takes.clone())).unwrap_or_default();
        let act = entry.act.or_else(|| class.map(|class| class.act)).unwrap_or(Act::Statement);
        let Entry { lemma, class, accept, reject, .. } = entry;
        cues.push(Cue { lemma, class, takes, act, accept, reject });
    }
    for rows in forms.values_mut() {
        rows.sort_by_key(|(more, cue)| (usize::MAX - more.len(), *cue));
    }
    CueTable { cues, forms }
}

/// The cues of `language`; `None` where it has no table.
pub fn cues(language: &Language) -> Option<&'static CueTable> {
    (language.code == "en").then(|| &*ENGLISH)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::{UNKNOWN, language};

    fn find(words: &[&str]) -> Option<(usize, &'static str)> {
        let table = cues(language("en"))?;
        let (length, cue) = table.find(words[0], |i| words.get(i + 1).copied())?;
        Some((length, &table.cues[cue].lemma))
    }

    #[test]
    fn the_longest_form_wins() {
        assert_eq!(find(&["called", "for", "calm"]), Some((2, "call for")));
        assert_eq!(find(&["called", "it", "calm"]), Some((1, "call")));
        assert_eq!(find(&["pointed", "north"]), None);
    }

    #[test]
    fn every_entry_names_a_class_and_has_both_kinds_of_sentences() {
        let table = cues(language("en")).unwrap();
        for cue in &table.cues {
            assert!(!cue.takes.is_empty(), "{}: no such class", cue.lemma);
            assert!(!cue.accept.is_empty() && !cue.reject.is_empty(), "{}", cue.lemma);
        }
        assert!(cues(&UNKNOWN).is_none());
    }
}
