//! What is compared about a local entity, worked out once.

use std::collections::BTreeSet;

use crate::lang::{Gender, People};
use crate::model::{AliasKind, Date, EntityKind};
use crate::text::match_key;

use super::super::KnownLocal;
use super::super::bodies::BodyKey;
use super::super::name::PersonName;
use super::super::role::RoleKey;
use super::super::script::is_mixed;
use super::card::Sort;
use super::company::Company;
use super::gathering::SAMPLE;

/// A local entity in comparable form; `take` adds others of its cluster to it.
#[derive(Clone, PartialEq)]
pub(super) struct Facts {
    pub kind: EntityKind,
    /// Parts of the name; for people with a name only.
    pub name: Option<PersonName>,
    pub surname: String,
    /// For organisations only.
    pub body: BodyKey,
    /// Acronyms the document gives or uses for the body.
    pub acronyms: BTreeSet<String>,
    pub roles: Vec<RoleKey>,
    /// Stems of role phrases: what little they share still counts.
    pub role_words: BTreeSet<String>,
    pub gender: Option<Gender>,
    /// Surnames (last words) of the others in the document.
    pub company: Company,
    pub outlets: BTreeSet<String>,
    /// Earliest and latest date.
    pub dates: Option<(Date, Date)>,
    pub mixed: bool,
    /// Introduced as a relative ("son Eric").
    pub kin: bool,
    /// The name, folded.
    pub key: String,
    /// How many local entities are in it.
    pub members: usize,
    /// For comparison with others of the surname: in how many documents each of its names is, in powers of two, added up. (Most
    /// documents change nothing about it.)
    pub weight: usize,
}

impl Facts {
    /// `company` is that of the document.
    pub fn of(local: &KnownLocal, company: Company, people: &People) -> Facts {
        let entity = &local.entity;
        let named = entity.kind == EntityKind::Person && has_name(local);
        let name = named.then(|| PersonName::of_text(&entity.name, people));
        let roles: Vec<RoleKey> = entity.roles.iter().filter_map(|role| RoleKey::of_text(role, people)).collect();
        let acronyms = entity.aliases.iter().filter(|alias| alias.kind == AliasKind::Acronym);
        let is_body = entity.kind == EntityKind::Organisation;
        let body = if is_body { BodyKey::of(&entity.name, people) } else { BodyKey::default() };
        let mut acronyms: BTreeSet<String> =
            acronyms.map(|alias| match_key(&alias.text).replace(' ', "").to_uppercase()).collect();
        acronyms.extend(body.acronym.clone());
        Facts {
            kind: entity.kind,
            surname: name.as_ref().map(PersonName::surname_key).unwrap_or_default(),
            gender: gender_of(local, name.as_ref(), people),
            name,
            body,
            acronyms,
            role_words: entity
                .roles
                .iter()
                .flat_map(|role| crate::lang::keys(role))
                .map(|(key, _)| people.country(&key).map_or(key.clone(), match_key))
                .filter(|key| key.len() > 2 && key != "the" && key != "and" && key != "for")
                .collect(),
            kin: entity.roles.iter().any(|role| role.split(' ').any(|word| people.is_kin(word))),
            roles,
            company,
            outlets: Some(match_key(&local.outlet)).filter(|outlet| !outlet.is_empty()).into_iter().collect(),
            dates: local.date.clone().map(|date| (date.clone(), date)),
            mixed: is_mixed(&entity.name),
            key: match_key(&entity.name),
            members: 1,
            weight: 1,
        }
    }

    pub fn sort(&self) -> Sort {
        match self.kind {
            EntityKind::Person if self.tells_who() => Sort::Person,
            EntityKind::Person if self.is_full() => Sort::Unsure,
            EntityKind::Person if self.name.is_some() => Sort::Surname,
            EntityKind::Person => Sort::Office,
            EntityKind::Organisation if self.tells_who() => Sort::Body,
            EntityKind::Organisation if self.is_proper_body() => Sort::CommonBody,
            _ => Sort::Apart,
        }
    }

    /// A name of more than a surname.
    pub fn is_full(&self) -> bool {
        self.name.as_ref().is_some_and(PersonName::is_full)
    }

    pub fn is_surname_only(&self) -> bool {
        self.name.as_ref().is_some_and(|name| !name.is_full())
    }

    /// Whether the name alone tells who is meant, wherever it stands.
    pub fn tells_who(&self) -> bool {
        let whole = self.is_full() || (self.is_proper_body() && !super::body::is_generic(self));
        super::may_meet(self.kind) && whole && !self.mixed
    }

    /// Known by an office alone: "the governor of Belgorod".
    pub fn is_role_only(&self) -> bool {
        self.kind == EntityKind::Person && self.name.is_none()
    }

    /// A body with a name of its own rather than a common noun ("the campaign").
    pub fn is_proper_body(&self) -> bool {
        self.kind == EntityKind::Organisation && (!self.body.initials.is_empty() || self.body.acronym.is_some())
    }

    /// Days between the nearest of two ranges of dates, where both are dated.
    pub fn days_from(&self, other: &Facts) -> Option<i64> {
        let ((a_from, a_to), (b_from, b_to)) = (self.dates.as_ref()?, other.dates.as_ref()?);
        let gap = if a_to < b_from { b_from.days_since(a_to) } else { a_from.days_since(b_to) };
        gap.map(|days| days.max(0))
    }

    /// Adds another document's use of the name. Only the first ones add what they know.
    pub fn take(&mut self, other: &Facts) {
        self.members += other.members;
        if self.members <= SAMPLE {
            self.learn(other);
        }
    }

    /// The same with so many members.
    pub fn of_uses(mut self, members: usize) -> Facts {
        self.members = members;
        self.weigh();
        self
    }

    /// Works out its weight, once all documents are in.
    pub fn weigh(&mut self) {
        self.weight = 1 << self.members.max(1).ilog2();
    }

    /// Adds what another name of the same cluster is known by.
    pub fn take_name(&mut self, other: &Facts) {
        self.weight += other.weight;
        self.members += other.members;
        self.learn(other);
    }

    fn learn(&mut self, other: &Facts) {
        for role in &other.roles {
            if self.roles.len() < 40 && !self.roles.contains(role) {
                self.roles.push(role.clone());
            }
        }
        if self.role_words.len() < 200 {
            self.role_words.extend(other.role_words.iter().cloned());
        }
        self.company.take(&other.company);
        self.outlets.extend(other.outlets.iter().cloned());
        self.acronyms.extend(other.acronyms.iter().cloned());
        self.gender = self.gender.or(other.gender);
        self.kin |= other.kin;
        self.dates = match (self.dates.take(), &other.dates) {
            (Some((from, to)), Some((a, b))) => Some((from.min(a.clone()), to.max(b.clone()))),
            (known, None) => known,
            (None, new) => new.clone(),
        };
    }
}

/// A person entity of a document without any name carries role aliases alone.
fn has_name(local: &KnownLocal) -> bool {
    let by_name = |kind| matches!(kind, AliasKind::Name | AliasKind::Surname | AliasKind::Spelling | AliasKind::Given);
    local.entity.aliases.is_empty() || local.entity.aliases.iter().any(|alias| by_name(alias.kind))
}

fn gender_of(local: &KnownLocal, name: Option<&PersonName>, people: &People) -> Option<Gender> {
    let mut votes = (0usize, 0usize);
    for alias in local.entity.aliases.iter().filter(|alias| alias.kind == AliasKind::Pronoun) {
        match alias.text.to_lowercase().as_str() {
            "he" | "his" | "him" => votes.0 += alias.count,
            "she" | "her" => votes.1 += alias.count,
            _ => {}
        }
    }
    match votes {
        (he, she) if he > 2 * she => return Some(Gender::Male),
        (he, she) if she > 2 * he => return Some(Gender::Female),
        _ => {}
    }
    name.and_then(PersonName::first).and_then(|first| people.gender_of_given(first))
}
