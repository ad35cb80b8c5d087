//! The cheapest tree that reaches every node from a root (Chu and Liu, Edmonds).

/// For every node its parent in the cheapest tree from `root`; `None` for the root and for what cannot be reached.
/// `costs[from][to]`; infinite costs are no links. Ties go to the smaller parent.
pub fn cheapest_tree(costs: &[Vec<f64>], root: usize) -> Vec<Option<usize>> {
    let count = costs.len();
    let best: Vec<Option<usize>> = (0..count)
        .map(|to| {
            let from = (0..count).filter(|&from| from != to && costs[from][to].is_finite());
            from.min_by(|&a, &b| costs[a][to].total_cmp(&costs[b][to]).then(a.cmp(&b))).filter(|_| to != root)
        })
        .collect();
    let Some(cycle) = find_cycle(&best) else { return best };
    // the cycle becomes one node; a link into it costs what it would cost more than the link it replaces
    let in_cycle = |node: usize| cycle.contains(&node);
    let outside: Vec<usize> = (0..count).filter(|&node| !in_cycle(node)).collect();
    let merged = outside.len();
    let mut smaller = vec![vec![f64::INFINITY; merged + 1]; merged + 1];
    let mut entry = vec![0; merged];
    let mut exit = vec![0; merged];
    for (i, &a) in outside.iter().enumerate() {
        for (j, &b) in outside.iter().enumerate() {
            smaller[i][j] = if i == j { f64::INFINITY } else { costs[a][b] };
        }
        for &node in &cycle {
            let replaced = best[node].map_or(0.0, |parent| costs[parent][node]);
            if costs[a][node] - replaced < smaller[i][merged] {
                smaller[i][merged] = costs[a][node] - replaced;
                entry[i] = node;
            }
            if costs[node][a] < smaller[merged][i] {
                smaller[merged][i] = costs[node][a];
                exit[i] = node;
            }
        }
    }
    let Some(small_root) = outside.iter().position(|&node| node == root) else { return best };
    let tree = cheapest_tree(&smaller, small_root);
    let mut parents = vec![None; count];
    for &node in &cycle {
        parents[node] = best[node];
    }
    for (i, &node) in outside.iter().enumerate() {
        parents[node] = tree[i].map(|parent| if parent == merged { exit[i] } else { outside[parent] });
    }
    match tree[merged] {
        Some(from) => parents[entry[from]] = Some(outside[from]),
        // nothing leads into the cycle: it is opened at its smallest node
        None => parents[cycle.iter().copied().min().unwrap_or(0)] = None,
    }
    parents
}

fn find_cycle(parents: &[Option<usize>]) -> Option<Vec<usize>> {
    for start in 0..parents.len() {
        let mut seen = vec![start];
        let mut at = start;
        while let Some(parent) = parents[at] {
            if parent == start {
                return Some(seen);
            }
            if seen.contains(&parent) {
                break;
            }
            seen.push(parent);
            at = parent;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn total(costs: &[Vec<f64>], parents: &[Option<usize>]) -> f64 {
        parents.iter().enumerate().filter_map(|(to, from)| from.map(|from| costs[from][to])).sum()
    }

    fn is_tree(parents: &[Option<usize>], root: usize) -> bool {
        (0..parents.len()).all(|node| {
            let mut at = node;
            for _ in 0..parents.len() {
                match parents[at] {
                    Some(parent) => at = parent,
                    None => break,
                }
            }
            at == root
        })
    }

    #[test]
    fn opens_cycles_at_the_cheapest_place() {
        let inf = f64::INFINITY;
        let costs = vec![vec![inf, 10.0, 9.0], vec![inf, inf, 1.0], vec![inf, 1.0, inf]];
        assert_eq!(cheapest_tree(&costs, 0), [None, Some(2), Some(0)]);
    }

    /// All parents of all nodes but the root 0 in turn.
    fn all_trees(count: usize) -> impl Iterator<Item = Vec<Option<usize>>> {
        (0..count.pow(count as u32 - 1)).filter_map(move |code| {
            let mut parents = vec![None; count];
            let mut rest = code;
            for slot in parents.iter_mut().skip(1) {
                *slot = Some(rest % count);
                rest /= count;
            }
            let own = parents.iter().enumerate().any(|(node, parent)| *parent == Some(node));
            (!own && is_tree(&parents, 0)).then_some(parents)
        })
    }

    proptest! {
        /// Against all trees there are, on two to five nodes.
        #[test]
        fn no_tree_is_cheaper(count in 2usize..6, cells in proptest::collection::vec(1u8..50, 25)) {
            let costs: Vec<Vec<f64>> =
                (0..count).map(|row| (0..count).map(|at| f64::from(cells[row * 5 + at])).collect()).collect();
            let found = cheapest_tree(&costs, 0);
            prop_assert!(is_tree(&found, 0));
            let least = all_trees(count).map(|parents| total(&costs, &parents)).fold(f64::INFINITY, f64::min);
            prop_assert_eq!(total(&costs, &found), least);
        }

        /// The same where links are missing: as long as there is a tree at all, the cheapest is found.
        #[test]
        fn missing_links_are_not_used(cells in proptest::collection::vec(0u8..30, 25)) {
            let cost = |cell: u8| if cell < 12 { f64::INFINITY } else { f64::from(cell) };
            let costs: Vec<Vec<f64>> = cells.chunks(5).map(|row| row.iter().map(|&cell| cost(cell)).collect()).collect();
            let least = all_trees(5).map(|parents| total(&costs, &parents)).fold(f64::INFINITY, f64::min);
            prop_assume!(least.is_finite());
            let found = cheapest_tree(&costs, 0);
            prop_assert!(is_tree(&found, 0));
            prop_assert_eq!(total(&costs, &found), least);
        }
    }
}
