//! Variants for the tests of this room.

use crate::model::{Act, Date, Id, IdKind, Kind, Variant};

/// An indirect English variant of unknown speaker and date.
pub fn variant(text: &str) -> Variant {
    Variant {
        statement: Id::of(IdKind::Statement, &[text]),
        document: Id::of(IdKind::Document, &[text]),
        text: text.to_string(),
        speaker: String::new(),
        speaker_aliases: Vec::new(),
        cue: "said".to_string(),
        kind: Kind::Indirect,
        negated: false,
        act: Act::Statement,
        entity: None,
        outlet: String::new(),
        date: None,
        language: "en".to_string(),
        embedding: None,
    }
}

/// The same with a speaker and a day.
pub fn said(speaker: &str, day: &str, text: &str) -> Variant {
    Variant {
        statement: Id::of(IdKind::Statement, &[speaker, day, text]),
        speaker: speaker.to_string(),
        date: Date::parse_iso(day),
        ..variant(text)
    }
}
