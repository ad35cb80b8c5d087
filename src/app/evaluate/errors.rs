//! What went wrong, in context: gold that no prediction answers, and predictions that answer nothing.

use serde::Serialize;

use super::Role;
use super::gold::{GoldDocument, Item, Points};
use super::matching::{ItemWords, Level, matches};
use super::words::Words;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Wrong {
    /// No prediction overlaps its content enough.
    Missed,
    /// The content was found, credited to somebody else.
    Source,
    /// A prediction that is not in the gold.
    Spurious,
}

/// One error.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Miss {
    pub doc_id: String,
    /// First code point of the attribution.
    pub start: usize,
    pub wrong: Wrong,
    pub kind: &'static str,
    /// The passage around it, with the spans of the gold (of the prediction where it is spurious) marked
    /// `{S source}`, `{C cue}`, `{Q content}`.
    pub context: String,
    /// For a wrong source: the one that was predicted.
    pub predicted_source: String,
}

/// The errors of one document, in text order.
pub fn errors(gold: &GoldDocument, predicted: &[Item]) -> Vec<Miss> {
    let words = Words::new(&gold.text);
    let sets = |items: &[Item]| items.iter().map(|item| ItemWords::new(&words, item)).collect::<Vec<_>>();
    let (gold_sets, predicted_sets) = (sets(&gold.attributions), sets(predicted));
    let found = matches(&gold_sets, &predicted_sets);
    let miss = |item: &Item, own: &ItemWords, wrong: Wrong| Miss {
        doc_id: gold.doc_id.clone(),
        start: all_spans(item).iter().map(|span| span.1.0).min().unwrap_or(0),
        wrong,
        kind: words.kind(own.of(Role::Content)).name(),
        context: context(&words, item),
        predicted_source: String::new(),
    };
    let mut list = Vec::new();
    for (number, (item, own)) in gold.attributions.iter().zip(&gold_sets).enumerate() {
        match found.iter().find(|pair| pair.gold == number) {
            None => list.push(miss(item, own, Wrong::Missed)),
            Some(pair) if !pair.reaches(Level::Attribution) => {
                let theirs = &predicted[pair.predicted].source;
                let predicted_source = theirs.iter().map(|&span| words.text(span)).collect::<Vec<_>>().join(" … ");
                list.push(Miss { predicted_source, ..miss(item, own, Wrong::Source) });
            }
            Some(_) => {}
        }
    }
    for (number, (item, own)) in predicted.iter().zip(&predicted_sets).enumerate() {
        if !found.iter().any(|pair| pair.predicted == number) {
            list.push(miss(item, own, Wrong::Spurious));
        }
    }
    list.sort_by_key(|miss| (miss.start, miss.wrong));
    list
}

fn all_spans(item: &Item) -> Vec<(char, Points)> {
    let role = |letter: char, spans: &[Points]| spans.iter().map(move |&span| (letter, span)).collect::<Vec<_>>();
    let mut all = [role('S', &item.source), role('C', &item.cue), role('Q', &item.content)].concat();
    all.sort_by_key(|(_, span)| *span);
    all
}

/// The lines that hold the attribution, its spans marked, cut to a readable length.
fn context(words: &Words, item: &Item) -> String {
    const AROUND: usize = 60;
    let spans = all_spans(item);
    let length = words.chars.len();
    let start = spans.iter().map(|(_, span)| span.0).min().unwrap_or(0).min(length);
    let end = spans.iter().map(|(_, span)| span.1).max().unwrap_or(0).min(length);
    let before = (start.saturating_sub(AROUND)..start).rev().find(|&at| words.chars[at] == '\n');
    let from = before.map_or(start.saturating_sub(AROUND), |at| at + 1);
    let to = (end..length.min(end + AROUND)).find(|&at| words.chars[at] == '\n').unwrap_or(length.min(end + AROUND));
    let mut out = String::new();
    let mut at = from;
    for (letter, (span_start, span_end)) in spans {
        if span_start < at || span_end > to {
            continue; // overlaps what is marked already
        }
        out.push_str(&words.text((at, span_start)));
        out.push_str(&format!("{{{letter} {}}}", words.text((span_start, span_end))));
        at = span_end;
    }
    out.push_str(&words.text((at, to)));
    out.replace('\n', " / ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_error_is_told() {
        let text = "Title\nAnna said it rained. Bea said it snowed hard. Then Col left.".to_string();
        let item = |source: Points, cue: Points, content: Points| Item {
            source: vec![source],
            cue: vec![cue],
            content: vec![content],
            ..Item::default()
        };
        let gold = GoldDocument {
            doc_id: "d".into(),
            attributions: vec![item((6, 10), (11, 15), (16, 25)), item((27, 30), (31, 35), (36, 50))],
            text,
            ..GoldDocument::default()
        };
        let predicted = [item((6, 10), (31, 35), (36, 50)), item((57, 60), (52, 56), (61, 65))];
        let list = errors(&gold, &predicted);
        assert_eq!(
            list.iter().map(|miss| miss.wrong).collect::<Vec<_>>(),
            [Wrong::Missed, Wrong::Source, Wrong::Spurious]
        );
        assert!(list[0].context.starts_with("{S Anna} {C said} {Q it rained}. Bea"), "{}", list[0].context);
        assert_eq!(list[1].predicted_source, "Anna");
    }
}
