//! Verify: is the store still what was written?

use crate::store::{Store, Verification};

use super::Progress;

/// Looks at every row of the store; reads only.
pub fn verify(store: &Store, progress: &dyn Progress) -> Verification {
    store.verify(&|done, total| progress.at("verifying", done, total))
}
