//! Names of public life in pairs, each pair alone in a set: precision where joined, recall where joined or suggested.
//!
//! In the table, `#` marks a body, `=` somebody known by office alone. The context column holds `key=value` parts:
//! `role_a`, `role_b`, `with` (somebody both documents name), `days` between them, `also` (a third one in the set),
//! `acronym` (given by the first document).

use std::collections::BTreeMap;

use provenance::model::{Alias, AliasKind, Date, EntityKind, LocalEntity};
use provenance::resolve::{KnownLocal, NameDecisions, Resolution, entities};

pub fn local(key: &str, name: &str, role: Option<&str>, with: &[&str], date: Option<Date>) -> KnownLocal {
    let (kind, name) = match name.strip_prefix('#') {
        Some(body) => (EntityKind::Organisation, body),
        None => (EntityKind::Person, name),
    };
    let office = name.strip_prefix('=');
    let alias = Alias {
        text: office.unwrap_or(name).to_string(),
        kind: if office.is_some() { AliasKind::Role } else { AliasKind::Name },
        count: 1,
    };
    let entity = LocalEntity {
        name: office.unwrap_or(name).to_string(),
        kind,
        roles: role.into_iter().map(str::to_string).collect(),
        aliases: vec![alias],
        evidence: Vec::new(),
    };
    let together_with = with.iter().map(|name| name.to_string()).collect();
    KnownLocal { key: key.to_string(), row: row(key), entity, outlet: format!("outlet of {key}"), date, together_with }
}

/// The number of a document, out of a key ("d7:0").
fn row(key: &str) -> i64 {
    key[1..].split(':').next().unwrap().parse().unwrap()
}

pub fn outcome(resolution: &Resolution, a: &str, b: &str) -> (bool, bool) {
    let place = |key: &str| resolution.entities.iter().position(|(_, rows)| rows.contains(&row(key))).unwrap();
    let (x, y) = (place(a), place(b));
    let suggested = resolution.suggested.iter().any(|(p, q, _, _)| (*p, *q) == (x.min(y), x.max(y)));
    (x == y, suggested)
}

#[test]
fn public_names_in_pairs() {
    let mut reader = csv::Reader::from_reader(include_str!("../data/name_pairs.csv").as_bytes());
    let mut counts: BTreeMap<(String, bool), [usize; 3]> = BTreeMap::new();
    let (mut joined, mut joined_right, mut same_total, mut same_found, mut rows) = (0, 0, 0, 0, 0);
    for row in reader.records() {
        let row = row.unwrap();
        let (a, b, kind, same) = (&row[0], &row[1], row[2].to_string(), &row[3] == "1");
        let context: BTreeMap<&str, &str> = row[4].split(';').filter_map(|part| part.trim().split_once('=')).collect();
        let start = Date::from_ymd(2023, 5, 1);
        let later = context.get("days").and_then(|days| start.as_ref()?.plus_days(days.parse().ok()?));
        let with: Vec<&str> = context.get("with").into_iter().copied().collect();
        let first = later.is_some().then_some(start).flatten();
        let mut locals = vec![
            local("d1:0", a, context.get("role_a").copied(), &with, first),
            local("d2:0", b, context.get("role_b").copied(), &with, later),
        ];
        if let Some(acronym) = context.get("acronym") {
            let alias = Alias { text: acronym.to_string(), kind: AliasKind::Acronym, count: 1 };
            locals[0].entity.aliases.push(alias);
        }
        locals.extend(context.get("also").map(|name| local("d3:0", name, None, &[], None)));
        let (is_joined, is_suggested) = outcome(&entities(&locals, &NameDecisions::default()), "d1:0", "d2:0");
        rows += 1;
        counts.entry((kind.clone(), same)).or_default()[if is_joined {
            0
        } else if is_suggested {
            1
        } else {
            2
        }] += 1;
        joined += usize::from(is_joined);
        joined_right += usize::from(is_joined && same);
        same_total += usize::from(same);
        same_found += usize::from(same && (is_joined || is_suggested));
        if is_joined && !same || same && !is_joined {
            println!(
                "{} {kind}: {a} / {b}",
                if is_joined {
                    "WRONG JOIN"
                } else if is_suggested {
                    "suggested"
                } else {
                    "missed"
                }
            );
        }
    }
    for ((kind, same), [joined, suggested, apart]) in &counts {
        println!(
            "{kind} ({}): {joined} joined, {suggested} suggested, {apart} apart",
            if *same { "same" } else { "different" }
        );
    }
    let precision = joined_right as f64 / joined as f64;
    let recall = same_found as f64 / same_total as f64;
    println!(
        "{rows} pairs: precision where joined {precision:.3} ({joined_right}/{joined}), joined or suggested {recall:.3} ({same_found}/{same_total})"
    );
    assert!(rows >= 150);
    assert!(precision >= 0.99, "{precision}");
    assert!(recall >= 0.90, "{recall}");
}
