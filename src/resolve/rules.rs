//! Rule ids of resolution with their weights, in one table. `docs/speakers.md` has a line for each.
//!
//! Weights inside a document are how sure the rule is by itself (0 to 1); across documents they are log-odds.

use crate::model::Evidence;

/// A rule of resolution within a document.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rule {
    pub id: &'static str,
    pub weight: f64,
}

const fn rule(id: &'static str, weight: f64) -> Rule {
    Rule { id, weight }
}

impl Rule {
    pub fn because(self, note: impl Into<String>) -> Evidence {
        Evidence::new(self.id, self.weight, note)
    }

    /// The rule with less weight than usual.
    pub fn weakly(self, weight: f64, note: impl Into<String>) -> Evidence {
        Evidence::new(self.id, weight.min(self.weight), note)
    }
}

pub(super) const NAME: Rule = rule("speaker.name", 0.99);
pub(super) const NAME_GUESS: Rule = rule("speaker.name_guess", 0.7);
pub(super) const SURNAME: Rule = rule("speaker.surname", 0.95);
pub(super) const SURNAME_SPELLING: Rule = rule("speaker.surname_spelling", 0.75);
pub(super) const SURNAME_AMBIGUOUS: Rule = rule("speaker.surname_ambiguous", 0.4);
pub(super) const GIVEN_NAME: Rule = rule("speaker.given_name", 0.8);
pub(super) const ROLE: Rule = rule("speaker.role", 0.85);
pub(super) const ROLE_RECENT: Rule = rule("speaker.role_recent", 0.6);
pub(super) const ROLE_OPEN: Rule = rule("speaker.role_open", 0.5);
pub(super) const NAMED_LATER: Rule = rule("speaker.named_later", 0.65);
pub(super) const UNINTRODUCED: Rule = rule("speaker.unintroduced", 0.7);
pub(super) const BODY: Rule = rule("speaker.body", 0.95);
pub(super) const BODY_SHORT: Rule = rule("speaker.body_short", 0.85);
pub(super) const ACRONYM: Rule = rule("speaker.acronym", 0.9);
pub(super) const METONYM: Rule = rule("speaker.metonym", 0.85);
pub(super) const COUNTRY: Rule = rule("speaker.country", 0.9);
pub(super) const GROUP: Rule = rule("speaker.group", 0.9);
pub(super) const GROUP_AGAIN: Rule = rule("speaker.group_again", 0.7);
pub(super) const UNNAMED: Rule = rule("speaker.unnamed", 0.9);
pub(super) const TEXT: Rule = rule("speaker.text", 0.9);
pub(super) const JOINT: Rule = rule("speaker.joint", 0.9);
pub(super) const PRONOUN: Rule = rule("speaker.pronoun", 0.85);
pub(super) const PRONOUN_OPEN: Rule = rule("speaker.pronoun_open", 0.3);
pub(super) const RELATIVE: Rule = rule("speaker.relative", 0.85);
pub(super) const FIRST_PERSON: Rule = rule("speaker.first_person", 0.8);
pub(super) const INHERITED: Rule = rule("speaker.inherited", 0.75);
pub(super) const NICKNAME: Rule = rule("speaker.nickname", 0.8);
pub(super) const MIXED_SCRIPT: Rule = rule("speaker.mixed_script", 0.5);
