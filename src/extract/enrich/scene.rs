//! What the enrichment rules look at: the units around one attribution, and which of their items are its own.

use crate::extract::grammar::{CueGroup, Unit, cue_groups, units};
use crate::lang::{CueTable, Language, Reporting, cues, reporting};
use crate::model::{Attribution, Reading};
use crate::text::Span;

/// Items to each side of the cue that are looked at; keeps the work linear on texts without sentence ends.
const WINDOW: usize = 60;

/// One document with its units, and the word tables of its language.
pub struct Scene<'r, 't> {
    pub reading: &'r Reading<'t>,
    pub units: Vec<Unit>,
    pub cues: Vec<Vec<CueGroup>>,
    pub table: Option<&'static CueTable>,
    pub words: Option<&'static Reporting>,
}

impl<'r, 't> Scene<'r, 't> {
    pub fn new(reading: &'r Reading<'t>, language: &'r Language) -> Self {
        let units = units(reading, language);
        let table = cues(language);
        let groups = |unit: &Unit| table.map(|table| cue_groups(unit, table)).unwrap_or_default();
        let cues = units.iter().map(groups).collect();
        Scene { reading, units, cues, table, words: reporting(language) }
    }

    pub fn text(&self) -> &'t str {
        self.reading.text
    }

    /// Number of the unit that holds byte `at`.
    pub fn unit_at(&self, at: usize) -> Option<usize> {
        let next = self.units.partition_point(|unit| unit.span.start <= at);
        next.checked_sub(1).filter(|&i| at < self.units[i].span.end)
    }

    /// The frame of an attribution: the unit of its cue (else of its source, else of its content).
    pub fn frame(&self, attribution: &Attribution) -> Option<Frame<'_>> {
        let anchor = attribution.cue.first().or(attribution.source.first()).or(attribution.content.first())?;
        let number = self.unit_at(anchor.start)?;
        let unit = &self.units[number];
        let at = unit.items.partition_point(|item| item.span.end <= anchor.start);
        let cue_end = attribution.cue.last().map_or(anchor.end, |cue| cue.end);
        let after = unit.items.partition_point(|item| item.span.start < cue_end);
        let low = at.saturating_sub(WINDOW);
        let high = unit.items.len().min(after.max(at) + WINDOW);
        Some(Frame { scene: self, number, unit, cue: (at, after.max(at)), low, high })
    }
}

/// A bounded stretch of one unit around one attribution.
pub struct Frame<'s> {
    pub scene: &'s Scene<'s, 's>,
    pub number: usize,
    pub unit: &'s Unit,
    /// Item range of the cue (or of what stands for it).
    pub cue: (usize, usize),
    pub low: usize,
    pub high: usize,
}

impl Frame<'_> {
    /// Whether item `at` lies in the content.
    pub fn in_content(&self, attribution: &Attribution, at: usize) -> bool {
        holds(&attribution.content, self.unit.items[at].span)
    }

    pub fn lower(&self, at: usize) -> &str {
        self.unit.get(at).map_or("", |item| item.lower.as_str())
    }

    /// Numbers of the items in the window that are not content.
    pub fn free(&self, attribution: &Attribution) -> Vec<usize> {
        (self.low..self.high).filter(|&at| !self.in_content(attribution, at)).collect()
    }

    /// The lower-case words of the items `from..to`, a blank between them.
    pub fn words(&self, from: usize, to: usize) -> String {
        let words: Vec<&str> = (from..to.min(self.unit.items.len())).map(|at| self.lower(at)).collect();
        words.join(" ")
    }

    pub fn cues(&self) -> &[CueGroup] {
        &self.scene.cues[self.number]
    }

    /// Whether the words of `phrase` stand at item `at`; their number if so.
    pub fn phrase_at(&self, at: usize, phrase: &str) -> Option<usize> {
        let mut length = 0;
        for word in phrase.split(' ') {
            if self.lower(at + length) != word {
                return None;
            }
            length += 1;
        }
        Some(length)
    }
}

/// Whether one of `spans` holds `span`.
pub fn holds(spans: &[Span], span: Span) -> bool {
    spans.iter().any(|own| own.contains(span) || (own.overlaps(span) && span.len() <= 1))
}
