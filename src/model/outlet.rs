//! Who publishes documents.

use super::{Id, IdKind};

/// An outlet: a publisher of documents.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Outlet {
    pub id: Id,
    pub name: String,
}

impl Outlet {
    pub fn named(name: &str) -> Outlet {
        Outlet { id: Id::of(IdKind::Outlet, &[&crate::text::match_key(name)]), name: name.to_string() }
    }
}
