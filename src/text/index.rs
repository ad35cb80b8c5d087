//! An index over strings that stand somewhere already: for tables that every start of the program needs.
//!
//! In: strings in order. Out: the number of the one that is looked for. Holds numbers only; whoever asks compares.

/// Open addressing: a number and one more; 0 where nothing is.
#[derive(Clone, Debug, Default)]
pub struct Index {
    slots: Vec<u32>,
}

/// The hash of nothing.
pub const START: u64 = 0xCBF2_9CE4_8422_2325;

/// FNV-1a, from what was hashed before on through `bytes`.
pub fn hash(before: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(before, |h, &byte| (h ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}

impl Index {
    /// The strings, each of them once.
    pub fn new<'s>(strings: impl ExactSizeIterator<Item = &'s str>) -> Self {
        let mut slots = vec![0u32; (2 * strings.len()).next_power_of_two()];
        let most = slots.len() - 1;
        for (number, string) in (1u32..).zip(strings) {
            let mut at = place(hash(START, string.as_bytes()), most);
            while slots[at] != 0 {
                at = (at + 1) & most;
            }
            slots[at] = number;
        }
        Index { slots }
    }

    /// The number of the string with this hash that `is_it`.
    pub fn find(&self, hash: u64, is_it: impl Fn(usize) -> bool) -> Option<usize> {
        let most = self.slots.len().checked_sub(1)?;
        let mut at = place(hash, most);
        while let Some(number) = self.slots[at].checked_sub(1) {
            if is_it(number as usize) {
                return Some(number as usize);
            }
            at = (at + 1) & most;
        }
        None
    }
}

fn place(hash: u64, most: usize) -> usize {
    (hash ^ hash >> 32) as usize & most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_string_is_found_and_no_other() {
        let words: Vec<String> = (0..300).map(|number| format!("word{number}")).collect();
        let index = Index::new(words.iter().map(String::as_str));
        let find = |word: &str| index.find(hash(START, word.as_bytes()), |at| words[at] == word);
        assert!(words.iter().enumerate().all(|(at, word)| find(word) == Some(at)));
        assert_eq!(find("word300"), None);
        assert_eq!(Index::default().find(1, |_| true), None);
        assert_eq!(Index::new([].into_iter()).find(1, |_| true), None);
    }
}
