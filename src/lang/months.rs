//! Month names of several languages. In: one word. Out: 1 to 12.

use std::collections::BTreeMap;
use std::sync::LazyLock;

static MONTHS: LazyLock<BTreeMap<String, i8>> = LazyLock::new(|| {
    let table: BTreeMap<String, Vec<Vec<String>>> =
        toml::from_str(include_str!("months.toml")).expect("the month table is checked by a test");
    let numbered = table.into_values().flat_map(|months| (1i8..).zip(months));
    numbered.flat_map(|(number, names)| names.into_iter().map(move |name| (name, number))).collect()
});

/// The month `word` names in any language of the table; case and a trailing full stop do not matter.
pub fn month_named(word: &str) -> Option<i8> {
    MONTHS.get(word.trim_end_matches('.').to_lowercase().as_str()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_all_languages() {
        for (word, month) in [("May", 5), ("Sept.", 9), ("März", 3), ("août", 8), ("мая", 5), ("грудня", 12)]
        {
            assert_eq!(month_named(word), Some(month), "{word}");
        }
        assert_eq!(month_named("Mayor"), None);
    }

    #[test]
    fn no_two_languages_disagree() {
        let table: BTreeMap<String, Vec<Vec<String>>> = toml::from_str(include_str!("months.toml")).unwrap();
        for (language, months) in table {
            assert_eq!(months.len(), 12, "{language}");
            for (number, names) in (1i8..).zip(months) {
                assert!(names.iter().all(|name| month_named(name) == Some(number)), "{language} {number}");
            }
        }
    }
}
