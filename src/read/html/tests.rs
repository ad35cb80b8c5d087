use crate::model::Document;
use crate::read::{Input, ReadError, ReadOptions, documents};

fn read(page: &str) -> Result<Document, ReadError> {
    documents(&Input { bytes: page.as_bytes(), path: None }, &ReadOptions::default()).remove(0)
}

/// Eight paragraphs with speech in them, as a page between navigation and a footer.
fn article(head: &str) -> (String, Vec<String>) {
    let speakers =
        ["the mayor", "a sailor", "the company", "Ann Writer", "the ministry", "a witness", "the port", "his aide"];
    let paragraphs: Vec<String> = speakers
        .iter()
        .map(|who| format!("“We are sure that the ferry of {who} will sail on Monday,” {who} said, “and nobody was hurt in the storm.” The harbour stays closed."))
        .collect();
    let body: String = paragraphs.iter().map(|p| format!("<p>{p}</p>\n")).collect();
    let page = format!(
        "<!DOCTYPE html><html lang=\"en-GB\"><head>{head}</head><body><nav><a href=/>Home</a> <a href=/n>News</a></nav>\
         <article><h1>Ferry sails again</h1>{body}</article><footer>© 2023 Harbour Post. All rights reserved.</footer></body></html>"
    );
    (page, paragraphs)
}

const LD: &str = r#"<script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebSite","name":"x"},
{"@type":["NewsArticle"],"headline":"Ferry sails again","datePublished":"2023-05-31T14:05:00+02:00","dateModified":"2023-06-01",
"author":[{"@type":"Person","name":"Ann Writer"},{"@type":"Person","name":"Ben Other"}],"publisher":{"@type":"Organization","name":"Harbour Post"},
"mainEntityOfPage":{"@id":"https://harbour.example/ferry"}}]}</script>"#;

#[test]
fn json_ld_comes_first() {
    let meta = r#"<meta property="og:site_name" content="Other"><meta property="article:published_time" content="2020-01-01">"#;
    let document = read(&article(&format!("<title>Ferry | HP</title>{meta}{LD}")).0).unwrap();
    let shown = |known: &Option<crate::model::Known<String>>| {
        known.as_ref().map(|k| format!("{} ({})", k.value, k.from)).unwrap_or_default()
    };
    assert_eq!(shown(&document.title), "Ferry sails again (json-ld)");
    assert_eq!(shown(&document.outlet), "Harbour Post (json-ld)");
    assert_eq!(shown(&document.author), "Ann Writer, Ben Other (json-ld)");
    assert_eq!(shown(&document.url), "https://harbour.example/ferry (json-ld)");
    assert_eq!(shown(&document.language), "en (html lang)");
    assert_eq!(document.published.unwrap().value.as_str(), "2023-05-31T12:05Z");
    assert_eq!(document.modified.unwrap().value.as_str(), "2023-06-01");
}

#[test]
fn meta_tags_and_links_serve_without_json_ld() {
    let head = r#"<title>Ferry sails &amp; sails | Harbour Post</title><meta property='og:site_name' content='Harbour Post'>
        <meta name=author content="Ann Writer"><meta name="article:published_time" content="2023-05-31T14:05:00Z">
        <link href="https://www.harbour.example/ferry" rel="canonical"><script type="application/ld+json">{broken</script>"#;
    let document = read(&article(head).0).unwrap();
    assert_eq!(document.title.as_ref().unwrap().value, "Ferry sails & sails");
    assert_eq!(document.outlet_name(), "Harbour Post");
    assert_eq!(document.url.unwrap().from, "canonical link");
    assert_eq!(document.published.unwrap().from, "meta article:published_time");
}

#[test]
fn the_address_serves_where_no_site_name_is() {
    let document = read(&article(r#"<link rel=canonical href="https://edition.cnn.com/2023/ferry">"#).0).unwrap();
    assert_eq!(
        document.outlet.map(|o| (o.value, o.from, o.guessed)),
        Some(("CNN".into(), "domain of canonical link".into(), false))
    );
}

#[test]
fn saved_pages_say_where_they_come_from() {
    let (page, _) = article("");
    let saved = page.replace("<html", "<!--\n Page saved with SingleFile \n url: https://harbour.example/1 \n saved date: Wed May 31 2023 14:05:00 GMT+0200 (x)\n--><html");
    let document = read(&saved).unwrap();
    assert_eq!(document.url.unwrap().value, "https://harbour.example/1");
    assert_eq!(document.captured.unwrap().value.as_str(), "2023-05-31");
    assert_eq!(document.published, None);
}

#[test]
fn every_paragraph_is_kept_and_navigation_goes() {
    let (page, paragraphs) = article(LD);
    let document = read(&page).unwrap();
    for paragraph in paragraphs {
        assert!(document.text.lines().any(|line| line == paragraph), "{paragraph}\n{}", document.text);
    }
    assert!(!document.text.contains("Home"), "{}", document.text);
    assert_eq!(document.raw.as_deref(), Some(page.as_bytes()));
}

#[test]
fn short_pages_are_read_too() {
    let document = read("<p>The ferry sails.</p><p>“Good,” she said.</p>").unwrap();
    assert_eq!(document.text, "The ferry sails.\n\n“Good,” she said.");
    assert_eq!(read("<html><body><script>x()</script></body></html>").unwrap_err().code, "E207");
}

/// Robustness: 100,000 nested elements of each kind.
#[test]
fn deep_nesting_takes_no_time() {
    let (_, paragraphs) = article("");
    for tag in [
        "<ul><li>",
        "<div>",
        "<b>",
        "<table>",
        "<p><b>",
        "<a><div>",
        "<font><p>",
        "<li>",
        "<select>",
        "<svg><g>",
        "<button>",
    ] {
        let page = format!("<html><body><p>{}</p>{}<p>{}</p>", paragraphs[0], tag.repeat(100_000), paragraphs[1]);
        let started = std::time::Instant::now();
        let result = read(&page);
        let took = started.elapsed();
        // Quadratic time would be many minutes; the machine may be busy and the build unoptimized.
        assert!(took.as_secs() < 30, "{tag}: {took:?}");
        let note = result.map_or_else(|e| e.code, |d| format!("{} characters", d.text.len()));
        println!("{tag} × 100,000: {took:?}, {note}");
    }
}

#[test]
fn wide_and_odd_pages_take_no_time() {
    let many: String = (0..20_000).map(|i| format!("<p id={i}><b class=x{i}>word</p>")).collect();
    let cases = [
        ("open quotation marks", "<a href=\"".repeat(50_000)),
        ("comments", "<!-- ".repeat(50_000)),
        ("bold left open", many),
        ("flat paragraphs", "<p>Some words of text here.</p>".repeat(5_000)),
        ("flat lists", "<ul><li>Some words of text here.</li></ul>".repeat(5_000)),
        ("attributes", format!("<div {}>text of the page</div>", "a=b ".repeat(100_000))),
        ("scripts", "<script>".repeat(50_000)),
        ("entities", "&amp;&#0;&#xD800;&bogus;".repeat(20_000)),
    ];
    for (name, inner) in cases {
        let started = std::time::Instant::now();
        let _ = read(&format!("<html><body>{inner}"));
        let took = started.elapsed();
        println!("{name}: {took:?}");
        assert!(took.as_secs() < 20, "{name}: {took:?}");
    }
}
