//! Numbers in a content, in figures or words, with the unit that decides what they can be compared with.

use crate::lang::{Unit, Wording};

use super::words::RawWord;

/// Numbers within this share of each other count as one ("nearly 916" and "more than 915").
const NEAR: f64 = 0.015;

/// One number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number {
    pub value: f64,
    pub unit: Unit,
}

impl Number {
    /// A text that is equal for equal numbers.
    pub fn key(&self) -> String {
        format!("#{:?}:{}", self.unit, self.value)
    }

    /// What sharing this number weighs, on the scale of inverse document frequencies: small round counts are common.
    pub fn weight(&self) -> f64 {
        let digits = format!("{}", self.value.abs()).trim_end_matches('0').len() as f64;
        match self.unit {
            Unit::Year => 5.0,
            _ if self.value.abs() <= 1.0 => 0.5,
            _ if self.value <= 10.0 => 3.5,
            _ => (4.0 + digits).min(8.0),
        }
    }

    /// Whether both name the same quantity.
    pub fn agrees(&self, other: &Number) -> bool {
        let comparable = self.unit == other.unit || self.unit == Unit::Plain || other.unit == Unit::Plain;
        let gap = (self.value - other.value).abs();
        // A year is no measurement: the one before it is another.
        let near = if self.unit == Unit::Year || other.unit == Unit::Year { 0.0 } else { NEAR };
        comparable && gap <= near * self.value.abs().max(other.value.abs())
    }
}

/// Reads the numbers of a text; the words of a number after its first are marked as consumed.
/// Returns the index of the first word of each.
pub(super) fn read_numbers(text: &str, raw: &mut [RawWord], wording: &Wording) -> Vec<(usize, Number)> {
    let mut found = Vec::new();
    let mut index = 0;
    while index < raw.len() {
        match read_number(text, raw, index, wording) {
            Some((number, end)) => {
                let span = raw[index].span.cover(raw[end - 1].span);
                raw[index].span = span;
                raw[index + 1..end].iter_mut().for_each(|part| part.consumed = true);
                found.push((index, number));
                index = end;
            }
            None => index += 1,
        }
    }
    found
}

/// The number that starts at word `at`, and the index after its last word.
fn read_number(text: &str, raw: &[RawWord], at: usize, wording: &Wording) -> Option<(Number, usize)> {
    let form = &raw[at].form;
    // "half of voters": "third" and "quarter" alone are more often ordinals and nouns
    let half = form.share.filter(|share| *share == 50.0);
    let mut value = form.figure.or(form.value).or(half)?;
    let mut end = at + 1;
    let mut unit = Unit::Plain;
    if form.figure.is_none() && form.share.is_some() {
        unit = Unit::Percent;
    }
    let joined = |end: usize| raw.get(end).filter(|word| !word.after_break);
    if form.figure.is_none()
        && value >= 20.0
        && unit == Unit::Plain
        && let Some(ones) = joined(end).and_then(|word| word.form.value).filter(|ones| *ones < 10.0)
    {
        value += ones;
        end += 1;
    }
    while let Some(scale) = joined(end).and_then(|word| wording.number_scale(&word.form.folded)) {
        value *= scale;
        end += 1;
    }
    if let Some(share) = joined(end).and_then(|word| word.form.share).filter(|_| value < 10.0) {
        value *= share;
        unit = Unit::Percent;
        end += 1;
    }
    let after = text.get(raw[end - 1].span.end..).unwrap_or("");
    let before = text.get(..raw[at].span.start).unwrap_or("").trim_end();
    if before.ends_with(['$', '€', '£', '¥']) {
        unit = Unit::Money;
    } else if after.trim_start().starts_with('%') {
        unit = Unit::Percent;
    } else if let Some(named) = raw.get(end).and_then(|word| wording.unit(&word.form.folded)) {
        unit = named;
        end += 1;
    } else if form.figure.is_some() && end == at + 1 && is_year(raw[at].span.of(text)) {
        unit = Unit::Year;
    }
    Some((Number { value, unit }, end))
}

fn is_year(word: &str) -> bool {
    word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit()) && ("1500".."2100").contains(&word)
}

/// The value of a number in figures; thousands separators are left out. An ordinal or an apostrophe form is none.
pub(super) fn figure(word: &str) -> Option<f64> {
    if !word.starts_with(|c: char| c.is_ascii_digit()) || word.len() > 24 {
        return None;
    }
    word.replace(',', "").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::testing::variant;
    use crate::link::words::prepare;

    fn check(text: &str, numbers: &[(f64, Unit)]) {
        let variant = variant(text);
        let found: Vec<(f64, Unit)> = prepare(&variant).numbers.iter().map(|n| (n.value.round(), n.unit)).collect();
        assert_eq!(found, numbers, "{text}");
    }

    #[test]
    fn reads_figures_and_words() {
        check("a loss of $916 million in 1995", &[(916e6, Unit::Money), (1995.0, Unit::Year)]);
        check("5 million dollars", &[(5e6, Unit::Money)]);
        check("about three-quarters of voters", &[(75.0, Unit::Percent)]);
        check("65 percent, or 65%", &[(65.0, Unit::Percent), (65.0, Unit::Percent)]);
        check("2,383 delegates and twenty-one guests", &[(2383.0, Unit::Plain), (21.0, Unit::Plain)]);
        check("half of them", &[(50.0, Unit::Percent)]);
        check("the third quarter", &[]);
        check("seven hundred thousand people", &[(700_000.0, Unit::Plain)]);
    }

    #[test]
    fn near_numbers_agree() {
        let money = |value| Number { value, unit: Unit::Money };
        assert!(money(915e6).agrees(&money(916e6)));
        assert!(!money(10e9).agrees(&money(2.9e9)));
        assert!(!money(65.0).agrees(&Number { value: 65.0, unit: Unit::Percent }));
    }
}
