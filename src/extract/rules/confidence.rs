//! How often each rule is right: shares counted on news articles whose attributions were marked by hand (docs/accuracy.md),
//! rounded, the articles that figures are told on left out.

/// Rule, classes of cues (none: all that are left), share that is right. The first row that fits counts.
const SHARES: &[(&str, &[&str], f64)] = &[
    ("cue.after_quote", &[], 0.94),
    ("cue.split", &[], 0.96),
    ("cue.after_stop", &[], 0.9),
    ("cue.parenthesis", &[], 0.85),
    ("cue.before_quote", &["object", "judge", "quote"], 0.5),
    ("cue.before_quote", &[], 0.84),
    ("cue.after_clause", &["say"], 0.78),
    ("cue.after_clause", &[], 0.4),
    ("cue.clause", &["say", "tell", "write", "add"], 0.81),
    ("cue.clause", &["think", "hope", "show", "deny", "that"], 0.55),
    ("cue.clause", &[], 0.68),
    ("cue.relative", &[], 0.63),
    ("cue.infinitive", &["seem"], 0.15),
    ("cue.infinitive", &["refuse"], 0.6),
    ("cue.infinitive", &[], 0.44),
    ("cue.object", &["accuse", "ask", "object"], 0.62),
    ("cue.object", &["judge"], 0.54),
    ("cue.object", &[], 0.44),
    ("phrase.according", &[], 0.8),
    ("colon.speaker", &["quoted"], 0.9),
    ("colon.speaker", &["transcript"], 0.3),
    ("quote.signed", &[], 0.85),
    ("quote.alone", &[], 0.4),
];

/// For what has no row.
const ELSE: f64 = 0.6;

/// The share of such attributions that is right, 0 to 1. `class`: that of the cue, or what stands after a colon;
/// empty where there is neither.
pub fn of(rule: &str, class: &str) -> f64 {
    let fits = |row: &&(&str, &[&str], f64)| row.0 == rule && (row.1.is_empty() || row.1.contains(&class));
    SHARES.iter().find(fits).map_or(ELSE, |row| row.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_row_that_fits_counts() {
        assert_eq!(of("cue.infinitive", "seem"), 0.15);
        assert_eq!(of("cue.infinitive", "plan"), 0.44);
        assert_eq!(of("cue.after_quote", ""), 0.94);
        assert_eq!(of("no.rule", "say"), ELSE);
    }

    #[test]
    fn a_row_for_all_classes_closes_its_rule() {
        for (at, row) in SHARES.iter().enumerate().filter(|(_, row)| row.1.is_empty()) {
            assert!(SHARES[at + 1..].iter().all(|later| later.0 != row.0), "{}", row.0);
        }
    }
}
