//! Statements that were repeated on purpose in made-up articles are found again by linking.

#[path = "../examples/generate/articles.rs"]
#[allow(dead_code)]
mod articles;

use std::collections::BTreeMap;

use articles::{Change, article};
use provenance::link::{LinkOptions, candidate_keys, link, prepare};
use provenance::model::{Act, Date, Id, IdKind, Kind, LinkStatus, Variant};

fn variant(number: u64, place: u64) -> Variant {
    let it = article(7, number);
    let text = it.contents[place as usize].clone();
    Variant {
        statement: Id::of(IdKind::Statement, &[&number.to_string(), &place.to_string()]),
        document: Id::of(IdKind::Document, &[&number.to_string()]),
        text,
        // The made-up articles name the speaker each time; here the words alone must do.
        speaker: String::new(),
        speaker_aliases: Vec::new(),
        cue: "said".to_string(),
        kind: Kind::Indirect,
        negated: false,
        act: Act::Statement,
        entity: None,
        outlet: it.outlet,
        date: Date::parse_iso(&it.date),
        language: "en".to_string(),
        embedding: None,
    }
}

#[test]
fn planted_repeats_are_found() {
    let mut found: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for number in 0..150 {
        for plant in article(7, number).planted {
            let (first, place) = plant.of;
            let first_is_repeat = article(7, first).planted.iter().any(|it| it.here == place);
            if first_is_repeat {
                continue;
            }
            let (a, b) = (variant(first, place), variant(number, plant.here));
            let (x, y) = (candidate_keys(&prepare(&a)), candidate_keys(&prepare(&b)));
            let met = x.iter().any(|key| y.binary_search(key).is_ok());
            let linked = link(&a, &b, &LinkOptions::default()).is_some_and(|link| link.relation.joins());
            let count = found.entry(format!("{:?}", plant.change)).or_default();
            count.0 += usize::from(met && linked);
            count.1 += 1;
        }
    }
    println!("{found:?}");
    let (hits, all) = found.values().fold((0, 0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
    assert!(all > 150, "{all} planted");
    assert!(hits * 100 >= all * 95, "{hits} of {all} found: {found:?}");
}

#[test]
fn statements_that_only_share_a_pattern_are_not_linked() {
    let mut wrong = 0;
    let mut pairs = 0;
    for number in 0..60 {
        let (a, b) = (variant(number, 0), variant(number + 1, 1));
        if article(7, number + 1).planted.iter().any(|it| it.of == (number, 0)) {
            continue;
        }
        pairs += 1;
        let link = link(&a, &b, &LinkOptions::default());
        wrong += usize::from(link.is_some_and(|it| it.status == LinkStatus::Auto && it.relation.joins()));
    }
    assert!(pairs > 50);
    assert_eq!(wrong, 0, "of {pairs} pairs of different statements");
}

#[test]
fn the_same_seed_gives_the_same_article() {
    let (one, again, other) = (article(7, 3), article(7, 3), article(8, 3));
    assert_eq!(one.text, again.text);
    assert_ne!(one.text, other.text);
    assert!(one.planted.iter().all(|it| it.of.0 < 3));
    assert!((0..50).any(|number| article(7, number).planted.iter().any(|it| it.change == Change::Clip)));
}
