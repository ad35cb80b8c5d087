//! Which predicted attribution answers which of the gold: one to one, best content overlap first.

use super::Role;
use super::gold::Item;
use super::words::{WordSet, Words};

/// How much of a matched pair agrees. Every level but `Content` and `Attribution` asks for more than the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Content words overlap: Jaccard at least 0.5.
    Content,
    /// … and the sources share a word (or both are empty).
    Attribution,
    /// … and the cues share a word (or both are empty).
    AttributionAndCue,
    /// Attribution, and the content has the same words.
    Exact,
    /// Source, cue and content have the same words.
    Strict,
}

impl Level {
    pub const ALL: [Level; 5] =
        [Level::Content, Level::Attribution, Level::AttributionAndCue, Level::Exact, Level::Strict];

    pub fn name(self) -> &'static str {
        ["content", "attr", "attr+cue", "exact", "strict"][self as usize]
    }
}

/// The words of one attribution by role.
pub struct ItemWords([WordSet; 3]);

impl ItemWords {
    pub fn new(words: &Words, item: &Item) -> Self {
        ItemWords(Role::ALL.map(|role| words.of(item.spans(role))))
    }

    pub fn of(&self, role: Role) -> &WordSet {
        &self.0[role as usize]
    }

    /// Both share a word, or both are empty.
    fn agrees(&self, other: &Self, role: Role) -> bool {
        let (a, b) = (self.of(role), other.of(role));
        (a.is_empty() && b.is_empty()) || !a.is_disjoint(b)
    }

    fn jaccard(&self, other: &Self) -> f64 {
        let (a, b) = (self.of(Role::Content), other.of(Role::Content));
        let both = a.intersection(b).count();
        if both == 0 { 0.0 } else { both as f64 / a.union(b).count() as f64 }
    }
}

/// A gold attribution and the prediction that answers it.
pub struct Match {
    pub gold: usize,
    pub predicted: usize,
    pub levels: Vec<Level>,
}

impl Match {
    pub fn reaches(&self, level: Level) -> bool {
        self.levels.contains(&level)
    }
}

/// One-to-one matches, greedily by content Jaccard; on a tie pairs whose sources agree come first.
pub fn matches(gold: &[ItemWords], predicted: &[ItemWords]) -> Vec<Match> {
    let mut candidates = Vec::new();
    for (g, own) in gold.iter().enumerate() {
        for (p, other) in predicted.iter().enumerate() {
            let jaccard = own.jaccard(other);
            if jaccard >= 0.5 {
                candidates.push((-jaccard, !own.agrees(other, Role::Source), g, p));
            }
        }
    }
    candidates.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2, a.3).cmp(&(b.1, b.2, b.3))));
    let (mut gold_used, mut predicted_used) = (vec![false; gold.len()], vec![false; predicted.len()]);
    let mut found = Vec::new();
    for (_, other_source, g, p) in candidates {
        if gold_used[g] || predicted_used[p] {
            continue;
        }
        (gold_used[g], predicted_used[p]) = (true, true);
        let levels = if other_source { vec![Level::Content] } else { levels(&gold[g], &predicted[p]) };
        found.push(Match { gold: g, predicted: p, levels });
    }
    found
}

/// The levels of a pair whose sources agree.
fn levels(gold: &ItemWords, predicted: &ItemWords) -> Vec<Level> {
    let same = |role| gold.of(role) == predicted.of(role);
    let mut levels = vec![Level::Content, Level::Attribution];
    if gold.agrees(predicted, Role::Cue) {
        levels.push(Level::AttributionAndCue);
    }
    if same(Role::Content) {
        levels.push(Level::Exact);
    }
    if Role::ALL.into_iter().all(same) {
        levels.push(Level::Strict);
    }
    levels
}
