//! The company somebody keeps: last words of all names in a document, as numbers, so that the company of a famous name is
//! put together quickly and takes little room.

use std::collections::HashMap;
use std::sync::Arc;

use crate::lang::People;
use crate::text::match_key;

/// No company is larger: famous names would know everybody.
const LARGEST: usize = 1000;

/// Words in the company of somebody.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Company {
    /// All words there are, sorted; empty while they are still being gathered.
    words: Arc<[String]>,
    /// Numbers of words, sorted.
    own: Vec<u32>,
}

impl Company {
    /// Adds that of another one.
    pub fn take(&mut self, other: &Company) {
        if self.own.len() < LARGEST && self.own != other.own {
            self.own.extend(&other.own);
            self.own.sort_unstable();
            self.own.dedup();
        }
    }

    /// The words that are in both, in order.
    pub fn shared<'c>(&'c self, other: &'c Company) -> impl Iterator<Item = &'c String> {
        let both = self.own.iter().filter(|number| other.own.binary_search(number).is_ok());
        both.filter_map(|number| self.words.get(*number as usize))
    }
}

/// The words of companies while they are gathered, numbered as they come.
#[derive(Default)]
pub(super) struct Words {
    numbers: HashMap<String, u32>,
}

impl Words {
    /// The company of a document with these names in it.
    pub fn company(&mut self, names: &[String], people: &People) -> Company {
        let mut own: Vec<u32> = names
            .iter()
            .filter_map(|name| company_word(name, people))
            .map(|word| {
                let next = self.numbers.len() as u32;
                *self.numbers.entry(word).or_insert(next)
            })
            .collect();
        own.sort_unstable();
        own.dedup();
        Company { words: Arc::default(), own }
    }

    /// Numbers the words in their order, in all companies.
    pub fn sort<'c>(self, companies: impl Iterator<Item = &'c mut Company>) {
        let mut words: Vec<(String, u32)> = self.numbers.into_iter().collect();
        words.sort_unstable();
        let mut place = vec![0; words.len()];
        for (at, (_, number)) in words.iter().enumerate() {
            place[*number as usize] = at as u32;
        }
        let words: Arc<[String]> = words.into_iter().map(|(word, _)| word).collect();
        for company in companies {
            company.words = words.clone();
            company.own.iter_mut().for_each(|number| *number = place[*number as usize]);
            company.own.sort_unstable();
            company.own.shrink_to_fit();
        }
    }
}

/// The last word of a proper name; nothing for pronouns, roles and groups, which are in every document.
fn company_word(name: &str, people: &People) -> Option<String> {
    let last = name.rsplit(' ').next()?;
    let proper = last.chars().next().is_some_and(char::is_uppercase);
    let common = people.pronoun(last).is_some() || people.head(last).is_some() || people.is_party(last);
    let key = match_key(last);
    (proper && !common && !key.is_empty()).then_some(key)
}
