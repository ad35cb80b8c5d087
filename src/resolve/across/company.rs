//! The company somebody keeps: last words of all names in a document, as numbers, so that the company of a famous name is
//! put together quickly and takes little room.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::lang::People;
use crate::text::match_key;

/// No company is larger: famous names would know everybody.
const LARGEST: usize = 1000;

/// Words in the company of somebody.
#[derive(Clone, Default)]
pub(super) struct Company {
    /// All words there are, sorted.
    words: Arc<[String]>,
    /// Places among them.
    own: Arc<BTreeSet<u32>>,
}

impl Company {
    /// The company of each of these documents, from the names in it.
    pub fn of_documents(documents: &[&[String]], people: &People) -> Vec<Company> {
        let words: Vec<BTreeSet<String>> = documents
            .iter()
            .map(|names| names.iter().filter_map(|name| company_word(name, people)).collect())
            .collect();
        let all: BTreeSet<&String> = words.iter().flatten().collect();
        let all: Arc<[String]> = all.into_iter().cloned().collect();
        let number = |word: &String| all.binary_search(word).ok().map(|at| at as u32);
        words
            .iter()
            .map(|own| Company { words: all.clone(), own: Arc::new(own.iter().filter_map(number).collect()) })
            .collect()
    }

    /// Adds that of another one.
    pub fn take(&mut self, other: &Company) {
        if self.own.len() < LARGEST && !Arc::ptr_eq(&self.own, &other.own) {
            Arc::make_mut(&mut self.own).extend(other.own.iter());
        }
    }

    /// The words that are in both, in order.
    pub fn shared<'c>(&'c self, other: &'c Company) -> impl Iterator<Item = &'c String> {
        self.own.intersection(&other.own).filter_map(|at| self.words.get(*at as usize))
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
