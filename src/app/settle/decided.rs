//! What people decided since everything was settled last, and what that can have changed.

use crate::model::{Id, Verb};
use crate::resolve::is_tied;
use crate::store::Store;

use super::{Part, Scope, Stored};

/// Adds to what changed what was decided, taken back or decided again since.
pub(super) fn with_decisions(store: &Store, scope: &Scope) -> Stored<Scope> {
    let Scope::Part(part) = scope else { return Ok(Scope::Everything) };
    let mut part = part.clone();
    for it in store.unsettled_decisions()? {
        match it.verb {
            Verb::Merge | Verb::Alias if !is_tied(&it.a) && !is_tied(&it.b) => part.merged.extend([it.a, it.b]),
            Verb::Merge | Verb::Alias | Verb::Split => part.names = true,
            Verb::Confirm | Verb::Reject => {
                let [a, b] = [store.key_of_statement(&Id(it.a))?, store.key_of_statement(&Id(it.b))?];
                if a.is_some() != b.is_some() {
                    // A repeat without a source that was rejected is not there: nobody can tell whose it would be.
                    return Ok(Scope::Everything);
                }
                a.into_iter().chain(b).try_for_each(|statement| add_statement(store, &mut part, statement))?;
            }
        }
    }
    Ok(Scope::Part(part))
}

fn add_statement(store: &Store, part: &mut Part, statement: i64) -> Stored<()> {
    if store.is_repeat(statement)? {
        part.repeating.extend(store.document_of(statement)?);
    } else {
        part.statements.insert(statement);
    }
    Ok(())
}
