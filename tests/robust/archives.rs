//! Archives from strangers, through the real program: captured pages, files in a ZIP, bombs, names that lead outside.

use std::collections::BTreeSet;
use std::io::{Cursor, Write};
use std::path::Path;

use crate::common::{run, timed};

const PAGE: &str = "<html><head><title>Ferry sails again</title></head><body><article><p>The ferry sails again on Monday, \
    the harbour said.</p><p>“It was time that the ferry came back to Tarn,” said Ada Brook, who runs the harbour.</p>\
    <p>Nobody objected to the new hours, and the fares stay what they were, the council said.</p></article></body></html>";

/// A captured page as a WARC record.
fn captured(url: &str, body: &[u8]) -> Vec<u8> {
    let answer = [b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n".as_slice(), body].concat();
    let head = format!(
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2031-05-02T08:00:00Z\r\n\
         Content-Type: application/http; msgtype=response\r\nContent-Length: {}\r\n\r\n",
        answer.len()
    );
    [head.as_bytes(), &answer, b"\r\n\r\n"].concat()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Small archives of every kind, for the fuzzer.
pub fn samples() -> Vec<Vec<u8>> {
    let plain =
        [captured("https://tarn.example/a", PAGE.as_bytes()), captured("https://tarn.example/b", b"<p>x")].concat();
    let packed = gzip(&plain);
    vec![
        zip(&[("a.txt", b"It sails, she said."), ("b/c.html", PAGE.as_bytes())]),
        zip(&[("archive/data.warc.gz", &packed), ("datapackage.json", b"{}")]),
        plain,
        packed,
    ]
}

/// All names under a folder.
fn names(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        found.insert(entry.path().display().to_string());
        if entry.path().is_dir() {
            found.extend(names(&entry.path()));
        }
    }
    found
}

fn codes(answer: &serde_json::Value) -> Vec<&str> {
    answer["failures"].as_array().unwrap().iter().map(|it| it["code"].as_str().unwrap()).collect()
}

#[test]
fn archives_are_read_and_nothing_is_written_beside_them() {
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("desk");
    std::fs::create_dir(&folder).unwrap();
    let a = captured("https://tarn.example/a", PAGE.as_bytes());
    let cut = gzip(&captured("https://tarn.example/b", PAGE.replace("Monday", "Friday").as_bytes()));
    std::fs::write(folder.join("crawl.warc.gz"), [gzip(&a), cut[..cut.len() / 2].to_vec()].concat()).unwrap();
    let other = PAGE.replace("Monday", "Sunday");
    let members: &[(&str, &[u8])] = &[
        ("../../outside.html", other.as_bytes()),
        ("/absolute\u{1b}[2J.txt", "“It sails,” said Ada Brook of the harbour.".as_bytes()),
        ("picture.png", b"\x89PNG"),
    ];
    std::fs::write(folder.join("articles.zip"), zip(members)).unwrap();
    let before = names(outer.path());
    let read = run(&folder, &["ingest", "--extractor", "rules", "crawl.warc.gz", "articles.zip", "--json"]);
    assert_eq!(read.code, 3, "{}", read.err);
    let answer = read.json();
    assert_eq!(codes(&answer), ["E212"], "{answer:#}");
    assert_eq!(answer["documents"].as_array().unwrap().len(), 3, "{answer:#}");
    assert!(read.err.contains("record 2"), "{}", read.err);
    let new: Vec<String> = names(outer.path()).difference(&before).cloned().collect();
    assert!(new.iter().all(|name| name.contains("provenance.db")), "{new:?}");
    let said = run(&folder, &["who-said", "time that the ferry came back"]).ok();
    assert!(said.out.contains("Ada Brook") && said.out.contains("tarn.example"), "{}", said.out);
    let listed = run(&folder, &["sql", "SELECT path FROM document ORDER BY path"]).ok();
    assert!(listed.out.contains("crawl.warc.gz!/record 1") && !listed.out.contains('\u{1b}'), "{}", listed.out);
    run(&folder, &["verify"]).ok();
    let again = run(&folder, &["ingest", "--extractor", "rules", "articles.zip", "--json"]).ok().json();
    assert!(again["documents"].as_array().unwrap().iter().all(|it| it["kept"] == "unchanged"), "{again:#}");
}

#[test]
fn archive_bombs_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let zeros = vec![b'a'; 10_000_000];
    let page = gzip(&captured("https://tarn.example/a", PAGE.as_bytes()));
    let bomb = gzip(&captured("https://tarn.example/large", &zeros)).repeat(100);
    std::fs::write(folder.path().join("bomb.warc.gz"), [page.as_slice(), &bomb].concat()).unwrap();
    let names: Vec<String> = (0..100).map(|n| format!("{n}.txt")).collect();
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), zeros.as_slice())).collect();
    std::fs::write(folder.path().join("bomb.zip"), zip(&members)).unwrap();
    let read = timed("archive bombs of 1 GB each", || {
        run(folder.path(), &["ingest", "--extractor", "rules", "bomb.warc.gz", "bomb.zip", "--json"])
    });
    let answer = read.json();
    assert!(codes(&answer).iter().all(|code| *code == "E211"), "{answer:#}");
    assert_eq!(codes(&answer).len(), 1 + members.len(), "{answer:#}");
    let documents = answer["documents"].as_array().unwrap();
    assert!(documents.len() == 1 && documents[0]["format"] == "html", "the page before the bomb stays: {answer:#}");
}
