//! What a wanted thing waits for: for whom, why, and until when, in words.

use std::collections::HashSet;

use ferrotape_domain::{DISK, Fault, FaultKind, Outcome};

/// What a wanted thing waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wait {
    pub(crate) reason: String,
    pub(crate) until: String,
    pub(crate) on: Vec<String>,
}

/// Until when something waits that only the user can mend.
pub const UNTIL_DONE: &str = "you have done that";
/// Stands between a place and why it said nothing.
pub const NOT_ASKED: &str = " could not be asked: ";
/// Stands between a place and why what it has did not come.
pub const NOT_GIVEN: &str = " could not give it: ";

impl Wait {
    /// For the places that have it and `gave` it not, and for those that were `not_asked`; `None` where there are none. What
    /// only the user can mend is told first.
    pub(super) fn for_places(gave: &[&Fault], not_asked: &[&Fault], now: i64) -> Option<Self> {
        let mut faults: Vec<&Fault> = gave.iter().chain(not_asked).copied().collect();
        let mut seen = HashSet::new();
        faults.retain(|fault| seen.insert(&fault.source));
        faults.sort_by_key(|fault| fault.kind != FaultKind::NeedsUser);
        let (first, others) = faults.split_first()?;
        let was_asked = gave.contains(first);
        let mut reason = match first.source.as_str() {
            // Nobody else has anything to do with it.
            DISK => first.reason.clone(),
            source if was_asked => format!("{source}{NOT_GIVEN}{}", first.reason),
            source => format!("{source}{NOT_ASKED}{}", first.reason),
        };
        let names: Vec<&str> = others.iter().map(|fault| fault.source.as_str()).collect();
        let until = match &first.kind {
            FaultKind::NeedsUser if !others.is_empty() => format!("{UNTIL_DONE}, or another answers"),
            _ if !others.is_empty() => "they answer again".to_owned(),
            FaultKind::Temporary { retry_after_seconds: Some(seconds) } => {
                format!("{}, when it is asked again", time_of_day(now, *seconds))
            }
            FaultKind::Temporary { retry_after_seconds: None } => format!("{} answers again", first.source),
            FaultKind::NeedsUser => UNTIL_DONE.to_owned(),
            // The reason ends with the day of the next try.
            FaultKind::Permanent if was_asked => String::new(),
            FaultKind::Permanent => format!("{} gives a better answer", first.source),
        };
        if !names.is_empty() {
            let names = names.join(", ");
            reason += &match first.source == DISK {
                true => format!("; nor did it come from {names}"),
                false => format!("; nor could {names}"),
            };
        }
        Some(Self { reason, until, on: faults.iter().map(|fault| fault.source.clone()).collect() })
    }

    /// For this program.
    pub(super) fn for_us(reason: String, until: &str) -> Self {
        Self { reason, until: until.to_owned(), on: Vec::new() }
    }

    pub(super) fn outcome(&self, reason: String) -> Outcome {
        Outcome::Waiting { reason, until: self.until.clone(), on: self.on.clone() }
    }
}

/// When that will be, by the clock on the wall.
pub(crate) fn time_of_day(now: i64, seconds: u64) -> String {
    time_as(now.saturating_add(i64::try_from(seconds).unwrap_or(i64::MAX)), "%Y-%m-%d %H:%M")
}

/// The day, for people.
pub(crate) fn day_of(at: i64) -> String {
    time_as(at, "%Y-%m-%d")
}

fn time_as(at: i64, form: &str) -> String {
    let Ok(at) = jiff::Timestamp::from_second(at) else { return "later".to_owned() };
    at.to_zoned_datetime(jiff::tz::TimeZone::system()).strftime(form).to_string()
}
