//! The codes of what can go wrong while reading: one table for warnings, one for errors. `explain CODE` prints them.

use super::ReadError;

/// One code: what it means in one line, and the way out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    pub code: &'static str,
    pub what: &'static str,
    pub way_out: &'static str,
}

const fn code(code: &'static str, what: &'static str, way_out: &'static str) -> Code {
    Code { code, what, way_out }
}

/// The document was read; something about it deserves a look.
pub const WARNINGS: &[Code] = &[
    code(
        "W101",
        "quotation marks missing: people speak in this text, but no quotation marks stand in it",
        "statements are found by their wording alone; look for another copy of the article that kept its marks",
    ),
    code("W102", "no publication date found", "set one with --date YYYY-MM-DD; until then the document sorts last"),
    code("W103", "no outlet found", "set one with --outlet NAME"),
    code(
        "W104",
        "outlet guessed from the wording of the text",
        "check it; set the right one with --outlet NAME (a wire credit may name the agency, not the publisher)",
    ),
    code(
        "W105",
        "bytes that are not valid in the text's encoding were replaced",
        "convert the file to UTF-8 and read it again if words are damaged",
    ),
    code("W106", "language not detected", "set it with --lang, for example --lang en"),
    code(
        "W107",
        "many lines look like page debris (players, share bars, subscription lines)",
        "they are marked, not cut; statements in them are hidden from lists unless --all is given",
    ),
    code(
        "W108",
        "the date can be read in two ways; only the part that is certain was kept",
        "set the right date with --date YYYY-MM-DD",
    ),
    code("W109", "the text looks cut off", "look for the full article; statements at its end may be incomplete"),
    code("W110", "NUL characters were removed from the text", "nothing to do unless words are damaged"),
    code(
        "W111",
        "the page is built too strangely for the article finder (nesting, size); all its text blocks were kept",
        "navigation may stand in the text; save the article page again, or give its text as a plain text file",
    ),
    code(
        "W112",
        "the record holds only parts of an article (single quotations with some context)",
        "statements can be found and linked, but positions refer to these parts, not to the article",
    ),
    code(
        "W113",
        "a date could not be read and was left out",
        "set the right date with --date YYYY-MM-DD or fix the field in the input",
    ),
    code(
        "W114",
        "the readable text was found by the second method because the first found none",
        "compare the stored text with the page: more navigation may have been kept than usual",
    ),
    code("W115", "a publication date was guessed from the text", "check it; set the right one with --date YYYY-MM-DD"),
    code(
        "W116",
        "a language without word tables: statements are found by quotation marks and punctuation alone",
        "treat them as hints, their confidence is low; if the language is wrong, set it with --lang",
    ),
];

/// The document (or a whole input) could not be read; the others go on.
pub const ERRORS: &[Code] = &[
    code("E200", "unreadable: the file or stream could not be read", "check its name and its permissions"),
    code("E201", "empty: there is no text to read", "check the file; give a file that holds an article"),
    code(
        "E202",
        "binary: this is not text",
        "give text, HTML, JSON, JSON Lines, CSV, a feed or an archive of these; convert PDF and word-processor files first",
    ),
    code("E203", "too_large: over the size limit for one document", "split the input into one file per article"),
    code("E204", "malformed JSON", "fix the line or record named in the message; the others were read"),
    code(
        "E205",
        "no text: no field of this record holds the article text",
        "name the field with --map text=FIELD (also title=, outlet=, date=, url=)",
    ),
    code("E206", "unknown reader", "leave out --from to detect the format, or name one of the readers"),
    code(
        "E207",
        "no article: no readable text was found in this page",
        "save the article page itself (not a section front), or give its text as a plain text file",
    ),
    code("E208", "malformed table", "check the delimiter and the quoting of the row named in the message"),
    code("E209", "malformed feed", "check that the file is a complete RSS, Atom or JSON Feed document"),
    code("E210", "damaged gzip data", "fetch the file again; parts before the damage were not used"),
    code("E211", "unpacks to far more than its size (possible archive bomb)", "unpack it yourself if you trust it"),
    code(
        "E212",
        "damaged archive: a member, or what comes after one, cannot be read",
        "fetch the archive again; what could be read of it was read",
    ),
    code(
        "E213",
        "no article in this archive: it holds no pages and no texts",
        "name the files in it that do, or an archive of captured pages",
    ),
];

/// The line of the tables above for `code`, in either table; case does not matter.
pub fn code_named(name: &str) -> Option<&'static Code> {
    WARNINGS.iter().chain(ERRORS).find(|row| row.code.eq_ignore_ascii_case(name))
}

/// An error with the hint of its table line.
pub(super) fn error(code: &str, record: Option<usize>, what: impl Into<String>) -> ReadError {
    let hint = code_named(code).map_or("", |row| row.way_out);
    ReadError { code: code.to_string(), record, what: what.into(), hint: hint.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_sorted_and_say_a_way_out() {
        for table in [WARNINGS, ERRORS] {
            assert!(table.windows(2).all(|pair| pair[0].code < pair[1].code));
            assert!(table.iter().all(|row| !row.what.is_empty() && !row.way_out.is_empty()));
        }
        assert_eq!(code_named("w101").map(|row| row.code), Some("W101"));
        assert_eq!(code_named("W999"), None);
    }
}
