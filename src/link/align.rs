//! Word alignment of two contents: which words answer to which, how, and in what order.
//!
//! Every content word is matched at most once. First the best ordered path (local alignment, weighted by rarity), then what
//! is left, strongest pair first. Time grows with the product of the two lengths, which `MOST_WORDS` bounds.

use super::names::same_spelling;
use super::words::{Prepared, Word, WordKind};

/// What skipping a content word costs on the ordered path.
const GAP: f64 = 0.6;

/// How two words answer to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// Same match key: equal, inflected, or another spelling of the table.
    Same,
    Number,
    Synonym,
    /// Same derivational root ("founder", "founded").
    Derived,
    /// Two spellings of a name.
    Spelling,
    /// Opposites: they answer to each other, and clash.
    Antonym,
}

impl How {
    /// How much of the lighter word's weight the match is worth.
    pub fn quality(self) -> f64 {
        match self {
            How::Same | How::Number => 1.0,
            How::Spelling => 0.9,
            How::Synonym => 0.75,
            How::Derived => 0.75,
            How::Antonym => 0.6,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            How::Same => "same",
            How::Number => "number",
            How::Synonym => "synonym",
            How::Derived => "derived",
            How::Spelling => "spelling",
            How::Antonym => "antonym",
        }
    }
}

/// Two words that answer to each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Matched {
    /// Index into the words of the first variant.
    pub a: usize,
    pub b: usize,
    pub how: How,
    /// Weight matched: quality times the rarity of the more common word.
    pub mass: f64,
    /// One of the two stands under a negation (or is an opposite) and the other does not.
    pub clash: bool,
    /// On the best ordered path.
    pub ordered: bool,
}

/// All pairs, in order of the first variant's words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Alignment {
    pub pairs: Vec<Matched>,
    /// Weight of the longest run of equal words, function words included.
    pub run: f64,
    /// Number of words in that run.
    pub run_words: usize,
}

/// Aligns two contents.
pub fn align(a: &Prepared, b: &Prepared) -> Alignment {
    let left: Vec<usize> = content_words(a);
    let right: Vec<usize> = content_words(b);
    let table = relations(a, b, &left, &right);
    let mut pairs = ordered_path(&table, left.len(), right.len());
    fill(&table, left.len(), right.len(), &mut pairs);
    pairs.sort_unstable_by_key(|&(i, j, _)| (i, j));
    let made = pairs.iter().filter_map(|&(i, j, ordered)| {
        let cell = table[i * right.len() + j]?;
        let (wa, wb) = (&a.words[left[i]], &b.words[right[j]]);
        let clash = clashes(wa, wb, cell.how);
        Some(Matched { a: left[i], b: right[j], how: cell.how, mass: cell.mass, clash, ordered })
    });
    let pairs = made.collect();
    let (run, run_words) = longest_run(a, b);
    Alignment { pairs, run, run_words }
}

#[derive(Clone, Copy)]
struct Cell {
    how: How,
    mass: f64,
}

fn content_words(prepared: &Prepared) -> Vec<usize> {
    (0..prepared.words.len()).filter(|&index| prepared.words[index].is_content()).collect()
}

fn relations(a: &Prepared, b: &Prepared, left: &[usize], right: &[usize]) -> Vec<Option<Cell>> {
    let mut table = Vec::with_capacity(left.len() * right.len());
    for &i in left {
        for &j in right {
            let (wa, wb) = (&a.words[i], &b.words[j]);
            let how = relate(wa, wb, a, b);
            table.push(how.map(|how| Cell { how, mass: how.quality() * wa.idf.min(wb.idf) }));
        }
    }
    table
}

fn relate(wa: &Word, wb: &Word, a: &Prepared, b: &Prepared) -> Option<How> {
    if wa.key == wb.key {
        return Some(How::Same);
    }
    if let (Some(i), Some(j)) = (wa.number, wb.number) {
        return a.numbers[i].agrees(&b.numbers[j]).then_some(How::Number);
    }
    if let (Some(x), Some(y)) = (&wa.name, &wb.name)
        && same_spelling((&x.folded, x.sound()), (&y.folded, y.sound()))
    {
        return Some(How::Spelling);
    }
    if opposite(wa, wb) {
        return Some(How::Antonym);
    }
    if wa.root != 0 && wa.root == wb.root {
        return Some(How::Derived);
    }
    if wa.group != 0 && wa.group == wb.group {
        return Some(How::Synonym);
    }
    None
}

fn opposite(wa: &Word, wb: &Word) -> bool {
    wa.sides.iter().any(|(pair, side)| wb.sides.iter().any(|(other, turned)| pair == other && side != turned))
}

/// Names and numbers stand under a negation with their whole clause; only what is said of them can clash.
pub(super) fn takes_polarity(wa: &Word, wb: &Word, how: How) -> bool {
    let names = wa.kind == WordKind::Name && wb.kind == WordKind::Name && how == How::Same;
    wa.kind != WordKind::Number && !names
}

fn clashes(wa: &Word, wb: &Word, how: How) -> bool {
    if !takes_polarity(wa, wb, how) {
        return false;
    }
    let turned = match how {
        How::Antonym => true,
        How::Derived => wa.reversed != wb.reversed,
        _ => false,
    };
    (wa.negated != wb.negated) != turned
}

/// Cells of the best local path, in order. Ties go to the earlier words.
fn ordered_path(table: &[Option<Cell>], rows: usize, columns: usize) -> Vec<(usize, usize, bool)> {
    let width = columns + 1;
    let mut score = vec![0.0f64; (rows + 1) * width];
    let mut best = (0.0, 0, 0);
    for i in 1..=rows {
        for j in 1..=columns {
            let skip = score[(i - 1) * width + j].max(score[i * width + j - 1]) - GAP;
            let hit = table[(i - 1) * columns + j - 1].map_or(0.0, |cell| score[(i - 1) * width + j - 1] + cell.mass);
            let here = skip.max(hit).max(0.0);
            score[i * width + j] = here;
            if here > best.0 {
                best = (here, i, j);
            }
        }
    }
    let (_, mut i, mut j) = best;
    let mut path = Vec::new();
    while i > 0 && j > 0 && score[i * width + j] > 0.0 {
        let here = score[i * width + j];
        let hit = table[(i - 1) * columns + j - 1].map(|cell| score[(i - 1) * width + j - 1] + cell.mass);
        if hit == Some(here) {
            path.push((i - 1, j - 1, true));
            (i, j) = (i - 1, j - 1);
        } else if score[(i - 1) * width + j] - GAP == here {
            i -= 1;
        } else {
            j -= 1;
        }
    }
    path.reverse();
    path
}

/// Adds the pairs that the path left out, heaviest first, each word once.
fn fill(table: &[Option<Cell>], rows: usize, columns: usize, pairs: &mut Vec<(usize, usize, bool)>) {
    let mut free_rows = vec![true; rows];
    let mut free_columns = vec![true; columns];
    for &(i, j, _) in pairs.iter() {
        free_rows[i] = false;
        free_columns[j] = false;
    }
    let mut rest: Vec<(f64, usize, usize)> = Vec::new();
    for i in (0..rows).filter(|&i| free_rows[i]) {
        for j in (0..columns).filter(|&j| free_columns[j]) {
            rest.extend(table[i * columns + j].map(|cell| (cell.mass, i, j)));
        }
    }
    rest.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
    for (_, i, j) in rest {
        if free_rows[i] && free_columns[j] {
            free_rows[i] = false;
            free_columns[j] = false;
            pairs.push((i, j, false));
        }
    }
}

/// Weight and length of the heaviest run of equal words.
fn longest_run(a: &Prepared, b: &Prepared) -> (f64, usize) {
    // for each word of `b` the run that ends with it and the word of `a` looked at
    let mut runs: Vec<(f64, usize)> = vec![(0.0, 0); b.words.len()];
    let mut best = (0.0, 0);
    for wa in &a.words {
        let mut before = (0.0, 0);
        for (wb, run) in b.words.iter().zip(&mut runs) {
            let longer = (before.0 + wa.idf.min(wb.idf), before.1 + 1);
            before = std::mem::replace(run, if wa.key == wb.key { longer } else { (0.0, 0) });
            if run.0 > best.0 {
                best = *run;
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::testing::variant;
    use crate::link::words::prepare;

    /// Each expected row: word of a, word of b, how.
    fn check(a: &str, b: &str, expected: &[(&str, &str, How)]) {
        let (va, vb) = (variant(a), variant(b));
        let (pa, pb) = (prepare(&va), prepare(&vb));
        let found: Vec<(&str, &str, How)> = align(&pa, &pb)
            .pairs
            .iter()
            .map(|pair| (pa.words[pair.a].span.of(a), pb.words[pair.b].span.of(b), pair.how))
            .collect();
        assert_eq!(found, expected, "{a} / {b}");
    }

    #[test]
    fn words_answer_to_each_other() {
        check(
            "the minister banned drones over the harbour",
            "barring drones near the harbor, the minister said",
            &[
                ("minister", "minister", How::Same),
                ("banned", "barring", How::Synonym),
                ("drones", "drones", How::Same),
                ("harbour", "harbor", How::Same),
            ],
        );
        check(
            "Gladkov lost $916 million",
            "lost nearly 915 million dollars, Mr Gladkow",
            &[
                ("Gladkov", "Gladkow", How::Spelling),
                ("lost", "lost", How::Same),
                ("916 million", "915 million dollars", How::Number),
            ],
        );
        check(
            "tariffs help farmers",
            "tariffs hurt farmers",
            &[("tariffs", "tariffs", How::Same), ("help", "hurt", How::Antonym), ("farmers", "farmers", How::Same)],
        );
        check("one shed burned", "two boats sank", &[]);
    }

    #[test]
    fn clashes_follow_negation_and_prefixes() {
        let clash = |a: &str, b: &str| {
            let (va, vb) = (variant(a), variant(b));
            align(&prepare(&va), &prepare(&vb)).pairs.iter().any(|pair| pair.clash)
        };
        assert!(clash("the bridge is safe", "the bridge is not safe"));
        assert!(clash("she is qualified for it", "she is unqualified for it"));
        assert!(!clash("she is not qualified for it", "she is unqualified for it"));
        assert!(!clash("the bridge is not safe", "the bridge was not safe"));
        assert!(clash("Falk ‘Of Course’ Is Qualified for It", "Falk is not qualified for it"));
        assert!(clash("she never said the U.S. should keep a database", "the US should keep a database"));
    }
}
