//! Markdown: the stored text is the decoded text, unchanged; the fields of a front matter block say what is known.

use std::collections::BTreeMap;

use super::ReadOptions;
use super::fields::{Record, fill};
use super::readers::{Documents, Sample};
use crate::model::Document;

/// Most lines of a front matter block.
const FRONT_MATTER: usize = 60;

struct Fields(BTreeMap<String, String>);

impl Record for Fields {
    fn field(&self, name: &str) -> Option<String> {
        self.0.get(&name.to_lowercase()).cloned()
    }
}

pub(super) fn sniff(sample: &Sample) -> bool {
    let heading = sample.start().lines().next().is_some_and(|line| line.starts_with("# ") && line.len() > 4);
    sample.path_ends(&[".md", ".markdown"])
        || heading
        || front_matter(sample.text).is_some_and(|fields| !fields.0.is_empty())
}

pub(super) fn read(sample: &Sample, options: &ReadOptions) -> Documents {
    let mut document = Document { text: sample.text.to_string(), ..Document::default() };
    if let Some(fields) = front_matter(sample.text) {
        fill(&mut document, &fields, options);
        document.external_id = None;
    }
    vec![Ok(document)]
}

/// `key: value` lines between two lines of three hyphens at the very start.
fn front_matter(text: &str) -> Option<Fields> {
    let mut lines = text.trim_start().lines().map(str::trim_end);
    if lines.next()? != "---" {
        return None;
    }
    let mut fields = BTreeMap::new();
    for line in lines.take(FRONT_MATTER) {
        if matches!(line, "---" | "...") {
            return Some(Fields(fields));
        }
        if let Some((key, value)) = line.split_once(':').filter(|(key, _)| !key.starts_with([' ', '-', '#'])) {
            let value = value.trim().trim_matches(['"', '\'', '[', ']']);
            fields.insert(key.trim().to_lowercase(), value.to_string());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::model::PassageKind;
    use crate::read::{Input, ReadOptions, documents, reading};

    #[test]
    fn front_matter_is_read_marked_and_kept() {
        let text = "---\ntitle: \"Ferry sails\"\ndate: 2023-05-31\nsource: Harbour Post\nlang: en\n---\n\n# Ferry sails\n\nThe ferry sails, he said.\n";
        let document =
            documents(&Input { bytes: text.as_bytes(), path: None }, &ReadOptions::default()).remove(0).unwrap();
        assert_eq!((document.format.as_str(), document.text.as_str()), ("markdown", text));
        assert_eq!(document.published.as_ref().unwrap().value.as_str(), "2023-05-31");
        assert_eq!(document.outlet.as_ref().unwrap().from, "field source");
        assert_eq!(document.title.as_ref().unwrap().value, "Ferry sails");
        let kinds: Vec<PassageKind> =
            reading(text, crate::lang::language("en")).passages.iter().map(|passage| passage.kind).collect();
        use PassageKind::*;
        assert_eq!(
            kinds,
            [Boilerplate, Boilerplate, Boilerplate, Boilerplate, Boilerplate, Boilerplate, Headline, Body]
        );
    }

    #[test]
    fn three_hyphens_alone_are_no_front_matter() {
        let read = |text: &str| {
            documents(&Input { bytes: text.as_bytes(), path: None }, &ReadOptions::default()).remove(0).unwrap()
        };
        assert_eq!(read("---\nThe ferry sails.").format, "text");
        assert_eq!(read("# Ferry sails\n\nIt does.").format, "markdown");
        assert_eq!(read("#ferry sails again").format, "text");
    }
}
