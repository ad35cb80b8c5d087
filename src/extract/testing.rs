//! Test help: sentences in marked form. `{S Ana Brook} {C said} {Q it rained}` marks source, cue and content;
//! `{A …}`, `{M …}`, `{H …}` mark addressee, medium and a link of the chain.

use crate::lang::language;
use crate::model::{Attribution, Date, Extractor, Reading};
use crate::text::Span;

use super::ExtractOptions;

/// A marked text: the plain words and the marked spans.
pub struct Marked {
    pub text: String,
    pub marks: Vec<(char, Span)>,
}

impl Marked {
    pub fn parse(marked: &str) -> Marked {
        let mut text = String::new();
        let mut marks = Vec::new();
        let mut open: Vec<(char, usize)> = Vec::new();
        let mut chars = marked.chars();
        while let Some(c) = chars.next() {
            match c {
                '{' => {
                    let role = chars.next().expect("a role after {");
                    assert_eq!(chars.next(), Some(' '), "a blank after the role");
                    open.push((role, text.len()));
                }
                '}' => {
                    let (role, start) = open.pop().expect("an open mark");
                    marks.push((role, Span::new(start, text.len())));
                }
                c => text.push(c),
            }
        }
        assert!(open.is_empty(), "a mark was left open in {marked}");
        Marked { text, marks }
    }

    /// The marked words of one role, in text order.
    pub fn words(&self, role: char) -> Vec<&str> {
        let mut spans: Vec<Span> = self.marks.iter().filter(|mark| mark.0 == role).map(|mark| mark.1).collect();
        spans.sort();
        spans.iter().map(|span| span.of(&self.text)).collect()
    }
}

/// One attribution as "source | cue | content / content".
pub fn show(text: &str, found: &Attribution) -> String {
    let words = |spans: &[Span]| spans.iter().map(|span| span.of(text)).collect::<Vec<_>>().join(" / ");
    format!("{} | {} | {}", words(&found.source), words(&found.cue), words(&found.content))
}

/// The raw attributions of the rules tier.
pub fn raw(text: &str) -> Vec<Attribution> {
    super::rules::attributions(&Reading::of_lines(text), language("en"))
}

/// Whether the rules find exactly the marked source, cue and content (and perhaps others).
pub fn accepts(marked: &str) -> Result<(), String> {
    let wanted = Marked::parse(marked);
    let want = format!(
        "{} | {} | {}",
        wanted.words('S').join(" / "),
        wanted.words('C').join(" / "),
        wanted.words('Q').join(" / ")
    );
    let found: Vec<String> = raw(&wanted.text).iter().map(|found| show(&wanted.text, found)).collect();
    if found.contains(&want) { Ok(()) } else { Err(format!("want  {want}\nfound {found:#?}")) }
}

/// Whether the rules find nothing.
pub fn rejects(text: &str) -> Result<(), String> {
    let found: Vec<String> = raw(text).iter().map(|found| show(text, found)).collect();
    if found.is_empty() { Ok(()) } else { Err(format!("nothing wanted in {text}\nfound {found:#?}")) }
}

/// The enriched attributions of the rules tier.
pub fn enriched(text: &str) -> Vec<Attribution> {
    enriched_on(text, None)
}

/// The same for a document published on `published`.
pub fn enriched_on(text: &str, published: Option<Date>) -> Vec<Attribution> {
    let options = ExtractOptions { extractor: Extractor::Rules, published, ..ExtractOptions::default() };
    super::attributions(&Reading::of_lines(text), language("en"), &options)
}

fn field(found: &Attribution, role: char) -> Option<Span> {
    match role {
        'A' => found.addressee,
        'M' => found.medium,
        _ => None,
    }
}

/// Whether the first attribution that has the field has it exactly where `{A …}` or `{M …}` marks it.
#[track_caller]
pub fn check_mark(role: char, marked: &str) {
    let wanted = Marked::parse(marked);
    let found = enriched(&wanted.text);
    let got = found.iter().find_map(|found| field(found, role)).map(|span| span.of(&wanted.text));
    assert_eq!(got, wanted.words(role).first().copied(), "{marked}");
}

/// Whether something is found, but no such field.
#[track_caller]
pub fn check_no_mark(role: char, text: &str) {
    let found = enriched(text);
    assert!(!found.is_empty(), "nothing found in {text}");
    assert_eq!(found.iter().find_map(|found| field(found, role)).map(|span| span.of(text)), None, "{text}");
}

/// Whether the chain of the first attribution is what `{1 …}`, `{2 …}` mark, farthest first; none where nothing is marked.
#[track_caller]
pub fn check_chain(marked: &str) {
    let wanted = Marked::parse(marked);
    let found = enriched(&wanted.text);
    assert!(!found.is_empty(), "nothing found in {}", wanted.text);
    let chain: Vec<&str> = found[0].chain.iter().map(|span| span.of(&wanted.text)).collect();
    let links: Vec<&str> = "12345".chars().flat_map(|link| wanted.words(link)).collect();
    assert_eq!(chain, links, "{marked}");
}
