//! The bodies a document names, in its sources and anywhere else.
//!
//! In: a reading, the phrases of its sources, its vocabulary. Out: `Bodies` with mentions in text order.

use crate::lang::Head;
use crate::model::{Attribution, Reading};
use crate::text::Span;

use super::bodies::Bodies;
use super::phrase::{Phrase, Who, text_of, without_article};
use super::run::{Lexicon, Named, is_function, run_end};
use super::words::{Gap, Word, words};

pub(super) fn bodies(
    reading: &Reading,
    phrases: &[Option<Phrase>],
    attributions: &[Attribution],
    lexicon: &Lexicon,
) -> Bodies {
    let mut bodies = Bodies::default();
    let all = words(reading.text, Span::new(0, reading.text.len()), lexicon.people);
    let mut at = 0;
    while at < all.len() {
        let Some(end) = body_at(&all, at, lexicon) else {
            at += 1;
            continue;
        };
        let acronym = all.get(end).filter(|word| word.bracketed && word.is_acronym()).map(|word| word.text);
        let body = bodies.add(&text_of(&all[at..end]), acronym, lexicon.people);
        bodies.mentions.push((all[at].span.start, body));
        at = end;
    }
    for (phrase, attribution) in phrases.iter().zip(attributions) {
        let Some(phrase) = phrase else { continue };
        for part in parts(phrase) {
            let body = bodies.add(without_article(&part.text), part.acronym.as_deref(), lexicon.people);
            bodies.mentions.extend(attribution.source.first().map(|span| (span.start, body)));
        }
    }
    bodies.mentions.sort_unstable();
    bodies.mentions.dedup();
    bodies
}

/// The phrases of a source that give a body's name in more than one word.
fn parts(phrase: &Phrase) -> Vec<&Phrase> {
    let long = |part: &&Phrase| matches!(part.who, Who::Body) && without_article(&part.text).contains(' ');
    match &phrase.who {
        Who::Joint(parts) => parts.iter().filter(long).collect(),
        _ => Some(phrase).filter(long).into_iter().collect(),
    }
}

/// Where a body's name of two words and more that starts at `at` ends.
fn body_at(all: &[Word], at: usize, lexicon: &Lexicon) -> Option<usize> {
    if !all[at].is_capital() || is_function(all[at].text) {
        return None;
    }
    let mut end = run_end(all, at, lexicon.people);
    loop {
        if end < all.len() && lexicon.body_goes_on(&all[at..], 0, end - at) {
            let next = end + 1 + usize::from(all.get(end + 1).is_some_and(|word| word.is("the")));
            end = run_end(all, next, lexicon.people);
            continue;
        }
        break;
    }
    let crossed = all[at..end].iter().any(|word| !word.is_capital());
    let noun = all.get(end).filter(|word| word.gap == Gap::Space && !all[end - 1].possessive);
    let small =
        noun.is_some_and(|word| crossed && matches!(lexicon.people.head(word.text), Some((_, Head::Body, false))));
    let end = end + usize::from(small);
    let named = crossed || matches!(lexicon.named(&all[at..end]), Named::Body);
    (named && end > at + 1).then_some(end)
}
