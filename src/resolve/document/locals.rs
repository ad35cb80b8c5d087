//! The entities of a document in the making: made once, given spellings and roles, and handed out at the end.

use std::collections::BTreeMap;

use crate::model::{Alias, AliasKind, EntityKind, LocalEntity, Mention, Via};
use crate::resolve::role::RoleKey;
use crate::resolve::roster::add_role;
use crate::resolve::{Speakers, rules, script};
use crate::text::match_key;

use super::{Local, Resolver};

impl Resolver<'_, '_> {
    pub fn person_local(&mut self, person: usize) -> usize {
        if let Some(&local) = self.by_person.get(&person) {
            return local;
        }
        let name = self.roster.people[person].name.full.clone();
        let local = self.new_local(EntityKind::Person, &name);
        self.locals[local].person = Some(person);
        self.by_person.insert(person, local);
        local
    }

    fn new_local(&mut self, kind: EntityKind, name: &str) -> usize {
        self.locals.push(Local {
            kind,
            name: name.to_string(),
            roles: Vec::new(),
            keys: Vec::new(),
            aliases: BTreeMap::new(),
            evidence: Vec::new(),
            person: None,
            head: None,
            plural: false,
        });
        self.locals.len() - 1
    }

    /// The local entity under this key, made when it is new.
    pub fn local(&mut self, class: &'static str, key: &str, kind: EntityKind, name: &str) -> usize {
        let key = (class, match_key(key));
        if let Some(&local) = self.by_key.get(&key) {
            return local;
        }
        let local = self.new_local(kind, name);
        self.by_key.insert(key, local);
        local
    }

    /// The local entity already standing under this key.
    pub fn known_local(&self, class: &'static str, key: &str) -> Option<usize> {
        self.by_key.get(&(class, match_key(key))).copied()
    }

    pub fn alias(&mut self, local: usize, kind: AliasKind, text: &str) {
        if !text.is_empty() {
            *self.locals[local].aliases.entry((kind, one_line(text))).or_insert(0) += 1;
        }
    }

    /// Notes a role for a local entity, and for the person behind it.
    pub fn local_role(&mut self, local: usize, role: &str) {
        if let Some(person) = self.locals[local].person {
            add_role(&mut self.roster.people[person], role, self.tables);
            return;
        }
        let known = &mut self.locals[local];
        if !known.roles.iter().any(|text| text == role) {
            known.roles.push(role.to_string());
            known.keys.extend(RoleKey::of_text(role, self.tables));
        }
    }

    pub(super) fn finish(mut self) -> Speakers {
        let spoken: std::collections::BTreeSet<usize> = self.of.iter().flatten().map(|speaker| speaker.local).collect();
        let mut renumbered = BTreeMap::new();
        let mut entities = Vec::new();
        for &local in &spoken {
            renumbered.insert(local, entities.len());
            entities.push(self.entity(local));
        }
        for mention in &self.roster.mentions {
            if let Some(&local) = self.by_person.get(&mention.person) {
                let via = if mention.full { Via::Name } else { Via::Surname };
                self.mentions.push(Mention { span: mention.span, local, via });
            }
        }
        let mut mentions: Vec<Mention> = self
            .mentions
            .into_iter()
            .filter_map(|mention| Some(Mention { local: *renumbered.get(&mention.local)?, ..mention }))
            .collect();
        mentions.sort_by_key(|mention| (mention.span, mention.local, mention.via));
        mentions.dedup_by_key(|mention| (mention.span, mention.local));
        for speaker in self.of.iter_mut().flatten() {
            speaker.local = renumbered[&speaker.local];
        }
        Speakers { entities, mentions, of: self.of }
    }

    fn entity(&self, index: usize) -> LocalEntity {
        let local = &self.locals[index];
        let mut aliases = local.aliases.clone();
        let mut roles = local.roles.clone();
        let mut evidence = local.evidence.clone();
        if let Some(person) = local.person {
            let known = &self.roster.people[person];
            roles = known.roles.clone();
            for mention in self.roster.mentions.iter().filter(|mention| mention.person == person) {
                let text = mention.span.of(self.reading.text);
                let kind = match (mention.full, match_key(text).contains(&known.name.surname_key())) {
                    (true, _) => AliasKind::Name,
                    (false, true) => AliasKind::Surname,
                    (false, false) => AliasKind::Spelling,
                };
                *aliases.entry((kind, one_line(text))).or_insert(0) += 1;
            }
            for nickname in &known.nicknames {
                aliases.entry((AliasKind::Name, nickname.clone())).or_insert(1);
                evidence.push(rules::NICKNAME.because(format!("also called “{nickname}”")));
            }
        }
        if script::is_mixed(&local.name) {
            evidence.push(rules::MIXED_SCRIPT.because("letters of several scripts in one word of the name"));
        }
        roles.retain(|role| !role.is_empty());
        let aliases = aliases.into_iter().map(|((kind, text), count)| Alias { text, kind, count }).collect();
        LocalEntity { name: local.name.clone(), kind: local.kind, roles, aliases, evidence }
    }
}

/// A spelling with single spaces, whatever white space the document has in it.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
