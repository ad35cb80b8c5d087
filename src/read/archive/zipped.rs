//! ZIP files of articles, and WACZ files (WARC files with an index, in a ZIP).
//!
//! A ZIP is held in memory, its members are unpacked one at a time. Names of members decide nothing but which are passed over.

use std::io::{Cursor, Read, Seek, SeekFrom};
use std::rc::Rc;

use zip::{CompressionMethod, ZipArchive};

use super::super::codes::error;
use super::super::{INPUT_LIMIT, ReadError, gzip, readers};
use super::{Budget, Member, Unpacked, archive, broken, warc};

/// Endings of files that hold no article: pictures, sound, what pages are dressed with, notes of the system.
const PASSED_OVER: &[&str] = &[
    "png", "jpg", "jpeg", "gif", "webp", "svg", "ico", "avif", "bmp", "tif", "tiff", "mp3", "mp4", "m4a", "mov",
    "webm", "ogg", "wav", "css", "js", "mjs", "map", "woff", "woff2", "ttf", "otf", "eot", "ds_store", "db", "sqlite",
    "pdf", "exe", "dll",
];

/// Members that only word processors and the like put into their files.
const OFFICE: &[&str] = &["[Content_Types].xml", "mimetype", "META-INF/container.xml"];

#[derive(Clone)]
struct Bytes(Rc<Vec<u8>>);

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

pub(super) struct Files {
    bytes: Bytes,
    zip: ZipArchive<Cursor<Bytes>>,
    budget: Budget,
    next: usize,
    /// A WACZ: only its WARC files count.
    of_pages: bool,
    /// The WARC file that is being read.
    records: Option<warc::Records<'static>>,
}

impl Files {
    pub fn of(stream: impl Read) -> Result<Files, ReadError> {
        let mut bytes = Vec::new();
        stream.take(INPUT_LIMIT as u64 + 1).read_to_end(&mut bytes).map_err(|cause| broken("archive", &cause))?;
        if bytes.len() > INPUT_LIMIT {
            return Err(readers::oversized(INPUT_LIMIT));
        }
        let budget = Budget::of(bytes.len() as u64);
        let bytes = Bytes(Rc::new(bytes));
        let zip = ZipArchive::new(Cursor::new(bytes.clone()))
            .map_err(|cause| error("E212", None, format!("this ZIP cannot be read: {cause}")))?;
        if let Some(name) = OFFICE.iter().find(|name| zip.index_for_name(name).is_some()) {
            return Err(error("E202", None, format!("this is a word-processor file or an e-book (it has “{name}”)")));
        }
        let of_pages = zip.index_for_name("datapackage.json").is_some()
            && zip.file_names().flatten().any(|name| is_warc_name(&name));
        Ok(Files { bytes, zip, budget, next: 0, of_pages, records: None })
    }

    fn file(&mut self, at: usize) -> Result<Option<Member>, ReadError> {
        let damaged = |cause: zip::result::ZipError| error("E212", None, format!("member {}: {cause}", at + 1));
        let mut file = self.zip.by_index(at).map_err(damaged)?;
        let name = file.name().map_err(damaged)?.to_string();
        if !file.is_file() || !self.of_pages && is_passed_over(&name) || self.of_pages && !is_warc_name(&name) {
            return Ok(None);
        }
        let stored = file.compression() == CompressionMethod::Stored;
        let start = file.data_start();
        let size = file.compressed_size();
        let mut head = Vec::new();
        // What one member may give is bounded by its own size, all together by that of the archive.
        let own = Unpacked { stream: &mut file, budget: Budget::of(size) };
        let mut stream = Unpacked { stream: own, budget: self.budget.clone() };
        (&mut stream).take(4096).read_to_end(&mut head).map_err(|cause| broken(&name, &cause))?;
        let is_warc = archive(&head) == Some(super::Archive::Warc);
        if let (true, true, Some(start)) = (is_warc, stored, start) {
            let part = Part::of(self.bytes.clone(), start, size);
            self.records = Some(warc::Records::of(part, self.budget.clone(), &format!("{name} ")));
            return Ok(None);
        }
        (&mut stream).take(INPUT_LIMIT as u64).read_to_end(&mut head).map_err(|cause| broken(&name, &cause))?;
        if head.len() > INPUT_LIMIT {
            let failure = readers::oversized(INPUT_LIMIT);
            return Err(ReadError { what: format!("{name}: {}", failure.what), ..failure });
        }
        if is_warc {
            self.records = Some(warc::Records::of(Cursor::new(head), self.budget.clone(), &format!("{name} ")));
            return Ok(None);
        }
        if head.starts_with(gzip::MAGIC) || archive(&head).is_some() {
            return Err(error("E202", None, format!("{name}: an archive inside an archive")));
        }
        Ok(Some(Member { name, bytes: head, charset: None, url: None, captured: None }))
    }
}

impl Iterator for Files {
    type Item = Result<Member, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(member) = self.records.as_mut().and_then(Iterator::next) {
                return Some(member);
            }
            self.records = None;
            if self.next >= self.zip.len() {
                return None;
            }
            self.next += 1;
            match self.file(self.next - 1) {
                Ok(None) => {}
                Ok(Some(member)) => return Some(Ok(member)),
                Err(failure) => {
                    if self.budget.is_spent() {
                        self.next = self.zip.len();
                    }
                    return Some(Err(failure));
                }
            }
        }
    }
}

fn is_warc_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with(".warc") || name.ends_with(".warc.gz")
}

fn is_passed_over(name: &str) -> bool {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name).to_ascii_lowercase();
    let hidden = file.starts_with('.') || name.starts_with("__MACOSX/");
    hidden || file.rsplit_once('.').is_some_and(|(_, ending)| PASSED_OVER.contains(&ending))
}

/// A part of the bytes of an archive, as a stream.
struct Part {
    bytes: Cursor<Bytes>,
    left: u64,
}

impl Part {
    fn of(bytes: Bytes, start: u64, size: u64) -> Part {
        let mut bytes = Cursor::new(bytes);
        // A place in memory can always be gone to; one behind the end gives nothing.
        let _ = bytes.seek(SeekFrom::Start(start));
        Part { bytes, left: size }
    }
}

impl Read for Part {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = (&mut self.bytes).take(self.left).read(buffer)?;
        self.left -= count as u64;
        Ok(count)
    }
}
