//! The readable text of a page: trafilatura first, readability where it finds nothing, all blocks as the last resort.
//! None of them keeps offsets into the page, so the text stands for itself and the raw page is kept beside it.

use dom_smoothie::{Config, Readability, TextMode};
use trafilatura::{HtmlDateMode, Options};

use super::fragment::text_of;

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
    let html = trafilatura::extract(page, &options).ok()?.content_html;
    let (text, blocks) = (text_of(&html), text_of(page));
    // On very short pages the crate runs paragraphs together.
    let same_words = text.split_whitespace().eq(blocks.split_whitespace());
    Some(if same_words { blocks } else { text }).filter(|text| !text.is_empty())
}

fn second(page: &str) -> Option<String> {
    let config = Config { text_mode: TextMode::Raw, disable_json_ld: true, ..Config::default() };
    let article = Readability::new(page, None, Some(config)).ok()?.parse().ok()?;
    Some(text_of(&article.content)).filter(|text| !text.is_empty())
}
