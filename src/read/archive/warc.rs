//! WARC files (ISO 28500): captured web pages, record by record, packed (each record a gzip member) or not.
//!
//! Read are pages: `response` records of a page that was there, `resource` and `conversion` records of HTML or plain text.
//! What was read before a damaged place stays good.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Result};

use flate2::bufread::MultiGzDecoder;

use super::super::codes::error;
use super::super::{DOCUMENT_LIMIT, ReadError, gzip, readers};
use super::http::{self, Answer, ContentType};
use super::{Budget, Member, Unpacked, broken};

/// Most bytes of the fields at the top of a record.
const MOST_FIELDS: u64 = 64 * 1024;
/// What may stand around a page in its record: the fields of the answer that brought it.
const AROUND: u64 = 64 * 1024;

pub(super) struct Records<'a> {
    input: Box<dyn BufRead + 'a>,
    /// The file in an archive that this is, with a blank after it; empty where it is the archive.
    file: String,
    number: usize,
    over: bool,
}

/// What the next record is.
enum Record {
    End,
    NoPage,
    Page(Member),
    /// A page that cannot be read; the next record can.
    Bad(ReadError),
}

impl<'a> Records<'a> {
    pub fn of(stream: impl Read + 'a, budget: Budget, file: &str) -> Records<'a> {
        let mut stream = BufReader::new(stream);
        // A stream that fails here fails again at the first record, which tells.
        let packed = stream.fill_buf().is_ok_and(|head| head.starts_with(gzip::MAGIC));
        let input: Box<dyn BufRead> = if packed {
            Box::new(BufReader::new(Unpacked { stream: MultiGzDecoder::new(stream), budget }))
        } else {
            Box::new(stream)
        };
        Records { input, file: file.to_string(), number: 0, over: false }
    }

    fn place(&self) -> String {
        format!("{}record {}", self.file, self.number)
    }

    fn record(&mut self) -> Result<Record> {
        self.number += 1;
        let Some(fields) = self.fields()? else { return Ok(Record::End) };
        let field = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
        let length: u64 = field("content-length").parse().map_err(|_| damage("it does not give its length"))?;
        let kind = field("warc-type");
        let content = ContentType::of(field("content-type"));
        let wanted = match kind {
            "response" => content.essence == "application/http",
            "resource" | "conversion" => content.is_page() || content.essence == "text/plain",
            _ => false,
        };
        let fits = length <= DOCUMENT_LIMIT as u64 + AROUND;
        let kept = match (wanted, fits) {
            (true, true) => length,
            // Its beginning tells whether it is a page at all.
            (true, false) => AROUND,
            (false, _) => 0,
        };
        let mut block = (&mut self.input).take(length);
        let mut bytes = Vec::new();
        let read = (&mut block).take(kept).read_to_end(&mut bytes)? as u64;
        if read + std::io::copy(&mut block, &mut std::io::sink())? < length {
            return Err(damage("the archive ends in the middle of it"));
        }
        if !wanted {
            return Ok(Record::NoPage);
        }
        // Some programs write the address in angle brackets.
        let url = field("warc-target-uri").trim_start_matches('<').trim_end_matches('>').to_string();
        if !fits && kind == "response" && matches!(http::answer(&bytes), Answer::NoPage) {
            return Ok(Record::NoPage);
        }
        if !fits {
            let failure = readers::too_large(None, length as usize);
            return Ok(Record::Bad(ReadError { what: format!("{url}: {}", failure.what), ..failure }));
        }
        let (bytes, charset) = match kind {
            "response" => match http::answer(&bytes) {
                Answer::Page(page) => (page.bytes, page.charset),
                Answer::NoPage => return Ok(Record::NoPage),
                Answer::Unreadable(why) => return Ok(Record::Bad(error("E212", None, format!("{url}: {why}")))),
            },
            _ => (bytes, content.charset),
        };
        let captured = Some(field("warc-date").to_string()).filter(|date| !date.is_empty());
        let url = Some(url).filter(|url| !url.is_empty());
        Ok(Record::Page(Member { name: self.place(), bytes, charset, url, captured }))
    }

    /// The fields at the top of a record, names in small letters; `None` at the end of the archive.
    fn fields(&mut self) -> Result<Option<HashMap<String, String>>> {
        let mut head = (&mut self.input).take(MOST_FIELDS);
        let mut line = Vec::new();
        // Two line ends stand between records.
        while line.trim_ascii().is_empty() {
            line.clear();
            if head.read_until(b'\n', &mut line)? == 0 {
                return match head.limit() {
                    0 => Err(damage("there is nothing but blank space where it should begin")),
                    _ => Ok(None),
                };
            }
        }
        if !line.starts_with(b"WARC/") {
            return Err(damage("it does not begin like one"));
        }
        let mut fields = HashMap::new();
        loop {
            line.clear();
            if head.read_until(b'\n', &mut line)? == 0 {
                return Err(damage("its fields do not end"));
            }
            let text = String::from_utf8_lossy(&line);
            let text = text.trim();
            if text.is_empty() {
                return Ok(Some(fields));
            }
            if let Some((name, value)) = text.split_once(':') {
                fields.insert(name.trim().to_ascii_lowercase(), value.trim().to_string());
            }
        }
    }
}

fn damage(why: &str) -> std::io::Error {
    std::io::Error::new(std::io::ErrorKind::InvalidData, why)
}

impl Iterator for Records<'_> {
    type Item = std::result::Result<Member, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.over {
            match self.record() {
                Ok(Record::NoPage) => {}
                Ok(Record::Page(member)) => return Some(Ok(member)),
                Ok(Record::Bad(failure)) => return Some(Err(failure)),
                Ok(Record::End) => self.over = true,
                Err(cause) => {
                    self.over = true;
                    return Some(Err(broken(&self.place(), &cause)));
                }
            }
        }
        None
    }
}
