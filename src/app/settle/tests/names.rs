//! Articles whose people and bodies share names in every way: what a few of them change is found as when everything is looked at.

use super::{add, document, settled};
use crate::app::Silent;
use crate::app::articles::Dice;
use crate::app::settle::{Part, Scope, settle};
use crate::model::{Decision, Document, Id, IdKind, Verb};
use crate::store::Store;

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
    for what in ["entities", "suggested"] {
        assert!(expected[what].len() > 10, "{what}: {}", expected[what].len());
        let missing: Vec<&String> = expected[what].iter().filter(|it| !found[what].contains(it)).collect();
        let extra: Vec<&String> = found[what].iter().filter(|it| !expected[what].contains(it)).collect();
        assert!(expected[what] == found[what], "seed {seed}, {what}: missing {missing:#?}, not expected {extra:#?}");
    }
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

fn decision(verb: Verb, a: &str, b: &str) -> Decision {
    let [a, b] = [a, b].map(str::to_string);
    let id = Id::of(IdKind::Decision, &[verb.name(), &a, &b]);
    Decision { id, verb, a, b, who: "a".into(), when: "2024-01-01T00:00:00Z".into(), why: String::new(), undone: false }
}
