//! Byte offsets to Unicode code-point offsets and back: bytes inside the program, code points in public output.

use super::Span;

/// Every how many bytes a checkpoint is kept.
const STEP: usize = 256;

/// An index over one text that turns byte offsets into code-point offsets and back.
pub struct CodePoints<'t> {
    text: &'t str,
    /// Code points before byte `i * STEP` (rounded down to a character boundary).
    checkpoints: Vec<usize>,
    count: usize,
}

impl<'t> CodePoints<'t> {
    pub fn new(text: &'t str) -> Self {
        let mut checkpoints = Vec::with_capacity(text.len() / STEP + 1);
        let mut count = 0;
        for step in text.as_bytes().chunks(STEP) {
            checkpoints.push(count);
            count += step.iter().filter(|byte| starts_character(**byte)).count();
        }
        // A last step that only ends the last character is not a place of its own.
        if checkpoints.len() > 1 && checkpoints.last() == Some(&count) {
            checkpoints.pop();
        }
        if checkpoints.is_empty() {
            checkpoints.push(0);
        }
        CodePoints { text, checkpoints, count }
    }

    /// How many code points the text has.
    pub fn len(&self) -> usize {
        self.count
    }

    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The number of code points before byte offset `byte`; past the end, their whole count.
    pub fn at_byte(&self, byte: usize) -> usize {
        if byte >= self.text.len() {
            return self.count;
        }
        let slot = (byte / STEP).min(self.checkpoints.len() - 1);
        let from = self.first_boundary(slot);
        if from >= byte {
            return self.checkpoints[slot];
        }
        let until = boundary_at_or_before(self.text, byte);
        self.checkpoints[slot] + self.text[from..until].chars().count()
    }

    /// The byte offset of code point number `point`; past the end, the length in bytes.
    pub fn byte_of(&self, point: usize) -> usize {
        if point >= self.count {
            return self.text.len();
        }
        let slot = self.checkpoints.partition_point(|&before| before <= point) - 1;
        let from = self.first_boundary(slot);
        let rest = &self.text[from..];
        match rest.char_indices().nth(point - self.checkpoints[slot]) {
            Some((byte, _)) => from + byte,
            None => self.text.len(),
        }
    }

    /// A byte span as a (start, end) pair of code points, end exclusive.
    pub fn of_span(&self, span: Span) -> (usize, usize) {
        (self.at_byte(span.start), self.at_byte(span.end))
    }

    /// A pair of code points as a byte span.
    pub fn to_span(&self, start: usize, end: usize) -> Span {
        Span::new(self.byte_of(start), self.byte_of(end))
    }

    /// The first character boundary at or after checkpoint `slot`.
    fn first_boundary(&self, slot: usize) -> usize {
        let mut byte = (slot * STEP).min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte += 1;
        }
        byte
    }
}

/// Whether a byte of UTF-8 begins a character (RFC 3629: all others are 10xxxxxx).
fn starts_character(byte: u8) -> bool {
    byte & 0b1100_0000 != 0b1000_0000
}

fn boundary_at_or_before(text: &str, mut byte: usize) -> usize {
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    byte
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn agrees_with_counting(text in "[a-zé“”日🙂 \n]{0,900}") {
            let index = CodePoints::new(&text);
            prop_assert_eq!(index.len(), text.chars().count());
            for (point, (byte, _)) in text.char_indices().enumerate() {
                prop_assert_eq!(index.at_byte(byte), point);
                prop_assert_eq!(index.byte_of(point), byte);
            }
            prop_assert_eq!(index.at_byte(text.len()), index.len());
            prop_assert_eq!(index.byte_of(index.len()), text.len());
        }
    }
}
