//! The float steps of the network between the integer products.
//!
//! Plain Rust with every sum in a fixed order (sixteen running sums, then a fixed tree), no fused operations and no
//! library functions that differ between systems: whatever instructions the compiler picks, the bits are the same.
//! `kernel` compiles each function once per instruction set. Must not know the weights file.

use super::aligned::Aligned;
use super::matrix::{Layout, word_place};

/// Smallest largest value a row is scaled by.
const FLOOR: f32 = 1e-12;
/// Adding and taking away this number rounds to the nearest whole number, halves to even (up to 2^22).
const ROUND: f32 = 12_582_912.0;
const LANES: usize = 16;

/// Width of one attention head.
pub const HEAD: usize = 32;
/// Most keys of one window: `MASS` keeps the sums of the attention inside 32 bits whatever their number, but padding
/// and positions count on it.
pub const MOST_KEYS: usize = 256;
/// Largest level of queries, keys and values: 32 products of two of them stay inside 32 bits.
const HEAD_LEVELS: f32 = 8191.0;
/// What the levels of one row of attention weights add up to at most; times `HEAD_LEVELS` it stays inside 32 bits.
const MASS: f32 = 131_072.0;
const WORD_LEVELS: f32 = 32_767.0;

#[inline(always)]
fn whole(x: f32) -> i32 {
    (x + ROUND).to_bits() as i32 - ROUND.to_bits() as i32
}

#[inline(always)]
fn tree_sum(lanes: [f32; LANES]) -> f32 {
    let mut lanes = lanes;
    let mut half = LANES / 2;
    while half > 0 {
        for i in 0..half {
            lanes[i] += lanes[i + half];
        }
        half /= 2;
    }
    lanes[0]
}

#[inline(always)]
fn larger(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// Raises every lane to the size of the values that fall on it. A row that is no whole number of lanes long is taken
/// as ending in zeros.
#[inline(always)]
fn raise(lanes: &mut [f32; LANES], values: &[f32]) {
    let mut chunks = values.chunks_exact(LANES);
    for chunk in &mut chunks {
        for (lane, x) in lanes.iter_mut().zip(chunk) {
            *lane = larger(x.abs(), *lane);
        }
    }
    for (lane, x) in lanes.iter_mut().zip(chunks.remainder()) {
        *lane = larger(x.abs(), *lane);
    }
}

#[inline(always)]
fn tree_largest(lanes: [f32; LANES]) -> f32 {
    let mut lanes = lanes;
    let mut half = LANES / 2;
    while half > 0 {
        for i in 0..half {
            lanes[i] = larger(lanes[i], lanes[i + half]);
        }
        half /= 2;
    }
    lanes[0]
}

#[inline(always)]
fn largest(values: &[f32]) -> f32 {
    let mut lanes = [FLOOR; LANES];
    raise(&mut lanes, values);
    tree_largest(lanes)
}

/// Rows of `width` values to levels of eight bits: `round(x / scale) + 128`, one scale per row. A row of levels may be
/// longer than a row of values; the rest stays as it is.
#[inline(always)]
pub fn quantise_bytes(rows: &[f32], width: usize, levels: &mut [u8], scales: &mut [f32]) {
    let stride = levels.len() / scales.len().max(1);
    for ((row, levels), scale) in rows.chunks_exact(width).zip(levels.chunks_exact_mut(stride)).zip(scales) {
        *scale = largest(row) / 127.0;
        let inverse = 1.0 / *scale;
        for (level, x) in levels.iter_mut().zip(row) {
            *level = (whole(x * inverse) + 128) as u8;
        }
    }
}

/// As `quantise_bytes`, the levels as signed numbers of 16 bits.
#[inline(always)]
pub fn quantise_words(rows: &[f32], width: usize, levels: &mut [i16], scales: &mut [f32]) {
    let stride = levels.len() / scales.len().max(1);
    for ((row, levels), scale) in rows.chunks_exact(width).zip(levels.chunks_exact_mut(stride)).zip(scales) {
        *scale = largest(row) / 127.0;
        let inverse = 1.0 / *scale;
        for (level, x) in levels.iter_mut().zip(row) {
            *level = whole(x * inverse) as i16;
        }
    }
}

/// Integer sums back to values: `sum × scale of the row × scale of the column + bias`. Rows of sums are `stride` apart.
#[inline(always)]
pub fn finish(sums: &[i32], stride: usize, row_scales: &[f32], scales: &[f32], bias: &[f32], out: &mut [f32]) {
    let rows = sums.chunks_exact(stride).zip(out.chunks_exact_mut(bias.len()));
    for ((sums, out), row_scale) in rows.zip(row_scales) {
        for (((out, sum), scale), bias) in out.iter_mut().zip(sums).zip(scales).zip(bias) {
            *out = *sum as f32 * row_scale * scale + bias;
        }
    }
}

/// `x/2 · (1 + erf(x/√2))`, erf by a rational approximation on [−3.92, 3.92] that is exact to float precision.
#[inline(always)]
pub fn gelu(values: &mut [f32]) {
    for value in values {
        let z = *value * std::f32::consts::FRAC_1_SQRT_2;
        let z = if z < -3.92 { -3.92 } else { z };
        let z = if z > 3.92 { 3.92 } else { z };
        let q = z * z;
        let mut top = -2.726_142_3e-10;
        for term in [2.770_681_4e-8, -2.101_024e-6, -5.692_506_5e-5, -7.349_906_3e-4, -2.954_6e-3, -1.609_603_3e-2] {
            top = top * q + term;
        }
        let mut bottom = -1.456_607_2e-5;
        for term in [-2.133_740_6e-4, -1.682_827e-3, -7.373_329_3e-3, -1.426_473_9e-2] {
            bottom = bottom * q + term;
        }
        *value = 0.5 * *value * (1.0 + top * z / bottom);
    }
}

/// Adds `added` to the rows and normalises each to mean 0 and variance 1, times `gain`, plus `bias`.
#[inline(always)]
pub fn add_and_normalise(rows: &mut [f32], added: &[f32], gain: &[f32], bias: &[f32]) {
    let width = gain.len();
    for (row, added) in rows.chunks_exact_mut(width).zip(added.chunks_exact(width)) {
        for (x, more) in row.iter_mut().zip(added) {
            *x += more;
        }
        let mean = lane_sum(row, |x| x) / width as f32;
        let variance = lane_sum(row, |x| (x - mean) * (x - mean)) / width as f32;
        let inverse = 1.0 / (variance + 1e-12).sqrt();
        for ((x, gain), bias) in row.iter_mut().zip(gain).zip(bias) {
            *x = (*x - mean) * inverse * gain + bias;
        }
    }
}

/// The sum of `term(x)` over a row, in sixteen running sums. The row is a whole number of lanes long.
#[inline(always)]
fn lane_sum(row: &[f32], term: impl Fn(f32) -> f32) -> f32 {
    let mut lanes = [0f32; LANES];
    for chunk in row.chunks_exact(LANES) {
        for (lane, &x) in lanes.iter_mut().zip(chunk) {
            *lane += term(x);
        }
    }
    tree_sum(lanes)
}

/// The product of two rows, which are a whole number of lanes long.
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0f32; LANES];
    for (a, b) in a.chunks_exact(LANES).zip(b.chunks_exact(LANES)) {
        for (lane, (a, b)) in lanes.iter_mut().zip(a.iter().zip(b)) {
            *lane += a * b;
        }
    }
    tree_sum(lanes)
}

/// e to the `x`, for `x` at most 0: a power of two times a polynomial, about three parts in a million off.
#[inline(always)]
fn exponential(x: f32) -> f32 {
    let t = x * std::f32::consts::LOG2_E;
    let t = if t < -126.0 { -126.0 } else { t };
    let shifted = t + ROUND;
    let f = t - (shifted - ROUND);
    let mut p = 1.333_355_8e-3;
    for term in [9.618_129e-3, 5.550_411e-2, 2.402_265e-1, 6.931_472e-1, 1.0] {
        p = p * f + term;
    }
    let power = shifted.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(127) << 23;
    f32::from_bits(power) * p
}

/// Queries, keys and values of one head as levels of 16 bits, in the order the kernels want.
#[derive(Default)]
pub struct HeadScratch {
    /// `[tokens][32]`
    pub queries: Aligned<i16>,
    /// Packed, 32 deep, one column per token (padded to a multiple of 32).
    pub keys: Aligned<i16>,
    /// Packed, one column per channel, as deep as there are padded tokens.
    pub values: Aligned<i16>,
    /// What a sum of query and key levels is multiplied by to give the score.
    pub score_scale: f32,
    /// What a sum of value levels is multiplied by.
    pub value_scale: f32,
}

/// Tokens padded to whole tiles.
pub fn padded_keys(tokens: usize) -> usize {
    tokens.next_multiple_of(32)
}

/// Takes head number `head` out of `rows`, which hold queries, keys and values of `tokens` tokens side by side.
#[inline(always)]
pub fn attention_operands(rows: &[f32], tokens: usize, head: usize, layout: Layout, scratch: &mut HeadScratch) {
    let width = rows.len() / tokens.max(1) / 3;
    let at = |token: usize, part: usize| &rows[token * 3 * width + part * width + head * HEAD..][..HEAD];
    let mut sizes = [[FLOOR; LANES]; 3];
    for token in 0..tokens {
        for (part, lanes) in sizes.iter_mut().enumerate() {
            raise(lanes, at(token, part));
        }
    }
    let [query_scale, key_scale, value_scale] = sizes.map(|lanes| tree_largest(lanes) / HEAD_LEVELS);
    scratch.score_scale = query_scale * key_scale * std::f32::consts::FRAC_1_SQRT_2 * 0.25; // 1/√32
    scratch.value_scale = value_scale;
    let padded = padded_keys(tokens);
    let (queries, keys) = (scratch.queries.room(tokens * HEAD), scratch.keys.room(padded * HEAD));
    let values = scratch.values.room(padded * HEAD);
    let (to_query, to_key, to_value) = (1.0 / query_scale, 1.0 / key_scale, 1.0 / value_scale);
    for token in 0..tokens {
        queries[token * HEAD..][..HEAD].copy_from_slice(&head_levels(at(token, 0), to_query));
        let levels = head_levels(at(token, 1), to_key);
        for (pair, two) in levels.chunks_exact(2).enumerate() {
            keys[word_place(layout, token, 2 * pair, HEAD)..][..2].copy_from_slice(two);
        }
    }
    for token in (0..tokens).step_by(2) {
        let first = head_levels(at(token, 2), to_value);
        let second = if token + 1 < tokens { head_levels(at(token + 1, 2), to_value) } else { [0; HEAD] };
        match layout {
            Layout::Rows => {
                for (channel, two) in first.into_iter().zip(second).enumerate() {
                    values[channel * padded + token..][..2].copy_from_slice(&[two.0, two.1]);
                }
            }
            _ => {
                for half in 0..2 {
                    let to = &mut values[word_place(layout, half * 16, token, padded)..][..32];
                    for channel in 0..16 {
                        to[2 * channel] = first[half * 16 + channel];
                        to[2 * channel + 1] = second[half * 16 + channel];
                    }
                }
            }
        }
    }
}

#[inline(always)]
fn head_levels(values: &[f32], inverse: f32) -> [i16; HEAD] {
    let mut levels = [0i16; HEAD];
    for (level, x) in levels.iter_mut().zip(values) {
        *level = whole(x * inverse) as i16;
    }
    levels
}

/// Rows of score sums to levels of attention weights. `keys` of each row count, the rest becomes 0. `inverse` is what a
/// row's weighted sum is multiplied by: 1 / (level of weight one × sum of the weights).
#[inline(always)]
pub fn softmax_levels(sums: &[i32], keys: usize, factor: f32, levels: &mut [i16], inverse: &mut [f32]) {
    let stride = padded_keys(keys);
    let mut weights = [0f32; MOST_KEYS];
    let weights = &mut weights[..stride];
    for ((sums, levels), inverse) in sums.chunks_exact(stride).zip(levels.chunks_exact_mut(stride)).zip(inverse) {
        let most = sums[..keys].iter().copied().fold(i32::MIN, i32::max) as f32;
        for (weight, &sum) in weights.iter_mut().zip(sums) {
            *weight = exponential((sum as f32 - most) * factor);
        }
        weights[keys..].fill(0.0);
        let total = lane_sum(weights, |x| x);
        let level = MASS / total;
        let level = if level > WORD_LEVELS { WORD_LEVELS } else { level };
        for (to, weight) in levels.iter_mut().zip(weights.iter()) {
            *to = whole(weight * level) as i16;
        }
        *inverse = 1.0 / (level * total);
    }
}
