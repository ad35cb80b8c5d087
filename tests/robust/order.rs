//! The same articles in any order, with any number of threads, in any locale and time zone: the same bytes out.

use std::collections::BTreeSet;

use crate::common::{Chance, articles, export, finished, full, newsroom, program, run};

const LOCALES: [(&str, &str); 3] = [("C", "UTC"), ("tr_TR.UTF-8", "Asia/Kolkata"), ("ar_EG.UTF-8", "America/St_Johns")];
const THREADS: [&str; 3] = ["1", "2", "8"];

/// 6 orders, each with another number of threads and another locale (20 orders × 3 × 3 in the long form), in one go or
/// in parts.
#[test]
fn order_threads_and_locale_do_not_matter() {
    let folder = tempfile::tempdir().unwrap();
    let mut names = newsroom(folder.path());
    for (number, text) in articles(12).iter().enumerate() {
        let name = format!("articles/{number:03}.txt");
        std::fs::write(folder.path().join(&name), text).unwrap();
        names.push(name);
    }
    let mut chance = Chance(3);
    let mut hashes = BTreeSet::new();
    let mut runs = 0;
    for order in 0..if full() { 20 } else { 6 } {
        chance.shuffle(&mut names);
        for (place, threads) in THREADS.iter().enumerate() {
            for (number, (locale, zone)) in LOCALES.iter().enumerate() {
                if !full() && (place != order % 3 || number != (order / 3 + order) % 3) {
                    continue;
                }
                runs += 1;
                let db = format!("{runs}.db");
                let parts = if order % 2 == 0 { names.len() } else { 1 + chance.below(names.len()) };
                for part in names.chunks(parts) {
                    let mut command = program(folder.path());
                    command.args(["--db", &db, "ingest", "--extractor", "rules", "--jobs", threads]).args(part);
                    command.env("LC_ALL", locale).env("LANG", locale).env("TZ", zone);
                    finished(&mut command).ok();
                }
                hashes.insert(provenance::model::sha256_hex(export(folder.path(), &db).as_bytes()));
                assert_eq!(hashes.len(), 1, "order {order}, {threads} threads, {locale}, {zone}");
            }
        }
    }
    run(folder.path(), &["--db", "1.db", "rebuild", "--extractor", "rules"]).ok();
    hashes.insert(provenance::model::sha256_hex(export(folder.path(), "1.db").as_bytes()));
    assert_eq!(hashes.len(), 1, "a rebuild differs");
    println!("{runs} ingests and a rebuild: export {hashes:?}");
}

#[test]
fn nor_does_it_matter_to_the_accurate_tier() {
    let folder = tempfile::tempdir().unwrap();
    let mut names = newsroom(folder.path());
    let ingest = |db: &str, threads: &str, names: &[String]| {
        finished(program(folder.path()).args(["--db", db, "ingest", "--jobs", threads]).args(names)).ok();
        export(folder.path(), db)
    };
    let first = ingest("a.db", "1", &names);
    names.reverse();
    let second = ingest("b.db", "8", &names);
    assert!(first == second);
}
