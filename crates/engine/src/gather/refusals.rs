//! Files of places that were no use: no audio, or not there though they are listed. They are named, and not fetched anew
//! by every run. One bad answer may be of a moment – a sign-in page of the network here, a copy that broke on its way –
//! so it holds for a day; only what is no use time and again is left alone for longer.

use ferrotape_domain::{Fault, FaultKind, RemoteOffer};

use super::wait::day_of;

const DAY_S: i64 = 24 * 3_600;
/// So many days a file is not fetched again that was no use once, twice, three times, and more often in a row.
const HOLDS_DAYS: [i64; 4] = [1, 3, 10, 30];

/// That a file was no use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// When, in seconds since 1970 UTC.
    pub at: i64,
    /// How often in a row by then.
    pub times: u32,
    /// The line of the place whose fault it was, such as of the host that has a feed's sound; empty where it was the place's.
    pub source: String,
    /// Why.
    pub why: String,
}

impl Refusal {
    fn holds_s(&self) -> i64 {
        let before = usize::try_from(self.times.saturating_sub(1)).unwrap_or(usize::MAX);
        let [.., longest] = HOLDS_DAYS;
        HOLDS_DAYS.get(before).copied().unwrap_or(longest) * DAY_S
    }

    fn holds(&self, now: i64) -> bool {
        (0..self.holds_s()).contains(&now.saturating_sub(self.at))
    }

    /// When it is fetched again, for people.
    fn again(&self) -> String {
        let day = day_of(self.at.saturating_add(self.holds_s()));
        format!(
            "it is fetched again after {day}, when it has changed there, or at once after `ferrotape status --retry`"
        )
    }
}

/// Where it is remembered which files were no use.
pub trait Refusals: Send + Sync {
    /// That the file of this key was no use, if it was.
    fn refused(&self, place: &str, key: &str) -> Option<Refusal>;

    /// Remembers that. Failing to is no failure.
    fn refuse(&self, place: &str, key: &str, refusal: &Refusal);
}

/// Tells a file from what stands under its id when it has changed there.
fn key(offer: &RemoteOffer) -> String {
    let told = format!(
        "{}\n{}\n{:?}\n{:?}\n{:?}",
        offer.id, offer.file_name, offer.size, offer.sums, offer.duration
    );
    blake3::hash(told.as_bytes()).to_hex().to_string()
}

/// Why a file is not fetched now.
pub(super) fn refused(memory: &dyn Refusals, place: &str, offer: &RemoteOffer, now: i64) -> Option<Fault> {
    let refusal = memory.refused(place, &key(offer)).filter(|refusal| refusal.holds(now))?;
    let day = day_of(refusal.at);
    let reason = format!("{} was no use on {day} ({}); {}", offer.file_name, refusal.why, refusal.again());
    let source = if refusal.source.is_empty() { place.to_owned() } else { refusal.source };
    Some(Fault { source, kind: FaultKind::Permanent, reason })
}

/// Remembers a fault that fetching the same file again would come to; the fault, which then says when that is tried.
pub(super) fn remember(
    memory: &dyn Refusals,
    place: &str,
    offer: &RemoteOffer,
    fault: Fault,
    now: i64,
) -> Fault {
    if fault.kind != FaultKind::Permanent {
        return fault;
    }
    let key = key(offer);
    let before = memory.refused(place, &key).map_or(0, |refusal| refusal.times);
    let is_of_it = fault.source.strip_prefix(place).is_some_and(|rest| rest.starts_with('/'));
    let source = if is_of_it { fault.source.clone() } else { String::new() };
    let refusal = Refusal { at: now, times: before.saturating_add(1), source, why: fault.reason };
    memory.refuse(place, &key, &refusal);
    let reason = format!("{}; {}", refusal.why, refusal.again());
    Fault { reason, ..fault }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::sync::Mutex;

    use ferrotape_domain::Rights;

    use super::*;
    use crate::locked;

    #[derive(Default)]
    struct Kept(Mutex<HashMap<String, Refusal>>);

    impl Refusals for Kept {
        fn refused(&self, _place: &str, key: &str) -> Option<Refusal> {
            locked(&self.0).get(key).cloned()
        }

        fn refuse(&self, _place: &str, key: &str, refusal: &Refusal) {
            locked(&self.0).insert(key.to_owned(), refusal.clone());
        }
    }

    fn ebb() -> RemoteOffer {
        RemoteOffer { size: Some(1_000), ..RemoteOffer::bare("low-water/ebb", "Ebb.flac", Rights::Own) }
    }

    fn fault(kind: FaultKind) -> Fault {
        Fault { source: "shelf".to_owned(), kind, reason: "the file is not there".to_owned() }
    }

    #[test]
    fn one_bad_answer_holds_for_a_day_and_many_for_a_month() {
        let memory = Kept::default();
        let (offer, noon) = (ebb(), 12 * 3_600);
        let mut now = noon;
        for days in [1, 3, 10, 30, 30] {
            let told = remember(&memory, "shelf", &offer, fault(FaultKind::Permanent), now);
            let again = day_of(now + days * DAY_S);
            assert!(told.reason.contains(&format!("fetched again after {again}")), "{days}: {told}");
            let is_refused = |at: i64| refused(&memory, "shelf", &offer, at).is_some();
            let last = now + days * DAY_S - 1;
            assert!(is_refused(now) && is_refused(last) && !is_refused(last + 1), "{days} days");
            assert!(!is_refused(now - 1), "a clock that was set back bars nothing");
            now = last + 1;
        }
        let changed = RemoteOffer { size: Some(1_001), ..offer };
        assert_eq!(refused(&memory, "shelf", &changed, now), None, "another file is asked for at once");
    }

    #[test]
    fn whose_fault_it_was_stays_known() {
        let memory = Kept::default();
        let of_host = Fault { source: "shelf/cdn.example".to_owned(), ..fault(FaultKind::Permanent) };
        let told = remember(&memory, "shelf", &ebb(), of_host, 0);
        let again = refused(&memory, "shelf", &ebb(), 1);
        assert_eq!(
            (told.source.as_str(), again.unwrap().source.as_str()),
            ("shelf/cdn.example", "shelf/cdn.example")
        );
        remember(&memory, "shelf", &ebb(), fault(FaultKind::Permanent), DAY_S);
        assert_eq!(refused(&memory, "shelf", &ebb(), DAY_S).unwrap().source, "shelf");
    }

    #[test]
    fn what_is_no_matter_of_the_file_is_not_held_against_it() {
        let memory = Kept::default();
        for kind in [FaultKind::NeedsUser, FaultKind::Temporary { retry_after_seconds: None }] {
            let told = remember(&memory, "shelf", &ebb(), fault(kind.clone()), 0);
            assert_eq!(told, fault(kind));
        }
        assert_eq!(refused(&memory, "shelf", &ebb(), 0), None);
    }
}
