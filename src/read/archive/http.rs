//! The answer of a web server as it was captured: status, fields and, unpacked, the page (RFC 9112, RFC 9110).
//!
//! Capturing programs differ in whether they undo chunks and packing; what does not look packed is taken as it is.

use std::io::Read;

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use super::super::DOCUMENT_LIMIT;
use super::super::gzip;

/// A captured answer, as far as readers of articles are concerned.
pub(super) enum Answer {
    Page(Page),
    /// Not there, a redirection, a picture, a script.
    NoPage,
    Unreadable(String),
}

pub(super) struct Page {
    pub bytes: Vec<u8>,
    pub charset: Option<String>,
}

/// A media type: `text/html`, and its encoding.
pub(super) struct ContentType {
    pub essence: String,
    pub charset: Option<String>,
}

impl ContentType {
    pub fn of(field: &str) -> ContentType {
        let mut parts = field.split(';').map(str::trim);
        let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
        let charset =
            parts.filter_map(|part| part.split_once('=')).find(|(name, _)| name.eq_ignore_ascii_case("charset"));
        let charset = charset.map(|(_, value)| value.trim_matches(['"', '\'', ' ']).to_string());
        ContentType { essence, charset }
    }

    pub fn is_page(&self) -> bool {
        matches!(self.essence.as_str(), "text/html" | "application/xhtml+xml")
    }
}

/// The page in an answer.
pub(super) fn answer(bytes: &[u8]) -> Answer {
    let Some((head, body)) = head_and_body(bytes) else { return Answer::NoPage };
    let head = String::from_utf8_lossy(head);
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap_or_default();
    let field = |wanted: &str| {
        let fields = head.lines().skip(1).filter_map(|line| line.split_once(':'));
        let mut fitting = fields.filter(|(name, _)| name.trim().eq_ignore_ascii_case(wanted));
        fitting.next().map(|(_, value)| value.trim().to_ascii_lowercase()).unwrap_or_default()
    };
    let content = ContentType::of(&field("content-type"));
    if status != "200" || body.is_empty() || !(content.is_page() || content.essence.is_empty() && looks_like_page(body))
    {
        return Answer::NoPage;
    }
    let whole = if field("transfer-encoding").contains("chunked") { joined(body) } else { None };
    match unpacked(whole.as_deref().unwrap_or(body), &field("content-encoding")) {
        Ok(bytes) if bytes.len() > DOCUMENT_LIMIT => {
            Answer::Unreadable(format!("too_large: over {} MB when unpacked", DOCUMENT_LIMIT / 1_000_000))
        }
        Ok(bytes) => Answer::Page(Page { bytes, charset: content.charset }),
        Err(why) => Answer::Unreadable(why),
    }
}

fn head_and_body(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let ends = [b"\r\n\r\n".as_slice(), b"\n\n"].into_iter().filter_map(|end| {
        let at = bytes.windows(end.len()).position(|window| window == end)?;
        Some((at, at + end.len()))
    });
    let (head, body) = ends.min()?;
    Some((&bytes[..head], &bytes[body..]))
}

fn looks_like_page(body: &[u8]) -> bool {
    body.trim_ascii_start().starts_with(b"<")
}

/// A body in chunks, joined; `None` where it is not in chunks. What is missing at the end is missing.
fn joined(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut out = None;
    while let Some((size, rest)) = chunk(body) {
        let joined: &mut Vec<u8> = out.get_or_insert_default();
        let (own, after) = rest.split_at(size.min(rest.len()));
        joined.extend_from_slice(own);
        body = after.trim_ascii_start();
        if size == 0 {
            break;
        }
    }
    out
}

/// The size of the next chunk, and what follows the line that tells it.
fn chunk(body: &[u8]) -> Option<(usize, &[u8])> {
    let line = body.iter().position(|byte| *byte == b'\n')?;
    let size = std::str::from_utf8(&body[..line]).ok()?.split(';').next()?.trim();
    Some((usize::from_str_radix(size, 16).ok()?, &body[line + 1..]))
}

/// A body as its content encodings say; at most a byte more than a document may have.
fn unpacked(body: &[u8], encodings: &str) -> Result<Vec<u8>, String> {
    let mut bytes = body.to_vec();
    for encoding in encodings.rsplit(',').map(str::trim).filter(|it| !it.is_empty() && *it != "identity") {
        let undone = match encoding {
            "gzip" | "x-gzip" if !bytes.starts_with(gzip::MAGIC) => Ok(bytes.clone()),
            "gzip" | "x-gzip" => all_of(MultiGzDecoder::new(bytes.as_slice())),
            "deflate" => {
                all_of(ZlibDecoder::new(bytes.as_slice())).or_else(|_| all_of(DeflateDecoder::new(bytes.as_slice())))
            }
            "br" => all_of(brotli_decompressor::Decompressor::new(bytes.as_slice(), 4096)),
            "zstd" => zstd::Decoder::new(bytes.as_slice()).and_then(all_of),
            _ => return Err(format!("packed as “{encoding}”, which is not read")),
        };
        bytes = match undone {
            Ok(undone) => undone,
            Err(_) if looks_like_page(&bytes) => bytes,
            Err(cause) => return Err(format!("damaged {encoding} data: {cause}")),
        };
    }
    Ok(bytes)
}

fn all_of(stream: impl Read) -> std::io::Result<Vec<u8>> {
    let mut out = Vec::new();
    stream.take(DOCUMENT_LIMIT as u64 + 1).read_to_end(&mut out).map(|_| out)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const PAGE: &str = "<html><p>“The ferry sails,” said Ada Brook.</p></html>";

    /// The page of an answer with these fields, or why there is none.
    fn page(status: &str, fields: &str, body: &[u8]) -> String {
        let head = format!("HTTP/1.1 {status}\r\n{fields}\r\n\r\n");
        match answer(&[head.as_bytes(), body].concat()) {
            Answer::Page(page) => String::from_utf8(page.bytes).unwrap(),
            Answer::NoPage => "no page".to_string(),
            Answer::Unreadable(why) => why,
        }
    }

    #[test]
    fn pages_and_what_is_none() {
        assert_eq!(page("200 OK", "Content-Type: text/html", PAGE.as_bytes()), PAGE);
        assert_eq!(page("200 OK", "Server: x", PAGE.as_bytes()), PAGE);
        assert_eq!(page("404 Not Found", "Content-Type: text/html", PAGE.as_bytes()), "no page");
        assert_eq!(page("301 Moved", "Content-Type: text/html", PAGE.as_bytes()), "no page");
        assert_eq!(page("200 OK", "Content-Type: image/png", PAGE.as_bytes()), "no page");
        assert_eq!(page("200 OK", "Content-Type: text/html", b""), "no page");
        assert!(matches!(answer(b"HTTP/1.1 200 OK"), Answer::NoPage));
    }

    #[test]
    fn chunks_are_joined_and_undone_ones_left() {
        let chunked = "Content-Type: text/html\r\nTransfer-Encoding: chunked";
        let (a, b) = PAGE.split_at(20);
        let body = format!("{:x}\r\n{a}\r\n{:X};x=y\r\n{b}\r\n0\r\n\r\n", a.len(), b.len());
        assert_eq!(page("200 OK", chunked, body.as_bytes()), PAGE);
        assert_eq!(page("200 OK", chunked, PAGE.as_bytes()), PAGE);
        // Broken off in a chunk, and in the line before one.
        assert_eq!(page("200 OK", chunked, &body.as_bytes()[..13]), PAGE[..9]);
        assert_eq!(page("200 OK", chunked, &body.as_bytes()[..30]), a);
        assert_eq!(page("200 OK", chunked, b"ffffffffffffffff\r\n<p>"), "<p>");
    }

    #[test]
    fn packing_is_undone() {
        let packed = |encoding: &str, body: &[u8]| {
            page("200 OK", &format!("Content-Type: text/html\r\nContent-Encoding: {encoding}"), body)
        };
        let level = flate2::Compression::default();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), level);
        gzip.write_all(PAGE.as_bytes()).unwrap();
        let gzip = gzip.finish().unwrap();
        assert_eq!(packed("gzip", &gzip), PAGE);
        assert_eq!(packed("gzip", PAGE.as_bytes()), PAGE);
        assert!(packed("gzip", &gzip[..20]).contains("damaged gzip data"));
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), level);
        zlib.write_all(PAGE.as_bytes()).unwrap();
        assert_eq!(packed("deflate", &zlib.finish().unwrap()), PAGE);
        assert_eq!(packed("zstd", &zstd::encode_all(PAGE.as_bytes(), 3).unwrap()), PAGE);
        assert_eq!(packed("br", PAGE.as_bytes()), PAGE);
        assert!(packed("rot13", b"x").contains("rot13"));
        // RFC 7932: a block that is stored as it is, and an empty last one.
        assert_eq!(packed("br", b"\x0b\x04\x80<p>Hi</p>\x03"), "<p>Hi</p>");
        let mut bomb = flate2::write::GzEncoder::new(Vec::new(), level);
        bomb.write_all(&vec![b'<'; DOCUMENT_LIMIT + 10]).unwrap();
        assert!(packed("gzip", &bomb.finish().unwrap()).contains("too_large"));
    }

    #[test]
    fn encodings_are_named() {
        let of = |field: &str| ContentType::of(field).charset.unwrap_or_default();
        assert_eq!(of("text/html; charset=windows-1251"), "windows-1251");
        assert_eq!(of("text/html;x=y; Charset=\"utf-8\""), "utf-8");
        assert_eq!(of("text/html"), "");
    }
}
