//! Names whose words mix letters of several scripts: look-alikes made to deceive, or slips.
//!
//! In: a name. Out: whether one of its words mixes Latin with Cyrillic or Greek letters.

pub(super) fn is_mixed(name: &str) -> bool {
    name.split_whitespace().any(|word| {
        let mut latin = false;
        let mut other = false;
        for c in word.chars().filter(|c| c.is_alphabetic()) {
            match c {
                'A'..='Z' | 'a'..='z' | '\u{C0}'..='\u{24F}' => latin = true,
                '\u{370}'..='\u{3FF}' | '\u{400}'..='\u{52F}' => other = true,
                _ => {}
            }
        }
        latin && other
    })
}

#[cfg(test)]
mod tests {
    use super::is_mixed;

    #[test]
    fn one_script_per_word() {
        assert!(is_mixed("Pеskov")); // the second letter is Cyrillic
        assert!(!is_mixed("Peskov"));
        assert!(!is_mixed("Песков"));
        assert!(!is_mixed("Dmitry Песков"));
        assert!(!is_mixed(""));
    }
}
