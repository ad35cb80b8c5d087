//! What a page says about itself: JSON-LD, OpenGraph and other meta tags, canonical link, language, title.

use std::collections::BTreeMap;

use serde_json::Value;

use super::tags::{Piece, attribute, decoded, pieces};
use crate::lang::{host_of, outlet_of_url};
use crate::model::{Document, Known};
use crate::read::fields::{Record, known_date, language_code};

/// Everything of interest, as found, first occurrence of each name.
#[derive(Default)]
struct Found {
    meta: BTreeMap<String, String>,
    canonical: Option<String>,
    language: Option<String>,
    title: Option<String>,
    /// `datetime` of the first `<time>` that is marked as the publication date, or of the first at all.
    time: Option<(bool, String)>,
    json_ld: Vec<Value>,
    saved_from: Option<String>,
    saved_at: Option<String>,
}

/// schema.org types of articles, and the page types that serve where there is no article.
const ARTICLES: &[&str] = &[
    "NewsArticle",
    "ReportageNewsArticle",
    "AnalysisNewsArticle",
    "OpinionNewsArticle",
    "BackgroundNewsArticle",
    "ReviewNewsArticle",
    "AskPublicNewsArticle",
    "LiveBlogPosting",
    "BlogPosting",
    "Article",
    "Report",
    "SocialMediaPosting",
    "ScholarlyArticle",
];
const PAGES: &[&str] = &["WebPage", "ItemPage", "AboutPage", "VideoObject"];

const TITLES: &[&str] = &["og:title", "twitter:title", "dc.title", "headline", "title"];
const SITES: &[&str] = &[
    "og:site_name",
    "application-name",
    "publisher",
    "dc.publisher",
    "twitter:site:name",
    "apple-mobile-web-app-title",
];
const AUTHORS: &[&str] =
    &["author", "article:author", "byl", "parsely-author", "dc.creator", "sailthru.author", "cxenseparse:author"];
const PUBLISHED: &[&str] = &[
    "article:published_time",
    "og:article:published_time",
    "article:published",
    "datepublished",
    "publish-date",
    "publishdate",
    "publication_date",
    "pubdate",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dc.date",
    "dcterms.created",
    "dcterms.date",
    "date",
    "last-published",
    "cxenseparse:recs:publishtime",
    "og:published_time",
    "article.published",
    "og:pubdate",
];
const MODIFIED: &[&str] = &[
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "lastmod",
    "last-modified",
    "dcterms.modified",
    "article:modified",
    "revised",
];
const LANGUAGES: &[&str] = &["content-language", "og:locale", "dc.language", "language"];

/// Fills `document` from the page; what the page does not say stays unknown.
pub(super) fn fill(document: &mut Document, page: &str) {
    let found = gather(page);
    let article = article_of(&found.json_ld);
    let ld = |path: &str| {
        article.and_then(|article| article.field(path)).map(|words| decoded(words.trim())).filter(|w| !w.is_empty())
    };
    let meta = |names: &[&str]| {
        names.iter().find_map(|name| found.meta.get(*name).map(|words| (words.clone(), format!("meta {name}"))))
    };
    let known = |value: Option<(String, String)>| value.map(|(words, from)| Known::read(words, &from));
    let from_ld = |path: &str| ld(path).map(|words| (words, "json-ld".to_string()));

    document.title = known(
        from_ld("headline")
            .or_else(|| meta(TITLES))
            .or_else(|| found.title.clone().map(|words| (words, "title tag".to_string()))),
    );
    document.author =
        known(from_ld("author").or_else(|| meta(AUTHORS).filter(|(words, _)| !words.starts_with("http"))));
    document.outlet =
        known(from_ld("publisher.name").or_else(|| from_ld("publisher")).or_else(|| meta(SITES))).map(named_outlet);
    document.url = known(url_of(&found, article));
    let language = from_ld("inLanguage")
        .or_else(|| found.language.clone().map(|words| (words, "html lang".to_string())))
        .or_else(|| meta(LANGUAGES));
    document.language = language.and_then(|(words, from)| Some(Known::read(language_code(&words)?, &from)));

    let time = found.time.clone().filter(|(marked, _)| *marked).map(|(_, words)| (words, "time tag".to_string()));
    let published = [from_ld("datePublished"), meta(PUBLISHED), time, from_ld("dateCreated"), from_ld("uploadDate")];
    let modified = [from_ld("dateModified"), meta(MODIFIED)];
    document.published = published.into_iter().flatten().find_map(|(words, from)| known_date(document, &words, &from));
    document.modified = modified.into_iter().flatten().find_map(|(words, from)| known_date(document, &words, &from));
    document.captured = found.saved_at.as_deref().and_then(|words| known_date(document, words, "saved page"));
    if document.published.is_some() {
        document.warnings.retain(|warning| warning.code != "W113");
    }
}

fn gather(page: &str) -> Found {
    let mut found = Found::default();
    let mut json_ld = false;
    for (piece, _) in pieces(page) {
        match piece {
            Piece::Open { name, attributes, .. } => {
                json_ld = tag(&mut found, &name.to_ascii_lowercase(), attributes);
            }
            Piece::Raw { text, .. } if json_ld => found.json_ld.extend(json_of(text)),
            Piece::Raw { name, text } if name.eq_ignore_ascii_case("title") => {
                let words = decoded(text).split_whitespace().collect::<Vec<_>>().join(" ");
                found.title = found.title.or(Some(words)).filter(|words| !words.is_empty());
            }
            Piece::Comment(text) => comment(&mut found, text),
            _ => {}
        }
    }
    found
}

/// Takes what an opening tag says; true where it opens JSON-LD.
fn tag(found: &mut Found, name: &str, attributes: &str) -> bool {
    let value =
        |key: &str| attribute(attributes, key).map(|words| words.trim().to_string()).filter(|words| !words.is_empty());
    match name {
        "html" => found.language = found.language.take().or_else(|| value("lang").or_else(|| value("xml:lang"))),
        "meta" => {
            let key = value("property")
                .or_else(|| value("name"))
                .or_else(|| value("itemprop"))
                .or_else(|| value("http-equiv"));
            if let (Some(key), Some(content)) = (key, value("content")) {
                found.meta.entry(key.to_lowercase()).or_insert(content);
            }
        }
        "link" if value("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical")) => {
            found.canonical = found.canonical.take().or_else(|| value("href"));
        }
        "time" => {
            let marks =
                [value("itemprop"), value("class"), attribute(attributes, "pubdate").map(|_| "pubdate".to_string())];
            let marked =
                marks.into_iter().flatten().any(|mark| mark.to_lowercase().contains("publish") || mark == "pubdate");
            if let Some(datetime) =
                value("datetime").filter(|_| found.time.as_ref().is_none_or(|(known, _)| marked && !known))
            {
                found.time = Some((marked, datetime));
            }
        }
        "script" => {
            return value("type").is_some_and(|kind| kind.to_ascii_lowercase().starts_with("application/ld+json"));
        }
        _ => {}
    }
    false
}

/// Browsers and page savers write where a page came from: "saved from url=(0032)https://…", "url: … saved date: …".
fn comment(found: &mut Found, text: &str) {
    if let Some((_, rest)) = text.split_once("saved from url=(") {
        let url = rest.split_once(')').map_or("", |(_, url)| url.split_whitespace().next().unwrap_or(""));
        found.saved_from = Some(url.to_string()).filter(|url| url.starts_with("http"));
    }
    let Some((_, rest)) = text.split_once("saved with SingleFile").or_else(|| text.split_once("Page saved with"))
    else {
        return;
    };
    let after = |label: &str| rest.split_once(label).map(|(_, after)| after.trim());
    found.saved_from = after("url:").and_then(|after| after.split_whitespace().next()).map(str::to_string);
    let day = |after: &str| after.split_whitespace().take(4).collect::<Vec<_>>().join(" ");
    found.saved_at = after("saved date:").map(day);
}

fn json_of(text: &str) -> Option<Value> {
    let bare = text.trim().trim_start_matches("<!--").trim_start_matches("//<![CDATA[").trim_start_matches("<![CDATA[");
    let bare =
        bare.trim_end_matches("-->").trim_end_matches("//]]>").trim_end_matches("]]>").trim().trim_end_matches(';');
    serde_json::from_str(bare).ok()
}

/// The first object that describes an article, else the first that describes a page.
fn article_of(blocks: &[Value]) -> Option<&Value> {
    let mut objects = Vec::new();
    blocks.iter().for_each(|block| collect(block, &mut objects));
    let of_type = |types: &[&str]| objects.iter().find(|object| has_type(object, types)).copied();
    of_type(ARTICLES).or_else(|| of_type(PAGES))
}

fn collect<'v>(value: &'v Value, objects: &mut Vec<&'v Value>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, objects)),
        Value::Object(object) => {
            objects.push(value);
            ["@graph", "mainEntity", "mainEntityOfPage"]
                .iter()
                .filter_map(|key| object.get(*key))
                .for_each(|inner| collect(inner, objects));
        }
        _ => {}
    }
}

fn has_type(object: &Value, types: &[&str]) -> bool {
    let bare = |name: &str| name.rsplit(['/', '#']).next().is_some_and(|name| types.contains(&name));
    match object.get("@type") {
        Some(Value::String(name)) => bare(name),
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).any(bare),
        _ => false,
    }
}

fn url_of(found: &Found, article: Option<&Value>) -> Option<(String, String)> {
    let is_url = |words: &String| words.starts_with("http://") || words.starts_with("https://");
    let from = |words: Option<String>, from: &str| words.filter(is_url).map(|words| (words, from.to_string()));
    let ld = |path: &str| article.and_then(|article| article.field(path));
    from(found.canonical.clone(), "canonical link")
        .or_else(|| from(found.meta.get("og:url").cloned(), "meta og:url"))
        .or_else(|| from(ld("url"), "json-ld"))
        .or_else(|| from(ld("mainEntityOfPage.@id"), "json-ld"))
        .or_else(|| from(ld("mainEntityOfPage"), "json-ld"))
        .or_else(|| from(found.saved_from.clone(), "saved page"))
}

/// A publisher given as an address is named by the outlet table.
fn named_outlet(outlet: Known<String>) -> Known<String> {
    let is_address = host_of(&outlet.value).is_some() && !outlet.value.contains(' ');
    match is_address.then(|| outlet_of_url(&outlet.value)).flatten() {
        Some(value) => Known { value, ..outlet },
        None => outlet,
    }
}
