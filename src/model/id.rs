//! Content-derived public ids: a letter for the kind and 16 hexadecimal digits, the same on every machine.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What an id names; each kind has its letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdKind {
    Document,
    Statement,
    Claim,
    Entity,
    Outlet,
    Link,
    Decision,
}

/// Letters and kinds, in one place.
const LETTERS: [(IdKind, char); 7] = [
    (IdKind::Document, 'd'),
    (IdKind::Statement, 's'),
    (IdKind::Claim, 'c'),
    (IdKind::Entity, 'p'),
    (IdKind::Outlet, 'o'),
    (IdKind::Link, 'l'),
    (IdKind::Decision, 'h'),
];

impl IdKind {
    pub fn letter(self) -> char {
        LETTERS.iter().find(|(kind, _)| *kind == self).map_or('?', |(_, letter)| *letter)
    }

    /// The kind that a printed id begins with.
    pub fn of_letter(letter: char) -> Option<IdKind> {
        LETTERS.iter().find(|(_, known)| *known == letter).map(|(kind, _)| *kind)
    }
}

/// A public id such as `d3f2a9c01b7e4d55`. People may type any unique prefix of at least five characters.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Id(pub String);

impl Id {
    /// The id of what `parts` describe. Parts are hashed with their lengths, so that no two lists collide by joining.
    pub fn of(kind: IdKind, parts: &[&str]) -> Id {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        Id(format!("{}{}", kind.letter(), hex(&hash.finalize()[..8])))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn kind(&self) -> Option<IdKind> {
        self.0.chars().next().and_then(IdKind::of_letter)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The SHA-256 of bytes in hexadecimal, as `sha256sum` prints it.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_depend_on_every_part() {
        let id = Id::of(IdKind::Document, &["ab", "c"]);
        assert_eq!(id.0.len(), 17);
        assert_eq!(id.kind(), Some(IdKind::Document));
        assert_ne!(id, Id::of(IdKind::Document, &["a", "bc"]));
        assert_ne!(id, Id::of(IdKind::Statement, &["ab", "c"]));
    }
}
