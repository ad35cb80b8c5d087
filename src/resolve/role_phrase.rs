//! Role phrases: whom "its governor", "the general" or "a senior official" means.
//!
//! In: a phrase headed by a role, and everybody the document names. Out: a hit; without enough evidence the phrase
//! stays a speaker of its own.

use std::collections::BTreeSet;

use crate::lang::keys;
use crate::model::{AliasKind, EntityKind, Via};
use crate::text::{Span, match_key};

use super::document::{Hit, Resolver, hit};
use super::phrase::{Article, Phrase, Who, without_article};
use super::role::RoleKey;
use super::rules;
use super::words::words;

/// Passages a definite role phrase looks back over, and a new one looks ahead.
const BACK: usize = 3;
const AHEAD: usize = 1;
/// Points of evidence needed to take a phrase for somebody named only afterwards.
const ENOUGH: usize = 2;

/// Role nouns that may introduce one another: "a senior official", then "presidential adviser N. N.".
const KINDRED: &[(&str, &[&str])] = &[
    (
        "official",
        &[
            "adviser",
            "minister",
            "secretary",
            "member",
            "spokesman",
            "commissioner",
            "director",
            "chief",
            "head",
            "aide",
            "deputy",
            "coordinator",
            "ambassador",
            "governor",
            "mayor",
            "prosecutor",
            "chair",
            "official",
        ],
    ),
    ("leader", &["commander", "head", "chief", "founder", "chair", "president", "director", "leader"]),
    ("aide", &["adviser", "spokesman", "strategist", "manager", "director", "secretary", "aide"]),
    ("lawmaker", &["senator", "representative", "member", "legislator", "deputy", "lawmaker"]),
    (
        "expert",
        &["professor", "analyst", "researcher", "scientist", "fellow", "director", "economist", "historian", "expert"],
    ),
    ("officer", &["general", "colonel", "captain", "commander", "lieutenant", "sergeant", "officer", "major"]),
];

impl Resolver<'_, '_> {
    pub fn role(&mut self, phrase: &Phrase, key: Option<&RoleKey>, span: Span, n: usize) -> Hit {
        let placed = self.with_place(phrase, key, span);
        let key = placed.as_ref().map(|(key, _)| key).or(key);
        let text = placed.as_ref().map_or(without_article(&phrase.text), |(_, text)| text).to_string();
        let definite = phrase.article != Article::A;
        if let Some(key) = key.filter(|_| definite) {
            if let Some(found) = self.holder(phrase, key, span) {
                return found;
            }
            if let Some(found) = self.same_phrase_before(phrase, key, span) {
                return found;
            }
            if let Some(found) = self.recent_person(phrase, key, span) {
                return found;
            }
        }
        if let Some(found) = self.named_later(phrase, key, &text, n) {
            return found;
        }
        self.open_role(phrase, key, &text)
    }

    /// "its governor": the place or body named last before in the sentence belongs to the role.
    fn with_place(&self, phrase: &Phrase, key: Option<&RoleKey>, span: Span) -> Option<(RoleKey, String)> {
        let first = phrase.text.split(' ').next().unwrap_or("");
        if phrase.article != Article::Possessive || !matches!(first.to_lowercase().as_str(), "its" | "their") {
            return None;
        }
        let mut key = key?.clone();
        let sentence = self.reading.sentences.get(self.reading.sentence_at(span.start)?)?.span;
        let before = words(self.reading.text, Span::new(sentence.start.min(span.start), span.start), self.tables);
        let place =
            before.iter().rev().take(12).find(|word| word.is_capital() && !super::run::is_function(word.text))?;
        match self.tables.country(place.text) {
            Some(country) => key.countries.insert(match_key(country)),
            None => key.of.insert(crate::lang::key(place.text)),
        };
        Some((key, format!("{} of {}", without_article(&phrase.text), place.text)))
    }

    /// The person whose role this is; of several the one mentioned last.
    fn holder(&mut self, phrase: &Phrase, key: &RoleKey, span: Span) -> Option<Hit> {
        let mut sure: Vec<usize> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        for (index, person) in self.roster.people.iter().enumerate() {
            let best = person.keys.iter().filter_map(|known| known.fits(key)).max();
            match best {
                Some(true) => sure.push(index),
                Some(false) => open.push(index),
                None => {}
            }
        }
        let (held, weight) = if sure.is_empty() { (open, 0.75) } else { (sure, 0.85) };
        let person = match held.as_slice() {
            [] => return None,
            [only] => *only,
            several => {
                self.roster.before(span.start).take(40).map(|mention| mention.person).find(|p| several.contains(p))?
            }
        };
        let near = self.roster.people[person].first < span.start
            || self.roster.people[person].keys.iter().any(|known| known.fits(key) == Some(true));
        if !near {
            return None;
        }
        let weight = if held.len() > 1 { 0.6 } else { weight };
        let local = self.person_local(person);
        self.alias(local, AliasKind::Role, &phrase.text);
        let note = format!("“{}” is the role of {}", phrase.text, self.locals[local].name);
        Some(hit(local, Via::Role, rules::ROLE.weakly(weight, note)))
    }

    /// "the official" after "a senior official"; the same office named again.
    fn same_phrase_before(&mut self, phrase: &Phrase, key: &RoleKey, span: Span) -> Option<Hit> {
        let same = self.known_local("role", without_article(&phrase.text));
        let local = same.or_else(|| {
            let bare = phrase.article == Article::The && key.of.is_empty() && key.countries.is_empty();
            let earlier = bare.then(|| self.same_head_before(span, Some(&key.head), false)).flatten();
            earlier.filter(|&local| self.locals[local].person.is_none())
        })?;
        self.alias(local, AliasKind::Role, &phrase.text);
        let note = format!("“{}” takes up “{}”", phrase.text, self.locals[local].name);
        Some(hit(local, Via::Role, rules::GROUP_AGAIN.because(note)))
    }

    /// "the general" after one named person in the same passage whose known roles do not speak against it.
    fn recent_person(&mut self, phrase: &Phrase, key: &RoleKey, span: Span) -> Option<Hit> {
        if phrase.article != Article::The || !key.of.is_empty() || !key.countries.is_empty() || !key.standing.is_empty()
        {
            return None;
        }
        let passage = self.passage(span.start);
        let mut here: Vec<usize> = Vec::new();
        for mention in self.roster.before(span.start).take(12) {
            if self.passage(mention.span.start) == passage && !here.contains(&mention.person) {
                here.push(mention.person);
            }
        }
        let spoke = self.spoken.iter().rev().find(|spoke| spoke.at < span.start && self.passage(spoke.at) == passage);
        let spoke = spoke.and_then(|spoke| self.locals[spoke.local].person);
        let person = match (here.as_slice(), spoke) {
            ([only], _) => *only,
            (_, Some(spoke)) if here.first() == Some(&spoke) => spoke,
            _ => return None,
        };
        let known = &self.roster.people[person];
        let offices = known.keys.iter().any(|known| known.office);
        if (key.office && !known.keys.is_empty()) || (offices && known.keys.iter().all(|known| known.head != key.head))
        {
            return None;
        }
        let local = self.person_local(person);
        self.alias(local, AliasKind::Role, &phrase.text);
        self.local_role(local, without_article(&phrase.text));
        let note = format!("“{}” follows {}, the only one named in the passage", phrase.text, self.locals[local].name);
        Some(hit(local, Via::Role, rules::ROLE_RECENT.because(note)))
    }

    /// A role first, its name afterwards: the next named speaker, new in the document, when enough agrees.
    fn named_later(&mut self, phrase: &Phrase, key: Option<&RoleKey>, role: &str, n: usize) -> Option<Hit> {
        let i = *self.order.get(n)?;
        let at = self.source_span(i);
        let passage = self.passage(at.start);
        let next = self.order[n + 1..].iter().copied().take(4).find_map(|j| {
            let span = self.source_span(j);
            let near = !span.is_empty() && self.passage(span.start) <= passage + AHEAD;
            let mention = self.roster.mentions_in(span).next().filter(|_| near)?;
            let named = matches!(self.phrases[j].as_ref().map(|p| &p.who), Some(Who::Person { .. }));
            named.then_some((j, mention.person))
        });
        let (j, person) = next?;
        let known = &self.roster.people[person];
        if known.first < at.end {
            return None;
        }
        let points = self.agreement(phrase, key, person, i, j);
        let introduced = known.name.is_full() || !known.roles.is_empty();
        let only = self.roster.before(known.first).take_while(|mention| mention.span.start > at.end).next().is_none();
        if !introduced && phrase.article != Article::A && only && key.is_some_and(|key| key.office) {
            return Some(self.join_later(
                phrase,
                role,
                person,
                rules::UNINTRODUCED,
                "a surname nobody introduces, right after the role",
            ));
        }
        if !introduced || !only || points < ENOUGH {
            return None;
        }
        Some(self.join_later(
            phrase,
            role,
            person,
            rules::NAMED_LATER,
            "named right afterwards, and the statements agree",
        ))
    }

    fn join_later(&mut self, phrase: &Phrase, role: &str, person: usize, rule: rules::Rule, why: &str) -> Hit {
        let local = self.person_local(person);
        self.alias(local, AliasKind::Role, &phrase.text);
        if phrase.article != Article::A {
            self.local_role(local, role);
        }
        let note = format!("“{}” is {}: {why}", phrase.text, self.locals[local].name);
        hit(local, Via::Role, rule.because(note))
    }

    /// Points: the roles are kindred, the phrase and the introduction share a name, the statements share words.
    fn agreement(&self, phrase: &Phrase, key: Option<&RoleKey>, person: usize, i: usize, j: usize) -> usize {
        let known = &self.roster.people[person];
        let mut points = 0;
        let heads: Vec<&str> = known.keys.iter().map(|key| key.head.as_str()).collect();
        if let Some(key) = key {
            let kindred =
                KINDRED.iter().any(|(head, others)| *head == key.head && heads.iter().any(|h| others.contains(h)));
            points += usize::from(kindred || heads.contains(&key.head.as_str()));
            if !heads.is_empty() && !kindred && !heads.contains(&key.head.as_str()) {
                return 0;
            }
        }
        let names = |text: &str| -> BTreeSet<String> {
            let all = words(text, Span::new(0, text.len()), self.tables);
            all.iter()
                .filter(|word| word.is_capital())
                .flat_map(|word| keys(self.tables.country(word.text).unwrap_or(word.text)))
                .map(|(key, _)| key)
                .collect()
        };
        let introduced: BTreeSet<String> = known.roles.iter().flat_map(|role| names(role)).collect();
        points += usize::from(names(&phrase.text).intersection(&introduced).next().is_some());
        let shared = self.content_stems(i).intersection(&self.content_stems(j)).count();
        points + shared.min(2)
    }

    /// Stems of the longer words of what was said.
    fn content_stems(&self, i: usize) -> BTreeSet<String> {
        const COMMON: &[&str] = &[
            "would", "could", "should", "there", "their", "which", "about", "after", "before", "people", "being",
            "other", "where", "still", "other",
        ];
        let content = &self.attributions[i].content;
        let long = content.iter().flat_map(|span| keys(span.of(self.reading.text))).map(|(key, _)| key);
        long.filter(|key| key.len() >= 5 && !COMMON.contains(&key.as_str())).collect()
    }

    /// Nobody known by name: an office-holder known by office, or somebody unnamed.
    fn open_role(&mut self, phrase: &Phrase, key: Option<&RoleKey>, role: &str) -> Hit {
        let specific = key.is_some_and(RoleKey::is_specific) && phrase.article != Article::A;
        let kind = if specific { EntityKind::Person } else { EntityKind::Unnamed };
        let local = self.local("role", without_article(&phrase.text), kind, &phrase.text);
        self.locals[local].head = key.map(|key| key.head.clone());
        if specific {
            self.local_role(local, role);
        }
        self.alias(local, AliasKind::Role, &phrase.text);
        let rule = if specific { rules::ROLE_OPEN } else { rules::UNNAMED };
        hit(local, Via::Role, rule.because("known by description alone"))
    }

    /// The body that "the paper", "the legion" or "the group" takes up.
    pub fn body_meant(&mut self, noun: &str, article: Article, span: Span) -> Option<usize> {
        const PRESS: &[&str] = &[
            "paper",
            "newspaper",
            "daily",
            "tabloid",
            "magazine",
            "publication",
            "outlet",
            "network",
            "channel",
            "agency",
            "broadcaster",
            "website",
        ];
        const PRESS_NAMES: &[&str] = &[
            "time",
            "post",
            "news",
            "journal",
            "tribun",
            "herald",
            "guardian",
            "gazett",
            "telegraph",
            "chronicl",
            "courier",
            "press",
            "mail",
            "globe",
            "observ",
        ];
        const ANY: &[&str] = &[
            "group",
            "organization",
            "organisation",
            "company",
            "firm",
            "agency",
            "movement",
            "militia",
            "party",
            "body",
        ];
        if article == Article::A {
            return None;
        }
        let passage = self.passage(span.start);
        let stem = crate::lang::key(noun);
        let near: Vec<usize> = self
            .bodies
            .before(span.start)
            .take(12)
            .filter(|(at, _)| passage.saturating_sub(self.passage(*at)) <= BACK)
            .map(|(_, body)| body)
            .collect();
        let named = near.iter().copied().find(|&body| self.bodies.all[body].key.stems.contains(&stem));
        let press = || {
            near.iter().copied().find(|&body| {
                let key = &self.bodies.all[body].key;
                PRESS.contains(&noun) && key.stems.iter().any(|stem| PRESS_NAMES.contains(&stem.as_str()))
            })
        };
        let nearest = || near.first().copied().filter(|_| ANY.contains(&noun));
        named.or_else(press).or_else(nearest)
    }
}
