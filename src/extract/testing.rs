//! Test help: sentences in marked form. `{S Ana Brook} {C said} {Q it rained}` marks source, cue and content;
//! `{A …}`, `{M …}`, `{H …}` mark addressee, medium and a link of the chain.

use crate::lang::language;
use crate::model::{Attribution, Reading};
use crate::text::Span;

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
