//! A piece of HTML as plain text without a tree: block elements end paragraphs, scripts and styles go.
//! For feed entries, and for pages in which the article finders see no article.

use super::tags::{Piece, decoded, pieces};

/// Elements that stand in lines of their own.
pub(super) const BLOCKS: &[&str] = &[
    "p",
    "div",
    "br",
    "li",
    "ul",
    "ol",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "section",
    "article",
    "header",
    "footer",
    "aside",
    "main",
    "table",
    "tr",
    "td",
    "th",
    "figure",
    "figcaption",
    "pre",
    "hr",
    "dl",
    "dt",
    "dd",
    "form",
    "nav",
    "body",
    "html",
    "address",
    "details",
    "summary",
    "option",
    "button",
];

/// Blocks that hold no article text on a page.
const SKIPPED: &[&str] = &["nav", "footer", "form", "button", "noscript", "svg", "select", "template"];

/// The text of `html`: one paragraph a block, a blank line between paragraphs.
pub(in crate::read) fn text_of(html: &str) -> String {
    let mut paragraphs = Vec::new();
    let mut paragraph = String::new();
    let mut skipping: Option<(String, usize)> = None;
    for (piece, _) in pieces(html) {
        if let Some(state) = skipping.take() {
            skipping = still_skipping(state, piece);
            continue;
        }
        match piece {
            Piece::Text(text) => paragraph.push_str(&decoded(text)),
            Piece::Open { name, self_closing, .. } => {
                let name = name.to_ascii_lowercase();
                if BLOCKS.contains(&name.as_str()) {
                    end(&mut paragraph, &mut paragraphs);
                }
                if SKIPPED.contains(&name.as_str()) && !self_closing {
                    skipping = Some((name, 1));
                }
            }
            Piece::Close { name } if BLOCKS.iter().any(|block| name.eq_ignore_ascii_case(block)) => {
                end(&mut paragraph, &mut paragraphs);
            }
            _ => {}
        }
    }
    end(&mut paragraph, &mut paragraphs);
    paragraphs.join("\n\n")
}

fn still_skipping((name, depth): (String, usize), piece: Piece) -> Option<(String, usize)> {
    let depth = match piece {
        Piece::Open { name: inner, self_closing: false, .. } if inner.eq_ignore_ascii_case(&name) => depth + 1,
        Piece::Close { name: inner } if inner.eq_ignore_ascii_case(&name) => depth - 1,
        _ => depth,
    };
    (depth > 0).then_some((name, depth))
}

fn end(paragraph: &mut String, paragraphs: &mut Vec<String>) {
    let words = paragraph.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    if !words.is_empty() {
        paragraphs.push(words);
    }
    paragraph.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_become_paragraphs() {
        assert_eq!(
            text_of(
                "<nav>Home <nav>x</nav></nav><h1>Ferry</h1><p>It\n sails, &ldquo;he&rdquo; <b>said</b>.</p><script>x</script>End"
            ),
            "Ferry\n\nIt sails, “he” said.\n\nEnd"
        );
        assert_eq!(text_of("plain & simple"), "plain & simple");
        assert_eq!(text_of("<p></p>"), "");
    }
}
