//! The readable text of a page: trafilatura first, readability where it finds nothing.

use trafilatura::{HtmlDateMode, Options};

pub(super) fn readable(page: &str) -> Option<String> {
    // Dates are read by our own reader; the crate's date finder would look at the clock.
    let mut options = Options::default().with_fallback(true).with_exclude_comments(true);
    options.html_date_mode = HtmlDateMode::Disabled;
    let text = trafilatura::extract(page, &options).ok()?.content_text;
    (!text.trim().is_empty()).then_some(text)
}
