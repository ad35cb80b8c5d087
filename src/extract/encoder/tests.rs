//! The encoder against its reference, and every kernel path against the portable one.

use proptest::prelude::*;
use serde_json::Value;

use super::crf::LABELS;
use super::tagger::Encoder;
use super::windows::windows;
use crate::network::floats::{self, HEAD, HeadScratch};
use crate::network::forward::Scratch;
use crate::network::input::Tokens;
use crate::network::kernel::{self, Path};
use crate::network::matrix::{Layout, Packed};
use crate::text::{CodePoints, Span};

static ENGLISH: &[u8] = crate::lang::TAGGER_WEIGHTS;
const REFERENCE: &str = include_str!("../../../tests/data/encoder_reference.json");

fn noise(seed: &mut u64) -> f32 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    ((*seed >> 40) as f32 / (1u64 << 23) as f32 - 1.0) * 4.0
}

fn random(count: usize, seed: u64) -> Vec<f32> {
    let mut seed = seed;
    (0..count).map(|_| noise(&mut seed)).collect()
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|x| x.to_bits()).collect()
}

/// The product of quantised rows with a matrix, by the definition.
fn plain_product(rows: &[f32], weights: &[u8], depth: usize) -> Vec<i32> {
    let mut out = Vec::new();
    for row in rows.chunks_exact(depth) {
        let most = row.iter().fold(1e-12f32, |most, x| most.max(x.abs()));
        let inverse = 1.0 / (most / 127.0);
        let levels: Vec<i32> = row.iter().map(|x| (x * inverse).round_ties_even() as i32).collect();
        for column in weights.chunks_exact(depth) {
            out.push(levels.iter().zip(column).map(|(a, &w)| a * i32::from(w as i8)).sum());
        }
    }
    out
}

fn product(path: Path, rows: &[f32], weights: &[u8], depth: usize) -> Vec<i32> {
    let matrix = Packed::new(path.layout(), &[weights], depth);
    let (count, outputs) = (rows.len() / depth, weights.len() / depth);
    let mut scales = vec![0f32; count];
    let padded = path.padded_rows(count);
    let mut sums = vec![0i32; padded * matrix.columns()];
    if path.layout() == Layout::Fours {
        let mut levels = vec![0u8; padded * matrix.depth()];
        kernel::quantise_bytes(path, rows, depth, &mut levels[..count * matrix.depth()], &mut scales);
        kernel::multiply_bytes(path, &levels, count, &matrix, &mut sums);
    } else {
        let mut levels = vec![0i16; count * matrix.depth()];
        kernel::quantise_words(path, rows, depth, &mut levels, &mut scales);
        kernel::multiply_words(path, &levels, count, &matrix, &mut sums);
    }
    sums.chunks_exact(matrix.columns()).take(count).flat_map(|row| row[..outputs].to_vec()).collect()
}

/// What comes out of one head.
struct Attended {
    levels: Vec<i16>,
    /// `[tokens][32]`
    sums: Vec<i32>,
    /// What each row of sums is multiplied by.
    factors: Vec<f32>,
}

fn attend(path: Path, rows: &[f32], tokens: usize, head: usize) -> Attended {
    let padded = floats::padded_keys(tokens);
    let mut own = HeadScratch::default();
    kernel::attention_operands(path, rows, tokens, head, path.word_layout(), &mut own);
    let mut scores = vec![0; tokens * padded];
    kernel::multiply_word_slices(path, &own.queries, tokens, HEAD, &own.keys, padded, &mut scores);
    let (mut levels, mut factors) = (vec![0i16; tokens * padded], vec![0f32; tokens]);
    kernel::softmax_levels(path, &scores, tokens, own.score_scale, &mut levels, &mut factors);
    let mut sums = vec![0; tokens * HEAD];
    kernel::multiply_word_slices(path, &levels, tokens, padded, &own.values, HEAD, &mut sums);
    factors.iter_mut().for_each(|factor| *factor *= own.value_scale);
    Attended { levels, sums, factors }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn every_path_multiplies_exactly(count in 1usize..20, depth in 1usize..80, outputs in 1usize..150, seed in 0u64..1000) {
        let rows = random(count * depth, seed);
        let weights: Vec<u8> = random(outputs * depth, seed + 1).iter().map(|x| (x * 31.7) as i8 as u8).collect();
        let expected = plain_product(&rows, &weights, depth);
        for path in kernel::available() {
            prop_assert_eq!(&product(path, &rows, &weights, depth), &expected, "{:?}", path);
        }
    }

    #[test]
    fn every_path_attends_alike(tokens in 1usize..70, seed in 0u64..1000) {
        let rows = random(tokens * 3 * 64, seed);
        let results: Vec<Attended> = kernel::available().into_iter().map(|path| attend(path, &rows, tokens, 1)).collect();
        for other in &results[1..] {
            prop_assert_eq!(&other.sums, &results[0].sums);
            prop_assert_eq!(&other.levels, &results[0].levels);
            prop_assert_eq!(bits(&other.factors), bits(&results[0].factors));
        }
    }

    #[test]
    fn every_path_has_the_same_float_steps(seed in 0u64..1000, rows in 1usize..5) {
        let values = random(rows * 48, seed);
        let (gain, bias) = (random(48, seed + 1), random(48, seed + 2));
        let run = |path| {
            let (mut a, mut b) = (values.clone(), values.clone());
            kernel::gelu(path, &mut a);
            kernel::add_and_normalise(path, &mut b, &a, &gain, &bias);
            (bits(&a), bits(&b))
        };
        let expected = run(Path::Portable);
        for path in kernel::available() {
            prop_assert_eq!(&run(path), &expected);
        }
    }
}

#[test]
fn extreme_levels_do_not_saturate() {
    let depth = 1536;
    for weight in [127u8, 129] {
        let weights = vec![weight; depth * 3];
        for sign in [1.0, -1.0] {
            let rows = vec![sign; depth * 2];
            let expected = plain_product(&rows, &weights, depth);
            assert_eq!(expected[0].abs(), 127 * 127 * 1536);
            for path in kernel::available() {
                assert_eq!(product(path, &rows, &weights, depth), expected, "{path:?}");
            }
        }
    }
}

/// Attention in floats, by the definition: the 16-bit levels may differ from it by very little.
#[test]
fn attention_is_close_to_floats() {
    let (tokens, width) = (37, 64);
    let rows = random(tokens * 3 * width, 9);
    let at = |token: usize, part: usize| &rows[token * 3 * width + part * width..][..HEAD];
    let found = attend(kernel::best(), &rows, tokens, 0);
    for token in 0..tokens {
        let score = |key: usize| -> f64 {
            let dot: f64 = at(token, 0).iter().zip(at(key, 1)).map(|(&q, &k)| f64::from(q) * f64::from(k)).sum();
            (dot / 32f64.sqrt()).exp()
        };
        let total: f64 = (0..tokens).map(score).sum();
        for channel in 0..HEAD {
            let expected: f64 = (0..tokens).map(|key| score(key) / total * f64::from(at(key, 2)[channel])).sum();
            let found = f64::from(found.sums[token * HEAD + channel]) * f64::from(found.factors[token]);
            assert!((found - expected).abs() < 4e-3, "{found} {expected}");
        }
    }
}

#[test]
fn gelu_is_close_to_its_definition() {
    for (x, expected) in [(0.0f32, 0.0), (1.0, 0.841_344_8), (-1.0, -0.158_655_25), (6.0, 6.0), (-6.0, 0.0)] {
        let mut value = [x];
        kernel::gelu(Path::Portable, &mut value);
        assert!((value[0] - expected).abs() < 2e-6, "{x}: {}", value[0]);
    }
}

fn numbers(value: &Value) -> Vec<usize> {
    value.as_array().map(|all| all.iter().filter_map(|x| x.as_u64().map(|x| x as usize)).collect()).unwrap_or_default()
}

/// Inputs must agree to the token, labels to the label, scores to what rounding of activations leaves open.
#[test]
fn agrees_with_the_reference() {
    let reference: Value = serde_json::from_str(REFERENCE).unwrap();
    let documents = reference["documents"].as_array().unwrap();
    assert!(!documents.is_empty());
    let encoders: Vec<Encoder> =
        kernel::available().into_iter().map(|path| Encoder::open(ENGLISH, path).unwrap()).collect();
    let (mut labels, mut wrong, mut furthest) = (0, 0, 0f64);
    for document in documents {
        let text = document["text"].as_str().unwrap();
        let points = CodePoints::new(text);
        let expected = document["passages"].as_array().unwrap();
        let spans: Vec<Span> = expected
            .iter()
            .map(|p| points.to_span(p["start"].as_u64().unwrap() as usize, p["end"].as_u64().unwrap() as usize))
            .collect();
        for (span, expected) in spans.iter().zip(expected) {
            let tokens = Tokens::of(text, *span);
            let places: Vec<Vec<usize>> =
                tokens.spans.iter().map(|&s| points.of_span(s)).map(|(s, e)| vec![s, e]).collect();
            let wanted: Vec<Vec<usize>> = expected["tokens"].as_array().unwrap().iter().map(numbers).collect();
            assert_eq!(places, wanted);
            assert_eq!(tokens.states.iter().map(|&s| s as usize).collect::<Vec<_>>(), numbers(&expected["states"]));
            assert_eq!(tokens.cases.iter().map(|&c| c as usize).collect::<Vec<_>>(), numbers(&expected["cases"]));
        }
        let mut first: Option<Vec<Vec<u32>>> = None;
        for encoder in &encoders {
            let passages = encoder.passages(text, &spans);
            let mut raw = Vec::new();
            for window in windows(&passages, encoder.special, encoder.window) {
                let rows = encoder.network.run(&window.pieces, &mut Scratch::default());
                raw.push(bits(&rows));
                for segment in &window.segments {
                    let wanted = &expected[segment.passage];
                    let ids: Vec<usize> = wanted["ids"].as_array().unwrap().iter().flat_map(numbers).collect();
                    let own = &window.pieces[segment.first[0]..][..ids.len()];
                    assert_eq!(own.iter().map(|piece| piece.id as usize).collect::<Vec<_>>(), ids);
                    let emissions = encoder.emissions(&rows, &segment.first);
                    let scores = wanted["emissions_int8"].as_array().unwrap();
                    for (own, theirs) in emissions.iter().zip(scores) {
                        for label in 0..LABELS {
                            furthest = furthest.max((f64::from(own[label]) - theirs[label].as_f64().unwrap()).abs());
                        }
                    }
                    let best = encoder.crf.best(&emissions);
                    for (own, theirs) in best.iter().zip(numbers(&wanted["labels_int8"])) {
                        labels += 1;
                        wrong += usize::from(usize::from(*own) != theirs);
                    }
                }
            }
            assert_eq!(&raw, first.get_or_insert_with(|| raw.clone()), "the paths differ");
        }
    }
    assert!(furthest < 0.5, "scores differ by up to {furthest}");
    assert!(wrong * 100 <= labels, "{wrong} of {labels} labels differ");
}

/// Processor time of this thread, where the system tells it; other programs do not count.
fn processor_seconds() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|told| told.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.map_or(0.0, |n| n / 1e9)
}

/// Speed of the whole way from text to spans, per core: `cargo test --release speed -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
fn speed() {
    let text = "“We counted eleven barges before dawn,” harbour master Ilse Brandt said on Monday, according to a report that the regional water board published later. The ministry denied that it had been warned.\n".repeat(60);
    let passages: Vec<Span> = crate::text::lines(&text);
    for path in kernel::available() {
        let encoder = Encoder::open(ENGLISH, path).unwrap();
        let prepared = encoder.passages(&text, &passages);
        let all = windows(&prepared, encoder.special, encoder.window);
        let pieces: usize = all.iter().map(|window| window.pieces.len()).sum();
        let mut scratch = Scratch::default();
        let mut best = f64::MAX;
        for _ in 0..3 {
            let start = processor_seconds();
            for window in &all {
                encoder.tag_window(&prepared, window, &mut scratch);
            }
            best = best.min(processor_seconds() - start);
        }
        println!("{path:?}: {:.0} wordpieces/s ({pieces} in {best:.2} s)", pieces as f64 / best);
    }
}
