//! Units: sentences as sequences of items, a whole quotation counting as one item.
//!
//! In: a reading. Out: one `Unit` per sentence, sentences that one quotation holds together joined. Grammar then works
//! on few items, and nothing said inside quotation marks is mistaken for the reporter's words.

use crate::lang::{Language, WordClass, WordClasses, word_classes};
use crate::model::Reading;
use crate::text::{QuotePair, QuoteStyle, Span, TokenKind};

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemKind {
    Word,
    Punctuation(char),
    /// A whole quotation, marks included; the index is into `Reading::quotes`.
    Quote(usize),
}

#[derive(Clone, Debug)]
pub struct Item {
    pub span: Span,
    pub kind: ItemKind,
    /// Lower case with typographic apostrophes; empty for quotations.
    pub lower: String,
    pub classes: WordClasses,
    /// Starts with a capital letter or a digit.
    pub capital: bool,
    /// All in capitals.
    pub shouted: bool,
    /// A quotation whose last character before the closing mark is a comma or a stop.
    pub stops: bool,
}

impl Item {
    pub fn is(&self, class: WordClass) -> bool {
        self.classes.has(class)
    }

    pub fn any(&self, classes: &[WordClass]) -> bool {
        self.classes.any(classes)
    }

    pub fn is_word(&self) -> bool {
        self.kind == ItemKind::Word
    }

    pub fn is_quote(&self) -> bool {
        matches!(self.kind, ItemKind::Quote(_))
    }

    pub fn is_mark(&self, marks: &str) -> bool {
        matches!(self.kind, ItemKind::Punctuation(c) if marks.contains(c))
    }
}

/// One sentence, or several that a quotation holds together.
#[derive(Clone, Debug)]
pub struct Unit {
    pub items: Vec<Item>,
    pub span: Span,
    /// Index into `Reading::passages`.
    pub passage: usize,
}

impl Unit {
    /// The bytes from item `from` up to, not including, item `to`.
    pub fn span_of(&self, from: usize, to: usize) -> Span {
        if from >= to || to > self.items.len() {
            return Span::new(self.span.start, self.span.start);
        }
        Span::new(self.items[from].span.start, self.items[to - 1].span.end)
    }

    pub fn get(&self, at: usize) -> Option<&Item> {
        self.items.get(at)
    }

    /// The span of a unit that is one quotation (or several) and nothing else.
    pub fn quoted_only(&self) -> Option<Span> {
        let quoted = self.items.iter().all(|item| item.is_quote() || item.is_mark(".,;—–-"));
        let first = self.items.iter().position(Item::is_quote)?;
        let last = self.items.iter().rposition(Item::is_quote)?;
        quoted.then(|| self.span_of(first, last + 1))
    }

    pub fn before(&self, at: usize) -> Option<&Item> {
        at.checked_sub(1).and_then(|at| self.items.get(at))
    }
}

/// Whether a pair holds quoted words for the rules: outermost, and closed, or open over a whole line.
pub fn is_quotation(pair: &QuotePair, reading: &Reading) -> bool {
    if pair.depth > 0 {
        return false;
    }
    if pair.close.is_none() {
        let line_start =
            reading.passage_at(pair.open.start).is_some_and(|i| reading.passages[i].span.start == pair.open.start);
        return pair.goes_on || line_start;
    }
    pair.style.is_double() || holds_a_sentence(pair, reading.text)
}

/// Single marks also serve as apostrophes and scare quotes: only a stretch of several words that ends in a stop counts.
fn holds_a_sentence(pair: &QuotePair, text: &str) -> bool {
    debug_assert!(matches!(pair.style, QuoteStyle::Single | QuoteStyle::SingleStraight));
    let inner = pair.inner().of(text);
    inner.split_whitespace().nth(2).is_some() && inner.ends_with(['.', ',', '!', '?', '…'])
}

/// All units of the reading in text order.
pub fn units(reading: &Reading, language: &Language) -> Vec<Unit> {
    let quotes: Vec<usize> = (0..reading.quotes.len()).filter(|&i| is_quotation(&reading.quotes[i], reading)).collect();
    let mut next_quote = 0;
    let mut found: Vec<Unit> = Vec::new();
    for (span, passage) in joined_sentences(reading, &quotes) {
        while quotes.get(next_quote).is_some_and(|&i| reading.quotes[i].open.start < span.start) {
            next_quote += 1;
        }
        let items = items(reading, span, &quotes, &mut next_quote, language);
        if !items.is_empty() {
            found.push(Unit { items, span, passage });
        }
    }
    found
}

/// Sentence spans, a sentence that starts inside a quotation joined to the one before it.
fn joined_sentences(reading: &Reading, quotes: &[usize]) -> Vec<(Span, usize)> {
    let mut found: Vec<(Span, usize)> = Vec::new();
    let mut at = 0;
    let mut open_until = 0;
    for sentence in &reading.sentences {
        while let Some(pair) = quotes.get(at).map(|&i| &reading.quotes[i])
            && pair.open.start < sentence.span.start
        {
            open_until = open_until.max(pair.span.end);
            at += 1;
        }
        match found.last_mut() {
            Some((span, passage)) if *passage == sentence.passage && sentence.span.start < open_until => {
                span.end = sentence.span.end;
            }
            _ => found.push((sentence.span, sentence.passage)),
        }
    }
    found
}

fn items(reading: &Reading, span: Span, quotes: &[usize], next: &mut usize, language: &Language) -> Vec<Item> {
    let text = reading.text;
    let mut found: Vec<Item> = Vec::new();
    let mut skip_to = 0;
    for token in reading.tokens_in(span) {
        if token.span.start < skip_to {
            continue;
        }
        while quotes.get(*next).is_some_and(|&i| reading.quotes[i].open.start < token.span.start) {
            *next += 1;
        }
        if let Some(&i) = quotes.get(*next).filter(|&&i| reading.quotes[i].open.start == token.span.start) {
            let whole = Span::new(token.span.start, reading.quotes[i].span.end.min(span.end));
            skip_to = whole.end;
            *next += 1;
            found.push(Item {
                span: whole,
                kind: ItemKind::Quote(i),
                lower: String::new(),
                classes: WordClasses::default(),
                capital: false,
                shouted: false,
                stops: reading.quotes[i].inner().of(text).trim_end().ends_with([',', '.', '!', '?', '…', '-', '—']),
            });
            continue;
        }
        push_token(text, token.span, token.kind, span, language, &mut found);
    }
    found
}

fn push_token(text: &str, span: Span, kind: TokenKind, sentence: Span, language: &Language, found: &mut Vec<Item>) {
    let words = span.of(text);
    let glued = found.last().is_some_and(|last| last.is_word() && last.span.end == span.start);
    if kind == TokenKind::Punctuation {
        let mark = words.chars().next().unwrap_or(' ');
        let more = text[span.end..sentence.end.max(span.end)].chars().next();
        let joins = match mark {
            '-' | '‐' | '‑' | '/' | '&' => more.is_some_and(char::is_alphanumeric),
            '.' => more.is_some_and(|c| !c.is_whitespace() || span.end < sentence.end),
            '’' | '\'' => true,
            _ => false,
        };
        if glued && joins {
            if let Some(last) = found.last_mut() {
                last.span.end = span.end;
            }
            return;
        }
        found.push(Item {
            span,
            kind: ItemKind::Punctuation(mark),
            lower: words.to_string(),
            classes: WordClasses::default(),
            capital: false,
            shouted: false,
            stops: false,
        });
        return;
    }
    if glued && found.last().is_some_and(|last| last.span.of(text).ends_with(['-', '‐', '‑', '/', '&', '.'])) {
        if let Some(last) = found.last_mut() {
            last.span.end = span.end;
            last.lower = last.span.of(text).to_lowercase();
            last.classes = WordClasses::default();
        }
        return;
    }
    let lower = words.to_lowercase().replace('\'', "’");
    // "Theresa May", "Mrs May": neither the month nor the verb
    let named = words == "May" && found.last().is_some_and(is_part_of_name);
    let classes = if named { WordClasses::default() } else { word_classes(&lower, language) };
    let capital = words.chars().next().is_some_and(|c| c.is_uppercase() || c.is_numeric());
    let shouted = words.len() > 1 && words.chars().all(|c| !c.is_lowercase());
    found.push(Item { span, kind: ItemKind::Word, lower, classes, capital, shouted, stops: false });
}

fn is_part_of_name(item: &Item) -> bool {
    use WordClass::{Adverb, Conjunction, Determiner, Month, Preposition, Subordinator, Weekday};
    let other = item.any(&[Adverb, Conjunction, Determiner, Month, Preposition, Subordinator, Weekday]);
    item.is_word() && item.capital && !other
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::language;

    fn check(text: &str, expected: &[&[&str]]) {
        let reading = Reading::of_lines(text);
        let found: Vec<Vec<&str>> = units(&reading, language("en"))
            .iter()
            .map(|unit| unit.items.iter().map(|item| item.span.of(text)).collect())
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_quotation_is_one_item() {
        check("He said “it rains” twice.", &[&["He", "said", "“it rains”", "twice", "."]]);
    }

    #[test]
    fn a_quotation_holds_its_sentences_together() {
        check("“One. Two,” he said. He left.", &[&["“One. Two,”", "he", "said", "."], &["He", "left", "."]]);
    }

    #[test]
    fn short_forms_and_hyphens_are_one_word() {
        check("Mr. Hill of the U.S. co-op left.", &[&["Mr.", "Hill", "of", "the", "U.S.", "co-op", "left", "."]]);
    }

    #[test]
    fn apostrophes_open_nothing() {
        check("the drivers’ union said", &[&["the", "drivers’", "union", "said"]]);
    }
}
