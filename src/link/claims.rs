//! Claims and echoes from links, without chaining.
//!
//! In: the linked statements and the links among them (with decisions already put over them). Out: claims that cover every
//! statement. A function of the two sets: order of the input, and what else is in other components, does not matter.
//!
//! Within a connected component the variant with the strongest links stands for a claim; the next ones join it, strongest
//! link first, when they are linked to it and to at least half of those already in, when half of the others at least resemble
//! them (what says two things would join both), and when no cannot-link keeps them apart. What is left starts the next claim.
//! Then clips: a group that is contained in longer ones goes to the one claim that holds it best, and no two claims are ever
//! joined through it. Nor does a long quotation that says two things join the clips of one with those of the other: clips of
//! a claim have to resemble each other, too.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Claim, Id, LinkStatus, Relation};

/// A statement as claims are made of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    pub id: Id,
    /// The day it was said or printed, as ISO text; empty where unknown.
    pub day: String,
    /// Length of its wording.
    pub length: usize,
}

/// A link as claims are made of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Bond {
    pub a: Id,
    pub b: Id,
    pub relation: Relation,
    pub status: LinkStatus,
    pub probability: f64,
}

/// Two statements of which one is suggested for the other resemble each other from this probability on: of weaker suggestions
/// one in five is one claim (docs/accuracy.md).
const RESEMBLES: f64 = 0.7;

impl Bond {
    /// Whether it holds two statements together.
    pub fn joins(&self) -> bool {
        joins(self.relation, self.status)
    }
}

/// Whether a link of this kind holds two statements together.
pub fn joins(relation: Relation, status: LinkStatus) -> bool {
    status == LinkStatus::Confirmed || status == LinkStatus::Auto && relation.joins()
}

/// The id of the claim whose first-seen member is `statement`: the same digits under the claim's letter, so that an id
/// printed before an earlier member arrived can still be found.
pub fn claim_id(statement: &Id) -> Id {
    Id(format!("c{}", statement.as_str().get(1..).unwrap_or("")))
}

/// Claims from statements and the links among them.
pub fn claims(members: &[Member], bonds: &[Bond]) -> Vec<Claim> {
    let ground = Ground::new(members, bonds);
    let mut claims: Vec<Claim> = Vec::new();
    for component in ground.components() {
        claims.extend(ground.claims_of(&component));
    }
    claims.sort_by(|x, y| x.id.cmp(&y.id));
    claims
}

/// When a variant was first seen: day, then id; unknown days come last.
type Seen<'v> = (bool, &'v str, &'v Id);

fn millionths(strength: f64) -> u64 {
    (strength * 1e6).round().max(0.0) as u64
}

struct Ground<'v> {
    seen: BTreeMap<&'v Id, Seen<'v>>,
    /// Length of the wording.
    length: BTreeMap<&'v Id, usize>,
    /// Joining links that are not clips: strength by neighbour.
    core: BTreeMap<&'v Id, BTreeMap<&'v Id, f64>>,
    /// Joining links of which one side is a clip of the other: from the shorter to the longer.
    clips: BTreeMap<&'v Id, BTreeMap<&'v Id, f64>>,
    /// Pairs that resemble each other, linked or suggested with some confidence: neighbours of each.
    alike: BTreeMap<&'v Id, BTreeSet<&'v Id>>,
    apart: BTreeSet<(&'v Id, &'v Id)>,
    /// Pairs that a person said are one claim, smaller id first.
    confirmed: BTreeSet<(&'v Id, &'v Id)>,
}

impl<'v> Ground<'v> {
    fn new(members: &'v [Member], bonds: &'v [Bond]) -> Self {
        let mut ground = Ground {
            seen: BTreeMap::new(),
            length: BTreeMap::new(),
            core: BTreeMap::new(),
            clips: BTreeMap::new(),
            alike: BTreeMap::new(),
            apart: BTreeSet::new(),
            confirmed: BTreeSet::new(),
        };
        for member in members {
            ground.seen.insert(&member.id, (member.day.is_empty(), &member.day, &member.id));
            ground.length.insert(&member.id, member.length);
        }
        for link in bonds.iter().filter(|link| link.a != link.b) {
            ground.add(link);
        }
        ground
    }

    fn add(&mut self, link: &'v Bond) {
        let (a, b) = (&link.a, &link.b);
        if !self.seen.contains_key(a) || !self.seen.contains_key(b) {
            return;
        }
        let forbids = link.relation == Relation::Contradicts && link.status == LinkStatus::Auto;
        if link.status == LinkStatus::Rejected || forbids {
            self.apart.insert((a.min(b), a.max(b)));
        }
        let confirmed = link.status == LinkStatus::Confirmed;
        if confirmed {
            self.confirmed.insert((a.min(b), a.max(b)));
        }
        let suggested = link.status == LinkStatus::Suggested && link.relation.joins();
        if link.joins() || suggested && link.probability >= RESEMBLES {
            self.alike.entry(a).or_default().insert(b);
            self.alike.entry(b).or_default().insert(a);
        }
        if !link.joins() {
            return;
        }
        let strength = if confirmed { 2.0 } else { link.probability };
        if link.relation == Relation::Contained && !confirmed {
            let (short, long) = if (self.length[a], a) <= (self.length[b], b) { (a, b) } else { (b, a) };
            self.clips.entry(short).or_default().insert(long, strength);
        } else {
            self.core.entry(a).or_default().insert(b, strength);
            self.core.entry(b).or_default().insert(a, strength);
        }
    }

    /// Connected components over all joining links, each sorted, in order of their smallest member.
    fn components(&self) -> Vec<Vec<&'v Id>> {
        let mut around: BTreeMap<&Id, BTreeSet<&'v Id>> = BTreeMap::new();
        for (from, to) in self.core.iter().chain(&self.clips) {
            for other in to.keys() {
                around.entry(from).or_default().insert(other);
                around.entry(other).or_default().insert(from);
            }
        }
        let mut left: BTreeSet<&'v Id> = self.seen.keys().copied().collect();
        let mut found = Vec::new();
        while let Some(start) = left.pop_first() {
            let mut component = vec![start];
            let mut at = 0;
            while at < component.len() {
                for &next in around.get(component[at]).into_iter().flatten() {
                    if left.remove(next) {
                        component.push(next);
                    }
                }
                at += 1;
            }
            component.sort_unstable();
            found.push(component);
        }
        found
    }

    fn claims_of(&self, component: &[&'v Id]) -> Vec<Claim> {
        let groups = self.attach_clips(self.join_confirmed(self.core_groups(component)));
        groups.iter().map(|group| self.claim(group)).collect()
    }

    /// Groups of variants that are linked to their first one and to most of each other. The strongest of those left comes
    /// first; ties go to the one seen first.
    fn core_groups(&self, component: &[&'v Id]) -> Vec<Vec<&'v Id>> {
        let mut left: BTreeSet<&'v Id> = component.iter().copied().collect();
        let mut strength: BTreeMap<&'v Id, u64> =
            component.iter().map(|id| (*id, self.strength_within(id, &|other| left.contains(other)))).collect();
        let mut order: BTreeSet<(Reverse<u64>, Seen<'v>)> =
            component.iter().map(|id| (Reverse(strength[*id]), self.seen[*id])).collect();
        let mut groups = Vec::new();
        while let Some((_, (_, _, representative))) = order.first().copied() {
            let group = self.group_around(representative, &left);
            for id in &group {
                left.remove(id);
                order.remove(&(Reverse(strength[id]), self.seen[id]));
            }
            for id in &group {
                for (other, weight) in self.core.get(id).into_iter().flatten().filter(|(it, _)| left.contains(*it)) {
                    order.remove(&(Reverse(strength[other]), self.seen[other]));
                    let weaker = strength[other].saturating_sub(millionths(*weight));
                    strength.insert(other, weaker);
                    order.insert((Reverse(weaker), self.seen[other]));
                }
            }
            groups.push(group);
        }
        groups
    }

    /// Groups that a confirmed pair holds together become one, under the first one's representative, unless something keeps
    /// two of their members apart.
    fn join_confirmed(&self, mut groups: Vec<Vec<&'v Id>>) -> Vec<Vec<&'v Id>> {
        for (a, b) in &self.confirmed {
            let place = |id: &Id| groups.iter().position(|group| group.contains(&id));
            let (Some(x), Some(y)) = (place(a), place(b)) else { continue };
            if x != y && groups[x.max(y)].iter().all(|id| self.may_join(id, &groups[x.min(y)])) {
                let later = groups.remove(x.max(y));
                groups[x.min(y)].extend(later);
            }
        }
        groups
    }

    /// Sum of the links to those that `keep` holds for, in millionths, so that no order of adding shows.
    fn strength_within(&self, id: &Id, keep: &dyn Fn(&Id) -> bool) -> u64 {
        let links = self.core.get(id).into_iter().flatten();
        links.filter(|(other, _)| keep(other)).map(|(_, strength)| millionths(*strength)).sum()
    }

    fn group_around(&self, representative: &'v Id, left: &BTreeSet<&'v Id>) -> Vec<&'v Id> {
        let mut near: Vec<(&'v Id, f64)> = self
            .core
            .get(representative)
            .into_iter()
            .flatten()
            .filter(|(id, _)| left.contains(*id))
            .map(|(id, strength)| (*id, *strength))
            .collect();
        near.sort_by(|x, y| y.1.total_cmp(&x.1).then_with(|| self.seen[x.0].cmp(&self.seen[y.0])));
        let mut group = vec![representative];
        for (id, _) in near {
            let linked = group.iter().filter(|member| self.core[id].contains_key(*member)).count();
            let alike = 2 * self.alike_pairs(&[id], &group[1..]) >= group.len() - 1;
            if 2 * linked >= group.len() && alike && self.may_join(id, &group) {
                group.push(id);
            }
        }
        group
    }

    fn may_join(&self, id: &Id, group: &[&Id]) -> bool {
        group.iter().all(|member| !self.apart.contains(&(id.min(member), id.max(member))))
    }

    /// Puts each group of clips into the one claim that holds it best; those that it does not take are claims by the same rules.
    fn attach_clips(&self, mut groups: Vec<Vec<&'v Id>>) -> Vec<Vec<&'v Id>> {
        let mut claims = Vec::new();
        while !groups.is_empty() {
            let (made, others) = self.attach_once(groups);
            claims.extend(made);
            groups = others;
        }
        claims
    }

    /// Claims with their clips, and the clips that were not taken. Longest wording first, so that a host is never a clip of
    /// something longer that has a claim of its own.
    fn attach_once(&self, groups: Vec<Vec<&'v Id>>) -> (Vec<Vec<&'v Id>>, Vec<Vec<&'v Id>>) {
        let longest = |group: &[&Id]| group.iter().map(|id| self.length[*id]).max().unwrap_or(0);
        let first = |group: &[&'v Id]| group.iter().map(|id| self.seen[*id]).min();
        let mut order = groups;
        order.sort_by(|x, y| longest(y).cmp(&longest(x)).then_with(|| first(x).cmp(&first(y))));
        let mut hosts: Vec<Vec<&'v Id>> = Vec::new();
        let mut host_of: BTreeMap<&'v Id, usize> = BTreeMap::new();
        let mut clips: BTreeMap<usize, Vec<Vec<&'v Id>>> = BTreeMap::new();
        for group in order {
            match self.best_host(&group, &hosts, &host_of) {
                Some(host) => clips.entry(host).or_default().push(group),
                None => {
                    group.iter().for_each(|id| {
                        host_of.insert(id, hosts.len());
                    });
                    hosts.push(group);
                }
            }
        }
        let mut others = Vec::new();
        for (host, clips) in clips {
            others.extend(self.attach_to(&mut hosts[host], clips));
        }
        (hosts, others)
    }

    /// Adds to a claim those of its clips that belong together, the largest group first: each resembles most of what the claim
    /// was without clips, and most of the groups of clips taken before: at least half of the pairs with each of these resemble
    /// each other. Gives back the others.
    fn attach_to(&self, claim: &mut Vec<&'v Id>, mut clips: Vec<Vec<&'v Id>>) -> Vec<Vec<&'v Id>> {
        clips.sort_by_key(|group| (Reverse(group.len()), group.iter().map(|id| self.seen[*id]).min()));
        let whole = claim.len();
        let mut taken: Vec<Vec<&Id>> = Vec::new();
        let mut others = Vec::new();
        for group in clips {
            let resembles = |clip: &&Vec<&Id>| 2 * self.alike_pairs(&group, clip) >= group.len() * clip.len();
            let like = taken.iter().filter(resembles).count();
            let most = 2 * self.alike_pairs(&group, &claim[..whole]) > group.len() * whole;
            let fits = (taken.is_empty() || 2 * like > taken.len()) && most;
            if fits && group.iter().all(|id| self.may_join(id, claim)) {
                claim.extend(&group);
                taken.push(group);
            } else {
                others.push(group);
            }
        }
        others
    }

    /// How many pairs of one of the group and one of the others resemble each other.
    fn alike_pairs(&self, group: &[&Id], others: &[&Id]) -> usize {
        let near = group.iter().filter_map(|id| self.alike.get(*id));
        near.map(|near| others.iter().filter(|other| near.contains(**other)).count()).sum()
    }

    /// The claim with the strongest containing links to most of the group's members.
    fn best_host(&self, group: &[&Id], hosts: &[Vec<&'v Id>], host_of: &BTreeMap<&Id, usize>) -> Option<usize> {
        let mut votes: BTreeMap<usize, (usize, f64)> = BTreeMap::new();
        for id in group {
            let mut here: BTreeMap<usize, f64> = BTreeMap::new();
            for (long, strength) in self.clips.get(id).into_iter().flatten() {
                if let Some(&host) = host_of.get(long) {
                    let best = here.entry(host).or_default();
                    *best = best.max(*strength);
                }
            }
            for (host, strength) in here {
                let vote = votes.entry(host).or_default();
                *vote = (vote.0 + 1, vote.1 + strength);
            }
        }
        votes.retain(|host, (members, _)| {
            2 * *members > group.len() && group.iter().all(|id| self.may_join(id, &hosts[*host]))
        });
        let best = votes.into_iter().max_by(|x, y| x.1.1.total_cmp(&y.1.1).then(y.0.cmp(&x.0)));
        best.map(|(host, _)| host)
    }

    fn claim(&self, group: &[&'v Id]) -> Claim {
        let mut members: Vec<&Id> = group.to_vec();
        members.sort_by_key(|id| self.seen[*id]);
        let inside: BTreeSet<&Id> = members.iter().copied().collect();
        let strength = |id: &Id| self.strength_within(id, &|other| inside.contains(other));
        let mut representative = members[0];
        for member in &members[1..] {
            if strength(member) > strength(representative) {
                representative = member;
            }
        }
        Claim {
            id: claim_id(members[0]),
            representative: representative.clone(),
            members: members.into_iter().cloned().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A statement called by its wording, whose first digit is its day.
    fn made(name: &str) -> Member {
        let day = name.chars().find(char::is_ascii_digit).map_or(String::new(), |digit| format!("2031-05-0{digit}"));
        Member { id: Id(format!("s{name}")), day, length: name.len() }
    }

    fn linked(a: &str, b: &str, relation: Relation, status: LinkStatus, probability: f64) -> Bond {
        let (a, b) = (Id(format!("s{a}")), Id(format!("s{b}")));
        let (a, b) = if a <= b { (a, b) } else { (b, a) };
        Bond { a, b, relation, status, probability }
    }

    fn auto(a: &str, b: &str) -> Bond {
        linked(a, b, Relation::Edited, LinkStatus::Auto, 0.9)
    }

    fn clip(a: &str, b: &str, probability: f64) -> Bond {
        linked(a, b, Relation::Contained, LinkStatus::Auto, probability)
    }

    /// Expected claims as lists of names, in order of their first-seen member.
    fn check(names: &[&str], links: &[Bond], expected: &[&[&str]]) {
        let variants: Vec<Member> = names.iter().map(|name| made(name)).collect();
        let claims = claims(&variants, links);
        let mut found: Vec<Vec<&str>> =
            claims.iter().map(|claim| claim.members.iter().map(|id| &id.as_str()[1..]).collect()).collect();
        found.sort();
        let mut expected: Vec<Vec<&str>> = expected.iter().map(|group| group.to_vec()).collect();
        expected.sort();
        assert_eq!(found, expected);
    }

    #[test]
    fn linked_variants_are_one_claim_named_after_the_first_seen() {
        let variants = [made("b1"), made("a2"), made("c")];
        let links = [auto("b1", "a2"), auto("a2", "c"), auto("b1", "c")];
        let claims = claims(&variants, &links);
        assert_eq!(claims.len(), 1);
        assert_eq!(claims[0].id, claim_id(&Id("sb1".into())));
        assert_eq!(claims[0].members, [Id("sb1".into()), Id("sa2".into()), Id("sc".into())]);
    }

    #[test]
    fn claims_do_not_chain() {
        let chain = [auto("a1", "b1"), auto("b1", "c1"), auto("c1", "d1"), auto("d1", "e1")];
        let variants: Vec<Member> = ["a1", "b1", "c1", "d1", "e1"].iter().map(|name| made(name)).collect();
        let claims = claims(&variants, &chain);
        assert!(claims.len() >= 2 && claims.iter().all(|claim| claim.members.len() <= 3), "{claims:?}");
    }

    #[test]
    fn a_clip_goes_to_one_claim_and_bridges_none() {
        let links = [
            auto("long1", "long2"),
            auto("other1", "other2"),
            clip("x3", "long1", 0.95),
            clip("x3", "long2", 0.95),
            clip("x3", "other1", 0.9),
        ];
        check(
            &["long1", "long2", "other1", "other2", "x3"],
            &links,
            &[&["long1", "long2", "x3"], &["other1", "other2"]],
        );
    }

    #[test]
    fn a_weak_suggestion_is_no_resemblance() {
        let both = [auto("both1", "wall2"), auto("both1", "payer3")];
        let suggested = |probability| {
            let between = linked("wall2", "payer3", Relation::Edited, LinkStatus::Suggested, probability);
            [&both[..], &[between]].concat()
        };
        let all = ["both1", "wall2", "payer3"];
        check(&all, &suggested(0.6), &[&["both1", "wall2"], &["payer3"]]);
        check(&all, &suggested(0.8), &[&["both1", "wall2", "payer3"]]);
    }

    #[test]
    fn a_long_quotation_does_not_join_what_it_says_in_its_halves() {
        let halves = [
            auto("first2", "first3"),
            clip("first2", "bothhalves1", 0.95),
            clip("first3", "bothhalves1", 0.95),
            clip("last4", "bothhalves1", 0.95),
        ];
        let all = ["bothhalves1", "first2", "first3", "last4"];
        check(&all, &halves, &[&["bothhalves1", "first2", "first3"], &["last4"]]);
        // Two clips that overlap resemble each other.
        let overlap =
            [&halves[..], &[linked("last4", "first2", Relation::Edited, LinkStatus::Suggested, 0.8)]].concat();
        check(&all, &overlap, &[&["bothhalves1", "first2", "first3", "last4"]]);
        // One clip that a little resembles one of several of the other half does not join them.
        let alike = linked("last5", "first2", Relation::Edited, LinkStatus::Suggested, 0.8);
        let more = [
            &halves[..],
            &[
                auto("first2", "first6"),
                auto("first3", "first6"),
                clip("first6", "bothhalves1", 0.95),
                auto("last4", "last5"),
            ],
            &[clip("last5", "bothhalves1", 0.95), alike],
        ]
        .concat();
        let all = ["bothhalves1", "first2", "first3", "first6", "last4", "last5"];
        check(&all, &more, &[&["bothhalves1", "first2", "first3", "first6"], &["last4", "last5"]]);
        // A clip that holds both halves joins them no more than the whole does.
        let nested = [
            &halves[..],
            &[clip("mostofit5", "bothhalves1", 0.9), clip("last4", "mostofit5", 0.9), clip("first2", "mostofit5", 0.9)],
        ]
        .concat();
        let all = ["bothhalves1", "first2", "first3", "last4", "mostofit5"];
        check(&all, &nested, &[&["bothhalves1", "first2", "first3", "mostofit5"], &["last4"]]);
    }

    #[test]
    fn suggestions_and_contradictions_join_nothing() {
        check(&["a1", "b1"], &[linked("a1", "b1", Relation::Edited, LinkStatus::Suggested, 0.7)], &[&["a1"], &["b1"]]);
        check(&["a1", "b1"], &[linked("a1", "b1", Relation::Contradicts, LinkStatus::Auto, 0.2)], &[&["a1"], &["b1"]]);
        check(&["a1", "b1"], &[linked("a1", "b1", Relation::Paraphrase, LinkStatus::Confirmed, 0.1)], &[&["a1", "b1"]]);
    }

    #[test]
    fn what_is_rejected_stays_apart() {
        let links =
            [auto("a1", "b1"), auto("a1", "c1"), linked("b1", "c1", Relation::Edited, LinkStatus::Rejected, 0.99)];
        check(&["a1", "b1", "c1"], &links, &[&["a1", "b1"], &["c1"]]);
    }

    proptest! {
        #[test]
        fn the_order_of_the_input_does_not_matter(
            pairs in prop::collection::vec((0usize..9, 0usize..9, 0usize..4), 0..24),
            seed in 0usize..1000,
        ) {
            let names: Vec<String> = (0..9).map(|at| format!("{}{}", "n".repeat(at + 1), at % 5)).collect();
            let mut variants: Vec<Member> = names.iter().map(|name| made(name)).collect();
            let mut links: Vec<Bond> = pairs.iter().filter(|(a, b, _)| a != b).map(|&(a, b, kind)| match kind {
                0 => clip(&names[a], &names[b], 0.9),
                1 => linked(&names[a], &names[b], Relation::Contradicts, LinkStatus::Auto, 0.2),
                _ => auto(&names[a], &names[b]),
            }).collect();
            links.sort_by(|x, y| (&x.a, &x.b).cmp(&(&y.a, &y.b)));
            links.dedup_by(|x, y| x.a == y.a && x.b == y.b);
            let first = claims(&variants, &links);
            variants.rotate_left(seed % 9);
            links.reverse();
            prop_assert_eq!(&first, &claims(&variants, &links));
            let members: usize = first.iter().map(|claim| claim.members.len()).sum();
            prop_assert_eq!(members, 9);
        }
    }
}
