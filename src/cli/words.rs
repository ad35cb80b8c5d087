//! Two wordings compared word by word for the terminal. What was dropped stands in [-…-], what was added in {+…+}: colour is
//! never needed to read it.

use similar::{DiffOp, DiffTag, TextDiff};

use crate::text::match_key;

use super::screen::visible;

/// Below this share of common words a diff is harder to read than the words themselves.
const DIFF_FROM: f32 = 0.4;

/// The words of `new` with changes marked in the line; runs of changes are shown as one. Plain where the two have little
/// in common.
pub(crate) fn inline(old: &str, new: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split_whitespace().collect(), new.split_whitespace().collect());
    let Some(ops) = operations(&old, &new, false) else { return visible(&new.join(" ")) };
    let mut parts: Vec<String> = Vec::new();
    for op in &ops {
        let (_, was, is) = op.as_tag_tuple();
        if op.tag() == DiffTag::Equal {
            parts.push(visible(&new[is].join(" ")));
            continue;
        }
        parts.push(format!("{}{}", dropped(&old[was]), added(&new[is])));
    }
    parts.join(" ")
}

/// Two lines (and more where the page is narrow), the words that answer to each other one above the other. Words that differ
/// only in case or marks count as equal and are shown as each side has them.
pub(crate) fn aligned(old: &str, new: &str, labels: (&str, &str), width: usize) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split_whitespace().collect(), new.split_whitespace().collect());
    let lead = labels.0.chars().count().max(labels.1.chars().count());
    let cells: Vec<(String, String)> = match operations(&old, &new, true) {
        Some(ops) => ops.iter().flat_map(|op| cells(op, &old, &new)).collect(),
        None => {
            return format!(
                "{:lead$}  {}\n{:lead$}  {}\n",
                labels.0,
                visible(&old.join(" ")),
                labels.1,
                visible(&new.join(" "))
            );
        }
    };
    let room = width.saturating_sub(lead + 2).max(20);
    let mut out = String::new();
    let (mut above, mut below, mut used) = (String::new(), String::new(), 0);
    for (was, is) in cells {
        let wide = was.chars().count().max(is.chars().count());
        if used > 0 && used + wide > room {
            out.push_str(&two_lines(labels, lead, &above, &below));
            (above, below, used) = (String::new(), String::new(), 0);
        }
        above.push_str(&format!("{was:wide$} "));
        below.push_str(&format!("{is:wide$} "));
        used += wide + 1;
    }
    out.push_str(&two_lines(labels, lead, &above, &below));
    out
}

fn two_lines(labels: (&str, &str), lead: usize, above: &str, below: &str) -> String {
    let line = |label: &str, words: &str| format!("{label:lead$}  {words}").trim_end().to_string() + "\n";
    line(labels.0, above) + &line(labels.1, below)
}

/// One cell per word where both sides agree, one cell per change; long changes are broken so that lines can wrap.
fn cells(op: &DiffOp, old: &[&str], new: &[&str]) -> Vec<(String, String)> {
    const LONGEST: usize = 6;
    let (tag, was, is) = op.as_tag_tuple();
    let (was, is) = (&old[was], &new[is]);
    if tag == DiffTag::Equal {
        return was.iter().zip(is).map(|(x, y)| (visible(x), visible(y))).collect();
    }
    let pieces = was.len().max(is.len()).div_ceil(LONGEST).max(1);
    let part = |words: &[&str], n: usize| -> Vec<String> {
        let (from, to) = (n * words.len() / pieces, (n + 1) * words.len() / pieces);
        words[from..to].iter().map(|word| word.to_string()).collect()
    };
    (0..pieces)
        .map(|n| {
            let (x, y) = (part(was, n), part(is, n));
            let (x, y): (Vec<&str>, Vec<&str>) =
                (x.iter().map(String::as_str).collect(), y.iter().map(String::as_str).collect());
            (dropped(&x), added(&y))
        })
        .collect()
}

fn dropped(words: &[&str]) -> String {
    if words.is_empty() { String::new() } else { format!("[-{}-]", visible(&words.join(" "))) }
}

fn added(words: &[&str]) -> String {
    if words.is_empty() { String::new() } else { format!("{{+{}+}}", visible(&words.join(" "))) }
}

/// The steps from one list of words to the other; `None` where they have too little in common to be compared.
fn operations(old: &[&str], new: &[&str], loosely: bool) -> Option<Vec<DiffOp>> {
    let key = |word: &&str| {
        let key = match_key(word);
        if loosely && !key.trim().is_empty() { key } else { word.to_string() }
    };
    let (x, y): (Vec<String>, Vec<String>) = (old.iter().map(key).collect(), new.iter().map(key).collect());
    let (x, y): (Vec<&str>, Vec<&str>) =
        (x.iter().map(String::as_str).collect(), y.iter().map(String::as_str).collect());
    let diff = TextDiff::from_slices(&x, &y);
    (diff.ratio() >= DIFF_FROM).then(|| diff.ops().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_words_altogether_are_shown_plain() {
        assert_eq!(inline("the gate was open", "nobody had warned them"), "nobody had warned them");
        let shown = aligned("the gate was open", "nobody had warned them", ("d1", "d2"), 80);
        assert_eq!(shown, "d1  the gate was open\nd2  nobody had warned them\n");
    }

    #[test]
    fn changes_are_marked_in_the_line() {
        let shown = inline("we are indeed concerned", "we are really concerned");
        assert_eq!(shown, "we are [-indeed-]{+really+} concerned");
        assert_eq!(inline("same words", "same words"), "same words");
        assert_eq!(inline("a b c d e f", "a b x y e f"), "a b [-c d-]{+x y+} e f");
    }

    #[test]
    fn words_stand_above_their_answers() {
        let shown = aligned("“We are indeed concerned here”", "we are concerned about it here", ("d1", "db2"), 80);
        assert_eq!(
            shown,
            "d1   “We are [-indeed-] concerned              here”\ndb2  we  are            concerned {+about it+} here\n"
        );
    }

    #[test]
    fn narrow_pages_wrap_both_lines_together() {
        let words = "one two three four five six seven eight";
        let shown = aligned(words, &words.replace("four", "for"), ("a", "b"), 26);
        let lines: Vec<&str> = shown.lines().collect();
        assert!(
            lines.len() >= 4 && lines.len().is_multiple_of(2) && lines.iter().all(|line| line.chars().count() <= 26),
            "{shown}"
        );
        assert!(
            lines.iter().enumerate().all(|(n, line)| line.starts_with(if n % 2 == 0 { "a" } else { "b" })),
            "{shown}"
        );
    }
}
