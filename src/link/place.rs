//! Whether two statements that stand in the same place of a shared text are one claim.
//!
//! In: two variants with their sources as printed, and where they stand. Out: a link, or nothing. Of two documents that share
//! their narrative, in order, one usually has the other's statement where the other has it, in words of its own, so that less
//! wording suffices; all that forbids a link still does, and whoever is credited has to fit.

use crate::lang::{key, language, wording};
use crate::model::{Evidence, Link, LinkStatus, Variant};

use super::LinkOptions;
use super::facts::measure;
use super::model::probability;
use super::names::{ENDS, SpeakerRelation, speaker_name};
use super::relation::{ONLY_SUGGESTED, link_prepared, shape, veto};
use super::words::prepare;

/// The rule of the evidence that such a link has and others have not.
pub const PLACE: &str = "link.place";

/// What it means.
pub(super) const EXPLAIN: &str = "they stand in the same place of a text that both documents have";

/// What standing in the same place adds, in log-odds: so low that wording or meaning has to agree as well.
const WEIGHT: f64 = 2.5;

/// Articles further apart in days tell another day's story in the frame of an old one ("…, said the watchdog's president").
const MOST_DAYS: i64 = 7;

/// The link between two statements in the same place, where their words and sources allow one.
/// Each with its source as printed, empty where it has none.
pub fn link_in_place(a: (&Variant, &str), b: (&Variant, &str), options: &LinkOptions) -> Option<Link> {
    let (first, second) = (with_printed(a), with_printed(b));
    let (left, right) = (prepare(&first), prepare(&second));
    let facts = measure(&left, &right);
    let far = facts.days.is_some_and(|days| days > MOST_DAYS);
    if far || veto(&facts).is_some() || !sources_fit(a, b, facts.speaker) {
        return None;
    }
    let everything = LinkOptions { suggested: 0.0, ..options.clone() };
    let mut link = link_prepared(&left, &right, &everything)?;
    link.evidence.retain(|it| ONLY_SUGGESTED.iter().all(|(rule, _)| it.rule != *rule));
    link.evidence.push(Evidence::new(PLACE, WEIGHT, EXPLAIN));
    link.score += WEIGHT;
    link.probability = probability(link.score);
    link.relation = shape(&facts);
    link.status = LinkStatus::Auto;
    (link.probability >= options.linked_from(&link.evidence)).then_some(link)
}

/// The variant with the names that its source prints beside the speaker's own: "the council's coordinator, Ines Falk".
fn with_printed((variant, source): (&Variant, &str)) -> Variant {
    let mut made = variant.clone();
    made.speaker_aliases.extend(source.split([',', ';', '(']).map(str::trim).map(String::from));
    made
}

/// Names that fit, or, where not both have one, descriptions that do; nobody at all on one side is no contradiction.
fn sources_fit(a: (&Variant, &str), b: (&Variant, &str), names: SpeakerRelation) -> bool {
    match names {
        SpeakerRelation::Different => false,
        SpeakerRelation::Unknown => a.1.trim().is_empty() || b.1.trim().is_empty() || described_alike(a, b),
        _ => true,
    }
}

/// "A senior official", "a top Ukrainian official": the same noun, and no attribute that only one of two can have.
fn described_alike(a: (&Variant, &str), b: (&Variant, &str)) -> bool {
    let wording = wording(language(&a.0.language));
    let read = |(_, source): (&Variant, &str)| -> Option<(String, Vec<String>)> {
        let phrase = source.split([',', ';', '(']).next().unwrap_or("");
        let words: Vec<&str> =
            phrase.split_whitespace().take_while(|word| !ENDS.contains(&word.to_lowercase().as_str())).collect();
        let head = words.last().filter(|word| word.starts_with(char::is_lowercase))?;
        let proper =
            words.iter().filter(|word| word.starts_with(char::is_uppercase) && !wording.is_stop(&word.to_lowercase()));
        Some((key(head), proper.map(|word| key(word)).collect()))
    };
    let (Some((head_a, proper_a)), Some((head_b, proper_b))) = (read(a), read(b)) else { return false };
    let apart = !proper_a.is_empty() && !proper_b.is_empty() && !proper_a.iter().any(|it| proper_b.contains(it));
    let is_pronoun = speaker_name(a.1, wording).is_none() && wording.is_stop(&a.1.trim().to_lowercase());
    head_a == head_b && !apart && !is_pronoun
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::link;
    use crate::link::testing::said;
    use crate::model::Relation;

    const DAY: &str = "2031-05-01";

    /// (source as printed, name of the speaker in the document, words); `place`: linked in the same place.
    /// By their words alone none of these pairs are.
    fn check(a: (&str, &str, &str), b: (&str, &str, &str), place: bool) {
        let made = |(_, name, words): (&str, &str, &str)| said(name, DAY, words);
        let (left, right) = (made(a), made(b));
        let options = LinkOptions::default();
        let words_alone = link(&left, &right, &options);
        let joins = words_alone.is_some_and(|it| it.status == LinkStatus::Auto && it.relation.joins());
        assert!(!joins, "linked by their words: {a:?} / {b:?}");
        let found = link_in_place((&left, a.0), (&right, b.0), &options);
        assert_eq!(found.is_some(), place, "{a:?} / {b:?}: {found:#?}");
        assert_eq!(found, link_in_place((&right, b.0), (&left, a.0), &options));
    }

    const WARNED: &str = "the port was paying for years of rotten ropes";
    const ROTTEN: &str = "that rotten gear had caught up with the port";
    /// Less of it: two that have one name need less.
    const BAD: &str = "that bad gear had caught up with the port";

    #[test]
    fn less_wording_suffices_where_the_source_fits() {
        check(("Ines Falk", "Ines Falk", WARNED), ("Falk", "Falk", BAD), true);
        check(("a senior official", "", WARNED), ("a top harbour official", "", ROTTEN), true);
        check(("a senior official", "", WARNED), ("", "", ROTTEN), true);
        check(("Falk", "Ines Falk", WARNED), ("the port's coordinator for safety, Ines Falk", "Port", ROTTEN), true);
    }

    #[test]
    fn another_source_is_another_statement() {
        check(("Ines Falk", "Ines Falk", WARNED), ("Berg", "Jonas Berg", ROTTEN), false);
        check(("a senior official", "", WARNED), ("many dockers", "", ROTTEN), false);
        check(("a senior Tarvian official", "", WARNED), ("a senior Neskovian official", "", ROTTEN), false);
        check(("he", "", WARNED), ("he", "", ROTTEN), false);
    }

    #[test]
    fn what_forbids_a_link_still_does() {
        let (ropes, not) =
            ("that the ropes of the barge had been rotten for years", "the barge was not held by rotten ropes");
        check(("Falk", "Falk", ropes), ("Falk", "Falk", not), false);
        let (fourteen, thirty) =
            ("that fourteen ropes of the barge were rotten", "thirty ropes of the barge were rotten");
        check(("Falk", "Falk", fourteen), ("Falk", "Falk", thirty), false);
    }

    #[test]
    fn another_weeks_story_is_another() {
        let on = |day| {
            link_in_place(
                (&said("Falk", DAY, WARNED), "Falk"),
                (&said("Falk", day, ROTTEN), "Falk"),
                &LinkOptions::default(),
            )
        };
        assert!(on("2031-05-08").is_some() && on("2031-05-09").is_none());
    }

    #[test]
    fn the_place_alone_links_nothing() {
        check(("Falk", "Falk", WARNED), ("Falk", "Falk", "the mayor will visit the quay"), false);
    }

    #[test]
    fn the_evidence_says_so() {
        let (left, right) = (said("Falk", DAY, WARNED), said("Falk", DAY, ROTTEN));
        let found = link_in_place((&left, "Falk"), (&right, "Falk"), &LinkOptions::default()).expect("linked");
        let sum: f64 = found.evidence.iter().map(|it| it.weight).sum();
        assert!((sum - found.score).abs() < 1e-9, "{found:#?}");
        assert_eq!(
            (found.evidence.last().map(|it| it.rule.as_str()), found.relation),
            (Some(PLACE), Relation::Paraphrase)
        );
    }
}
