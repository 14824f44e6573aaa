//! Days and times of publication, in the many forms that feeds write.
//!
//! What is sound is read by jiff. What is not – months in other languages, no weekday, no time, letters for a zone –
//! is taken apart here: a number of four digits is the year, a word is the month, what is left is the day.

use ferrotape_domain::month_of;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::tz::Offset;

/// When an episode was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The day where it was published: `2024-03-05`.
    pub day: String,
    /// The same to the second, since 1970 UTC; midnight where no time is told.
    pub at: i64,
}

const LONGEST: usize = 100;

/// Reads a day with or without time; `None` where it cannot be told.
pub(super) fn published(text: &str) -> Option<Published> {
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    sound(text).or_else(|| iso(text)).or_else(|| in_words(text))
}

/// Days since 1970 of `YYYY-MM-DD…`.
pub(in super::super) fn days(day: &str) -> Option<i64> {
    let date: Date = day.get(..10)?.parse().ok()?;
    Some(at(date, Time::midnight(), Offset::UTC).div_euclid(86_400))
}

fn sound(text: &str) -> Option<Published> {
    // A wrong weekday is as common as a right one.
    let zoned = DateTimeParser::new().relaxed_weekday(true).parse_zoned_datetime(text).ok()?;
    told(zoned.date(), zoned.timestamp().as_second())
}

/// `2020-10-09T04:30:38+02:00`, `2020-10-09 04:30`, `2020-10-09`, `2020/10/09`.
fn iso(text: &str) -> Option<Published> {
    let text = text.replace('/', "-");
    let date: Date = text.get(..10)?.parse().ok()?;
    if let Ok(at) = text.parse::<Timestamp>() {
        return told(date, at.as_second());
    }
    let time = text.get(10..).unwrap_or_default().trim_start_matches(['T', 't', ' ']);
    told(date, at(date, clock(time).unwrap_or_default(), zone(time)))
}

fn in_words(text: &str) -> Option<Published> {
    let is_apart =
        |letter: char| letter.is_whitespace() || matches!(letter, ',' | '.' | '(' | ')' | '/' | '-');
    let time = text.find(':').map(|colon| {
        let begin = text.get(..colon).unwrap_or_default().rfind(|letter: char| !letter.is_ascii_digit());
        begin.map_or(0, |at| text.ceil_char_boundary(at + 1))
    });
    let (before, from) = text.split_at(time.unwrap_or(text.len()));
    let (mut year, mut month, mut day) = (None, None, None);
    for word in before.split(is_apart).chain(from.split(is_apart).skip(1)).filter(|word| !word.is_empty()) {
        let digits = word.trim_end_matches(|letter: char| letter.is_alphabetic() || letter == 'º');
        match digits.parse::<i16>() {
            Ok(number) if digits.len() == 4 && !word.starts_with(['+', '-']) => year = year.or(Some(number)),
            Ok(number) if digits.len() <= 2 && day.is_none() => day = Some(number),
            // Two digits of a year: 70 and above is of the last century.
            Ok(number) if digits.len() == 2 && year.is_none() => {
                year = Some(if number >= 70 { 1900 + number } else { 2000 + number });
            }
            Ok(_) => {}
            Err(_) => month = month.or_else(|| month_of(word)),
        }
    }
    let date = Date::new(year?, month?, i8::try_from(day?).ok()?).ok()?;
    told(date, at(date, clock(from).unwrap_or_default(), zone(from)))
}

/// `4:30`, `04:30:38`, `4:30 pm` at the beginning of a text.
fn clock(text: &str) -> Option<Time> {
    let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != ':').unwrap_or(text.len());
    let mut numbers = text.get(..end)?.split(':').map(|number| number.parse::<i8>().ok());
    let (hour, minute) = (numbers.next()??, numbers.next()??);
    let afternoon = text.get(end..)?.trim_start().get(..2).map(str::to_ascii_lowercase);
    let hour = match (afternoon.as_deref(), hour) {
        (Some("pm"), 1..=11) => hour + 12,
        (Some("am"), 12) => 0,
        _ => hour,
    };
    Time::new(hour, minute, numbers.next().flatten().unwrap_or(0), 0).ok()
}

/// `+0200`, `-05:00`, `EST` at the end of a text; else that of Greenwich.
fn zone(text: &str) -> Offset {
    let last = text.split_whitespace().next_back().unwrap_or_default();
    let hours = match last.to_ascii_uppercase().as_str() {
        "EDT" => -4,
        "EST" | "CDT" => -5,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        "CET" | "BST" | "MEZ" => 1,
        "CEST" | "MESZ" => 2,
        _ => return numbered_zone(last).unwrap_or(Offset::UTC),
    };
    Offset::from_hours(hours).unwrap_or(Offset::UTC)
}

fn numbered_zone(text: &str) -> Option<Offset> {
    let at = text.rfind(['+', '-'])?;
    let digits: String = text.get(at + 1..)?.chars().filter(|letter| *letter != ':').collect();
    let (hours, minutes) = (digits.get(..2)?.parse::<i32>().ok()?, digits.get(2..4)?.parse::<i32>().ok()?);
    let sign = if text.get(at..)?.starts_with('-') { -1 } else { 1 };
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()
}

fn at(date: Date, time: Time, zone: Offset) -> i64 {
    zone.to_timestamp(DateTime::from_parts(date, time)).map_or(0, Timestamp::as_second)
}

/// Days before there was any broadcasting, and after this century, are mistakes.
fn told(date: Date, at: i64) -> Option<Published> {
    (1900..=2100).contains(&date.year()).then(|| Published { day: date.to_string(), at })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_in_every_form() {
        let table = [
            ("Fri, 09 Oct 2020 04:30:38 GMT", Some(("2020-10-09", 1_602_217_838))),
            ("Mon, 9 Oct 2020 04:30:38 +0200", Some(("2020-10-09", 1_602_210_638))),
            ("Fri, 09 Oct 2020 04:30:38 EST", Some(("2020-10-09", 1_602_235_838))),
            ("9 Okt 2020 04:30", Some(("2020-10-09", 1_602_217_800))),
            ("Freitag, 9. Oktober 2020 04:30 MESZ", Some(("2020-10-09", 1_602_210_600))),
            ("vendredi 9 octobre 2020", Some(("2020-10-09", 1_602_201_600))),
            ("October 9th, 2020, 4:30 PM", Some(("2020-10-09", 1_602_261_000))),
            ("Fri, 09 October 20 04:30:00 -0500", Some(("2020-10-09", 1_602_235_800))),
            ("2020-10-09T04:30:38Z", Some(("2020-10-09", 1_602_217_838))),
            ("2020-10-09T04:30:38+02:00", Some(("2020-10-09", 1_602_210_638))),
            ("2020-10-09 04:30:38", Some(("2020-10-09", 1_602_217_838))),
            ("2020-10-09", Some(("2020-10-09", 1_602_201_600))),
            ("2020/10/09", Some(("2020-10-09", 1_602_201_600))),
            ("31 Feb 2020", None),
            ("09/10/2020", None),
            ("yesterday", None),
            ("Thu, 01 Jan 0001 00:00:00 GMT", None),
            ("", None),
            ("::", None),
            ("é:é", None),
        ];
        for (text, expected) in table {
            let read = published(text);
            let read = read.as_ref().map(|published| (published.day.as_str(), published.at));
            assert_eq!(read, expected, "{text}");
        }
    }

    #[test]
    fn days_can_be_counted() {
        assert_eq!(days("1970-01-02"), Some(1));
        assert_eq!(days("2020-10-09T10:00"), Some(18_544));
        assert_eq!((days("2020-10"), days("2020-13-01"), days("")), (None, None, None));
    }
}
