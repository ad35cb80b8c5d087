//! Layers with the shortest links in all: the network simplex of Gansner and others (1993).
//!
//! In: links of a graph without cycles, and how much each weighs. Out: a layer for every node, every link going at least one layer up, and the sum
//! of all link lengths as small as it can be. Short links bend less, pass fewer layers and cross less.

/// A link of the working graph; `weight` 0 for those that only hold parts together.
struct Link {
    from: usize,
    to: usize,
    weight: i64,
}

struct Simplex {
    links: Vec<Link>,
    layer: Vec<i64>,
    in_tree: Vec<bool>,
    /// Node → its link to the parent in the tree, and the nodes in an order that puts parents before children.
    parent: Vec<Option<usize>>,
    order: Vec<usize>,
}

/// Improves `layer`, which must be feasible. Exchanges are limited by the size of the graph, so that it always ends; what
/// is reached by then is feasible too.
pub(super) fn shortest(layer: &[usize], links: &[(usize, usize)], weights: &[i64]) -> Vec<usize> {
    let count = layer.len();
    let mut simplex = Simplex::new(layer, links, weights);
    simplex.grow_tree();
    for _ in 0..8 * count {
        simplex.root();
        let Some(leaving) = simplex.leaving() else { break };
        if !simplex.exchange(leaving) {
            break;
        }
    }
    let least = simplex.layer[..count].iter().min().copied().unwrap_or(0);
    simplex.layer[..count].iter().map(|it| (it - least) as usize).collect()
}

impl Simplex {
    /// A node in front of all nodes without links before them holds the parts of the graph together.
    fn new(layer: &[usize], links: &[(usize, usize)], weights: &[i64]) -> Simplex {
        let root = layer.len();
        let mut has_before = vec![false; root];
        let mut made: Vec<Link> = Vec::new();
        for (&(from, to), &weight) in links.iter().zip(weights).filter(|((from, to), _)| from != to) {
            has_before[to] = true;
            made.push(Link { from, to, weight });
        }
        let firsts = (0..root).filter(|&node| !has_before[node]);
        made.extend(firsts.map(|node| Link { from: root, to: node, weight: 0 }));
        let mut layer: Vec<i64> = layer.iter().map(|&it| it as i64).collect();
        layer.push(-1);
        let (count, nodes) = (made.len(), root + 1);
        Simplex { links: made, layer, in_tree: vec![false; count], parent: vec![None; nodes], order: Vec::new() }
    }

    fn slack(&self, link: usize) -> i64 {
        let Link { from, to, .. } = self.links[link];
        self.layer[to] - self.layer[from] - 1
    }

    /// A spanning tree of links of length one: grown from the root, moved towards the nearest node outside when it
    /// cannot grow.
    fn grow_tree(&mut self) {
        let root = self.layer.len() - 1;
        let mut inside = vec![false; self.layer.len()];
        inside[root] = true;
        loop {
            let mut grown = true;
            while std::mem::take(&mut grown) {
                for link in 0..self.links.len() {
                    let Link { from, to, .. } = self.links[link];
                    if inside[from] != inside[to] && self.slack(link) == 0 {
                        self.in_tree[link] = true;
                        (inside[from], inside[to]) = (true, true);
                        grown = true;
                    }
                }
            }
            let leads_out = |link: &usize| inside[self.links[*link].from] != inside[self.links[*link].to];
            let Some(nearest) = (0..self.links.len()).filter(leads_out).min_by_key(|&link| self.slack(link)) else {
                return;
            };
            let slack = self.slack(nearest);
            let step = if inside[self.links[nearest].from] { slack } else { -slack };
            for node in (0..self.layer.len()).filter(|&node| inside[node]) {
                self.layer[node] += step;
            }
        }
    }

    /// Parents and an order of the tree.
    fn root(&mut self) {
        let count = self.layer.len();
        let mut beside: Vec<Vec<(usize, usize)>> = vec![Vec::new(); count];
        for (at, link) in self.links.iter().enumerate().filter(|(at, _)| self.in_tree[*at]) {
            beside[link.from].push((link.to, at));
            beside[link.to].push((link.from, at));
        }
        self.parent = vec![None; count];
        self.order = vec![count - 1];
        let mut next = 0;
        while let Some(&node) = self.order.get(next) {
            next += 1;
            for &(other, link) in &beside[node] {
                if self.parent[node] != Some(link) {
                    self.parent[other] = Some(link);
                    self.order.push(other);
                }
            }
        }
    }

    /// The node whose link to its parent has the most negative cut value: shortening everything that crosses the cut
    /// is worth it. The cut value is the weight that leaves the part below the link minus the weight that enters it.
    fn leaving(&self) -> Option<usize> {
        let mut below = vec![0i64; self.layer.len()];
        for link in &self.links {
            below[link.from] += link.weight;
            below[link.to] -= link.weight;
        }
        let mut worst: Option<(i64, usize)> = None;
        for &node in self.order.iter().rev() {
            let Some(link) = self.parent[node] else { continue };
            let Link { from, to, .. } = self.links[link];
            let (value, above) = if from == node { (below[node], to) } else { (-below[node], from) };
            below[above] += below[node];
            if value < 0 && worst.is_none_or(|(least, _)| value < least) {
                worst = Some((value, node));
            }
        }
        worst.map(|(_, node)| node)
    }

    /// Takes the link above `node` out of the tree and the shortest one that crosses the cut the other way in.
    fn exchange(&mut self, node: usize) -> bool {
        let Some(out) = self.parent[node] else { return false };
        let mut under = vec![false; self.layer.len()];
        under[node] = true;
        for &it in &self.order {
            if let Some(link) = self.parent[it] {
                let Link { from, to, .. } = self.links[link];
                let above = if from == it { to } else { from };
                under[it] |= under[above];
            }
        }
        let upwards = self.links[out].from == node;
        let enters = |link: &usize| {
            let Link { from, to, .. } = self.links[*link];
            under[from] != under[to] && under[to] == upwards
        };
        let Some(entering) = (0..self.links.len()).filter(enters).min_by_key(|&link| self.slack(link)) else {
            return false;
        };
        let slack = self.slack(entering);
        // the part below moves until the entering link is one layer long
        let step = if upwards { -slack } else { slack };
        for it in (0..self.layer.len()).filter(|&it| under[it]) {
            self.layer[it] += step;
        }
        self.in_tree[out] = false;
        self.in_tree[entering] = true;
        true
    }
}
