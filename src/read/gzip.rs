//! One gzip file around one input: unpacked in memory, with a limit on the size and on the ratio.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::MultiGzDecoder;

use super::ReadError;
use super::codes::error;

pub(super) const MAGIC: &[u8] = &[0x1F, 0x8B, 0x08];

/// Most bytes one unpacked input may have, and how many times its packed size from a megabyte on.
const LIMIT: usize = 512_000_000;
const RATIO: usize = 200;
const FREE: usize = 1_000_000;

/// The input itself, or what it unpacks to. Errors: damaged data, a suspicious ratio.
pub(super) fn unpacked(bytes: &[u8]) -> Result<Cow<'_, [u8]>, ReadError> {
    if !bytes.starts_with(MAGIC) {
        return Ok(Cow::Borrowed(bytes));
    }
    let most = LIMIT.min(FREE.max(bytes.len().saturating_mul(RATIO)));
    let mut out = Vec::new();
    let read = MultiGzDecoder::new(bytes).take(most as u64 + 1).read_to_end(&mut out);
    if out.len() > most {
        let what = format!("unpacks to more than {most} bytes from {}", bytes.len());
        return Err(error("E211", None, what));
    }
    match read {
        Ok(_) => Ok(Cow::Owned(out)),
        Err(failure) => Err(error("E210", None, format!("damaged gzip data: {failure}"))),
    }
}

/// What the beginning of a packed input unpacks to, as far as it can be told.
pub(super) fn beginning(head: &[u8]) -> Vec<u8> {
    const ENOUGH: u64 = 64 * 1024;
    let mut out = Vec::new();
    // The end of the head is the middle of the data: an error there is no news.
    let _ = MultiGzDecoder::new(head).take(ENOUGH).read_to_end(&mut out);
    out
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use crate::read::{Input, ReadOptions, documents};

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn code(bytes: &[u8]) -> String {
        documents(&Input { bytes, path: None }, &ReadOptions::default()).remove(0).unwrap_err().code
    }

    #[test]
    fn packed_lines_are_read() {
        let bytes = packed(b"{\"text\":\"The ferry sails.\"}\n{\"text\":\"It does.\"}\n");
        assert_eq!(documents(&Input { bytes: &bytes, path: None }, &ReadOptions::default()).len(), 2);
    }

    #[test]
    fn bombs_and_damage_are_refused() {
        assert_eq!(code(&packed(&vec![b'a'; 30_000_000])), "E211");
        let whole = packed(&(0..9000u32).flat_map(u32::to_le_bytes).collect::<Vec<u8>>());
        assert_eq!(code(&whole[..whole.len() / 2]), "E210");
        assert_eq!(code(&packed(&packed(b"nested"))), "E202");
    }
}
