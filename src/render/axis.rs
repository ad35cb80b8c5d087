//! A real axis of time: from the earliest to the latest day, with ticks at round dates.

use jiff::civil;

use crate::model::{Date, Precision};

const DAY: i64 = 24 * 60;
/// Points that a tick's label needs, the gap included; the first one is longer and may cost its neighbour its label.
const LABEL_ROOM: f64 = 46.0;
/// The same for a label of year and month.
const MONTH_ROOM: f64 = 64.0;

pub struct Axis {
    /// Minutes of the first and the last moment shown.
    from: i64,
    to: i64,
    left: f64,
    right: f64,
    timed: bool,
}

/// Minutes from 1970 to a date known to the day (to its minute, where that is known).
pub fn minutes(date: &Date) -> Option<i64> {
    let day = date.civil()?;
    let epoch = civil::date(1970, 1, 1);
    let days = i64::from((day - epoch).get_days());
    let clock = date.as_str().get(11..16).filter(|_| date.precision() == Precision::Minute);
    let (hour, minute) = clock.and_then(|clock| clock.split_once(':')).unwrap_or(("0", "0"));
    Some(days * DAY + hour.parse::<i64>().unwrap_or(0) * 60 + minute.parse::<i64>().unwrap_or(0))
}

impl Axis {
    /// Whole days around all dates that are known to the day, from `left` to `right` in points; `None` where none is.
    pub fn over<'d>(dates: impl Iterator<Item = &'d Date>, left: f64, right: f64) -> Option<Axis> {
        let known: Vec<(i64, bool)> =
            dates.filter_map(|date| Some((minutes(date)?, date.precision() == Precision::Minute))).collect();
        let from = known.iter().map(|(minute, _)| minute.div_euclid(DAY) * DAY).min()?;
        let to = known.iter().map(|(minute, _)| (minute.div_euclid(DAY) + 1) * DAY).max()?;
        Some(Axis { from, to, left, right, timed: known.iter().all(|(_, timed)| *timed) })
    }

    pub fn x_of_minutes(&self, minute: i64) -> f64 {
        let share = (minute - self.from) as f64 / (self.to - self.from).max(1) as f64;
        self.left + share * (self.right - self.left)
    }

    /// How wide a day is, in points.
    pub fn day_width(&self) -> f64 {
        (self.right - self.left) * DAY as f64 / (self.to - self.from).max(1) as f64
    }

    /// Places and labels of the ticks, far enough apart to be read.
    pub fn ticks(&self) -> Vec<(f64, String)> {
        let days = (self.to - self.from) / DAY;
        if self.timed && days <= 2 {
            // a day's label takes more room than an hour's
            let room = ((self.right - self.left) / LABEL_ROOM).max(1.0) as i64;
            let step = [1, 3, 6, 12].into_iter().find(|step| days * 24 / step <= room).unwrap_or(24) as usize;
            let hours = (0..days * 24).step_by(step);
            return hours
                .map(|hour| {
                    let day = self.day(hour / 24);
                    let label = if hour % 24 == 0 { day.to_string() } else { format!("{:02}:00", hour % 24) };
                    (self.x_of_minutes(self.from + hour * 60), label)
                })
                .collect();
        }
        let room = ((self.right - self.left) / LABEL_ROOM).max(1.0) as i64;
        if let Some(step) = [1, 2, 7, 14].into_iter().find(|step| days / step <= room) {
            let starts = (0..days).step_by(step as usize);
            let label = |n: i64| {
                let day = self.day(n).to_string();
                // the year stands where it is new
                let new = n == 0 || self.day(n).year() != self.day(n - step).year();
                if new { day } else { day[5..].to_string() }
            };
            return starts.map(|n| (self.x_of_minutes(self.from + n * DAY), label(n))).collect();
        }
        let room = ((self.right - self.left) / MONTH_ROOM).max(1.0) as i64;
        let months: Vec<(i64, civil::Date)> =
            (0..days).map(|n| (n, self.day(n))).filter(|(_, day)| day.day() == 1).collect();
        let step = [1, 3, 6, 12, 60, 120].into_iter().find(|step| months.len() as i64 / step <= room).unwrap_or(600);
        months
            .into_iter()
            .filter(|(_, day)| (i64::from(day.year()) * 12 + i64::from(day.month()) - 1) % step == 0)
            .map(|(n, day)| (self.x_of_minutes(self.from + n * DAY), day.to_string()[..7].to_string()))
            .collect()
    }

    fn day(&self, n: i64) -> civil::Date {
        let epoch = civil::date(1970, 1, 1);
        let days = self.from / DAY + n;
        jiff::Span::new().try_days(days).ok().and_then(|span| epoch.checked_add(span).ok()).unwrap_or(epoch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(dates: &[&str], first_ticks: &[&str]) {
        let dates: Vec<Date> = dates.iter().filter_map(|iso| Date::parse_iso(iso)).collect();
        let axis = Axis::over(dates.iter(), 0.0, 600.0).expect("dated");
        let ticks = axis.ticks();
        let labels: Vec<&str> = ticks.iter().map(|(_, label)| label.as_str()).take(first_ticks.len()).collect();
        assert_eq!(labels, first_ticks);
        for pair in ticks.windows(2) {
            assert!(pair[1].0 - pair[0].0 >= 42.0, "{ticks:?}");
        }
    }

    #[test]
    fn ticks_stand_at_round_dates() {
        check(&["2024-03-01", "2024-03-03"], &["2024-03-01", "03-02", "03-03"]);
        check(&["2024-03-01", "2024-03-24"], &["2024-03-01", "03-03"]);
        check(&["2023-12-31", "2024-01-01"], &["2023-12-31", "2024-01-01"]);
        check(&["2024-03-10", "2025-03-14"], &["2024-04", "2024-07"]);
        check(&["2004-03-10", "2024-03-14"], &["2005-01", "2010-01"]);
        check(&["2024-03-01T08:00Z", "2024-03-01T20:00Z"], &["2024-03-01", "03:00"]);
    }

    #[test]
    fn time_runs_evenly() {
        let dates = ["2024-03-01", "2024-03-04"].map(|iso| Date::parse_iso(iso).expect("a date"));
        let axis = Axis::over(dates.iter(), 0.0, 400.0).expect("dated");
        let second = Date::parse_iso("2024-03-02").and_then(|date| minutes(&date)).expect("a date");
        assert_eq!(axis.x_of_minutes(second), 100.0);
        assert!(Axis::over([].iter(), 0.0, 1.0).is_none());
    }
}
