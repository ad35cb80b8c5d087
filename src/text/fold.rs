//! Folding with alignment: a lower-case ASCII view of a text in which every byte knows its place in the original.
//! Matching happens on the view, citing on the original.

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

use super::Span;

/// A folded view of one text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    /// The folded text (ASCII where the original can be transliterated).
    pub text: String,
    /// For every byte of `text`, the byte span of the original character it came from.
    origin: Vec<(u32, u32)>,
}

impl Folded {
    /// The span of the original that a byte range of the view came from.
    pub fn original(&self, folded: Span) -> Span {
        if folded.is_empty() || folded.end > self.origin.len() {
            return Span::default();
        }
        let start = self.origin[folded.start].0;
        let end = self.origin[folded.end - 1].1;
        Span::new(start as usize, end as usize)
    }
}

/// Folds case, diacritics, compatibility forms, quotation marks, dashes and non-Latin letters;
/// invisible characters (zero width, bidi controls) disappear.
pub fn fold(text: &str) -> Folded {
    let mut folded = Folded::default();
    for (byte, c) in text.char_indices() {
        let from = folded.text.len();
        fold_char(c, &mut folded.text);
        let origin = (byte as u32, (byte + c.len_utf8()) as u32);
        folded.origin.resize(folded.origin.len() + folded.text.len() - from, origin);
    }
    folded
}

/// The folded form of a single word or short string, without alignment.
pub fn fold_word(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    if word.is_ascii() {
        out.extend(word.bytes().map(fold_ascii));
        return out;
    }
    for c in word.chars() {
        fold_char(c, &mut out);
    }
    out
}

/// A key under which two renderings of one text are equal: folded, words only, single spaces.
pub fn match_key(text: &str) -> String {
    if text.is_ascii() {
        return ascii_key(text);
    }
    let folded = fold_word(text);
    let mut key = String::with_capacity(folded.len());
    for word in folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if !key.is_empty() {
            key.push(' ');
        }
        key.push_str(word);
    }
    key
}

/// As `match_key`, of ASCII.
fn ascii_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    let mut apart = false;
    for byte in text.bytes() {
        if !byte.is_ascii_alphanumeric() {
            apart = true;
            continue;
        }
        if apart && !key.is_empty() {
            key.push(' ');
        }
        apart = false;
        key.push(char::from(byte.to_ascii_lowercase()));
    }
    key
}

/// As `fold_char`, of ASCII.
fn fold_ascii(byte: u8) -> char {
    match byte {
        b'A'..=b'Z' => char::from(byte.to_ascii_lowercase()),
        b'`' => '\'',
        b'\t' | 0x0B | 0x0C | b'\r' => ' ',
        _ => char::from(byte),
    }
}

fn fold_char(c: char, out: &mut String) {
    match c {
        'a'..='z' | '0'..='9' | ' ' | '\n' => out.push(c),
        'A'..='Z' => out.push(c.to_ascii_lowercase()),
        '“' | '”' | '„' | '‟' | '«' | '»' | '″' | '＂' => out.push('"'),
        '‘' | '’' | '‚' | '‛' | '‹' | '›' | 'ʼ' | '′' | '`' | '´' => out.push('\''),
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => out.push('-'),
        _ if is_invisible(c) => {}
        _ if c.is_whitespace() => out.push(' '),
        _ if c.is_ascii() => out.push(c),
        _ => decompose_compatible(c, |part| {
            if !is_combining_mark(part) {
                for low in any_ascii::any_ascii_char(part).chars() {
                    out.extend(low.to_lowercase());
                }
            }
        }),
    }
}

/// Zero-width characters, bidi controls, soft hyphens and variation selectors: they carry no wording.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, folded: &str) {
        assert_eq!(fold(text).text, folded);
    }

    #[test]
    fn folds_what_readers_see_as_the_same() {
        check("Café “NAÏVE”", "cafe \"naive\"");
        check("Подоляк", "podolyak");
        check("zero\u{200B}width", "zerowidth");
        check("a—b ’tis", "a-b 'tis");
        assert_eq!(match_key("The “Air-Defence”!"), "the air defence");
    }

    proptest! {
        #[test]
        fn ascii_is_folded_like_everything_else(text in "[ -~\t\r\n\u{0B}\u{0C}\u{7F}]{0,40}") {
            let mut expected = String::new();
            text.chars().for_each(|c| fold_char(c, &mut expected));
            prop_assert_eq!(fold_word(&text), expected);
            // one letter that is not ASCII takes the other way
            let plain = format!("{} x", match_key(&text));
            prop_assert_eq!(plain.trim_start(), match_key(&format!("{text} ｘ")));
        }

        #[test]
        fn every_folded_byte_points_into_the_original(text in ".{0,80}") {
            let folded = fold(&text);
            prop_assert_eq!(folded.origin.len(), folded.text.len());
            let mut last = 0;
            for i in 0..folded.text.len() {
                let span = folded.original(Span::new(i, i + 1));
                prop_assert!(text.get(span.start..span.end).is_some());
                prop_assert!(span.start >= last);
                last = span.start;
            }
        }
    }
}
