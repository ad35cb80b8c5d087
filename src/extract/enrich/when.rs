//! When it was said. Rules `when.weekday`, `when.occasion`, `when.day`, `when.month`, `when.relative`.
//!
//! Words around the cue, resolved against the document's date; never more precise than the words. A weekday is the most
//! recent such day on or before the document's date. What only the neighbours tell is in `when_near`.

use crate::lang::{WordClass::*, month_named};
use crate::model::{Attribution, Date, Evidence, Precision};
use crate::text::Span;

use super::scene::{Frame, Scene};

/// Finds the day of every attribution that names one. `published` is the document's date.
pub fn days(found: &mut [Attribution], scene: &Scene, published: Option<&Date>) {
    if scene.words.is_none() {
        return;
    }
    let contents = Contents::of(found);
    for attribution in found.iter_mut().filter(|attribution| attribution.said_on.is_none()) {
        let Some(frame) = scene.frame(attribution) else { continue };
        let free = frame.free(attribution);
        let near = |at: &usize| frame.cue.0.abs_diff(*at);
        // what follows a colon was said, whether or not it was found
        let colon = (frame.cue.1..frame.high).find(|&at| frame.unit.items[at].is_mark(":")).unwrap_or(frame.high);
        let mut hits: Vec<(usize, Date, &'static str, String)> = free
            .iter()
            .filter(|&&at| !inside(attribution, &frame, at) && !contents.of_others(attribution, &frame, at))
            .filter(|&&at| at < colon)
            .filter_map(|&at| date_at(&frame, at, published).map(|(date, rule, note)| (at, date, rule, note)))
            .collect();
        hits.sort_by_key(|hit| near(&hit.0));
        if let Some((_, date, rule, note)) = hits.into_iter().next() {
            attribution.evidence.push(Evidence::new(rule, 1.0, note));
            attribution.said_on = Some(date);
        }
    }
}

/// The contents of all attributions: a day inside what somebody else said is not a day of saying.
struct Contents(Vec<Span>);

impl Contents {
    fn of(found: &[Attribution]) -> Self {
        let mut all: Vec<Span> = found.iter().flat_map(|attribution| attribution.content.iter().copied()).collect();
        all.sort_unstable();
        Contents(all)
    }

    /// Whether item `at` lies in a content that does not hold the attribution's own cue.
    fn of_others(&self, own: &Attribution, frame: &Frame, at: usize) -> bool {
        const LOOK_BACK: usize = 12; // contents of one sentence that start before the item
        let span = frame.unit.items[at].span;
        let next = self.0.partition_point(|content| content.start <= span.start);
        let holds_cue = |content: &Span| own.cue.first().is_some_and(|cue| content.contains(*cue));
        self.0[..next].iter().rev().take(LOOK_BACK).any(|content| content.contains(span) && !holds_cue(content))
    }
}

/// "Wednesday's attack" and days inside the source say nothing of when it was said.
fn inside(own: &Attribution, frame: &Frame, at: usize) -> bool {
    own.source.iter().any(|source| source.contains(frame.unit.items[at].span))
}

pub fn date_at(frame: &Frame, at: usize, published: Option<&Date>) -> Option<(Date, &'static str, String)> {
    let item = &frame.unit.items[at];
    let before = at.checked_sub(1).map_or("", |at| frame.lower(at));
    if item.is(Weekday) && item.capital {
        if ["next", "until", "since", "by", "coming", "every", "this"].contains(&before) {
            return None;
        }
        let back = days_back(&item.lower, published?)?;
        let extra = if before == "last" && back == 0 { 7 } else { 0 };
        return Some((published?.plus_days(-(back + extra))?, "when.weekday", item.lower.clone()));
    }
    if let Some(day) = occasion(frame, at, before) {
        let date = published?.plus_days(-days_back(day, published?)?)?;
        return Some((date, "when.occasion", item.lower.clone()));
    }
    if item.capital
        && let Some(month) = month_named(item.span.of(frame.scene.text()))
    {
        return month_date(frame, at, month, before, published);
    }
    relative(frame, at, before, published?)
}

/// "at Tuesday’s meeting", "during Sunday night’s debate": the weekday of the occasion it was said on.
fn occasion<'f>(frame: &'f Frame, at: usize, before: &str) -> Option<&'f str> {
    let item = &frame.unit.items[at];
    let day = item.lower.strip_suffix("’s")?;
    let known =
        item.capital && ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].iter().any(|&name| day.starts_with(name));
    (known && day.ends_with("day") && ["at", "in", "during"].contains(&before)).then_some(day)
}

/// "yesterday", "last night", "this morning", "earlier today", "two days ago", "last month".
fn relative(frame: &Frame, at: usize, before: &str, day: &Date) -> Option<(Date, &'static str, String)> {
    let lower = frame.lower(at);
    let (from, date) = match (before, lower) {
        ("until" | "since" | "by", _) => return None,
        (_, "yesterday") => (at, day.plus_days(-1)),
        (_, "today" | "tonight") => (at, day.plus_days(0)),
        ("last", "night") => (at - 1, day.plus_days(-1)),
        ("this", "morning" | "afternoon" | "evening") => (at - 1, day.plus_days(0)),
        ("days" | "day", "ago") => (at.saturating_sub(2), day.plus_days(-count(frame.lower(at.checked_sub(2)?))?)),
        ("last", "month") => (at - 1, months_back(day, 1)),
        ("this", "month") => (at - 1, months_back(day, 0)),
        ("last", "year") => (at - 1, year_back(day)),
        _ => return None,
    };
    (day.precision() >= Precision::Day || !matches!(lower, "yesterday" | "today" | "tonight")).then_some((
        date?,
        "when.relative",
        frame.words(from, at + 1),
    ))
}

fn year_back(day: &Date) -> Option<Date> {
    Date::parse_iso(&format!("{:04}", day.as_str().get(..4)?.parse::<i16>().ok()? - 1))
}

/// Small numbers as words or digits.
fn count(word: &str) -> Option<i64> {
    const WORDS: [&str; 10] = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    let named = WORDS.iter().position(|name| *name == word).map(|at| at as i64 + 1);
    named.or((word == "a").then_some(1)).or_else(|| word.parse().ok().filter(|days| (1..=31).contains(days)))
}

/// "May 30", "May 30, 2023", "30 May", "in May": to the day or to the month.
fn month_date(
    frame: &Frame,
    at: usize,
    month: i8,
    before: &str,
    published: Option<&Date>,
) -> Option<(Date, &'static str, String)> {
    let number = |at: usize| frame.lower(at).trim_end_matches(|c: char| c.is_alphabetic()).parse::<i16>().ok();
    let after_day = number(at + 1).filter(|day| (1..=31).contains(day));
    let before_day = before.parse::<i16>().ok().filter(|day| (1..=31).contains(day));
    let day = after_day.or(before_day);
    let mut year_at = if after_day.is_some() { at + 2 } else { at + 1 };
    if frame.unit.get(year_at).is_some_and(|item| item.is_mark(",")) {
        year_at += 1;
    }
    let stated = number(year_at).filter(|year| (1900..2100).contains(year));
    let year = stated.or_else(|| recent_year(month, day, published?))?;
    let note = frame.words(if before_day.is_some() && after_day.is_none() { at - 1 } else { at }, year_at);
    match day {
        Some(day) => Some((Date::from_ymd(year, month, day as i8)?, "when.day", note)),
        None if before == "in" || stated.is_some() => {
            Some((Date::parse_iso(&format!("{year:04}-{month:02}"))?, "when.month", note))
        }
        None => None,
    }
}

/// The year in which the month (and day) was last reached by the document's date.
fn recent_year(month: i8, day: Option<i16>, published: &Date) -> Option<i16> {
    let year: i16 = published.as_str().get(..4)?.parse().ok()?;
    let now = published.as_str().get(5..7)?.parse::<i8>().ok()?;
    let today = published.as_str().get(8..10).and_then(|day| day.parse::<i16>().ok()).unwrap_or(31);
    let ahead = month > now || (month == now && day.is_some_and(|day| day > today));
    Some(if ahead { year - 1 } else { year })
}

fn months_back(day: &Date, back: i32) -> Option<Date> {
    let year: i32 = day.as_str().get(..4)?.parse().ok()?;
    let month: i32 = day.as_str().get(5..7)?.parse().ok()?;
    let total = year * 12 + month - 1 - back;
    Date::parse_iso(&format!("{:04}-{:02}", total / 12, total % 12 + 1))
}

fn days_back(weekday: &str, published: &Date) -> Option<i64> {
    if published.precision() < Precision::Day {
        return None;
    }
    let wanted =
        ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].iter().position(|day| weekday.starts_with(day))? as i64;
    let is = i64::from(published.civil()?.weekday().to_monday_zero_offset());
    Some((is - wanted).rem_euclid(7))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::testing::enriched_on;

    /// Published on Wednesday, 31 May 2023.
    #[track_caller]
    fn check(text: &str, iso: Option<&str>) {
        let found = enriched_on(text, Date::parse_iso("2023-05-31"));
        let day = found.first().and_then(|found| found.said_on.as_ref()).map(|date| date.as_str().to_string());
        assert_eq!(day.as_deref(), iso, "{text}");
    }

    #[test]
    fn weekdays_are_the_most_recent() {
        check("“It rains,” Brook said on Wednesday.", Some("2023-05-31"));
        check("“It rains,” Brook said on Tuesday.", Some("2023-05-30"));
        check("Brook said Thursday that it rained.", Some("2023-05-25"));
        check("Earlier on Tuesday night, Brook said it had rained.", Some("2023-05-30"));
        check("“It rains,” Brook said last Wednesday.", Some("2023-05-24"));
        check("“It rains,” Brook said.", None);
        check("Brook said it would rain on Friday.", None);
        check("“It rains,” Brook told CNN: last year we lost two barns.", None);
        check("“It rains,” Brook told CNN on Tuesday: last year we lost two barns.", Some("2023-05-30"));
        check("Brook said by Tuesday it would rain.", None);
        check("Hill said the ferry was lost on Tuesday, and Brook added that it rained.", None);
    }

    #[test]
    fn occasions() {
        check("“It rains,” Brook said at Tuesday’s meeting.", Some("2023-05-30"));
        check("“It rains,” Brook said, and Tuesday’s meeting was called off.", None);
    }

    #[test]
    fn relative_days() {
        check("“It rains,” Brook said earlier today.", Some("2023-05-31"));
        check("“It rains,” Brook said this morning.", Some("2023-05-31"));
        check("“It rains,” Brook said last night.", Some("2023-05-30"));
        check("“It rains,” Brook said three days ago.", Some("2023-05-28"));
        check("“It rains,” Brook said a day ago.", Some("2023-05-30"));
        check("“It rains,” Brook said days ago.", None);
        check("“It rains,” Brook said last week.", None);
        check("“It rains,” Brook said that night.", None);
    }

    #[test]
    fn days_and_months() {
        check("“It rains,” Brook said on May 30.", Some("2023-05-30"));
        check("“It rains,” Brook said on June 2.", Some("2022-06-02"));
        check("“It rains,” Brook said on May 3, 2019.", Some("2019-05-03"));
        check("“It rains,” Brook said in April.", Some("2023-04"));
        check("“It rains,” Brook said last month.", Some("2023-04"));
        check("“It rains,” Brook said yesterday.", Some("2023-05-30"));
        check("“It rains,” Brook said last year.", Some("2022"));
        check("“It rains,” May Brook said.", None);
    }
}
