//! Quotations in a language without a cue table: the marks say that somebody speaks, nobody here can read who. Rule `quote.alone`.

use crate::model::Act;
use crate::text::words;

use super::confidence;
use super::draft::Draft;
use crate::extract::grammar::Unit;

/// Fewer quoted words are a name or a word used with distance, as often as not.
const LEAST_WORDS: usize = 4;

/// The quotations of a unit that are long enough to be speech, each without a source.
pub fn alone(unit: &Unit, text: &str) -> Vec<Draft> {
    let quoted = unit.items.iter().filter(|item| item.is_quote() && words(item.span.of(text)).len() >= LEAST_WORDS);
    quoted
        .map(|item| Draft {
            source: None,
            cue: None,
            content: vec![item.span],
            act: Act::Statement,
            negated: false,
            rule: "quote.alone",
            note: String::new(),
            confidence: confidence::of("quote.alone", ""),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::extract::rules::attributions;
    use crate::extract::testing::show;
    use crate::lang::{UNKNOWN, language};
    use crate::model::Reading;

    fn check(text: &str, found: &[&str]) {
        let made: Vec<String> =
            attributions(&Reading::of_lines(text), &UNKNOWN).iter().map(|own| show(text, own)).collect();
        assert_eq!(made, found, "{text}");
    }

    #[test]
    fn marks_alone_show_that_somebody_speaks() {
        let text = "«Мы восстановим мост к осени», — сказал губернатор.";
        check(text, &[" |  | «Мы восстановим мост к осени»"]);
        check("„Wir bauen die Brücke wieder auf“, sagte sie.", &[" |  | „Wir bauen die Brücke wieder auf“"]);
        check("Пароход «Аврора» вышел из порта.", &[]);
    }

    #[test]
    fn where_cues_are_known_marks_alone_are_not_enough() {
        let text = "The play “We will rebuild the bridge” opened on Friday.";
        assert!(attributions(&Reading::of_lines(text), language("en")).is_empty());
    }
}
