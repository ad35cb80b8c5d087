//! Training of the fast tier from gold: articles as they are and, for a part of them, as copies print them without marks.

use rayon::prelude::*;

use crate::extract::encoder::{GoldAttribution, Scorer};
use crate::extract::fast::{self, CONFIDENCE_FEATURES, Model, TrainingText};
use crate::lang::{self, Language};
use crate::model::Reading;
use crate::read;
use crate::text::CodePoints;

use super::gold::{GoldDocument, Item};
use super::marks::without_marks;
use super::reliability::{Reliability, outcomes, reliability};
use super::run::item;
use super::train::gold_spans;

/// One article in so many is kept from a first training to learn the confidence from.
const HELD_OUT: usize = 8;
/// One article in so many is also trained on without its quotation marks.
const WITHOUT_MARKS: usize = 3;

/// A trained tagger and how far its confidence can be trusted.
pub struct FastTraining {
    /// For `src/lang/en/fast.bin`.
    pub bytes: Vec<u8>,
    pub articles: usize,
    /// Of the confidence on the articles it was fitted to, which the tagger had not seen.
    pub reliability: Reliability,
}

/// Trains on all of the gold. The same gold in the same order gives the same bytes.
pub fn train_fast(gold: &[GoldDocument]) -> FastTraining {
    let versions = with_copies(gold);
    let prepared: Vec<Prepared> = versions.par_iter().map(prepare).collect();
    let part = |held: bool| prepared.iter().filter(move |it| it.group.is_multiple_of(HELD_OUT) == held);
    let texts: Vec<TrainingText> = prepared.iter().map(Prepared::text).collect();
    let others: Vec<TrainingText> = part(false).map(Prepared::text).collect();
    let (model, without) = rayon::join(|| fast::train(&texts), || fast::train(&others));
    let own: Vec<&Prepared> = part(true).filter(|it| !it.copy).collect();
    let outcomes: Vec<Outcome> = own.par_iter().flat_map_iter(|it| judged(it, &without)).collect();
    let confidence = Scorer::fit(&outcomes);
    let stated: Vec<(f64, bool)> =
        outcomes.iter().map(|(features, right)| (stated(features, &confidence), *right)).collect();
    FastTraining {
        bytes: Model { confidence, ..model }.to_bytes(),
        articles: gold.len(),
        reliability: reliability(&stated),
    }
}

fn stated(features: &[f64; CONFIDENCE_FEATURES], weights: &Scorer<CONFIDENCE_FEATURES>) -> f64 {
    1.0 / (1.0 + (-weights.log_odds(features)).exp())
}

/// An article as it is, or its copy without quotation marks.
struct Version {
    group: usize,
    copy: bool,
    document: GoldDocument,
}

fn with_copies(gold: &[GoldDocument]) -> Vec<Version> {
    let mut found = Vec::new();
    for (group, document) in gold.iter().enumerate() {
        let bare = without_marks(document);
        let changed = bare.text != document.text;
        found.push(Version { group, copy: false, document: document.clone() });
        if changed && group.is_multiple_of(WITHOUT_MARKS) {
            found.push(Version { group, copy: true, document: bare });
        }
    }
    found
}

struct Prepared<'a> {
    group: usize,
    copy: bool,
    document: &'a GoldDocument,
    reading: Reading<'a>,
    language: &'static Language,
    gold: Vec<GoldAttribution>,
}

impl Prepared<'_> {
    fn text(&self) -> TrainingText<'_> {
        TrainingText { reading: &self.reading, language: self.language, gold: &self.gold, group: self.group }
    }
}

fn prepare(version: &Version) -> Prepared<'_> {
    let document = &version.document;
    let language = lang::language(document.language.as_deref().unwrap_or("en"));
    Prepared {
        group: version.group,
        copy: version.copy,
        document,
        reading: read::reading(&document.text, language),
        language,
        gold: gold_spans(document),
    }
}

/// What the confidence may look at, and whether the attribution was right.
type Outcome = ([f64; CONFIDENCE_FEATURES], bool);

fn judged(prepared: &Prepared, model: &Model) -> Vec<Outcome> {
    let points = CodePoints::new(&prepared.document.text);
    let found = fast::found(&prepared.reading, prepared.language, model);
    let items: Vec<Item> = found.iter().map(|found| item(&found.attribution, &points)).collect();
    let right = outcomes(prepared.document, &items).into_iter().map(|(_, right)| right);
    found.iter().map(|found| found.features).zip(right).collect()
}
