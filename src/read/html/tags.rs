//! The tags of a page in one linear pass: enough for metadata, for nesting depth and for plain text; no tree.

/// What stands at one place of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'p> {
    Open {
        name: &'p str,
        /// The text between the name and the end of the tag.
        attributes: &'p str,
        self_closing: bool,
    },
    Close {
        name: &'p str,
    },
    /// Text between tags, entities not yet decoded.
    Text(&'p str),
    /// What stands inside `script`, `style`, `title` and the like, taken whole.
    Raw {
        name: &'p str,
        text: &'p str,
    },
    /// A comment without its marks.
    Comment(&'p str),
    /// Doctype, processing instruction.
    Other,
}

/// Elements whose content is not markup.
const RAW: &[&str] = &["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"];

/// The pieces of `page` with the byte ranges they cover, in order and without gaps.
pub(super) fn pieces(page: &str) -> Pieces<'_> {
    Pieces { page, at: 0, raw: None }
}

pub(super) struct Pieces<'p> {
    page: &'p str,
    at: usize,
    /// The raw element that was just opened.
    raw: Option<&'p str>,
}

impl<'p> Iterator for Pieces<'p> {
    type Item = (Piece<'p>, std::ops::Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.at;
        let rest = &self.page[start..];
        if rest.is_empty() {
            return None;
        }
        let (piece, length) = match self.raw.take() {
            Some(name) => {
                let end = end_of_raw(rest, name);
                (Piece::Raw { name, text: &rest[..end] }, end)
            }
            None => markup(rest).unwrap_or_else(|| text(rest)),
        };
        self.at += length;
        if let Piece::Open { name, self_closing: false, .. } = piece {
            self.raw = RAW.iter().any(|raw| name.eq_ignore_ascii_case(raw)).then_some(name);
        }
        Some((piece, start..self.at))
    }
}

/// Text up to the next `<` that could open a tag.
fn text(rest: &str) -> (Piece<'_>, usize) {
    let from = usize::from(rest.starts_with('<'));
    let length = rest[from..].find('<').map_or(rest.len(), |at| at + from);
    (Piece::Text(&rest[..length]), length)
}

fn markup(rest: &str) -> Option<(Piece<'_>, usize)> {
    let inner = rest.strip_prefix('<')?;
    if let Some(comment) = inner.strip_prefix("!--") {
        let end = comment.find("-->").unwrap_or(comment.len());
        return Some((Piece::Comment(&comment[..end]), (4 + end + 3).min(rest.len())));
    }
    if inner.starts_with(['!', '?']) {
        return Some((Piece::Other, rest.find('>').map_or(rest.len(), |at| at + 1)));
    }
    let (closing, inner) = inner.strip_prefix('/').map_or((false, inner), |inner| (true, inner));
    if !inner.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let name = &inner[..inner.find(|c: char| c.is_whitespace() || "/>".contains(c)).unwrap_or(inner.len())];
    let after = &inner[name.len()..];
    let end = end_of_tag(after);
    let attributes = &after[..end];
    let length = rest.len() - after.len() + (end + 1).min(after.len());
    let piece = match closing {
        true => Piece::Close { name },
        false => Piece::Open { name, attributes, self_closing: attributes.ends_with('/') },
    };
    Some((piece, length))
}

/// Where `>` stands outside quotation marks; the end of the page where there is none.
fn end_of_tag(after: &str) -> usize {
    let mut quote = None;
    let mut before_value = false;
    for (at, b) in after.bytes().enumerate() {
        match (quote, b) {
            (Some(open), b) if b == open => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') if before_value => quote = Some(b),
            (None, b'>') => return at,
            (None, b'=') => before_value = true,
            (None, b) if !b.is_ascii_whitespace() => before_value = false,
            (None, _) => {}
        }
    }
    after.len()
}

fn end_of_raw(rest: &str, name: &str) -> usize {
    let closes = |at: usize| {
        let after = rest.get(at + 2..at + 2 + name.len());
        after.is_some_and(|found| found.eq_ignore_ascii_case(name))
    };
    rest.match_indices("</").map(|(at, _)| at).find(|at| closes(*at)).unwrap_or(rest.len())
}

/// The value of attribute `name`, entities decoded.
pub(super) fn attribute(attributes: &str, name: &str) -> Option<String> {
    let mut rest = attributes;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if rest.is_empty() {
            return None;
        }
        let end =
            rest.find(|c: char| c.is_whitespace() || "=/".contains(c)).filter(|end| *end > 0).unwrap_or(rest.len());
        let key = &rest[..end];
        rest = rest[end..].trim_start();
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            (value, rest) = attribute_value(after.trim_start());
        }
        if key.eq_ignore_ascii_case(name) {
            return Some(decoded(value));
        }
    }
}

fn attribute_value(after: &str) -> (&str, &str) {
    match after.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let inner = &after[1..];
            let end = inner.find(quote).unwrap_or(inner.len());
            (&inner[..end], inner.get(end + 1..).unwrap_or(""))
        }
        _ => after.split_at(after.find(char::is_whitespace).unwrap_or(after.len())),
    }
}

/// Named entities that news pages use; anything else stays as it is.
const ENTITIES: &[(&str, &str)] = &[
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", "\u{a0}"),
    ("ndash", "–"),
    ("mdash", "—"),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("sbquo", "‚"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("bdquo", "„"),
    ("laquo", "«"),
    ("raquo", "»"),
    ("hellip", "…"),
    ("bull", "•"),
    ("middot", "·"),
    ("copy", "©"),
    ("reg", "®"),
    ("trade", "™"),
    ("euro", "€"),
    ("pound", "£"),
    ("deg", "°"),
    ("auml", "ä"),
    ("ouml", "ö"),
    ("uuml", "ü"),
    ("Auml", "Ä"),
    ("Ouml", "Ö"),
    ("Uuml", "Ü"),
    ("szlig", "ß"),
    ("eacute", "é"),
    ("egrave", "è"),
    ("agrave", "à"),
    ("ccedil", "ç"),
    ("shy", ""),
];

/// `text` with its character references replaced.
pub(super) fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let reference =
            rest.bytes().take(12).position(|b| b == b';').and_then(|end| Some((rest.get(1..end)?, end + 1)));
        match reference.and_then(|(name, length)| Some((character(name)?, length))) {
            Some((found, length)) => {
                out.push_str(&found);
                rest = &rest[length..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn character(name: &str) -> Option<String> {
    let Some(number) = name.strip_prefix('#') else {
        return ENTITIES.iter().find(|(known, _)| *known == name).map(|(_, words)| (*words).to_string());
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    Some(char::from_u32(code).filter(|c| *c != '\0').unwrap_or('\u{FFFD}').to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(page: &str) -> Vec<String> {
        let one = |(piece, _)| match piece {
            Piece::Open { name, .. } => format!("<{name}"),
            Piece::Close { name } => format!("/{name}"),
            Piece::Text(text) => format!("“{text}"),
            Piece::Raw { name, text } => format!("{name}:{text}"),
            Piece::Comment(text) => format!("!{text}"),
            Piece::Other => "?".to_string(),
        };
        pieces(page).map(one).collect()
    }

    #[test]
    fn takes_a_page_apart() {
        assert_eq!(
            shown("<!doctype html><p class=\"a>b\">1 < 2</p><!-- <b> --><script>if (a</b) {}</script>x"),
            ["?", "<p", "“1 ", "“< 2", "/p", "! <b> ", "<script", "script:if (a</b) {}", "/script", "“x"]
        );
        assert_eq!(shown("<p"), ["<p"]);
        assert_eq!(shown("<!-- never closed"), ["! never closed"]);
        assert_eq!(shown("<title>a & b"), ["<title", "title:a & b"]);
    }

    #[test]
    fn reads_attributes() {
        let tag = " property='og:title' content=\"A &amp; B &#8220;x&#x201D;\" async data-x=1/";
        assert_eq!(attribute(tag, "property").as_deref(), Some("og:title"));
        assert_eq!(attribute(tag, "CONTENT").as_deref(), Some("A & B “x”"));
        assert_eq!(attribute(tag, "async").as_deref(), Some(""));
        assert_eq!(attribute(tag, "data-x").as_deref(), Some("1/"));
        assert_eq!(attribute(tag, "href"), None);
        assert_eq!(attribute("=\"x\" =", "y"), None);
    }

    proptest! {
        #[test]
        fn pieces_cover_the_page(page in "[<>/!a-c\"'= &;é-]{0,80}") {
            let mut end = 0;
            for (_, range) in pieces(&page) {
                prop_assert_eq!(range.start, end);
                prop_assert!(range.end > range.start || page[range.start..].starts_with("</"));
                end = range.end;
            }
            prop_assert_eq!(end, page.len());
            let _ = (attribute(&page, "a"), decoded(&page));
        }
    }
}
