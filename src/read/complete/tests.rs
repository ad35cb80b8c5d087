use super::*;
use crate::model::Date;
use crate::read::{Input, documents};

fn read(text: &str) -> Document {
    documents(&Input { bytes: text.as_bytes(), path: None }, &ReadOptions::default()).remove(0).unwrap()
}

const LONG: &str = "The ferry will sail again on Monday after three days in the harbour, and the company expects no further delay \
     on the northern route this week.";

fn shown<T: std::fmt::Display>(known: &Option<Known<T>>) -> String {
    known.as_ref().map_or("–".to_string(), |known| {
        format!("{} ({}){}", known.value, known.from, if known.guessed { " guessed" } else { "" })
    })
}

#[track_caller]
fn check_outlet(text: &str, outlet: &str) {
    assert_eq!(shown(&read(text).outlet), outlet, "{text}");
}

#[track_caller]
fn check_date(text: &str, date: &str) {
    assert_eq!(shown(&read(text).published), date, "{text}");
}

#[test]
fn dates_from_the_first_lines() {
    check_date(&format!(" date 2023-05-31 \n\n\n{LONG}"), "2023-05-31 (first line)");
    check_date(
        &format!(" date 2023-05-31 exp ferry fire harbour_2502.png\nFerry\n\n{LONG}"),
        "2023-05-31 (first line)",
    );
    check_date(&format!("Ferry sails again\n\nMay 31, 2023\n2 mins read\n\n{LONG}"), "2023-05-31 (line 2)");
    check_date(&format!("Ferry sails again\nPublished 31.05.2023, 14:05 Uhr\n{LONG}"), "2023-05-31 (line 2)");
    check_date(&format!("Ferry sails\nBy Ann Writer | May 31, 2023\n\n{LONG}"), "2023-05-31 (line 2: byline) guessed");
    check_date(&format!("HARBOUR, May 31, 2023 (Reuters) – {LONG}"), "2023-05-31 (line 1: dateline) guessed");
}

#[test]
fn dates_that_are_no_publication_dates() {
    check_date(&format!("Ferry sails again\n\n{LONG} It had been built on May 31, 2003."), "–");
    check_date(&format!("{LONG}\n\n{LONG}\n\nSaturday, December 19, 2015."), "–");
    let document = read(&format!("Ferry sails\n\nUpdated: May 31, 2023\n\n{LONG}"));
    assert_eq!((shown(&document.published), shown(&document.modified)), ("–".into(), "2023-05-31 (line 2)".into()));
}

#[test]
fn an_ambiguous_date_keeps_the_year_and_is_said() {
    let document = read(&format!("Ferry sails\n\n03/04/2023\n\n{LONG}"));
    assert_eq!(shown(&document.published), "2023 (line 2)");
    assert!(document.warnings.iter().any(|warning| warning.code == "W108"));
}

#[test]
fn outlets_from_the_text_are_guesses() {
    check_outlet(&format!("Ferry sails again – The Guardian\n\n{LONG}"), "The Guardian (guess: title suffix) guessed");
    check_outlet(
        &format!("Ferry sails again | Northshire Gazette\n\n{LONG}"),
        "Northshire Gazette (guess: title suffix) guessed",
    );
    check_outlet(&format!("Ferry sails again\n\nCNN \u{a0}— \n\n{LONG}"), "CNN (guess: dateline) guessed");
    check_outlet(&format!("MOSCOW (Reuters) – {LONG}"), "Reuters (guess: dateline) guessed");
    check_outlet(&format!("NORTH HARBOUR, Northshire (Seawire) — {LONG}"), "Seawire (guess: dateline) guessed");
    check_outlet(
        &format!("Ferry\n02:17 - Source: CNN\nNow playing\n- Source: CNN\n\n{LONG}"),
        "CNN (guess: “Source:” lines) guessed",
    );
    check_outlet(
        &format!("{LONG}\n\nCNN’s Ann Writer contributed reporting."),
        "CNN (guess: contributor line) guessed",
    );
    check_outlet(
        &format!("{LONG}\n\n© 2023 Northshire Gazette. All rights reserved."),
        "Northshire Gazette (guess: copyright line) guessed",
    );
}

#[test]
fn near_misses_name_no_outlet() {
    check_outlet(&format!("Ferry sails again – what we know\n\n{LONG}"), "–");
    check_outlet(&format!("Ferry sails again – Monday\n\n{LONG}"), "–");
    check_outlet(&format!("WASHINGTON — {LONG}"), "–");
    check_outlet(&format!("The governor (Gladkov) – who was there – left. {LONG}"), "–");
    check_outlet(&format!("{LONG} He told CNN that all was well, Reuters reported."), "–");
}

#[test]
fn options_come_first_and_the_url_before_the_text() {
    let options =
        ReadOptions { outlet: Some("Mine".into()), date: Date::parse_iso("2023-01-02"), ..ReadOptions::default() };
    let text = format!("Ferry sails – The Guardian\n\nMay 31, 2023\n\n{LONG}");
    let document = documents(&Input { bytes: text.as_bytes(), path: None }, &options).remove(0).unwrap();
    assert_eq!(shown(&document.outlet), "Mine (--outlet)");
    assert_eq!(shown(&document.published), "2023-01-02 (--date)");
    assert_eq!(document.title.unwrap().value, "Ferry sails");
    let options = ReadOptions { url: Some("https://news.harbour.co.uk/1".into()), ..ReadOptions::default() };
    let document = documents(&Input { bytes: text.as_bytes(), path: None }, &options).remove(0).unwrap();
    assert_eq!(shown(&document.outlet), "harbour.co.uk (domain of --url)");
}

#[track_caller]
fn check_codes(text: &str, codes: &[&str], absent: &[&str]) {
    let found = read(text).warnings;
    let has = |code: &&str| found.iter().any(|warning| warning.code == *code);
    assert!(codes.iter().all(has) && !absent.iter().any(has), "{found:?}: {text}");
}

#[test]
fn warnings_of_text_quality() {
    check_codes(
        "We are really worried about this, the mayor told the press. My husband and I ran to the harbour, a woman said. We will pay, said the company.",
        &["W101", "W102", "W103"],
        &[],
    );
    check_codes(
        "“We are worried,” the mayor said. “I ran,” a woman said. “We will pay,” said the company.",
        &[],
        &["W101"],
    );
    check_codes(
        "‘We are very worried,’ the mayor said. ‘I ran to it,’ a woman said. ‘We will pay you,’ said the company.",
        &[],
        &["W101"],
    );
    check_codes(
        "We went to the harbour. I saw the ferry. We came back at night and our shoes were wet.",
        &[],
        &["W101"],
    );
    check_codes(
        &format!("{LONG}\n\nThe company expects no further delay on the northern route this week, although the har"),
        &["W109"],
        &[],
    );
    check_codes(&format!("{LONG} The company… [+1204 chars]"), &["W109"], &[]);
    check_codes(&format!("{LONG}\n\n{LONG}"), &[], &["W109", "W107"]);
    let players = "Ferry\n01:10\nNow playing\n- Source: HTV\n".repeat(5);
    check_codes(&format!("{players}\n{LONG}"), &["W107"], &[]);
}

#[test]
fn a_language_without_tables_is_said() {
    let german = "Der Fluss stieg in der Nacht um zwei Meter, und die Fähre blieb im Hafen. Niemand wurde verletzt, aber der \
         Schaden an den Brücken ist groß und wird erst in Wochen behoben sein.";
    let warned = |text: &str| read(text).warnings.iter().any(|warning| warning.code == "W116");
    assert!(warned(german));
    assert!(!warned(LONG));
}
