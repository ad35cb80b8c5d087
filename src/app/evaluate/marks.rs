//! Articles as they look when a copy loses its quotation marks: every double mark deleted, the gold moved along. And the
//! passages that had marks to lose, measured by themselves.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::text::is_double_mark;

use super::gold::{GoldDocument, Item, Points};
use super::measures::Prf;
use super::run::measure;

/// Exact spans of the passages that have double quotation marks, with the marks and without.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct MarkedPassages {
    pub passages: usize,
    /// By role.
    pub with_marks: BTreeMap<&'static str, Prf>,
    pub without_marks: BTreeMap<&'static str, Prf>,
}

impl MarkedPassages {
    /// Points of F1 of exact content spans lost with the marks, 0 to 100.
    pub fn content_lost(&self) -> f64 {
        let f = |table: &BTreeMap<&'static str, Prf>| table.get("content").map_or(0.0, |prf| prf.f);
        100.0 * (f(&self.with_marks) - f(&self.without_marks))
    }
}

/// Measures the marked passages of `gold` on predictions for it and for its copies without marks.
pub fn marked_passages(
    gold: &[GoldDocument],
    predicted: &[GoldDocument],
    bare: &[GoldDocument],
    bare_predicted: &[GoldDocument],
) -> MarkedPassages {
    let marked: Vec<Vec<bool>> = gold.iter().map(|document| marked_lines(&document.text)).collect();
    let cut = |documents: &[GoldDocument], texts: &[GoldDocument]| -> Vec<GoldDocument> {
        let rows = documents.iter().zip(texts).zip(&marked);
        rows.map(|((document, text), marked)| in_lines(document, &text.text, marked)).collect()
    };
    let exact =
        |gold: &[GoldDocument], predicted: &[GoldDocument]| measure(&cut(gold, gold), &cut(predicted, gold)).exact;
    MarkedPassages {
        passages: marked.iter().flatten().filter(|&&marked| marked).count(),
        with_marks: exact(gold, predicted),
        without_marks: exact(bare, bare_predicted),
    }
}

/// For every line, whether it holds a double quotation mark. Deleting marks leaves the lines as they are.
fn marked_lines(text: &str) -> Vec<bool> {
    text.split('\n').map(|line| line.contains(is_double_mark) || line.contains("''") || line.contains("``")).collect()
}

/// The document with the spans alone that start in a marked line.
fn in_lines(document: &GoldDocument, text: &str, marked: &[bool]) -> GoldDocument {
    let mut keep = Vec::with_capacity(text.len());
    let mut line = 0;
    for c in text.chars() {
        keep.push(marked.get(line).copied().unwrap_or(false));
        line += usize::from(c == '\n');
    }
    let of = |spans: &[Points]| -> Vec<Points> {
        spans.iter().copied().filter(|span| keep.get(span.0).copied().unwrap_or(false)).collect()
    };
    let item =
        |item: &Item| Item { cue: of(&item.cue), source: of(&item.source), content: of(&item.content), ..item.clone() };
    GoldDocument { attributions: document.attributions.iter().map(item).collect(), ..document.clone() }
}

/// The document without double quotation marks (“ ” „ " « » and doubled '' ``).
pub fn without_marks(document: &GoldDocument) -> GoldDocument {
    let chars: Vec<char> = document.text.chars().collect();
    let mut text = String::with_capacity(document.text.len());
    let mut place = Vec::with_capacity(chars.len() + 1);
    let mut kept = 0;
    let mut at = 0;
    while at < chars.len() {
        let doubled = matches!(chars[at], '\'' | '`') && chars.get(at + 1) == Some(&chars[at]);
        if doubled || is_double_mark(chars[at]) {
            let width = if doubled { 2 } else { 1 };
            place.extend(std::iter::repeat_n(kept, width));
            at += width;
            continue;
        }
        text.push(chars[at]);
        place.push(kept);
        kept += 1;
        at += 1;
    }
    place.push(kept);
    let moved = |spans: &[Points]| -> Vec<Points> {
        let to = |point: usize| place[point.min(chars.len())];
        spans.iter().map(|&(start, end)| (to(start), to(end))).filter(|(start, end)| start < end).collect()
    };
    let item = |item: &Item| Item {
        cue: moved(&item.cue),
        source: moved(&item.source),
        content: moved(&item.content),
        ..item.clone()
    };
    GoldDocument { text, attributions: document.attributions.iter().map(item).collect(), ..document.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_move_with_the_text() {
        let item = Item { content: vec![(0, 5), (14, 20)], cue: vec![(9, 13)], ..Item::default() };
        let text = "“Yes” he said ''No''".to_string();
        let lost = without_marks(&GoldDocument { text, attributions: vec![item], ..GoldDocument::default() });
        assert_eq!(lost.text, "Yes he said No");
        assert_eq!(lost.attributions[0].content, [(0, 3), (12, 14)]);
        assert_eq!(lost.attributions[0].cue, [(7, 11)]);
    }

    #[test]
    fn only_passages_that_had_marks_count() {
        let item = |content: Points| Item { content: vec![content], ..Item::default() };
        let text = "He said “Yes”\nShe said no".to_string();
        let gold =
            [GoldDocument { text, attributions: vec![item((8, 13)), item((23, 25))], ..GoldDocument::default() }];
        let bare = [without_marks(&gold[0])];
        let right = |document: &GoldDocument| GoldDocument { text: String::new(), ..document.clone() };
        let wrong = GoldDocument { attributions: vec![item((0, 2)), item((21, 23))], ..right(&bare[0]) };
        let found = marked_passages(&gold, &[right(&gold[0])], &bare, &[wrong]);
        assert_eq!(
            (found.passages, found.with_marks["content"].n_gold, found.without_marks["content"].n_pred),
            (1, 1, 1)
        );
        assert_eq!(found.content_lost(), 100.0);
    }
}
