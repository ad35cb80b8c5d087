//! What the training data does not mark, added on top of any tier: kind, zone, act, addressee, medium, day, chain,
//! continuations, lost marks, nesting, doubts.
//!
//! In: raw attributions (source, cue, content, confidence) and the reading. Out: the same list, complete and in order.
//! Each rule has a file, an id in the evidence it leaves, tests with near misses, and a line in docs/rules.md.

mod act;
mod address;
mod answer;
mod chain;
mod continuation;
mod doubt;
mod kind;
mod marks;
mod medium;
mod nested;
mod quoted_as;
mod repair;
mod scene;
mod second_look;
mod when;
mod when_near;

use crate::lang::Language;
use crate::model::{Attribution, Extractor, Reading};

use super::ExtractOptions;
use scene::Scene;

/// Completes `found` in place. `by_rules` is what the rules tier finds on the same reading, for a second look at the
/// joins of a trained tier; empty where `found` is that itself. Pure: the same input gives the same list.
pub fn enrich(
    found: &mut Vec<Attribution>,
    by_rules: &[Attribution],
    reading: &Reading,
    language: &Language,
    options: &ExtractOptions,
) {
    let scene = Scene::new(reading, language);
    repair::rejoin(found, by_rules, &scene);
    second_look::second_look(found, by_rules, &scene);
    repair::add_missed(found, by_rules, &scene, options.extractor == Extractor::Fast);
    quoted_as::quoted_as(found, &scene);
    continuation::attach_continuations(found, &scene);
    act::acts(found, &scene);
    answer::answers(found, &scene);
    kind::kinds_and_zones(found, reading);
    address::addressees(found, &scene);
    medium::media(found, &scene);
    when::days(found, &scene, options.published.as_ref());
    when_near::inferred_days(found, &scene, options.published.as_ref());
    chain::chains(found, &scene);
    marks::lost_marks(found, &scene);
    if !options.join_continuations {
        continuation::own_continuations(found, &scene);
    }
    doubt::doubts(found, &scene);
    nested::order_and_nest(found);
}
