//! Articles whose people and bodies share names in every way: what a few of them change is found as when everything is looked at.

use super::{SPEAKERS, add, assert_settled, document, put, settled, settled_anew};
use crate::app::articles::Dice;
use crate::app::decide::{Signature, undo};
use crate::app::settle::speakers::settle_few;
use crate::app::settle::{Part, Scope, settle};
use crate::app::{Silent, add_alias, merge as merge_speakers, split};
use crate::model::{Decision, Document, Id, IdKind, Verb};
use crate::store::{Store, StoreError};

const NAMED: &[&str] = &[
    "Vyacheslav Gladkov",
    "Wjatscheslaw Gladkow",
    "V. Gladkov",
    "John Smith",
    "Jon Smith",
    "John A. Smith",
    "John B. Smith",
    "Jane Smith",
    "Bob Smith",
    "Robert Smith",
    "Robert Smith Jr.",
    "Anna Hale",
    "Anne Hale",
    "Denis Hale",
    "D\u{435}nis Hale",
    "Emmanuel Ferrand",
    "Mykhailo Podolyak",
    "Mikhailo Podoliak",
    "Zoe Marlow",
    "Carl Marlow",
    "Olga Tern",
];
const ROLES: &[&str] = &[
    "the governor of Belgorod",
    "the mayor of Tarn",
    "the president of France",
    "a baker",
    "the former mayor of Tarn",
];
const ALONE: &[&str] = &[
    "Gladkov",
    "Gladkow",
    "Mr. Smith",
    "Smith",
    "Ms. Hale",
    "Hale",
    "Podolyak",
    "Podoliak",
    "Marlow",
    "Quist",
    "Kwist",
    "Quist Jr.",
    "the governor of Belgorod",
    "the mayor of Tarn",
    "the French president",
    "the mayor of Upper Tarn",
    "officials",
];
const BODIES: &[&str] = &[
    "the Ministry of Defense",
    "the Russian Ministry of Defense",
    "the Defense Ministry",
    "the Freedom of Russia Legion",
    "the Legion of Free Russia",
    "the Supreme Court",
    "the Greenfield Water Company",
    "the Greenfield Water Company (GWC)",
    "GWC",
    "the Tarn Police Department",
    "the Greenfield Gazette",
];

fn article(dice: &mut Dice, number: u64) -> Document {
    article_on(NAMED, dice, number)
}

fn article_on(named: &[&'static str], dice: &mut Dice, number: u64) -> Document {
    let mut pick = |from: &[&'static str]| from[dice.below(from.len() as u64) as usize];
    let sentences = [
        format!("{}, {}, said the road to mill {number} was closed.", pick(named), pick(ROLES)),
        format!("{} said the bridge at weir {number} would open.", pick(ALONE)),
        format!("According to {}, nobody was hurt at gate {number}.", pick(BODIES)),
        format!(
            "“We saw tower {number} fall,” {} told reporters.",
            pick(if number.is_multiple_of(3) { named } else { ALONE })
        ),
    ];
    let outlet = pick(&["Tarn Post", "Morning Weir", "Greenfield Gazette"]);
    let date = pick(&["2019-02-03", "2021-05-01", "2021-05-20", "2023-11-30"]);
    let fields = serde_json::json!({
        "outlet": outlet, "date": date, "title": format!("Report {number}"), "language": "en", "text": sentences.join(" ")
    });
    document(&fields.to_string())
}

/// Who is who after `at_once` articles and then the others one by one, and after all at once; with what people decided before.
fn check(seed: u64, at_once: usize, one_by_one: usize, decide: &dyn Fn(&mut Store)) {
    let mut dice = Dice::of(seed, 0);
    let documents: Vec<Document> = (0..at_once + one_by_one).map(|number| article(&mut dice, number as u64)).collect();
    compare(seed, &documents, at_once, decide);
}

fn compare(seed: u64, documents: &[Document], at_once: usize, decide: &dyn Fn(&mut Store)) {
    let (first, others) = documents.split_at(at_once);
    let (mut together, mut apart) = (Store::in_memory().unwrap(), Store::in_memory().unwrap());
    for (store, parts) in [(&mut together, vec![others]), (&mut apart, others.chunks(1).collect())] {
        add(store, first);
        decide(store);
        parts.into_iter().for_each(|part| add(store, part));
    }
    let (expected, found) = (settled(&together), settled(&apart));
    for what in SPEAKERS {
        assert!(expected[what].len() > 10, "{what}: {}", expected[what].len());
    }
    assert_settled(&expected, &found, SPEAKERS, &format!("seed {seed}"));
}

#[test]
fn few_names_at_a_time_come_to_the_same_as_all_at_once() {
    for seed in 0..6 {
        check(seed, 60, 50, &|_| ());
    }
}

/// More documents than the sample have each name: they are counted, not read.
#[test]
fn few_uses_of_famous_names_come_to_the_same_as_all_at_once() {
    for (seed, named) in [(20, &["John Smith", "Jon Smith", "JOHN SMITH"][..]), (21, &["Anna Hale", "Anna  Hale"][..])]
    {
        let mut dice = Dice::of(seed, 0);
        let few = |number: u64| if number.is_multiple_of(4) { NAMED } else { named };
        let documents: Vec<Document> = (0..100).map(|number| article_on(few(number), &mut dice, number)).collect();
        compare(seed, &documents, 60, &|_| ());
        let mut store = Store::in_memory().unwrap();
        add(&mut store, &documents);
        let name = store.name(0, &named[0].to_lowercase()).unwrap().unwrap();
        assert!(name.uses > crate::resolve::SAMPLE, "{name:?}");
        add(&mut store, &[article_on(named, &mut dice, 1001), article_on(named, &mut dice, 1002)]);
        let (noted, mut counted) = (store.spelled(name.key).unwrap().unwrap(), store.count_spelled(name.key).unwrap());
        counted.names.sort();
        assert_eq!(noted, counted);
    }
}

#[test]
fn decisions_about_names_are_kept_when_few_come() {
    for seed in 10..13 {
        check(seed, 60, 25, &|store| {
            store
                .transaction(|store| {
                    store.add_decision(&decision(Verb::Merge, "Zoe Marlow", "Quist"))?;
                    store.add_decision(&decision(Verb::Split, "Bob Smith", "Robert Smith"))?;
                    settle(store, &Scope::Part(Part::default()), &Silent)
                })
                .unwrap();
        });
    }
}

/// Merges of names that tell who is meant: of names that are there, of one that comes later, of names that clash, of bodies.
const MERGED: &[[&str; 2]] = &[
    ["John Smith", "Bob Smith"],
    ["Robert Smith Jr.", "Jane Smith"],
    ["Bob Smith", "Olga Tern"],
    ["Anna Hale", "Nora Quist"],
    ["Nora Quist", "the Legion of Free Russia"],
    ["the Supreme Court", "the Greenfield Water Company"],
    ["Zoe Marlow", "Carl Marlow"],
    ["Vyacheslav Gladkov", "Nobody Yet"],
];

fn merge(store: &mut Store, pairs: &[[&str; 2]]) {
    let merged = store.transaction(|store| {
        pairs.iter().try_for_each(|[a, b]| store.add_decision(&decision(Verb::Merge, a, b)).map(|_| ()))?;
        settle(store, &Scope::Part(Part::default()), &Silent)
    });
    merged.unwrap();
}

/// Articles before and after some of these merges.
fn with_merges(seed: u64) -> (Vec<Document>, Vec<Document>, Vec<[&'static str; 2]>) {
    let mut named = NAMED.to_vec();
    named.extend(["Nora Quist", "Nobody Yet", "Bob Smith", "Olga Tern"]);
    let mut dice = Dice::of(seed, 0);
    let pairs = MERGED.iter().filter(|_| dice.below(3) > 0).copied().collect();
    let first = (0..60).map(|number| article(&mut dice, number)).collect();
    let later = (60..90).map(|number| article_on(&named, &mut dice, number)).collect();
    (first, later, pairs)
}

#[test]
fn merged_names_come_few_at_a_time() {
    for seed in 30..34 {
        let (first, later, pairs) = with_merges(seed);
        compare(seed, &[first, later].concat(), 60, &|store| merge(store, &pairs));
    }
}

/// Who is who is as if everything had been looked at.
fn check_speakers(store: &mut Store, after: &str) {
    let found = settled(store);
    assert_settled(&settled_anew(store), &found, SPEAKERS, &format!("after {after}"));
}

#[test]
fn after_every_article_all_is_as_if_everything_had_been_looked_at() {
    let (first, later, pairs) = with_merges(51);
    let mut store = Store::in_memory().unwrap();
    add(&mut store, &first);
    merge(&mut store, &pairs);
    for document in &later {
        add(&mut store, std::slice::from_ref(document));
        check_speakers(&mut store, &document.text);
    }
}

/// Merges of all kinds of names, taken back and decided again, and now and then two names kept apart.
#[test]
fn after_every_merge_all_is_as_if_everything_had_been_looked_at() {
    for seed in 60..63 {
        let mut dice = Dice::of(seed, 0);
        let mut store = Store::in_memory().unwrap();
        add(&mut store, &(0..70).map(|number| article(&mut dice, number)).collect::<Vec<_>>());
        let by = Signature::default();
        let names: Vec<&str> =
            NAMED.iter().chain(BODIES).chain(NAMED).chain(&["Quist", "officials"]).copied().collect();
        let mut done = String::new();
        for _ in 0..14 {
            let [a, b] = [0, 1].map(|_| names[dice.below(names.len() as u64) as usize]);
            match dice.below(10) {
                0..3 => done.push_str(&format!("\nundo {:?}", undo(&mut store, true, &Silent).map(|it| (it.a, it.b)))),
                3 => done.push_str(&format!("\nredo {:?}", undo(&mut store, false, &Silent).map(|it| (it.a, it.b)))),
                4 => done.push_str(&format!("\nsplit {a}, {b}: {}", split(&mut store, a, b, &by, &Silent).is_ok())),
                5 => done.push_str(&format!("\nalias {a}, {b}: {}", add_alias(&mut store, a, b, &by, &Silent).is_ok())),
                _ => done
                    .push_str(&format!("\nmerge {a}, {b}: {}", merge_speakers(&mut store, a, b, &by, &Silent).is_ok())),
            }
            check_speakers(&mut store, &format!("seed {seed}: {done}"));
        }
    }
}

/// Otherwise whoever merges the names that are most in the news waits for every article.
#[test]
fn articles_with_merged_names_are_few_names() {
    let mut store = Store::in_memory().unwrap();
    let mut dice = Dice::of(40, 0);
    add(&mut store, &(0..120).map(|number| article(&mut dice, number)).collect::<Vec<_>>());
    merge(&mut store, &[["John Smith", "Zoe Marlow"]]);
    let mut few_after = |name: &'static str| {
        let document = article_on(&[name], &mut dice, 300);
        let few = store.transaction(|store| {
            let run = store.run("test", "test")?;
            let part = Part { documents: [put(store, &document, run)?].into(), ..Part::default() };
            let decisions = store.decisions()?;
            let few = settle_few(store, &Scope::Part(part), &decisions)?;
            Err::<(), _>(StoreError::Query { what: few.to_string() })
        });
        few.unwrap_err().to_string()
    };
    assert!(few_after("John Smith").contains("true"));
    assert!(few_after("Nora Quist").contains("true"));
}

fn decision(verb: Verb, a: &str, b: &str) -> Decision {
    let [a, b] = [a, b].map(str::to_string);
    let id = Id::of(IdKind::Decision, &[verb.name(), &a, &b]);
    Decision { id, verb, a, b, who: "a".into(), when: "2024-01-01T00:00:00Z".into(), why: String::new(), undone: false }
}
