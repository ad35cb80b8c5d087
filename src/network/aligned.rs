//! Buffers that start at a cache line: a row of 64 bytes that lies across two lines costs a kernel two loads.
//!
//! In: how many values. Out: a slice of them. Must not know what they are.

use std::ops::Deref;

/// Values that start at a multiple of 64 bytes.
#[derive(Debug, Default)]
pub struct Aligned<T> {
    values: Vec<T>,
    /// Where they start: a vector stays where it is until it grows.
    from: usize,
    count: usize,
}

const LINE: usize = 64;

impl<T: Copy + Default> Aligned<T> {
    /// So many values, all of them zero.
    pub fn of(count: usize) -> Self {
        let mut new = Aligned { values: Vec::new(), from: 0, count: 0 };
        new.room(count);
        new
    }

    /// Room for so many values; what they are is what they last were, or zero.
    pub fn room(&mut self, count: usize) -> &mut [T] {
        if self.values.len() < self.from + count {
            self.values.resize(count + LINE, T::default());
            self.from = self.values.as_ptr().align_offset(LINE).min(LINE);
        }
        self.count = count;
        &mut self.values[self.from..self.from + count]
    }
}

impl<T> Deref for Aligned<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.values[self.from..self.from + self.count]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_at_a_line_however_it_grows() {
        let mut buffer = Aligned::<i16>::default();
        for count in [1, 0, 31, 1000, 7, 40_000] {
            let room = buffer.room(count);
            assert_eq!((room.len(), room.as_ptr().align_offset(LINE)), (count, 0));
            room.fill(3);
            assert!(buffer.len() == count && buffer.iter().all(|&value| value == 3));
        }
        assert!(Aligned::<u8>::of(100).iter().all(|&value| value == 0));
    }
}
