//! When it was said. Rules `when.weekday`, `when.day`, `when.month`, `when.relative`.
//!
//! Words around the cue, resolved against the document's date; never more precise than the words. A weekday is the most
//! recent such day on or before the document's date.

use crate::lang::{WordClass::*, month_named};
use crate::model::{Attribution, Date, Evidence, Precision};

use super::scene::{Frame, Scene};

/// Finds the day of every attribution that names one. `published` is the document's date.
pub fn days(found: &mut [Attribution], scene: &Scene, published: Option<&Date>) {
    if scene.words.is_none() {
        return;
    }
    for attribution in found.iter_mut().filter(|attribution| attribution.said_on.is_none()) {
        let Some(frame) = scene.frame(attribution) else { continue };
        let free = frame.free(attribution);
        let near = |at: &usize| frame.cue.0.abs_diff(*at);
        let mut hits: Vec<(usize, Date, &'static str, String)> = free
            .iter()
            .filter(|&&at| !inside(attribution, &frame, at))
            .filter_map(|&at| date_at(&frame, at, published).map(|(date, rule, note)| (at, date, rule, note)))
            .collect();
        hits.sort_by_key(|hit| near(&hit.0));
        if let Some((_, date, rule, note)) = hits.into_iter().next() {
            attribution.evidence.push(Evidence::new(rule, 1.0, note));
            attribution.said_on = Some(date);
        }
    }
}

/// "Wednesday's attack" and days inside the source say nothing of when it was said.
fn inside(own: &Attribution, frame: &Frame, at: usize) -> bool {
    own.source.iter().any(|source| source.contains(frame.unit.items[at].span))
}

fn date_at(frame: &Frame, at: usize, published: Option<&Date>) -> Option<(Date, &'static str, String)> {
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
    if item.capital
        && let Some(month) = month_named(item.span.of(frame.scene.text()))
    {
        return month_date(frame, at, month, before, published);
    }
    let day = published?;
    let found = match item.lower.as_str() {
        "yesterday" => day.plus_days(-1),
        "today" if before != "until" => day.plus_days(0),
        "month" if before == "last" => months_back(day, 1),
        "month" if before == "this" => months_back(day, 0),
        "year" if before == "last" => {
            Date::parse_iso(&format!("{:04}", day.as_str().get(..4)?.parse::<i16>().ok()? - 1))
        }
        _ => None,
    };
    found.map(|date| (date, "when.relative", frame.words(at.saturating_sub(1), at + 1)))
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
