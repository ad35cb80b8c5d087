//! How well a typed name fits an entity's spellings: for lookups and did-you-mean.
//!
//! In: what somebody typed, and aliases. Out: 0 to 1. Below about 0.75 nobody should be shown.

use crate::lang::people_of_all;
use crate::model::{Alias, AliasKind};
use crate::text::match_key;

use super::bodies::BodyKey;
use super::role::RoleKey;
use super::spelling::{closeness, plain_form};

pub(super) fn name_match(typed: &str, aliases: &[Alias]) -> f64 {
    let wanted = match_key(typed);
    if wanted.is_empty() {
        return 0.0;
    }
    let fit = |alias: &Alias| match alias.kind {
        AliasKind::Pronoun => 0.0,
        AliasKind::Role | AliasKind::Title => role_fit(typed, &wanted, &alias.text),
        _ => name_fit(typed, &wanted, &alias.text),
    };
    aliases.iter().map(fit).fold(0.0, f64::max)
}

fn role_fit(typed: &str, wanted: &str, role: &str) -> f64 {
    let people = people_of_all();
    if without_article(wanted) == without_article(&match_key(role)) {
        return 0.95;
    }
    match (RoleKey::of_text(typed, people), RoleKey::of_text(role, people)) {
        (Some(a), Some(b)) if a.fits(&b) == Some(true) && (a.of == b.of || a.office) => 0.92,
        _ => 0.0,
    }
}

fn name_fit(typed: &str, wanted: &str, name: &str) -> f64 {
    let key = match_key(name);
    if key.is_empty() {
        return 0.0;
    }
    if without_article(&key) == without_article(wanted) {
        return 1.0;
    }
    let people = people_of_all();
    if BodyKey::of(typed, people).same_words(&BodyKey::of(name, people)) {
        return 0.97;
    }
    let typed_words: Vec<&str> = wanted.split(' ').collect();
    let words: Vec<&str> = key.split(' ').collect();
    let fits: Vec<f64> = typed_words.iter().map(|word| best_word(word, &words)).collect();
    let worst = fits.iter().copied().fold(1.0, f64::min);
    if worst >= 0.999 {
        // Every typed word is a word of the name, in its own or another style: "Gladkow" in "Vyacheslav Gladkov".
        let surname = words
            .last()
            .is_some_and(|last| typed_words.last().is_some_and(|word| plain_form(word) == plain_form(last)));
        return if surname { 0.96 } else { 0.85 };
    }
    let average = fits.iter().sum::<f64>() / fits.len() as f64;
    let whole = strsim::jaro_winkler(wanted, &key);
    (0.9 * average.min(worst + 0.05)).max(if typed_words.len() == words.len() { 0.9 * whole.min(average) } else { 0.0 })
}

/// How close a typed word is to the nearest word of a name. Typing errors count by edits, not by beginnings alone.
fn best_word(word: &str, words: &[&str]) -> f64 {
    let fit = |other: &&str| {
        let by_edits = strsim::normalized_damerau_levenshtein(word, other);
        let close = closeness(word, other);
        if close >= 1.0 { 1.0 } else { by_edits.max(if by_edits >= 0.6 { close.min(0.95) } else { 0.0 }) }
    };
    words.iter().map(fit).fold(0.0, f64::max)
}

fn without_article(key: &str) -> &str {
    key.strip_prefix("the ").unwrap_or(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(typed: &str, spellings: &[(&str, AliasKind)]) -> f64 {
        let aliases: Vec<Alias> =
            spellings.iter().map(|(text, kind)| Alias { text: text.to_string(), kind: *kind, count: 1 }).collect();
        name_match(typed, &aliases)
    }

    fn check(typed: &str, name: &str, least: f64, most: f64) {
        let found = fit(typed, &[(name, AliasKind::Name)]);
        assert!((least..=most).contains(&found), "{typed} / {name}: {found}");
    }

    #[test]
    fn any_spelling_finds_the_name() {
        check("Vyacheslav Gladkov", "Vyacheslav Gladkov", 1.0, 1.0);
        check("Gladkow", "Vyacheslav Gladkov", 0.95, 1.0);
        check("podoliak", "Mykhailo Podolyak", 0.95, 1.0);
        check("Подоляк", "Mykhailo Podolyak", 0.95, 1.0);
        check("the new york times", "New York Times", 1.0, 1.0);
        check("Legion of Free Russia", "Freedom for Russia Legion", 0.95, 1.0);
    }

    #[test]
    fn slips_come_close_and_others_do_not() {
        check("Podolak", "Mykhailo Podolyak", 0.75, 0.95);
        check("Gladkvo", "Vyacheslav Gladkov", 0.7, 0.95);
        check("Shoigu", "Vyacheslav Gladkov", 0.0, 0.6);
        check("Petrov", "Dmitry Peskov", 0.0, 0.74);
        check("", "Dmitry Peskov", 0.0, 0.0);
        check("!!!", "Dmitry Peskov", 0.0, 0.0);
    }

    #[test]
    fn roles_find_their_holder() {
        let governor = [("Gladkov", AliasKind::Surname), ("Russian governor of Belgorod Oblast", AliasKind::Role)];
        assert!(fit("governor of Belgorod", &governor) >= 0.9);
        assert!(fit("governor of Kursk", &governor) < 0.75);
        assert!(fit("he", &[("he", AliasKind::Pronoun)]) < 0.1);
    }
}
