//! Archives: one input that holds many. Each member is read like an input of its own, in memory, one level deep; nothing is
//! ever written, and names in an archive are only shown.

mod http;
mod warc;
mod zipped;

use std::cell::Cell;
use std::io::Read;
use std::rc::Rc;

use rayon::prelude::*;

use super::codes::error;
use super::readers::{self, Documents};
use super::{Input, ReadError, ReadOptions, fields, gzip};
use crate::model::{Document, Known};

/// Kinds of archives that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Archive {
    /// Captured web pages (ISO 28500), packed or not.
    Warc,
    /// Files; also a WACZ, which holds WARC files.
    Zip,
}

/// How many times its size an archive may unpack to, from a megabyte on.
const RATIO: u64 = 200;
const FREE: u64 = 1_000_000;

/// Which archive an input is, by its first bytes.
pub fn archive(head: &[u8]) -> Option<Archive> {
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Some(Archive::Zip);
    }
    let packed = head.starts_with(gzip::MAGIC).then(|| gzip::beginning(head));
    packed.as_deref().unwrap_or(head).starts_with(b"WARC/").then_some(Archive::Warc)
}

/// One member of an archive that may hold an article.
pub struct Member {
    /// Where it stands in the archive: a file name, the number of a record.
    name: String,
    bytes: Vec<u8>,
    /// The encoding that came with the page.
    charset: Option<String>,
    url: Option<String>,
    /// When the page was fetched, as the archive says it.
    captured: Option<String>,
}

/// The members of an archive in their order, each a document or a file of them, or why it cannot be read. Pictures, scripts
/// and whatever else holds no articles are passed over; an archive without any that does is an error.
pub struct Members<'a> {
    found: Box<dyn Iterator<Item = Result<Member, ReadError>> + 'a>,
    any: bool,
    done: bool,
}

impl<'a> Members<'a> {
    /// A WARC is read record by record; a ZIP whole, at most 512 MB of it.
    pub fn of(archive: Archive, stream: Box<dyn Read + 'a>) -> Members<'a> {
        let found: Box<dyn Iterator<Item = _>> = match archive {
            Archive::Warc => {
                let budget = Budget::default();
                Box::new(warc::Records::of(Packed { stream, budget: budget.clone() }, budget, ""))
            }
            Archive::Zip => match zipped::Files::of(stream) {
                Ok(files) => Box::new(files),
                Err(failure) => Box::new(std::iter::once(Err(failure))),
            },
        };
        Members { found, any: false, done: false }
    }

    /// The next members, of `size` bytes or more together; `None` after the last.
    pub fn some(&mut self, size: usize) -> Option<Vec<Result<Member, ReadError>>> {
        let (mut members, mut bytes) = (Vec::new(), 0);
        while bytes < size {
            let Some(member) = self.next() else { break };
            bytes += member.as_ref().map_or(0, |member| member.bytes.len());
            members.push(member);
        }
        (!members.is_empty()).then_some(members)
    }
}

impl Iterator for Members<'_> {
    type Item = Result<Member, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let next = self.found.next();
        self.done = next.is_none();
        if self.done && !self.any {
            return Some(Err(error("E213", None, "no article can be in this archive")));
        }
        self.any = true;
        next
    }
}

/// The documents of members of the archive at `path`, in order.
pub fn documents_of_members(
    members: Vec<Result<Member, ReadError>>,
    path: Option<&str>,
    options: &ReadOptions,
) -> Documents {
    let read = |member: Result<Member, ReadError>| match member {
        Ok(member) => documents_of(&member, path, options),
        Err(failure) => vec![Err(failure)],
    };
    members.into_par_iter().map(read).collect::<Vec<_>>().into_iter().flatten().collect()
}

fn documents_of(member: &Member, path: Option<&str>, options: &ReadOptions) -> Documents {
    let path = path.map(|path| format!("{path}!/{}", member.name));
    let input = Input { bytes: &member.bytes, path: path.as_deref() };
    let known = |document: &mut Document| {
        let url = member.url.as_ref().map(|url| Known::read(url.clone(), "archive"));
        document.url = document.url.take().or(url);
        let captured = member.captured.as_deref().and_then(|words| fields::known_date(document, words, "archive"));
        document.captured = captured.or(document.captured.take());
    };
    let mut found = readers::documents_of_file(&input, 0, member.charset.as_deref(), options, &known);
    for failure in found.iter_mut().filter_map(|result| result.as_mut().err()) {
        let place = member.url.as_ref().unwrap_or(&member.name);
        failure.what = format!("{place}: {}", failure.what);
    }
    found
}

/// How much an archive may unpack to, by how much of it was read.
#[derive(Clone, Default)]
struct Budget {
    packed: Rc<Cell<u64>>,
    given: Rc<Cell<u64>>,
}

impl Budget {
    /// For an archive of so many bytes.
    fn of(packed: u64) -> Budget {
        let budget = Budget::default();
        budget.packed.set(packed);
        budget
    }

    /// Whether more was given than may be.
    fn is_spent(&self) -> bool {
        self.given.get() > FREE.max(self.packed.get().saturating_mul(RATIO))
    }
}

/// A stream whose bytes count as packed ones.
struct Packed<R> {
    stream: R,
    budget: Budget,
}

impl<R: Read> Read for Packed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.stream.read(buffer)?;
        self.budget.packed.set(self.budget.packed.get() + count as u64);
        Ok(count)
    }
}

/// A stream of unpacked bytes that ends with an error when it has given too many.
struct Unpacked<R> {
    stream: R,
    budget: Budget,
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.stream.read(buffer)?;
        self.budget.given.set(self.budget.given.get() + count as u64);
        if self.budget.is_spent() { Err(std::io::Error::other(BOMB)) } else { Ok(count) }
    }
}

const BOMB: &str = "it unpacks to over 200 times its size";

/// Why reading ended early: an archive bomb, or damage.
fn broken(place: &str, cause: &std::io::Error) -> ReadError {
    let code = if cause.to_string() == BOMB { "E211" } else { "E212" };
    error(code, None, format!("{place}: {cause}"))
}

#[cfg(test)]
mod tests;
