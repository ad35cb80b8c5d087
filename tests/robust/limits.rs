//! Too much of everything: endless streams, bombs, deep nesting, text made to be slow.

use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use provenance::app;
use provenance::lang::language;
use provenance::model::{Document, Extractor};
use provenance::read::{Input, ReadOptions, documents, reading};

use crate::common::{Chance, PATIENCE, finished, full, hostile_strings, naughty_strings, program, run, timed};

#[test]
fn a_huge_file_is_told_and_the_rest_go_on() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::File::create(folder.path().join("huge.txt")).unwrap().set_len(20_000_000_000).unwrap();
    std::fs::write(folder.path().join("good.txt"), "The mayor said that the bridge is closed until further notice.\n")
        .unwrap();
    let read = timed("a sparse file of 20 GB and an article", || {
        run(folder.path(), &["ingest", "huge.txt", "good.txt", "--json"])
    });
    assert_eq!(read.code, 3, "{}", read.err);
    let answer = read.json();
    assert_eq!(answer["failures"][0]["code"], "E203", "{answer:#}");
    assert!(answer["failures"][0]["error"].as_str().unwrap().contains("too_large"));
    assert_eq!(answer["documents"].as_array().unwrap().len(), 1);
}

#[test]
fn an_endless_stream_ends_at_the_limit() {
    let folder = tempfile::tempdir().unwrap();
    let read = timed("yes |", || {
        let mut child = program(folder.path())
            .args(["ingest", "-", "--json"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        let endless = std::thread::spawn(move || {
            let lines = "y\n".repeat(32_768);
            let mut sent = 0usize;
            while input.write_all(lines.as_bytes()).is_ok() {
                sent += lines.len();
            }
            sent
        });
        let output = child.wait_with_output().unwrap();
        let sent = endless.join().unwrap();
        assert!(sent < 22_000_000, "{sent} bytes were read");
        assert_eq!(output.status.code(), Some(3));
        output.stdout
    });
    let answer: serde_json::Value = serde_json::from_slice(&read).unwrap();
    assert_eq!(answer["failures"][0]["code"], "E203");
}

/// 1 GB of zeros in gzip members of 10 MB: a megabyte on disk.
#[test]
fn a_gzip_bomb_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&vec![b'a'; 10_000_000]).unwrap();
    let member = encoder.finish().unwrap();
    std::fs::write(folder.path().join("bomb.txt.gz"), member.repeat(100)).unwrap();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(crate::common::articles(40).join("\n").as_bytes()).unwrap();
    let article = encoder.finish().unwrap();
    std::fs::write(folder.path().join("cut.txt.gz"), &article[..article.len() / 2]).unwrap();
    let read = timed("a gzip bomb of 1 GB", || run(folder.path(), &["ingest", "bomb.txt.gz", "cut.txt.gz", "--json"]));
    let codes: Vec<String> =
        read.json()["failures"].as_array().unwrap().iter().map(|it| it["code"].as_str().unwrap().to_string()).collect();
    assert_eq!(codes, ["E211", "E210"], "{}", read.err);
    assert_eq!(
        std::fs::read_dir(folder.path())
            .unwrap()
            .flatten()
            .filter(|it| it.path().extension().is_some_and(|end| end == "txt"))
            .count(),
        0
    );
}

#[test]
fn deep_nesting_costs_no_more_than_its_length() {
    for tag in [
        "<ul><li>",
        "<div>",
        "<b>",
        "<table>",
        "<table><tr><td>",
        "<p><b>",
        "<svg><g>",
        "<a href=x>",
        "<blockquote>",
        "<span><div>",
    ] {
        let page = |count: usize| {
            format!("<!doctype html><html><body><article><p>The ferry sails, she said.</p>{}text", tag.repeat(count))
        };
        let time = |count: usize| {
            let page = page(count);
            let started = Instant::now();
            let found = documents(&Input { bytes: page.as_bytes(), path: None }, &ReadOptions::default());
            assert_eq!(found.len(), 1);
            started.elapsed()
        };
        let (half, whole) = (time(50_000), timed(&format!("100,000 × {tag}"), || time(100_000)));
        println!("  ratio {:.2}", whole.as_secs_f64() / half.as_secs_f64());
    }
}

/// An entity that expands into ten thousand million others, and one that points at a file, in feed and page.
#[test]
fn entities_are_neither_expanded_nor_fetched() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("secret.txt"), "top secret").unwrap();
    let mut doctype = String::from("<!ENTITY a0 \"bomb\">");
    for level in 1..10 {
        doctype.push_str(&format!("<!ENTITY a{level} \"{}\">", format!("&a{};", level - 1).repeat(10)));
    }
    let secret = folder.path().join("secret.txt");
    let feed = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE rss [{doctype}<!ENTITY f SYSTEM \"file://{}\">]><rss version=\"2.0\"><channel><title>H &a9;</title>\
         <item><title>x &f;</title><description>The mayor said it: &a9; and &f; end</description></item></channel></rss>",
        secret.display()
    );
    std::fs::write(folder.path().join("feed.xml"), &feed).unwrap();
    std::fs::write(folder.path().join("page.html"), feed.replace("rss", "html").replace("description", "p")).unwrap();
    timed("ten levels of entities", || {
        run(folder.path(), &["ingest", "--extractor", "rules", "feed.xml", "page.html"])
    });
    if folder.path().join("provenance.db").exists() {
        let texts = run(folder.path(), &["sql", "SELECT title, text FROM document", "--json"]);
        assert!(!texts.out.contains("bomb") && !texts.out.contains("top secret"), "{}", texts.out);
    }
}

/// Every hostile string in every encoding the web knows, declared rightly, wrongly and not at all.
#[test]
fn any_string_in_any_encoding_is_read_or_refused() {
    let names = [
        "utf-8",
        "utf-16le",
        "utf-16be",
        "windows-1251",
        "windows-1252",
        "iso-8859-2",
        "iso-8859-6",
        "koi8-r",
        "shift_jis",
        "euc-jp",
        "iso-2022-jp",
        "gb18030",
        "big5",
        "euc-kr",
        "macintosh",
    ];
    let mut strings = hostile_strings();
    strings.extend(naughty_strings());
    strings.retain(|text| text.len() < 5_000);
    if !full() {
        strings = strings.into_iter().step_by(4).collect();
    }
    let (mut tried, mut read) = (0, 0);
    for (number, text) in strings.iter().enumerate() {
        for (place, name) in names.iter().enumerate() {
            let encoding = encoding_rs::Encoding::for_label(name.as_bytes()).unwrap();
            let article = format!("{text}\n\n“{text},” the mayor said.\n\n{text}");
            let mut bytes: Vec<u8> = match *name {
                "utf-16le" => article.encode_utf16().flat_map(u16::to_le_bytes).collect(),
                "utf-16be" => article.encode_utf16().flat_map(u16::to_be_bytes).collect(),
                _ => encoding.encode(&article).0.into_owned(),
            };
            match (number + place) % 3 {
                0 => {}
                1 => bytes = [format!("<meta charset={name}><p>").as_bytes(), &bytes].concat(),
                _ => {
                    bytes = [
                        format!("<?xml version=\"1.0\" encoding=\"{}\"?><html>", names[(place + 5) % names.len()])
                            .as_bytes(),
                        &bytes,
                    ]
                    .concat()
                }
            }
            tried += 1;
            for document in
                documents(&Input { bytes: &bytes, path: None }, &ReadOptions::default()).into_iter().flatten()
            {
                read += 1;
                slices(&document);
            }
        }
    }
    println!("{read} of {tried} inputs read");
    assert!(read * 2 > tried);
}

/// Every span of a document's reading slices its text, and the text holds no NUL.
fn slices(document: &Document) {
    assert!(!document.text.contains('\0'));
    let found = reading(&document.text, language(document.language_code()));
    let spans = found.passages.iter().map(|it| it.span).chain(found.sentences.iter().map(|it| it.span));
    for span in spans.chain(found.tokens.iter().map(|it| it.span)).chain(found.quotes.iter().map(|it| it.span)) {
        assert!(document.text.get(span.start..span.end).is_some_and(|words| !words.is_empty()), "{span:?}");
    }
}

/// Shapes of text that are slow where an algorithm is not linear.
const SLOW: &[(&str, &str)] = &[
    ("straight marks", "\""),
    ("opening marks", "“"),
    ("single marks", "'"),
    ("cues", "said "),
    ("according to", "according to "),
    ("nested says", "He said that she said that "),
    ("names", "Ada Brandt, Piotr Wieczorek and "),
    ("one long word", "x"),
    ("commas", ", "),
    ("full stops", ". "),
    ("quoted crumbs", "“a,” he said, “b,” she said, "),
    ("one long line", "The mayor of Lindow, who is Ada Brandt, the head of the board, told the Echo, "),
    ("blank lines", "\n\n"),
    ("digits", "12345 million "),
    ("accents", "e\u{301}"),
    ("brackets", "(["),
    ("colons", "Brandt: "),
];

/// Processor time of this thread where the system tells it (Linux), else the time since the first call.
fn spent() -> Duration {
    static BEGUN: OnceLock<Instant> = OnceLock::new();
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|fields| fields.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| BEGUN.get_or_init(Instant::now).elapsed(), Duration::from_nanos)
}

/// The whole analysis of one document, by rules, over shapes that double. Ratios are printed; what no machine excuses is
/// refused.
#[test]
fn analysis_grows_with_the_length_of_the_text() {
    let most = if full() { 1_000_000 } else { 60_000 };
    let mut worst = (0.0, "");
    for (name, shape) in SLOW {
        let text = |size: usize| shape.repeat(size / shape.len() + 1);
        let time = |size: usize| {
            let document = Document { text: text(size), ..Document::default() };
            // The best of three: the machine may be busy with something else.
            let tries = (0..3).map(|_| {
                let started = spent();
                std::hint::black_box(app::analyse(&document, Extractor::Rules));
                spent() - started
            });
            tries.min().unwrap_or_default()
        };
        let (half, whole) = (time(most / 2), time(most));
        let ratio = whole.as_secs_f64() / half.as_secs_f64().max(0.000_1);
        println!("{name:16} {most} bytes {whole:9.2?}  time(2n)/time(n) {ratio:.2}");
        if whole > Duration::from_millis(300) && ratio > worst.0 {
            worst = (ratio, name);
        }
        assert!(whole < PATIENCE, "{name}: {whole:?}");
    }
    println!("worst ratio: {worst:?}");
    assert!(worst.0 < 3.6, "{worst:?} is quadratic");
}

/// A small file system of its own, where this is permitted.
#[cfg(target_os = "linux")]
#[test]
fn a_small_file_system_fills_up_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let mount = |size: usize, place: &Path| {
        std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}k"), "tmpfs"])
            .arg(place)
            .output()
            .is_ok_and(|output| output.status.success())
    };
    let unmount = |place: &Path| drop(std::process::Command::new("umount").arg(place).output());
    let articles = folder.path().join("articles");
    std::fs::create_dir(&articles).unwrap();
    for (number, text) in crate::common::articles(60).iter().enumerate() {
        std::fs::write(articles.join(format!("{number:03}.txt")), text).unwrap();
    }
    let place = folder.path().join("small");
    std::fs::create_dir(&place).unwrap();
    let mut chance = Chance(5);
    let (mut filled, mut survived) = (0, 0);
    for round in 0..if full() { 20 } else { 5 } {
        let size = 200 + round * 1000 + chance.below(400);
        if !mount(size, &place) {
            println!("skipped: mounting is not permitted here");
            return;
        }
        let db = place.join("x.db").display().to_string();
        let outcome = std::panic::catch_unwind(|| {
            let read =
                finished(program(folder.path()).args(["--db", &db, "ingest", "--extractor", "rules", "articles"]));
            assert!([0, 4].contains(&read.code), "{size} kB: {} {}", read.code, read.err);
            if read.code == 4 {
                assert!(read.err.contains("hint: ") && read.err.contains("x.db"), "{}", read.err);
            }
            // On a disk without a free byte even SQLite's shared index cannot be made: then reading is refused, in words.
            let verified = finished(program(folder.path()).args(["--db", &db, "verify"]));
            assert!([0, 4].contains(&verified.code), "{size} kB: {}{}", verified.out, verified.err);
            (read.code, verified.code)
        });
        unmount(&place);
        let (read, verified) = outcome.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        filled += usize::from(read == 4);
        survived += usize::from(verified == 0);
    }
    println!("{filled} full file systems, {survived} stores verified on them");
    assert!(filled > 0);
}
