//! What a statement means, for evidence that does not hang on its words: the embedding of "speaker cue content".

use std::sync::LazyLock;

use xxhash_rust::xxh3::xxh3_64;

use crate::lang::{Language, SENTENCE_WEIGHTS, TAGGER_WEIGHTS};
use crate::model::{Embedding, Variant};
use crate::network::{Scratch, SentenceEncoder, kernel};

/// Embeds texts of one language.
pub struct Meaning {
    encoder: &'static SentenceEncoder,
    scratch: Scratch,
}

impl Meaning {
    /// `None` for a language without a sentence network. The weights are touched when the first language that has one comes.
    pub fn of(language: &Language) -> Option<Meaning> {
        let encoder = match language.code {
            "en" => ENGLISH.as_ref(),
            _ => None,
        };
        encoder.map(|encoder| Meaning { encoder, scratch: Scratch::default() })
    }

    /// The meaning of statements, their speakers named: the cue belongs to it ("has praised", "condemned" the same plan).
    pub fn of_variants<'v>(&mut self, variants: impl IntoIterator<Item = &'v Variant>) -> Vec<Embedding> {
        self.of_texts(&variants.into_iter().map(said).collect::<Vec<_>>())
    }

    /// The meaning of any texts.
    pub fn of_texts(&mut self, texts: &[String]) -> Vec<Embedding> {
        self.encoder.embed(texts, &mut self.scratch).into_iter().map(Embedding).collect()
    }

    /// The meaning of any text.
    pub fn of_text(&mut self, text: &str) -> Embedding {
        self.of_texts(&[text.to_string()]).pop().unwrap_or_default()
    }
}

fn said(variant: &Variant) -> String {
    let Variant { speaker, cue, text, .. } = variant;
    match (speaker.is_empty(), cue.is_empty()) {
        (true, true) => text.clone(),
        (true, false) => format!("{cue} {text}"),
        (false, true) => format!("{speaker}: {text}"),
        (false, false) => format!("{speaker} {cue} {text}"),
    }
}

/// Codes of a direction, one for each band of eight planes: on which side of each plane it lies. Directions that are near share a
/// code more often than not (random hyperplanes, Charikar 2002); the planes are fixed.
pub(super) fn bands(embedding: &Embedding) -> [u64; BANDS] {
    let mut sums = [0i32; 8 * BANDS];
    for (level, signs) in embedding.0.iter().zip(PLANES.iter()) {
        for (plane, sum) in sums.iter_mut().enumerate() {
            *sum += if signs >> plane & 1 == 1 { i32::from(*level) } else { -i32::from(*level) };
        }
    }
    std::array::from_fn(|band| {
        let sides = sums[8 * band..8 * band + 8].iter().enumerate();
        let sides: u8 = sides.map(|(at, sum)| u8::from(*sum > 0) << at).sum();
        xxh3_64(&[b'm', band as u8, sides])
    })
}

const BANDS: usize = 8;

/// For each direction of the embedding the signs of 64 planes.
static PLANES: LazyLock<Vec<u64>> = LazyLock::new(|| (0..384u16).map(|at| xxh3_64(&at.to_le_bytes())).collect());

/// `None` only when a shipped file is broken, which a test rules out.
static ENGLISH: LazyLock<Option<SentenceEncoder>> =
    LazyLock::new(|| SentenceEncoder::open(SENTENCE_WEIGHTS, TAGGER_WEIGHTS, kernel::best()).ok());

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::language;

    #[test]
    fn alike_in_meaning_is_close() {
        let mut meaning = Meaning::of(language("en")).unwrap();
        let mut embed = |text: &str| meaning.of_text(text);
        let near = embed("The mayor wants the ferry to be free")
            .cosine(&embed("Crossing by boat should cost nothing, the mayor says"));
        let far = embed("The mayor wants the ferry to be free").cosine(&embed("The match ended in a draw"));
        assert!(near > 0.5 && far < 0.2, "{near} {far}");
        assert_eq!(embed("").0.len(), 384);
        assert!(Meaning::of(language("xx")).is_none());
    }

    #[test]
    fn near_directions_share_bands() {
        let shared = |a: &[u64], b: &[u64]| a.iter().zip(b).filter(|(x, y)| x == y).count();
        let base: Vec<i8> = (0..384).map(|at| (at * 37 % 255 - 127) as i8).collect();
        let nudged: Vec<i8> = base.iter().enumerate().map(|(at, x)| x / 2 + (at % 7) as i8).collect();
        let other: Vec<i8> = (0..384).map(|at| (at * 91 % 253 - 126) as i8).collect();
        let of = |levels: &[i8]| bands(&Embedding(levels.to_vec()));
        assert!(shared(&of(&base), &of(&nudged)) >= 4);
        assert!(shared(&of(&base), &of(&other)) <= 1);
    }

    #[test]
    fn every_path_has_the_same_bits_and_company_changes_nothing() {
        let open = |path| SentenceEncoder::open(SENTENCE_WEIGHTS, TAGGER_WEIGHTS, path).unwrap();
        let sentence = "Falk: the “lighthouse” will be rebuilt before autumn, 3.5 million crowns or not. ";
        let texts: Vec<String> = [20, 1, 3, 0, 2, 40, 1].iter().map(|times| sentence.repeat(*times)).collect();
        let mut scratch = Scratch::default();
        let best = open(kernel::best());
        let alone: Vec<Vec<i8>> =
            texts.iter().flat_map(|text| best.embed(std::slice::from_ref(text), &mut scratch)).collect();
        assert_eq!(alone.len(), texts.len());
        for path in kernel::available() {
            assert_eq!(open(path).embed(&texts, &mut Scratch::default()), alone);
        }
    }
}
