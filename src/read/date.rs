//! Dates as people and machines write them. In: a short text. Out: a date with the precision that was printed.
//!
//! Nothing is filled in: a missing time stays missing, a day that could also be a month leaves only the year.

use jiff::civil;

use crate::lang::month_named;
use crate::model::Date;

/// A date read from text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DateRead {
    pub date: Date,
    /// Day and month could be exchanged (03/04/2023): only the year was kept.
    pub ambiguous: bool,
}

fn certain(date: Date) -> Option<DateRead> {
    Some(DateRead { date, ambiguous: false })
}

/// The date a field holds: the whole text must be a date (weekday, label words and a time may surround it).
pub(super) fn read_date(text: &str) -> Option<DateRead> {
    let text = text.trim();
    if text.is_empty() || text.len() > 80 {
        return None;
    }
    machine_date(text).or_else(|| written_date(text))
}

/// ISO 8601 in its variants, compact dates, Unix times.
fn machine_date(text: &str) -> Option<DateRead> {
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return digits_only(text);
    }
    let text = text
        .strip_suffix(" UTC")
        .or_else(|| text.strip_suffix(" GMT"))
        .map_or(text.to_string(), |t| t.to_string() + "Z");
    let (day, time) = match text.find(['T', 't', ' ']) {
        Some(at) => (&text[..at], Some(text[at + 1..].trim())),
        None => (text.as_str(), None),
    };
    let day = iso_day(day)?;
    match time {
        None | Some("") => certain(Date::parse_iso(&day)?),
        Some(time) if day.len() == 10 => certain(with_time(&day, time)?),
        Some(_) => None,
    }
}

/// `2023-05-31`, `2023/05/31`, `2023.05.31`, `20230531`, `2023-05`, all to hyphens.
fn iso_day(day: &str) -> Option<String> {
    if day.len() == 8 && day.bytes().all(|b| b.is_ascii_digit()) {
        return Some(format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..]));
    }
    let parts: Vec<&str> = day.split(['-', '/', '.']).collect();
    let digits =
        parts.iter().all(|part| !part.is_empty() && part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit()));
    if !digits || parts[0].len() != 4 || parts.len() > 3 || parts[1..].iter().any(|part| part.len() > 2) {
        return None;
    }
    Some(parts.iter().map(|part| format!("{part:0>2}")).collect::<Vec<_>>().join("-"))
}

/// Digits alone: a year, a compact date, or seconds (milliseconds) since 1970.
fn digits_only(text: &str) -> Option<DateRead> {
    match text.len() {
        4 => text
            .parse::<i16>()
            .ok()
            .filter(|year| (1700..2200).contains(year))
            .and_then(|_| certain(Date::parse_iso(text)?)),
        8 => certain(Date::parse_iso(&iso_day(text)?)?),
        10 | 13 => {
            let number: i64 = text.parse().ok()?;
            let seconds = if text.len() == 13 { number / 1000 } else { number };
            certain(utc_minute(jiff::Timestamp::from_second(seconds).ok()?)?)
        }
        14 => {
            let time = format!("{}:{}Z", &text[8..10], &text[10..12]);
            certain(Date::parse_iso(&format!("{}T{time}", iso_day(&text[..8])?))?)
        }
        _ => None,
    }
}

/// A day with a clock time: to the minute in UTC where the time zone is printed; without one only the day is certain.
/// Midnight sharp is how programs write "no time known".
fn with_time(day: &str, time: &str) -> Option<Date> {
    let date: civil::Date = day.parse().ok()?;
    let zone_at = time.find(['Z', 'z', '+', '-', '−', ' ']).unwrap_or(time.len());
    let (clock, zone) = time.split_at(zone_at);
    let (hour, minute, second) = clock_time(clock)?;
    let Some(offset) = zone_minutes(zone.trim()) else { return Date::parse_iso(day) };
    if (hour, minute, second) == (0, 0, 0) {
        return Date::parse_iso(day);
    }
    let there = date.at(hour, minute, 0, 0);
    let here = there.checked_sub(jiff::Span::new().try_minutes(offset).ok()?).ok()?;
    Date::parse_iso(&format!("{}T{:02}:{:02}Z", here.date(), here.hour(), here.minute()))
}

fn clock_time(clock: &str) -> Option<(i8, i8, i8)> {
    let compact = clock.len() >= 4 && clock.bytes().all(|b| b.is_ascii_digit());
    let spread = if compact {
        format!("{}:{}:{}", &clock[..2], &clock[2..4], clock.get(4..6).unwrap_or("00"))
    } else {
        clock.to_string()
    };
    let mut parts = spread.split([':', '.', ',']);
    let mut next =
        |limit: i8| parts.next().map_or(Some(0), |part| part.parse::<i8>().ok().filter(|n| (0..limit).contains(n)));
    let (hour, minute) = (next(24)?, next(60)?);
    // A leap second is still the same minute.
    Some((hour, minute, next(61)?))
}

/// `Z`, `+02:00`, `-0500`, `EST`. `None` where no zone (or an unknown one) is printed.
fn zone_minutes(zone: &str) -> Option<i64> {
    const NAMED: &[(&str, i64)] = &[
        ("Z", 0),
        ("z", 0),
        ("UTC", 0),
        ("GMT", 0),
        ("UT", 0),
        ("EST", -300),
        ("EDT", -240),
        ("CST", -360),
        ("CDT", -300),
        ("MST", -420),
        ("MDT", -360),
        ("PST", -480),
        ("PDT", -420),
        ("CET", 60),
        ("CEST", 120),
        ("MSK", 180),
        ("EET", 120),
        ("EEST", 180),
    ];
    if let Some((_, minutes)) = NAMED.iter().find(|(name, _)| *name == zone) {
        return Some(*minutes);
    }
    let (sign, digits) = match zone.chars().next()? {
        '+' => (1, &zone[1..]),
        '-' => (-1, &zone[1..]),
        '−' => (-1, &zone['−'.len_utf8()..]),
        _ => return None,
    };
    let digits: String = digits.chars().take_while(|c| c.is_ascii_digit() || *c == ':').filter(|c| *c != ':').collect();
    let hours: i64 = digits.get(..2)?.parse().ok()?;
    let minutes: i64 = digits.get(2..4).unwrap_or("00").parse().ok()?;
    (hours <= 14 && minutes < 60).then_some(sign * (60 * hours + minutes))
}

fn utc_minute(at: jiff::Timestamp) -> Option<Date> {
    let at = at.to_zoned(jiff::tz::TimeZone::UTC).datetime();
    Date::parse_iso(&format!("{}T{:02}:{:02}Z", at.date(), at.hour(), at.minute()))
}

/// "May 31, 2023", "Wed, 31 May 2023 14:05:00 GMT", "31. Mai 2023", "31 мая 2023 г.", "31.05.2023", "Updated 5:30 PM EDT, Wed May 31, 2023".
fn written_date(text: &str) -> Option<DateRead> {
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty()).collect();
    let strangers = words.iter().filter(|word| !may_stand_in_date(word)).count();
    if words.is_empty() || words.len() > 12 || strangers > 0 {
        return None;
    }
    if let Some(found) = words.iter().find_map(|word| numeric_date(word)) {
        return Some(found);
    }
    if let Some(day) = words.iter().find_map(|word| iso_day(word).filter(|day| day.len() == 10)) {
        return certain(Date::parse_iso(&day)?);
    }
    let month_at = words.iter().position(|word| month_named(word).is_some())?;
    let month = month_named(words[month_at])?;
    let year_at = words.iter().enumerate().position(|(at, word)| at != month_at && year(word).is_some())?;
    let before = words[..month_at].iter().rposition(|word| !["de", "of", "del"].contains(word));
    let day = [before, Some(month_at + 1)]
        .into_iter()
        .flatten()
        .filter(|at| *at != year_at)
        .find_map(|at| words.get(at).and_then(|word| day_number(word)));
    let year = year(words[year_at])?;
    let Some(day) = day else { return certain(Date::parse_iso(&format!("{year:04}-{month:02}"))?) };
    let date = Date::from_ymd(year, month, day)?;
    certain(rfc2822_time(&words, date.as_str()).unwrap_or(date))
}

/// The clock time of "31 May 2023 14:05:00 +0200", where a zone follows it.
fn rfc2822_time(words: &[&str], day: &str) -> Option<Date> {
    let at = words.iter().position(|word| word.contains(':') && word.starts_with(|c: char| c.is_ascii_digit()))?;
    let zone = words.get(at + 1)?;
    zone_minutes(zone)?;
    with_time(day, &format!("{} {zone}", words[at]))
}

fn year(word: &str) -> Option<i16> {
    let digits = word.trim_end_matches(['.', 'г', 'р']);
    (digits.len() == 4).then(|| digits.parse::<i16>().ok()).flatten().filter(|year| (1700..2200).contains(year))
}

fn day_number(word: &str) -> Option<i8> {
    let lower = word.to_lowercase();
    let digits = lower
        .trim_end_matches('.')
        .trim_end_matches("st")
        .trim_end_matches("nd")
        .trim_end_matches("rd")
        .trim_end_matches("th");
    let digits = digits.trim_end_matches("er");
    (digits.len() <= 2).then(|| digits.parse::<i8>().ok()).flatten().filter(|day| (1..=31).contains(day))
}

/// `31.05.2023` is day first by custom; `05/31/2023` and `31-05-2023` only where the numbers leave no choice.
fn numeric_date(word: &str) -> Option<DateRead> {
    let word = word.trim_end_matches(['.', ';']);
    let mark = word.chars().find(|c| !c.is_ascii_digit()).filter(|c| "./-".contains(*c))?;
    let parts: Vec<&str> = word.split(mark).collect();
    let [first, second, last] = parts[..] else { return None };
    if first.len() > 2 || second.len() > 2 || last.len() != 4 {
        return None;
    }
    let (first, second): (i8, i8) = (first.parse().ok()?, second.parse().ok()?);
    let year = year(last)?;
    if mark == '.' || first > 12 || first == second {
        return certain(Date::from_ymd(year, second, first)?);
    }
    if second > 12 {
        return certain(Date::from_ymd(year, first, second)?);
    }
    Date::from_ymd(year, first, second)?;
    Some(DateRead { date: Date::parse_iso(&format!("{year:04}"))?, ambiguous: true })
}

/// Words that dates are printed with; anything else says that the text is no date line.
const COMPANIONS: &[&str] = &[
    "date",
    "dated",
    "published",
    "updated",
    "posted",
    "created",
    "modified",
    "first",
    "last",
    "on",
    "at",
    "of",
    "the",
    "time",
    "issued",
    "release",
    "released",
    "am",
    "pm",
    "a.m",
    "p.m",
    "uhr",
    "um",
    "am",
    "vom",
    "den",
    "der",
    "de",
    "del",
    "le",
    "du",
    "el",
    "publié",
    "publicado",
    "veröffentlicht",
    "aktualisiert",
    "stand",
    "datum",
    "fecha",
    "опубликовано",
    "дата",
    "г",
    "р",
    "года",
    "року",
    "в",
    "о",
    "|",
    "-",
    "–",
    "—",
    "·",
    "•",
    "et",
    "bst",
    "ist",
    "est",
    "edt",
    "utc",
    "gmt",
    "cst",
    "cdt",
    "pst",
    "pdt",
    "mst",
    "mdt",
    "cet",
    "cest",
    "msk",
    "eet",
    "eest",
    "z",
    "ut",
];

const WEEKDAYS: &[&str] = &[
    "mon",
    "tue",
    "tues",
    "wed",
    "thu",
    "thur",
    "thurs",
    "fri",
    "sat",
    "sun",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonntag",
    "mo",
    "di",
    "mi",
    "do",
    "fr",
    "sa",
    "so",
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "samedi",
    "dimanche",
    "lunes",
    "martes",
    "miércoles",
    "jueves",
    "viernes",
    "sábado",
    "domingo",
    "понедельник",
    "вторник",
    "среда",
    "четверг",
    "пятница",
    "суббота",
    "воскресенье",
];

fn may_stand_in_date(word: &str) -> bool {
    let bare = word.trim_matches(['.', ':', ';', '(', ')', '|', '[', ']']).to_lowercase();
    let numeric = bare.chars().next().is_none_or(|c| c.is_ascii_digit() || "+-−–—|·•".contains(c))
        && bare.chars().filter(|c| c.is_alphabetic()).count() <= 2;
    numeric || COMPANIONS.contains(&bare.as_str()) || WEEKDAYS.contains(&bare.as_str()) || month_named(&bare).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, iso: &str) {
        let read = read_date(text).unwrap_or_else(|| panic!("{text}: no date"));
        assert_eq!((read.date.as_str(), read.ambiguous), (iso, false), "{text}");
    }

    #[track_caller]
    fn ambiguous(text: &str, iso: &str) {
        let read = read_date(text).unwrap();
        assert_eq!((read.date.as_str(), read.ambiguous), (iso, true), "{text}");
    }

    #[track_caller]
    fn no_date(text: &str) {
        assert_eq!(read_date(text), None, "{text}");
    }

    #[test]
    fn machine_dates() {
        check("2023", "2023");
        check("2023-05", "2023-05");
        check("2023-05-31", "2023-05-31");
        check("2023/5/31", "2023-05-31");
        check("20230531", "2023-05-31");
        check("2023-05-31T14:05:09Z", "2023-05-31T14:05Z");
        check("2023-05-31T14:05:09.123+02:00", "2023-05-31T12:05Z");
        check("2023-05-31T23:30:00-04:00", "2023-06-01T03:30Z");
        check("2023-05-31 14:05:00 UTC", "2023-05-31T14:05Z");
        check("20230531T140500Z", "2023-05-31T14:05Z");
        check("20230531140500", "2023-05-31T14:05Z");
        check("1685541900", "2023-05-31T14:05Z");
        check("1685541900000", "2023-05-31T14:05Z");
    }

    #[test]
    fn what_is_not_printed_is_not_filled_in() {
        check("2023-05-31 14:05:00", "2023-05-31");
        check("2023-05-31T00:00:00+02:00", "2023-05-31");
        check("May 2023", "2023-05");
    }

    #[test]
    fn written_dates() {
        check("May 31, 2023", "2023-05-31");
        check("31 May 2023", "2023-05-31");
        check("Wednesday, May 31st, 2023", "2023-05-31");
        check("Sept. 3, 2016", "2016-09-03");
        check("31. Mai 2023", "2023-05-31");
        check("1er juin 2023", "2023-06-01");
        check("31 de mayo de 2023", "2023-05-31");
        check("31 мая 2023 г.", "2023-05-31");
        check("31 травня 2023", "2023-05-31");
        check("date 2023-05-31", "2023-05-31");
        check("Published: 31.05.2023", "2023-05-31");
        check("Updated 5:30 PM EDT, Wed May 31, 2023", "2023-05-31");
        check("Wed, 31 May 2023 14:05:00 GMT", "2023-05-31T14:05Z");
        check("Wed, 31 May 2023 23:30:00 -0400", "2023-06-01T03:30Z");
        check("05/31/2023", "2023-05-31");
        check("31/05/2023", "2023-05-31");
        check("04/04/2023", "2023-04-04");
    }

    #[test]
    fn two_readings_leave_the_year() {
        ambiguous("03/04/2023", "2023");
        ambiguous("Published 3-4-2023", "2023");
    }

    #[test]
    fn near_misses_are_no_dates() {
        for text in [
            "",
            "None",
            "yesterday",
            "2023-02-30",
            "31/31/2023",
            "99.99.2023",
            "May",
            "the May 31, 2023 attack on Moscow",
            "3.5.1",
            "version 1.2.2023 beta",
            "2023-05-31 gladkov photo",
            "12:30",
            "2 mins read",
            "+49 170 1234567",
        ] {
            no_date(text);
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,90}") {
            let _ = read_date(&text);
        }

        #[test]
        fn every_day_survives_every_spelling(days in 0i64..60_000) {
            let day = civil::date(1900, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap();
            let iso = day.to_string();
            let month = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
                [day.month() as usize - 1];
            for text in [
                iso.clone(),
                format!("{month} {}, {}", day.day(), day.year()),
                format!("{:02}.{:02}.{}", day.day(), day.month(), day.year()),
                format!("{} {} {} 10:15:00 +0000", day.day(), month, day.year()),
            ] {
                let read = read_date(&text).unwrap();
                prop_assert_eq!(read.date.day(), Some(iso.as_str()), "{}", text);
            }
        }
    }
}
