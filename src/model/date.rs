//! A calendar date with the precision that was known, never more.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How exactly a date is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    Year,
    Month,
    Day,
    Minute,
}

/// A date as an ISO 8601 string cut at its precision: `2023`, `2023-05`, `2023-05-31`, `2023-05-31T14:05Z`.
/// Its order as text is its order in time where both are known to the day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Date(String);

impl Date {
    /// Accepts ISO dates of the four precisions with a real calendar day; a time must be in UTC (`Z`). `None` otherwise.
    pub fn parse_iso(iso: &str) -> Option<Date> {
        let (day, time) = match iso.split_once('T') {
            Some((day, time)) => (day, Some(time)),
            None => (iso, None),
        };
        let parts: Vec<&str> = day.split('-').collect();
        let number = |part: &str, width: usize| {
            let fits = part.len() == width && part.bytes().all(|b| b.is_ascii_digit());
            fits.then(|| part.parse::<i16>().ok()).flatten()
        };
        let year = number(parts.first()?, 4)?;
        match (parts.get(1), parts.get(2), parts.len()) {
            (None, _, 1) => {}
            (Some(month), None, 2) => {
                jiff::civil::Date::new(year, number(month, 2)? as i8, 1).ok()?;
            }
            (Some(month), Some(day), 3) => {
                jiff::civil::Date::new(year, number(month, 2)? as i8, number(day, 2)? as i8).ok()?;
            }
            _ => return None,
        }
        if let Some(time) = time {
            let clock = time.strip_suffix('Z')?;
            let (hour, minute) = clock.split_once(':')?;
            if parts.len() != 3 || number(hour, 2)? > 23 || number(minute, 2)? > 59 {
                return None;
            }
        }
        Some(Date(iso.to_string()))
    }

    pub fn from_ymd(year: i16, month: i8, day: i8) -> Option<Date> {
        let date = jiff::civil::Date::new(year, month, day).ok()?;
        Some(Date(date.to_string()))
    }

    pub fn precision(&self) -> Precision {
        match self.0.len() {
            0..=4 => Precision::Year,
            5..=7 => Precision::Month,
            8..=10 => Precision::Day,
            _ => Precision::Minute,
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The calendar day, where the date is known to the day.
    pub fn civil(&self) -> Option<jiff::civil::Date> {
        self.0.get(..10)?.parse().ok()
    }

    /// The day as text (`2023-05-31`), where known to the day.
    pub fn day(&self) -> Option<&str> {
        self.0.get(..10)
    }

    /// Days since a fixed day (the Unix epoch), where known to the day.
    pub fn day_number(&self) -> Option<i32> {
        let epoch = jiff::civil::Date::constant(1970, 1, 1);
        Some((self.civil()? - epoch).get_days())
    }

    /// Days from `earlier` to `self`; `None` unless both are known to the day.
    pub fn days_since(&self, earlier: &Date) -> Option<i64> {
        let (from, to) = (earlier.civil()?, self.civil()?);
        Some(i64::from((to - from).get_days()))
    }

    /// The day `days` after this one, where known to the day.
    pub fn plus_days(&self, days: i64) -> Option<Date> {
        let day = self.civil()?.checked_add(jiff::Span::new().try_days(days).ok()?).ok()?;
        Some(Date(day.to_string()))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(iso: &str, precision: Option<Precision>) {
        assert_eq!(Date::parse_iso(iso).map(|date| date.precision()), precision, "{iso}");
    }

    #[test]
    fn keeps_the_precision_it_was_given() {
        check("2023", Some(Precision::Year));
        check("2023-05", Some(Precision::Month));
        check("2023-05-31", Some(Precision::Day));
        check("2023-05-31T14:05Z", Some(Precision::Minute));
        check("2023-02-30", None);
        check("2023-5-1", None);
        check("2023-05-31T25:00Z", None);
        check("yesterday", None);
        check("", None);
    }

    #[test]
    fn counts_days() {
        let a = Date::parse_iso("2023-05-31").unwrap();
        assert_eq!(Date::parse_iso("2023-06-02").unwrap().days_since(&a), Some(2));
        assert_eq!(a.plus_days(1).unwrap().as_str(), "2023-06-01");
        assert_eq!(Date::parse_iso("2023-06").unwrap().days_since(&a), None);
    }
}
