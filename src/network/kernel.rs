//! The integer products of the encoder, once per instruction set, and the choice between them at run time.
//!
//! In: levels (quantised activations, row by row) and a packed matrix. Out: 32-bit sums, and nothing else: integer sums
//! are exact in any order, so every path gives the same bits. The float steps between them live in `floats`; here they
//! are only compiled once per instruction set. This file must not know what the numbers mean.
//!
//! It is the one file of the crate with `unsafe`: intrinsics read and write through pointers. Every entry checks the
//! lengths it relies on, and tests hold each path against the portable one.
#![allow(unsafe_code)]

#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
use std::arch::asm;
#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::*;
use std::sync::LazyLock;

use super::floats;
use super::matrix::{COLUMNS, DEPTH, Layout, Packed, Values};

/// One way of computing on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Path {
    /// Tiles of 16 rows by 64 bytes (AMX, beside AVX-512 with VNNI).
    #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
    Amx,
    /// 64 byte products per instruction (AVX-512 with VNNI).
    #[cfg(target_arch = "x86_64")]
    Avx512Vnni,
    /// 32 byte products per instruction (AVX-VNNI beside AVX2).
    #[cfg(target_arch = "x86_64")]
    AvxVnni,
    /// Bytes widened to 16 bits, multiplied in pairs: nothing can saturate.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// Plain Rust, for every machine; the compiler uses what the target always has (NEON, SSE2).
    Portable,
}

impl Path {
    pub fn name(self) -> &'static str {
        match self {
            #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
            Path::Amx => "amx",
            #[cfg(target_arch = "x86_64")]
            Path::Avx512Vnni => "avx512-vnni",
            #[cfg(target_arch = "x86_64")]
            Path::AvxVnni => "avx-vnni",
            #[cfg(target_arch = "x86_64")]
            Path::Avx2 => "avx2",
            Path::Portable => "portable",
        }
    }

    /// How this path wants the matrices of the linear layers.
    pub fn layout(self) -> Layout {
        match self {
            #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
            Path::Amx => Layout::Fours,
            #[cfg(target_arch = "x86_64")]
            Path::Avx512Vnni | Path::AvxVnni => Layout::Fours,
            #[cfg(target_arch = "x86_64")]
            Path::Avx2 => Layout::Rows,
            Path::Portable => Layout::Rows,
        }
    }

    /// How this path wants matrices of words.
    pub fn word_layout(self) -> Layout {
        match self {
            Path::Portable => Layout::Rows,
            #[cfg(target_arch = "x86_64")]
            _ => Layout::Pairs,
        }
    }

    /// Rows that go through a pair of matrices together: whole tiles, few enough that their intermediate values stay in the
    /// near caches.
    pub fn panel(self) -> usize {
        match self {
            #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
            Path::Amx => 2 * TILE,
            _ => 24,
        }
    }

    /// Rows that are computed for so many: whole tiles.
    pub fn padded_rows(self, rows: usize) -> usize {
        match self {
            #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
            Path::Amx => rows.next_multiple_of(TILE),
            _ => rows,
        }
    }
}

/// Rows of a tile, and its columns of 32 bits.
#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
const TILE: usize = 16;

/// The paths this machine has, best first. The portable one is always the last.
pub fn available() -> Vec<Path> {
    let mut paths = Vec::new();
    #[cfg(target_arch = "x86_64")]
    {
        let wide = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512vnni");
        let avx2 = is_x86_feature_detected!("avx2");
        #[cfg(target_os = "linux")]
        paths.extend((wide && tiles_granted()).then_some(Path::Amx));
        paths.extend(wide.then_some(Path::Avx512Vnni));
        paths.extend((avx2 && is_x86_feature_detected!("avxvnni")).then_some(Path::AvxVnni));
        paths.extend(avx2.then_some(Path::Avx2));
    }
    paths.push(Path::Portable);
    paths
}

/// Whether the processor multiplies tiles of bytes and the kernel lets this process: it wants to be asked once, because a thread that
/// uses tiles takes 8 kB more to be put aside (Linux, Documentation/arch/x86/xstate.rst).
#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
fn tiles_granted() -> bool {
    const AMX_TILE: u32 = 1 << 24;
    const AMX_INT8: u32 = 1 << 25;
    const ARCH_PRCTL: i64 = 158;
    const ARCH_REQ_XCOMP_PERM: i64 = 0x1023;
    const XFEATURE_XTILEDATA: i64 = 18;
    static GRANTED: LazyLock<bool> = LazyLock::new(|| {
        // SAFETY: every processor of this architecture has the instruction. (Newer versions of Rust know that by themselves.)
        #[allow(unused_unsafe)]
        let has =
            unsafe { __cpuid(0).eax >= 7 && __cpuid_count(7, 0).edx & (AMX_TILE | AMX_INT8) == AMX_TILE | AMX_INT8 };
        let mut answer = ARCH_PRCTL;
        if has {
            // SAFETY: this call reads two numbers and touches no memory of ours; kernels that do not know it answer with an error.
            unsafe {
                asm!(
                    "syscall",
                    inlateout("rax") answer,
                    in("rdi") ARCH_REQ_XCOMP_PERM,
                    in("rsi") XFEATURE_XTILEDATA,
                    lateout("rcx") _,
                    lateout("r11") _,
                    options(nostack),
                );
            }
        }
        has && answer == 0
    });
    *GRANTED
}

static BEST: LazyLock<Path> = LazyLock::new(|| available()[0]);

/// The best path of this machine.
pub fn best() -> Path {
    *BEST
}

/// Compiles a function of `floats` once per instruction set. The same operations in the same order: Rust neither fuses
/// nor reorders float arithmetic, so the results are the same to the bit.
macro_rules! per_path {
    ($(#[$doc:meta])* $name:ident($($arg:ident: $type:ty),*)) => {
        $(#[$doc])*
        pub fn $name(path: Path, $($arg: $type),*) {
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
            fn wide($($arg: $type),*) {
                floats::$name($($arg),*)
            }
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2")]
            fn medium($($arg: $type),*) {
                floats::$name($($arg),*)
            }
            match path {
                // SAFETY: as below.
                #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
                Path::Amx => unsafe { wide($($arg),*) },
                // SAFETY: a path is only ever handed out by `available`, which asked the processor for its features.
                #[cfg(target_arch = "x86_64")]
                Path::Avx512Vnni => unsafe { wide($($arg),*) },
                // SAFETY: as above.
                #[cfg(target_arch = "x86_64")]
                Path::AvxVnni | Path::Avx2 => unsafe { medium($($arg),*) },
                Path::Portable => floats::$name($($arg),*),
            }
        }
    };
}

per_path!(quantise_bytes(rows: &[f32], width: usize, levels: &mut [u8], scales: &mut [f32]));
per_path!(quantise_words(rows: &[f32], width: usize, levels: &mut [i16], scales: &mut [f32]));
per_path!(finish(sums: &[i32], stride: usize, row_scales: &[f32], scales: &[f32], bias: &[f32], out: &mut [f32]));
per_path!(gelu(values: &mut [f32]));
per_path!(add_and_normalise(rows: &mut [f32], added: &[f32], gain: &[f32], bias: &[f32]));
per_path!(attention_operands(
    rows: &[f32],
    tokens: usize,
    head: usize,
    layout: Layout,
    scratch: &mut floats::HeadScratch
));
per_path!(softmax_levels(sums: &[i32], keys: usize, factor: f32, levels: &mut [i16], inverse: &mut [f32]));

/// Sums of products of every row of `levels` with every column of the matrix: `out[row * matrix.columns() + column]`.
///
/// `levels` holds `rows` rows of `matrix.depth()` bytes, each 128 more than the value it stands for. Both it and `out` have room for
/// `path.padded_rows(rows)`; what the rows beyond hold means nothing.
///
/// # Panics
/// When the lengths do not fit, the matrix is not in fours, or the path multiplies none.
pub fn multiply_bytes(path: Path, levels: &[u8], rows: usize, matrix: &Packed, out: &mut [i32]) {
    let (depth, columns) = (matrix.depth(), matrix.columns());
    let Values::Fours { values, offsets } = matrix.values() else { panic!("a matrix in fours is needed") };
    assert!(levels.len() >= rows * depth && out.len() >= rows * columns);
    assert!(depth.is_multiple_of(4) && columns.is_multiple_of(COLUMNS));
    assert!(values.len() == depth * columns && offsets.len() == columns);
    match path {
        #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
        Path::Amx if depth.is_multiple_of(4 * TILE) => {
            let rows = path.padded_rows(rows);
            assert!(levels.len() >= rows * depth && out.len() >= rows * columns);
            // SAFETY: tiles were granted; the lengths were checked above.
            unsafe { bytes_amx(levels.as_ptr(), rows, depth, values, offsets, out.as_mut_ptr()) }
        }
        #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
        Path::Amx => {
            // SAFETY: as below.
            unsafe { bytes_avx512(levels.as_ptr(), rows, depth, values, offsets, out.as_mut_ptr()) }
        }
        #[cfg(target_arch = "x86_64")]
        Path::Avx512Vnni => {
            // SAFETY: the features were detected; the lengths were checked above.
            unsafe { bytes_avx512(levels.as_ptr(), rows, depth, values, offsets, out.as_mut_ptr()) }
        }
        #[cfg(target_arch = "x86_64")]
        Path::AvxVnni => {
            // SAFETY: as above.
            unsafe { bytes_avxvnni(levels.as_ptr(), rows, depth, values, offsets, out.as_mut_ptr()) }
        }
        _ => panic!("this path multiplies words"),
    }
}

/// As `multiply_bytes`, for levels of 16 bits that stand for themselves (−127 to 127) and a matrix in rows.
///
/// # Panics
/// When the lengths do not fit, or the matrix is not in rows.
pub fn multiply_words(path: Path, levels: &[i16], rows: usize, matrix: &Packed, out: &mut [i32]) {
    let Values::Rows(parts) = matrix.values() else { panic!("a matrix in rows is needed") };
    let (depth, columns) = (matrix.depth(), matrix.columns());
    assert!(levels.len() >= rows * depth && out.len() >= rows * columns && depth.is_multiple_of(DEPTH));
    assert!(parts.iter().map(|part| part.len() / depth).sum::<usize>() == columns);
    let mut column = 0;
    for part in parts {
        let out = &mut out[column..];
        match path {
            #[cfg(target_arch = "x86_64")]
            Path::Avx2 => {
                // SAFETY: the feature was detected; the lengths were checked above.
                unsafe { rows_avx2(levels.as_ptr(), rows, depth, part, out.as_mut_ptr(), columns) }
                let even = part.len() / depth / 2 * 2;
                rows_portable(levels, rows, depth, &part[even * depth..], &mut out[even..], columns);
            }
            _ => rows_portable(levels, rows, depth, part, out, columns),
        }
        column += part.len() / depth;
    }
}

fn rows_portable(levels: &[i16], rows: usize, depth: usize, weights: &[u8], out: &mut [i32], stride: usize) {
    if weights.len() < depth {
        return;
    }
    for (row, out) in levels.chunks_exact(depth).zip(out.chunks_mut(stride)).take(rows) {
        for (sum, weights) in out.iter_mut().zip(weights.chunks_exact(depth)) {
            *sum = row.iter().zip(weights).map(|(&a, &w)| i32::from(a) * i32::from(w as i8)).sum();
        }
    }
}

/// As `multiply_words`, for a bare slice of words, packed in the path's `word_layout`. The caller sees to it that no sum can
/// leave 32 bits.
///
/// # Panics
/// When the lengths do not fit.
pub fn multiply_word_slices(
    path: Path,
    levels: &[i16],
    rows: usize,
    depth: usize,
    values: &[i16],
    columns: usize,
    out: &mut [i32],
) {
    assert!(levels.len() >= rows * depth && out.len() >= rows * columns);
    assert!(depth.is_multiple_of(2) && columns.is_multiple_of(32) && values.len() >= depth * columns);
    match path {
        #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
        Path::Amx => {
            // SAFETY: as below.
            unsafe { words_avx512(levels.as_ptr(), rows, depth, values, columns, out.as_mut_ptr()) }
        }
        #[cfg(target_arch = "x86_64")]
        Path::Avx512Vnni => {
            // SAFETY: the features were detected; the lengths were checked above.
            unsafe { words_avx512(levels.as_ptr(), rows, depth, values, columns, out.as_mut_ptr()) }
        }
        #[cfg(target_arch = "x86_64")]
        Path::AvxVnni | Path::Avx2 => {
            // SAFETY: as above.
            unsafe { words_avx2(levels.as_ptr(), rows, depth, values, columns, out.as_mut_ptr()) }
        }
        Path::Portable => words_portable(levels, rows, depth, values, columns, out),
    }
}

fn words_portable(levels: &[i16], rows: usize, depth: usize, values: &[i16], columns: usize, out: &mut [i32]) {
    for (row, out) in levels.chunks_exact(depth).zip(out.chunks_exact_mut(columns)).take(rows) {
        for (sum, weights) in out.iter_mut().zip(values.chunks_exact(depth)) {
            *sum = row.iter().zip(weights).map(|(&a, &w)| i32::from(a) * i32::from(w)).sum();
        }
    }
}

/// Walks blocks of columns and, inside, groups of at most `$most` rows: a block of the matrix stays in the nearest cache
/// while all rows pass over it.
#[cfg(target_arch = "x86_64")]
macro_rules! over_tiles {
    ($rows:expr, $columns:expr, $width:literal, $tile:ident, [$($count:literal),*], $call:expr) => {{
        const MOST: usize = { let mut most = 0; $(if $count > most { most = $count })* most };
        let mut column = 0;
        while column < $columns {
            let mut row = 0;
            while row < $rows {
                match ($rows - row).min(MOST) {
                    $($count => $call($tile::<$count>, row, column),)*
                    _ => unreachable!("a tile has one to MOST rows"),
                }
                row += MOST;
            }
            column += $width;
        }
    }};
}

#[cfg(target_arch = "x86_64")]
type ByteTile = unsafe fn(*const u8, usize, *const i8, *const i32, *mut i32, usize);
#[cfg(target_arch = "x86_64")]
type RowTile = unsafe fn(*const i16, usize, *const i8, *mut i32, usize);
#[cfg(target_arch = "x86_64")]
type WordTile = unsafe fn(*const i16, usize, *const i16, *mut i32, usize);

#[cfg(target_arch = "x86_64")]
unsafe fn bytes_avx512(levels: *const u8, rows: usize, depth: usize, values: &[i8], offsets: &[i32], out: *mut i32) {
    let columns = offsets.len();
    over_tiles!(rows, columns, 64, bytes_tile_avx512, [1, 2, 3, 4, 5, 6], |tile: ByteTile, row, column| {
        // SAFETY: the tile starts inside both; `values` has `depth` bytes per column.
        unsafe {
            let block = values.as_ptr().add(column * depth);
            let first = offsets.as_ptr().add(column);
            tile(levels.add(row * depth), depth, block, first, out.add(row * columns + column), columns);
        }
    });
}

/// What each tile register holds: 0 to 3 sums, 4 and 5 levels, 6 and 7 weights (Intel SDM, "Intel AMX", tile palette 1).
#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
#[repr(C, align(64))]
struct TileConfig {
    palette: u8,
    start: u8,
    reserved: [u8; 14],
    row_bytes: [u16; 16],
    rows: [u8; 16],
}

/// `rows` and `depth` are whole tiles. A group of sixteen columns in fours is a tile as it lies; two of them stay in the nearest cache
/// while all rows pass over them.
#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
unsafe fn bytes_amx(levels: *const u8, rows: usize, depth: usize, values: &[i8], offsets: &[i32], out: *mut i32) {
    let columns = offsets.len();
    let mut config = TileConfig { palette: 1, start: 0, reserved: [0; 14], row_bytes: [0; 16], rows: [0; 16] };
    config.row_bytes[..8].fill(4 * TILE as u16);
    config.rows[..8].fill(TILE as u8);
    // SAFETY: the configuration is whole. Tiles start and end inside: `levels` has rows of `depth` bytes, `values` `depth` bytes a
    // column, `out` rows of `columns` sums, and rows, depth and columns are whole tiles.
    unsafe {
        asm!("ldtilecfg [{}]", in(reg) &raw const config, options(nostack, readonly));
        for column in (0..columns).step_by(2 * TILE) {
            let weights = values.as_ptr().add(column * depth);
            let first = offsets.as_ptr().add(column);
            for row in (0..rows).step_by(2 * TILE) {
                let (levels, out) = (levels.add(row * depth), out.add(row * columns + column));
                match rows - row {
                    TILE => byte_tiles_of_one(levels, depth, weights, first, out, columns),
                    _ => byte_tiles_of_two(levels, depth, weights, first, out, columns),
                }
            }
        }
        asm!("tilerelease", options(nostack, nomem));
    }
}

/// Sixteen rows times 32 columns.
#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
unsafe fn byte_tiles_of_one(
    levels: *const u8,
    depth: usize,
    weights: *const i8,
    offsets: *const i32,
    out: *mut i32,
    stride: usize,
) {
    // SAFETY: the caller has configured the tiles and gives what they reach.
    unsafe {
        asm!(
            "tileloadd tmm0, [{offsets} + {zero}]",
            "tileloadd tmm1, [{offsets} + {zero} + 64]",
            "2:",
            "tileloadd tmm4, [{levels} + {depth}]",
            "tileloadd tmm6, [{left} + {sixteen}]",
            "tileloadd tmm7, [{right} + {sixteen}]",
            "tdpbusd tmm0, tmm4, tmm6",
            "tdpbusd tmm1, tmm4, tmm7",
            "add {levels}, 64",
            "add {left}, 1024",
            "add {right}, 1024",
            "dec {steps}",
            "jnz 2b",
            "tilestored [{out} + {stride}], tmm0",
            "tilestored [{out} + {stride} + 64], tmm1",
            offsets = in(reg) offsets,
            zero = in(reg) 0usize,
            levels = inout(reg) levels => _,
            depth = in(reg) depth,
            left = inout(reg) weights => _,
            right = inout(reg) weights.add(TILE * depth) => _,
            sixteen = in(reg) 4 * TILE,
            steps = inout(reg) depth / (4 * TILE) => _,
            out = in(reg) out,
            stride = in(reg) 4 * stride,
            options(nostack),
        );
    }
}

/// 32 rows times 32 columns.
#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
unsafe fn byte_tiles_of_two(
    levels: *const u8,
    depth: usize,
    weights: *const i8,
    offsets: *const i32,
    out: *mut i32,
    stride: usize,
) {
    // SAFETY: as in `byte_tiles_of_one`.
    unsafe {
        let below = out.add(TILE * stride);
        asm!(
            "tileloadd tmm0, [{offsets} + {zero}]",
            "tileloadd tmm1, [{offsets} + {zero} + 64]",
            "tileloadd tmm2, [{offsets} + {zero}]",
            "tileloadd tmm3, [{offsets} + {zero} + 64]",
            "2:",
            "tileloadd tmm4, [{upper} + {depth}]",
            "tileloadd tmm6, [{left} + {sixteen}]",
            "tileloadd tmm7, [{right} + {sixteen}]",
            "tdpbusd tmm0, tmm4, tmm6",
            "tileloadd tmm5, [{lower} + {depth}]",
            "tdpbusd tmm1, tmm4, tmm7",
            "tdpbusd tmm2, tmm5, tmm6",
            "tdpbusd tmm3, tmm5, tmm7",
            "add {upper}, 64",
            "add {lower}, 64",
            "add {left}, 1024",
            "add {right}, 1024",
            "dec {steps}",
            "jnz 2b",
            offsets = in(reg) offsets,
            zero = in(reg) 0usize,
            upper = inout(reg) levels => _,
            lower = inout(reg) levels.add(TILE * depth) => _,
            depth = in(reg) depth,
            left = inout(reg) weights => _,
            right = inout(reg) weights.add(TILE * depth) => _,
            sixteen = in(reg) 4 * TILE,
            steps = inout(reg) depth / (4 * TILE) => _,
            options(nostack),
        );
        asm!(
            "tilestored [{out} + {stride}], tmm0",
            "tilestored [{out} + {stride} + 64], tmm1",
            "tilestored [{below} + {stride}], tmm2",
            "tilestored [{below} + {stride} + 64], tmm3",
            out = in(reg) out,
            below = in(reg) below,
            stride = in(reg) 4 * stride,
            options(nostack),
        );
    }
}

#[cfg(target_arch = "x86_64")]
unsafe fn bytes_avxvnni(levels: *const u8, rows: usize, depth: usize, values: &[i8], offsets: &[i32], out: *mut i32) {
    let columns = offsets.len();
    over_tiles!(rows, columns, 32, bytes_tile_avxvnni, [1, 2, 3], |tile: ByteTile, row, column| {
        // SAFETY: as in `bytes_avx512`.
        unsafe {
            let block = values.as_ptr().add(column * depth);
            let first = offsets.as_ptr().add(column);
            tile(levels.add(row * depth), depth, block, first, out.add(row * columns + column), columns);
        }
    });
}

/// An even number of columns.
#[cfg(target_arch = "x86_64")]
unsafe fn rows_avx2(levels: *const i16, rows: usize, depth: usize, weights: &[u8], out: *mut i32, stride: usize) {
    let columns = weights.len() / depth / 2 * 2;
    over_tiles!(rows, columns, 2, rows_tile_avx2, [1, 2, 3, 4], |tile: RowTile, row, column| {
        // SAFETY: as in `bytes_avx512`.
        unsafe {
            let weights = weights.as_ptr().add(column * depth).cast();
            tile(levels.add(row * depth), depth, weights, out.add(row * stride + column), stride);
        }
    });
}

#[cfg(target_arch = "x86_64")]
unsafe fn words_avx512(levels: *const i16, rows: usize, depth: usize, values: &[i16], columns: usize, out: *mut i32) {
    over_tiles!(rows, columns, 32, words_tile_avx512, [1, 2, 3, 4, 5, 6, 7, 8], |tile: WordTile, row, column| {
        // SAFETY: as in `bytes_avx512`.
        unsafe {
            let block = values.as_ptr().add(column * depth);
            tile(levels.add(row * depth), depth, block, out.add(row * columns + column), columns);
        }
    });
}

#[cfg(target_arch = "x86_64")]
unsafe fn words_avx2(levels: *const i16, rows: usize, depth: usize, values: &[i16], columns: usize, out: *mut i32) {
    over_tiles!(rows, columns, 16, words_tile_avx2, [1, 2, 3, 4, 5], |tile: WordTile, row, column| {
        // SAFETY: as in `bytes_avx512`.
        unsafe {
            let block = values.as_ptr().add(column * depth);
            tile(levels.add(row * depth), depth, block, out.add(row * columns + column), columns);
        }
    });
}

/// `R` rows times 64 columns. `block` is packed as `[4][depth / 4][16][4]`.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
unsafe fn bytes_tile_avx512<const R: usize>(
    levels: *const u8,
    depth: usize,
    block: *const i8,
    offsets: *const i32,
    out: *mut i32,
    stride: usize,
) {
    // SAFETY: the caller gives R rows of `depth` levels, 64 * depth weights, 64 offsets, R rows of 64 sums `stride` apart.
    unsafe {
        let mut sums = [std::array::from_fn::<_, 4, _>(|c| _mm512_loadu_si512(offsets.add(c * 16).cast())); R];
        for at in (0..depth).step_by(4) {
            let weights: [__m512i; 4] =
                std::array::from_fn(|c| _mm512_loadu_si512(block.add((c * depth + at) * 16).cast()));
            for (r, sums) in sums.iter_mut().enumerate() {
                let four = _mm512_set1_epi32(levels.add(r * depth + at).cast::<i32>().read_unaligned());
                for (sum, weights) in sums.iter_mut().zip(weights) {
                    *sum = _mm512_dpbusd_epi32(*sum, four, weights);
                }
            }
        }
        for (r, sums) in sums.iter().enumerate() {
            for (c, sum) in sums.iter().enumerate() {
                _mm512_storeu_si512(out.add(r * stride + c * 16).cast(), *sum);
            }
        }
    }
}

/// `R` rows times 32 columns. `block` is packed as `[2][depth / 4][16][4]`.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,avxvnni")]
unsafe fn bytes_tile_avxvnni<const R: usize>(
    levels: *const u8,
    depth: usize,
    block: *const i8,
    offsets: *const i32,
    out: *mut i32,
    stride: usize,
) {
    // SAFETY: the caller gives R rows of `depth` levels, 32 * depth weights, 32 offsets, R rows of 32 sums `stride` apart.
    unsafe {
        let mut sums = [std::array::from_fn::<_, 4, _>(|c| _mm256_loadu_si256(offsets.add(c * 8).cast())); R];
        for at in (0..depth).step_by(4) {
            let four: [__m256i; R] =
                std::array::from_fn(|r| _mm256_set1_epi32(levels.add(r * depth + at).cast::<i32>().read_unaligned()));
            for c in 0..4 {
                let place = ((c / 2) * depth + at) * 16 + (c % 2) * 32;
                let weights = _mm256_loadu_si256(block.add(place).cast());
                for (sums, four) in sums.iter_mut().zip(four) {
                    sums[c] = _mm256_dpbusd_avx_epi32(sums[c], four, weights);
                }
            }
        }
        for (r, sums) in sums.iter().enumerate() {
            for (c, sum) in sums.iter().enumerate() {
                _mm256_storeu_si256(out.add(r * stride + c * 8).cast(), *sum);
            }
        }
    }
}

/// `R` rows times 32 columns. `block` is packed as `[2][depth / 2][16][2]`.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
unsafe fn words_tile_avx512<const R: usize>(
    levels: *const i16,
    depth: usize,
    block: *const i16,
    out: *mut i32,
    stride: usize,
) {
    let mut sums = [[_mm512_setzero_si512(); 2]; R];
    // SAFETY: the caller gives R rows of `depth` levels, 32 * depth weights, and R rows of 32 sums `stride` apart.
    unsafe {
        for at in (0..depth).step_by(2) {
            let weights: [__m512i; 2] =
                std::array::from_fn(|c| _mm512_loadu_si512(block.add((c * depth + at) * 16).cast()));
            for (r, sums) in sums.iter_mut().enumerate() {
                let two = _mm512_set1_epi32(levels.add(r * depth + at).cast::<i32>().read_unaligned());
                for (sum, weights) in sums.iter_mut().zip(weights) {
                    *sum = _mm512_dpwssd_epi32(*sum, two, weights);
                }
            }
        }
        for (r, sums) in sums.iter().enumerate() {
            for (c, sum) in sums.iter().enumerate() {
                _mm512_storeu_si512(out.add(r * stride + c * 16).cast(), *sum);
            }
        }
    }
}

/// `R` rows times 16 columns. `block` is packed as `[depth / 2][16][2]`.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn words_tile_avx2<const R: usize>(
    levels: *const i16,
    depth: usize,
    block: *const i16,
    out: *mut i32,
    stride: usize,
) {
    let mut sums = [[_mm256_setzero_si256(); 2]; R];
    // SAFETY: the caller gives R rows of `depth` levels, 16 * depth weights, and R rows of 16 sums `stride` apart.
    unsafe {
        for at in (0..depth).step_by(2) {
            let weights: [__m256i; 2] = std::array::from_fn(|c| _mm256_loadu_si256(block.add(at * 16 + c * 16).cast()));
            for (r, sums) in sums.iter_mut().enumerate() {
                let two = _mm256_set1_epi32(levels.add(r * depth + at).cast::<i32>().read_unaligned());
                for (sum, weights) in sums.iter_mut().zip(weights) {
                    *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(two, weights));
                }
            }
        }
        for (r, sums) in sums.iter().enumerate() {
            for (c, sum) in sums.iter().enumerate() {
                _mm256_storeu_si256(out.add(r * stride + c * 8).cast(), *sum);
            }
        }
    }
}

/// `R` rows times two columns of bytes, which are widened as they come.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn rows_tile_avx2<const R: usize>(
    levels: *const i16,
    depth: usize,
    weights: *const i8,
    out: *mut i32,
    stride: usize,
) {
    let mut sums = [[_mm256_setzero_si256(); 2]; R];
    // SAFETY: the caller gives R rows of `depth` levels (whole sixteens), 2 * depth weights, and R rows of two sums `stride`
    // apart.
    unsafe {
        for at in (0..depth).step_by(16) {
            let weights: [__m256i; 2] =
                std::array::from_fn(|c| _mm256_cvtepi8_epi16(_mm_loadu_si128(weights.add(c * depth + at).cast())));
            for (r, sums) in sums.iter_mut().enumerate() {
                let levels = _mm256_loadu_si256(levels.add(r * depth + at).cast());
                for (sum, weights) in sums.iter_mut().zip(weights) {
                    *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(levels, weights));
                }
            }
        }
        for (r, sums) in sums.iter().enumerate() {
            let pairs = _mm256_hadd_epi32(sums[0], sums[1]);
            let halves = _mm256_hadd_epi32(pairs, pairs);
            let both = _mm_add_epi32(_mm256_castsi256_si128(halves), _mm256_extracti128_si256::<1>(halves));
            _mm_storel_epi64(out.add(r * stride).cast(), both);
        }
    }
}
