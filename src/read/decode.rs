//! Bytes to text by the WHATWG rules: a byte order mark wins, then valid UTF-8, then a declared or detected encoding.
//! Invalid sequences become U+FFFD and NUL characters go, each said aloud; nothing else is changed (line ends stay).

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::ReadError;
use super::codes::error;
use crate::model::Warning;

/// How many bytes are looked at to tell text from binary data and to detect an encoding.
const SAMPLE: usize = 64 * 1024;

/// File starts that are certainly not text.
const BINARY_STARTS: &[(&[u8], &str)] = &[
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "ZIP (also word-processor files)"),
    (b"\x1F\x8B", "gzip inside gzip"),
    (b"\x89PNG", "PNG picture"),
    (b"\xFF\xD8\xFF", "JPEG picture"),
    (b"GIF8", "GIF picture"),
    (b"\x7FELF", "program"),
    (b"SQLite format 3\0", "SQLite database"),
    (b"\x28\xB5\x2F\xFD", "Zstandard data"),
    (b"BZh", "bzip2 data"),
    (b"\xFD7zXZ", "xz data"),
    (b"\xD0\xCF\x11\xE0", "old Office file"),
    (b"{\\rtf", "rich text format"),
    (b"OggS", "Ogg media"),
    (b"ID3", "MP3 audio"),
];

/// Decoded text and what had to be done to get it.
#[derive(Debug)]
pub(super) struct Decoded {
    pub text: String,
    pub warnings: Vec<Warning>,
}

/// Decodes `bytes`; `charset` is what they were sent as, where that is known. Errors: empty input, or data that is no text.
pub(super) fn decode(bytes: &[u8], charset: Option<&str>) -> Result<Decoded, ReadError> {
    if bytes.is_empty() {
        return Err(error("E201", None, "the input is empty (0 bytes)"));
    }
    if let Some((_, kind)) = BINARY_STARTS.iter().find(|(start, _)| bytes.starts_with(start)) {
        return Err(error("E202", None, format!("this is binary data: {kind}")));
    }
    let encoding = encoding_of(bytes, charset);
    if !matches!(encoding.name(), "UTF-16LE" | "UTF-16BE") && is_binary(bytes) {
        return Err(error("E202", None, "this is binary data, not text"));
    }
    let (text, used, _) = encoding.decode(bytes);
    let mut text = text.into_owned();
    let mut warnings = Vec::new();
    let printed = if used == UTF_8 { count(bytes, "\u{FFFD}".as_bytes()) } else { 0 };
    let replaced = text.matches('\u{FFFD}').count().saturating_sub(printed);
    if replaced > 0 {
        warnings.push(Warning::new("W105", format!("{replaced} replaced, read as {}", used.name())));
    }
    let nuls = text.matches('\0').count();
    if nuls > 0 {
        text.retain(|c| c != '\0');
        warnings.push(Warning::new("W110", format!("{nuls} removed")));
    }
    if text.trim().is_empty() {
        return Err(error("E201", None, "the input holds only white space"));
    }
    Ok(Decoded { text, warnings })
}

fn count(bytes: &[u8], wanted: &[u8]) -> usize {
    bytes.windows(wanted.len()).filter(|window| *window == wanted).count()
}

fn encoding_of(bytes: &[u8], charset: Option<&str>) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    if let Some(encoding) = utf16_without_mark(bytes) {
        return encoding;
    }
    if is_mostly_utf8(bytes) {
        return UTF_8;
    }
    let sent = charset.and_then(|label| usable(label.as_bytes()));
    sent.or_else(|| declared(bytes)).unwrap_or_else(|| detected(bytes))
}

/// Valid UTF-8, or so much of it that a few bad bytes cannot make it something else.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    bad == 0 || good >= 4 * bad
}

/// `<meta charset=…>` or an XML declaration within the first kilobyte.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_ascii_lowercase();
    let head = head.trim_start();
    if !head.starts_with('<') {
        return None;
    }
    let at = head.find("charset=").map(|at| at + 8).or_else(|| head.find("encoding=").map(|at| at + 9))?;
    let label = head[at..].trim_start_matches(['"', '\'', ' ']);
    let end = label.find(|c: char| !c.is_ascii_alphanumeric() && !"-_:.".contains(c)).unwrap_or(label.len());
    usable(&label.as_bytes()[..end])
}

/// The encoding of this name, for bytes that are neither UTF-8 nor UTF-16: what says so of them is wrong.
fn usable(label: &[u8]) -> Option<&'static Encoding> {
    let encoding = Encoding::for_label(label)?;
    (![UTF_16LE, UTF_16BE, UTF_8].contains(&encoding)).then_some(encoding)
}

fn detected(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&bytes[..bytes.len().min(16 * SAMPLE)], true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    if guess == UTF_8 { WINDOWS_1252 } else { guess }
}

/// Latin text in UTF-16 has a zero in nearly every other byte.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(SAMPLE) & !1];
    if sample.len() < 8 {
        return None;
    }
    let zeros = |odd: usize| sample.iter().skip(odd).step_by(2).filter(|b| **b == 0).count();
    let half = sample.len() / 2;
    match (zeros(0), zeros(1)) {
        (even, odd) if odd * 10 >= half * 7 && even * 20 <= half => Some(UTF_16LE),
        (even, odd) if even * 10 >= half * 7 && odd * 20 <= half => Some(UTF_16BE),
        _ => None,
    }
}

/// Control characters that never stand in text, as a share of the first bytes. A stray NUL or two is forgiven.
fn is_binary(bytes: &[u8]) -> bool {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let strange = sample.iter().filter(|b| matches!(b, 0..=8 | 14..=26 | 28..=31)).count();
    strange > 8 && strange * 50 > sample.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], text: &str, codes: &[&str]) {
        let decoded = decode(bytes, None).unwrap();
        assert_eq!(decoded.text, text);
        assert_eq!(decoded.warnings.iter().map(|w| w.code.as_str()).collect::<Vec<_>>(), codes);
    }

    #[track_caller]
    fn refused(bytes: &[u8], code: &str) {
        assert_eq!(decode(bytes, None).unwrap_err().code, code);
    }

    #[test]
    fn byte_order_marks_go_and_decide() {
        check(b"\xEF\xBB\xBFHello", "Hello", &[]);
        check(b"\xFF\xFEH\0i\0", "Hi", &[]);
        check(b"\xFE\xFF\0H\0i", "Hi", &[]);
    }

    #[test]
    fn utf16_without_a_mark_is_seen() {
        let bytes: Vec<u8> = "The mayor said no.".encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(&bytes, "The mayor said no.", &[]);
    }

    #[test]
    fn what_it_was_sent_as_decides_where_bytes_do_not() {
        let text = "Łódź: “Tak”, powiedziała.";
        let (bytes, _, _) = encoding_rs::ISO_8859_2.encode("Łódź tak");
        assert_eq!(decode(&bytes, Some("iso-8859-2")).unwrap().text, "Łódź tak");
        assert_eq!(decode(text.as_bytes(), Some("iso-8859-2")).unwrap().text, text);
        assert_eq!(decode(b"He said \x93yes\x94.", Some("utf-8")).unwrap().text, "He said “yes”.");
        assert_eq!(decode(b"yes", Some("no such thing")).unwrap().text, "yes");
    }

    #[test]
    fn other_encodings_are_detected() {
        let russian = "Губернатор сообщил, что в результате обстрела пострадали четыре человека.";
        let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(russian);
        check(&bytes, russian, &[]);
        check(b"He said \x93yes\x94 and left.", "He said “yes” and left.", &[]);
    }

    #[test]
    fn a_declared_encoding_is_used() {
        check(b"<meta charset=\"iso-8859-2\"><p>\xB9</p>", "<meta charset=\"iso-8859-2\"><p>š</p>", &[]);
    }

    #[test]
    fn bad_bytes_in_utf8_are_replaced_and_counted() {
        check("“Ja”, ‘no’ é \u{FFFD}".as_bytes(), "“Ja”, ‘no’ é \u{FFFD}", &[]);
        let bytes = [&b"\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9 "[..], b"\xFF", b" end"].concat();
        check(&bytes, "éééé \u{FFFD} end", &["W105"]);
    }

    #[test]
    fn nul_goes_and_line_ends_stay() {
        check(b"One\0.\r\nTwo.\n", "One.\r\nTwo.\n", &["W110"]);
    }

    #[test]
    fn what_is_no_text_is_refused() {
        refused(b"", "E201");
        refused(b" \n\t ", "E201");
        refused(b"%PDF-1.7 ...", "E202");
        refused(b"PK\x03\x04stuff", "E202");
        let noise: Vec<u8> = (0..4000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        refused(&noise, "E202");
        refused(&[0u8; 4096], "E202");
    }
}
