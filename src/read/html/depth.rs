//! A gate before the tree builders, which take quadratic time (and worse) on deep nesting: one linear pass counts how
//! deep open elements stack up. A page beyond the limits is read as a plain run of blocks instead.

use std::collections::BTreeMap;

use super::tags::{Piece, pieces};

/// Deepest nesting of elements that a tree is built for. Real pages stay under a hundred.
const DEEPEST: usize = 256;
/// How often an inline element may be left open by its block: a tree builder opens each of them again in every block
/// that follows.
const LEFT_OPEN: usize = 200;
/// Most tags a tree is built for: several times the largest article pages.
const MOST: usize = 20_000;

/// Elements that never hold others.
const EMPTY: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];

/// Elements that the next of their kind closes, with the elements up to which it does.
const CLOSED_BY_NEXT: &[&str] =
    &["p", "li", "dt", "dd", "td", "th", "tr", "option", "optgroup", "tbody", "thead", "tfoot", "colgroup", "rt", "rp"];

const INLINE: &[&str] =
    &["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// Why no tree should be built for the page; `None` for ordinary pages.
pub(super) fn objection(page: &str) -> Option<String> {
    let mut stack = Stack::default();
    let mut tags = 0;
    for (piece, _) in pieces(page) {
        match piece {
            Piece::Open { name, self_closing: false, .. } => stack.open(name.to_ascii_lowercase()),
            Piece::Close { name } => stack.close(&name.to_ascii_lowercase()),
            _ => continue,
        }
        tags += 1;
        if stack.names.len() > DEEPEST {
            return Some(format!("elements nested more than {DEEPEST} deep"));
        }
        if stack.left_open > LEFT_OPEN {
            return Some(format!("more than {LEFT_OPEN} inline elements left open"));
        }
        if tags > MOST {
            return Some(format!("more than {MOST} tags"));
        }
    }
    None
}

#[derive(Default)]
struct Stack {
    names: Vec<String>,
    counts: BTreeMap<String, usize>,
    left_open: usize,
}

impl Stack {
    fn open(&mut self, name: String) {
        if EMPTY.contains(&name.as_str()) {
            return;
        }
        if CLOSED_BY_NEXT.contains(&name.as_str()) && self.names.last() == Some(&name) {
            return;
        }
        *self.counts.entry(name.clone()).or_default() += 1;
        self.names.push(name);
    }

    fn close(&mut self, name: &str) {
        if self.counts.get(name).is_none_or(|count| *count == 0) {
            return;
        }
        while let Some(open) = self.names.pop() {
            if let Some(count) = self.counts.get_mut(&open) {
                *count -= 1;
            }
            if open == name {
                break;
            }
            self.left_open += usize::from(INLINE.contains(&open.as_str()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(page: &str, passes: bool) {
        assert_eq!(objection(page).is_none(), passes, "{:?}", objection(page));
    }

    #[test]
    fn ordinary_pages_pass() {
        check(&"<div><p>One <b>two</b><p>Three<ul><li>a<li>b</ul></div>".repeat(2000), true);
        check(&"<p>One<br><img src=x>".repeat(2000), true);
        check(&format!("{}x{}", "<div>".repeat(200), "</div>".repeat(200)), true);
    }

    #[test]
    fn deep_pages_do_not() {
        for tag in ["<div>", "<ul><li>", "<div></b>", "<p><b>", "<table><tr><td>", "<svg><g>"] {
            check(&tag.repeat(600), false);
        }
    }

    #[test]
    fn nor_do_pages_that_leave_inline_elements_open() {
        check(&(0..1000).map(|i| format!("<div><b id={i}>x</div>")).collect::<String>(), false);
        check(&"<div><b>x</b></div>".repeat(1000), true);
    }
}
