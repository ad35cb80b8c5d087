//! Plain text: the stored text is the decoded text, unchanged. What the first lines say is found by `complete`.

use super::ReadOptions;
use super::readers::{Documents, Sample};
use crate::model::Document;

pub(super) fn read(sample: &Sample, _options: &ReadOptions) -> Documents {
    vec![Ok(Document { text: sample.text.to_string(), ..Document::default() })]
}
