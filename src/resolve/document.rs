//! Who speaks in one document: every attribution's source as an entity of that document.
//!
//! In: a reading, its attributions in text order, the language. Out: `Speakers`.
//! Doubt stays visible: a guess has little weight, and where two fit equally nobody is chosen.

mod locals;

use std::collections::BTreeMap;

use crate::lang::{Language, People};
use crate::model::{AliasKind, Attribution, EntityKind, Evidence, Mention, Reading, Via};
use crate::text::{Span, match_key};

use super::bodies::{Bodies, Found};
use super::phrase::{Article, Phrase, Who, without_article};
use super::role::RoleKey;
use super::roster::{Roster, add_role};
use super::rules;
use super::words::words;
use super::{Speaker, Speakers};

/// What a source was resolved to.
pub(super) struct Hit {
    pub local: usize,
    pub via: Via,
    pub evidence: Vec<Evidence>,
}

/// An entity of the document in the making.
pub(super) struct Local {
    pub kind: EntityKind,
    pub name: String,
    pub roles: Vec<String>,
    pub keys: Vec<RoleKey>,
    pub aliases: BTreeMap<(AliasKind, String), usize>,
    pub evidence: Vec<Evidence>,
    pub person: Option<usize>,
    /// The canonical head noun of a group or an unnamed one ("official").
    pub head: Option<String>,
    pub plural: bool,
}

/// One statement already resolved: where its source stands, and who it is.
#[derive(Clone, Copy)]
pub(super) struct Spoke {
    pub at: usize,
    pub attribution: usize,
    pub local: usize,
}

pub(super) struct Resolver<'r, 't> {
    pub reading: &'r Reading<'t>,
    pub attributions: &'r [Attribution],
    pub tables: &'static People,
    pub roster: Roster,
    pub bodies: Bodies,
    pub phrases: Vec<Option<Phrase>>,
    /// Attributions in the order of their sources.
    pub order: Vec<usize>,
    pub locals: Vec<Local>,
    by_person: BTreeMap<usize, usize>,
    by_key: BTreeMap<(&'static str, String), usize>,
    pub spoken: Vec<Spoke>,
    mentions: Vec<Mention>,
    pub of: Vec<Option<Speaker>>,
    /// Contents by their first byte: (start, attribution).
    pub around_index: Vec<(usize, usize)>,
}

pub(super) fn speakers(reading: &Reading, attributions: &[Attribution], language: &Language) -> Speakers {
    let tables = crate::lang::people(language);
    let sources: Vec<Span> = attributions.iter().flat_map(|a| a.source.iter().copied()).collect();
    let roster = Roster::of(reading, &sources, tables);
    let phrases: Vec<Option<Phrase>> =
        attributions.iter().map(|a| source_phrase(reading, a, &roster, tables)).collect();
    let bodies = super::body_scan::bodies(reading, &phrases, attributions, &roster.lexicon);
    let mut order: Vec<usize> = (0..attributions.len()).collect();
    order.sort_by_key(|&i| (place(&attributions[i]), i));
    let mut resolver = Resolver {
        reading,
        attributions,
        tables,
        roster,
        bodies,
        phrases,
        order,
        locals: Vec::new(),
        by_person: BTreeMap::new(),
        by_key: BTreeMap::new(),
        spoken: Vec::new(),
        mentions: Vec::new(),
        of: vec![None; attributions.len()],
        around_index: contents_in_order(attributions),
    };
    resolver.run();
    resolver.finish()
}

fn contents_in_order(attributions: &[Attribution]) -> Vec<(usize, usize)> {
    let contents = attributions.iter().enumerate();
    let mut starts: Vec<(usize, usize)> =
        contents.flat_map(|(i, attribution)| attribution.content.iter().map(move |span| (span.start, i))).collect();
    starts.sort_unstable();
    starts
}

/// Where an attribution stands in the order of speaking: at its source, else at its content.
fn place(attribution: &Attribution) -> usize {
    let spans = if attribution.source.is_empty() { &attribution.content } else { &attribution.source };
    spans.iter().map(|span| span.start).min().unwrap_or(0)
}

/// The phrase of a source of one or several spans. Of several, joined ones are joint speakers, a person goes before
/// a body ("According to the ministry, Orlov told officials"), and otherwise the first is the nearest.
fn source_phrase(
    reading: &Reading,
    attribution: &Attribution,
    roster: &Roster,
    tables: &'static People,
) -> Option<Phrase> {
    let read = |span: Span| roster.lexicon.phrase(&words(reading.text, span, tables));
    let first = *attribution.source.first()?;
    let parts: Vec<Phrase> = attribution.source.iter().map(|span| read(*span)).collect();
    if let [only] = parts.as_slice() {
        return Some(only.clone());
    }
    let joined = attribution.source.windows(2).all(|pair| {
        let between = Span::new(pair[0].end, pair[1].start).of(reading.text);
        matches!(match_key(between).as_str(), "and" | "and the" | "" | "the")
    });
    if joined {
        let whole = read(first.cover(*attribution.source.last()?));
        let naming = parts
            .iter()
            .all(|part| matches!(part.who, Who::Person { .. } | Who::Body | Who::Country(_) | Who::Seat { .. }));
        return Some(if naming { Phrase { who: Who::Joint(parts), ..whole } } else { whole });
    }
    let person = parts.iter().find(|part| matches!(part.who, Who::Person { .. }));
    person.or(parts.first()).cloned()
}

impl Resolver<'_, '_> {
    fn run(&mut self) {
        for n in 0..self.order.len() {
            let i = self.order[n];
            let hit = match self.phrases[i].clone() {
                Some(phrase) if super::pronoun::is_first_person(&phrase.who, self.tables) => None,
                Some(phrase) => self.resolve(&phrase, self.source_span(i), n),
                None => self.inherited(n),
            };
            if let Some(hit) = hit {
                self.take(i, hit);
            }
        }
        for n in 0..self.order.len() {
            let i = self.order[n];
            if self.of[i].is_none() && self.phrases[i].is_some() {
                let hit = self.first_person(i);
                self.take(i, hit);
            }
        }
    }

    fn take(&mut self, i: usize, hit: Hit) {
        let at = place(&self.attributions[i]);
        self.spoken.push(Spoke { at, attribution: i, local: hit.local });
        for span in &self.attributions[i].source {
            self.mentions.push(Mention { span: *span, local: hit.local, via: hit.via });
        }
        self.of[i] = Some(Speaker { local: hit.local, via: hit.via, evidence: hit.evidence });
    }

    pub fn source_span(&self, i: usize) -> Span {
        Span::covering(&self.attributions[i].source).unwrap_or_default()
    }

    pub fn passage(&self, at: usize) -> usize {
        self.reading.passage_at(at).unwrap_or(0)
    }

    /// Resolves one phrase that stands at `span` and belongs to the attribution at position `n` of the order.
    pub fn resolve(&mut self, phrase: &Phrase, span: Span, n: usize) -> Option<Hit> {
        match &phrase.who {
            Who::Person { .. } => Some(self.person(phrase, span)),
            Who::Pronoun(word) => Some(self.pronoun(word, span)),
            Who::Role(key) => Some(self.role(phrase, key.as_ref(), span, n)),
            Who::Body => Some(self.body(phrase, span)),
            Who::CommonBody(noun) => Some(self.common_body(phrase, noun, span)),
            Who::Country(country) => Some(self.country(phrase, country)),
            Who::Seat { name, note } => {
                let local = self.local("body", name, EntityKind::Organisation, name);
                self.alias(local, AliasKind::Name, without_article(&phrase.text));
                Some(hit(local, Via::Metonym, rules::METONYM.because(format!("{name}: {note}"))))
            }
            Who::Group => Some(self.group(phrase, span)),
            Who::Joint(parts) => Some(self.joint(parts, span, n)),
            Who::Thing => Some(self.described(phrase, rules::TEXT.because("a text or measurement, nobody in person"))),
            Who::Nothing => Some(self.described(phrase, rules::UNNAMED.weakly(0.3, "no head noun was recognised"))),
        }
    }

    fn person(&mut self, phrase: &Phrase, span: Span) -> Hit {
        let Who::Person { name, sure } = &phrase.who else {
            return self.described(phrase, rules::UNNAMED.because("not a person"));
        };
        let surname = name.surname_key();
        let mention = self
            .roster
            .mentions_in(span)
            .find(|mention| {
                let text = mention.span.of(self.reading.text);
                match_key(text).ends_with(&surname) || match_key(&name.full).contains(&match_key(text))
            })
            .copied();
        if let Some(mention) = mention {
            return self.known_person(phrase, mention.person, mention.certainty, mention.full);
        }
        if let Some(person) = self.roster.by_given_name(&name.full) {
            let local = self.person_local(person);
            self.alias(local, AliasKind::Name, &name.full);
            let note = format!("“{}” is the given name of {}", name.full, self.locals[local].name);
            return hit(local, Via::Name, rules::GIVEN_NAME.because(note));
        }
        let local = self.local("person", &match_key(&name.full), EntityKind::Person, &name.full);
        self.alias(local, if name.is_full() { AliasKind::Name } else { AliasKind::Surname }, &name.full);
        for role in &phrase.roles {
            self.local_role(local, role);
        }
        let rule = if *sure { rules::NAME } else { rules::NAME_GUESS };
        hit(local, Via::Name, rule.because(format!("“{}” reads like a name", name.full)))
    }

    fn known_person(&mut self, phrase: &Phrase, person: usize, certainty: f64, full: bool) -> Hit {
        for role in &phrase.roles {
            add_role(&mut self.roster.people[person], role, self.tables);
        }
        let local = self.person_local(person);
        let name = self.locals[local].name.clone();
        let Who::Person { name: written, .. } = &phrase.who else {
            return hit(local, Via::Name, rules::NAME.because(name));
        };
        if full {
            return hit(local, Via::Name, rules::NAME.because(format!("“{}” is named in full", written.full)));
        }
        let exact = written.surname_key() == self.roster.people[person].name.surname_key();
        let note = format!("“{}” is the surname of {name}", written.full);
        let evidence = match (exact, certainty < 1.0) {
            (false, _) => {
                rules::SURNAME_SPELLING.because(format!("“{}” is read as a spelling of {name}", written.full))
            }
            (true, true) => {
                rules::SURNAME_AMBIGUOUS.weakly(certainty, format!("{note}, which others in the document share"))
            }
            (true, false) if !self.roster.people[person].name.is_full() => rules::SURNAME
                .weakly(0.7, format!("“{}” stands alone: the document gives no fuller name", written.full)),
            (true, false) => rules::SURNAME.because(note),
        };
        hit(local, Via::Surname, evidence)
    }

    fn body(&mut self, phrase: &Phrase, _span: Span) -> Hit {
        let name = without_article(&phrase.text).to_string();
        let found = self.bodies.find(&name, self.tables);
        let Some((body, how)) = found else {
            let local = self.local("body", &name, EntityKind::Organisation, &name);
            self.alias(local, AliasKind::Name, &name);
            return hit(local, Via::Name, rules::BODY.because(format!("“{name}” names a body")));
        };
        let full = self.bodies.all[body].name.clone();
        let local = self.local("body", &format!("#{body}"), EntityKind::Organisation, &full);
        let (kind, rule) = match how {
            Found::Same => (AliasKind::Name, rules::BODY),
            Found::Short => (AliasKind::Spelling, rules::BODY_SHORT),
            Found::Acronym => (AliasKind::Acronym, rules::ACRONYM),
        };
        self.alias(local, kind, &name);
        for role in &phrase.roles {
            self.local_role(local, role);
        }
        hit(local, Via::Name, rule.because(format!("“{name}” is {full}")))
    }

    pub fn body_local(&mut self, body: usize) -> usize {
        let full = self.bodies.all[body].name.clone();
        self.local("body", &format!("#{body}"), EntityKind::Organisation, &full)
    }

    /// "the paper", "the legion": the body named last that the noun can mean.
    fn common_body(&mut self, phrase: &Phrase, noun: &str, span: Span) -> Hit {
        if let Some(body) = self.body_meant(noun, phrase.article, span) {
            let local = self.body_local(body);
            self.alias(local, AliasKind::Role, &phrase.text);
            let note = format!("“{}” takes up {}", phrase.text, self.locals[local].name);
            return hit(local, Via::Role, rules::BODY_SHORT.weakly(0.7, note));
        }
        let local = self.local("common", &phrase.text, EntityKind::Organisation, &phrase.text);
        self.alias(local, AliasKind::Role, &phrase.text);
        hit(local, Via::Role, rules::BODY.weakly(0.5, format!("a {noun} that the document does not name here")))
    }

    fn country(&mut self, phrase: &Phrase, country: &str) -> Hit {
        let local = self.local("state", country, EntityKind::Organisation, country);
        let written = without_article(&phrase.text);
        let metonym = self.tables.capital(written).is_some();
        let named = self.tables.country(written).is_some();
        let kind = if metonym { AliasKind::Metonym } else { AliasKind::Name };
        self.alias(local, kind, written);
        if metonym {
            let note = format!("{written} stands for the government of {country}");
            return hit(local, Via::Metonym, rules::METONYM.because(note));
        }
        let via = if named { Via::Metonym } else { Via::Name };
        hit(local, via, rules::COUNTRY.because(format!("{country} as a state: its government")))
    }

    fn group(&mut self, phrase: &Phrase, span: Span) -> Hit {
        let head = self.head_noun(&phrase.text);
        if phrase.article == Article::The
            && let Some(earlier) = self.same_head_before(span, head.as_deref(), true)
        {
            self.alias(earlier, AliasKind::Role, &phrase.text);
            let note = format!("“{}” takes up “{}”", phrase.text, self.locals[earlier].name);
            return hit(earlier, Via::Role, rules::GROUP_AGAIN.because(note));
        }
        let local = self.local("group", without_article(&phrase.text), EntityKind::Group, &phrase.text);
        self.locals[local].head = head;
        self.locals[local].plural = true;
        self.alias(local, AliasKind::Role, &phrase.text);
        hit(local, Via::Role, rules::GROUP.because("several people without a common name"))
    }

    /// The canonical head noun of a phrase.
    pub fn head_noun(&self, text: &str) -> Option<String> {
        let all = words(text, Span::new(0, text.len()), self.tables);
        let stop =
            all.iter().skip(1).position(|w| w.is_one_of(&["of", "for", "in", "at", "with", "from", "who", "on"]));
        let head = &all[..stop.map_or(all.len(), |at| at + 1)];
        head.iter().rev().find_map(|word| self.tables.head(word.text)).map(|(noun, _, _)| noun.to_string())
    }

    /// The last group (or unnamed one) that spoke before and has this head noun.
    pub fn same_head_before(&self, span: Span, head: Option<&str>, plural: bool) -> Option<usize> {
        let head = head?;
        self.spoken
            .iter()
            .rev()
            .filter(|spoke| spoke.at < span.start)
            .take(12)
            .map(|spoke| spoke.local)
            .find(|&local| self.locals[local].plural == plural && self.locals[local].head.as_deref() == Some(head))
    }

    /// Two or more named together: one entity that names both. It never makes one of them say it alone.
    fn joint(&mut self, parts: &[Phrase], span: Span, n: usize) -> Hit {
        let mut names: Vec<String> = Vec::new();
        for part in parts {
            if let Some(found) = self.resolve(part, span, n) {
                names.push(self.locals[found.local].name.clone());
            }
        }
        let name = join_names(&names);
        let local = self.local("joint", &name, EntityKind::Group, &name);
        self.locals[local].plural = true;
        self.alias(local, AliasKind::Name, &name);
        hit(local, Via::Name, rules::JOINT.because(format!("said by {name} together")))
    }

    /// Somebody or something known by description alone.
    pub fn described(&mut self, phrase: &Phrase, evidence: Evidence) -> Hit {
        let local = self.local("unnamed", without_article(&phrase.text), EntityKind::Unnamed, &phrase.text);
        if self.locals[local].head.is_none() {
            self.locals[local].head = self.head_noun(&phrase.text);
        }
        self.alias(local, AliasKind::Role, &phrase.text);
        hit(local, Via::Role, evidence)
    }
}

pub(super) fn hit(local: usize, via: Via, evidence: Evidence) -> Hit {
    Hit { local, via, evidence: vec![evidence] }
}

fn join_names(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [head @ .., last] => format!("{} and {last}", head.join(", ")),
    }
}
