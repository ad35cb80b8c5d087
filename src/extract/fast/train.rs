//! Training of both stages from gold. Deterministic to the bit: the same texts in the same order give the same model.
//!
//! The second stage learns from cues that the first one finds in texts it was not trained on (texts are dealt into folds
//! by group), and from the gold cues it misses: so it meets in training what it meets in use.

use std::ops::Range;

use rayon::prelude::*;

use crate::extract::encoder::{GoldAttribution, Scorer};
use crate::lang::Language;
use crate::model::Reading;
use crate::text::Span;

use super::confidence;
use super::decode::runs;
use super::features::{BASE_FEATURES, CueView};
use super::model::{Cues, Model};
use super::perceptron::{Perceptron, Sequence};
use super::tagger::{Buckets, cues_before, reach};
use super::words::Words;

const EPOCHS: usize = 8;
const FOLDS: usize = 5;
/// What the label that begins a cue is helped by in the folds, in units of the weights: the second stage then meets more
/// false cues and learns to give them nothing.
const HELP_IN_FOLDS: f64 = 40.0;

/// A read text with its gold.
pub struct TrainingText<'a> {
    pub reading: &'a Reading<'a>,
    pub language: &'a Language,
    pub gold: &'a [GoldAttribution],
    /// Texts of one group (an article and its copies) stay in one fold.
    pub group: usize,
}

/// One passage with its gold as words.
struct Passage {
    words: Words,
    group: usize,
    /// Per attribution of the gold.
    gold: Vec<Roles>,
}

#[derive(Clone, Debug, Default)]
struct Roles {
    cue: Vec<Range<usize>>,
    source: Vec<Range<usize>>,
    content: Vec<Range<usize>>,
}

/// One sequence of the second stage: a cue of a passage, and the attribution it belongs to (none: a false cue).
struct Example {
    passage: usize,
    cue: Vec<usize>,
    owner: Option<usize>,
}

/// Trains both stages. The confidence knows nothing yet: its weights are all zero.
pub fn train(texts: &[TrainingText]) -> Model {
    let passages: Vec<Passage> = texts.par_iter().flat_map_iter(passages_of).collect();
    let folds: Vec<(Vec<usize>, Cues)> = (0..FOLDS)
        .into_par_iter()
        .map(|fold| {
            let (others, own): (Vec<usize>, Vec<usize>) =
                (0..passages.len()).partition(|&number| passages[number].group % FOLDS != fold);
            (own, train_cues(&passages, &others, HELP_IN_FOLDS))
        })
        .collect();
    let mut found: Vec<Vec<Vec<usize>>> = vec![Vec::new(); passages.len()];
    for (own, stage) in &folds {
        for &number in own {
            found[number] = cues_found(&passages[number].words, stage);
        }
    }
    let all: Vec<usize> = (0..passages.len()).collect();
    let (cues, roles) = rayon::join(|| train_cues(&passages, &all, 0.0), || train_roles(&passages, &found));
    Model { cues, roles: roles.stage(0.0), confidence: Scorer([0.0; confidence::COUNT]) }
}

fn passages_of(text: &TrainingText) -> Vec<Passage> {
    let mut found = Vec::new();
    for number in 0..text.reading.passages.len() {
        let words = Words::new(text.reading, number, text.language);
        if words.list.is_empty() {
            continue;
        }
        let on_words = |spans: &[Span]| spans.iter().filter_map(|&span| words_in(&words, span)).collect::<Vec<_>>();
        let gold = text.gold.iter().map(|own| Roles {
            cue: on_words(&own.cue),
            source: on_words(&own.source),
            content: on_words(&own.content),
        });
        let gold = gold.filter(|roles| !roles.cue.is_empty()).collect();
        found.push(Passage { words, group: text.group, gold });
    }
    found
}

/// The words that a span touches.
fn words_in(words: &Words, span: Span) -> Option<Range<usize>> {
    let from = words.list.partition_point(|word| word.span.end <= span.start);
    let to = words.list.partition_point(|word| word.span.start < span.end);
    (from < to).then_some(from..to)
}

/// Writes a span's labels; what is labelled already stays.
fn set(labels: &mut [u8], range: Range<usize>, begin: u8) {
    let mut label = begin;
    for to in &mut labels[range] {
        if *to == 0 {
            *to = label;
            label = begin + 1;
        }
    }
}

fn train_cues(passages: &[Passage], numbers: &[usize], help: f64) -> Cues {
    let mut perceptron = Perceptron::<3>::new();
    let sentences: Vec<(usize, usize)> = numbers
        .iter()
        .flat_map(|&number| (0..passages[number].words.sentences.len()).map(move |sentence| (number, sentence)))
        .collect();
    let mut order = Order::new(sentences.len());
    for _ in 0..EPOCHS {
        for &at in order.shuffled() {
            let (number, sentence) = sentences[at];
            perceptron.learn(&cue_sequence(&passages[number], sentence));
        }
    }
    perceptron.stage(help)
}

fn cue_sequence(passage: &Passage, sentence: usize) -> Sequence {
    let range = passage.words.sentences[sentence].clone();
    let mut labels = vec![0u8; passage.words.list.len()];
    for cue in passage.gold.iter().flat_map(|gold| &gold.cue) {
        set(&mut labels, cue.clone(), 1);
    }
    let mut buckets = Vec::with_capacity(range.len() * BASE_FEATURES);
    range.clone().for_each(|at| super::features::base(&passage.words, at, &mut buckets));
    Sequence { buckets, width: BASE_FEATURES, labels: legal(labels[range].to_vec()) }
}

/// A span that began before the sequence begins at its edge.
fn legal(mut labels: Vec<u8>) -> Vec<u8> {
    let mut before = 0;
    for label in &mut labels {
        if *label > 0 && *label % 2 == 0 && before != *label && before + 1 != *label {
            *label -= 1;
        }
        before = *label;
    }
    labels
}

/// The cues a stage finds in a passage.
fn cues_found(words: &Words, stage: &Cues) -> Vec<Vec<usize>> {
    let buckets = Buckets::of(words);
    let mut found = Vec::new();
    for sentence in &words.sentences {
        let scores: Vec<[i32; 3]> = sentence
            .clone()
            .map(|at| {
                let mut scores = stage.bias;
                stage.add(buckets.at(at), &mut scores);
                scores
            })
            .collect();
        let labels = stage.moves.labels(&scores);
        found.extend(runs(&labels, 1).into_iter().map(|run| run.map(|at| sentence.start + at).collect::<Vec<usize>>()));
    }
    found
}

fn train_roles(passages: &[Passage], found: &[Vec<Vec<usize>>]) -> Perceptron<5> {
    let mut examples = Vec::new();
    for (number, passage) in passages.iter().enumerate() {
        examples.extend(examples_of(passage, number, &found[number]));
    }
    let before: Vec<Vec<u32>> = passages
        .iter()
        .zip(found)
        .map(|(passage, cues)| cues_before(&passage.words, cues.iter().flatten().copied()))
        .collect();
    let mut perceptron = Perceptron::<5>::new();
    let mut order = Order::new(examples.len());
    for _ in 0..EPOCHS {
        for &at in order.shuffled() {
            let example = &examples[at];
            perceptron.learn(&role_sequence(&passages[example.passage], example, &before[example.passage]));
        }
    }
    perceptron
}

/// The cues that were found, each with the attribution most of it belongs to, and the gold cues that were not.
fn examples_of(passage: &Passage, number: usize, found: &[Vec<usize>]) -> Vec<Example> {
    let shared =
        |cue: &[usize], gold: &Roles| cue.iter().filter(|at| gold.cue.iter().any(|range| range.contains(at))).count();
    let mut examples: Vec<Example> = found
        .iter()
        .map(|cue| {
            let best = (0..passage.gold.len()).rev().max_by_key(|&own| shared(cue, &passage.gold[own]));
            let owner = best.filter(|&own| shared(cue, &passage.gold[own]) > 0);
            Example { passage: number, cue: cue.clone(), owner }
        })
        .collect();
    for (own, gold) in passage.gold.iter().enumerate() {
        if found.iter().all(|cue| shared(cue, gold) == 0) {
            let mut cue: Vec<usize> = gold.cue.iter().flat_map(Clone::clone).collect();
            cue.sort_unstable();
            cue.dedup();
            examples.push(Example { passage: number, cue, owner: Some(own) });
        }
    }
    examples
}

fn role_sequence(passage: &Passage, example: &Example, cues_before: &[u32]) -> Sequence {
    let words = &passage.words;
    let range = reach(words, &example.cue);
    let mut labels = vec![0u8; words.list.len()];
    if let Some(gold) = example.owner.map(|own| &passage.gold[own]) {
        gold.source.iter().for_each(|source| set(&mut labels, source.clone(), 1));
        gold.content.iter().for_each(|content| set(&mut labels, content.clone(), 3));
    }
    let view = CueView::new(words, &example.cue, cues_before);
    let mut buckets = Vec::new();
    for at in range.clone() {
        super::features::base(words, at, &mut buckets);
        view.features(at, &mut buckets);
    }
    let width = buckets.len() / range.len();
    Sequence { buckets, width, labels: legal(labels[range].to_vec()) }
}

/// A fixed shuffle, another one every time.
struct Order {
    places: Vec<usize>,
    state: u64,
}

impl Order {
    fn new(count: usize) -> Self {
        Order { places: (0..count).collect(), state: 0x2545_F491_4F6C_DD1D }
    }

    fn shuffled(&mut self) -> &[usize] {
        for at in (1..self.places.len()).rev() {
            self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            self.places.swap(at, (self.state >> 33) as usize % (at + 1));
        }
        &self.places
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::fast::found;
    use crate::extract::testing::{Marked, show};
    use crate::lang::language;

    const SENTENCES: [&str; 6] = [
        "{S Brook} {C said} {Q the bridge was closed}. It rained.",
        "{S The mayor} {C said} {Q the road was open}. Nobody came.",
        "{Q “We will stay,”} {S Hill} {C said}. The sun came out.",
        "{Q “They will leave,”} {S the guild} {C said}. The wind rose.",
        "{S Anna Berg} {C said} {Q the mill was sold}. The river froze.",
        "{Q “It is over,”} {S Anna Berg} {C said}. The lamps went out.",
    ];

    fn trained() -> Model {
        let marked: Vec<Marked> = SENTENCES.iter().map(|text| Marked::parse(text)).collect();
        let readings: Vec<Reading> = marked.iter().map(|marked| Reading::of_lines(&marked.text)).collect();
        let gold: Vec<Vec<GoldAttribution>> = marked
            .iter()
            .map(|marked| {
                let spans = |role| marked.marks.iter().filter(|mark| mark.0 == role).map(|mark| mark.1).collect();
                vec![GoldAttribution { source: spans('S'), cue: spans('C'), content: spans('Q') }]
            })
            .collect();
        let texts: Vec<TrainingText> = readings
            .iter()
            .zip(&gold)
            .enumerate()
            .map(|(group, (reading, gold))| TrainingText { reading, language: language("en"), gold, group })
            .collect();
        train(&texts)
    }

    #[test]
    fn the_same_gold_gives_the_same_bytes() {
        assert!(trained().to_bytes() == trained().to_bytes());
    }

    #[test]
    fn what_was_learned_is_found_in_other_words() {
        let text = "Rossi said the harbour was frozen. It snowed.";
        let found = found(&Reading::of_lines(text), language("en"), &trained());
        assert_eq!(found.len(), 1);
        assert_eq!(show(text, &found[0].attribution), "Rossi | said | the harbour was frozen");
    }

    #[test]
    fn labels_that_start_in_the_middle_of_a_span_begin_one() {
        assert_eq!(legal(vec![2, 2, 0, 4, 3, 4]), [1, 2, 0, 3, 3, 4]);
    }
}
