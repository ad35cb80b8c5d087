//! Rules for lines that are no body text (page debris, captions), as data. In: a language code. Out: its rules.
//! A rule knows one line only; what depends on the lines around it is the reader's business.

use std::sync::LazyLock;

use regex::{RegexSet, RegexSetBuilder};
use serde::Deserialize;

use crate::model::PassageKind;

#[derive(Deserialize)]
struct Table {
    rule: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    id: String,
    kind: PassageKind,
    what: String,
    patterns: Vec<String>,
    #[serde(default)]
    unless: Vec<String>,
    #[serde(default)]
    exact_case: bool,
    #[serde(default = "default_longest")]
    longest: usize,
    #[serde(default)]
    opens: bool,
    accept: Vec<String>,
    reject: Vec<String>,
}

fn default_longest() -> usize {
    160
}

/// One rule for one line.
#[derive(Debug)]
pub struct LineRule {
    /// Evidence rule id, `zone.…`.
    pub id: String,
    pub kind: PassageKind,
    /// One line that explains the rule.
    pub what: String,
    /// Whether a list of links follows such a line.
    pub opens: bool,
    /// Most characters the line may have.
    pub longest: usize,
    patterns: RegexSet,
    /// Words that speak against the rule, anywhere in the line.
    unless: RegexSet,
    pub accept: Vec<String>,
    pub reject: Vec<String>,
}

impl LineRule {
    /// Whether the rule takes this trimmed line.
    pub fn takes(&self, line: &str) -> bool {
        let fits = line.len() <= 4 * self.longest && line.chars().count() <= self.longest;
        fits && self.patterns.is_match(line) && !self.unless.is_match(line)
    }
}

fn rules_of(toml: &str) -> Vec<LineRule> {
    let table: Table = toml::from_str(toml).expect("the passage tables are checked by a test");
    let rule = |entry: Entry| LineRule {
        patterns: whole_line(&entry.patterns, entry.exact_case),
        unless: set_of(entry.unless, false),
        id: entry.id,
        kind: entry.kind,
        what: entry.what,
        opens: entry.opens,
        longest: entry.longest,
        accept: entry.accept,
        reject: entry.reject,
    };
    table.rule.into_iter().map(rule).collect()
}

fn whole_line(patterns: &[String], exact_case: bool) -> RegexSet {
    set_of(patterns.iter().map(|pattern| format!("^(?:{pattern})$")).collect(), exact_case)
}

fn set_of(patterns: Vec<String>, exact_case: bool) -> RegexSet {
    let set = RegexSetBuilder::new(patterns).case_insensitive(!exact_case).build();
    set.expect("the passage patterns are checked by a test")
}

static ANY: LazyLock<Vec<LineRule>> = LazyLock::new(|| rules_of(include_str!("passages.toml")));
static ENGLISH: LazyLock<Vec<LineRule>> = LazyLock::new(|| rules_of(include_str!("en/passages.toml")));

/// The rules for texts in the language with this code: those of any language, then its own. English debris also stands
/// on pages of other languages and of unknown ones, so its rules serve everywhere.
pub fn line_rules(_code: &str) -> impl Iterator<Item = &'static LineRule> {
    ANY.iter().chain(ENGLISH.iter())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_takes_and_leaves_its_own_lines() {
        let mut wrong = Vec::new();
        for rule in line_rules("en") {
            assert!(rule.accept.len() >= 2 && rule.reject.len() >= 2, "{}: too few examples", rule.id);
            wrong.extend(
                rule.accept.iter().filter(|line| !rule.takes(line)).map(|line| format!("{} leaves: {line}", rule.id)),
            );
            wrong.extend(
                rule.reject.iter().filter(|line| rule.takes(line)).map(|line| format!("{} takes: {line}", rule.id)),
            );
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn ids_are_unique() {
        let mut ids: Vec<&str> = line_rules("en").map(|rule| rule.id.as_str()).collect();
        ids.sort_unstable();
        assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "{ids:?}");
    }
}
