//! Every escaper of the room in one place. In: untrusted text (headlines, names, addresses). Out: text that means the
//! same in one format and can never become markup, code or a hidden control there.

use std::borrow::Cow;
use std::fmt::Write;

use serde_json::Value;

/// The text as readers should see it: control characters become their pictures (␀ …), bidi controls and other
/// invisible characters become `[U+202E]`, so that nothing is hidden and nothing reorders a picture.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\u{00}'..='\u{1F}' if is_hidden(c) => out.push(char::from_u32(0x2400 + c as u32).unwrap_or('�')),
            '\u{7F}' => out.push('␡'),
            _ if is_hidden(c) => {
                let _ = write!(out, "[U+{:04X}]", c as u32);
            }
            _ => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Characters that XML forbids, that reorder text, or that nobody can see. Tab, line feed and carriage return are
/// plain white space; zero-width joiners stay, because scripts need them.
fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{00}'..='\u{08}' | '\u{0B}' | '\u{0C}' | '\u{0E}'..='\u{1F}' | '\u{7F}'..='\u{9F}'
        | '\u{061C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
        | '\u{FDD0}'..='\u{FDEF}' | '\u{FFFE}' | '\u{FFFF}' | '\u{E0000}'..='\u{E007F}')
        || (c as u32) & 0xFFFE == 0xFFFE
}

/// For XML and HTML, in text and in attribute values of either quotation mark.
pub fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in visible(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // a parser would turn a raw one into a line feed
            '\r' => out.push_str("&#13;"),
            _ => out.push(c),
        }
    }
    out
}

/// A quoted DOT string, marks included. Backslashes are doubled, so that `\N` and `\G` stay letters; ampersands are
/// written as entities, because Graphviz reads entities in labels.
pub fn dot(text: &str) -> String {
    let mut out = String::from("\"");
    for c in visible(text).chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '&' => out.push_str("&amp;"),
            '\n' => out.push_str("\\n"),
            '\r' => {}
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}

/// JSON text, indented, a line feed at its end. Inside strings `<`, `>` and characters that nobody sees or that reorder
/// text are written as escapes: parsers read the same strings, and the file is safe to show and to put into a page.
pub fn json_text(value: &Value) -> String {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    let mut out = String::with_capacity(text.len() + 1);
    for c in text.chars() {
        // white space between values is no more than spaces and line feeds; everything else stands inside strings
        if c == '<' || c == '>' || is_hidden(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out.push('\n');
    out
}

/// Text inside the braces of a BibTeX field: no braces, no commands and no comments of its own; one line.
pub fn bibtex(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in visible(text).chars() {
        match BIBTEX.iter().find(|(special, _)| *special == c) {
            Some((_, command)) => out.push_str(command),
            None if c.is_whitespace() => out.push(' '),
            None => out.push(c),
        }
    }
    out
}

/// Braces as commands, because BibTeX counts `\{` too.
const BIBTEX: [(char, &str); 12] = [
    ('\\', "\\textbackslash{}"),
    ('{', "\\textbraceleft{}"),
    ('}', "\\textbraceright{}"),
    ('~', "\\textasciitilde{}"),
    ('^', "\\textasciicircum{}"),
    ('<', "\\textless{}"),
    ('>', "\\textgreater{}"),
    ('#', "\\#"),
    ('$', "\\$"),
    ('%', "\\%"),
    ('&', "\\&"),
    ('_', "\\_"),
];

/// A table cell that no spreadsheet takes for a formula. Quoting is the CSV writer's.
pub fn cell(text: &str) -> String {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{text}"),
        _ => text.to_string(),
    }
}

/// One line of Markdown text: nothing in it is markup, HTML or a link.
pub fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in visible(text).chars() {
        match c {
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '#' | '+' | '-' | '!' | '|' | '~' | ':' => {
                out.push('\\');
                out.push(c);
            }
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\n' | '\r' | '\t' => out.push(' '),
            _ => out.push(c),
        }
    }
    out
}

/// An address that a reader may follow: http, https or file, percent-encoded where it must be. `None` for any other
/// scheme (`javascript:`, `data:`), for relative addresses and for addresses with control characters.
pub fn web_address(address: &str) -> Option<String> {
    let address = address.trim();
    let (scheme, rest) = address.split_once(':')?;
    let known = ["http", "https", "file"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    if !known || !rest.starts_with("//") || address.chars().any(|c| c.is_control() || is_hidden(c)) {
        return None;
    }
    let mut out = String::with_capacity(address.len());
    for c in address.chars() {
        match c {
            ' ' | '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}' | '\'' | '(' | ')' => {
                let _ = write!(out, "%{:02X}", c as u32);
            }
            _ => out.push(c),
        }
    }
    Some(out)
}

/// A name for an element or for `#…`: letters, digits, `-` and `_` only.
pub fn anchor(id: &str) -> String {
    id.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use quick_xml::Reader;
    use quick_xml::events::Event;

    /// The text of `<t a="…">…</t>` as an XML parser reads it: (attribute, content). Any other element fails.
    fn parsed(document: &str) -> (String, String) {
        let mut reader = Reader::from_str(document);
        let (mut attribute, mut content) = (String::new(), String::new());
        let mut elements = 0;
        loop {
            match reader.read_event().expect("well-formed") {
                Event::Start(start) => {
                    elements += 1;
                    let found = start.attributes().next().expect("one attribute").expect("well-formed");
                    attribute = found
                        .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                        .expect("known entities")
                        .into_owned();
                }
                Event::Text(text) => content.push_str(&text),
                Event::GeneralRef(name) => {
                    let whole = format!("&{};", &*name);
                    content.push_str(&quick_xml::escape::unescape(&whole).expect("known entity"));
                }
                Event::End(_) => {}
                Event::Eof => break,
                other => panic!("active content: {other:?}"),
            }
        }
        assert_eq!(elements, 1);
        (attribute, content)
    }

    fn check_xml(text: &str) {
        let safe = xml(text);
        let (attribute, content) = parsed(&format!("<t a=\"{safe}\">{safe}</t>"));
        assert_eq!(content, visible(text), "{text:?}");
        // a parser evens out white space in attributes
        let even = |text: &str| text.replace(['\n', '\t', '\r'], " ");
        assert_eq!(even(&attribute), even(&visible(text)), "{text:?}");
    }

    fn check_dot(text: &str) {
        let graph = format!("digraph {{ a[label={}] }}", dot(text));
        let parsed = graphviz_rust::parse(&graph).expect("valid DOT");
        let graphviz_rust::dot_structures::Graph::DiGraph { stmts, .. } = parsed else { panic!("digraph") };
        assert_eq!(stmts.len(), 1, "{text:?}");
        assert!(format!("{stmts:?}").starts_with("[Node("), "{stmts:?}");
    }

    const HOSTILE: &[&str] = &[
        "]]>",
        "<script>alert(1)</script>",
        "\"];",
        "\\N \\G \\L \\",
        "\\\"",
        "javascript:alert(1)",
        "a & b &amp; c",
        "it's \"quoted\"",
        "\u{202E}gnp.exe",
        "\u{0}\u{1}\u{1B}[31m\u{7F}\u{9B}",
        "line\nline\r\nline\ttab",
        "-->",
        "<!--",
        "%s%n",
        "日本語 العربية 🙂 👩‍👩‍👧",
        "",
        "=cmd|' /C calc'!A0",
    ];

    #[test]
    fn hostile_labels_stay_labels() {
        for text in HOSTILE {
            check_xml(text);
            check_dot(text);
        }
    }

    #[test]
    fn hidden_characters_become_visible() {
        assert_eq!(visible("a\u{202E}b"), "a[U+202E]b");
        assert_eq!(visible("a\u{7}b"), "a␇b");
        assert_eq!(visible("a\u{9B}b"), "a[U+009B]b");
        assert_eq!(visible("nothing hidden\n"), "nothing hidden\n");
    }

    #[test]
    fn only_web_addresses_are_links() {
        let check = |address: &str, expected: Option<&str>| assert_eq!(web_address(address).as_deref(), expected);
        check("https://example.org/a?b=c&d=e", Some("https://example.org/a?b=c&d=e"));
        check("HTTP://example.org/", Some("HTTP://example.org/"));
        check("file:///tmp/a b.html", Some("file:///tmp/a%20b.html"));
        check("https://example.org/\"onmouseover=\"x", Some("https://example.org/%22onmouseover=%22x"));
        check("javascript:alert(1)", None);
        check(" java\nscript:alert(1)", None);
        check("data:text/html,<script>", None);
        check("https:evil", None);
        check("example.org", None);
        check("https://a\u{202E}b", None);
    }

    #[test]
    fn no_cell_is_a_formula() {
        for text in ["=1+1", "+1", "-1", "@x", "\tx", "\rx"] {
            assert!(cell(text).starts_with('\''), "{text:?}");
        }
        assert_eq!(cell("1-1"), "1-1");
    }

    #[test]
    fn markdown_has_no_markup_left() {
        assert_eq!(markdown("[a](b) <i> *c*"), "\\[a\\]\\(b\\) &lt;i&gt; \\*c\\*");
        assert_eq!(markdown("a|b\nc"), "a\\|b c");
    }

    /// What a BibTeX reader makes of an escaped text.
    fn from_bibtex(escaped: &str) -> String {
        BIBTEX.iter().fold(escaped.to_string(), |text, (c, command)| text.replace(command, &c.to_string()))
    }

    #[test]
    fn references_hold_no_commands() {
        assert_eq!(
            bibtex("50 % of {A} & \\B_1\n#"),
            "50 \\% of \\textbraceleft{}A\\textbraceright{} \\& \\textbackslash{}B\\_1 \\#"
        );
        assert_eq!(bibtex("plain, words."), "plain, words.");
    }

    #[test]
    fn json_is_safe_inside_a_page() {
        let text = json_text(&serde_json::json!({ "a": "</script>\u{202E}\u{E0001}" }));
        assert_eq!(text, "{\n  \"a\": \"\\u003c/script\\u003e\\u202e\\udb40\\udc01\"\n}\n");
    }

    proptest! {
        #[test]
        fn any_text_survives_bibtex(text in any::<String>().prop_filter("no command", |text| !text.contains('\\'))) {
            let safe = bibtex(&text);
            let even: String = visible(&text).chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
            prop_assert_eq!(from_bibtex(&safe), even);
            let mut depth = 0;
            for c in safe.chars() {
                depth += i32::from(c == '{') - i32::from(c == '}');
                prop_assert!(depth >= 0);
            }
            prop_assert_eq!(depth, 0);
        }

        #[test]
        fn any_text_survives_json(text in any::<String>()) {
            let safe = json_text(&Value::String(text.clone()));
            prop_assert_eq!(serde_json::from_str::<String>(&safe).expect("JSON"), text);
            prop_assert!(!safe.chars().any(is_hidden) && !safe.contains('<'));
        }

        #[test]
        fn any_text_survives_xml(text in any::<String>()) {
            check_xml(&text);
        }

        #[test]
        fn any_text_survives_dot(text in any::<String>()) {
            check_dot(&text);
        }

        #[test]
        fn a_link_is_never_active(text in any::<String>()) {
            if let Some(address) = web_address(&text) {
                let lower = address.to_ascii_lowercase();
                prop_assert!(lower.starts_with("http://") || lower.starts_with("https://") || lower.starts_with("file://"));
                prop_assert!(!address.contains(['"', '\'', '<', '>', ' ']));
            }
        }

        #[test]
        fn anchors_are_plain(text in any::<String>()) {
            prop_assert!(anchor(&text).chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'));
        }
    }
}
