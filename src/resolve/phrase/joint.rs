//! Two or more named together as speakers of one statement.

use crate::resolve::run::Lexicon;
use crate::resolve::words::{Gap, Word};

use super::lists::RELATIVES;
use super::{Article, Phrase, Who, nothing, text_of};

impl Lexicon {
    /// "Two groups – the Legion and the Corps –": several, then their names.
    pub(super) fn enumerated(&self, open: &[Word]) -> Option<Phrase> {
        let from = (1..open.len()).find(|&at| open[at].gap >= Gap::Break)?;
        let to = (from + 1..open.len()).find(|&at| open[at].gap >= Gap::Break).unwrap_or(open.len());
        let several = self.noun_phrase(&open[..from]);
        (several.who == Who::Group).then(|| self.joint(&open[from..to])).flatten()
    }

    /// Two or more named speakers of one statement.
    pub(super) fn joint(&self, open: &[Word]) -> Option<Phrase> {
        let end = open.iter().position(|word| word.is_one_of(RELATIVES)).unwrap_or(open.len());
        let open = &open[..end];
        let and = open.iter().position(|word| word.is_one_of(&["and", "&"]))?;
        let mut parts: Vec<Phrase> = Vec::new();
        let mut from = 0;
        for at in 0..=and {
            let comma = at > from && open[at].gap == Gap::Comma;
            if at == and || comma {
                if at > from {
                    parts.push(self.noun_phrase(&open[from..at]));
                }
                from = at;
            }
        }
        let tail_end = (and + 2..open.len()).find(|&at| open[at].gap >= Gap::Comma).unwrap_or(open.len());
        if and + 1 >= tail_end {
            return None;
        }
        parts.push(self.noun_phrase(&open[and + 1..tail_end]));
        let distinct = open[and + 1].is("the") || parts.iter().all(|part| self.stands_alone(part));
        if parts.len() < 2 || !parts.iter().all(is_naming) || !distinct {
            return None;
        }
        let text = text_of(&open[..tail_end]);
        Some(Phrase { who: Who::Joint(parts), ..nothing(text) })
    }

    fn stands_alone(&self, part: &Phrase) -> bool {
        match &part.who {
            Who::Person { name, sure } => {
                *sure || name.is_full() || part.title.is_some() || !self.small.contains(&name.surname_key())
            }
            Who::Country(_) | Who::Seat { .. } => true,
            Who::Body => {
                part.article == Article::The
                    || self.people.known_body(&part.text).is_some()
                    || part.text.chars().all(|c| c.is_uppercase())
            }
            _ => false,
        }
    }
}

fn is_naming(part: &Phrase) -> bool {
    matches!(part.who, Who::Person { .. } | Who::Body | Who::Country(_) | Who::Seat { .. })
}
