//! Feeds (RSS, Atom, JSON Feed): every entry is a document; its stored text is the entry's content, or its summary, as
//! plain text. Entities of a document type are never expanded.

use feed_rs::model::{Entry, Feed};
use feed_rs::parser;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::codes::error;
use super::date::read_date;
use super::html::text_of;
use super::readers::{Documents, Sample, too_large};
use super::{DOCUMENT_LIMIT, ReadError, ReadOptions};
use crate::model::{Document, Known, Warning};

pub(super) fn sniff(sample: &Sample) -> bool {
    let start: String = sample.start().chars().take(4000).collect();
    if start.starts_with('{') {
        return start.contains("jsonfeed.org/version");
    }
    let root = start.match_indices('<').find(|(at, _)| start[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic()));
    let root = root.map_or("", |(at, _)| &start[at + 1..]);
    start.starts_with('<')
        && ["rss", "feed", "rdf:RDF"]
            .iter()
            .any(|name| root.strip_prefix(name).is_some_and(|rest| rest.starts_with([' ', '>', '\n', '\t', '\r'])))
}

pub(super) fn read(sample: &Sample, _options: &ReadOptions) -> Documents {
    // The default makes up ids where a feed has none.
    let parser = parser::Builder::new().id_generator(|_, _, _| String::new()).sanitize_content(false).build();
    match parser.parse(without_declarations(sample.text).as_bytes()) {
        Err(failure) => vec![Err(error("E209", None, format!("malformed feed: {failure}")))],
        Ok(feed) if feed.entries.is_empty() => vec![Err(error("E201", None, "the feed has no entries"))],
        Ok(feed) => (1..).zip(&feed.entries).map(|(number, entry)| document(&feed, entry, number)).collect(),
    }
}

/// The text without XML declarations. It is decoded already, so their encoding is no longer true, and the XML reader panics when
/// one that names another encoding comes late (quick-xml 0.42, `set_encoding`). A JSON feed stays as it is.
fn without_declarations(text: &str) -> String {
    if text.trim_start().starts_with('{') {
        return text.to_string();
    }
    let mut events = Reader::from_str(text);
    events.config_mut().check_end_names = false;
    events.config_mut().allow_unmatched_ends = true;
    let (mut out, mut kept, mut from) = (String::with_capacity(text.len()), 0, 0);
    // Where it cannot be read further, nor can the reader that comes after.
    while let Ok(event) = events.read_event() {
        let to = events.buffer_position() as usize;
        match event {
            Event::Eof => break,
            Event::Decl(_) => {
                out.push_str(text.get(kept..from).unwrap_or(""));
                kept = to;
            }
            _ => {}
        }
        from = to;
    }
    out.push_str(text.get(kept..).unwrap_or(""));
    out
}

fn document(feed: &Feed, entry: &Entry, number: usize) -> Result<Document, ReadError> {
    let title = entry.title.as_ref().map(|title| text_of(&title.content));
    let content =
        entry.content.as_ref().and_then(|content| content.body.as_deref()).map(text_of).filter(|text| !text.is_empty());
    let summary = entry.summary.as_ref().map(|summary| text_of(&summary.content)).filter(|text| !text.is_empty());
    let is_summary = content.is_none();
    let Some(text) = content.or(summary) else {
        let name = title.unwrap_or_default();
        return Err(error("E205", Some(number), format!("entry {number} (“{name}”) has neither content nor summary")));
    };
    if text.len() > DOCUMENT_LIMIT {
        return Err(too_large(Some(number), text.len()));
    }
    let known =
        |value: Option<String>, from: &str| value.filter(|v| !v.is_empty()).map(|value| Known::read(value, from));
    let date = |stamp: String, from: &str| read_date(&stamp).map(|read| Known::read(read.date, from));
    let site = feed.title.as_ref().map(|title| text_of(&title.content));
    let authors: Vec<&str> =
        entry.authors.iter().filter_map(|person| person.name.as_deref()).filter(|name| !name.is_empty()).collect();
    let mut document = Document {
        text,
        title: known(title, "feed entry"),
        outlet: known(site.map(|site| site_name(&site)), "feed title"),
        author: known(Some(authors.join(", ")), "feed entry"),
        published: entry.published.and_then(|at| date(at.to_rfc3339(), "feed entry")),
        modified: entry.updated.and_then(|at| date(at.to_rfc3339(), "feed entry")),
        url: known(entry.links.first().map(|link| link.href.clone()), "feed entry"),
        language: known(feed.language.as_deref().and_then(super::fields::language_code), "feed"),
        external_id: Some(entry.id.clone()).filter(|id| !id.is_empty()),
        ..Document::default()
    };
    if is_summary {
        document.warnings.push(Warning::new("W112", "the feed holds only a summary"));
    }
    Ok(document)
}

/// "Harbour Post - World news" and "Harbour Post | RSS" name the outlet before the mark.
fn site_name(title: &str) -> String {
    let first = [" | ", " - ", " – ", " — ", " » ", ": "]
        .iter()
        .filter_map(|mark| title.split_once(mark))
        .map(|(name, _)| name);
    first.min_by_key(|name| name.len()).unwrap_or(title).trim().to_string()
}

#[cfg(test)]
mod tests {
    use crate::model::Document;
    use crate::read::{Input, ReadError, ReadOptions, documents};

    fn read(text: &str) -> Vec<Result<Document, ReadError>> {
        documents(&Input { bytes: text.as_bytes(), path: None }, &ReadOptions::default())
    }

    #[test]
    fn a_late_declaration_of_another_encoding_is_no_panic() {
        let late = "text before<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><rss version=\"2.0\"></rss>";
        let forced = ReadOptions { format: Some("feed".to_string()), ..ReadOptions::default() };
        let found = documents(&Input { bytes: late.as_bytes(), path: None }, &forced);
        assert!(found.iter().all(Result::is_err), "{found:?}");
        let item = "<rss version=\"2.0\"><channel><item><title>Ferry</title><description>“Fährt”, sagte sie <![CDATA[<?xml version=\"1.0\"?>]]></description></item></channel></rss>";
        let declared = format!("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>{item}");
        let text = |feed: &str| read(feed).remove(0).map(|document| document.text).unwrap_or_default();
        assert!(text(item).contains("Fährt"), "{}", text(item));
        assert_eq!(text(&declared), text(item));
    }

    #[test]
    fn a_declaration_in_a_strange_place_is_no_panic() {
        const LATE: &str = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>";
        for before in [
            "<!--",
            "<![CDATA[",
            "<?xml ",
            "<?xml",
            "<!DOCTYPE a [<!-- ]>",
            "<!DOCTYPE [",
            "<",
            "</a>",
            "<a b=\"",
            "\u{feff}\n",
        ] {
            let feed = format!("{before}{LATE}<rss version=\"2.0\">{}{LATE}</rss>", before.repeat(40));
            let forced = ReadOptions { format: Some("feed".to_string()), ..ReadOptions::default() };
            assert!(!documents(&Input { bytes: feed.as_bytes(), path: None }, &forced).is_empty());
        }
    }

    const RSS: &str = r#"<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>Harbour Post - News</title><link>https://harbour.example</link><language>en-gb</language>
<item><title>Ferry &amp; crew sail</title><link>https://harbour.example/1</link><guid>x-1</guid><pubDate>Wed, 31 May 2023 14:05:00 GMT</pubDate>
<content:encoded><![CDATA[<p>The ferry sails.</p><p>“Good,” she said.</p>]]></content:encoded></item>
<item><title>Short</title><description>&lt;b&gt;Only&lt;/b&gt; a summary, he said.</description></item>
<item><title>Nothing</title></item></channel></rss>"#;

    #[test]
    fn entries_become_documents() {
        let found = read(RSS);
        assert_eq!(found.len(), 3);
        let first = found[0].as_ref().unwrap();
        assert_eq!(first.format, "feed");
        assert_eq!(first.text, "The ferry sails.\n\n“Good,” she said.");
        assert_eq!((first.outlet_name(), first.external_id.as_deref()), ("Harbour Post", Some("x-1")));
        assert_eq!(first.title.as_ref().unwrap().value, "Ferry & crew sail");
        assert_eq!(first.published.as_ref().unwrap().value.as_str(), "2023-05-31T14:05Z");
        assert_eq!(first.url.as_ref().unwrap().value, "https://harbour.example/1");
        let second = found[1].as_ref().unwrap();
        assert_eq!(second.text, "Only a summary, he said.");
        assert!(second.warnings.iter().any(|warning| warning.code == "W112"));
        assert_eq!(found[2].as_ref().unwrap_err().code, "E205");
    }

    #[test]
    fn atom_and_json_feeds() {
        let atom = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Harbour Post</title><id>f</id><updated>2023-05-31T00:00:00Z</updated>\
            <entry><id>e1</id><title>Ferry</title><updated>2023-06-01T10:00:00Z</updated><published>2023-05-31T14:05:00Z</published>\
            <content type=\"html\">&lt;p&gt;It sails.&lt;/p&gt;</content></entry></feed>";
        let document = read(atom).remove(0).unwrap();
        assert_eq!((document.text.as_str(), document.external_id.as_deref()), ("It sails.", Some("e1")));
        let json = r#"{"version":"https://jsonfeed.org/version/1.1","title":"Harbour Post","items":[{"id":"j1","title":"Ferry",
            "url":"https://harbour.example/1","content_text":"It sails.","date_published":"2023-05-31T14:05:00Z"}]}"#;
        let document = read(json).remove(0).unwrap();
        assert_eq!(
            (document.format.as_str(), document.text.as_str(), document.outlet_name()),
            ("feed", "It sails.", "Harbour Post")
        );
    }

    /// Robustness: entities that expand into others ten levels deep, and one that points at a file.
    #[test]
    fn entities_are_not_expanded() {
        let mut doctype = String::from("<!ENTITY a0 \"bomb\">");
        for level in 1..10 {
            let inner = format!("&a{};", level - 1).repeat(10);
            doctype.push_str(&format!("<!ENTITY a{level} \"{inner}\">"));
        }
        let page = format!(
            "<?xml version=\"1.0\"?><!DOCTYPE rss [{doctype}<!ENTITY f SYSTEM \"file:///etc/hostname\">]><rss version=\"2.0\"><channel><title>H</title>\
             <item><title>x</title><description>&a9; and &f; end</description></item></channel></rss>"
        );
        for document in read(&page).into_iter().flatten() {
            assert!(!document.text.contains("bomb") && document.text.len() < 100, "{}", document.text);
        }
    }
}
