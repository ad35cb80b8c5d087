//! Rules for lines that are no body text (page debris, captions), as data. In: a language code. Out: its rules.
//! A rule knows one line only; what depends on the lines around it is the reader's business.

use std::sync::{LazyLock, OnceLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use regex::{RegexSet, RegexSetBuilder};
use serde::Deserialize;

use crate::model::PassageKind;

use super::line_pattern::LinePattern;

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
    patterns: Vec<LinePattern>,
    /// Words that speak against the rule, anywhere in the line.
    unless: Vec<String>,
    unless_prepared: OnceLock<Option<RegexSet>>,
    pub accept: Vec<String>,
    pub reject: Vec<String>,
}

impl LineRule {
    /// Whether the rule takes this trimmed line.
    pub fn takes(&self, line: &str) -> bool {
        self.fits(line) && self.patterns.iter().any(|pattern| pattern.matches(line)) && !self.speaks_against(line)
    }

    fn fits(&self, line: &str) -> bool {
        line.len() <= 4 * self.longest && line.chars().count() <= self.longest
    }

    fn speaks_against(&self, line: &str) -> bool {
        let prepare = || RegexSetBuilder::new(&self.unless).case_insensitive(true).build().ok();
        !self.unless.is_empty()
            && self.unless_prepared.get_or_init(prepare).as_ref().is_some_and(|set| set.is_match(line))
    }
}

/// The rules with an index of what their patterns need, so that a line meets few of them.
struct Rules {
    rules: Vec<LineRule>,
    /// Looked for in the line as it is, and in the line in lower case.
    exact: Index,
    lower: Index,
    /// Patterns of which nobody can tell what they need.
    always: Vec<(usize, usize)>,
}

/// What to look for in a line, and the patterns (rule, pattern) that need it.
#[derive(Default)]
struct Index {
    words: Vec<String>,
    users: Vec<(usize, usize)>,
    /// The words that must stand first, sorted, as numbers into `words`.
    first: Vec<usize>,
    anywhere: Vec<usize>,
    finder: Option<AhoCorasick>,
}

impl Rules {
    fn of(rules: Vec<LineRule>) -> Self {
        let (mut exact, mut lower, mut always) = (Index::default(), Index::default(), Vec::new());
        for (number, rule) in rules.iter().enumerate() {
            for (at, pattern) in rule.patterns.iter().enumerate() {
                let index = if pattern.exact_case() { &mut exact } else { &mut lower };
                match &pattern.needs {
                    None => always.push((number, at)),
                    Some(needs) => needs.iter().for_each(|need| index.add(&need.words, need.first, (number, at))),
                }
            }
        }
        exact.finish();
        lower.finish();
        Rules { rules, exact, lower, always }
    }

    /// The first rule that takes this trimmed line.
    fn find(&self, line: &str) -> Option<&LineRule> {
        let mut users = self.always.clone();
        self.exact.collect(line, &mut users);
        self.lower.collect(&line.to_lowercase(), &mut users);
        users.sort_unstable();
        users.dedup();
        users.chunk_by(|a, b| a.0 == b.0).map(|users| (&self.rules[users[0].0], users)).find_map(|(rule, users)| {
            let matches = || users.iter().any(|&(_, at)| rule.patterns[at].matches(line));
            (rule.fits(line) && matches() && !rule.speaks_against(line)).then_some(rule)
        })
    }
}

impl Index {
    fn add(&mut self, words: &str, first: bool, user: (usize, usize)) {
        if first { &mut self.first } else { &mut self.anywhere }.push(self.words.len());
        self.words.push(words.to_string());
        self.users.push(user);
    }

    fn finish(&mut self) {
        let words = &self.words;
        self.first.sort_by(|&a, &b| words[a].cmp(&words[b]));
        let anywhere = self.anywhere.iter().map(|&at| &words[at]);
        let mut builder = AhoCorasick::builder();
        builder.match_kind(MatchKind::Standard).kind(Some(AhoCorasickKind::NoncontiguousNFA));
        self.finder = builder.build(anywhere).ok();
    }

    /// Adds the patterns whose needs this line meets.
    fn collect(&self, line: &str, users: &mut Vec<(usize, usize)>) {
        let Some(initial) = line.as_bytes().first() else { return };
        let initial_of = |at: &usize| self.words[*at].as_bytes().first();
        let from = self.first.partition_point(|at| initial_of(at) < Some(initial));
        let same = self.first[from..].iter().take_while(|at| initial_of(at) == Some(initial));
        users.extend(same.filter(|at| line.starts_with(&self.words[**at])).map(|&at| self.users[at]));
        let found = self.finder.iter().flat_map(|finder| finder.find_overlapping_iter(line));
        users.extend(found.map(|hit| self.users[self.anywhere[hit.pattern().as_usize()]]));
    }
}

fn rules_of(toml: &str) -> Vec<LineRule> {
    let table: Table = toml::from_str(toml).expect("the passage tables are checked by a test");
    let rule = |entry: Entry| LineRule {
        patterns: entry.patterns.into_iter().map(|pattern| LinePattern::new(pattern, entry.exact_case)).collect(),
        unless: entry.unless,
        unless_prepared: OnceLock::new(),
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

/// Those of any language, then the English ones.
static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let tables = [include_str!("passages.toml"), include_str!("en/passages.toml")];
    Rules::of(tables.into_iter().flat_map(rules_of).collect())
});

/// The rules for texts in the language with this code: those of any language, then its own. English debris also stands
/// on pages of other languages and of unknown ones, so its rules serve everywhere.
pub fn line_rules(_code: &str) -> impl Iterator<Item = &'static LineRule> {
    RULES.rules.iter()
}

/// The first of these rules that takes a trimmed line.
pub fn line_rule_for(_code: &str, line: &str) -> Option<&'static LineRule> {
    RULES.find(line)
}

#[cfg(test)]
mod tests {
    use proptest::strategy::{Strategy, ValueTree};
    use proptest::string::string_regex;
    use proptest::test_runner::TestRunner;

    use super::*;
    use crate::lang::line_pattern::Need;

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

    /// A pattern that cannot be prepared would match nothing, silently.
    #[test]
    fn every_pattern_can_be_prepared() {
        for rule in line_rules("en") {
            for pattern in &rule.patterns {
                assert!(pattern.prepared().is_some(), "{}: {pattern:?}", rule.id);
            }
            assert!(RegexSetBuilder::new(&rule.unless).build().is_ok(), "{}", rule.id);
        }
    }

    /// Looking only at the patterns whose needs a line meets finds the same rule as trying all.
    #[test]
    fn what_a_pattern_needs_is_never_too_much() {
        let all = |line: &str| line_rules("en").find(|rule| rule.takes(line)).map(|rule| &rule.id);
        for rule in line_rules("en") {
            for line in rule.accept.iter().chain(&rule.reject) {
                for line in [line.clone(), line.to_uppercase(), line.to_lowercase()] {
                    assert_eq!(line_rule_for("en", &line).map(|rule| &rule.id), all(&line), "{line}");
                }
            }
        }
    }

    /// The same on lines made up from the patterns themselves (those of which lines can be made up).
    #[test]
    fn lines_made_from_a_pattern_meet_its_needs() {
        let mut runner = TestRunner::deterministic();
        let mut tried = 0;
        for pattern in line_rules("en").flat_map(|rule| &rule.patterns) {
            let Ok(lines) = string_regex(pattern.text()) else { continue };
            for _ in 0..20 {
                let line = lines.new_tree(&mut runner).expect("a line").current();
                let found = |need: &Need| {
                    let line = if pattern.exact_case() { line.clone() } else { line.to_lowercase() };
                    if need.first { line.starts_with(&need.words) } else { line.contains(&need.words) }
                };
                let needs = pattern.needs.as_ref();
                assert!(needs.is_none_or(|needs| needs.iter().any(found)), "{pattern:?} leaves {line:?}");
            }
            tried += 1;
        }
        assert!(tried > 100, "{tried}");
    }

    #[test]
    fn ids_are_unique() {
        let mut ids: Vec<&str> = line_rules("en").map(|rule| rule.id.as_str()).collect();
        ids.sort_unstable();
        assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "{ids:?}");
    }
}
