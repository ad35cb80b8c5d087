//! What an index of names keeps of a local entity, so that whom it may be one with is found without reading all documents.
//!
//! In: local entities. Out: cards. The index itself is the caller's.

use crate::lang::people_of_all;
use crate::text::match_key;

use super::super::KnownLocal;
use super::super::bodies::BodyKey;
use super::super::name::{Fit, PersonName};
use super::super::spelling::{same_style, same_surname};
use super::company::{Company, Words};
use super::facts::Facts;
use super::gathering::SAMPLE;
use super::{blocks, naming};

/// Of what sort a name is: that decides what it is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sort {
    /// A person's name in full.
    Person,
    /// A body's own name.
    Body,
    /// A name in full that may be a forgery.
    Unsure,
    Surname,
    /// An office alone, or any role.
    Office,
    /// A name that many bodies have.
    CommonBody,
    /// Compared with nothing.
    Apart,
}

const SORTS: [Sort; 7] =
    [Sort::Person, Sort::Body, Sort::Unsure, Sort::Surname, Sort::Office, Sort::CommonBody, Sort::Apart];

impl Sort {
    /// The sorts of names that tell who is meant.
    pub const THAT_TELL: [Sort; 2] = [Sort::Person, Sort::Body];

    /// Whether the name alone tells who is meant: all who bear it are one.
    pub fn tells_who(self) -> bool {
        Sort::THAT_TELL.contains(&self)
    }

    pub fn number(self) -> i64 {
        self as i64
    }

    /// The sort with this number; `Apart` where there is none.
    pub fn of_number(number: i64) -> Sort {
        usize::try_from(number).ok().and_then(|at| SORTS.get(at)).copied().unwrap_or(Sort::Apart)
    }
}

/// A local entity as the index of names has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    pub sort: Sort,
    /// The name, folded.
    pub folded: String,
    /// What it is compared by. Sorted.
    pub keys: Vec<i64>,
}

impl Card {
    pub fn of(local: &KnownLocal) -> Card {
        let facts = Facts::of(local, Company::default(), people_of_all());
        Card { sort: facts.sort(), keys: blocks::keys(&facts), folded: facts.key }
    }
}

/// The key that all names share from which one and the same id is made.
pub(super) fn id_key(facts: &Facts) -> Option<i64> {
    facts.tells_who().then(|| blocks::hash("id", naming::id(facts, "", "").as_str()) | 1)
}

/// Whether two names of persons, or two of bodies, may be one as far as the names alone can tell. Rather too often than too seldom.
pub fn may_be_one(a: &str, b: &str, bodies: bool) -> bool {
    let people = people_of_all();
    if bodies {
        let (a, b) = (BodyKey::of(a, people), BodyKey::of(b, people));
        let acronym = a.acronym.is_some() || b.acronym.is_some();
        return acronym || a.same_stems(&b) || a.is_short_for(&b) || b.is_short_for(&a);
    }
    let (a, b) = (PersonName::of_text(a, people), PersonName::of_text(b, people));
    let given = match (a.first(), b.first()) {
        (Some(x), Some(y)) => {
            let (x, y) = (match_key(x), match_key(y));
            x == y || same_style(&x, &y) || a.given_fit(&b, people) != Fit::Different
        }
        _ => true,
    };
    given && same_surname(&a.surname_key(), &b.surname_key())
}

/// Whether what is known of a name is the same after as before, each with the first uses and the number of all.
pub fn is_known_alike(before: (&[KnownLocal], usize), after: (&[KnownLocal], usize)) -> bool {
    let mut words = Words::default();
    let mut of = |(uses, all): (&[KnownLocal], usize)| {
        let mut known: Option<Facts> = None;
        for local in uses.iter().take(SAMPLE) {
            let company = words.company(&local.together_with, people_of_all());
            let facts = Facts::of(local, company, people_of_all());
            match &mut known {
                Some(known) => known.take(&facts),
                None => known = Some(facts),
            }
        }
        known.map(|known| known.of_uses(all))
    };
    let same = |a: Facts, b: Facts| Facts { members: 0, ..a } == Facts { members: 0, ..b };
    match (of(before), of(after)) {
        (Some(before), Some(after)) => same(before, after),
        _ => false,
    }
}
