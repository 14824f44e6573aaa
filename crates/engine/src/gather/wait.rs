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
            _ if !others.is_empty() => until_one_answers(&faults, gave, now),
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

/// Until when something waits for several places: the earliest hour at which one of them is asked again comes first, then the
/// hours of the others, and who named none.
fn until_one_answers(faults: &[&Fault], gave: &[&Fault], now: i64) -> String {
    let needs_user = faults.iter().any(|fault| fault.kind == FaultKind::NeedsUser);
    let plain = match needs_user {
        true => format!("{UNTIL_DONE}, or another answers"),
        false => "they answer again".to_owned(),
    };
    let hours = hours(faults, now);
    let Some(((first, places), later)) = hours.split_first() else { return plain };
    let mut others: Vec<String> =
        later.iter().map(|(hour, places)| format!("{} at {hour}", places.join(", "))).collect();
    let nameless = without_hour(faults, gave);
    others.extend((!nameless.is_empty()).then(|| format!("{} named no time", nameless.join(", "))));
    let verb = if places.len() == 1 { "is" } else { "are" };
    if needs_user {
        others.insert(0, format!("{} {verb} asked again at {first}", places.join(", ")));
        return format!("{plain} ({})", others.join("; "));
    }
    let who = if places.len() == faults.len() { "they".to_owned() } else { places.join(", ") };
    let others = if others.is_empty() { String::new() } else { format!(" ({})", others.join("; ")) };
    format!("{first}, when {who} {verb} asked again{others}")
}

/// The hours that places named, the earliest first, each with the places that are asked again then.
fn hours<'f>(faults: &[&'f Fault], now: i64) -> Vec<(String, Vec<&'f str>)> {
    let mut named: Vec<(u64, &'f str)> = Vec::new();
    for &fault in faults {
        if let FaultKind::Temporary { retry_after_seconds: Some(seconds) } = fault.kind {
            named.push((seconds, fault.source.as_str()));
        }
    }
    named.sort_by_key(|(seconds, _)| *seconds);
    let mut hours: Vec<(String, Vec<&'f str>)> = Vec::new();
    for (seconds, place) in named {
        let hour = time_of_day(now, seconds);
        match hours.last_mut() {
            Some((last, places)) if *last == hour => places.push(place),
            _ => hours.push((hour, vec![place])),
        }
    }
    hours
}

/// The places that may answer any time, and of which no hour is known.
fn without_hour<'f>(faults: &[&'f Fault], gave: &[&Fault]) -> Vec<&'f str> {
    let is_without = |fault: &Fault| match fault.kind {
        FaultKind::Temporary { retry_after_seconds } => retry_after_seconds.is_none(),
        // What came and was no use is not fetched again for days.
        FaultKind::Permanent => !gave.iter().any(|one| **one == *fault),
        FaultKind::NeedsUser => false,
    };
    faults.iter().copied().filter(|fault| is_without(fault)).map(|fault| fault.source.as_str()).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn resting(source: &str, seconds: Option<u64>) -> Fault {
        of(source, FaultKind::Temporary { retry_after_seconds: seconds })
    }

    fn of(source: &str, kind: FaultKind) -> Fault {
        Fault { source: source.to_owned(), kind, reason: "it is ill".to_owned() }
    }

    fn until(gave: &[Fault], not_asked: &[Fault]) -> String {
        let (gave, not_asked): (Vec<&Fault>, Vec<&Fault>) =
            (gave.iter().collect(), not_asked.iter().collect());
        Wait::for_places(&gave, &not_asked, 0).unwrap().until
    }

    #[test]
    fn the_first_hour_of_several_places_is_told_and_whose_the_others_are() {
        let [one, two] = [3_600, 7_200].map(|seconds| time_of_day(0, seconds));
        let (early, late) =
            (|name: &str| resting(name, Some(3_600)), |name: &str| resting(name, Some(7_200)));
        let silent = |name: &str| resting(name, None);
        let table = [
            (vec![silent("a"), silent("b")], "they answer again".to_owned()),
            (vec![early("a"), early("b")], format!("{one}, when they are asked again")),
            (vec![late("a"), early("b")], format!("{one}, when b is asked again (a at {two})")),
            (vec![silent("a"), early("b")], format!("{one}, when b is asked again (a named no time)")),
            (
                vec![late("a"), silent("b"), early("c"), of("d", FaultKind::Permanent), early("e")],
                format!("{one}, when c, e are asked again (a at {two}; b, d named no time)"),
            ),
        ];
        for (faults, expected) in table {
            assert_eq!(until(&[], &faults), expected);
        }
        assert_eq!(until(&[], &[late("a")]), format!("{two}, when it is asked again"));
    }

    #[test]
    fn what_the_user_must_do_comes_before_the_hours_of_the_others() {
        let locked = || of("a", FaultKind::NeedsUser);
        let plain = format!("{UNTIL_DONE}, or another answers");
        assert_eq!(until(&[], &[locked(), resting("b", None)]), plain);
        let (hour, faults) =
            (time_of_day(0, 3_600), [resting("b", Some(3_600)), locked(), resting("c", None)]);
        assert_eq!(until(&[], &faults), format!("{plain} (b is asked again at {hour}; c named no time)"));
    }

    #[test]
    fn a_place_whose_file_was_no_use_is_not_said_to_have_named_no_time() {
        let (short, hour) = (of("a", FaultKind::Permanent), time_of_day(0, 3_600));
        let says = format!("{hour}, when b is asked again");
        assert_eq!(until(&[short], &[resting("b", Some(3_600))]), says);
    }
}
