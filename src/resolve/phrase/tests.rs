//! Phrases as newspapers write them, each with what its head says.

use std::collections::BTreeSet;

use super::*;
use crate::lang::people_of_all;
use crate::resolve::words::words;
use crate::text::Span;

fn shown(phrase: &Phrase) -> String {
    let roles = if phrase.roles.is_empty() { String::new() } else { format!(" [{}]", phrase.roles.join("; ")) };
    match &phrase.who {
        Who::Person { name, .. } => format!("person {}{roles}", name.full),
        Who::Pronoun(word) => format!("pronoun {word}"),
        Who::Role(_) => format!("role {}", phrase.text),
        Who::Group => "group".to_string(),
        Who::Body => "body".to_string(),
        Who::CommonBody(noun) => format!("the {noun}"),
        Who::Country(country) => format!("state {country}"),
        Who::Seat { name, .. } => format!("seat {name}"),
        Who::Thing => "text".to_string(),
        Who::Joint(parts) => parts.iter().map(shown).collect::<Vec<_>>().join(" + "),
        Who::Nothing => "nothing".to_string(),
    }
}

fn check(text: &str, expected: &str) {
    let people = people_of_all();
    let lexicon = Lexicon { people, surnames: BTreeSet::new(), small: BTreeSet::new() };
    let found = words(text, Span::new(0, text.len()), people);
    assert_eq!(shown(&lexicon.phrase(&found)), expected, "{text}");
}

#[test]
fn a_name_is_the_head() {
    check("Hugh Hill", "person Hugh Hill");
    check("Hugh Hill, a doctor,", "person Hugh Hill [doctor]");
    check("Kremlin spokesman Dmitry Peskov", "person Dmitry Peskov [Kremlin spokesman]");
    check("Russian President Vladimir Putin", "person Vladimir Putin [Russian President]");
    check(
        "Denis Kapustin, commander of the Volunteer Corps (RVC)",
        "person Denis Kapustin [commander of the Volunteer Corps]",
    );
    check(
        "Michael Colborne of research platform Bellingcat",
        "person Michael Colborne [of research platform Bellingcat]",
    );
    check("Iowa State University's Dianne Bystrom", "person Dianne Bystrom [Iowa State University’s]");
    check("the bureau's director, James B. Comey,", "person James B. Comey [bureau’s director]");
    check("Secretary of State John Kerry", "person John Kerry [Secretary of State]");
    check("Graham, as a backer of the plan before that,", "person Graham [backer of the plan before that]");
    check(
        "Rep. Joseph Crowley (D-N.Y.), a leading advocate for human rights",
        "person Joseph Crowley [Rep.; leading advocate for human rights]",
    );
}

#[test]
fn a_role_is_the_head() {
    check("its governor", "role its governor");
    check("the acting head of the self-declared Republic", "role the acting head of the self-declared Republic");
    check("a woman in Belgorod", "role a woman in Belgorod");
    check("a senior official", "role a senior official");
    check("A spokesman for the group", "role A spokesman for the group");
}

#[test]
fn a_body_is_the_head() {
    check("Trump’s campaign", "body");
    check("The Clinton campaign", "body");
    check("the campaign", "the campaign");
    check("the Russian Ministry of Defense", "body");
    check("the Freedom for Russia Legion", "body");
    check("The Freedom Legion for Russia", "body");
    check("state news agency RIA Novosti", "body");
    check("the Kremlin", "seat Kremlin");
    check("Moscow", "state Russia");
    check("the Ukrainian government", "state Ukraine");
    check("the Russian account", "state Russia");
    check("The Times", "body");
}

#[test]
fn groups_and_texts() {
    check("local officials there", "group");
    check("Republicans", "group");
    check("many Americans", "group");
    check("Russians", "group");
    check("some of its fighters", "group");
    check("emergency services", "group");
    check("preliminary reports", "text");
    check("the poll", "text");
    check("Leaders of the North Carolina Senate", "group");
}

#[test]
fn joint_speakers_are_both_named() {
    check("Mr. Grassley and Mr. Leahy", "person Grassley + person Leahy");
    check(
        "Donald Trump, Mike Huckabee and Chris Christie",
        "person Donald Trump + person Mike Huckabee + person Chris Christie",
    );
    check("The State Department and the Department of Homeland Security", "body + body");
    check("Gwen Ifill and Judy Woodruff, two PBS journalists", "person Gwen Ifill + person Judy Woodruff");
    check("the Department of Health and Human Services", "body");
    check("Democrats and civil rights groups", "group");
    check(
        "Two Russian groups targeting President Ilya Borin – the Freedom for Russia militia and the Volunteer Corps –",
        "body + body",
    );
    check("Two senators: Jan Holt and Ada Brandt", "person Jan Holt + person Ada Brandt");
    check("Two groups targeting President Ilya Borin", "group");
    check("officials investigating the crash", "group");
    check("a man – Jan Holt and his son", "role a man");
}

#[test]
fn pronouns() {
    check("he", "pronoun he");
    check("who", "pronoun who");
    check("his campaign", "the campaign");
}
