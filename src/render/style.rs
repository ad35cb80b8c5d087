//! What a mark looks like: one row per manner of carrying a claim, used by every view and its legend.

use crate::model::{DocumentRelation, Order};

use super::svg::{Shape, Stroke, ink};

/// Shape, colour, line and words of one manner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Manner {
    pub shape: Shape,
    pub colour: &'static str,
    pub dashes: &'static str,
    pub words: &'static str,
}

pub const FIRST_SEEN: Manner = Manner { shape: Shape::Diamond, colour: ink::BLUE, dashes: "", words: "first seen" };

pub const CARRIED: Manner =
    Manner { shape: Shape::Circle, colour: ink::GREY, dashes: "1.5 2.5", words: "also reported, no relation known" };

const REPEATED: &[(DocumentRelation, Manner)] = &[
    (
        DocumentRelation::Copy,
        Manner { shape: Shape::Circle, colour: ink::VERMILION, dashes: "6 3", words: "repeats: copy" },
    ),
    (
        DocumentRelation::Edited,
        Manner { shape: Shape::Square, colour: ink::ORANGE, dashes: "6 3", words: "repeats: edited" },
    ),
    (
        DocumentRelation::BackTranslated,
        Manner { shape: Shape::Triangle, colour: ink::PURPLE, dashes: "6 3", words: "repeats: back-translated" },
    ),
    (
        DocumentRelation::Paraphrased,
        Manner { shape: Shape::Ring, colour: ink::SKY, dashes: "6 3", words: "repeats: paraphrased" },
    ),
    (
        DocumentRelation::Cites,
        Manner { shape: Shape::Cross, colour: ink::GREEN, dashes: "6 3", words: "repeats, naming its source" },
    ),
    (
        DocumentRelation::CommonSource,
        Manner { shape: Shape::Ring, colour: ink::GREY, dashes: "1.5 2.5", words: "shares a source that is not here" },
    ),
];

/// The manner of a repeat.
pub fn repeated(relation: DocumentRelation) -> Manner {
    REPEATED.iter().find(|(known, _)| *known == relation).map_or(CARRIED, |(_, manner)| *manner)
}

/// The manner of carrying: first seen, repeated in some manner, or merely also reported.
pub fn carried(first_seen: bool, relation: Option<DocumentRelation>) -> Manner {
    match relation {
        _ if first_seen => FIRST_SEEN,
        Some(relation) => repeated(relation),
        None => CARRIED,
    }
}

/// All manners in legend order.
pub fn manners() -> impl Iterator<Item = Manner> {
    [FIRST_SEEN].into_iter().chain(REPEATED.iter().map(|(_, manner)| *manner)).chain([CARRIED])
}

impl Manner {
    pub fn stroke(&self, width: f64) -> Stroke<'static> {
        Stroke { colour: self.colour, width, dashes: self.dashes, arrow: false }
    }
}

/// What the direction of an edge rests on, in words.
pub fn order_words(order: Order) -> &'static str {
    match order {
        Order::Citation => "order: it names its source",
        Order::Wording => "order: likely, from the wording",
        Order::Date => "order: from the dates",
        Order::Unknown => "order unknown",
    }
}
