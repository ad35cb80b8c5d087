//! Matrices of the network, packed the way the kernels walk them.
//!
//! In: rows of int8 weights as they lie in the weights file. Out: `Packed`, padded with zeros to whole tiles. Must not
//! know what the matrices are for.

/// Columns are padded to a multiple of this.
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
    /// Words of 16 bits, `[columns][depth]`.
    Rows,
}

/// The weights of a packed matrix.
pub enum Values {
    /// In fours. Levels of bytes are 128 too high; every column's sum starts at its offset, which takes that away again.
    Bytes { values: Vec<i8>, offsets: Vec<i32> },
    /// In pairs or rows.
    Words(Vec<i16>),
}

/// A matrix whose columns are the outputs of a linear layer.
pub struct Packed {
    columns: usize,
    depth: usize,
    values: Values,
}

impl Packed {
    /// Packs parts of a matrix one below the other. Each part holds `depth` bytes (two's complement) per output.
    pub fn new(layout: Layout, parts: &[&[u8]], depth: usize) -> Self {
        let outputs: usize = parts.iter().map(|part| part.len() / depth).sum();
        let (columns, padded) = (outputs.next_multiple_of(COLUMNS), depth.next_multiple_of(DEPTH));
        let rows = parts.iter().flat_map(|part| part.chunks_exact(depth));
        let values = match layout {
            Layout::Fours => bytes(rows, columns, padded),
            Layout::Pairs | Layout::Rows => words(rows, columns, padded, layout),
        };
        Packed { columns, depth: padded, values }
    }

    /// Outputs, padded.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Inputs, padded.
    pub fn depth(&self) -> usize {
        self.depth
    }

    pub fn values(&self) -> &Values {
        &self.values
    }
}

fn bytes<'a>(rows: impl Iterator<Item = &'a [u8]>, columns: usize, depth: usize) -> Values {
    let (mut values, mut offsets) = (vec![0i8; columns * depth], vec![0i32; columns]);
    for (column, row) in rows.enumerate() {
        for (at, four) in row.chunks(4).enumerate() {
            let place = (column / 16) * 16 * depth + at * 64 + (column % 16) * 4;
            for (to, &weight) in values[place..].iter_mut().zip(four) {
                *to = weight as i8;
                offsets[column] -= i32::from(weight as i8) << 7;
            }
        }
    }
    Values::Bytes { values, offsets }
}

fn words<'a>(rows: impl Iterator<Item = &'a [u8]>, columns: usize, depth: usize, layout: Layout) -> Values {
    let mut values = vec![0i16; columns * depth];
    for (column, row) in rows.enumerate() {
        for (at, two) in row.chunks(2).enumerate() {
            let place = word_place(layout, column, at * 2, depth);
            for (to, &weight) in values[place..].iter_mut().zip(two) {
                *to = i16::from(weight as i8);
            }
        }
    }
    Values::Words(values)
}

/// Where the word from input `at` to output `column` lies, in pairs or rows.
#[inline(always)]
pub fn word_place(layout: Layout, column: usize, at: usize, depth: usize) -> usize {
    match layout {
        Layout::Rows => column * depth + at,
        _ => (column / 16) * 16 * depth + (at / 2) * 32 + (column % 16) * 2 + at % 2,
    }
}
