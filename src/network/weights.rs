//! The weights file (`PRVENC01`): a JSON header with the network's shape and a table of tensors, then the tensors.
//!
//! In: the bytes of the file, borrowed for as long as the program runs. Out: tensors by name, int8 ones in place, float
//! ones copied (half a megabyte). The layout is written down in docs/recipes/README.md. Must not know the network.

use std::collections::BTreeMap;

use serde::Deserialize;

const MAGIC: &[u8] = b"PRVENC01";

/// What is wrong with a weights file.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeightsError {
    #[error("not an encoder weights file (it does not begin with PRVENC01)")]
    Magic,
    #[error("the header of the weights file cannot be read: {0}")]
    Header(String),
    #[error("the weights file has no usable tensor {0}")]
    Tensor(String),
}

/// The network's shape.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Config {
    pub layers: usize,
    pub hidden: usize,
    pub heads: usize,
    pub inner: usize,
    pub positions: usize,
    /// Most wordpieces of one window, special ones counted.
    pub window: usize,
    #[serde(default)]
    pub labels: Vec<String>,
    #[serde(default)]
    pub unk: u32,
    #[serde(default)]
    pub cls: u32,
    #[serde(default)]
    pub sep: u32,
}

#[derive(Deserialize)]
struct Header {
    config: Config,
    tensors: BTreeMap<String, Place>,
}

#[derive(Deserialize)]
struct Place {
    dtype: String,
    shape: Vec<usize>,
    offset: usize,
    bytes: usize,
}

/// A weights file, opened.
pub struct Weights {
    pub config: Config,
    places: BTreeMap<String, Place>,
    data: &'static [u8],
}

impl Weights {
    /// Reads the header; tensors are looked at when they are asked for.
    ///
    /// # Errors
    /// When the magic is missing or the header is no JSON of the expected form.
    pub fn open(data: &'static [u8]) -> Result<Self, WeightsError> {
        let rest = data.strip_prefix(MAGIC).ok_or(WeightsError::Magic)?;
        let (length, rest) = rest.split_first_chunk::<4>().ok_or(WeightsError::Magic)?;
        let length = u32::from_le_bytes(*length) as usize;
        let header = rest.get(..length).ok_or_else(|| WeightsError::Header("it is cut off".to_string()))?;
        let header: Header = serde_json::from_slice(header).map_err(|error| WeightsError::Header(error.to_string()))?;
        Ok(Weights { config: header.config, places: header.tensors, data })
    }

    /// Whether there is a tensor of this name.
    pub fn holds(&self, name: &str) -> bool {
        self.places.contains_key(name)
    }

    /// A tensor of single bytes (int8 as two's complement), in place.
    ///
    /// # Errors
    /// When there is none of this name and number of values.
    pub fn bytes(&self, name: &str, values: usize) -> Result<&'static [u8], WeightsError> {
        let found = self.tensor(name, &["i8", "u8"])?;
        if found.len() == values { Ok(found) } else { Err(WeightsError::Tensor(name.to_string())) }
    }

    /// A tensor of floats.
    ///
    /// # Errors
    /// When there is none of this name and number of values.
    pub fn floats(&self, name: &str, values: usize) -> Result<Vec<f32>, WeightsError> {
        let found = self.tensor(name, &["f32"])?;
        if found.len() != values * 4 {
            return Err(WeightsError::Tensor(name.to_string()));
        }
        Ok(found.chunks_exact(4).map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]])).collect())
    }

    /// The vocabulary: one wordpiece per line, in the order of ids.
    ///
    /// # Errors
    /// When it is missing or no UTF-8.
    pub fn vocabulary(&self) -> Result<Vec<&'static str>, WeightsError> {
        let bytes = self.tensor("vocab", &["u8"])?;
        let text = std::str::from_utf8(bytes).map_err(|_| WeightsError::Tensor("vocab".to_string()))?;
        Ok(text.split('\n').collect())
    }

    fn tensor(&self, name: &str, kinds: &[&str]) -> Result<&'static [u8], WeightsError> {
        let missing = || WeightsError::Tensor(name.to_string());
        let place = self.places.get(name).ok_or_else(missing)?;
        let size = if place.dtype == "f32" { 4 } else { 1 };
        let values = place.shape.iter().try_fold(size, |product: usize, &side| product.checked_mul(side));
        if !kinds.contains(&place.dtype.as_str()) || values != Some(place.bytes) {
            return Err(missing());
        }
        let end = place.offset.checked_add(place.bytes).ok_or_else(missing)?;
        self.data.get(place.offset..end).ok_or_else(missing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(header: &str, rest: &[u8]) -> &'static [u8] {
        let mut bytes = [MAGIC, &(header.len() as u32).to_le_bytes(), header.as_bytes()].concat();
        bytes.resize(bytes.len().next_multiple_of(64), 0);
        bytes.extend_from_slice(rest);
        bytes.leak()
    }

    const CONFIG: &str = r#""config":{"layers":1,"hidden":2,"heads":1,"inner":4,"positions":8,"window":8}"#;

    #[test]
    fn tensors_are_found_and_checked() {
        const TENSORS: &str = r#""tensors":{"b":{"dtype":"i8","shape":[1,2],"offset":320,"bytes":2},
            "f":{"dtype":"f32","shape":[1],"offset":322,"bytes":4},
            "far":{"dtype":"i8","shape":[9],"offset":324,"bytes":9}}"#;
        let header = format!("{{{CONFIG},{TENSORS}}}");
        let data = file(&format!("{header:<300}"), &[1, 255, 0, 0, 128, 63]);
        assert_eq!(data.len(), 326);
        let weights = Weights::open(data).unwrap();
        let missing = |name: &str| WeightsError::Tensor(name.to_string());
        assert_eq!(weights.config.hidden, 2);
        assert_eq!(weights.bytes("b", 2), Ok(&[1u8, 255][..]));
        assert_eq!(weights.floats("f", 1), Ok(vec![1.0]));
        assert_eq!(weights.bytes("b", 3), Err(missing("b")));
        assert_eq!(weights.bytes("missing", 2), Err(missing("missing")));
        assert_eq!(weights.bytes("f", 1), Err(missing("f")));
        assert_eq!(weights.bytes("far", 9), Err(missing("far")));
    }

    #[test]
    fn what_is_no_weights_file_is_refused() {
        assert_eq!(Weights::open(b"PK\x03\x04").err(), Some(WeightsError::Magic));
        assert!(matches!(Weights::open(file("{", &[])).err(), Some(WeightsError::Header(_))));
        assert!(matches!(Weights::open(b"PRVENC01\xff\xff\xff\x7f{").err(), Some(WeightsError::Header(_))));
    }
}
