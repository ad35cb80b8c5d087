//! Pairs of statements that share several keys, none of them rare: counted statement by statement, each pair once.

/// The holders of keys, one key after the other: places among all statements, ascending within a key.
#[derive(Default)]
pub(super) struct Middling {
    holders: Vec<u32>,
    /// Where the holders of each key end.
    ends: Vec<u32>,
}

impl Middling {
    /// Adds a key. Its holders come in ascending order.
    pub fn add(&mut self, holders: impl Iterator<Item = u32>) {
        self.holders.extend(holders);
        self.ends.push(self.holders.len() as u32);
    }

    /// All pairs of `statements` statements that share so many keys, smaller place first, each once.
    pub fn pairs(&self, statements: usize, enough: u8, visit: &mut dyn FnMut(u32, u32)) {
        let (keys, key_ends) = self.keys_of(statements);
        let mut shared = vec![0u8; statements];
        let mut met: Vec<u32> = Vec::new();
        let mut from = 0;
        for (b, &end) in key_ends.iter().enumerate() {
            for &key in &keys[from..end as usize] {
                for &a in self.holders_of(key).iter().take_while(|a| (**a as usize) < b) {
                    let count = &mut shared[a as usize];
                    *count = count.saturating_add(1);
                    if *count == 1 {
                        met.push(a);
                    }
                    if *count == enough {
                        visit(a, b as u32);
                    }
                }
            }
            met.drain(..).for_each(|a| shared[a as usize] = 0);
            from = end as usize;
        }
    }

    fn holders_of(&self, key: u32) -> &[u32] {
        let from = if key == 0 { 0 } else { self.ends[key as usize - 1] };
        &self.holders[from as usize..self.ends[key as usize] as usize]
    }

    /// The keys of every statement, one statement after the other, and where those of each end.
    fn keys_of(&self, statements: usize) -> (Vec<u32>, Vec<u32>) {
        let mut ends = vec![0u32; statements];
        self.holders.iter().for_each(|holder| ends[*holder as usize] += 1);
        let mut all = 0;
        for end in &mut ends {
            // where those of the statement begin, until they are filled in
            (*end, all) = (all, all + *end);
        }
        let mut keys = vec![0u32; self.holders.len()];
        for key in 0..self.ends.len() as u32 {
            for &holder in self.holders_of(key) {
                let end = &mut ends[holder as usize];
                keys[*end as usize] = key;
                *end += 1;
            }
        }
        (keys, ends)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn pairs_are_those_that_share_enough(
            keys in prop::collection::vec(prop::collection::btree_set(0..9u32, 1..6), 0..12),
            enough in 1..4u8,
        ) {
            let mut middling = Middling::default();
            let mut counts: BTreeMap<(u32, u32), u8> = BTreeMap::new();
            for holders in &keys {
                middling.add(holders.iter().copied());
                for b in holders {
                    holders.range(..b).for_each(|a| *counts.entry((*a, *b)).or_default() += 1);
                }
            }
            let mut found = Vec::new();
            middling.pairs(9, enough, &mut |a, b| found.push((a, b)));
            found.sort_unstable();
            let wanted: Vec<(u32, u32)> = counts.into_iter().filter(|it| it.1 >= enough).map(|it| it.0).collect();
            prop_assert_eq!(found, wanted);
        }
    }
}
