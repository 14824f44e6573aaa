//! Feeds that are not where they were. A host's word for that stands for a day, so that it is told when it is asked again: a
//! feed that was away for an hour would else be missing until then, and nobody knew why.

use super::place::Place;

/// Feeds that are gone: their hosts, and before when nobody asks again, in milliseconds since 1970 UTC; no time where every run
/// asks.
#[derive(Debug, Default)]
pub(super) struct Gone(Vec<(String, Option<i64>)>);

impl Gone {
    pub(super) fn note(&mut self, place: &Place, again: Option<i64>) {
        let one = (place.host().to_owned(), again);
        // Two directories may list one feed.
        if !self.0.contains(&one) {
            self.0.push(one);
        }
    }

    /// `not at a.example any more`, and from when on one of them is asked for again, if not by the next run; `None` where none
    /// is gone.
    pub(super) fn says(&self) -> Option<String> {
        let hosts: Vec<&str> = self.0.iter().map(|(host, _)| host.as_str()).collect();
        let again: Option<Vec<i64>> = self.0.iter().map(|(_, again)| *again).collect();
        let first = again.and_then(|all| all.into_iter().min()).and_then(moment);
        let again = first.map(|first| {
            format!(" (asked for again after {first}, or at once after `ferrotape status --retry`)")
        });
        (!hosts.is_empty())
            .then(|| format!("not at {} any more{}", hosts.join(", "), again.unwrap_or_default()))
    }
}

/// By the clock on the wall.
fn moment(at_ms: i64) -> Option<String> {
    let at = jiff::Timestamp::from_second(at_ms / 1000).ok()?;
    Some(at.to_zoned_datetime(jiff::tz::TimeZone::system()).strftime("%Y-%m-%d %H:%M").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_time_is_told_unless_every_run_asks() {
        let gone = |all: &[(&str, Option<i64>)]| {
            Gone(all.iter().map(|(host, again)| ((*host).to_owned(), *again)).collect()).says()
        };
        let says = |hosts: &str, at: i64| {
            let first = moment(at).unwrap();
            let again = format!("asked for again after {first}, or at once after `ferrotape status --retry`");
            Some(format!("not at {hosts} any more ({again})"))
        };
        assert_eq!(gone(&[]), None);
        assert_eq!(gone(&[("a", None)]).as_deref(), Some("not at a any more"));
        assert_eq!(gone(&[("a", Some(60_000))]), says("a", 60_000));
        assert_eq!(gone(&[("a", Some(180_000)), ("b", Some(60_000))]), says("a, b", 60_000));
        assert_eq!(gone(&[("a", Some(60_000)), ("b", None)]).as_deref(), Some("not at a, b any more"));
    }
}
