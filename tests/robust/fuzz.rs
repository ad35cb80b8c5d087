//! A fuzzer on stable Rust: inputs made from articles, pages, records and hostile strings by cutting, joining, doubling
//! and flipping, each thrown at one target with an oracle. Reproducible: the same seed makes the same inputs.
//!
//! `PROVENANCE_FUZZ=N` sets how many inputs each target gets (the slow ones get a share of it), `PROVENANCE_FUZZ_SEED`
//! the seed, `PROVENANCE_FUZZ_TARGET` words in the name of the targets that are wanted (all). docs/robustness.md has the command for a long run and what it found.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use std::time::Instant;

use provenance::app::{self, AppError, IngestOptions, Silent, WhoSaidOptions};
use provenance::lang;
use provenance::link::{self, LinkOptions};
use provenance::model::{Act, Date, Document, Extractor, Id, IdKind, Kind, Variant};
use provenance::read::{Input, READERS, ReadOptions, documents, reading};
use provenance::render::{markdown_text, spreadsheet_cell};
use provenance::store::Store;
use provenance::text::{self, CodePoints, Span};

use crate::archives::samples;
use crate::common::{Chance, articles, corpus, hostile_strings, naughty_strings};

/// A target: its name, one input in how many it gets, and what it does with one.
struct Target {
    name: &'static str,
    share: usize,
    run: fn(&[u8], &mut Chance),
}

const TARGETS: &[Target] = &[
    Target { name: "bytes to documents, every reader", share: 4, run: read_bytes },
    Target { name: "pages to text", share: 4, run: read_pages },
    Target { name: "archives", share: 4, run: read_archives },
    Target { name: "spans, folding, segmentation, quotation marks", share: 1, run: cut_text },
    Target { name: "dates", share: 1, run: dates },
    Target { name: "analysis by rules", share: 4, run: analyse },
    Target { name: "questions", share: 1, run: ask },
    Target { name: "cells and markup", share: 1, run: escape },
    Target { name: "link scores", share: 4, run: score },
    Target { name: "decisions to take over", share: 4, run: take_over },
    Target { name: "opening a damaged store", share: 20, run: open_damaged },
];

/// What inputs are made from.
fn seeds() -> &'static Vec<Vec<u8>> {
    static SEEDS: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    SEEDS.get_or_init(|| {
        let mut seeds: Vec<Vec<u8>> = corpus().iter().map(|path| std::fs::read(path).unwrap()).collect();
        seeds.extend(articles(20).into_iter().map(String::into_bytes));
        seeds.extend(hostile_strings().into_iter().filter(|text| text.len() < 200).map(String::into_bytes));
        seeds.extend(naughty_strings().into_iter().map(String::into_bytes));
        seeds.extend(FRAGMENTS.iter().map(|text| text.as_bytes().to_vec()));
        seeds.retain(|seed| !seed.is_empty());
        seeds
    })
}

const FRAGMENTS: &[&str] = &[
    "<!doctype html><html><head><meta charset=utf-8><title>Ferry sails</title><script type=\"application/ld+json\">{\"@type\":\"NewsArticle\",\"headline\":\"Ferry sails\",\"datePublished\":\"2025-03-04\"}</script></head><body><nav>Home</nav><article><p>The ferry sails, she said.</p><p>“Good,” Ada Brandt told the Echo.</p></article></body></html>",
    "{\"title\":\"Ferry\",\"text\":\"The mayor said that it sails.\",\"date\":\"2025-03-04\",\"source\":\"Echo\"}\n",
    "title,text,date\nFerry,\"The mayor said that it sails.\",2025-03-04\n",
    "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Echo</title><item><title>Ferry</title><description>It sails, he said.</description></item></channel></rss>",
    "---\ntitle: Ferry\ndate: 2025-03-04\n---\n\n# Ferry\n\nIt sails, he said.\n",
    "<p>",
    "</p>",
    "<![CDATA[",
    "]]>",
    "&amp;",
    "&#x110000;",
    "<b><i>",
    "<!--",
    "-->",
    "<script>",
    "\u{FEFF}",
    "\u{200B}",
    "\u{2028}",
    "\r\n",
    "\\u0000",
    "\\ud800",
    "“",
    "”",
    "‘",
    "’",
    "\"",
    "'",
    "«",
    "»",
    "„",
    " said ",
    " according to ",
    " told Reuters",
    "he said",
    ": ",
    ". ",
    "Mr. ",
    "March 4, 2025",
    "2025-03-04T05:06:07Z",
    "31.05.2023",
];

/// One input: a seed with a few edits.
fn input(chance: &mut Chance) -> Vec<u8> {
    let seeds = seeds();
    let mut bytes = seeds[chance.below(seeds.len())].clone();
    bytes.truncate(4_000);
    for _ in 0..chance.below(6) {
        let at = chance.below(bytes.len() + 1);
        let other = &seeds[chance.below(seeds.len())];
        match chance.below(6) {
            0 if at < bytes.len() => bytes[at] ^= 1 << chance.below(8),
            1 => drop(bytes.splice(at..at, other.iter().copied().take(300))),
            2 => bytes.truncate(at),
            3 => drop(bytes.drain(..at)),
            4 => {
                let end = (at + chance.below(60)).min(bytes.len());
                let piece = bytes[at..end].repeat(chance.below(5));
                drop(bytes.splice(at..end, piece));
            }
            _ => bytes.push(chance.next() as u8),
        }
    }
    bytes
}

#[test]
fn nothing_panics_on_any_input() {
    let number =
        |name: &str, default: usize| std::env::var(name).ok().and_then(|it| it.parse().ok()).unwrap_or(default);
    let (count, seed) = (number("PROVENANCE_FUZZ", 400), number("PROVENANCE_FUZZ_SEED", 1));
    let mut findings = 0;
    let wanted = std::env::var("PROVENANCE_FUZZ_TARGET").unwrap_or_default();
    for (place, target) in TARGETS.iter().enumerate().filter(|(_, target)| target.name.contains(&wanted)) {
        let mut chance = Chance((seed * 1_000 + place) as u64);
        let runs = (count / target.share).max(2);
        let started = Instant::now();
        for number in 0..runs {
            let bytes = input(&mut chance);
            if catch_unwind(AssertUnwindSafe(|| (target.run)(&bytes, &mut chance))).is_err() {
                findings += 1;
                println!("{}: input {number}: {:?}", target.name, String::from_utf8_lossy(&bytes));
            }
        }
        println!("{:46} {runs:9} inputs in {:.1?}", target.name, started.elapsed());
    }
    assert_eq!(findings, 0);
}

fn read_bytes(bytes: &[u8], chance: &mut Chance) {
    let format = match chance.below(READERS.len() + 3) {
        at if at < READERS.len() => Some(READERS[at].name.to_string()),
        _ => None,
    };
    let path = [None, Some("a.md"), Some("x/ORF_2023-05-31.html"), Some("a.csv")][chance.below(4)];
    for result in documents(&Input { bytes, path }, &ReadOptions { format, ..ReadOptions::default() }) {
        match result {
            Ok(document) => sliced(&document),
            Err(error) => assert!(!error.what.is_empty() && !error.hint.is_empty()),
        }
    }
}

fn read_pages(bytes: &[u8], _: &mut Chance) {
    let page = [b"<!doctype html><html><body><article>".as_slice(), bytes].concat();
    for document in documents(&Input { bytes: &page, path: None }, &ReadOptions::default()).into_iter().flatten() {
        sliced(&document);
    }
}

#[track_caller]
/// An archive with a few bytes of the input in it somewhere.
fn read_archives(bytes: &[u8], chance: &mut Chance) {
    static ARCHIVES: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    let archives = ARCHIVES.get_or_init(samples);
    let mut archive = archives[chance.below(archives.len())].clone();
    for _ in 0..1 + chance.below(3) {
        let at = chance.below(archive.len());
        match chance.below(4) {
            0 => archive[at] ^= 1 << chance.below(8),
            1 => archive.truncate(at + 1),
            2 => drop(archive.splice(at..at, bytes.iter().copied().take(chance.below(40)))),
            _ => {
                let end = (at + chance.below(200)).min(archive.len());
                let piece = archive[at..end].repeat(chance.below(3));
                drop(archive.splice(at..end, piece));
            }
        }
        if archive.is_empty() {
            return;
        }
    }
    for result in documents(&Input { bytes: &archive, path: Some("a.zip") }, &ReadOptions::default()) {
        match result {
            Ok(document) => sliced(&document),
            Err(error) => assert!(!error.what.is_empty() && !error.hint.is_empty()),
        }
    }
}

fn sliced(document: &Document) {
    assert!(!document.text.contains('\0'));
    let found = reading(&document.text, lang::language(document.language_code()));
    let mut last = 0;
    for passage in &found.passages {
        assert!(passage.span.start >= last, "passages overlap");
        last = passage.span.end;
    }
    for span in found.sentences.iter().map(|it| it.span).chain(found.tokens.iter().map(|it| it.span)) {
        assert!(!span.of(&document.text).is_empty(), "{span:?}");
    }
}

fn cut_text(bytes: &[u8], chance: &mut Chance) {
    let text = String::from_utf8_lossy(bytes);
    let points = CodePoints::new(&text);
    let (a, b) = (chance.below(text.len() + 9), chance.below(text.len() + 9));
    let span = Span::new(a, b).snapped(&text);
    assert!(text.get(span.start..span.end).is_some());
    let (start, end) = points.of_span(span);
    assert_eq!(points.to_span(start, end), span);
    let folded = text::fold(&text);
    let (a, b) = (chance.below(folded.text.len() + 1), chance.below(folded.text.len() + 1));
    let inside = Span::new(a.min(b), a.max(b)).snapped(&folded.text);
    let original = folded.original(inside);
    assert!(text.get(original.start..original.end).is_some(), "{original:?}");
    let once = text::match_key(&text);
    assert_eq!(text::match_key(&once), once, "folding is not stable");
    for (_, span) in lang::keys(&text) {
        assert!(!span.of(&text).is_empty());
    }
    let whole = Span::new(0, text.len());
    for span in text::sentences(&text, whole).into_iter().chain(text::words(&text)).chain(text::lines(&text)) {
        assert!(text.get(span.start..span.end).is_some());
    }
    for pair in text::quote_pairs(&text) {
        assert!(pair.span.contains(pair.inner()) && text.get(pair.inner().start..pair.inner().end).is_some());
    }
}

fn dates(bytes: &[u8], _: &mut Chance) {
    let text = String::from_utf8_lossy(bytes);
    if let Some(date) = Date::parse_iso(text.trim()) {
        assert_eq!(Date::parse_iso(date.as_str()), Some(date.clone()));
    }
    let article = format!("Ferry sails\n\n{text}\n\nThe ferry sails, he said.");
    let bytes = article.as_bytes();
    for document in documents(&Input { bytes, path: None }, &ReadOptions::default()).into_iter().flatten() {
        if let Some(date) = document.published {
            assert_eq!(Date::parse_iso(date.value.as_str()), Some(date.value.clone()));
        }
    }
}

fn analyse(bytes: &[u8], _: &mut Chance) {
    let document = Document { text: String::from_utf8_lossy(bytes).into_owned(), ..Document::default() };
    let analysis = app::analyse(&document, Extractor::Rules);
    for new in &analysis.statements {
        let it = &new.attribution;
        assert!(!it.content.is_empty() && (0.0..=1.0).contains(&it.confidence));
        for span in
            it.source.iter().chain(&it.cue).chain(&it.content).chain(&it.addressee).chain(&it.medium).chain(&it.chain)
        {
            assert!(!span.of(&document.text).is_empty(), "{span:?}");
        }
        if let Some((local, ..)) = &new.speaker {
            assert!(*local < analysis.entities.len());
        }
    }
}

fn store() -> Store {
    let options = IngestOptions { extractor: Extractor::Rules, ..IngestOptions::default() };
    let mut store = Store::in_memory().unwrap();
    app::ingest(&mut store, app::sources(&corpus()), &options, &Silent).unwrap();
    store
}

thread_local! {
    static STORE: Store = store();
}

fn ask(bytes: &[u8], chance: &mut Chance) {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(300)]).into_owned();
    let options = WhoSaidOptions {
        all: chance.below(2) == 0,
        outlet: (chance.below(8) == 0).then(|| text.clone()),
        until: (chance.below(8) == 0).then(|| text.clone()),
        speaker: (chance.below(8) == 0).then(|| text.clone()),
        ..WhoSaidOptions::default()
    };
    STORE.with(|store| {
        let error = match chance.below(8) {
            0 => app::find_speaker(store, &text).err(),
            1 => app::show(store, &text).err(),
            2 => app::claim_card(store, &text).err(),
            _ => app::who_said(store, &text, &options).err(),
        };
        if let Some(error) = error {
            assert!(matches!(error, AppError::Usage { .. } | AppError::NotFound { .. }), "{error}");
            assert!(!error.hint().is_empty());
        }
    });
}

fn escape(bytes: &[u8], _: &mut Chance) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let cell = spreadsheet_cell(&text);
    assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']));
    assert_eq!(cell.strip_prefix('\'').filter(|_| !text.starts_with('\'')).unwrap_or(&cell), text);
    let mut writer = csv::Writer::from_writer(Vec::new());
    // A byte order mark at the very start would be the file's, so a row of names comes first, as in every export.
    writer.write_record(["cell", "last"]).unwrap();
    writer.write_record([cell.as_str(), "end"]).unwrap();
    let written = writer.into_inner().unwrap();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(written.as_slice());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!((rows.len(), &rows[1][0], &rows[1][1]), (2, cell.as_str(), "end"));
    let markdown = markdown_text(&text);
    assert!(!markdown.contains(['\n', '<', '>']));
}

fn variant(text: &str, speaker: &str) -> Variant {
    Variant {
        statement: Id::of(IdKind::Statement, &[text, speaker]),
        document: Id::of(IdKind::Document, &[text]),
        text: text.to_string(),
        speaker: speaker.to_string(),
        speaker_aliases: Vec::new(),
        cue: "said".to_string(),
        kind: Kind::Indirect,
        negated: false,
        act: Act::Statement,
        entity: None,
        outlet: String::new(),
        date: None,
        language: "en".to_string(),
        embedding: None,
    }
}

/// Symmetric, the same with itself, and blind to zero-width characters.
fn score(bytes: &[u8], chance: &mut Chance) {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(400)]).into_owned();
    let other = match chance.below(3) {
        0 => text.clone(),
        1 => text.split(' ').rev().collect::<Vec<_>>().join(" "),
        _ => String::from_utf8_lossy(&input(chance)).chars().take(300).collect(),
    };
    let (a, b) = (variant(&text, "Ada Brandt"), variant(&other, "the mayor"));
    let options = LinkOptions::default();
    let plain = |link: &Option<provenance::model::Link>| {
        link.as_ref().map(|link| (link.score.to_bits(), link.relation, link.status))
    };
    let (there, back) = (link::link(&a, &b, &options), link::link(&b, &a, &options));
    assert_eq!(plain(&there), plain(&back), "not symmetric: {text:?} {other:?}");
    let hidden: String = text.chars().flat_map(|c| [Some(c), (c == 'a').then_some('\u{200B}')]).flatten().collect();
    let with_hidden = Variant { text: hidden, ..a.clone() };
    assert_eq!(plain(&there), plain(&link::link(&with_hidden, &b, &options)), "zero-width characters count: {text:?}");
    if let Some(link) = there {
        assert!((0.0..=1.0).contains(&link.probability) && link.score.is_finite());
    }
}

fn take_over(bytes: &[u8], chance: &mut Chance) {
    thread_local! {
        /// A store that no decision was taken over into.
        static EMPTY: RefCell<Option<Store>> = const { RefCell::new(None) };
    }
    let mut store = EMPTY.take().unwrap_or_else(|| Store::in_memory().unwrap());
    let good = "{\"id\":\"h1\",\"verb\":\"merge\",\"a\":\"x\",\"b\":\"y\",\"who\":\"me\",\"when\":\"2025\",\"why\":\"\",\"undone\":false}\n";
    let mut lines = good.as_bytes().to_vec();
    let at = chance.below(lines.len());
    lines.splice(at..at, bytes.iter().copied());
    let _ = app::import_decisions(&mut store, lines.as_slice(), &Silent);
    if app::decisions(&store).is_ok_and(|decisions| decisions.is_empty()) {
        EMPTY.set(Some(store));
    }
}

/// Opens what is left of a store, and does one thing with it that reads much.
fn open_damaged(bytes: &[u8], chance: &mut Chance) {
    static WHOLE: OnceLock<Vec<u8>> = OnceLock::new();
    let whole = WHOLE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.db");
        let options = IngestOptions { extractor: Extractor::Rules, ..IngestOptions::default() };
        app::ingest(&mut Store::open(&path).unwrap(), app::sources(&corpus()[..2]), &options, &Silent).unwrap();
        std::fs::read(path).unwrap()
    });
    let mut damaged = whole.clone();
    for _ in 0..1 + chance.below(4) {
        let at = chance.below(damaged.len());
        let end = (at + bytes.len().min(64)).min(damaged.len());
        damaged[at..end].copy_from_slice(&bytes[..end - at]);
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    std::fs::write(&path, damaged).unwrap();
    let Ok(store) = Store::open(&path) else { return };
    match chance.below(3) {
        0 => drop(store.verify(&|_, _| ())),
        1 => drop(app::who_said(&store, "harbour", &WhoSaidOptions { all: true, ..WhoSaidOptions::default() })),
        _ => drop(app::export(&store, "json", &mut Vec::new(), &app::ExportOptions::default())),
    }
}
