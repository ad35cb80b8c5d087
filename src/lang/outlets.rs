//! Names of outlets by domain, and which names are outlets at all. In: a URL, a host or a name. Out: a name.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

#[derive(Deserialize)]
struct Table {
    agencies: BTreeSet<String>,
    suffixes: BTreeSet<String>,
    domains: BTreeMap<String, String>,
}

static TABLE: LazyLock<Table> =
    LazyLock::new(|| toml::from_str(include_str!("outlets.toml")).expect("the outlet table is checked by a test"));

/// Lower-case names of every outlet and agency of the table, with and without "The", and as printed in the table.
static NAMES: LazyLock<BTreeMap<String, &'static str>> = LazyLock::new(|| {
    let mut names = BTreeMap::new();
    for name in TABLE.domains.values().chain(&TABLE.agencies) {
        let lower = name.to_lowercase();
        if let Some(bare) = lower.strip_prefix("the ") {
            names.entry(bare.to_string()).or_insert(name.as_str());
        }
        names.insert(lower, name.as_str());
    }
    names
});

/// The host of a URL (or of a bare host name), lower case, without `www.` and port. `None` where there is none.
pub fn host_of(url: &str) -> Option<String> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next()?;
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let host = host.split(':').next()?.trim().trim_end_matches('.').to_lowercase();
    let host = ["www.", "m.", "amp.", "edition."].iter().fold(host.as_str(), |h, p| h.strip_prefix(p).unwrap_or(h));
    let labels: Vec<&str> = host.split('.').collect();
    let is_label = |label: &&str| {
        !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-') && !label.starts_with('-')
    };
    let is_host = labels.len() >= 2 && labels.iter().all(is_label);
    let has_name = labels.last().is_some_and(|last| last.len() >= 2 && last.chars().all(|c| !c.is_ascii_digit()));
    (is_host && has_name).then(|| host.to_string())
}

/// The part of a host that one registers: `news.bbc.co.uk` → `bbc.co.uk`.
pub fn registrable_domain(host: &str) -> &str {
    let mut cuts = host.rmatch_indices('.').map(|(at, _)| at + 1);
    let (first, second, third) = (cuts.next(), cuts.next(), cuts.next());
    let _ = first;
    match second {
        Some(at) if TABLE.suffixes.contains(&host[at..]) => third.map_or(host, |at| &host[at..]),
        Some(at) => &host[at..],
        None => host,
    }
}

/// The outlet behind a URL or host: its name in the table, else its registrable domain.
pub fn outlet_of_url(url: &str) -> Option<String> {
    let host = host_of(url)?;
    let mut rest = host.as_str();
    loop {
        if let Some(name) = TABLE.domains.get(rest) {
            return Some(name.clone());
        }
        match rest.split_once('.') {
            Some((_, shorter)) if shorter.contains('.') => rest = shorter,
            _ => return Some(registrable_domain(&host).to_string()),
        }
    }
}

/// The table's spelling of `name`, where it names an outlet or agency of the table (case and "The" do not matter).
pub fn known_outlet(name: &str) -> Option<&'static str> {
    NAMES.get(name.trim().to_lowercase().as_str()).copied()
}

/// Whether `name` is a wire service.
pub fn is_agency(name: &str) -> bool {
    known_outlet(name).is_some_and(|name| TABLE.agencies.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts() {
        for (url, host) in [
            ("https://www.cnn.com/2023/05/31/x.html", Some("cnn.com")),
            ("http://user@news.example.org:8080?q=1", Some("news.example.org")),
            ("BBC.co.uk", Some("bbc.co.uk")),
            ("CNN", None),
            ("10.0.0.1", None),
            ("not a host.", None),
            ("", None),
        ] {
            assert_eq!(host_of(url).as_deref(), host, "{url}");
        }
    }

    #[test]
    fn registrable_domains() {
        for (host, domain) in [
            ("news.bbc.co.uk", "bbc.co.uk"),
            ("bbc.co.uk", "bbc.co.uk"),
            ("a.b.harbour-post.example", "harbour-post.example"),
            ("co.uk", "co.uk"),
            ("example", "example"),
        ] {
            assert_eq!(registrable_domain(host), domain);
        }
    }

    #[test]
    fn names_of_urls() {
        assert_eq!(outlet_of_url("https://edition.cnn.com/a").as_deref(), Some("CNN"));
        assert_eq!(outlet_of_url("https://abcnews.go.com/x").as_deref(), Some("ABC News"));
        assert_eq!(outlet_of_url("https://blog.harbour-post.example/x").as_deref(), Some("harbour-post.example"));
        assert_eq!(outlet_of_url("no url"), None);
    }

    #[test]
    fn names() {
        assert_eq!(known_outlet("guardian"), Some("The Guardian"));
        assert!(is_agency("reuters") && !is_agency("CNN") && !is_agency("Gladkov"));
    }
}
