//! Layered drawing of any directed graph, from left to right: layers by longest path or with short links, few crossings
//! by medians, swaps and sifting, long links bent round what stands between. In: sizes and links. Out: places and routes.
//!
//! The method is Sugiyama's, with the ordering of Gansner and others (weighted medians, transposition) and places by
//! pooling adjacent violators. Everything runs in a fixed order, so that the same graph gives the same drawing.

mod layers;
mod order;
mod place;
mod simplex;

use layers::{longest_paths, short_layers, turned_links};

/// Most height of the place that a long link takes where it passes a layer; in tight drawings it is the gap's.
const PASSAGE: f64 = 9.0;

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

/// Nodes in layers and in order, before anything has a size.
pub struct Arrangement {
    net: Net,
    layers: Vec<usize>,
    crossings: usize,
}

/// `count` nodes, `links` from, to. `pull`: nodes stand where their links are short, and nodes without links at the
/// right; else every node stands as many layers from the left as its longest path has links.
pub fn arrange(count: usize, links: &[(usize, usize)], pull: bool) -> Arrangement {
    let turned = turned_links(count, links);
    let ways = if pull { short_layers(count, &turned) } else { vec![longest_paths(count, &turned)] };
    let mut best: Option<Arrangement> = None;
    for layers in ways {
        let mut net = Net::new(&turned, &layers);
        net.order();
        let crossings = net.better(8);
        if best.as_ref().is_none_or(|best| crossings < best.crossings) {
            best = Some(Arrangement { net, layers, crossings });
        }
    }
    let mut best = best.unwrap_or_else(|| Arrangement { net: Net::new(&[], &[]), layers: Vec::new(), crossings: 0 });
    best.crossings = best.net.better(1);
    best
}

impl Arrangement {
    /// `sizes`: width and height of every node. `links`: as arranged. `gaps`: between layers, between nodes of a layer.
    pub fn draw(&self, sizes: &[(f64, f64)], links: &[(usize, usize)], gaps: (f64, f64)) -> Drawing {
        let mut heights: Vec<f64> = sizes.iter().map(|(_, height)| *height).collect();
        heights.resize(self.net.before.len(), gaps.1.min(PASSAGE));
        let net = Net { heights, ..self.net.clone() };
        net.draw(sizes, links, gaps, self.layers.clone(), self.crossings)
    }
}

/// Nodes and passages of long links, layer by layer.
#[derive(Clone)]
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
    fn new(links: &[(usize, usize)], layers: &[usize]) -> Net {
        let depth = layers.iter().max().map_or(0, |deepest| deepest + 1);
        let mut net = Net {
            rows: vec![Vec::new(); depth],
            before: vec![Vec::new(); layers.len()],
            after: vec![Vec::new(); layers.len()],
            heights: Vec::new(),
            nodes: layers.len(),
            paths: Vec::new(),
        };
        for (node, &layer) in layers.iter().enumerate() {
            net.rows[layer].push(node);
        }
        for &(from, to) in links {
            let mut path = vec![from];
            for layer in layers[from] + 1..layers[to].max(layers[from] + 1) {
                let passage = net.before.len();
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
                let (left, right) = (lefts[layer_of[point]], lefts[layer_of[point]] + widths[layer_of[point]]);
                let y = ys[point];
                // a link bends only between layers: beside a narrow box it runs straight to the edge of its layer, so
                // that it crosses no wider box and no link that it need not cross
                let half = if point < self.nodes { sizes[point].0 / 2.0 } else { 0.0 };
                let centre = (left + right) / 2.0;
                match (point < self.nodes, n == 0) {
                    (true, true) => route.extend([(centre + half, y), (right, y)]),
                    (true, false) => route.extend([(left, y), (centre - half, y)]),
                    (false, _) => route.extend([(left, y), (right, y)]),
                }
            }
            route.dedup();
            if path.first() != Some(&from) {
                route.reverse();
            }
            route
        });
        let routes: Vec<Vec<(f64, f64)>> = routes.collect();
        let height = ys.iter().zip(&self.heights).map(|(y, height)| y + height / 2.0).fold(0.0, f64::max);
        Drawing { places, layers, routes, crossings, width: (x - gaps.0).max(0.0), height }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn drawn(count: usize, links: &[(usize, usize)]) -> Drawing {
        arrange(count, links, true).draw(&vec![(40.0, 20.0); count], links, (50.0, 10.0))
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
