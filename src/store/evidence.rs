//! Evidence in the file: a JSON list with one `[rule, weight, note]` a reason, weights to four digits, an empty note left out.
//! Most of a store is evidence, so that field names in every row would be a large part of the file.

use serde_json::{Value, json};

use crate::model::{Alias, AliasKind, Evidence};

/// Evidence as it is stored.
pub(super) fn write_evidence(evidence: &[Evidence]) -> String {
    Value::from(evidence.iter().map(reason).collect::<Vec<Value>>()).to_string()
}

/// What the rules of links begin with; left out in their rows.
const LINK: &str = "link.";

/// Evidence of a link as it is stored: its notes can be made again, so rules and weights only, without `link.`, to two digits,
/// which is what is shown of them.
pub(super) fn write_weights(evidence: &[Evidence]) -> String {
    let reasons = evidence.iter().map(|it| json!([stored_rule(&it.rule), rounded(it.weight, 1e2)]));
    Value::from(reasons.collect::<Vec<Value>>()).to_string()
}

/// A rule of a link as its rows have it.
pub(super) fn stored_rule(rule: &str) -> &str {
    rule.strip_prefix(LINK).unwrap_or(rule)
}

/// Stored evidence of a link.
pub(super) fn read_weights(stored: &str) -> Vec<Evidence> {
    let mut evidence = read_evidence(stored);
    for it in evidence.iter_mut().filter(|it| !it.rule.contains('.')) {
        it.rule = format!("{LINK}{}", it.rule);
    }
    evidence
}

/// Stored evidence; what cannot be read as such is passed over.
pub(super) fn read_evidence(stored: &str) -> Vec<Evidence> {
    let reasons: Vec<Vec<Value>> = serde_json::from_str(stored).unwrap_or_default();
    let read = |reason: &Vec<Value>| {
        let note = reason.get(2).and_then(Value::as_str).unwrap_or("");
        Some(Evidence::new(reason.first()?.as_str()?, reason.get(1)?.as_f64()?, note))
    };
    reasons.iter().filter_map(read).collect()
}

/// Spellings as they are stored: a JSON list with one `[text, kind, count]` a spelling.
pub(super) fn write_spellings(aliases: &[Alias]) -> String {
    let lists = aliases.iter().map(|it| json!([it.text, it.kind.name(), it.count]));
    Value::from(lists.collect::<Vec<Value>>()).to_string()
}

/// Stored spellings; what cannot be read as such is passed over. Older rows have objects with named fields.
pub(super) fn read_spellings(stored: &str) -> Vec<Alias> {
    let spellings: Vec<Value> = serde_json::from_str(stored).unwrap_or_default();
    let read = |it: &Value| {
        let field = |at: usize, name: &str| it.get(at).or_else(|| it.get(name));
        let kind = AliasKind::of_name(field(1, "kind")?.as_str()?)?;
        Some(Alias { text: field(0, "text")?.as_str()?.into(), kind, count: field(2, "count")?.as_u64()? as usize })
    };
    spellings.iter().filter_map(read).collect()
}

fn reason(it: &Evidence) -> Value {
    match it.note.as_str() {
        "" => json!([it.rule, rounded(it.weight, 1e4)]),
        note => json!([it.rule, rounded(it.weight, 1e4), note]),
    }
}

/// To a part of `unit`, a whole number as one.
fn rounded(weight: f64, unit: f64) -> Value {
    let rounded = (weight * unit).round() / unit;
    if rounded.fract() == 0.0 && rounded.abs() < 1e9 { json!(rounded as i64) } else { json!(rounded) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_reason_is_a_short_list() {
        let evidence = [Evidence::new("cue.verb", 1.0, "said"), Evidence::new("link.run", 0.123_456, "")];
        assert_eq!(write_evidence(&evidence), r#"[["cue.verb",1,"said"],["link.run",0.1235]]"#);
        assert_eq!(write_weights(&evidence), r#"[["cue.verb",1],["run",0.12]]"#);
        let rules: Vec<String> = read_weights(&write_weights(&evidence)).into_iter().map(|it| it.rule).collect();
        assert_eq!(rules, ["cue.verb", "link.run"]);
        // what `links_by_rule` looks for
        assert!(write_weights(&evidence).contains(&format!("[\"{}\",", stored_rule("link.run"))));
    }

    #[test]
    fn what_is_no_evidence_is_none() {
        for stored in ["", "{}", "[1]", "[[]]", r#"[["rule"]]"#, r#"[{"rule":"x"}]"#] {
            assert!(read_evidence(stored).is_empty(), "{stored}");
        }
    }

    #[test]
    fn spellings_are_read_as_lists_and_as_objects() {
        let one = Alias { text: "Ada “Fox” Brook".into(), kind: AliasKind::Name, count: 3 };
        let stored = write_spellings(std::slice::from_ref(&one));
        assert_eq!(stored, r#"[["Ada “Fox” Brook","name",3]]"#);
        assert_eq!(read_spellings(&stored), std::slice::from_ref(&one));
        assert_eq!(read_spellings(r#"[{"text":"Ada “Fox” Brook","kind":"name","count":3}]"#), [one]);
        assert_eq!(read_spellings(r#"[["x"],["x","nonsense",1],{},3,"x"]"#), []);
    }

    proptest! {
        #[test]
        fn evidence_survives_the_store(rule in "[a-z.]{1,12}", weight in -99.0..99.0f64, note in "\\PC{0,40}") {
            let read = read_evidence(&write_evidence(&[Evidence::new(&rule, weight, note.clone())]));
            prop_assert_eq!(&read[0].rule, &rule);
            prop_assert_eq!(&read[0].note, &note);
            prop_assert!((read[0].weight - weight).abs() <= 0.00005001);
        }
    }
}
