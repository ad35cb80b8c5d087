//! The edges of what the tagger found: a cue has one source, which is not broken off in the middle of a phrase.
//!
//! In: the words of a passage, a cue and the runs tagged as its source. Out: cue and source. Where nothing is broken, nothing
//! changes but that of several sources the one nearest to the cue stays: in the annotated articles hardly any cue has two.

use std::ops::Range;

use crate::lang::{Language, WordClass, WordClasses, word_classes};

use super::tagger::Tagged;
use super::words::{Lexicon, Words};

/// A phrase that is broken off goes on for at most so many words.
const FARTHEST: usize = 14;

/// The cue and its source.
pub fn settle(text: &str, language: &Language, words: &Words, tagged: &Tagged) -> (Range<usize>, Option<Range<usize>>) {
    let sides = Sides { text, language, words, content: &tagged.content };
    let mut cue = tagged.cue[0]..tagged.cue[tagged.cue.len() - 1] + 1;
    let Some(mut source) = sides.nearest(&sides.joined(&tagged.source, &cue), &cue) else { return (cue, None) };
    source = sides.without_lead(source);
    if let Some(end) = sides.closed(&source, &cue) {
        source.end = end;
    }
    if source.end < cue.start {
        source.end = sides.end_before(&source, &cue);
    } else if source.end == cue.start && cue.len() > 1 && sides.belongs_to_source(&source, &cue) {
        source.end += 1;
        cue.start += 1;
    }
    (cue, Some(source))
}

struct Sides<'w> {
    text: &'w str,
    language: &'w Language,
    words: &'w Words,
    content: &'w [Range<usize>],
}

impl Sides<'_> {
    fn word(&self, at: usize) -> &str {
        self.words.list[at].span.of(self.text)
    }

    fn classes(&self, at: usize) -> WordClasses {
        word_classes(&self.word(at).to_lowercase(), self.language)
    }

    fn is_possessive(&self, at: usize) -> bool {
        self.word(at).ends_with("’s") || self.word(at).ends_with("'s")
    }

    /// The run nearest to the cue; quoted words and a lone "that" give way to others.
    fn nearest(&self, runs: &[Range<usize>], cue: &Range<usize>) -> Option<Range<usize>> {
        let distance = |run: &Range<usize>| cue.start.saturating_sub(run.end).max(run.start.saturating_sub(cue.end));
        let weak = |run: &Range<usize>| {
            self.words.list[run.start].quoted || run.len() == 1 && self.word(run.start).eq_ignore_ascii_case("that")
        };
        runs.iter().min_by_key(|run| (weak(run), distance(run))).cloned()
    }

    /// Runs that are parts of one phrase in one: with a comma between them, or a few words that end in "and" or "by".
    fn joined(&self, runs: &[Range<usize>], cue: &Range<usize>) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        for run in runs {
            match found.last_mut() {
                Some(last)
                    if !(last.end..run.start).contains(&cue.start) && self.is_one_phrase(last.end..run.start, run) =>
                {
                    last.end = run.end
                }
                _ => found.push(run.clone()),
            }
        }
        found
    }

    fn is_one_phrase(&self, gap: Range<usize>, next: &Range<usize>) -> bool {
        if self.classes(next.start).any(&[WordClass::SubjectPronoun, WordClass::Relative]) {
            return false;
        }
        let comma = gap.len() == 1 && self.word(gap.start) == ",";
        let leads_on = gap.end > gap.start && ["and", "by"].contains(&self.word(gap.end - 1));
        comma || leads_on && gap.len() <= 6 && self.goes_on(&gap) && !self.has_comma(&gap)
    }

    /// Without the word that only leads up to the source ("how experts"), the place a report is dated from, or the noun that
    /// a relative after a dash stands for ("the study -- which").
    fn without_lead(&self, source: Range<usize>) -> Range<usize> {
        let dash = source.clone().rev().find(|&at| ["—", "–", "-", "--"].contains(&self.word(at)));
        if let Some(dash) = dash.filter(|&at| at > source.start && at + 1 < source.end) {
            let is_place = (source.start..dash).all(|at| self.word(at) == self.word(at).to_uppercase());
            let is_relative = dash + 2 == source.end && self.classes(dash + 1).has(WordClass::Relative);
            if is_place || is_relative {
                return dash + 1..source.end;
            }
        }
        let first = self.classes(source.start);
        let leads = first.has(WordClass::Subordinator) && !first.any(&[WordClass::Determiner, WordClass::Relative]);
        if leads && source.len() > 1 { source.start + 1..source.end } else { source }
    }

    /// The end of a source before its cue: where it is broken off, right before the cue.
    fn end_before(&self, source: &Range<usize>, cue: &Range<usize>) -> usize {
        let gap = source.end..cue.start;
        let last = gap.clone().rev().find(|&at| self.word(at).contains(char::is_alphanumeric));
        match last.filter(|_| gap.len() <= FARTHEST && self.goes_on(&gap)) {
            Some(last)
                if self.is_broken(source) || self.is_rest_of_name(source, &gap) || self.is_part(source, &gap) =>
            {
                last + 1
            }
            _ => source.end,
        }
    }

    /// "Prime Minister Ada | Brook said": one more word of a name.
    fn is_rest_of_name(&self, source: &Range<usize>, gap: &Range<usize>) -> bool {
        gap.len() == 1
            && self.is_name(source.end - 1)
            && self.is_name(gap.start)
            && !self.classes(gap.start).has(WordClass::Weekday)
    }

    fn is_name(&self, at: usize) -> bool {
        self.word(at).starts_with(char::is_uppercase)
    }

    /// Whether the words between source and cue are a relative clause of the source, the rest of an apposition, or one of its own.
    fn is_part(&self, source: &Range<usize>, gap: &Range<usize>) -> bool {
        use WordClass::{Determiner, Possessive, Relative};
        let closes = self.word(gap.end - 1) == ",";
        if self.word(source.end - 1) == "," {
            return false;
        }
        if self.word(gap.start) == "," {
            let own = gap.start + 1..gap.end - 1;
            let begins = !own.is_empty()
                && (self.classes(own.start).any(&[Determiner, Possessive])
                    || self.word(own.start) == "including"
                    || self.word(own.start).starts_with(|c: char| c.is_ascii_digit()));
            return closes && begins && !self.has_comma(&own);
        }
        let inner = gap.start..gap.end - usize::from(closes);
        let relative = !closes && self.classes(gap.start).has(Relative);
        !self.has_comma(&inner) && (relative || closes && self.has_comma(source))
    }

    fn has_comma(&self, range: &Range<usize>) -> bool {
        range.clone().any(|at| self.word(at) == ",")
    }

    /// Where the bracket closes that the source opens and leaves open.
    fn closed(&self, source: &Range<usize>, cue: &Range<usize>) -> Option<usize> {
        let brackets = |mark: &str| source.clone().filter(|&at| self.word(at) == mark).count();
        if brackets("(") <= brackets(")") {
            return None;
        }
        let limit = if source.end <= cue.start { cue.start } else { self.words.list.len() };
        (source.end..limit.min(source.end + 6)).find(|&at| self.word(at) == ")").map(|at| at + 1)
    }

    /// Whether no phrase of several words ends like this: "Brian Fallon, the campaign’s", "a former aide who".
    fn is_broken(&self, source: &Range<usize>) -> bool {
        use WordClass::{Determiner, Possessive, Preposition, Relative};
        let last = source.end - 1;
        let cut = self.classes(last).any(&[Determiner, Possessive, Preposition, Relative]);
        source.len() > 1 && (self.is_possessive(last) || self.word(last) == "I" || cut)
    }

    /// All in one sentence, without content or quotation.
    fn goes_on(&self, gap: &Range<usize>) -> bool {
        let sentence = self.words.sentence_of[gap.start];
        gap.clone().all(|at| {
            let is_content = self.content.iter().any(|run| run.contains(&at));
            self.words.sentence_of[at] == sentence && !is_content && !self.words.list[at].quoted && self.word(at) != ";"
        })
    }

    /// Whether the first word of a cue is the last of the source before it: "attorneys for the | family said", "Theresa | May said".
    fn belongs_to_source(&self, source: &Range<usize>, cue: &Range<usize>) -> bool {
        use WordClass::{Adverb, Auxiliary, Negation};
        let (first, second) = (cue.start, cue.start + 1);
        let is_verb = |at: usize| self.words.list[at].lexicon != Lexicon::None || self.classes(at).has(Auxiliary);
        let follows_name = self.is_name(source.end - 1) && self.is_name(first);
        let begins_cue = self.words.list[first].lexicon != Lexicon::None
            || self.word(first).eq_ignore_ascii_case("to")
            || self.classes(first).any(&[Auxiliary, Adverb, Negation]);
        let breaks_off = self.is_possessive(source.end - 1) || self.is_broken(source);
        is_verb(second) && (follows_name || breaks_off && !begins_cue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::language;
    use crate::model::Reading;

    /// `text` has the tagged source in square brackets, the tagged cue in braces; both come back where they belong.
    fn check(text: &str, source: &str, cue: &str) {
        let plain: String = text.chars().filter(|c| !"[]{}".contains(*c)).collect();
        let place = |open: char, close: char| -> Vec<(usize, usize)> {
            let starts = text.char_indices().filter(|(_, c)| *c == open).map(|(at, _)| at);
            let bare =
                |at: usize| text[..at].chars().filter(|c| !"[]{}".contains(*c)).map(char::len_utf8).sum::<usize>();
            starts.map(|at| (bare(at), bare(at + text[at..].find(close).unwrap()))).collect()
        };
        let reading = Reading::of_lines(&plain);
        let words = Words::new(&reading, 0, language("en"));
        let run = |(start, end): (usize, usize)| -> Range<usize> {
            let inside = |at: &usize| words.list[*at].span.start >= start && words.list[*at].span.end <= end;
            let all: Vec<usize> = (0..words.list.len()).filter(inside).collect();
            all[0]..all[all.len() - 1] + 1
        };
        let tagged = Tagged {
            cue: run(place('{', '}')[0]).collect(),
            source: place('[', ']').into_iter().map(run).collect(),
            ..Tagged::default()
        };
        let (found_cue, found_source) = settle(&plain, language("en"), &words, &tagged);
        let words_of = |run: Range<usize>| words.list[run.start].span.cover(words.list[run.end - 1].span).of(&plain);
        assert_eq!((found_source.map_or("", words_of), words_of(found_cue)), (source, cue), "{text}");
    }

    #[test]
    fn of_several_sources_the_nearest_stays() {
        check("[Ada Brook] left after [she] {said} it was late.", "she", "said");
        check("It was late, {said} [Ada Brook], to [the mayor].", "Ada Brook", "said");
        check("[Ada Brook] wrote a letter [that] {says} it was late.", "Ada Brook", "says");
    }

    #[test]
    fn a_broken_phrase_goes_on_to_the_cue() {
        check(
            "[Ada Brook, the harbour’s] press secretary, {said} no.",
            "Ada Brook, the harbour’s press secretary",
            "said",
        );
        check("[A former aide who] left town in 2011 {said} no.", "A former aide who left town in 2011", "said");
        check("[Ada Brook (D] – Maine) {said} no.", "Ada Brook (D – Maine)", "said");
    }

    #[test]
    fn parts_of_a_phrase_are_one() {
        check("[The economy minister], [Ada Brook], {said} no.", "The economy minister, Ada Brook", "said");
        check(
            "[A study done] last week by [two researchers] {shows} it.",
            "A study done last week by two researchers",
            "shows",
        );
        check("[Ada Brook], [she] {said} no.", "she", "said");
        check("[Ada Brook] {said} and [Kurt Vos] added no.", "Ada Brook", "said");
        check("[Ada Brook (D] {said} it) no.", "Ada Brook (D", "said");
        check(
            "[Ada Brook, who led the port] until last year, {said} no.",
            "Ada Brook, who led the port until last year",
            "said",
        );
        check("[Ada Brook], the new mayor, {said} no.", "Ada Brook, the new mayor", "said");
        check("[A study] that he wrote {found} it.", "A study that he wrote", "found");
    }

    #[test]
    fn what_leads_up_to_a_source_is_no_part_of_it() {
        check("It shows [how experts] {say} it works.", "experts", "say");
        check("[BRUSSELS - Officials] {said} no.", "Officials", "said");
        check("He cites [the study -- which] {notes} it.", "which", "notes");
        check("[Those who know] {say} no.", "Those who know", "say");
    }

    #[test]
    fn whole_phrases_stay() {
        check("[Ada Brook], on Tuesday, {said} no.", "Ada Brook", "said");
        check("[Ada Brook, the mayor,] left the hall, {saying} no.", "Ada Brook, the mayor,", "saying");
        check("[The harbour master] on Tuesday {said} no.", "The harbour master", "said");
        check("[who] on Tuesday {said} no.", "who", "said");
        check("[The harbour’s] {call} for calm.", "The harbour’s", "call");
        check("[A former aide who] left; the mayor and all others {said} no.", "A former aide who", "said");
    }

    #[test]
    fn a_cue_gives_back_the_last_word_of_its_source() {
        check("[attorneys for the] {family said} no.", "attorneys for the family", "said");
        check("[Prime Minister Ada] {May said} no.", "Prime Minister Ada May", "said");
        check("[Prime Minister Ada] May {said} no.", "Prime Minister Ada May", "said");
        check("[Prime Minister Ada] Friday {said} no.", "Prime Minister Ada", "said");
        check("[The mayor] {has said} no.", "The mayor", "has said");
        check("[The mayor] {also said} no.", "The mayor", "also said");
    }
}
