//! What a reader could not know from fields: what the user said comes first, then what the text itself shows.
//! Everything taken from the wording of the text is marked as guessed and warned about.

use super::ReadOptions;
use super::fields::language_code;
use super::language::detect;
use crate::lang::outlet_of_url;
use crate::model::{Document, Known, Warning};

/// Sets what the options say, fills what is still unknown from the text, and warns about what stays unknown.
pub(super) fn complete(document: &mut Document, options: &ReadOptions) {
    apply_options(document, options);
    if document.outlet.is_none() {
        document.outlet = document.url.as_ref().and_then(|url| {
            let name = outlet_of_url(&url.value)?;
            Some(Known { value: name, from: format!("domain of {}", url.from), guessed: false })
        });
    }
    if document.language.is_none() {
        document.language = detect(&document.text).map(|(code, _)| Known::guessed(code, "guess: words of the text"));
    }
    warn(document);
}

fn apply_options(document: &mut Document, options: &ReadOptions) {
    let said = |value: &Option<String>, flag: &str| value.as_ref().map(|value| Known::read(value.clone(), flag));
    document.outlet = said(&options.outlet, "--outlet").or(document.outlet.take());
    document.url = said(&options.url, "--url").or(document.url.take());
    if let Some(date) = &options.date {
        document.published = Some(Known::read(date.clone(), "--date"));
    }
    if let Some(language) = &options.language {
        let code = language_code(language).unwrap_or_else(|| language.to_lowercase());
        document.language = Some(Known::read(code, "--lang"));
    }
}

fn warn(document: &mut Document) {
    let mut add = |code: &str| document.warnings.push(Warning::new(code, ""));
    if document.published.is_none() {
        add("W102");
    }
    if document.outlet.is_none() {
        add("W103");
    }
    if document.language.is_none() {
        add("W106");
    }
}
