//! The readable text of a page: trafilatura first, readability where it finds nothing, all blocks as the last resort.
//! None of them keeps offsets into the page, so the text stands for itself and the raw page is kept beside it.

use dom_smoothie::{Config, Readability, TextMode};
use trafilatura::{HtmlDateMode, Options};

use super::fragment::{BLOCKS, text_of};
use super::tags::{Piece, pieces};

/// Which way the text was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    First,
    Second,
    AllBlocks,
}

/// The readable text, one paragraph a line with blank lines between. `None` where there is none at all.
pub(super) fn readable(page: &str) -> Option<(String, Way)> {
    let found = first(page).map(|text| (text, Way::First));
    let found = found.or_else(|| second(page).map(|text| (text, Way::Second)));
    found.or_else(|| all_blocks(page))
}

/// The text of every block, for pages that no tree should be built for.
pub(super) fn all_blocks(page: &str) -> Option<(String, Way)> {
    Some(text_of(page)).filter(|text| !text.is_empty()).map(|text| (text, Way::AllBlocks))
}

fn first(page: &str) -> Option<String> {
    // Dates are read by our own reader; the crate's date finder would look at the clock.
    let mut options = Options::default().with_fallback(true).with_exclude_comments(true);
    options.html_date_mode = HtmlDateMode::Disabled;
    let html = trafilatura::extract(&with_paragraphs(page), &options).ok()?.content_html;
    let (text, blocks) = (text_of(&html), text_of(page));
    // On very short pages the crate runs paragraphs together.
    let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    Some(if letters(&text) == letters(&blocks) { blocks } else { text }).filter(|text| !text.is_empty())
}

/// The page with its paragraphs as such: where line breaks alone part them, and where one follows a heading bare, article
/// finders lose some. Blocks get a line of their own, so that no words of two of them can run together.
fn with_paragraphs(page: &str) -> String {
    const HEADINGS: &[&str] = &["h1", "h2", "h3", "h4", "h5", "h6"];
    let mut out = String::with_capacity(page.len() + page.len() / 64);
    let (mut breaks, mut after_heading) = (0, false);
    for (piece, range) in pieces(page) {
        if is_block(piece) {
            out.push('\n');
        }
        match piece {
            Piece::Open { name, .. } if name.eq_ignore_ascii_case("br") => {
                breaks += 1;
                if breaks == 2 {
                    out.push_str("<p>");
                }
                if breaks > 1 {
                    continue;
                }
            }
            Piece::Text(text) if text.trim().is_empty() => {}
            Piece::Text(_) => {
                if after_heading {
                    out.push_str("<p>");
                }
                (breaks, after_heading) = (0, false);
            }
            Piece::Close { name } if HEADINGS.iter().any(|it| name.eq_ignore_ascii_case(it)) => {
                (breaks, after_heading) = (0, true);
            }
            Piece::Comment(_) => {}
            _ => (breaks, after_heading) = (0, false),
        }
        out.push_str(&page[range]);
    }
    out
}

fn is_block(piece: Piece) -> bool {
    match piece {
        Piece::Open { name, .. } | Piece::Close { name } => BLOCKS.iter().any(|block| name.eq_ignore_ascii_case(block)),
        _ => false,
    }
}

fn second(page: &str) -> Option<String> {
    let config = Config { text_mode: TextMode::Raw, disable_json_ld: true, ..Config::default() };
    let article = Readability::new(page, None, Some(config)).ok()?.parse().ok()?;
    Some(text_of(&article.content)).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARAGRAPHS: &[&str] = &[
        "The ferry sails again on Monday, the harbour said in a statement that was read out at noon.",
        "“It was time that the ferry came back to Tarn,” said Ada Brook, who runs the harbour.",
        "Nobody objected to the new hours, and the fares stay what they were, the council said on Tuesday.",
    ];

    #[track_caller]
    fn check(before: &str, between: &str, after: &str) {
        let frame = "<html><body><nav><a href=\"/\">Home</a></nav><div class=\"article-body\">";
        let page =
            format!("{frame}{before}{}{after}</div><footer>© Echo</footer></body></html>", PARAGRAPHS.join(between));
        let (text, _) = readable(&page).unwrap();
        let found: Vec<&str> = text.split("\n\n").filter(|it| *it != "Ferry sails").collect();
        assert_eq!(found, PARAGRAPHS, "{page}");
    }

    /// Pages without a line end between their elements, as many sites serve them.
    #[test]
    fn paragraphs_stay_apart_and_none_is_lost() {
        check("<h1>Ferry sails</h1><p>", "</p><p>", "</p>");
        check("<p>", "</p><p>", "</p>");
        check("<h1>Ferry sails</h1><div>", "</div><div>", "</div>");
        check("<h1>Ferry sails</h1>", "<br><br>", "");
        check("<h1>Ferry sails</h1>", "<br/> <!-- x --> <BR />", "<br><br>");
        check("<h1>Ferry sails</h1><p>", "<br><br>", "</p>");
        check("<h2>Ferry sails</h2><section><p>", "</p></section><section><p>", "</p></section>");
        check("<h1>Ferry sails</h1><ul><li>", "</li><li>", "</li></ul>");
    }

    #[test]
    fn words_of_two_blocks_never_run_together() {
        assert_eq!(with_paragraphs("<td>a</td><td>b</td>c<br>d"), "\n<td>a\n</td>\n<td>b\n</td>c\n<br>d");
    }

    #[test]
    fn one_line_break_is_none_between_paragraphs() {
        let lines = |page: &str| with_paragraphs(page).replace('\n', "");
        assert_eq!(lines("<h1>A</h1> b<br>c<br> <br>d<p>e"), "<h1>A</h1><p> b<br>c<br> <p>d<p>e");
        assert_eq!(
            lines("<h1>A</h1><p>b</p><script>x<br><br></script>"),
            "<h1>A</h1><p>b</p><script>x<br><br></script>"
        );
    }
}
