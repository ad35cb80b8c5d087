//! Kind and zone. Rules `kind.marks` and `zone.passage`.
//!
//! Kind follows the definition of the attribution corpora: all, some or none of the words of the content stand inside
//! quotation marks. Zone is the kind of the passage the attribution stands in.

use crate::model::{Attribution, Evidence, Kind, PassageKind, Reading};
use crate::text::{QuotePair, Span, TokenKind};

/// Sets kind and zone of every attribution.
pub fn kinds_and_zones(found: &mut [Attribution], reading: &Reading) {
    let quoted = quoted_spans(reading);
    for attribution in found {
        attribution.kind = kind_of(&attribution.content, reading, &quoted);
        let anchor = attribution.cue.first().or(attribution.content.first());
        attribution.zone = anchor.map_or(PassageKind::Body, |span| reading.zone_at(span.start));
        if attribution.zone != PassageKind::Body {
            let note = attribution.zone.name();
            attribution.evidence.push(Evidence::new("zone.passage", 1.0, note));
        }
    }
}

/// The kind of a content, by the words that stand inside quotation marks.
pub fn kind_of(content: &[Span], reading: &Reading, quoted: &[Span]) -> Kind {
    let (mut inside, mut all) = (0, 0);
    for span in content {
        for token in reading.tokens_in(*span) {
            if token.kind != TokenKind::Punctuation {
                all += 1;
                inside += usize::from(is_quoted(quoted, token.span.start));
            }
        }
    }
    match inside {
        0 => Kind::Indirect,
        n if n == all => Kind::Direct,
        _ => Kind::Mixed,
    }
}

/// Outermost quotations in text order: closed pairs, and open ones that run over a whole line or go on.
pub fn quoted_spans(reading: &Reading) -> Vec<Span> {
    let counts = |pair: &&QuotePair| {
        pair.depth == 0
            && (pair.style.is_double() || pair.close.is_some())
            && (pair.close.is_some() || runs(reading, pair))
    };
    reading.quotes.iter().filter(counts).map(|pair| pair.span).collect()
}

fn runs(reading: &Reading, pair: &QuotePair) -> bool {
    let passage = reading.passage_at(pair.open.start).map(|i| reading.passages[i].span.start);
    pair.goes_on || passage == Some(pair.open.start)
}

pub fn is_quoted(quoted: &[Span], at: usize) -> bool {
    let next = quoted.partition_point(|span| span.start <= at);
    // outermost pairs do not overlap but for unbalanced ones: two are enough
    quoted[..next].iter().rev().take(2).any(|span| span.holds(at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::testing::Marked;

    #[track_caller]
    fn check(marked: &str, kind: Kind) {
        let marked = Marked::parse(marked);
        let reading = Reading::of_lines(&marked.text);
        let content: Vec<Span> = marked.marks.iter().map(|mark| mark.1).collect();
        assert_eq!(kind_of(&content, &reading, &quoted_spans(&reading)), kind, "{}", marked.text);
    }

    #[test]
    fn all_some_or_none_of_the_words() {
        check("{Q “We will rebuild it,”} she said.", Kind::Direct);
        check("{Q “We will,”} she said, {Q “rebuild it.”}", Kind::Direct);
        check("She said {Q it was “a gift”}.", Kind::Mixed);
        check("She said {Q it was a gift}.", Kind::Indirect);
        check("She said {Q it was a gift} and not “a theft”.", Kind::Indirect);
        check("{Q “The ‘rain tax’ is dead,”} she said.", Kind::Direct);
    }

    #[test]
    fn a_mark_left_open_quotes_nothing() {
        check("She said {Q it was “a gift} of the firm.", Kind::Indirect);
    }
}
