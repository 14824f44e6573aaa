//! How long an episode plays, and when a chapter begins, in the forms that feeds write.

use std::time::Duration;

/// What is longer was counted in something else than seconds.
const LONGEST: Duration = Duration::from_secs(7 * 24 * 3600);

/// `3723`, `62:03`, `1:02:03`, `1:02:03.5`, `1h 2m 3s`, `PT1H2M3S`, `62 min`; `None` where it says nothing.
pub(super) fn length(text: &str) -> Option<Duration> {
    let text = text.trim();
    let length = moment(text).or_else(|| in_words(text))?;
    (!length.is_zero() && length <= LONGEST).then_some(length)
}

/// A time from the beginning: `12.5`, `01:02.500`, `01:02:03`.
pub(super) fn moment(text: &str) -> Option<Duration> {
    let mut seconds = 0.0_f64;
    let mut parts = text.trim().split(':');
    for (at, part) in parts.by_ref().take(3).enumerate() {
        let is_number = part.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && part.len() <= 12;
        // Minutes are sometimes left out: `1::03`.
        let number =
            if part.is_empty() && at > 0 { 0.0 } else { part.parse::<f64>().ok().filter(|_| is_number)? };
        seconds = seconds * 60.0 + number;
    }
    if parts.next().is_some() {
        return None;
    }
    Duration::try_from_secs_f64(seconds).ok()
}

fn in_words(text: &str) -> Option<Duration> {
    let lower = text.to_ascii_lowercase();
    let mut rest = lower.strip_prefix("pt").unwrap_or(&lower).trim_start();
    let mut seconds = 0_u64;
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit())?;
        let number: u64 = rest.get(..digits)?.parse().ok()?;
        let behind = rest.get(digits..)?.trim_start();
        let end = behind.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(behind.len());
        let unit = match behind.get(..end)? {
            "h" | "hr" | "hrs" | "hour" | "hours" | "std" => 3600,
            "m" | "min" | "mins" | "minute" | "minutes" => 60,
            "s" | "sec" | "secs" | "second" | "seconds" => 1,
            _ => return None,
        };
        seconds = seconds.checked_add(number.checked_mul(unit)?)?;
        rest = behind.get(end..)?.trim_start_matches([' ', ',', '.']);
    }
    Some(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_in_every_form() {
        let table = [
            ("3723", Some(3723)),
            (" 62:03 ", Some(3723)),
            ("1:02:03", Some(3723)),
            ("01:02:03.4", Some(3723)),
            ("1::03", Some(3603)),
            ("1h 2m 3s", Some(3723)),
            ("PT1H2M3S", Some(3723)),
            ("62 min", Some(3720)),
            ("1 hour, 2 minutes", Some(3720)),
            ("0", None),
            ("", None),
            ("00:00:00", None),
            ("-5", None),
            ("1:2:3:4", None),
            ("1e9", None),
            ("999999999", None),
            ("an hour", None),
            ("99999999999999999999 h", None),
        ];
        for (text, seconds) in table {
            assert_eq!(length(text).map(|length| length.as_secs()), seconds, "{text}");
        }
    }
}
