//! Matrices of the network, laid out the way the kernels walk them.
//!
//! In: rows of int8 weights as they lie in the weights file. Out: `Packed`: the same rows in place where the path can walk
//! them (nothing is copied when the program starts), else packed and padded with zeros to whole tiles. Must not know what
//! the matrices are for.

use std::borrow::Cow;

use super::aligned::Aligned;

/// Packed columns are padded to a multiple of this.
pub const COLUMNS: usize = 64;
/// The depth (inputs per column) is padded to a multiple of this.
pub const DEPTH: usize = 16;

/// How weights lie in memory. The kernels of each path walk one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Bytes, `[columns / 16][depth / 4][16][4]`.
    Fours,
    /// Words of 16 bits, `[columns / 16][depth / 2][16][2]`.
    Pairs,
    /// `[columns][depth]`: weights as they lie in the file; attention has words of 16 bits in the same order.
    Rows,
}

/// The weights of a matrix.
pub enum Values<'w> {
    /// In fours. Levels of bytes are 128 too high; every column's sum starts at its offset, which takes that away again.
    Fours { values: Aligned<i8>, offsets: Aligned<i32> },
    /// In rows, the parts of the matrix one below the other; bytes are two's complement.
    Rows(Vec<Cow<'w, [u8]>>),
}

/// A matrix whose columns are the outputs of a linear layer.
pub struct Packed<'w> {
    columns: usize,
    depth: usize,
    values: Values<'w>,
}

impl<'w> Packed<'w> {
    /// Puts parts of a matrix one below the other. Each part holds `depth` bytes (two's complement) per output.
    pub fn new(layout: Layout, parts: &[&'w [u8]], depth: usize) -> Self {
        let outputs: usize = parts.iter().map(|part| part.len() / depth).sum();
        let padded = depth.next_multiple_of(DEPTH);
        if layout == Layout::Fours {
            let columns = outputs.next_multiple_of(COLUMNS);
            let rows: Vec<&[u8]> = parts.iter().flat_map(|part| part.chunks_exact(depth)).collect();
            return Packed { columns, depth: padded, values: fours(&rows, columns, padded) };
        }
        let whole = |part: &&'w [u8]| match depth == padded {
            true => Cow::Borrowed(*part),
            false => Cow::Owned(padded_rows(part, depth, padded)),
        };
        Packed { columns: outputs, depth: padded, values: Values::Rows(parts.iter().map(whole).collect()) }
    }

    /// Outputs, padded where the layout wants it.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Inputs, padded.
    pub fn depth(&self) -> usize {
        self.depth
    }

    pub fn values(&self) -> &Values<'w> {
        &self.values
    }
}

fn padded_rows(part: &[u8], depth: usize, padded: usize) -> Vec<u8> {
    let mut rows = vec![0u8; part.len() / depth * padded];
    for (row, to) in part.chunks_exact(depth).zip(rows.chunks_exact_mut(padded)) {
        to[..depth].copy_from_slice(row);
    }
    rows
}

/// Outputs side by side in one block.
const BLOCK: usize = 16;

fn fours<'w>(rows: &[&[u8]], columns: usize, depth: usize) -> Values<'w> {
    let (mut values, mut offsets) = (Aligned::of(columns * depth), Aligned::of(columns));
    for (rows, block) in rows.chunks(BLOCK).zip(values.room(columns * depth).chunks_exact_mut(BLOCK * depth)) {
        for (at, to) in block.chunks_exact_mut(4 * BLOCK).enumerate() {
            for (row, to) in rows.iter().zip(to.chunks_exact_mut(4)) {
                for (to, &weight) in to.iter_mut().zip(row.iter().skip(4 * at)) {
                    *to = weight as i8;
                }
            }
        }
    }
    for (row, offset) in rows.iter().zip(offsets.room(columns)) {
        *offset = -128 * row.iter().map(|&weight| i32::from(weight as i8)).sum::<i32>();
    }
    Values::Fours { values, offsets }
}

/// Where the word from input `at` to output `column` lies, in pairs or rows.
#[inline(always)]
pub fn word_place(layout: Layout, column: usize, at: usize, depth: usize) -> usize {
    match layout {
        Layout::Rows => column * depth + at,
        _ => (column / 16) * 16 * depth + (at / 2) * 32 + (column % 16) * 2 + at % 2,
    }
}
