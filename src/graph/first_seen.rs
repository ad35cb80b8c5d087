//! Which documents may be the first known to carry a claim.

use std::collections::BTreeSet;

use crate::model::{ClaimEdge, Date, Id, Order};

/// The documents that may have been first with a claim: those that no edge shows to repeat another, and among them
/// the earliest known. Several remain where dates tie or are too coarse to tell; none where nothing can be said.
///
/// `carriers`: the documents of the claim with their dates. `edges`: the edges of this claim.
pub fn first_seen(carriers: &[(&Id, Option<&Date>)], edges: &[&ClaimEdge]) -> BTreeSet<Id> {
    let repeaters: BTreeSet<&Id> =
        edges.iter().filter(|edge| edge.order != Order::Unknown).map(|edge| &edge.to).collect();
    let roots: Vec<_> = carriers.iter().filter(|(id, _)| !repeaters.contains(id)).collect();
    let dates: Vec<&Date> = roots.iter().filter_map(|(_, date)| *date).collect();
    let chosen = |(_, date): &&&(&Id, Option<&Date>)| match date {
        Some(date) => !dates.iter().any(|other| surely_before(other, date)),
        None => dates.is_empty() && roots.len() == 1,
    };
    roots.iter().filter(|root| chosen(root)).map(|(id, _)| (*id).clone()).collect()
}

/// Whether `a` is earlier than `b` at the precision that both are known to, times of day left aside: the time that
/// a page prints is often that of its last change.
pub fn surely_before(a: &Date, b: &Date) -> bool {
    let day = |date: &Date| date.as_str().len().min(10);
    let common = day(a).min(day(b));
    a.as_str()[..common] < b.as_str()[..common]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::DocumentRelation;

    /// `carriers` is "a=2023-05-31 b=? c=2023-05"; `repeats` is "b<a" for "b repeats a".
    fn check(carriers: &str, repeats: &str, first: &str) {
        let parsed: Vec<(Id, Option<Date>)> = carriers
            .split_whitespace()
            .filter_map(|part| part.split_once('='))
            .map(|(id, date)| (Id(id.to_string()), Date::parse_iso(date)))
            .collect();
        let edges: Vec<ClaimEdge> = repeats
            .split_whitespace()
            .filter_map(|part| part.split_once('<'))
            .map(|(to, from)| ClaimEdge {
                claim: Id("c".into()),
                from: Id(from.into()),
                to: Id(to.into()),
                relation: DocumentRelation::Copy,
                order: Order::Wording,
                score: 1.0,
                evidence: Vec::new(),
            })
            .collect();
        let list: Vec<(&Id, Option<&Date>)> = parsed.iter().map(|(id, date)| (id, date.as_ref())).collect();
        let found: Vec<String> =
            first_seen(&list, &edges.iter().collect::<Vec<_>>()).into_iter().map(|id| id.0).collect();
        assert_eq!(found.join(" "), first, "{carriers} / {repeats}");
    }

    #[test]
    fn the_earliest_document_that_repeats_nobody_is_first() {
        check("a=2023-05-30 b=2023-05-31", "", "a");
        check("a=2023-05-31 b=2023-05-31", "", "a b");
        check("a=2023-05-31 b=2023-05-31", "b<a", "a");
        check("a=2023-05-31 b=2023-05-30", "b<a", "a");
        check("a=2023-05-31T09:00Z b=2023-05-31T08:00Z", "", "a b");
    }

    #[test]
    fn what_is_not_known_stays_open() {
        check("a=2023-05 b=2023-05-31", "", "a b");
        check("a=2023-05 b=2023-06-01", "", "a");
        check("a=? b=2023-05-31", "", "b");
        check("a=? b=?", "", "");
        check("a=? b=?", "b<a", "a");
        check("a=?", "", "a");
    }
}
