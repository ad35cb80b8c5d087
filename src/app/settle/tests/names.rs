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
    let mut pick = |from: &[&'static str]| from[dice.below(from.len() as u64) as usize];
    let sentences = [
        format!("{}, {}, said the road to mill {number} was closed.", pick(NAMED), pick(ROLES)),
        format!("{} said the bridge at weir {number} would open.", pick(ALONE)),
        format!("According to {}, nobody was hurt at gate {number}.", pick(BODIES)),
        format!(
            "“We saw tower {number} fall,” {} told reporters.",
            pick(if number.is_multiple_of(3) { NAMED } else { ALONE })
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
