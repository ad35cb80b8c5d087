//! Tables of words that are only looked up: hashed quickly and the same way in every run.

use foldhash::fast::FixedState;

pub(super) type HashMap<K, V> = std::collections::HashMap<K, V, FixedState>;
pub(super) type HashSet<K> = std::collections::HashSet<K, FixedState>;
