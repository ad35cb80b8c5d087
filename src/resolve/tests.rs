//! One line per rule: a text in which `{…}` marks sources, and the speakers expected. Each positive has a near miss.

use super::{KnownLocal, NameDecisions, entities, speakers};
use crate::lang::language;
use crate::model::{
    Alias, AliasKind, Attribution, EntityKind, Extractor, LocalEntity, Passage, PassageKind, Reading, Sentence,
};
use crate::text::{Span, lines, quote_pairs, sentences, tokens};

/// Takes the marks out; what follows a source up to the next full stop is its content.
fn marked(text: &str) -> (String, Vec<Attribution>) {
    let mut plain = String::new();
    let mut sources = Vec::new();
    let mut open = None;
    for c in text.chars() {
        match c {
            '{' => open = Some(plain.len()),
            '}' => sources.extend(open.take().map(|start| Span::new(start, plain.len()))),
            _ => plain.push(c),
        }
    }
    let content = |source: &Span| {
        let rest = &plain[source.end..];
        let skip = rest.len() - rest.trim_start_matches([' ', ',']).len();
        let end = rest[skip..].find('.').map_or(rest.len(), |at| skip + at + 1);
        Span::new(source.end + skip, source.end + end)
    };
    let attributions = sources
        .iter()
        .map(|source| {
            let named = if source.is_empty() { Vec::new() } else { vec![*source] };
            Attribution::new(Extractor::Rules, named, Vec::new(), vec![content(source)])
        })
        .collect();
    (plain, attributions)
}

fn read(text: &str) -> Reading<'_> {
    let spans = lines(text);
    let mut all = Vec::new();
    for (passage, span) in spans.iter().enumerate() {
        all.extend(sentences(text, *span).into_iter().map(|span| Sentence { span, passage }));
    }
    let passages = spans.iter().map(|span| Passage { span: *span, kind: PassageKind::Body, evidence: Vec::new() });
    Reading { text, passages: passages.collect(), sentences: all, tokens: tokens(text), quotes: quote_pairs(text) }
}

fn check(text: &str, expected: &[&str]) {
    let (plain, attributions) = marked(text);
    let found = speakers(&read(&plain), &attributions, language("en"));
    let names: Vec<&str> =
        found.of.iter().map(|s| s.as_ref().map_or("-", |s| found.entities[s.local].name.as_str())).collect();
    assert_eq!(names, expected, "{text}");
}

fn check_rule(text: &str, rule: &str) {
    let (plain, attributions) = marked(text);
    let found = speakers(&read(&plain), &attributions, language("en"));
    let last = found.of.iter().flatten().last().expect("a speaker");
    assert!(last.evidence.iter().any(|evidence| evidence.rule == rule), "{text}: {:?}", last.evidence);
}

#[test]
fn names_and_surnames() {
    check("{Hugh Hill}, a doctor, said it rained. {Hill} added more.", &["Hugh Hill", "Hugh Hill"]);
    check("{Mr. Banks} said no. {Ada Marlow} said yes. {Marlow} left.", &["Banks", "Ada Marlow", "Ada Marlow"]);
    check("{Ben Hale} said no. {Anna Hale} said yes. {Mrs. Hale} left.", &["Ben Hale", "Anna Hale", "Anna Hale"]);
    check("{Igor Konashenkov} spoke. {Konashenko} went on.", &["Igor Konashenkov", "Igor Konashenkov"]);
    check("{Igor Konashenkov} spoke. {Konstantinov} went on.", &["Igor Konashenkov", "Konstantinov"]);
    check("{Anna Lee} spoke. {Anna} went on.", &["Anna Lee", "Anna Lee"]);
    check_rule("{Igor Konashenkov} spoke. {Konashenko} went on.", "speaker.surname_spelling");
    check_rule("Then {Zorka} spoke of rain.", "speaker.surname");
}

#[test]
fn relatives_do_not_take_the_surname() {
    check("{Hale} spoke. Hale’s son {Eric Hale} agreed. {Hale} left.", &["Hale", "Eric Hale", "Hale"]);
    check("Her son {Eric Hale} agreed. {Hale} left.", &["Eric Hale", "Eric Hale"]);
}

#[test]
fn of_parent_and_child_the_parent_has_the_surname() {
    let child = "{Eric Hale}, son of the mayor, spoke. Later Ben Hale came. {Hale} left.";
    check(child, &["Eric Hale", "Ben Hale"]);
    check("{Eric Hale}, a doctor, spoke. Ben Hale came. Eric Hale sat. {Hale} left.", &["Eric Hale", "Eric Hale"]);
    check("{Eric Hale}, son of the mayor, spoke. {Hale} left.", &["Eric Hale", "Eric Hale"]);
}

#[test]
fn particles_belong_to_the_surname() {
    check("{Bill de Marco} spoke. As {de Marco} knew, it rained.", &["Bill de Marco", "Bill de Marco"]);
    check("{Bill Marco} spoke. It rained on the day that {Marco} left.", &["Bill Marco", "Bill Marco"]);
}

/// The first line is a headline.
fn check_headline(text: &str, expected: &[&str]) {
    let (plain, attributions) = marked(text);
    let mut reading = read(&plain);
    reading.passages[0].kind = PassageKind::Headline;
    let found = speakers(&reading, &attributions, language("en"));
    let names: Vec<&str> =
        found.of.iter().map(|s| s.as_ref().map_or("-", |s| found.entities[s.local].name.as_str())).collect();
    assert_eq!(names, expected, "{text}");
}

#[test]
fn a_headline_writes_every_word_with_a_capital() {
    check_headline("Grumpy Marlow speaks.\n{Thomas Marlow} spoke. {Marlow} left.", &["Thomas Marlow", "Thomas Marlow"]);
    check_headline(
        "Anna Marlow speaks.\n{Thomas Marlow} spoke.\n{Anna Marlow} left.",
        &["Thomas Marlow", "Anna Marlow"],
    );
    check_headline("Dorvin Marlow speaks.\n{Dorvin Marlow} spoke. {Marlow} left.", &["Dorvin Marlow", "Dorvin Marlow"]);
}

#[test]
fn roles() {
    check("{Mayor Ada Marlow} spoke. {The mayor} went on.", &["Ada Marlow", "Ada Marlow"]);
    check(
        "{Ada Marlow}, the mayor of Tarn, spoke. {The mayor of Brell} answered.",
        &["Ada Marlow", "The mayor of Brell"],
    );
    check("{Marlow} spoke of rain. Roads closed, {the mayor} said.", &["Marlow", "Marlow"]);
    check("Roofs fell in Tarn, {its mayor} said.\nLater {Marlow} spoke of rain.", &["Marlow", "Marlow"]);
    check("Roofs fell, {a driver} said.\nLater {Marlow} spoke of rain.", &["a driver", "Marlow"]);
    check_rule("{Marlow} spoke of rain. Roads closed, {the mayor} said.", "speaker.role_recent");
}

#[test]
fn named_only_afterwards() {
    let later = "{A senior official} said the harbour enjoyed quiet. The harbour enjoyed quiet, said {presidential adviser Ada Marlow} of harbour quiet.";
    check(later, &["Ada Marlow", "Ada Marlow"]);
    let apart = "{A senior official} said taxes rise. {Football coach Ada Marlow} praised the goalkeeper.";
    check(apart, &["A senior official", "Ada Marlow"]);
}

#[test]
fn bodies_and_metonyms() {
    check(
        "{The Harbour Defence League} spoke. {The league} went on.",
        &["Harbour Defence League", "Harbour Defence League"],
    );
    check("The Tarn Volunteer Corps (TVC) came. {The TVC} spoke.", &["Tarn Volunteer Corps"]);
    check("{The Kremlin} spoke.", &["Kremlin"]);
    check("{Moscow} spoke. {The Russian side} agreed. {Russia} went on.", &["Russia", "Russia", "Russia"]);
    check("{Kyiv} spoke. {Kiev} went on. {The Ukrainian government} agreed.", &["Ukraine", "Ukraine", "Ukraine"]);
    check("{Marlow’s campaign} spoke. {Ada Marlow} did not.", &["Marlow’s campaign", "Ada Marlow"]);
    check_rule("{Moscow} spoke.", "speaker.metonym");
    check_rule("{The Russian government} spoke.", "speaker.country");
}

#[test]
fn groups_and_unnamed() {
    check("{Local officials} spoke. {The officials} went on. {They} left.", &["Local officials"; 3]);
    check("{Local officials} spoke. {Other witnesses} went on.", &["Local officials", "Other witnesses"]);
    check("{A woman in Tarn} spoke. {She} went on. {The woman} left.", &["A woman in Tarn"; 3]);
    check("{Preliminary reports} said rain.", &["Preliminary reports"]);
    check_rule("{Preliminary reports} said rain.", "speaker.text");
}

#[test]
fn joint_speakers_are_nobody_alone() {
    check("{Ada Marlow and Ben Hale} spoke. {Marlow} went on.", &["Ada Marlow and Ben Hale", "Ada Marlow"]);
    check_rule("{Ada Marlow and Ben Hale} spoke.", "speaker.joint");
}

#[test]
fn pronouns() {
    check("{Ada Marlow} spoke. {She} went on.", &["Ada Marlow", "Ada Marlow"]);
    check("{Ada Marlow} met Ben Hale. {He} went on.", &["Ada Marlow", "Ben Hale"]);
    check("{Ada Marlow}, {who} runs the port, spoke.", &["Ada Marlow", "Ada Marlow"]);
    // Two of the same gender, named together: nobody stands out.
    check("Both Ben Hale and Carl Hunt came. {He} went on.", &["he"]);
    check_rule("Both Ben Hale and Carl Hunt came. {He} went on.", "speaker.pronoun_open");
}

#[test]
fn inherited_speakers() {
    check("{Ada Marlow} spoke of rain. {}It will pass.", &["Ada Marlow", "Ada Marlow"]);
    check("{Ada Marlow} spoke of rain.\n{}It will pass.", &["Ada Marlow", "-"]);
    check("{Ada Marlow} spoke of rain.\n{}“It will pass.”", &["Ada Marlow", "Ada Marlow"]);
}

#[test]
fn quoted_nicknames_are_aliases() {
    let (plain, attributions) = marked("{Denis Hale} spoke. He introduced himself by the nickname “White Fox”.");
    let found = speakers(&read(&plain), &attributions, language("en"));
    assert!(found.entities[0].aliases.iter().any(|alias| alias.text == "White Fox"));
    let of_another =
        ["{Denis Hale} praised the sailor nicknamed “White Fox”.", "{Denis Hale} spoke to a man known as “White Fox”."];
    for text in of_another {
        let (plain, attributions) = marked(text);
        let found = speakers(&read(&plain), &attributions, language("en"));
        assert!(found.entities[0].aliases.iter().all(|alias| alias.text != "White Fox"), "{text}");
    }
    for (text, name) in [
        ("{Denis Hale}, also known as “White Fox”, spoke.", "White Fox"),
        ("{Denis Hale}, nicknamed “Lyin’ Denis”, spoke.", "Lyin’ Denis"),
    ] {
        let (plain, attributions) = marked(text);
        let found = speakers(&read(&plain), &attributions, language("en"));
        assert!(found.entities[0].aliases.iter().any(|alias| alias.text == name), "{text}: {:?}", found.entities[0]);
    }
    let (plain, attributions) = marked("{Denis Hale} spoke of a ship known as the ferry.");
    let found = speakers(&read(&plain), &attributions, language("en"));
    assert!(found.entities[0].aliases.iter().all(|alias| alias.text == "Denis Hale"));
}

#[test]
fn a_language_without_tables_still_gives_speakers() {
    let (plain, attributions) = marked("{Ada Marlow} parle. {elle} rit.");
    let found = speakers(&read(&plain), &attributions, &crate::lang::UNKNOWN);
    assert!(found.of.iter().all(Option::is_some));
}

fn known(key: &str, name: &str, kind: EntityKind) -> KnownLocal {
    let alias = Alias { text: name.to_string(), kind: AliasKind::Name, count: 1 };
    let entity =
        LocalEntity { name: name.to_string(), kind, roles: Vec::new(), aliases: vec![alias], evidence: Vec::new() };
    let (key, row) = (key.to_string(), row(key));
    KnownLocal { key, row, entity, outlet: String::new(), date: None, together_with: Vec::new().into() }
}

/// The number of a document, out of a key ("d7:0").
fn row(key: &str) -> i64 {
    key[1..].split(':').next().unwrap().parse().unwrap()
}

#[test]
fn groups_never_meet_across_documents() {
    let locals = [known("d1:0", "officials", EntityKind::Group), known("d2:0", "officials", EntityKind::Group)];
    assert_eq!(entities(&locals, &NameDecisions::default()).entities.len(), 2);
}

#[test]
fn decisions_join_and_part() {
    let person = EntityKind::Person;
    let locals =
        [known("d1:0", "Denis Hale", person), known("d2:0", "White Fox", person), known("d3:0", "Hale", person)];
    let same = NameDecisions { same: vec![("White Fox".into(), "Denis Hale".into())], ..NameDecisions::default() };
    assert_eq!(entities(&locals, &same).entities.len(), 2);
    let styles = [known("d1:0", "Vyacheslav Gladkov", person), known("d2:0", "Wjatscheslaw Gladkow", person)];
    assert_eq!(entities(&styles, &NameDecisions::default()).entities.len(), 1);
    let apart = NameDecisions {
        different: vec![("Vyacheslav Gladkov".into(), "Wjatscheslaw Gladkow".into())],
        ..NameDecisions::default()
    };
    let parted = entities(&styles, &apart);
    assert_eq!((parted.entities.len(), parted.suggested.len()), (2, 0));
}

/// Whose name somebody decided about is kept apart by document while it is found out who is who: nothing else changes.
#[test]
fn names_taken_together_and_one_by_one_come_to_the_same() {
    let names = ["Ada Marlow", "Ada Marlow", "Marlow", "ADA MARLOW", "A. Marlow", "Ben Hale", "Ada Marlow", "Hale"];
    let locals: Vec<KnownLocal> = names
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let mut local = known(&format!("d{at}:0"), name, EntityKind::Person);
            local.entity.roles.push(["mayor of Tarn", "captain"][at % 2].into());
            local.together_with = vec![names[(at + 3) % names.len()].to_string()].into();
            local
        })
        .collect();
    let nobody =
        |name: &str| NameDecisions { different: vec![(name.into(), "Carl Nobody".into())], ..NameDecisions::default() };
    let together = entities(&locals, &NameDecisions::default());
    assert!(together.entities.len() < 4, "{together:?}");
    for name in ["Ada Marlow", "Ada Marlow @d1", "Marlow", "Ben Hale", "Zoe Other"] {
        assert_eq!(entities(&locals, &nobody(name)), together, "{name}");
    }
}

#[test]
fn ids_stay_when_documents_arrive() {
    let person = EntityKind::Person;
    let first = [known("d5:0", "Vyacheslav Gladkov", person)];
    let more = [
        known("d5:0", "Vyacheslav Gladkov", person),
        known("d1:0", "Wjatscheslaw Gladkow", person),
        known("d0:0", "Ada Marlow", person),
    ];
    let before = entities(&first, &NameDecisions::default()).entities[0].0.id.clone();
    let after = entities(&more, &NameDecisions::default());
    assert!(after.entities.iter().any(|(entity, rows)| entity.id == before && rows.len() == 2));
}

/// Names of documents d1, d2, …; entities as sorted names joined by +.
fn joined(names: &[&str], decisions: &NameDecisions) -> Vec<String> {
    let locals: Vec<KnownLocal> =
        names.iter().enumerate().map(|(at, name)| known(&format!("d{}:0", at + 1), name, EntityKind::Person)).collect();
    let mut found: Vec<String> = entities(&locals, decisions)
        .entities
        .iter()
        .map(|(_, rows)| {
            let mut own: Vec<&str> = rows
                .iter()
                .filter_map(|row| locals.iter().find(|local| &local.row == row))
                .map(|l| l.entity.name.as_str())
                .collect();
            own.sort_unstable();
            own.join("+")
        })
        .collect();
    found.sort();
    found
}

fn same(a: &str, b: &str) -> NameDecisions {
    NameDecisions { same: vec![(a.into(), b.into())], ..NameDecisions::default() }
}

#[test]
fn a_decision_may_be_tied_to_a_document() {
    let names = ["Hale", "Hale", "Denis Roe"];
    assert_eq!(joined(&names, &same("Hale @d1", "Denis Roe")), ["Denis Roe+Hale", "Hale"]);
    assert_eq!(joined(&names, &same("Hale @d1,d2", "Denis Roe")), ["Denis Roe+Hale+Hale"]);
    assert_eq!(joined(&names, &same("Hale @d9", "Denis Roe")).len(), joined(&names, &NameDecisions::default()).len());
}

#[test]
fn decisions_reach_spellings_that_are_names_and_no_surnames() {
    let mut one = known("d1:0", "Denis Hale", EntityKind::Person);
    for (text, kind) in [("White Fox", AliasKind::Name), ("Hale", AliasKind::Surname), ("the captain", AliasKind::Role)]
    {
        one.entity.aliases.push(Alias { text: text.into(), kind, count: 1 });
    }
    let locals = [one, known("d2:0", "Carl Roe", EntityKind::Person)];
    let count = |typed: &str| entities(&locals, &same(typed, "Carl Roe")).entities.len();
    assert_eq!((count("White Fox"), count("white fox")), (1, 1));
    assert_eq!((count("Hale"), count("the captain")), (2, 2));
}

#[test]
fn a_table_of_names_joins_rows_and_keeps_rows_apart() {
    let row = |name: &str, qid: &str, aliases: &[&str]| crate::model::KnownName {
        name: name.into(),
        qid: qid.into(),
        kind: None,
        aliases: aliases.iter().map(|it| it.to_string()).collect(),
    };
    let table = |known: Vec<crate::model::KnownName>| NameDecisions { known, ..NameDecisions::default() };
    let names = ["Denis Hale", "White Fox", "Dennis Hale"];
    assert_eq!(joined(&names, &table(vec![row("Denis Hale", "Q1", &["White Fox"])])).len(), 2);
    // Two rows are two people, even where the names alone would be joined.
    let apart = table(vec![row("Vyacheslav Gladkov", "Q1", &[]), row("Wjatscheslaw Gladkow", "Q2", &[])]);
    assert_eq!(joined(&["Vyacheslav Gladkov", "Wjatscheslaw Gladkow"], &apart).len(), 2);
    // A spelling in two rows is nobody's.
    let shared = table(vec![row("Denis Hale", "Q1", &["Fox"]), row("Carl Roe", "Q2", &["Fox"])]);
    assert_eq!(joined(&["Denis Hale", "Fox", "Carl Roe"], &shared).len(), 3);
    // A person's word outweighs the table.
    let mut overruled = table(vec![row("Denis Hale", "Q1", &["White Fox"])]);
    overruled.different.push(("Denis Hale".into(), "White Fox".into()));
    assert_eq!(joined(&["Denis Hale", "White Fox"], &overruled).len(), 2);
    let locals = [known("d1:0", "Denis Hale", EntityKind::Person)];
    let found = entities(&locals, &table(vec![row("Denis Hale", "Q1", &["Денис Гейл"])]));
    let (entity, _) = &found.entities[0];
    assert_eq!(found.qids[&entity.id], "Q1");
    assert!(entity.aliases.iter().any(|alias| alias.kind == AliasKind::Given && alias.count == 0));
}
