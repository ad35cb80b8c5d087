use super::*;
use crate::lang::{UNKNOWN, language};
use proptest::prelude::*;

/// Lines with a letter before a bar: B body, H headline, C caption, D debris (boilerplate); an empty line stays empty.
#[track_caller]
fn check(marked: &str) {
    let (mut text, mut expected) = (String::new(), Vec::new());
    for line in marked.trim_matches('\n').lines() {
        let line = line.trim_start();
        if let Some((letter, words)) = line.split_once('|') {
            expected.push((letter.to_string(), words.trim().to_string()));
            text.push_str(words);
        }
        text.push('\n');
    }
    let found: Vec<(String, String)> = passages(&text, language("en"))
        .into_iter()
        .map(|passage| {
            let letter = match passage.kind {
                PassageKind::Body => "B",
                PassageKind::Headline => "H",
                PassageKind::Caption => "C",
                PassageKind::Boilerplate => "D",
            };
            (letter.to_string(), passage.span.of(&text).trim().to_string())
        })
        .collect();
    assert_eq!(found, expected);
}

const LONG: &str = "The ferry will sail again on Monday after three days in the harbour, and the company expects no further delay \
     on the northern route this week.";

#[test]
fn a_plain_article_is_body_under_its_headline() {
    check(&format!("H|Ferry sails again\n\nB|{LONG}\n\nB|“We are glad,” she said.\n\nB|Nobody was hurt."));
    check(&format!("H|Ferry To Sail Again On Monday After Storm.\n\nB|{LONG}"));
    check(&format!("B|The ferry sailed on Monday.\n\nB|{LONG}"));
    check("B|One line without an end");
}

#[test]
fn headings_stand_above_paragraphs() {
    check(&format!("B|{LONG}\nH|Island: a harbour in crisis\nB|{LONG}\nH|limited damage\nB|{LONG}"));
    check(&format!("B|{LONG}\nH|“Rescue operation” ended on the island\nB|{LONG}"));
    check(&format!("B|{LONG}\n\nB|The mayor said:\n\nB|{LONG}"));
    check(&format!("B|{LONG}\n\nB|Rope\n\nB|Oars\n\nB|Sails\n\nB|{LONG}"));
    check(&format!("B|{LONG}\n\nB|- A rope\n\nB|{LONG}"));
    check(&format!("H|## What happened\n\nB|{LONG}"));
}

#[test]
fn dates_and_datelines_at_the_top() {
    check(&format!("D|date 2023-05-31\n\nB|{LONG}"));
    check(&format!(
        "H|Ferry sails again\n\nD|May 31, 2023\nD|2 mins read\nD|ferry-sails-again-in-the-harbour\n\nB|{LONG}"
    ));
    check(&format!("D|HARBOUR TV  —\n\nB|{LONG}"));
    check(&format!("D|---\nD|title: Ferry\nD|date: 2023-05-31\nD|---\n\nB|{LONG}"));
    check(&format!("B|{LONG}\n\nH|2023\n\nB|{LONG}"));
}

#[test]
fn a_playlist_takes_its_titles_and_captions() {
    check(&format!(
        "D|date 2023-05-31 exp ferry fire sam FST 053112 harbour_2502.png\nD|Ferry burns after storm in the harbour\nD|02:17 - Source: HTV\nD|Harbour storm 14 videos\n\
         D|ferry vpx\nD|'Not a quiet night': HTV at the scene\nD|01:56\nD|Now playing\nD|- Source: HTV\n\
         D|A fire has broken out in the harbour, according to the port, citing a source.\nD|Video shows smoke over the port\nD|03:15\nD|Now playing\nD|- Source: HTV\n\
         D|HTV  —\n\nB|{LONG}\n\nB|{LONG}"
    ));
}

#[test]
fn body_between_two_players_stays_body() {
    check(&format!(
        "B|{LONG}\n\nD|Ferry burns\nD|01:56\nD|Now playing\n\nB|“It was a quiet night,” the master said on Monday.\n\nD|Smoke over port\nD|00:40\nD|Now playing\n\nB|{LONG}"
    ));
}

#[test]
fn captions_stand_with_credits_and_copies() {
    check(&format!(
        "B|{LONG}\n\nC|Pictures from the quay after the storm.\nC|Pictures from the quay after the storm.\nC|Governor of Northshire\nC|A damaged crane on Monday.\n\
         C|A damaged crane on Monday.\nC|Ann Writer/Reuters\n\nB|{LONG}"
    ));
    check(&format!("B|{LONG}\n\nC|A diver inspects the hull.\n\nC|Ann Writer/AFP/Getty Images\n\nB|{LONG}"));
    check(&format!("B|{LONG}\n\nB|Nobody was hurt, he said.\n\nC|Ann Writer/AFP/Getty Images\n\nB|{LONG}"));
    check(&format!("B|{LONG}\nC|Agency/Telegram/Governor of Northshire A burnt house in Northshire\nB|{LONG}"));
    check(&format!("B|{LONG}\n\nB|“No,” he said. “No.”\n\nB|“No,” he said. “No.”\n\nB|{LONG}"));
}

#[test]
fn lists_of_links_end_where_text_begins() {
    check(&format!("B|{LONG}\n\nD|Latest from Blog\n\nD|withemes on instagram\n\nD|[photo-feed feed=1]"));
    check(&format!("B|{LONG}\n\nD|Related articles\nD|Ferry sinks\nD|Who owns the port?\n\nB|{LONG}"));
    check(&format!("D|Home\nD|News\nD|World\nD|Sport\nH|Ferry sails again\n\nB|{LONG}"));
    check(&format!(
        "B|{LONG}\n\nD|Harbour Plus\n\nB|{LONG}\n\nD|Harbour Plus\n\nB|{LONG}\n\nD|Harbour Plus\n\nB|{LONG}"
    ));
}

#[test]
fn template_remains_and_contributors_at_the_end() {
    check(&format!(
        "B|{LONG}\n\nD|{{{{#Ticker}}}}\n\nD|{{{{#cards}}}}{{{{/cards}}}}We will write to you. If you have questions, contact us.\n\nD|Ann Writer contributed reporting."
    ));
}

#[test]
fn every_rule_id_is_once_in_the_tables() {
    let mut ids: Vec<&str> =
        CONTEXT.iter().map(|rule| rule.id).chain(line_rules("en").map(|rule| rule.id.as_str())).collect();
    ids.sort_unstable();
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]));
}

proptest! {
    #[test]
    fn passages_are_the_lines(text in "[A-Za-z0-9 .:“”#/{}\\[\\]\r\n—-]{0,300}") {
        let found = passages(&text, &UNKNOWN);
        let lines = crate::text::lines(&text);
        prop_assert_eq!(found.iter().map(|passage| passage.span).collect::<Vec<_>>(), lines);
        prop_assert!(found.iter().all(|passage| (passage.kind == PassageKind::Body) == passage.evidence.is_empty()));
    }
}
