//! What must hold for any input: order does not matter, and no text upsets anything.

use proptest::prelude::*;
use provenance::lang::language;
use provenance::model::Alias;
use provenance::model::KnownName;
use provenance::resolve::{KnownLocal, NameDecisions, entities, name_match, speakers};
use provenance::text::Span;

use crate::pairs::local;
use crate::reading::{attribution, read, shared};

const NAMES: &[&str] = &[
    "Vyacheslav Gladkov",
    "Gladkov",
    "Gladkow",
    "Wjatscheslaw Gladkow",
    "Hillary Clinton",
    "Bill Clinton",
    "Clinton",
    "William Clinton",
    "Donald Trump",
    "Donald J. Trump",
    "Donald Trump Jr.",
    "Trump",
    "#Freedom for Russia Legion",
    "#Legion of Free Russia",
    "#Ministry of Defense",
    "#Russian Ministry of Defense",
    "#RVC",
    "#Russian Volunteer Corps",
    "=the governor of Belgorod",
    "Smith",
    "John A. Smith",
    "John B. Smith",
    "John Smith",
    "Конашенков",
    "Igor Konashenkov",
];
const ROLES: &[&str] = &["governor of Belgorod", "Kremlin spokesman", "former president", "senator", ""];

fn some_locals() -> impl Strategy<Value = Vec<KnownLocal>> {
    let one = (0..NAMES.len(), 0..ROLES.len(), 0..NAMES.len(), 1i8..28);
    prop::collection::vec(one, 1..40).prop_map(|picks| {
        let made = picks.iter().enumerate().map(|(at, (name, role, with, day))| {
            let role = Some(ROLES[*role]).filter(|role| !role.is_empty());
            local(
                &format!("d{at:03}:0"),
                NAMES[*name],
                role,
                &[NAMES[*with]],
                provenance::model::Date::from_ymd(2023, 5, *day),
            )
        });
        made.collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn order_does_not_matter((locals, shuffled) in some_locals().prop_flat_map(|locals| (Just(locals.clone()), Just(locals).prop_shuffle()))) {
        let decisions = NameDecisions {
            same: vec![("Smith".into(), "John A. Smith".into())],
            different: vec![("Gladkov".into(), "Vyacheslav Gladkov".into())],
            known: vec![KnownName {
                name: "Igor Konashenkov".into(),
                qid: "Q4230877".into(),
                kind: None,
                aliases: vec!["Конашенков".into()],
            }],
        };
        for decisions in [NameDecisions::default(), decisions] {
            let (a, b) = (entities(&locals, &decisions), entities(&shuffled, &decisions));
            prop_assert_eq!(&a, &b);
            let mut ids: Vec<_> = a.entities.iter().map(|(entity, _)| entity.id.clone()).collect();
            ids.sort();
            ids.dedup();
            prop_assert_eq!(ids.len(), a.entities.len());
            let members: usize = a.entities.iter().map(|(_, rows)| rows.len()).sum();
            prop_assert_eq!(members, locals.len());
        }
    }

    #[test]
    fn any_text_has_speakers(text in "[A-Za-z ,.()“”’'\n-]{0,200}|.{0,120}", cuts in prop::collection::vec((0usize..220, 0usize..30), 0..6)) {
        let spans = cuts.iter().map(|(start, length)| Span::new(*start, start + length).snapped(&text));
        let attributions: Vec<_> = spans
            .map(|span| attribution(vec![span], Vec::new(), vec![Span::new(span.end, text.len()).snapped(&text)]))
            .collect();
        let found = speakers(&read(&text), &attributions, language("en"));
        prop_assert_eq!(found.of.len(), attributions.len());
        for speaker in found.of.iter().flatten() {
            prop_assert!(speaker.local < found.entities.len());
            prop_assert!(!speaker.evidence.is_empty());
        }
        for mention in &found.mentions {
            prop_assert!(text.get(mention.span.start..mention.span.end).is_some());
        }
    }

    #[test]
    fn a_name_fits_itself_and_scores_stay_in_range(a in "[A-Z][a-z]{1,9}( [A-Z][a-z]{1,9})?", b in ".{0,30}") {
        let alias = |text: &str| [Alias { text: text.to_string(), kind: provenance::model::AliasKind::Name, count: 1 }];
        prop_assert_eq!(name_match(&a, &alias(&a)), 1.0);
        let score = name_match(&a, &alias(&b));
        prop_assert!((0.0..=1.0).contains(&score), "{}", score);
    }
}

#[test]
fn hostile_strings_are_only_strings() {
    let Ok(file) = std::fs::read_to_string(shared("eval/hostile/naughty_strings.json")) else {
        println!("skipped: the shared evaluation texts are not beside this checkout");
        return;
    };
    let value: serde_json::Value = serde_json::from_str(&file).unwrap();
    let strings: Vec<String> = match &value {
        serde_json::Value::Array(items) => {
            items.iter().map(|s| s.as_str().map_or_else(|| s.to_string(), str::to_string)).collect()
        }
        other => vec![other.to_string()],
    };
    let mut locals = Vec::new();
    for (at, text) in strings.iter().enumerate() {
        let said = format!("{text} said “no”.\nHe, {text}, added more.");
        let end = text.len();
        let attributions = [
            attribution(vec![Span::new(0, end)], Vec::new(), vec![Span::new(end, said.len())]),
            attribution(Vec::new(), Vec::new(), vec![Span::new(end, said.len())]),
        ];
        speakers(&read(&said), &attributions, language("en"));
        locals.push(local(&format!("d{at}:0"), text, Some(text), &[text], None));
        name_match(text, &locals[at].entity.aliases);
    }
    let found = entities(&locals, &NameDecisions::default());
    assert_eq!(found.entities.iter().map(|(_, rows)| rows.len()).sum::<usize>(), locals.len());
}

/// Twice the text takes about twice the time: names, pronouns and roles look back a bounded way.
#[test]
#[ignore = "a measurement: wall time says nothing on a busy machine"]
fn time_grows_with_the_text() {
    let time = |paragraphs: usize| {
        let mut text = String::new();
        let mut attributions = Vec::new();
        for n in 0..paragraphs {
            let start = text.len();
            let name = format!("Person{} Name{}", n % 997, n);
            text.push_str(&name);
            text.push_str(
                " said it was late. He added that the governor, its mayor and THE WHOLE TOWN KNEW IT WELL ENOUGH.\n",
            );
            attributions.push(attribution(
                vec![Span::new(start, start + name.len())],
                Vec::new(),
                vec![Span::new(start + name.len() + 6, text.len() - 1)],
            ));
            let he = start + name.len() + " said it was late. ".len();
            attributions.push(attribution(
                vec![Span::new(he, he + 2)],
                Vec::new(),
                vec![Span::new(he + 9, text.len() - 1)],
            ));
        }
        let reading = read(&text);
        let begun = std::time::Instant::now();
        speakers(&reading, &attributions, language("en"));
        begun.elapsed().as_secs_f64()
    };
    time(200);
    let (one, four) = (time(1500), time(6000));
    assert!(four / one < 8.0, "{one} s, then {four} s for four times the text");
}
