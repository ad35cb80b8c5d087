//! What a reader could not know from fields: what the user said comes first, then the URL, then what the text itself
//! shows. What is inferred from wording is marked as guessed and warned about; what stays unknown is warned about too.

use super::ReadOptions;
use super::fields::language_code;
use super::language::detect;
use super::passages::passages;
use super::{first_lines, outlets, quality};
use crate::lang::{language, outlet_of_url};
use crate::model::{Document, Known, Warning};

/// Sets what the options say, fills what is still unknown, and warns.
pub(super) fn complete(document: &mut Document, options: &ReadOptions) {
    apply_options(document, options);
    if document.language.is_none() {
        document.language = detect(&document.text).map(|code| Known::guessed(code, "guess: words of the text"));
    }
    let text = std::mem::take(&mut document.text);
    let passages = passages(&text, language(document.language_code()));
    if document.title.is_none() {
        document.title = first_lines::title(&text, &passages);
    }
    first_lines::fill_dates(document, &text, &passages);
    if document.outlet.is_none() {
        document.outlet = document.url.as_ref().and_then(|url| {
            let name = outlet_of_url(&url.value)?;
            Some(Known { value: name, from: format!("domain of {}", url.from), guessed: url.guessed })
        });
    }
    if document.outlet.is_none() {
        document.outlet = outlets::from_text(document.title.as_ref(), &text, &passages);
    }
    if let Some(title) = &mut document.title {
        title.value = outlets::without_outlet(&title.value).to_string();
    }
    quality::check(document, &text, &passages);
    document.text = text;
    warn_of_gaps(document);
}

fn apply_options(document: &mut Document, options: &ReadOptions) {
    let said = |value: &Option<String>, flag: &str| value.as_ref().map(|value| Known::read(value.clone(), flag));
    document.outlet = said(&options.outlet, "--outlet").or(document.outlet.take());
    document.url = said(&options.url, "--url").or(document.url.take());
    if let Some(date) = &options.date {
        document.published = Some(Known::read(date.clone(), "--date"));
        document.warnings.retain(|warning| !matches!(warning.code.as_str(), "W108" | "W113"));
    }
    if let Some(language) = &options.language {
        let code = language_code(language).unwrap_or_else(|| language.to_lowercase());
        document.language = Some(Known::read(code, "--lang"));
    }
}

fn warn_of_gaps(document: &mut Document) {
    let mut add = |code: &str, note: String| document.warnings.push(Warning::new(code, note));
    match &document.published {
        None => add("W102", String::new()),
        Some(date) if date.guessed => add("W115", format!("{} ({})", date.value, date.from)),
        Some(_) => {}
    }
    match &document.outlet {
        None => add("W103", String::new()),
        Some(outlet) if outlet.guessed => add("W104", format!("{} ({})", outlet.value, outlet.from)),
        Some(_) => {}
    }
    match &document.language {
        None => add("W106", String::new()),
        Some(known) if language(&known.value).code != known.value => add("W116", known.value.clone()),
        Some(_) => {}
    }
    document.warnings.sort_by(|a, b| a.code.cmp(&b.code));
}

#[cfg(test)]
mod tests;
