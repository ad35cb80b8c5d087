//! Attributions inside attributions. Rule `nested.inside`: the child lies wholly inside one content span of its parent.

use crate::model::{Attribution, Evidence};
use crate::text::Span;

/// Sorts the attributions, drops verbatim duplicates and sets parents. Indices are into the sorted list.
pub fn order_and_nest(found: &mut Vec<Attribution>) {
    found.sort_by_key(order);
    found.dedup_by(|later, earlier| same_spans(later, earlier));
    set_parents(found);
}

fn order(attribution: &Attribution) -> (usize, usize, Vec<Span>, Vec<Span>, Vec<Span>) {
    let Attribution { source, cue, content, .. } = attribution;
    let cover = attribution.cover();
    (cover.start, usize::MAX - cover.end, content.clone(), cue.clone(), source.clone())
}

fn same_spans(a: &Attribution, b: &Attribution) -> bool {
    a.content == b.content && a.cue == b.cue && a.source == b.source
}

/// One pass over the covers in text order, with the contents that are still open on a stack.
fn set_parents(found: &mut [Attribution]) {
    let mut contents: Vec<(Span, usize)> = Vec::new();
    for (i, attribution) in found.iter().enumerate() {
        contents.extend(attribution.content.iter().map(|span| (*span, i)));
    }
    contents.sort_by_key(|(span, i)| (span.start, usize::MAX - span.end, *i));
    let mut next = 0;
    let mut open: Vec<(Span, usize)> = Vec::new();
    for (i, attribution) in found.iter_mut().enumerate() {
        let cover = attribution.cover();
        while next < contents.len() && contents[next].0.start <= cover.start {
            open.push(contents[next]);
            next += 1;
        }
        open.retain(|(span, _)| span.end > cover.start);
        let holder = open
            .iter()
            .rev()
            .filter(|(span, owner)| *owner != i && span.contains(cover))
            .min_by_key(|(span, _)| span.len());
        attribution.parent = holder.map(|(_, owner)| *owner);
    }
    for i in 0..found.len() {
        let Some(parent) = found[i].parent else { continue };
        found[i].evidence.push(Evidence::new("nested.inside", 1.0, ""));
        let (Some(own), Some(outer)) = (Span::covering(&found[i].source), Span::covering(&found[parent].source)) else {
            continue;
        };
        if found[i].chain.is_empty() && !own.overlaps(outer) {
            found[i].chain = vec![own, outer];
            found[i].evidence.push(Evidence::new("chain.nested", 1.0, ""));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::testing::Marked;
    use crate::model::Extractor;

    fn made(text: &Marked, roles: [char; 3]) -> Attribution {
        let spans = |role| text.marks.iter().filter(|mark| mark.0 == role).map(|mark| mark.1).collect();
        Attribution::new(Extractor::Rules, spans(roles[0]), spans(roles[1]), spans(roles[2]))
    }

    #[test]
    fn a_child_lies_inside_the_content_of_its_parent() {
        let text = Marked::parse("{S The agency} {C reported} {Q that {s Brook} {c said} {q it rained}}.");
        let (outer, inner) = (made(&text, ['S', 'C', 'Q']), made(&text, ['s', 'c', 'q']));
        let mut found = vec![inner.clone(), outer.clone(), outer];
        order_and_nest(&mut found);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].parent, None);
        assert_eq!(found[1].parent, Some(0));
        let chain: Vec<&str> = found[1].chain.iter().map(|span| span.of(&text.text)).collect();
        assert_eq!(chain, ["Brook", "The agency"]);
    }

    #[test]
    fn neighbours_are_not_nested() {
        let text = Marked::parse("{S The agency} {C reported} {Q rain}; {s Brook} {c said} {q it rained}.");
        let mut found = vec![made(&text, ['s', 'c', 'q']), made(&text, ['S', 'C', 'Q'])];
        order_and_nest(&mut found);
        assert!(found.iter().all(|found| found.parent.is_none()));
    }
}
