//! Lines, sentences and tokens as spans. Rules only, one pass, linear time.

use unicode_segmentation::UnicodeSegmentation;

use super::Span;
use super::fold::is_invisible;

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    Word,
    Number,
    Punctuation,
}

/// A word, a number or one punctuation character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    pub span: Span,
    pub kind: TokenKind,
}

/// The non-blank lines of `text`, without their line ends.
pub fn lines(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let span = Span::new(start, start + line.len());
        let kept = span.trimmed_matches(text, |c| c == '\n' || c == '\r');
        if !kept.of(text).trim().is_empty() {
            found.push(kept);
        }
        start += line.len();
    }
    found
}

/// Words, numbers and punctuation of `text` in order (UAX #29 word boundaries; white space is left out).
pub fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        at = plain_tokens(text.as_bytes(), at, &mut found);
        let end = end_of_stretch(text.as_bytes(), at);
        any_tokens(&text[at..end], at, &mut found);
        at = end;
    }
    found
}

/// Adds the words from `at` on that are English letters between spaces, with a mark after them or without: most of what there
/// is to read, and told without looking up a single character. Returns where something else begins.
fn plain_tokens(bytes: &[u8], mut at: usize, found: &mut Vec<Token>) -> usize {
    let ends = |at: usize| at == bytes.len() || bytes[at] == b' ';
    loop {
        let spaces = bytes[at..].iter().take_while(|byte| **byte == b' ').count();
        // What joins with the character before it joins with a space, too.
        if !bytes.get(at + spaces).is_some_and(u8::is_ascii) {
            return at;
        }
        let start = at + spaces;
        let end = start + bytes[start..].iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let marked = bytes.get(end).is_some_and(|mark| b",.;:!?".contains(mark)) && ends(end + 1);
        if end == start || !marked && !ends(end) {
            return start;
        }
        found.push(Token { span: Span::new(start, end), kind: TokenKind::Word });
        at = end;
        if marked {
            found.push(Token { span: Span::new(end, end + 1), kind: TokenKind::Punctuation });
            at += 1;
        }
    }
}

/// The next space after a plain character; not one after another space or a character beyond ASCII, which may be a space of
/// another kind: spaces belong together.
fn end_of_stretch(bytes: &[u8], from: usize) -> usize {
    let start = from + bytes[from..].iter().take_while(|byte| **byte == b' ').count();
    let ends = |at: &usize| bytes[*at] == b' ' && bytes[at - 1].is_ascii() && bytes[at - 1] != b' ';
    (start + 1..bytes.len()).find(ends).unwrap_or(bytes.len())
}

/// Adds the tokens of any text that begins at `from`.
fn any_tokens(text: &str, from: usize, found: &mut Vec<Token>) {
    for (start, piece) in text.split_word_bound_indices() {
        let span = Span::new(from + start, from + start + piece.len());
        let kind = match piece.chars().find(|c| c.is_alphanumeric()) {
            Some(first) if first.is_numeric() => TokenKind::Number,
            Some(_) => TokenKind::Word,
            None if piece.trim().is_empty() => continue,
            None => TokenKind::Punctuation,
        };
        found.push(Token { span, kind });
    }
}

/// The spans of words and numbers only. Invisible characters (zero width, bidi controls) neither separate nor end words.
pub fn words(text: &str) -> Vec<Span> {
    if !text.chars().any(is_invisible) {
        return visible_words(text);
    }
    let mut seen = String::with_capacity(text.len());
    // For every byte of what can be seen, where it stands in the text.
    let mut places = Vec::with_capacity(text.len());
    for (at, c) in text.char_indices().filter(|(_, c)| !is_invisible(*c)) {
        seen.push(c);
        places.extend(at..at + c.len_utf8());
    }
    let place = |span: Span| Span::new(places[span.start], places[span.end - 1] + 1);
    visible_words(&seen).into_iter().map(place).collect()
}

fn visible_words(text: &str) -> Vec<Span> {
    tokens(text).into_iter().filter(|token| token.kind != TokenKind::Punctuation).map(|token| token.span).collect()
}

/// Short forms after which a full stop does not end a sentence (lower case, without the stop).
const SHORT_FORMS: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "gen", "lt", "col", "sgt", "capt", "cmdr", "maj", "gov", "sen", "rep", "reps",
    "sens", "rev", "hon", "st", "jr", "sr", "vs", "no", "dept", "inc", "ltd", "co", "corp", "adm", "amb", "atty",
    "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "approx", "fig", "al", "cf",
    "e.g", "i.e", "ave", "messrs", "mme", "mlle",
];

/// The sentences of one passage of text. `passage` is a span of `text`; results are spans of `text`.
///
/// A sentence ends at `. ! ? …` (with the closing marks and brackets that follow) before white space and something that
/// can start a sentence; not after a short form, an initial, or a mark followed by a lower-case word ("“Go!” he said").
pub fn sentences(text: &str, passage: Span) -> Vec<Span> {
    let words = passage.of(text);
    let mut found = Vec::new();
    let mut start = 0;
    let mut chars = words.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\n' {
            push_trimmed(text, passage.start + start, passage.start + at, &mut found);
            start = at + 1;
            continue;
        }
        if !matches!(c, '.' | '!' | '?' | '…') {
            continue;
        }
        let mut end = at + c.len_utf8();
        while let Some(&(next_at, next)) = chars.peek() {
            if !matches!(next, '.' | '!' | '?' | '…' | ')' | ']') && !is_closing_mark(next) {
                break;
            }
            end = next_at + next.len_utf8();
            chars.next();
        }
        if ends_sentence(&words[start..at], c, &words[end..]) {
            push_trimmed(text, passage.start + start, passage.start + end, &mut found);
            start = end;
        }
    }
    push_trimmed(text, passage.start + start, passage.end, &mut found);
    found
}

fn is_closing_mark(c: char) -> bool {
    matches!(c, '”' | '"' | '’' | '\'' | '»' | '“')
}

fn push_trimmed(text: &str, start: usize, end: usize, found: &mut Vec<Span>) {
    let span = Span::new(start, end).trimmed(text);
    if !span.is_empty() {
        found.push(span);
    }
}

fn ends_sentence(before: &str, mark: char, after: &str) -> bool {
    let mut rest = after.chars();
    match rest.next() {
        None => return true,
        Some(c) if !c.is_whitespace() => return false,
        Some(_) => {}
    }
    let next = after.trim_start().chars().find(|&c| !super::is_quotation_mark(c) && c != '(' && c != '[');
    if next.is_none_or(|c| c.is_lowercase()) {
        return false;
    }
    mark != '.' || !ends_in_short_form(before)
}

fn ends_in_short_form(before: &str) -> bool {
    let word = before.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or("");
    let word = word.trim_start_matches(super::is_quotation_mark);
    let letters = word.chars().count();
    let is_initial = letters == 1 && word.chars().all(char::is_uppercase) && word != "I";
    is_initial || SHORT_FORMS.contains(&word.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(marked: &str) {
        let expected: Vec<&str> = marked.split('|').map(str::trim).collect();
        let text = expected.join(" ");
        let found: Vec<&str> = sentences(&text, Span::new(0, text.len())).iter().map(|span| span.of(&text)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn splits_sentences() {
        check("One. | Two! | “Three?” | Four…");
        check("“Go!” he said. | “Stay,” she said.");
        check("Mr. Smith met Gen. J. Doe in Sept. 2016. | They left.");
        check("It cost 3.5 million. | “We paid.” | He nodded.");
        check("He left at 5 p.m. on Monday.");
    }

    #[test]
    fn line_ends_end_sentences() {
        let text = "A headline\nBody here.";
        let found = sentences(text, Span::new(0, text.len()));
        assert_eq!(found.iter().map(|s| s.of(text)).collect::<Vec<_>>(), ["A headline", "Body here."]);
    }

    #[test]
    fn tokens_are_words_numbers_and_marks() {
        let text = "“It’s 3.5 km,”";
        let found: Vec<&str> = tokens(text).iter().map(|token| token.span.of(text)).collect();
        assert_eq!(found, ["“", "It’s", "3.5", "km", ",", "”"]);
    }

    #[test]
    fn what_cannot_be_seen_separates_no_words() {
        let cut = |text: &str| words(text).into_iter().map(|span| span.of(text).to_string()).collect::<Vec<_>>();
        assert_eq!(
            cut("zero\u{200B}width ha\u{200B}.ckers.org \u{202E}end\u{202C}"),
            ["zero\u{200B}width", "ha\u{200B}.ckers.org", "end"]
        );
        assert_eq!(cut("\u{FEFF}\u{200B}"), Vec::<String>::new());
        assert_eq!(cut("zero width"), ["zero", "width"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn the_short_way_finds_what_the_standard_says(text in "([a-zA-Z]{1,3}|[ ,.;:!?'’_0-9\n\u{301}\u{200D}\u{2003}\u{AD}é“-]){0,40}") {
            let mut expected = Vec::new();
            any_tokens(&text, 0, &mut expected);
            prop_assert_eq!(tokens(&text), expected);
        }
    }

    proptest! {
        #[test]
        fn sentences_cover_all_that_is_not_blank(text in "[A-Za-z .!?“”\n]{0,120}") {
            let found = sentences(&text, Span::new(0, text.len()));
            let kept: usize = found.iter().map(|s| s.of(&text).chars().filter(|c| !c.is_whitespace()).count()).sum();
            prop_assert_eq!(kept, text.chars().filter(|c| !c.is_whitespace()).count());
        }

        #[test]
        fn words_slice_and_are_the_words_that_are_seen(text in "[a-z.: \u{200B}\u{2060}é]{0,60}") {
            let seen: String = text.chars().filter(|c| !is_invisible(*c)).collect();
            let plain = |text: &str| words(text).iter().map(|span| span.of(text).replace(is_invisible, "")).collect::<Vec<_>>();
            prop_assert_eq!(plain(&text), plain(&seen));
        }
    }
}
