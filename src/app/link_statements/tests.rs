use super::*;
use crate::app::analyse::analyse_outlined;
use crate::app::{Silent, analyse, articles};
use crate::model::{Document, Extractor};
use crate::read::{self, Input, ReadOptions};

/// A store with made-up articles, linked in two goes that each count as few or many from `many` statements on.
fn linked(many: usize) -> Vec<Link> {
    let made_up = |numbers: std::ops::Range<u64>| numbers.map(|number| articles::article(3, number).text).collect();
    linked_texts(many, [made_up(0..40), made_up(40..60)]).links().unwrap()
}

fn linked_texts(many: usize, parts: [Vec<String>; 2]) -> Store {
    let mut store = Store::in_memory().unwrap();
    for part in parts {
        let new = store.transaction(|store| add(store, &part)).unwrap();
        store.transaction(|store| link_in_bulk_from(many, store, &new, Outlines::default(), &Silent)).unwrap();
    }
    store
}

fn linked_ends(store: &Store) -> Vec<(i64, i64)> {
    let mut ends = Vec::new();
    store.each_tie(&mut |tie| ends.push((tie.a, tie.b))).unwrap();
    ends
}

fn add(store: &Store, texts: &[String]) -> Stored<BTreeSet<i64>> {
    let run = store.run("test", "test")?;
    let mut new = BTreeSet::new();
    for text in texts {
        let document = document(text);
        let (key, _) = store.add_document(&document, true)?;
        let stored = store.document(key)?.unwrap();
        new.extend(store.add_analysis(&stored, &analyse(&document, Extractor::Rules), run)?);
    }
    store.index_link_keys()?;
    Ok(new)
}

fn document(text: &str) -> Document {
    let input = Input { bytes: text.as_bytes(), path: None };
    read::documents(&input, &ReadOptions::default()).remove(0).unwrap()
}

#[test]
fn outlines_that_lie_ready_are_those_that_are_read() {
    let store = Store::in_memory().unwrap();
    let run = store.run("test", "test").unwrap();
    let mut kept = Outlines::default();
    for number in 0..30 {
        let document = document(&articles::article(5, number).text);
        let (key, _) = store.add_document(&document, true).unwrap();
        let (analysis, outlines) = analyse_outlined(&document, Extractor::Rules);
        let keys = store.add_analysis(&store.document(key).unwrap().unwrap(), &analysis, run).unwrap();
        // some are not kept
        if number % 3 > 0 {
            kept.keep(&keys, outlines);
        }
    }
    let linkable = store.linkable().unwrap();
    let of = |outlines: Outlines| outlines.of(&store, &linkable, &Silent).unwrap();
    let (kept, read) = (of(kept), of(Outlines::default()));
    assert!(kept == read && read.len() > 100 && read.iter().all(|it| *it != Outline::default()));
}

#[test]
fn an_outline_is_that_of_the_statement_that_has_the_key_now() {
    let of = |text: &str| {
        let (_, outlines) = analyse_outlined(&document(&format!("“{text},” a witness said.\n")), Extractor::Rules);
        vec![outlines[0].clone()]
    };
    let (ferry, harbour, barn) = (
        of("The ferry sank over there in the harbour"),
        of("The harbour is open to every ferry again"),
        of("My barn burnt down in the autumn storms"),
    );
    let store = Store::in_memory().unwrap();
    let mut kept = Outlines::default();
    kept.keep(&[1], ferry.clone());
    kept.keep(&[2], harbour.clone());
    kept.keep(&[2], barn.clone());
    kept.keep(&[3], harbour);
    kept.keep(&[3], Vec::new());
    let found = kept.of(&store, &[(1, 1), (2, 2), (3, 3)], &Silent).unwrap();
    assert_eq!(found, [ferry, barn, vec![Outline::default()]].concat());
}

#[test]
fn few_and_many_find_the_same_links() {
    let few = linked(usize::MAX);
    assert!(few.len() > 100, "{}", few.len());
    assert!(few == linked(0));
}

#[test]
fn what_came_later_takes_links_away_as_if_it_had_come_first() {
    let said = |what: &str| format!("“{what},” a witness said.\n");
    let pair = [said("The zeppelin came down over there in the field"), said("A zeppelin came down")];
    let others = ["barn", "cellar", "duck", "engine", "fence", "glove", "hammer", "island", "jar", "kettle", "lamp"];
    let crowd: Vec<String> =
        others.map(|it| said(&format!("My {it} is older than any zeppelin that came here"))).into();
    let ends = |parts| linked_ends(&linked_texts(usize::MAX, parts));
    let both = [&pair[..], &crowd].concat();
    let of_pair = |ends: Vec<(i64, i64)>| ends.contains(&(1, 2));
    assert!(of_pair(ends([pair.to_vec(), vec![]])));
    let at_once = ends([both, vec![]]);
    assert!(!of_pair(at_once.clone()));
    assert_eq!(ends([pair.to_vec(), crowd]), at_once);
}

#[test]
fn statements_that_share_very_many_keys_are_candidates() {
    let words = [
        "zeppelin",
        "mooring",
        "glacier",
        "turbine",
        "lantern",
        "orchard",
        "quarry",
        "harpoon",
        "violin",
        "saffron",
        "trellis",
        "granite",
        "walrus",
        "pendulum",
        "meteor",
        "cathedral",
        "hurricane",
        "parchment",
        "obelisk",
        "marmalade",
        "chisel",
        "lighthouse",
        "tambourine",
        "porcelain",
        "avalanche",
        "catapult",
        "monsoon",
        "dulcimer",
        "sextant",
        "tapestry",
        "compass",
        "labyrinth",
        "carousel",
        "archipelago",
        "telescope",
        "mandolin",
        "barnacle",
        "cormorant",
        "gargoyle",
        "hammock",
        "juniper",
        "kestrel",
        "lacquer",
        "mosaic",
        "nectar",
        "ocelot",
        "paprika",
        "quiver",
        "rhubarb",
        "sycamore",
        "thimble",
        "umbrella",
    ];
    let long = format!("“{},” a witness said.\n", words.join(" "));
    for many in [usize::MAX, 0] {
        let store = linked_texts(many, [vec![long.clone()], vec![format!("Lantern\n\n{long}")]]);
        assert_eq!(linked_ends(&store).len(), 1, "from {many}");
    }
}

#[test]
fn a_long_document_is_compared_with_what_is_near() {
    let said = "“The ferry to the northern harbour will sink in the autumn storms,” Ada Brook said.\n\n";
    let parts = || [vec![said.repeat(60)], vec![format!("Lantern\n\n{said}")]];
    let few = linked_ends(&linked_texts(usize::MAX, parts()));
    assert!(few == linked_ends(&linked_texts(0, parts())));
    let inside = |(a, b): &&(i64, i64)| a.max(b) <= &60;
    assert!(few.iter().filter(inside).all(|(a, b)| (a - b).abs() <= WITHIN), "{few:?}");
    assert_eq!(few.iter().filter(|pair| !inside(pair)).count(), 60);
    assert!(few.iter().filter(inside).any(|(a, b)| (a - b).abs() == WITHIN));
}
