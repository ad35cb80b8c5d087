//! Claims from links and decisions, one connected component at a time, so that memory is bounded by the largest: all of them,
//! or those that new links can have changed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::graph::lineage::WIDE_CLAIM;
use crate::link::{self, Bond, Member};
use crate::model::{Decision, Id, LinkStatus, Relation, Verb};
use crate::store::{Store, StoredClaim, Tie};

use super::Stored;

/// Claims that changed, and where.
#[derive(Debug, Default)]
pub(super) struct Changed {
    /// Claims that are new or have other members than before, by row key.
    pub claims: BTreeSet<i64>,
    /// Documents that carry them.
    pub documents: BTreeSet<i64>,
    /// Of these documents, those with statements that were in other company before, not only joined by new ones; and those
    /// of claims that have become too wide to tell which documents speak of the same things.
    pub reordered: BTreeSet<i64>,
}

/// Makes all claims and echoes anew.
pub(super) fn make_all(store: &Store, decisions: &[Decision]) -> Stored<()> {
    let ties = ties_that_count(store, decisions)?;
    store.drop_claims()?;
    for component in components(&ties) {
        for claim in claims_of(store, &component, &ties)? {
            store.add_claim(&claim.id, claim.representative, &claim.members)?;
        }
    }
    store.add_single_claims()?;
    ties.iter().filter(|tie| is_echo(tie)).try_for_each(|tie| store.add_echo(tie.a, tie.b))
}

/// Ties that join or echo, or that people decided about, and all others among statements that ties hold together: of what is
/// only suggested most goes from one claim to another, and need not be held.
fn ties_that_count(store: &Store, decisions: &[Decision]) -> Stored<Vec<Tie>> {
    let decided: BTreeSet<(i64, i64)> = decided(store, decisions)?.into_iter().map(|(ends, _)| ends).collect();
    let counts = |tie: &Tie| link::joins(tie.relation, tie.status) || is_echo(tie) || decided.contains(&ends(tie));
    let mut ties = Vec::new();
    store.each_tie(&mut |tie| {
        if counts(&tie) {
            ties.push(tie);
        }
    })?;
    decide(store, &mut ties, decisions)?;
    let mut roots = roots(&ties);
    store.each_tie(&mut |tie| {
        if !counts(&tie) && roots.hold_together(tie.a, tie.b) {
            ties.push(tie);
        }
    })?;
    Ok(ties)
}

fn is_echo(tie: &Tie) -> bool {
    tie.relation == Relation::Echo && matches!(tie.status, LinkStatus::Auto | LinkStatus::Confirmed)
}

/// Makes the claims anew that statements with other links than before are in, were in or should be in.
pub(super) fn make_around(store: &Store, statements: &BTreeSet<i64>, decisions: &[Decision]) -> Stored<Changed> {
    let around = Around::of(store, statements, decisions)?;
    let mut made: Vec<StoredClaim> = Vec::new();
    let mut single = around.inside.clone();
    for component in components(&around.ties) {
        component.members.iter().for_each(|member| {
            single.remove(member);
        });
        made.extend(claims_of(store, &component, &around.ties)?);
    }
    for statement in single {
        if let Some(id) = store.id_of_statement(statement)? {
            made.push(StoredClaim {
                key: 0,
                id: link::claim_id(&id),
                representative: statement,
                members: vec![statement],
            });
        }
    }
    let changed = around.store(store, made)?;
    for &claim in &changed.claims {
        store.drop_echoes(claim)?;
    }
    around.ties.iter().filter(|tie| is_echo(tie)).try_for_each(|tie| store.add_echo(tie.a, tie.b))?;
    Ok(changed)
}

/// Statements whose claims are made anew, with all ties of them, and the claims they are in.
#[derive(Default)]
struct Around {
    inside: BTreeSet<i64>,
    ties: Vec<Tie>,
    claims: BTreeMap<i64, StoredClaim>,
}

impl Around {
    /// Follows what joins and what was one claim until nothing is left out.
    fn of(store: &Store, statements: &BTreeSet<i64>, decisions: &[Decision]) -> Stored<Around> {
        let mut decided: Vec<Tie> = Vec::new();
        decide(store, &mut decided, decisions)?;
        let mut around = Around::default();
        let mut ties: BTreeMap<(i64, i64), Tie> = BTreeMap::new();
        let mut waiting: Vec<i64> = statements.iter().copied().collect();
        while let Some(statement) = waiting.pop() {
            if !around.inside.insert(statement) {
                continue;
            }
            let own: BTreeMap<(i64, i64), Tie> =
                store.ties_of(statement)?.into_iter().map(|tie| (ends(&tie), tie)).collect();
            let said = decided.iter().filter(|tie| tie.a == statement || tie.b == statement).map(|&tie| {
                let stored = own.get(&ends(&tie)).map(|known| Tie { status: tie.status, ..*known });
                (ends(&tie), stored.unwrap_or(tie))
            });
            let said: Vec<_> = said.collect();
            let own: BTreeMap<(i64, i64), Tie> = own.into_iter().chain(said).collect();
            let joining = own.values().filter(|tie| link::joins(tie.relation, tie.status));
            waiting.extend(joining.map(|tie| if tie.a == statement { tie.b } else { tie.a }));
            ties.extend(own);
            if let Some(claim) = store.claim_of(statement)? {
                waiting.extend(&claim.members);
                around.claims.insert(claim.key, claim);
            }
        }
        around.ties = ties.into_values().collect();
        Ok(around)
    }

    /// Puts these claims in the place of those that were there, and says what changed.
    fn store(&self, store: &Store, made: Vec<StoredClaim>) -> Stored<Changed> {
        let claim_of: BTreeMap<i64, i64> =
            self.claims.values().flat_map(|claim| claim.members.iter().map(|member| (*member, claim.key))).collect();
        let mut changed = Changed::default();
        let mut rows: Vec<(Option<&StoredClaim>, StoredClaim)> = Vec::new();
        let mut kept: BTreeSet<i64> = BTreeSet::new();
        for claim in made {
            let before: BTreeSet<i64> =
                claim.members.iter().filter_map(|member| claim_of.get(member)).copied().collect();
            let whole = |old: &&StoredClaim| old.members.iter().all(|member| claim.members.contains(member));
            let grown = before.first().and_then(|key| self.claims.get(key)).filter(|_| before.len() == 1).filter(whole);
            kept.extend(grown.map(|old| old.key));
            rows.push((grown, claim));
        }
        for (key, claim) in self.claims.iter().filter(|(key, _)| !kept.contains(key)) {
            changed.reordered.extend(store.documents_of_statements(&claim.members.iter().copied().collect())?);
            store.drop_claim(*key)?;
        }
        for (grown, claim) in rows {
            let documents = store.documents_of_statements(&claim.members.iter().copied().collect())?;
            let key = match grown {
                Some(old) if old.members == claim.members => {
                    store.change_claim(old.key, &claim.id, claim.representative, &[])?;
                    continue;
                }
                Some(old) => {
                    let before = store.documents_of_statements(&old.members.iter().copied().collect())?;
                    if before.len() <= WIDE_CLAIM && documents.len() > WIDE_CLAIM {
                        changed.reordered.extend(&documents);
                    }
                    store.change_claim(old.key, &claim.id, claim.representative, &claim.members)?;
                    old.key
                }
                None => {
                    if claim.members.iter().any(|member| claim_of.contains_key(member)) {
                        changed.reordered.extend(&documents);
                    }
                    store.add_claim(&claim.id, claim.representative, &claim.members)?
                }
            };
            changed.claims.insert(key);
            changed.documents.extend(documents);
        }
        Ok(changed)
    }
}

/// Puts what people decided over what was computed; a confirmed pair without a link gets one. The newest decision holds.
fn decide(store: &Store, ties: &mut Vec<Tie>, decisions: &[Decision]) -> Stored<()> {
    for ((a, b), status) in decided(store, decisions)? {
        match ties.iter_mut().find(|tie| ends(tie) == (a, b)) {
            Some(tie) => tie.status = status,
            None => {
                let probability = if status == LinkStatus::Confirmed { 1.0 } else { 0.0 };
                ties.push(Tie { a, b, relation: Relation::Paraphrase, status, probability });
            }
        }
    }
    Ok(())
}

/// What people decided about pairs of statements that are there, oldest first. Repeats without a source are derived from claims:
/// what was decided about them counts when they are looked for.
fn decided(store: &Store, decisions: &[Decision]) -> Stored<Vec<((i64, i64), LinkStatus)>> {
    let mut found = Vec::new();
    for decision in decisions {
        let status = match decision.verb {
            Verb::Confirm => LinkStatus::Confirmed,
            Verb::Reject => LinkStatus::Rejected,
            _ => continue,
        };
        if let (Some(a), Some(b)) = (statement(store, &decision.a)?, statement(store, &decision.b)?) {
            found.push(((a.min(b), a.max(b)), status));
        }
    }
    Ok(found)
}

/// The two ends of a tie, smaller key first.
fn ends(tie: &Tie) -> (i64, i64) {
    (tie.a.min(tie.b), tie.a.max(tie.b))
}

fn statement(store: &Store, id: &str) -> Stored<Option<i64>> {
    let found = store.key_of_statement(&Id(id.to_string()))?;
    Ok(match found {
        Some(key) if !store.is_repeat(key)? => Some(key),
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
    let mut roots = roots(ties);
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

/// The sets that ties hold together.
fn roots(ties: &[Tie]) -> Roots {
    let mut roots = Roots::default();
    for tie in ties.iter().filter(|tie| link::joins(tie.relation, tie.status)) {
        roots.join(tie.a, tie.b);
    }
    roots
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

    fn hold_together(&mut self, a: i64, b: i64) -> bool {
        self.parent.contains_key(&a) && self.parent.contains_key(&b) && self.of(a) == self.of(b)
    }

    fn join(&mut self, a: i64, b: i64) {
        self.parent.entry(a).or_insert(a);
        self.parent.entry(b).or_insert(b);
        let (a, b) = (self.of(a), self.of(b));
        self.parent.insert(a.max(b), a.min(b));
    }
}

/// The claims of a component; their rows have no keys yet.
fn claims_of(store: &Store, component: &Component, ties: &[Tie]) -> Stored<Vec<StoredClaim>> {
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
    let mut found = Vec::new();
    for claim in link::claims(&members, &bonds) {
        let mut members: Vec<i64> = claim.members.iter().filter_map(|member| keys.get(member)).copied().collect();
        members.sort_unstable();
        if let Some(&representative) = keys.get(&claim.representative) {
            found.push(StoredClaim { key: 0, id: claim.id, representative, members });
        }
    }
    Ok(found)
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
