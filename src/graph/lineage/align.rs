//! Two profiles side by side: which sentences of one are found in the other, how alike they are, whether they come
//! in the same order, and which runs of words both have.

use std::collections::BTreeMap;

use super::profile::{Profile, SHINGLE, SentenceWords};

/// Sentences at least this alike are taken to say the same thing in similar words.
const ALIKE: f64 = 0.34;

/// Two sentences that say the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    pub a: usize,
    pub b: usize,
    /// Dice of the words that carry meaning, 0 to 1.
    pub alike: f64,
    /// Word for word the same.
    pub identical: bool,
}

/// A run of words that both documents have: where it begins in each, and how many words it is long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    pub a: usize,
    pub b: usize,
    pub length: usize,
    /// Most of it stands inside quotation marks.
    pub quoted_a: bool,
    pub quoted_b: bool,
}

/// What two documents share. `a` and `b` are the two, in the order they were given.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Alignment {
    pub pairs: Vec<Pair>,
    /// Maximal runs of at least `SHINGLE` words, in the order of the first document.
    pub runs: Vec<Run>,
    /// Of the pairs, those of sentences that neither prints mostly as a quotation.
    pub narrative_pairs: usize,
    /// Of the matched sentences, the share that comes in the same order in both (longest common order).
    pub in_order: f64,
    /// Share of the sentences of each that is found in the other.
    pub share_a: f64,
    pub share_b: f64,
    /// Runs of unquoted words that both have (maximal runs of at least `SHINGLE` words), and the longest in words.
    pub narrative_runs: usize,
    pub longest_run: usize,
    /// Runs of words quoted in both, of at least `SHINGLE` words.
    pub quoted_runs: usize,
    /// Runs of at least `SHINGLE` words that stand inside quotation marks in one and outside in the other.
    pub marks_only_in_a: usize,
    pub marks_only_in_b: usize,
    /// Mean likeness of the matched sentences, and the share of them that is identical.
    pub likeness: f64,
    pub identical: f64,
}

pub fn align(a: &Profile, b: &Profile) -> Alignment {
    let mut found = Alignment { pairs: match_sentences(a, b), ..Alignment::default() };
    let matched = found.pairs.len().max(1) as f64;
    found.in_order = in_order(&found.pairs).len() as f64 / matched;
    found.share_a = found.pairs.len() as f64 / countable(a).max(1) as f64;
    found.share_b = found.pairs.len() as f64 / countable(b).max(1) as f64;
    let quoted = |sentence: &SentenceWords| 2 * sentence.quoted > sentence.to - sentence.from;
    let narrative = |pair: &&Pair| !quoted(&a.sentences[pair.a]) && !quoted(&b.sentences[pair.b]);
    found.narrative_pairs = found.pairs.iter().filter(narrative).count();
    found.likeness = found.pairs.iter().map(|pair| pair.alike).sum::<f64>() / matched;
    found.identical = found.pairs.iter().filter(|pair| pair.identical).count() as f64 / matched;
    count_runs(a, b, &mut found);
    found
}

/// Sentences too short to tell ("Now playing") are not counted.
fn tells(sentence: &SentenceWords) -> bool {
    sentence.keys.len() >= 4
}

pub fn countable(profile: &Profile) -> usize {
    profile.sentences.iter().filter(|sentence| tells(sentence)).count()
}

/// One to one, best first; a tie goes to the pair that stands first.
fn match_sentences(a: &Profile, b: &Profile) -> Vec<Pair> {
    let mut by_key: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (at, sentence) in b.sentences.iter().enumerate().filter(|(_, sentence)| tells(sentence)) {
        for key in &sentence.keys {
            by_key.entry(*key).or_default().push(at);
        }
    }
    let mut candidates = Vec::new();
    for (at, sentence) in a.sentences.iter().enumerate().filter(|(_, sentence)| tells(sentence)) {
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        // a word that stands in a great many sentences says little and would cost a lot
        for other in sentence.keys.iter().filter_map(|key| by_key.get(key)).filter(|list| list.len() <= 64).flatten() {
            *shared.entry(*other).or_default() += 1;
        }
        for (other, count) in shared {
            let alike = 2.0 * count as f64 / (sentence.keys.len() + b.sentences[other].keys.len()) as f64;
            if count >= 3 && alike >= ALIKE {
                candidates.push(Pair { a: at, b: other, alike, identical: same_words(a, at, b, other) });
            }
        }
    }
    candidates.sort_by(|x, y| y.alike.total_cmp(&x.alike).then((x.a, x.b).cmp(&(y.a, y.b))));
    let (mut used_a, mut used_b) = (vec![false; a.sentences.len()], vec![false; b.sentences.len()]);
    let mut pairs = Vec::new();
    for pair in candidates {
        if !used_a[pair.a] && !used_b[pair.b] {
            (used_a[pair.a], used_b[pair.b]) = (true, true);
            pairs.push(pair);
        }
    }
    pairs.sort_by_key(|pair| (pair.a, pair.b));
    pairs
}

fn same_words(a: &Profile, at: usize, b: &Profile, other: usize) -> bool {
    let words = |profile: &Profile, at: usize| -> Vec<u64> {
        let sentence = &profile.sentences[at];
        profile.words[sentence.from..sentence.to].iter().map(|word| word.key).collect()
    };
    words(a, at) == words(b, other)
}

/// Of pairs sorted by `a`, the longest row in which `b` grows too.
pub fn in_order(pairs: &[Pair]) -> Vec<Pair> {
    // for every length the pair that ends such a row with the smallest `b`, and for every pair the one before it
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (at, pair) in pairs.iter().enumerate() {
        let place = ends.partition_point(|&end| pairs[end].b < pair.b);
        before.push(place.checked_sub(1).map(|place| ends[place]));
        match ends.get_mut(place) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut row: Vec<Pair> =
        std::iter::successors(ends.last().copied(), |&at| before[at]).map(|at| pairs[at]).collect();
    row.reverse();
    row
}

fn count_runs(a: &Profile, b: &Profile, found: &mut Alignment) {
    found.runs = runs(a, b);
    for run in &found.runs {
        match (run.quoted_a, run.quoted_b) {
            (true, true) => found.quoted_runs += 1,
            (true, false) => found.marks_only_in_a += 1,
            (false, true) => found.marks_only_in_b += 1,
            (false, false) => {
                found.narrative_runs += 1;
                found.longest_run = found.longest_run.max(run.length);
            }
        }
    }
}

/// Walks over `a` and extends every shared shingle as far as both texts agree.
fn runs(a: &Profile, b: &Profile) -> Vec<Run> {
    let mut places_a: Vec<(u32, u64)> = a.shingles.iter().map(|(shingle, at)| (*at, *shingle)).collect();
    places_a.sort_unstable();
    let mut found = Vec::new();
    let mut done = 0;
    for (at, shingle) in places_a {
        let at = at as usize;
        if at < done {
            continue;
        }
        let longest = b.places(shingle).map(|other| (common_length(a, at, b, other), std::cmp::Reverse(other))).max();
        let Some((length, std::cmp::Reverse(other))) = longest.filter(|(length, _)| *length >= SHINGLE) else {
            continue;
        };
        done = at + length;
        let quoted = |profile: &Profile, from: usize| {
            2 * profile.words[from..from + length].iter().filter(|word| word.quoted).count() > length
        };
        found.push(Run { a: at, b: other, length, quoted_a: quoted(a, at), quoted_b: quoted(b, other) });
    }
    found
}

fn common_length(a: &Profile, at: usize, b: &Profile, other: usize) -> usize {
    a.words[at..].iter().zip(&b.words[other..]).take_while(|(x, y)| x.key == y.key).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_row_in_one_order() {
        let check = |order: &[usize], row: &[usize]| {
            let pair = |(a, b): (usize, &usize)| Pair { a, b: *b, alike: 1.0, identical: true };
            let pairs: Vec<Pair> = order.iter().enumerate().map(pair).collect();
            let found: Vec<usize> = in_order(&pairs).iter().map(|pair| pair.b).collect();
            assert_eq!(found, row, "{order:?}");
        };
        check(&[], &[]);
        check(&[3], &[3]);
        check(&[0, 1, 2], &[0, 1, 2]);
        check(&[2, 1, 0], &[0]);
        check(&[0, 5, 1, 2, 3], &[0, 1, 2, 3]);
        check(&[4, 0, 1, 7, 3, 8], &[0, 1, 3, 8]);
    }
}
