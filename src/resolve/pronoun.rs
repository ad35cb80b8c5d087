//! Pronouns and left-out sources: whom they carry on from.
//!
//! In: the place of a pronoun and who was named and who spoke before it. Out: a hit. Two equal candidates: nobody.

use crate::lang::{Gender, People};
use crate::model::{AliasKind, EntityKind, Via};
use crate::text::Span;

use super::bodies::BodyKey;
use super::document::{Hit, Resolver, hit};
use super::phrase::{Article, Phrase, Who};
use super::roster::Occurrence;
use super::rules;
use super::words::{Gap, Word, words};

/// Mentions looked back over: a pronoun rarely reaches further, and long documents stay linear.
const LOOK_BACK: usize = 40;
/// Passages a pronoun reaches back over.
const REACH: usize = 3;
/// How much better the best candidate must be than the next.
const MARGIN: f64 = 0.12;

pub(super) fn is_first_person(who: &Who, tables: &People) -> bool {
    match who {
        Who::Pronoun(word) => tables.pronoun(word).is_some_and(|pronoun| pronoun.person == "1"),
        _ => false,
    }
}

impl Resolver<'_, '_> {
    pub fn pronoun(&mut self, word: &str, span: Span) -> Hit {
        let Some(pronoun) = self.tables.pronoun(word).cloned() else {
            return self.open_pronoun(word, "an unknown pronoun");
        };
        let found = match (pronoun.person.as_str(), pronoun.gender.as_str(), pronoun.number.as_str()) {
            ("3", "m", _) => self.person_meant(word, span, Gender::Male),
            ("3", "f", _) => self.person_meant(word, span, Gender::Female),
            ("3", "n", _) => self.body_spoken_of(word, span),
            ("3", _, "many") => self.several_meant(word, span),
            ("relative", _, _) => self.antecedent(word, span),
            _ => None,
        };
        found.unwrap_or_else(|| self.open_pronoun(word, "nobody it could mean stands out"))
    }

    /// A pronoun that nobody stands out for: typed, unnamed, and never joined with anything.
    fn open_pronoun(&mut self, word: &str, why: &str) -> Hit {
        let key = format!("{word} {}", self.spoken.len());
        let local = self.local("pronoun", &key, EntityKind::Unnamed, word);
        self.alias(local, AliasKind::Pronoun, word);
        hit(local, Via::Pronoun, rules::PRONOUN_OPEN.because(format!("“{word}”: {why}")))
    }

    /// "he", "she": the person who fits best by nearness, by having spoken last, and by gender.
    fn person_meant(&mut self, word: &str, span: Span, gender: Gender) -> Option<Hit> {
        let passage = self.passage(span.start);
        let mut scores: Vec<(usize, f64, usize)> = Vec::new();
        for (step, spoke) in self.spoken.iter().rev().take(8).enumerate() {
            let near = passage.saturating_sub(self.passage(spoke.at)) <= REACH && spoke.at < span.start;
            if near && self.fits_gender(spoke.local, gender) {
                raise(
                    &mut scores,
                    spoke.local,
                    0.5 / (step + 1) as f64 + self.nearness(spoke.at, span.start),
                    spoke.at,
                );
            }
        }
        let recent: Vec<Occurrence> = self.roster.before(span.start).take(LOOK_BACK).copied().collect();
        for mention in recent {
            if passage.saturating_sub(self.passage(mention.span.start)) > REACH || mention.certainty < 0.4 {
                continue;
            }
            let local = self.person_local(mention.person);
            if !self.fits_gender(local, gender) {
                continue;
            }
            let mut score = self.nearness(mention.span.end, span.start);
            score += self.subject_bonus(mention);
            if mention.possessive {
                score -= 0.25;
            }
            if in_quotation(self, mention.span) {
                score -= 0.2;
            }
            raise(&mut scores, local, score, mention.span.start);
        }
        for (local, score, _) in &mut scores {
            *score += if self.known_gender(*local) == Some(gender) { 0.15 } else { 0.0 };
        }
        scores.sort_by(|a, b| b.1.total_cmp(&a.1).then(b.2.cmp(&a.2)));
        let best = *scores.first()?;
        let second = scores.get(1).map_or(0.0, |second| second.1);
        if best.1 - second < MARGIN {
            return None;
        }
        self.alias(best.0, AliasKind::Pronoun, word);
        let weight = (0.5 + (best.1 - second) / 2.0).min(0.95);
        let note = format!("“{word}” is read as {}, named or speaking nearest before", self.locals[best.0].name);
        Some(hit(best.0, Via::Pronoun, rules::PRONOUN.weakly(weight, note)))
    }

    /// 0 to 0.8 by sentences between; a little less for every passage between.
    fn nearness(&self, from: usize, to: usize) -> f64 {
        let sentences =
            self.reading.sentence_at(to).unwrap_or(0).saturating_sub(self.reading.sentence_at(from).unwrap_or(0));
        let passages = self.passage(to).saturating_sub(self.passage(from));
        let by_sentence = [0.7, 0.8, 0.5, 0.4, 0.3].get(sentences).copied().unwrap_or(0.2);
        by_sentence - 0.1 * passages as f64
    }

    /// A name near the start of its sentence is likely its subject, and pronouns go for subjects.
    fn subject_bonus(&self, mention: Occurrence) -> f64 {
        let Some(sentence) = self.reading.sentence_at(mention.span.start).map(|at| self.reading.sentences[at].span)
        else {
            return 0.0;
        };
        if mention.span.start.saturating_sub(sentence.start) < 40 { 0.25 } else { 0.0 }
    }

    fn known_gender(&self, local: usize) -> Option<Gender> {
        if let Some(person) = self.locals[local].person {
            return self.roster.people[person].gender(self.tables);
        }
        match self.locals[local].head.as_deref() {
            Some("man" | "boy" | "father" | "husband" | "son" | "brother" | "king" | "priest") => Some(Gender::Male),
            Some("woman" | "girl" | "mother" | "wife" | "daughter" | "sister" | "queen") => Some(Gender::Female),
            _ => None,
        }
    }

    /// Whether this can be the one person a gendered pronoun means.
    fn fits_gender(&self, local: usize, gender: Gender) -> bool {
        let single = matches!(self.locals[local].kind, EntityKind::Person)
            || (self.locals[local].kind == EntityKind::Unnamed && !self.locals[local].plural && self.is_human(local));
        single && self.known_gender(local).is_none_or(|known| known == gender)
    }

    fn is_human(&self, local: usize) -> bool {
        let head = self.locals[local].head.as_deref().and_then(|noun| self.tables.head(noun));
        matches!(head, Some((_, crate::lang::Head::Role | crate::lang::Head::Office, _)))
    }

    /// "they": the group, body or joint speaker that spoke last nearby.
    fn several_meant(&mut self, word: &str, span: Span) -> Option<Hit> {
        let passage = self.passage(span.start);
        let local = self
            .spoken
            .iter()
            .rev()
            .filter(|spoke| spoke.at < span.start && passage.saturating_sub(self.passage(spoke.at)) <= 1)
            .take(4)
            .map(|spoke| spoke.local)
            .find(|&local| {
                let kind = self.locals[local].kind;
                kind == EntityKind::Group || (kind == EntityKind::Organisation && word != "who")
            })?;
        self.alias(local, AliasKind::Pronoun, word);
        let note = format!("“{word}” is read as {}, who spoke last before", self.locals[local].name);
        Some(hit(local, Via::Pronoun, rules::PRONOUN.weakly(0.6, note)))
    }

    /// "it": the body that spoke last nearby, or is named last in the sentence before.
    fn body_spoken_of(&mut self, word: &str, span: Span) -> Option<Hit> {
        let passage = self.passage(span.start);
        let local = self
            .spoken
            .iter()
            .rev()
            .filter(|spoke| spoke.at < span.start && passage.saturating_sub(self.passage(spoke.at)) <= 1)
            .take(3)
            .map(|spoke| spoke.local)
            .find(|&local| self.locals[local].kind == EntityKind::Organisation)
            .or_else(|| self.body_just_named(span, 200))?;
        self.alias(local, AliasKind::Pronoun, word);
        let note = format!("“{word}” is read as {}", self.locals[local].name);
        Some(hit(local, Via::Pronoun, rules::PRONOUN.weakly(0.6, note)))
    }

    fn body_just_named(&mut self, span: Span, reach: usize) -> Option<usize> {
        let passage = self.passage(span.start);
        let (at, body) = self.bodies.before(span.start).next()?;
        let near = span.start - at <= reach && self.passage(at) == passage;
        near.then(|| self.body_local(body))
    }

    /// "who", "which", "that": what stands right before it.
    fn antecedent(&mut self, word: &str, span: Span) -> Option<Hit> {
        let sentence = self.reading.sentence_at(span.start).map(|at| self.reading.sentences[at].span)?;
        let before = Span::new(sentence.start.min(span.start), span.start);
        let mention = self.roster.before(span.start).next().copied().filter(|mention| before.contains(mention.span));
        let people = word != "which" && word != "that";
        if let Some(mention) = mention.filter(|_| people) {
            let between = Span::new(mention.span.end, span.start).of(self.reading.text);
            let appositive =
                between.starts_with(',') && between.len() <= 120 && !between.contains(['“', '"', ';', ':']);
            if between.trim_matches([' ', ',']).is_empty() || between.trim_start().starts_with('(') || appositive {
                let local = self.person_local(mention.person);
                self.alias(local, AliasKind::Pronoun, word);
                let note = format!("“{word}” follows {}", self.locals[local].name);
                return Some(hit(local, Via::Pronoun, rules::RELATIVE.because(note)));
            }
        }
        self.noun_before(word, before)
    }

    /// The noun phrase that ends right before a relative pronoun.
    fn noun_before(&mut self, word: &str, before: Span) -> Option<Hit> {
        let all = words(self.reading.text, before, self.tables);
        let opens = |at: usize| {
            all[at].is_one_of(&["the", "a", "an", "its", "his", "her", "their", "some", "many", "those", "one"])
        };
        let start = (0..all.len()).rev().take(9).find(|&at| opens(at) || all[at].gap >= Gap::Quote)?;
        let phrase = self.roster.lexicon.noun_phrase(&all[start..]);
        if let Some(local) = self.appositive_of(&all, start, &phrase) {
            self.alias(local, AliasKind::Pronoun, word);
            let note = format!("“{word}” follows “{}”, said of {}", phrase.text, self.locals[local].name);
            return Some(hit(local, Via::Pronoun, rules::RELATIVE.because(note)));
        }
        // "that" is no relative pronoun after a verb, so it needs a noun phrase before it.
        let usable = match phrase.who {
            Who::Group | Who::Role(_) | Who::Body | Who::Country(_) | Who::Seat { .. } => {
                word != "that" || opens(start)
            }
            Who::Thing => word != "that",
            _ => false,
        };
        if !usable {
            return None;
        }
        let n = self.order.len();
        let span = Span::new(all[start].span.start, before.end);
        let found = self.resolve(&phrase, span, n)?;
        self.alias(found.local, AliasKind::Pronoun, word);
        let note = format!("“{word}” follows “{}”", phrase.text);
        Some(hit(found.local, Via::Pronoun, rules::RELATIVE.weakly(0.7, note)))
    }

    /// "The Legion, a group": the name that ends at the comma before an indefinite phrase about it.
    fn appositive_of(&mut self, all: &[Word], start: usize, phrase: &Phrase) -> Option<usize> {
        let describes = matches!(phrase.who, Who::CommonBody(_) | Who::Role(_)) && phrase.article == Article::A;
        let last = start.checked_sub(1).filter(|_| describes && all[start].gap == Gap::Comma)?;
        let end = all[last].span.end;
        if matches!(phrase.who, Who::Role(_)) {
            let mention = self.roster.before(end).next().copied().filter(|mention| mention.span.end == end)?;
            return Some(self.person_local(mention.person));
        }
        let (at, body) = self.bodies.before(end).next()?;
        let name = BodyKey::of(text_between(self.reading.text, at, end)?, self.tables);
        let known = &self.bodies.all[body].key;
        (name.same_words(known) || name.is_short_for(known)).then(|| self.body_local(body))
    }

    /// "I", "we" inside quoted words: whoever says the words around it.
    pub fn first_person(&mut self, i: usize) -> Hit {
        let span = self.source_span(i);
        let word = crate::text::fold_word(span.of(self.reading.text));
        let around = self.speaker_around(i, span);
        let Some(local) = around else {
            return self.open_pronoun(&word, "no statement around it has a speaker");
        };
        let one = matches!(word.as_str(), "i" | "me" | "my" | "mine" | "myself");
        if one {
            self.alias(local, AliasKind::Pronoun, &word);
            let note = format!("“{word}” in the words of {}", self.locals[local].name);
            return hit(local, Via::Pronoun, rules::FIRST_PERSON.because(note));
        }
        let name = format!("{word} ({} and others)", self.locals[local].name);
        let group = self.local("we", &name, EntityKind::Group, &name);
        self.locals[group].plural = true;
        self.alias(group, AliasKind::Pronoun, &word);
        hit(
            group,
            Via::Pronoun,
            rules::FIRST_PERSON.weakly(0.5, format!("“{word}” includes {}", self.locals[local].name)),
        )
    }

    /// The speaker of the statement whose content holds `span`.
    fn speaker_around(&self, i: usize, span: Span) -> Option<usize> {
        if let Some(parent) = self.attributions[i].parent
            && let Some(speaker) = self.of.get(parent).and_then(Option::as_ref)
        {
            return Some(speaker.local);
        }
        let before = self.around_index.partition_point(|(start, _)| *start <= span.start);
        let near = self.around_index[before.saturating_sub(30)..before].iter().rev();
        near.map(|(_, attribution)| *attribution).filter(|&other| other != i).find_map(|other| {
            let holds = self.attributions[other].content.iter().any(|part| part.contains(span));
            self.of[other].as_ref().filter(|_| holds).map(|speaker| speaker.local)
        })
    }

    /// A statement without source or with a bare participle: it carries on from the statement before.
    pub fn inherited(&mut self, n: usize) -> Option<Hit> {
        let attribution = &self.attributions[self.order[n]];
        let start = attribution.content.iter().map(|span| span.start).min()?;
        let previous = self.spoken.iter().rev().find(|spoke| spoke.at < start)?;
        let before = &self.attributions[previous.attribution];
        let end = before.cover().end;
        let text = self.reading.text;
        let (passage, at) = (self.passage(start), self.passage(end.saturating_sub(1)));
        let same_passage = passage == at;
        let cue = attribution.cue.first().map(|span| span.of(text).to_lowercase());
        let next_quotation = passage == at + 1 && opens_with_mark(text, attribution.content[0]);
        let carries = match &cue {
            None => same_passage || next_quotation,
            Some(cue) => same_passage && is_participle(cue) && self.same_sentence(end.saturating_sub(1), start),
        };
        let faceless =
            self.locals[previous.local].kind == EntityKind::Unnamed && self.locals[previous.local].head.is_none();
        if !carries || (faceless && !same_passage) {
            return None;
        }
        let local = previous.local;
        let note = format!("no source of its own; it carries on from {}", self.locals[local].name);
        let weight = if same_passage { 0.75 } else { 0.6 };
        Some(hit(local, Via::Inherited, rules::INHERITED.weakly(weight, note)))
    }

    fn same_sentence(&self, a: usize, b: usize) -> bool {
        self.reading.sentence_at(a) == self.reading.sentence_at(b)
    }
}

fn text_between(text: &str, from: usize, to: usize) -> Option<&str> {
    text.get(from..to).filter(|found| !found.is_empty())
}

fn opens_with_mark(text: &str, content: Span) -> bool {
    let quoted = |c: char| crate::text::is_double_mark(c);
    let before = text[..content.start].chars().next_back();
    content.of(text).chars().next().is_some_and(quoted) || before.is_some_and(quoted)
}

/// "adding", "calling it"; not "according".
fn is_participle(cue: &str) -> bool {
    let first = cue.split_whitespace().next().unwrap_or("");
    let joined = ["and ", "but ", "then "].iter().any(|word| cue.starts_with(word));
    (first.ends_with("ing") && first != "according" && first != "including") || joined
}

fn in_quotation(resolver: &Resolver, span: Span) -> bool {
    let quotes = &resolver.reading.quotes;
    let at = quotes.partition_point(|pair| pair.span.start <= span.start);
    quotes[at.saturating_sub(4)..at].iter().any(|pair| pair.style.is_double() && pair.inner().contains(span))
}

/// Keeps the best score of each candidate.
fn raise(scores: &mut Vec<(usize, f64, usize)>, local: usize, score: f64, at: usize) {
    match scores.iter_mut().find(|(known, ..)| *known == local) {
        Some(known) if known.1 < score => *known = (local, score, at),
        Some(_) => {}
        None => scores.push((local, score, at)),
    }
}
