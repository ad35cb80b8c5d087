//! Claims from all links and decisions, one connected component at a time, so that memory is bounded by the largest.

use std::collections::{BTreeMap, HashMap};

use crate::link::{self, Bond, Member};
use crate::model::{Decision, Id, IdKind, LinkStatus, Relation, Verb};
use crate::store::{Found, Store, StoreError, Tie};

type Stored<T> = Result<T, StoreError>;

/// Makes all claims and echoes anew.
pub(super) fn make_claims(store: &Store, decisions: &[Decision]) -> Stored<()> {
    let mut ties = store.ties()?;
    decide(store, &mut ties, decisions)?;
    store.drop_claims()?;
    for component in components(&ties) {
        add_claims(store, &component, &ties)?;
    }
    store.add_single_claims()?;
    for tie in ties.iter().filter(|tie| tie.relation == Relation::Echo) {
        if matches!(tie.status, LinkStatus::Auto | LinkStatus::Confirmed) {
            store.add_echo(tie.a, tie.b)?;
        }
    }
    Ok(())
}

/// Puts what people decided over what was computed; a confirmed pair without a link gets one. The newest decision holds.
fn decide(store: &Store, ties: &mut Vec<Tie>, decisions: &[Decision]) -> Stored<()> {
    for decision in decisions {
        let status = match decision.verb {
            Verb::Confirm => LinkStatus::Confirmed,
            Verb::Reject => LinkStatus::Rejected,
            _ => continue,
        };
        let (Some(a), Some(b)) = (statement(store, &decision.a)?, statement(store, &decision.b)?) else { continue };
        let ends = (a.min(b), a.max(b));
        match ties.iter_mut().find(|tie| (tie.a.min(tie.b), tie.a.max(tie.b)) == ends) {
            Some(tie) => tie.status = status,
            None => {
                let probability = if status == LinkStatus::Confirmed { 1.0 } else { 0.0 };
                ties.push(Tie { a: ends.0, b: ends.1, relation: Relation::Paraphrase, status, probability });
            }
        }
    }
    Ok(())
}

fn statement(store: &Store, id: &str) -> Stored<Option<i64>> {
    Ok(match store.find_id(id)? {
        Found::One(IdKind::Statement, key, found) if found.as_str() == id => Some(key),
        _ => None,
    })
}

/// Statements that ties hold together, each with the places of all ties among them.
struct Component {
    members: Vec<i64>,
    ties: Vec<usize>,
}

/// Components over the ties that join, in the order of their smallest member.
fn components(ties: &[Tie]) -> Vec<Component> {
    let mut roots = Roots::default();
    for tie in ties.iter().filter(|tie| link::joins(tie.relation, tie.status)) {
        roots.join(tie.a, tie.b);
    }
    let mut found: BTreeMap<i64, Component> = BTreeMap::new();
    let mut members: Vec<i64> = roots.parent.keys().copied().collect();
    members.sort_unstable();
    for member in members {
        let root = roots.of(member);
        let component = found.entry(root).or_insert_with(|| Component { members: Vec::new(), ties: Vec::new() });
        component.members.push(member);
    }
    for (at, tie) in ties.iter().enumerate() {
        let root = roots.of(tie.a);
        if root == roots.of(tie.b)
            && let Some(component) = found.get_mut(&root)
        {
            component.ties.push(at);
        }
    }
    found.into_values().collect()
}

/// Sets that are joined; the smallest member of a set is its root.
#[derive(Default)]
struct Roots {
    parent: HashMap<i64, i64>,
}

impl Roots {
    fn of(&mut self, member: i64) -> i64 {
        let mut root = member;
        while let Some(&next) = self.parent.get(&root).filter(|next| **next != root) {
            root = next;
        }
        let mut at = member;
        while let Some(next) = self.parent.get(&at).copied().filter(|next| *next != root && *next != at) {
            self.parent.insert(at, root);
            at = next;
        }
        root
    }

    fn join(&mut self, a: i64, b: i64) {
        self.parent.entry(a).or_insert(a);
        self.parent.entry(b).or_insert(b);
        let (a, b) = (self.of(a), self.of(b));
        self.parent.insert(a.max(b), a.min(b));
    }
}

fn add_claims(store: &Store, component: &Component, ties: &[Tie]) -> Stored<()> {
    let mut members: Vec<Member> = Vec::with_capacity(component.members.len());
    let mut keys: HashMap<Id, i64> = HashMap::new();
    let mut ids: HashMap<i64, Id> = HashMap::new();
    for key in &component.members {
        let Some((id, day, length)) = store.wording_facts(*key)? else { continue };
        keys.insert(id.clone(), *key);
        ids.insert(*key, id.clone());
        members.push(Member { id, day, length });
    }
    let bonds: Vec<Bond> = component
        .ties
        .iter()
        .filter_map(|&at| {
            let Tie { a, b, relation, status, probability } = ties[at];
            let (a, b) = (ids.get(&a)?.clone(), ids.get(&b)?.clone());
            let (a, b) = if a <= b { (a, b) } else { (b, a) };
            Some(Bond { a, b, relation, status, probability })
        })
        .collect();
    for claim in link::claims(&members, &bonds) {
        let rows: Vec<i64> = claim.members.iter().filter_map(|member| keys.get(member)).copied().collect();
        if let Some(representative) = keys.get(&claim.representative) {
            store.add_claim(&claim.id, *representative, &rows)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tie(a: i64, b: i64, relation: Relation, status: LinkStatus) -> Tie {
        Tie { a, b, relation, status, probability: 0.9 }
    }

    #[test]
    fn components_hold_what_joins_and_all_that_is_said_of_it() {
        use LinkStatus::{Auto, Confirmed, Rejected, Suggested};
        let ties = [
            tie(9, 4, Relation::Edited, Auto),
            tie(4, 7, Relation::Contained, Auto),
            tie(7, 9, Relation::Edited, Rejected),
            tie(9, 1, Relation::Edited, Suggested),
            tie(1, 2, Relation::Paraphrase, Confirmed),
            tie(2, 3, Relation::Contradicts, Auto),
        ];
        let found: Vec<(Vec<i64>, Vec<usize>)> =
            components(&ties).into_iter().map(|it| (it.members, it.ties)).collect();
        assert_eq!(found, [(vec![1, 2], vec![4]), (vec![4, 7, 9], vec![0, 1, 2])]);
    }
}
