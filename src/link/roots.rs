//! Derivational roots: what "racist" and "racism", "found" and "founder" share beyond their stems.
//! Weaker evidence than an equal stem, so a root match counts less.

use crate::lang::Language;

/// Endings taken off a stem, longest first; what is left must keep four letters.
const ENDINGS: &[&str] = &[
    "ational", "ation", "ition", "ement", "ment", "ness", "ance", "ence", "ship", "hood", "less", "able", "ible",
    "abl", "ibl", "ity", "iti", "ist", "ism", "ion", "ive", "ful", "ous", "ant", "ent", "ic", "al", "er", "or", "ar",
    "at", "li", "th", "i", "e", "y",
];

/// The root of a stem; `None` for short stems and for languages whose endings are not known here.
pub fn root<'s>(stem: &'s str, language: &Language) -> Option<&'s str> {
    if language.code != "en" || stem.len() < 4 || !stem.is_ascii() {
        return None;
    }
    let rest = ENDINGS.iter().filter_map(|ending| stem.strip_suffix(ending)).find(|rest| rest.len() >= 4);
    Some(rest.unwrap_or(stem))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::{key, language};

    fn check(a: &str, b: &str, same: bool) {
        let (a, b) = (key(a), key(b));
        let english = language("en");
        let equal = root(&a, english).is_some() && root(&a, english) == root(&b, english);
        assert_eq!(equal, same, "{a} / {b}");
    }

    #[test]
    fn derived_words_share_a_root() {
        check("founder", "founded", true);
        check("election", "elected", true);
        check("immigration", "immigrants", true);
        check("endorsement", "endorse", true);
        check("resignation", "resign", true);
        check("careless", "careful", true);
        check("harbour", "harvest", false);
        check("police", "polite", false);
        check("war", "ward", false);
    }
}
