//! Linking: candidate keys of a variant, an explained score of a pair, and claims from links.
//! Pure functions; the index that the keys go into is the store's.

use crate::model::{Claim, Echo, Link, Variant};

/// Knobs of linking.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkOptions {
    /// At or above this probability two variants are linked.
    pub linked: f64,
    /// At or above this one (and below `linked`) a link is suggested.
    pub suggested: f64,
}

impl Default for LinkOptions {
    fn default() -> Self {
        LinkOptions { linked: 0.8, suggested: 0.5 }
    }
}

/// Candidate keys of a variant: two variants that share one are worth scoring. Sorted, without repeats.
pub fn candidate_keys(_variant: &Variant) -> Vec<u64> {
    Vec::new()
}

/// The relation of two variants with its evidence; `None` where it is below every threshold.
pub fn link(_a: &Variant, _b: &Variant, _options: &LinkOptions) -> Option<Link> {
    None
}

/// Claims and echoes from variants and the links among them. A function of the sets: order does not matter.
pub fn claims(_variants: &[Variant], _links: &[Link]) -> (Vec<Claim>, Vec<Echo>) {
    (Vec::new(), Vec::new())
}

/// The id of the claim whose first-seen member is `statement`: the same digits under the claim's letter, so that an id
/// printed before an earlier member arrived can still be found.
pub fn claim_id(statement: &crate::model::Id) -> crate::model::Id {
    crate::model::Id(format!("c{}", statement.as_str().get(1..).unwrap_or("")))
}
