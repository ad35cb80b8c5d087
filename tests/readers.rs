//! Every reader on input that means harm: nothing panics, every span slices, what cannot be read says why.

use std::path::Path;

use provenance::lang::language;
use provenance::read::{
    DOCUMENT_LIMIT, ERRORS, Input, READERS, ReadOptions, documents, input_limit, oversized, reading,
};

fn options(format: Option<&str>) -> ReadOptions {
    ReadOptions { format: format.map(str::to_string), ..ReadOptions::default() }
}

/// Reads `bytes` as detected and by every reader; cuts what comes out; returns how many documents were read.
fn survive(bytes: &[u8]) -> usize {
    let mut read = 0;
    for format in READERS.iter().map(|reader| Some(reader.name)).chain([None]) {
        for result in documents(&Input { bytes, path: None }, &options(format)) {
            match result {
                Err(failure) => {
                    assert!(ERRORS.iter().any(|row| row.code == failure.code), "{failure:?}");
                    assert!(!failure.what.is_empty() && !failure.hint.is_empty(), "{failure:?}");
                }
                Ok(document) => {
                    read += 1;
                    let reading = reading(&document.text, language(document.language_code()));
                    let spans = reading.passages.iter().map(|p| p.span).chain(reading.sentences.iter().map(|s| s.span));
                    let spans =
                        spans.chain(reading.tokens.iter().map(|t| t.span)).chain(reading.quotes.iter().map(|q| q.span));
                    for span in spans {
                        assert!(
                            document.text.get(span.start..span.end).is_some_and(|words| !words.is_empty()),
                            "{span:?}"
                        );
                    }
                }
            }
        }
    }
    read
}

#[test]
fn hostile_strings_of_our_own() {
    for text in [
        "\u{202E}said\u{202C} “x\u{200B}y”",
        "{{{{",
        "\"\"\"\"",
        "''''",
        "{\"text\":",
        "[{\"text\":\"a\"}",
        "a,b\n\"",
        "<p",
        "<<<>>>",
        "---\n---",
        "---\ntitle: x",
        "\u{FEFF}",
        "<?xml version=\"1.0\"?><rss>",
        "<feed><entry>",
        "{\"text\":\"\\ud800\"}",
        "{\"text\":\"\"}",
        "{\"text\":5}",
        "text,date\n\"a\nb",
        "# ",
        "#",
        "0000-00-00",
        "— ",
        "(Reuters) —",
        "\r\r\n\n\r",
        "😀😀",
        "e\u{301}\u{301}",
    ] {
        survive(text.as_bytes());
    }
    survive(b"\xFF\xFE\x00\xD8");
    survive(b"\xC0\xAF\xED\xA0\x80 text");
    survive(b"\x1F\x8B\x08");
}

#[test]
fn naughty_strings() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/eval/hostile/naughty_strings.json");
    let Ok(json) = std::fs::read_to_string(&path) else {
        println!("skipped: {} is not here", path.display());
        return;
    };
    let strings: Vec<String> = serde_json::from_str(&json).unwrap();
    assert!(strings.len() > 500);
    let mut read = 0;
    for string in &strings {
        read += survive(string.as_bytes());
        let article = format!("{string}\n\n“{string},” {string} said.\n\n{string}: {string}");
        read += survive(article.as_bytes());
        let record =
            serde_json::json!({ "text": article, "title": string, "date": string, "url": string, "outlet": string });
        read += survive(record.to_string().as_bytes());
    }
    assert!(read > strings.len());
}

#[test]
fn too_large_is_said() {
    let large = vec![b'a'; DOCUMENT_LIMIT + 1];
    let failure = documents(&Input { bytes: &large, path: None }, &options(None)).remove(0).unwrap_err();
    assert!(failure.code == "E203" && failure.what.contains("too_large"), "{failure:?}");
    let lines = format!("{{\"text\":\"{}\"}}\n{{\"text\":\"It sails.\"}}\n", "a".repeat(DOCUMENT_LIMIT));
    let found = documents(&Input { bytes: lines.as_bytes(), path: None }, &options(None));
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].as_ref().unwrap_err().code, "E203");
    assert_eq!(found[1].as_ref().unwrap().text, "It sails.");
}

#[test]
fn the_limit_of_an_input_follows_its_format() {
    assert_eq!(input_limit(b"The ferry sails.", None, &options(None)), DOCUMENT_LIMIT);
    assert!(input_limit(b"{\"text\":\"a\"}\n{\"text\":\"b\"}\n", None, &options(None)) > DOCUMENT_LIMIT);
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut encoder, "{\"text\":\"It sails, he said.\"}\n".repeat(9_000).as_bytes()).unwrap();
    let packed = encoder.finish().unwrap();
    assert!(input_limit(&packed[..packed.len() / 2], Some("x.jsonl.gz"), &options(None)) > DOCUMENT_LIMIT);
    assert_eq!(oversized(DOCUMENT_LIMIT).code, "E203");
}

#[test]
fn an_unknown_reader_names_those_there_are() {
    let failure = documents(&Input { bytes: b"text", path: None }, &options(Some("docx"))).remove(0).unwrap_err();
    assert!(failure.code == "E206" && READERS.iter().all(|reader| failure.what.contains(reader.name)), "{failure:?}");
}

/// What the readable text of a page keeps of the words people are credited with, measured on news articles that are put
/// into a page with navigation, a picture, related links and a footer.
#[test]
fn pages_keep_what_people_said() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/eval/attribution/polnear_dev.jsonl");
    let Ok(lines) = std::fs::read_to_string(&path) else {
        println!("skipped: {} is not here", path.display());
        return;
    };
    let escaped = |words: &str| words.replace('&', "&amp;").replace('<', "&lt;");
    let squeezed = |words: &str| words.split_whitespace().collect::<Vec<_>>().join(" ");
    let (mut all, mut kept) = (0, 0);
    for line in lines.lines() {
        let article: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = article["text"].as_str().unwrap();
        let paragraphs: String =
            text.split('\n').filter(|p| !p.trim().is_empty()).map(|p| format!("<p>{}</p>\n", escaped(p))).collect();
        let page = format!(
            "<!doctype html><html lang=en><head><title>t</title></head><body><nav><ul><li><a href=/>Home</a><li><a href=/w>World</a></ul></nav>\
             <main><article class=story><figure><img src=x.jpg><figcaption>A view shows the quay.</figcaption></figure><div class=story-body>{paragraphs}</div>\
             </article><aside class=related><h3>Related</h3><ul><li><a href=/1>Other news of the day</a></ul></aside></main><footer>© H</footer></body></html>"
        );
        let document = documents(&Input { bytes: page.as_bytes(), path: None }, &options(None)).remove(0).unwrap();
        let found = squeezed(&document.text);
        let points: Vec<char> = text.chars().collect();
        for piece in article["attributions"].as_array().unwrap().iter().flat_map(|a| a["content"].as_array().unwrap()) {
            let (start, end) = (piece[0].as_u64().unwrap() as usize, piece[1].as_u64().unwrap() as usize);
            let words = squeezed(&points[start..end].iter().collect::<String>());
            all += 1;
            kept += usize::from(found.contains(&words));
        }
    }
    println!("content spans kept by the readable text: {kept} of {all}");
    assert!(kept * 100 >= all * 97, "{kept} of {all}");
}
