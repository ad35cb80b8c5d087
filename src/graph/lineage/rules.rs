//! The reasons that lineage gives, one row each: rule id and what it says. docs/lineage.md explains every one.

/// (rule id, what it says).
pub const RULES: &[(&str, &str)] = &[
    (NARRATIVE, "unquoted words that both documents have, in the same order"),
    (CREDIT, "the document names the other's outlet as where it has the story from"),
    (MARKS_LOST, "words that one prints in quotation marks stand without marks in the other"),
    (DETAIL_LOST, "what one has as speech, with speaker or source, the other has without"),
    (EXCERPT, "nearly all of one is found in the other, which has more"),
    (DATE, "one is dated before the other, to the day"),
    (DATE_AGAINST, "the dates contradict the order that the wording suggests"),
    (BOTH_LACK, "each has parts of the shared story that the other lacks"),
    (BEYOND_PARENT, "both share what the document they derive from, as it is here, lacks"),
    (SIBLING, "it keeps the words of a third document where the other has changed them"),
    (SHARED_CREDIT, "both credit the same outlet, which is not here"),
    (LONGER_VERSION, "it has parts that the parent, as it is here, lacks: perhaps from a longer version"),
    (CLAIM_CREDIT, "the document credits the other's outlet where it carries the claim"),
    (MANNER, "how alike the matched sentences are"),
    (UNSOURCED, "narrative that says what another document has from a named source, and names none"),
];

pub const NARRATIVE: &str = "lineage.narrative_reuse";
pub const CREDIT: &str = "lineage.credit";
pub const MARKS_LOST: &str = "lineage.marks_lost";
pub const DETAIL_LOST: &str = "lineage.detail_lost";
pub const EXCERPT: &str = "lineage.excerpt";
pub const DATE: &str = "lineage.date";
pub const DATE_AGAINST: &str = "lineage.date_against";
pub const BOTH_LACK: &str = "lineage.both_lack";
pub const BEYOND_PARENT: &str = "lineage.beyond_parent";
pub const SIBLING: &str = "lineage.sibling";
pub const SHARED_CREDIT: &str = "lineage.shared_credit";
pub const LONGER_VERSION: &str = "lineage.longer_version";
pub const CLAIM_CREDIT: &str = "lineage.claim_credit";
pub const MANNER: &str = "lineage.manner";
pub const UNSOURCED: &str = "lineage.unsourced";
