//! Articles as they look when a copy loses its quotation marks: every double mark deleted, the gold moved along.

use crate::text::is_double_mark;

use super::gold::{GoldDocument, Item, Points};

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
        confidence: item.confidence,
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
}
