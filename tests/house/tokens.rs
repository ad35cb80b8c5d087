//! A Rust source file as a row of plain tokens: words, punctuation and string contents, with line
//! numbers; comments and character literals are gone.
//!
//! In: source text that compiles. Out: [`Token`]s. Not a Rust parser: it knows only enough to tell
//! code from comments and strings, and which tokens stand in test code.

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    Word,
    Punct,
    Text,
}

#[derive(Debug, Clone)]
pub struct Token {
    pub kind: Kind,
    pub text: String,
    pub line: usize,
    /// Inside an item marked `#[cfg(test)]` or `#[test]`.
    pub in_test: bool,
    /// How many inline `mod name { … }` surround the token.
    pub inline_mods: usize,
}

impl Token {
    pub fn is_word(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text == word
    }
    pub fn is(&self, punct: &str) -> bool {
        self.kind == Kind::Punct && self.text == punct
    }
}

pub fn tokens(source: &str) -> Vec<Token> {
    let mut row = lex(source);
    mark_blocks(&mut row);
    row
}

struct Lexer<'a> {
    rest: &'a str,
    line: usize,
    out: Vec<Token>,
}

fn lex(source: &str) -> Vec<Token> {
    let mut lexer = Lexer { rest: source, line: 1, out: Vec::new() };
    while !lexer.rest.is_empty() {
        lexer.step();
    }
    lexer.out
}

impl Lexer<'_> {
    fn step(&mut self) {
        let rest = self.rest;
        let first = rest.chars().next().unwrap_or(' ');
        if rest.starts_with("//") {
            self.skip(rest.find('\n').unwrap_or(rest.len()));
        } else if rest.starts_with("/*") {
            self.skip(block_comment_length(rest));
        } else if let Some((open, length)) = string_start(rest) {
            let close = string_length(&rest[open..], length);
            self.push(Kind::Text, &rest[open..open + close]);
            self.skip((open + close + length.max(1)).min(rest.len()));
        } else if first == '\'' {
            self.skip(char_or_lifetime_length(rest));
        } else if is_word(first) {
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            self.push(Kind::Word, &rest[..end]);
            self.skip(end);
        } else if rest.starts_with("::") {
            self.push(Kind::Punct, "::");
            self.skip(2);
        } else {
            if !first.is_whitespace() {
                self.push(Kind::Punct, &rest[..first.len_utf8()]);
            }
            self.skip(first.len_utf8());
        }
    }

    fn push(&mut self, kind: Kind, text: &str) {
        self.out.push(Token { kind, text: text.to_string(), line: self.line, in_test: false, inline_mods: 0 });
    }

    fn skip(&mut self, bytes: usize) {
        self.line += self.rest[..bytes].matches('\n').count();
        self.rest = &self.rest[bytes..];
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn block_comment_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let (mut depth, mut at) = (0usize, 0usize);
    while at < bytes.len() {
        if bytes[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if bytes[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    bytes.len()
}

/// Where the string's contents begin and how long its closing delimiter is (0 for a plain `"`,
/// which may hold escapes; 1 + the number of `#` for a raw string).
fn string_start(rest: &str) -> Option<(usize, usize)> {
    let after_b = rest.strip_prefix('b').or(rest.strip_prefix('c')).unwrap_or(rest);
    let prefix = rest.len() - after_b.len();
    if after_b.starts_with('"') {
        return Some((prefix + 1, 0));
    }
    let after_r = after_b.strip_prefix('r')?;
    let hashes = after_r.len() - after_r.trim_start_matches('#').len();
    after_r[hashes..].starts_with('"').then_some((prefix + 1 + hashes + 1, 1 + hashes))
}

fn string_length(contents: &str, raw: usize) -> usize {
    if raw > 0 {
        let close = format!("\"{}", "#".repeat(raw - 1));
        return contents.find(&close).unwrap_or(contents.len());
    }
    let mut escaped = false;
    for (at, c) in contents.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at,
            _ => {}
        }
    }
    contents.len()
}

/// `'a'`, `'\n'`, `'\u{1f}'` are character literals; `'a` and `'static` are lifetimes.
fn char_or_lifetime_length(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    match chars.next() {
        Some((_, '\\')) => {
            let after_escape = rest.char_indices().nth(3).map_or(rest.len(), |(at, _)| at);
            rest[after_escape..].find('\'').map_or(rest.len(), |end| after_escape + end + 1)
        }
        Some((at, c)) => {
            let end = at + c.len_utf8();
            if rest[end..].starts_with('\'') { end + 1 } else { 1 }
        }
        None => rest.len(),
    }
}

/// Fills in `in_test` and `inline_mods` by following braces.
fn mark_blocks(row: &mut [Token]) {
    #[derive(Clone, Copy)]
    struct Block {
        test: bool,
        module: bool,
    }
    let mut stack: Vec<Block> = Vec::new();
    let mut pending_test = false;
    let mut pending_mod = false;
    for at in 0..row.len() {
        row[at].in_test = pending_test || stack.iter().any(|b| b.test);
        row[at].inline_mods = stack.iter().filter(|b| b.module).count();
        if starts_test_attribute(&row[at..]) {
            pending_test = true;
        } else if row[at].is_word("mod") {
            pending_mod = true;
        } else if row[at].is("{") {
            stack.push(Block { test: pending_test, module: pending_mod });
            (pending_test, pending_mod) = (false, false);
        } else if row[at].is("}") {
            stack.pop();
        } else if row[at].is(";") {
            // `#[cfg(test)] use …;` and `mod name;` end without a block
            (pending_test, pending_mod) = (false, false);
        }
    }
}

fn starts_test_attribute(row: &[Token]) -> bool {
    let spelled = |words: &[&str]| row.len() >= words.len() && words.iter().zip(row).all(|(w, token)| token.text == *w);
    spelled(&["#", "[", "test", "]"]) || spelled(&["#", "[", "cfg", "(", "test", ")", "]"])
}

#[cfg(test)]
mod checks {
    use super::*;

    fn words(source: &str) -> Vec<String> {
        tokens(source).into_iter().filter(|t| t.kind == Kind::Word).map(|t| t.text).collect()
    }

    #[test]
    fn comments_strings_and_characters_are_no_words() {
        assert_eq!(words("a // b\nc /* d /* e */ f */ g"), ["a", "c", "g"]);
        assert_eq!(words(r#"a "b \" c" d"#), ["a", "d"]);
        assert_eq!(words("a r#\"b \" c\"# d"), ["a", "d"]);
        assert_eq!(words(r"a 'b' c '\'' d '\u{1f}' e"), ["a", "c", "d", "e"]);
        assert_eq!(words("fn f<'a>(x: &'a str)"), ["fn", "f", "a", "x", "a", "str"]);
    }

    #[test]
    fn strings_keep_their_contents_and_lines_are_counted() {
        let row = tokens("a\n\"SELECT\n1\" b");
        assert_eq!(row[1].text, "SELECT\n1");
        assert_eq!((row[1].line, row[2].line), (2, 3));
    }

    #[test]
    fn test_code_and_inline_modules_are_known() {
        let row = tokens("use a; #[cfg(test)] mod t { fn b() { c } } fn d() {}");
        let of = |word: &str| row.iter().find(|t| t.is_word(word)).unwrap().clone();
        assert!(!of("a").in_test && of("c").in_test && !of("d").in_test);
        assert_eq!((of("c").inline_mods, of("d").inline_mods), (1, 0));
    }
}
