//! Patterns for whole lines, prepared only when a line comes that may match.
//!
//! In: the text of a pattern. Out: what a line must hold for it to match at all, and the prepared pattern on demand.
//! Preparing all patterns of the passage tables takes longer than reading an article, and most lines match none of them.

use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};

/// Something that a matching line holds, lower case unless the pattern minds case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    pub words: String,
    /// At the very start of the line.
    pub first: bool,
}

/// One pattern for a whole trimmed line.
#[derive(Debug)]
pub struct LinePattern {
    pattern: String,
    exact_case: bool,
    /// A line that matches meets one of these; `None` where that cannot be told.
    pub needs: Option<Vec<Need>>,
    prepared: OnceLock<Option<Regex>>,
}

impl LinePattern {
    pub fn new(pattern: String, exact_case: bool) -> Self {
        let mut needs = needs(&pattern);
        if !exact_case {
            needs.iter_mut().flatten().for_each(|need| need.words = need.words.to_lowercase());
        }
        LinePattern { pattern, exact_case, needs, prepared: OnceLock::new() }
    }

    pub fn exact_case(&self) -> bool {
        self.exact_case
    }

    #[cfg(test)]
    pub fn text(&self) -> &str {
        &self.pattern
    }

    pub fn matches(&self, line: &str) -> bool {
        self.prepared().is_some_and(|regex| regex.is_match(line))
    }

    /// `None` when it is no pattern, which a test of the tables rules out.
    pub fn prepared(&self) -> Option<&Regex> {
        let prepare = || {
            let whole = format!("^(?:{})$", self.pattern);
            RegexBuilder::new(&whole).case_insensitive(!self.exact_case).build().ok()
        };
        self.prepared.get_or_init(prepare).as_ref()
    }
}

/// What a line must hold to match: one of these, whatever else. `None` where every line may match, or the pattern has
/// something this does not know.
fn needs(pattern: &str) -> Option<Vec<Need>> {
    let mut reader = Reader { rest: pattern };
    let found = reader.alternatives(true);
    if reader.rest.is_empty() { found } else { None }
}

/// Reads a pattern from left to right.
struct Reader<'p> {
    rest: &'p str,
}

/// How often something may stand there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Times {
    Once,
    /// At least once.
    More,
    /// Perhaps not at all.
    Perhaps,
}

impl Reader<'_> {
    /// Alternatives up to a closing bracket or the end: each needs something, else none does.
    fn alternatives(&mut self, first: bool) -> Option<Vec<Need>> {
        let mut found = self.sequence(first);
        while let Some(rest) = self.rest.strip_prefix('|') {
            self.rest = rest;
            let more = self.sequence(first);
            found = found.zip(more).map(|(found, more)| [found, more].concat());
        }
        found
    }

    /// Of all that one alternative needs, what is rarest by the look of it.
    fn sequence(&mut self, mut first: bool) -> Option<Vec<Need>> {
        let mut best: Option<Vec<Need>> = None;
        let mut run = Need { words: String::new(), first };
        while let Some(c) = self.rest.chars().next().filter(|&c| c != '|' && c != ')') {
            self.rest = &self.rest[c.len_utf8()..];
            let literal = match c {
                '(' => {
                    let opens = first && run.words.is_empty();
                    keep(&mut best, std::mem::take(&mut run.words), run.first);
                    let inner = self.group(opens);
                    if self.times() != Times::Perhaps {
                        best = better(best, inner);
                    }
                    None
                }
                '[' => {
                    self.class();
                    None
                }
                '\\' => self.escaped(),
                '.' | '^' | '$' => None,
                _ => Some(c),
            };
            let times = if c == '(' { Times::Perhaps } else { self.times() };
            match literal {
                Some(c) if times != Times::Perhaps => run.words.push(c),
                _ => {}
            }
            if literal.is_none() || times != Times::Once {
                keep(&mut best, std::mem::take(&mut run.words), run.first);
                first = false;
                run.first = false;
            }
        }
        keep(&mut best, run.words, run.first);
        best
    }

    /// A group, its opening bracket read: what it needs.
    fn group(&mut self, first: bool) -> Option<Vec<Need>> {
        if let Some(rest) = self.rest.strip_prefix('?') {
            self.rest = rest.split_once(':').map_or("", |(_, rest)| rest);
        }
        let found = self.alternatives(first);
        self.rest = self.rest.strip_prefix(')').unwrap_or("");
        found
    }

    /// A class, its opening bracket read.
    fn class(&mut self) {
        let mut chars = self.rest.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => drop(chars.next()),
                ']' if at > 0 => {
                    self.rest = &self.rest[at + 1..];
                    return;
                }
                _ => {}
            }
        }
        self.rest = "";
    }

    /// What follows a backslash: a mark that stands for itself, or a class or an edge.
    fn escaped(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        if matches!(c, 'p' | 'P') {
            self.rest = self.rest.split_once('}').map_or("", |(_, rest)| rest);
        }
        (!c.is_alphanumeric()).then_some(c)
    }

    fn times(&mut self) -> Times {
        let Some(c) = self.rest.chars().next() else { return Times::Once };
        let times = match c {
            '?' | '*' => Times::Perhaps,
            '+' => Times::More,
            '{' if self.rest.starts_with("{0") => Times::Perhaps,
            '{' => Times::More,
            _ => return Times::Once,
        };
        self.rest = match c {
            '{' => self.rest.split_once('}').map_or("", |(_, rest)| rest),
            _ => &self.rest[1..],
        };
        self.rest = self.rest.strip_prefix('?').unwrap_or(self.rest);
        times
    }
}

fn keep(best: &mut Option<Vec<Need>>, words: String, first: bool) {
    if !words.is_empty() {
        *best = better(best.take(), Some(vec![Need { words, first }]));
    }
}

/// The one that fewer lines meet: long words, and words at the start.
fn better(a: Option<Vec<Need>>, b: Option<Vec<Need>>) -> Option<Vec<Need>> {
    let rarity = |needs: &Option<Vec<Need>>| {
        let all = needs.iter().flatten();
        all.map(|need| need.words.trim().len() + if need.first { 3 } else { 0 }).min().unwrap_or(0)
    };
    if rarity(&b) > rarity(&a) { b } else { a.or(b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, expected: &str) {
        let shown = |need: Need| if need.first { format!("^{}", need.words) } else { need.words };
        let found = needs(pattern).map(|needs| needs.into_iter().map(shown).collect::<Vec<_>>().join("|"));
        assert_eq!(found.as_deref().unwrap_or("anything"), expected, "{pattern}");
    }

    #[test]
    fn what_a_line_must_hold() {
        check("now playing", "^now playing");
        check("more videos(?: now)?", "^more videos");
        check(r"\W{0,3}source: ?[\p{L} .]{2,}", "source:");
        check("photos?", "^photo");
        check("(?:click|tap) here .+", "^click|^tap");
        check("(?:please )?(?:sign up|join)", "sign up|join");
        check("(?:at|in|on) noon", "^at|^in|^on");
        check("top (?:stories|news)", "^top ");
        check("a{2,}b{0,3}", "^a");
        check(r"[\])\]]x?\.y", ".y");
        check(r"(?-i:\p{Lu}\S+(?: \p{Lu}\S+){1,2}) is an? (?:\S+ ){0,4}(?:editor|fellow) of", "editor|fellow");
        check(r"\d+ of", " of");
        check(r"[^\p{L}]+", "anything");
        check("one|.+", "anything");
        check("(?:one|two", "^one|^two");
        check("one)two", "anything");
    }
}
