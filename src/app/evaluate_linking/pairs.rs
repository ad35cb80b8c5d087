//! Pairs files: judged pairs of contents, one JSON object a line.
//!
//! `{id, label, category?, a: {text, doc?, spans?, speaker?, aliases?, cue?, negated?, act?, date?, outlet?, kind?, language?}, b: {…}}`.
//! Unknown fields are passed over; nothing but these is ever read.

use serde::Deserialize;

use crate::model::{Act, Date, Id, IdKind, Kind, Variant};

/// One judged pair.
#[derive(Clone, Debug)]
pub struct Pair {
    pub id: String,
    pub same: bool,
    /// `all` where the file has none.
    pub category: String,
    pub a: Side,
    pub b: Side,
}

/// One side of a pair: the variant and where it stands.
#[derive(Clone, Debug)]
pub struct Side {
    pub variant: Variant,
    pub document: String,
    /// Document and spans (or the text): the same for the same content in two pairs.
    pub mention: String,
}

#[derive(Deserialize)]
struct PairLine {
    id: String,
    label: u8,
    category: Option<String>,
    a: SideLine,
    b: SideLine,
}

#[derive(Deserialize)]
struct SideLine {
    text: String,
    doc: Option<String>,
    #[serde(default)]
    spans: Vec<[usize; 2]>,
    speaker: Option<String>,
    #[serde(default)]
    aliases: Vec<String>,
    cue: Option<String>,
    #[serde(default)]
    negated: bool,
    date: Option<String>,
    outlet: Option<String>,
    kind: Option<String>,
    act: Option<String>,
    language: Option<String>,
}

/// Reads a pairs file. Errors name the line and what is wrong with it; the good lines are returned with them.
pub fn read_pairs(text: &str) -> (Vec<Pair>, Vec<String>) {
    let (mut pairs, mut errors) = (Vec::new(), Vec::new());
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        match serde_json::from_str::<PairLine>(line) {
            Ok(line) => pairs.push(Pair {
                same: line.label != 0,
                category: line.category.unwrap_or_else(|| "all".to_string()),
                a: side(line.a, &line.id, "a"),
                b: side(line.b, &line.id, "b"),
                id: line.id,
            }),
            Err(error) => errors.push(format!("line {}: {error}", number + 1)),
        }
    }
    (pairs, errors)
}

/// Pairs files are of English unless a side says otherwise.
fn side(line: SideLine, pair: &str, which: &str) -> Side {
    let document = line.doc.unwrap_or_else(|| format!("{pair}/{which}"));
    let place = if line.spans.is_empty() { line.text.clone() } else { format!("{:?}", line.spans) };
    let mention = format!("{document} {place}");
    let variant = Variant {
        statement: Id::of(IdKind::Statement, &[&mention]),
        document: Id::of(IdKind::Document, &[&document]),
        text: line.text,
        speaker: line.speaker.unwrap_or_default(),
        speaker_aliases: line.aliases,
        cue: line.cue.unwrap_or_default(),
        kind: line.kind.and_then(|kind| Kind::of_name(&kind)).unwrap_or(Kind::Indirect),
        negated: line.negated,
        act: line.act.and_then(|act| Act::of_name(&act)).unwrap_or(Act::Statement),
        entity: None,
        outlet: line.outlet.unwrap_or_default(),
        date: line.date.and_then(|date| Date::parse_iso(&date)),
        language: line.language.unwrap_or_else(|| "en".to_string()),
        embedding: None,
    };
    Side { variant, document, mention }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_good_lines_and_names_bad_ones() {
        let (pairs, errors) = read_pairs(concat!(
            "{\"id\":\"1\",\"label\":1,\"a\":{\"text\":\"x\",\"date\":\"2031-02-03\"},\"b\":{\"text\":\"y\"},\"reason\":\"z\"}\n\n",
            "{\"id\":\"2\",\"label\":1}\n"
        ));
        assert_eq!(pairs.len(), 1);
        assert!(pairs[0].same && pairs[0].a.variant.date.is_some());
        assert_eq!(errors.len(), 1);
        assert!(errors[0].starts_with("line 3:"), "{}", errors[0]);
    }
}
