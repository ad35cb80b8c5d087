//! After every decision only what it can have changed is settled: it comes to what settling everything gives.

use super::{PARTS, add, assert_settled, examples, made_up, settled, settled_anew};
use crate::app::articles::Dice;
use crate::app::decide::{Signature, judge, undo};
use crate::app::{Silent, add_alias, merge, split};
use crate::model::{Document, Verb};
use crate::store::Store;

/// Pairs that people may be asked about, and some that nobody would: linked, suggested, repeated without a source, any two.
fn pairs(store: &Store, dice: &mut Dice) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> =
        store.links().unwrap().into_iter().map(|link| (link.a.to_string(), link.b.to_string())).collect();
    let rows = store.all_statements().unwrap();
    for row in &rows {
        if let Some(original) = &row.statement.repeat_of {
            let pair = (row.statement.id.to_string(), original.to_string());
            found.extend([pair.clone(), pair.clone(), pair]);
        }
        let other = &rows[dice.below(rows.len() as u64) as usize];
        if dice.below(8) == 0 && other.statement.id != row.statement.id {
            found.push((row.statement.id.to_string(), other.statement.id.to_string()));
        }
    }
    found
}

/// One thing that a person does.
fn act(store: &mut Store, dice: &mut Dice, pairs: &[(String, String)]) -> String {
    let by = Signature::default();
    let (a, b) = &pairs[dice.below(pairs.len() as u64) as usize];
    match dice.below(8) {
        0 | 1 => format!("undo {:?}", undo(store, true, &Silent).map(|it| (it.verb, it.a, it.b))),
        2 => format!("redo {:?}", undo(store, false, &Silent).map(|it| (it.verb, it.a, it.b))),
        3..5 => format!("confirm {:?}", judge(store, Verb::Confirm, a, b, &by, &Silent).map(|it| (it.a, it.b))),
        _ => format!("reject {:?}", judge(store, Verb::Reject, a, b, &by, &Silent).map(|it| (it.a, it.b))),
    }
}

/// Compares what is settled with what settling everything gives, which is not kept.
fn compare(store: &mut Store, after: &str) {
    // In memory the search indices cannot be compared.
    let mut findings = store.verify(&|_, _| ()).findings;
    findings.retain(|it| it.check != "search");
    assert_eq!(findings, [], "after {after}");
    assert_eq!(store.unsettled_decisions().unwrap(), [], "after {after}");
    let found = settled(store);
    assert_settled(&settled_anew(store), &found, PARTS, &format!("after {after}"));
}

fn stored() -> Store {
    let mut store = Store::in_memory().unwrap();
    let documents: Vec<Document> = (0..40).map(|number| made_up(4, number)).chain(examples()).collect();
    add(&mut store, &documents);
    store
}

#[test]
fn decisions_about_statements_change_what_they_can() {
    for seed in 0..2 {
        let mut store = stored();
        let mut dice = Dice::of(seed, 7);
        let pairs = pairs(&store, &mut dice);
        assert!(pairs.len() > 50, "{}", pairs.len());
        let mut done = String::new();
        for _ in 0..24 {
            done.push_str(&format!("\n{}", act(&mut store, &mut dice, &pairs)));
            compare(&mut store, &format!("seed {seed}: {done}"));
        }
        // New documents after decisions.
        add(&mut store, &(100..103).map(|number| made_up(4, number)).collect::<Vec<_>>());
        compare(&mut store, &format!("seed {seed}: {done}\nthree more"));
    }
}

#[test]
fn a_repeat_that_was_rejected_comes_back_when_that_is_undone() {
    let mut store = stored();
    let repeats = |store: &Store| {
        let rows = store.all_statements().unwrap();
        rows.into_iter().filter_map(|row| Some((row.statement.id, row.statement.repeat_of?))).collect::<Vec<_>>()
    };
    let before = repeats(&store);
    let (repeat, original) = before.first().expect("something is repeated without a source").clone();
    judge(&mut store, Verb::Reject, repeat.as_str(), original.as_str(), &Signature::default(), &Silent).unwrap();
    assert!(!repeats(&store).contains(&(repeat, original)));
    compare(&mut store, "reject");
    undo(&mut store, true, &Silent).unwrap();
    compare(&mut store, "undo");
    assert_eq!(repeats(&store), before);
}

#[test]
fn decisions_about_names_leave_the_texts_as_they_are() {
    let mut store = stored();
    let cards = store.entity_cards(false).unwrap();
    let mut names = cards.iter().map(|card| card.entity.name.clone()).filter(|name| name.contains(' '));
    let (a, b) = (names.next().unwrap(), names.next().unwrap());
    let by = Signature::default();
    merge(&mut store, &a, &b, &by, &Silent).unwrap();
    compare(&mut store, "merge");
    split(&mut store, &a, &b, &by, &Silent).unwrap();
    compare(&mut store, "split");
    undo(&mut store, true, &Silent).unwrap();
    undo(&mut store, true, &Silent).unwrap();
    compare(&mut store, "undo of both");
    add_alias(&mut store, &a, "Old Reliable", &by, &Silent).unwrap();
    compare(&mut store, "alias");
}
