//! Layered drawing of any directed graph, from left to right: layers by longest path, few crossings by medians and
//! swaps of neighbours, long links bent round what stands between. In: sizes and links. Out: places and routes.
//!
//! The method is Sugiyama's, with the ordering of Gansner and others (weighted medians, transposition) and places by
//! pooling adjacent violators. Everything runs in a fixed order, so that the same graph gives the same drawing.

use std::collections::BTreeSet;

/// Height of the place that a long link takes where it passes a layer.
const PASSAGE: f64 = 9.0;
const SWEEPS: usize = 24;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    /// Centre of every node.
    pub places: Vec<(f64, f64)>,
    pub layers: Vec<usize>,
    /// For every link its points from the right side of one node to the left side of the other (or the other way round,
    /// for the few links that close a cycle).
    pub routes: Vec<Vec<(f64, f64)>>,
    pub crossings: usize,
    pub width: f64,
    pub height: f64,
}

/// `sizes`: width and height of every node. `links`: from, to. `gaps`: between layers, between nodes of a layer.
/// `pull`: nodes without anything before them stand next to what follows them instead of at the far left.
pub fn layout(sizes: &[(f64, f64)], links: &[(usize, usize)], gaps: (f64, f64), pull: bool) -> Drawing {
    let turned = turned_links(sizes.len(), links);
    let layers = layers(sizes.len(), &turned, pull);
    let mut net = Net::new(sizes, &turned, &layers);
    let crossings = net.order();
    net.draw(sizes, links, gaps, layers, crossings)
}

/// The links with those turned round that would close a cycle; links from a node to itself are left out of the layers.
fn turned_links(count: usize, links: &[(usize, usize)]) -> Vec<(usize, usize)> {
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
fn layers(count: usize, links: &[(usize, usize)], pull: bool) -> Vec<usize> {
    let mut layer: Vec<usize> = vec![0; count];
    let (mut waiting, mut out) = (vec![0; count], vec![Vec::new(); count]);
    for &(from, to) in links.iter().filter(|(from, to)| from != to) {
        waiting[to] += 1;
        out[from].push(to);
    }
    let sources: Vec<usize> = (0..count).filter(|&node| waiting[node] == 0).collect();
    let mut ready = sources.clone();
    while let Some(node) = ready.pop() {
        for &to in &out[node] {
            layer[to] = layer[to].max(layer[node] + 1);
            waiting[to] -= 1;
            if waiting[to] == 0 {
                ready.push(to);
            }
        }
    }
    for node in sources.into_iter().filter(|_| pull) {
        if let Some(next) = out[node].iter().map(|&to| layer[to]).min() {
            layer[node] = next.saturating_sub(1);
        }
    }
    layer
}

/// Nodes and passages of long links, layer by layer.
struct Net {
    /// Layers as lists of points; a point below `nodes` is a node, others are passages.
    rows: Vec<Vec<usize>>,
    /// Neighbours in the layer before and after.
    before: Vec<Vec<usize>>,
    after: Vec<Vec<usize>>,
    heights: Vec<f64>,
    nodes: usize,
    /// For every link the points it runs through, both ends included, from left to right.
    paths: Vec<Vec<usize>>,
}

impl Net {
    fn new(sizes: &[(f64, f64)], links: &[(usize, usize)], layers: &[usize]) -> Net {
        let depth = layers.iter().max().map_or(0, |deepest| deepest + 1);
        let mut net = Net {
            rows: vec![Vec::new(); depth],
            before: vec![Vec::new(); sizes.len()],
            after: vec![Vec::new(); sizes.len()],
            heights: sizes.iter().map(|(_, height)| *height).collect(),
            nodes: sizes.len(),
            paths: Vec::new(),
        };
        for (node, &layer) in layers.iter().enumerate() {
            net.rows[layer].push(node);
        }
        for &(from, to) in links {
            let mut path = vec![from];
            for layer in layers[from] + 1..layers[to].max(layers[from] + 1) {
                let passage = net.heights.len();
                net.heights.push(PASSAGE);
                net.before.push(Vec::new());
                net.after.push(Vec::new());
                net.rows[layer].push(passage);
                path.push(passage);
            }
            if from != to {
                path.push(to);
            }
            for pair in path.windows(2) {
                net.after[pair[0]].push(pair[1]);
                net.before[pair[1]].push(pair[0]);
            }
            net.paths.push(path);
        }
        net
    }

    /// Orders every layer; gives the number of crossings that remain.
    fn order(&mut self) -> usize {
        let mut best = self.rows.clone();
        let mut fewest = self.crossings();
        for sweep in 0..SWEEPS {
            if fewest == 0 {
                break;
            }
            let depth = self.rows.len();
            let forward = sweep % 2 == 0;
            for step in 1..depth {
                let row = if forward { step } else { depth - 1 - step };
                self.sort_by_median(row, forward, sweep % 4 < 2);
            }
            self.swap_neighbours();
            let crossings = self.crossings();
            if crossings < fewest {
                fewest = crossings;
                best = self.rows.clone();
            }
        }
        self.rows = best;
        fewest
    }

    fn positions(&self) -> Vec<usize> {
        let mut at = vec![0; self.heights.len()];
        for row in &self.rows {
            for (place, &point) in row.iter().enumerate() {
                at[point] = place;
            }
        }
        at
    }

    fn sort_by_median(&mut self, row: usize, forward: bool, ties_turn: bool) {
        let at = self.positions();
        let mut keyed: Vec<(f64, usize, usize)> = Vec::new();
        for (place, &point) in self.rows[row].iter().enumerate() {
            let neighbours = if forward { &self.before[point] } else { &self.after[point] };
            let mut places: Vec<usize> = neighbours.iter().map(|&other| at[other]).collect();
            places.sort_unstable();
            let tie = if ties_turn { place } else { usize::MAX - place };
            keyed.push((median(&places).unwrap_or(place as f64), tie, point));
        }
        // those without neighbours stay where they are
        let fixed: Vec<bool> = self.rows[row]
            .iter()
            .map(|&point| if forward { self.before[point].is_empty() } else { self.after[point].is_empty() })
            .collect();
        let mut moving: Vec<(f64, usize, usize)> =
            keyed.iter().zip(&fixed).filter(|(_, fixed)| !**fixed).map(|(key, _)| *key).collect();
        moving.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut next = moving.into_iter();
        for (place, fixed) in fixed.into_iter().enumerate() {
            if !fixed && let Some((_, _, point)) = next.next() {
                self.rows[row][place] = point;
            }
        }
    }

    /// Swaps neighbours as long as that removes crossings.
    fn swap_neighbours(&mut self) {
        for _ in 0..8 {
            let mut better = false;
            let mut at = self.positions();
            for row in 0..self.rows.len() {
                for place in 1..self.rows[row].len() {
                    let (a, b) = (self.rows[row][place - 1], self.rows[row][place]);
                    let count = |x: usize, y: usize| {
                        pair_crossings(&self.before[x], &self.before[y], &at)
                            + pair_crossings(&self.after[x], &self.after[y], &at)
                    };
                    if count(b, a) < count(a, b) {
                        self.rows[row].swap(place - 1, place);
                        at.swap(a, b);
                        better = true;
                    }
                }
            }
            if !better {
                return;
            }
        }
    }

    fn crossings(&self) -> usize {
        let at = self.positions();
        self.rows.iter().map(|row| self.crossings_after(row, &at)).sum()
    }

    /// Crossings between a layer and the next: inversions, counted with a tree of sums.
    fn crossings_after(&self, row: &[usize], at: &[usize]) -> usize {
        let mut ends: Vec<usize> = Vec::new();
        for &point in row {
            let mut own: Vec<usize> = self.after[point].iter().map(|&other| at[other]).collect();
            own.sort_unstable();
            ends.extend(own);
        }
        let size = ends.iter().max().map_or(0, |largest| largest + 1);
        let mut sums = vec![0usize; size + 1];
        let mut crossings = 0;
        for (seen, &end) in ends.iter().enumerate() {
            let mut not_greater = 0;
            let mut i = end + 1;
            while i > 0 {
                not_greater += sums[i];
                i &= i - 1;
            }
            crossings += seen - not_greater;
            let mut i = end + 1;
            while i <= size {
                sums[i] += 1;
                i += i & i.wrapping_neg();
            }
        }
        crossings
    }

    fn draw(
        self,
        sizes: &[(f64, f64)],
        links: &[(usize, usize)],
        gaps: (f64, f64),
        layers: Vec<usize>,
        crossings: usize,
    ) -> Drawing {
        let ys = self.heights_of_points(gaps.1);
        let mut lefts = Vec::new();
        let mut widths = Vec::new();
        let mut x = 0.0;
        for row in &self.rows {
            let width = row.iter().filter(|&&point| point < self.nodes).map(|&node| sizes[node].0).fold(0.0, f64::max);
            lefts.push(x);
            widths.push(width);
            x += width + gaps.0;
        }
        let places: Vec<(f64, f64)> =
            (0..self.nodes).map(|node| (lefts[layers[node]] + widths[layers[node]] / 2.0, ys[node])).collect();
        let mut layer_of = layers.clone();
        layer_of.resize(self.heights.len(), 0);
        for (layer, row) in self.rows.iter().enumerate() {
            for &point in row {
                layer_of[point] = layer;
            }
        }
        let routes = self.paths.iter().zip(links).map(|(path, &(from, _))| {
            let mut route = Vec::new();
            for (n, &point) in path.iter().enumerate() {
                let (left, width) = (lefts[layer_of[point]], widths[layer_of[point]]);
                if point < self.nodes {
                    let half = sizes[point].0 / 2.0;
                    let centre = left + width / 2.0;
                    route.push((if n == 0 { centre + half } else { centre - half }, ys[point]));
                } else {
                    route.extend([(left, ys[point]), (left + width, ys[point])]);
                }
            }
            if path.first() != Some(&from) {
                route.reverse();
            }
            route
        });
        let routes: Vec<Vec<(f64, f64)>> = routes.collect();
        let height = ys.iter().zip(&self.heights).map(|(y, height)| y + height / 2.0).fold(0.0, f64::max);
        Drawing { places, layers, routes, crossings, width: (x - gaps.0).max(0.0), height }
    }

    /// The y of every point: near its neighbours, without overlaps, in the order of its layer.
    fn heights_of_points(&self, gap: f64) -> Vec<f64> {
        let mut ys = vec![0.0; self.heights.len()];
        for row in &self.rows {
            let mut y = 0.0;
            for &point in row {
                ys[point] = y + self.heights[point] / 2.0;
                y += self.heights[point] + gap;
            }
        }
        for sweep in 0..12 {
            let depth = self.rows.len();
            for step in 0..depth {
                let row = if sweep % 2 == 0 { step } else { depth - 1 - step };
                self.settle_row(row, gap, &mut ys);
            }
        }
        let top = ys.iter().zip(&self.heights).map(|(y, height)| y - height / 2.0).fold(f64::INFINITY, f64::min);
        if top.is_finite() {
            for y in &mut ys {
                *y -= top;
            }
        }
        ys
    }

    /// Moves the points of a layer as near to their neighbours' mean as their order and sizes allow: the least-squares
    /// solution, by pooling adjacent violators.
    fn settle_row(&self, row: usize, gap: f64, ys: &mut [f64]) {
        let points = &self.rows[row];
        let mut offset = 0.0;
        let mut offsets = Vec::with_capacity(points.len());
        // (sum of weighted wishes, weight, how many points)
        let mut pools: Vec<(f64, f64, usize)> = Vec::new();
        for (n, &point) in points.iter().enumerate() {
            if n > 0 {
                offset += (self.heights[points[n - 1]] + self.heights[point]) / 2.0 + gap;
            }
            offsets.push(offset);
            let (mut sum, mut weight) = (0.0, 0.0);
            for &other in self.before[point].iter().chain(&self.after[point]) {
                // straight passages matter more than straight ends
                let pull = match (point < self.nodes, other < self.nodes) {
                    (false, false) => 8.0,
                    (true, true) => 1.0,
                    _ => 2.0,
                };
                sum += pull * ys[other];
                weight += pull;
            }
            if weight == 0.0 {
                (sum, weight) = (ys[point] * 0.1, 0.1);
            }
            pools.push((sum - weight * offset, weight, 1));
            while let [.., (s0, w0, n0), (s1, w1, n1)] = pools[..] {
                if s0 / w0 <= s1 / w1 {
                    break;
                }
                pools.truncate(pools.len() - 2);
                pools.push((s0 + s1, w0 + w1, n0 + n1));
            }
        }
        let mut n = 0;
        for (sum, weight, count) in pools {
            for _ in 0..count {
                ys[points[n]] = sum / weight + offsets[n];
                n += 1;
            }
        }
    }
}

fn median(places: &[usize]) -> Option<f64> {
    let middle = places.len() / 2;
    match places.len() {
        0 => None,
        n if n % 2 == 1 => Some(places[middle] as f64),
        2 => Some((places[0] + places[1]) as f64 / 2.0),
        n => {
            // the weighted median of Gansner and others leans to the side that is closer together
            let left = (places[middle - 1] - places[0]) as f64;
            let right = (places[n - 1] - places[middle]) as f64;
            let (a, b) = (places[middle - 1] as f64, places[middle] as f64);
            Some(if left + right == 0.0 { (a + b) / 2.0 } else { (a * right + b * left) / (left + right) })
        }
    }
}

fn pair_crossings(upper: &[usize], lower: &[usize], at: &[usize]) -> usize {
    upper.iter().map(|&x| lower.iter().filter(|&&y| at[y] < at[x]).count()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn drawn(count: usize, links: &[(usize, usize)]) -> Drawing {
        layout(&vec![(40.0, 20.0); count], links, (50.0, 10.0), true)
    }

    #[test]
    fn a_planar_graph_has_no_crossings() {
        assert_eq!(drawn(4, &[(0, 2), (0, 3), (1, 2)]).crossings, 0);
        assert_eq!(drawn(6, &[(0, 4), (1, 3), (2, 5)]).crossings, 0);
        // three by three, all with all, cannot do with fewer than nine in two layers
        let all: Vec<(usize, usize)> = (0..3).flat_map(|a| (3..6).map(move |b| (a, b))).collect();
        assert_eq!(drawn(6, &all).crossings, 9);
    }

    #[test]
    fn layers_follow_the_links() {
        let drawing = drawn(4, &[(0, 1), (1, 2), (0, 2), (3, 2)]);
        assert_eq!(drawing.layers, [0, 1, 2, 1]);
        assert_eq!(drawing.routes[2].len(), 4, "the long link passes a layer");
    }

    proptest! {
        #[test]
        fn nothing_overlaps_and_every_link_has_its_ends(
            count in 1usize..24,
            ends in proptest::collection::vec((0usize..24, 0usize..24), 0..40),
        ) {
            let links: Vec<(usize, usize)> =
                ends.into_iter().map(|(a, b)| (a % count, b % count)).filter(|(a, b)| a != b).collect();
            let drawing = drawn(count, &links);
            for a in 0..count {
                for b in a + 1..count {
                    if drawing.layers[a] == drawing.layers[b] {
                        let apart = (drawing.places[a].1 - drawing.places[b].1).abs();
                        prop_assert!(apart >= 20.0 - 1e-6, "{a} {b} {apart}");
                    }
                }
            }
            for (&(from, to), route) in links.iter().zip(&drawing.routes) {
                let near = |point: (f64, f64), node: usize| {
                    (point.1 - drawing.places[node].1).abs() < 1e-6 && (point.0 - drawing.places[node].0).abs() <= 20.0 + 1e-6
                };
                prop_assert!(near(route[0], from) && near(route[route.len() - 1], to));
            }
        }
    }
}
