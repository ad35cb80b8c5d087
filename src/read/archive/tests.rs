//! Archives made here: every record and member in its place, the damaged ones told, nothing unpacked without end.

use std::io::{Cursor, Write};

use super::super::{ERRORS, Input, ReadOptions, documents};
use super::*;

const PAGE: &str = "<html><head><title>Ferry sails</title></head><body><article><p>The ferry sails again on Monday, the \
    harbour said. “It was time,” said Ada Brook, who runs the harbour of Tarn.</p><p>Nobody objected to the new hours of \
    the ferry, and the fares stay what they were last year, the council said.</p></article></body></html>";

fn record(kind: &str, fields: &str, block: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Date: 2031-05-02T08:00:00Z\r\n{fields}Content-Length: {}\r\n\r\n",
        block.len()
    );
    [head.as_bytes(), block, b"\r\n\r\n"].concat()
}

/// A captured page at an address.
fn captured(url: &str, status: &str, page: &str) -> Vec<u8> {
    let fields = format!("WARC-Target-URI: {url}\r\nContent-Type: application/http; msgtype=response\r\n");
    let answer = format!("HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}");
    record("response", &fields, answer.as_bytes())
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zip(members: &[(&str, &[u8])], method: zip::CompressionMethod) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(method);
    for (name, bytes) in members {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn stored(members: &[(&str, &[u8])]) -> Vec<u8> {
    zip(members, zip::CompressionMethod::Stored)
}

fn packed(members: &[(&str, &[u8])]) -> Vec<u8> {
    zip(members, zip::CompressionMethod::Deflated)
}

/// For each document its address or path, for each failure its code.
fn read(bytes: &[u8]) -> Vec<String> {
    let found = documents(&Input { bytes, path: Some("a.archive") }, &ReadOptions::default());
    let show = |result: Result<Document, ReadError>| match result {
        Ok(document) => document.url.map_or_else(|| document.path.unwrap_or_default(), |url| url.value),
        Err(failure) => {
            assert!(ERRORS.iter().any(|row| row.code == failure.code) && !failure.hint.is_empty(), "{failure:?}");
            failure.code
        }
    };
    found.into_iter().map(show).collect()
}

fn capture() -> Vec<u8> {
    [
        record("warcinfo", "Content-Type: application/warc-fields\r\n", b"software: test\r\n"),
        captured("<https://tarn.example/ferry>", "200 OK", PAGE),
        captured("https://tarn.example/gone", "404 Not Found", PAGE),
        record("request", "Content-Type: application/http; msgtype=request\r\n", b"GET / HTTP/1.1\r\n\r\n"),
        record("resource", "WARC-Target-URI: https://tarn.example/picture\r\nContent-Type: image/png\r\n", b"\x89PNG"),
        record("resource", "WARC-Target-URI: https://tarn.example/r\r\nContent-Type: text/html\r\n", PAGE.as_bytes()),
        record(
            "conversion",
            "WARC-Target-URI: https://tarn.example/text\r\nContent-Type: text/plain\r\n",
            "“It sails,” said Ada Brook.".as_bytes(),
        ),
    ]
    .concat()
}

const CAPTURED: &[&str] = &["https://tarn.example/ferry", "https://tarn.example/r", "https://tarn.example/text"];

#[test]
fn pages_of_a_warc_are_read_with_address_and_day_of_capture() {
    let capture = capture();
    assert_eq!(read(&capture), CAPTURED);
    assert_eq!(read(&gzip(&capture)), CAPTURED);
    let found = documents(&Input { bytes: &capture, path: Some("a.warc") }, &ReadOptions::default());
    let page = found[0].as_ref().unwrap();
    assert!(page.text.contains("“It was time,” said Ada Brook"), "{}", page.text);
    assert_eq!(page.path.as_deref(), Some("a.warc!/record 2"));
    assert_eq!(page.captured.as_ref().unwrap().value.as_str(), "2031-05-02T08:00Z");
    assert_eq!(page.captured.as_ref().unwrap().from, "archive");
    // When it was captured says nothing of when it was published.
    assert_eq!(page.published, None);
    assert_eq!(found[2].as_ref().unwrap().format, "text");
}

#[test]
fn each_record_may_be_packed_by_itself() {
    let a = gzip(&captured("https://tarn.example/a", "200 OK", PAGE));
    let b = gzip(&captured("https://tarn.example/b", "200 OK", PAGE));
    assert_eq!(read(&[a.as_slice(), &b].concat()), ["https://tarn.example/a", "https://tarn.example/b"]);
    // What was read before the archive breaks off stays.
    assert_eq!(read(&[a.as_slice(), &b[..b.len() / 2]].concat()), ["https://tarn.example/a", "E212"]);
    assert_eq!(read(&[a.as_slice(), b"rubbish"].concat())[0], "https://tarn.example/a");
}

#[test]
fn damage_is_told_and_what_came_before_is_kept() {
    let page = captured("https://tarn.example/a", "200 OK", PAGE);
    for broken in [
        b"WARC/1.0\r\n".as_slice(),
        b"WARC/1.0\r\nContent-Length: 9\r\n\r\nx",
        b"WARC/1.0\r\nX: y\r\n\r\n",
        b"no record\r\n",
    ] {
        assert_eq!(read(&[page.as_slice(), broken].concat()), ["https://tarn.example/a", "E212"], "{broken:?}");
    }
    let apart = |blanks: usize| read(&[page.as_slice(), &b"\r\n".repeat(blanks), &page].concat());
    assert_eq!(apart(1_000), ["https://tarn.example/a", "https://tarn.example/a"]);
    assert_eq!(apart(40_000), ["https://tarn.example/a", "E212"]);
    assert_eq!(read(b"WARC/1.0\r\n"), ["E212"]);
    let nothing = record("warcinfo", "", b"software: test\r\n");
    assert_eq!(read(&nothing), ["E213"]);
    let large = captured("https://tarn.example/large", "200 OK", &"x".repeat(super::super::DOCUMENT_LIMIT + 70_000));
    assert_eq!(read(&[large.as_slice(), &page].concat()), ["E203", "https://tarn.example/a"]);
    let film = String::from_utf8(large).unwrap().replace("text/html; charset=utf-8", "video/mp4; charset=none2");
    assert_eq!(read(&[film.as_bytes(), &page].concat()), ["https://tarn.example/a"]);
    let empty = captured("https://tarn.example/empty", "200 OK", "<html></html>");
    assert_eq!(read(&[empty.as_slice(), &page].concat()), ["E207", "https://tarn.example/a"]);
}

#[test]
fn a_zip_of_articles_is_read_member_by_member() {
    let text = "“It sails,” said Ada Brook.".as_bytes();
    let lines = "{\"text\":\"The ferry sails, she said.\"}\n{\"text\":\"It does, he said.\"}\n".as_bytes();
    let members: &[(&str, &[u8])] = &[
        ("news/a.txt", text),
        ("news/picture.png", b"\x89PNG"),
        ("__MACOSX/news/._a.txt", b"\0\0"),
        ("../../outside.html", PAGE.as_bytes()),
        ("lines.jsonl", lines),
        ("noise.bin", &[0u8; 4096]),
        ("empty.txt", b""),
        ("inner.zip", b"PK\x03\x04"),
        ("inner.txt.gz", &gzip(text)),
    ];
    let found = [
        "a.archive!/news/a.txt",
        "a.archive!/../../outside.html",
        "a.archive!/lines.jsonl",
        "a.archive!/lines.jsonl",
        "E202",
        "E201",
        "E202",
        "E202",
    ];
    assert_eq!(read(&stored(members)), found);
    assert_eq!(read(&packed(members)), found);
    let failures = documents(&Input { bytes: &packed(members), path: None }, &ReadOptions::default());
    let failure = failures.into_iter().find_map(Result::err).unwrap();
    assert!(failure.what.starts_with("noise.bin: "), "{failure:?}");
}

#[test]
fn a_wacz_is_read_through_its_warc_files_alone() {
    let capture = capture();
    let packed_capture = gzip(&capture);
    for warc in [&capture, &packed_capture] {
        let members: &[(&str, &[u8])] = &[
            ("archive/data.warc.gz", warc),
            ("pages/pages.jsonl", b"{\"text\":\"no article\"}\n"),
            ("datapackage.json", b"{}"),
        ];
        assert_eq!(read(&stored(members)), CAPTURED);
        assert_eq!(read(&packed(members)), CAPTURED);
    }
    let broken: &[(&str, &[u8])] =
        &[("archive/data.warc.gz", &packed_capture[..packed_capture.len() - 30]), ("datapackage.json", b"{}")];
    assert_eq!(read(&stored(broken)).last().unwrap(), "E212");
}

#[test]
fn what_is_no_archive_of_articles_is_refused() {
    assert_eq!(read(&stored(&[("[Content_Types].xml", b"<x/>")])), ["E202"]);
    assert_eq!(read(&stored(&[("mimetype", b"application/epub+zip")])), ["E202"]);
    assert_eq!(read(&stored(&[("a.png", b"\x89PNG")])), ["E213"]);
    assert_eq!(read(&stored(&[])), ["E213"]);
    assert_eq!(read(b"PK\x03\x04stuff"), ["E212"]);
    let whole = stored(&[("a.txt", b"The ferry sails, she said.")]);
    assert_eq!(read(&whole[..whole.len() - 10]), ["E212"]);
}

#[test]
fn bombs_are_stopped() {
    let page = captured("https://tarn.example/a", "200 OK", PAGE);
    let bomb = record("resource", "Content-Type: image/png\r\n", &vec![0; 40_000_000]);
    assert_eq!(read(&gzip(&[page.as_slice(), &bomb].concat())), ["https://tarn.example/a", "E211"]);
    let zeros = vec![b'a'; 40_000_000];
    assert_eq!(read(&packed(&[("a.txt", b"It sails, she said."), ("b.txt", &zeros)]))[1], "E211");
    // One in the other stays within what the outer one may give.
    let inner = gzip(&bomb);
    assert_eq!(read(&packed(&[("archive/data.warc.gz", &inner), ("datapackage.json", b"{}")])), ["E211"]);
}

#[test]
fn members_come_in_parts() {
    let capture: Vec<u8> =
        (0..40).flat_map(|n| captured(&format!("https://tarn.example/{n}"), "200 OK", PAGE)).collect();
    let mut members = Members::of(archive(&capture).unwrap(), Box::new(capture.as_slice()));
    let mut sizes = Vec::new();
    while let Some(part) = members.some(5 * PAGE.len()) {
        sizes.push(part.len());
    }
    assert_eq!((sizes.len(), sizes.iter().sum::<usize>()), (8, 40));
}
