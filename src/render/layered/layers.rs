//! Which layer every node stands in: cycles are opened by turning links; then layers follow the longest path, or make
//! links as short as can be.

use std::collections::BTreeSet;

use super::order::Chance;
use super::simplex::shortest;

/// The links with those turned round that would close a cycle; links from a node to itself are left out of the layers.
pub(super) fn turned_links(count: usize, links: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut out: Vec<Vec<usize>> = vec![Vec::new(); count];
    for &(from, to) in links {
        out[from].push(to);
    }
    // 0 unseen, 1 on the way, 2 done
    let mut state = vec![0u8; count];
    let mut closing: BTreeSet<(usize, usize)> = BTreeSet::new();
    for start in 0..count {
        let mut stack = vec![(start, 0)];
        if state[start] != 0 {
            continue;
        }
        state[start] = 1;
        while let Some(top) = stack.last_mut() {
            let (node, next) = *top;
            top.1 += 1;
            match out[node].get(next) {
                Some(&to) if state[to] == 1 => {
                    closing.insert((node, to));
                }
                Some(&to) if state[to] == 0 => {
                    state[to] = 1;
                    stack.push((to, 0));
                }
                Some(_) => {}
                None => {
                    state[node] = 2;
                    stack.pop();
                }
            }
        }
    }
    links.iter().map(|&(from, to)| if closing.contains(&(from, to)) { (to, from) } else { (from, to) }).collect()
}

/// Longest path from the left.
pub(super) fn longest_paths(count: usize, links: &[(usize, usize)]) -> Vec<usize> {
    let mut layer: Vec<usize> = vec![0; count];
    let (mut waiting, mut after) = (vec![0; count], vec![Vec::new(); count]);
    for &(from, to) in links.iter().filter(|(from, to)| from != to) {
        waiting[to] += 1;
        after[from].push(to);
    }
    let mut ready: Vec<usize> = (0..count).filter(|&node| waiting[node] == 0).collect();
    while let Some(node) = ready.pop() {
        for &to in &after[node] {
            layer[to] = layer[to].max(layer[node] + 1);
            waiting[to] -= 1;
            if waiting[to] == 0 {
                ready.push(to);
            }
        }
    }
    layer
}

/// Graphs with more nodes and links than this get their layers in one way.
const SEVERAL_WAYS: usize = 400;
/// Ways with weights that differ a little from link to link.
const UNEVEN_WAYS: usize = 5;

/// Layers with short links in several ways. In the first ones links are as short as can be, and nodes that may stand in
/// one layer or another stand where the fewest others are, left, or right. In the others links weigh a little more or
/// less. Nodes without links stand at the right.
pub(super) fn short_layers(count: usize, links: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let longest = longest_paths(count, links);
    let even = with_loose_right(shortest(&longest, links, &vec![1; links.len()]), links);
    let mut ways = vec![settled(&even, links, Ties::Fewest)];
    if count + links.len() > SEVERAL_WAYS {
        return ways;
    }
    ways.extend([Ties::Left, Ties::Right].map(|ties| settled(&even, links, ties)));
    for way in 0..UNEVEN_WAYS {
        let mut chance = Chance(way as u64 + 1);
        let weights: Vec<i64> = links.iter().map(|_| 4 + chance.below(6) as i64).collect();
        let uneven = with_loose_right(shortest(&longest, links, &weights), links);
        ways.push(settled(&uneven, links, Ties::Fewest));
    }
    ways.dedup();
    ways
}

fn with_loose_right(mut layer: Vec<usize>, links: &[(usize, usize)]) -> Vec<usize> {
    let mut linked = vec![false; layer.len()];
    for &(from, to) in links.iter().filter(|(from, to)| from != to) {
        (linked[from], linked[to]) = (true, true);
    }
    let deepest = layer.iter().max().copied().unwrap_or(0);
    for node in (0..layer.len()).filter(|&node| !linked[node]) {
        layer[node] = deepest;
    }
    layer
}

/// Where nodes go that may stand in several layers.
#[derive(Clone, Copy)]
enum Ties {
    Left,
    Right,
    Fewest,
}

fn settled(layer: &[usize], links: &[(usize, usize)], ties: Ties) -> Vec<usize> {
    let mut layer = layer.to_vec();
    let (mut before, mut after) = (vec![Vec::new(); layer.len()], vec![Vec::new(); layer.len()]);
    for &(from, to) in links.iter().filter(|(from, to)| from != to) {
        before[to].push(from);
        after[from].push(to);
    }
    let mut held = vec![0usize; layer.iter().max().map_or(0, |deepest| deepest + 1)];
    layer.iter().for_each(|&it| held[it] += 1);
    for node in 0..layer.len() {
        let least = before[node].iter().map(|&it| layer[it] + 1).max();
        let most = after[node].iter().map(|&it| layer[it] - 1).min();
        let (Some(least), Some(most)) = (least, most) else { continue };
        if before[node].len() != after[node].len() {
            continue;
        }
        let wanted = match ties {
            Ties::Left => least,
            Ties::Right => most,
            Ties::Fewest => (least..=most).min_by_key(|&it| (held[it], it)).unwrap_or(layer[node]),
        };
        held[layer[node]] -= 1;
        held[wanted] += 1;
        layer[node] = wanted;
    }
    layer
}
