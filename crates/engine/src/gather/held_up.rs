//! Podcasts, albums and books of which there are files, and of which more was wanted that did not come: a feed that is gone, or
//! asks for a password, would else stop a podcast for ever without a word.

use std::collections::HashSet;

use ferrotape_domain::{Fault, FaultKind, WantedKind};

use super::{Gathered, Open, UNTIL_DONE, Wait, time_of_day};

/// So many reasons are told.
const TOLD: usize = 5;

/// What places said of a thing.
pub(super) struct Word<'a> {
    /// The place that surely has it, and how many files of it were asked for.
    pub(super) sure: Option<(&'a str, usize)>,
    /// Why places could not be asked.
    pub(super) not_asked: &'a [&'a Fault],
    /// What those say that do not have it.
    pub(super) says: &'a [String],
    /// Who was asked.
    pub(super) asked: &'a [&'a str],
    /// Why there may be more of it than they told.
    pub(super) may_have_more: &'a [Fault],
}

impl Gathered {
    /// Notes what a podcast, an album or a book waits for beside the files that there are.
    pub(super) fn hold_up(&mut self, one: &Open, word: &Word<'_>, now: i64) {
        let (id, kind) = (one.wanted.id, one.wanted.wanted.kind);
        if !matches!(kind, WantedKind::Show | WantedKind::Release | WantedKind::Audiobook) {
            return;
        }
        let not_come = self.not_come.get(&id).map(Vec::as_slice).unwrap_or_default();
        let wait = match word.sure {
            Some((place, wanted)) if !not_come.is_empty() => {
                if kind != WantedKind::Show {
                    self.listed.insert(id, (one.here.len() + wanted, place.to_owned()));
                }
                Some(in_part(kind, wanted, not_come, now))
            }
            None if kind == WantedKind::Show => nothing_new(word, now),
            _ => None,
        };
        let more = word.may_have_more.iter();
        let wait = more.fold(wait, |wait, fault| Some(and_more(wait, fault, now)));
        self.held_up.extend(wait.map(|wait| (id, wait)));
    }
}

/// Of `wanted` files some did not come.
fn in_part(kind: WantedKind, wanted: usize, not_come: &[(String, Fault)], now: i64) -> Wait {
    let mut reasons: Vec<(String, usize)> = Vec::new();
    let mut on: Vec<String> = Vec::new();
    for (_, fault) in not_come {
        let why = why(fault, now);
        match reasons.iter_mut().find(|(known, _)| *known == why) {
            Some((_, times)) => *times += 1,
            None => reasons.push((why, 1)),
        }
        if !on.contains(&fault.source) {
            on.push(fault.source.clone());
        }
    }
    let more = reasons.len().saturating_sub(TOLD);
    let told = reasons.into_iter().take(TOLD);
    let told = told.map(|(why, times)| if times > 1 { format!("{why} ({times} times)") } else { why });
    let mut told: Vec<String> = told.collect();
    told.extend((more > 0).then(|| format!("and {more} more reasons")));
    // Two places that fail with one track leave one missing.
    let parts: HashSet<&str> = not_come.iter().map(|(part, _)| part.as_str()).collect();
    let missing = parts.len().min(wanted);
    let came = match kind {
        WantedKind::Show => format!("{} of the newest {wanted}; ", wanted - missing),
        _ => String::new(),
    };
    let reason = format!("{came}{missing} could not be had: {}", told.join("; "));
    // Each reason says until when.
    Wait { reason, until: String::new(), on }
}

/// The same, and that there may be more of it. That tells its own end, so the other end stays the last.
fn and_more(wait: Option<Wait>, fault: &Fault, now: i64) -> Wait {
    let says = format!("there may be more of it: {}", why(fault, now));
    let Some(mut wait) = wait else {
        return Wait { reason: says, until: String::new(), on: vec![fault.source.clone()] };
    };
    wait.reason = format!("{says}; {}", wait.reason);
    if !wait.on.contains(&fault.source) {
        wait.on.push(fault.source.clone());
    }
    wait
}

fn why(fault: &Fault, now: i64) -> String {
    let until = match &fault.kind {
        FaultKind::Temporary { retry_after_seconds: Some(seconds) } => {
            format!(", until {}, when it is asked again", time_of_day(now, *seconds))
        }
        FaultKind::Temporary { retry_after_seconds: None } => ", until the next run asks again".to_owned(),
        FaultKind::NeedsUser => format!(", until {UNTIL_DONE}"),
        // That it was no use stands with the day of the next try.
        FaultKind::Permanent => String::new(),
    };
    format!("{}{until}", fault.reason)
}

/// Nobody gave any episode of it.
fn nothing_new(word: &Word<'_>, now: i64) -> Option<Wait> {
    let wait = Wait::for_places(&[], word.not_asked, now).or_else(|| {
        let on = word.asked.iter().map(|name| (*name).to_owned()).collect();
        (!word.says.is_empty()).then(|| Wait { reason: word.says.join("; "), until: String::new(), on })
    })?;
    Some(Wait { reason: format!("no new episodes: {}", wait.reason), ..wait })
}

#[cfg(test)]
mod tests {
    use ferrotape_domain::DISK;

    use super::*;

    fn fault(source: &str, kind: FaultKind, reason: &str) -> Fault {
        Fault { source: source.to_owned(), kind, reason: reason.to_owned() }
    }

    fn word<'a>(not_asked: &'a [&'a Fault], says: &'a [String]) -> Word<'a> {
        Word { sure: None, not_asked, says, asked: &["podcasts"], may_have_more: &[] }
    }

    #[test]
    fn every_reason_is_told_once_with_its_end() {
        let gone = || fault("podcasts/a", FaultKind::Permanent, "the sound is not at a any more");
        let faults = [
            gone(),
            fault("podcasts/a", FaultKind::Temporary { retry_after_seconds: None }, "a sends a page"),
            gone(),
            fault("podcasts/b", FaultKind::NeedsUser, "b is for subscribers"),
        ];
        let faults: Vec<(String, Fault)> =
            ["1", "2", "3", "4"].map(str::to_owned).into_iter().zip(faults).collect();
        let wait = in_part(WantedKind::Show, 5, &faults, 0);
        assert_eq!(
            wait.reason,
            "1 of the newest 5; 4 could not be had: the sound is not at a any more (2 times); a sends a page, until the next \
             run asks again; b is for subscribers, until you have done that"
        );
        assert_eq!(
            (wait.until.as_str(), wait.on),
            ("", vec!["podcasts/a".to_owned(), "podcasts/b".to_owned()])
        );
        let album = in_part(WantedKind::Release, 4, &faults[..1], 0);
        assert_eq!(album.reason, "1 could not be had: the sound is not at a any more");
        let one_track = |name: &str| ("1-3".to_owned(), fault(name, FaultKind::Permanent, name));
        let of_two = in_part(WantedKind::Release, 4, &["home", "den"].map(one_track), 0);
        assert_eq!(of_two.reason, "1 could not be had: home; den");
    }

    #[test]
    fn who_was_asked_is_told_from_who_was_not_and_a_full_disk_is_nobodys_fault() {
        let words = |gave: &[&Fault], not_asked: &[&Fault]| {
            let wait = Wait::for_places(gave, not_asked, 0).unwrap();
            (wait.reason, wait.until, wait.on)
        };
        let home = || vec!["subsonic:home".to_owned()];
        let short =
            fault("subsonic:home", FaultKind::Permanent, "it is short; it is fetched again after Sunday");
        let says = "subsonic:home could not give it: it is short; it is fetched again after Sunday";
        assert_eq!(words(&[&short], &[]), (says.to_owned(), String::new(), home()));
        let down =
            fault("subsonic:home", FaultKind::Temporary { retry_after_seconds: None }, "nobody is there");
        let says = "subsonic:home could not be asked: nobody is there";
        let until = "subsonic:home answers again";
        assert_eq!(words(&[], &[&down]), (says.to_owned(), until.to_owned(), home()));
        let full = fault(DISK, FaultKind::NeedsUser, "there is no room: 67 MB are needed");
        let on = vec![DISK.to_owned()];
        assert_eq!(words(&[&full], &[]), (full.reason.clone(), UNTIL_DONE.to_owned(), on));
    }

    #[test]
    fn that_there_may_be_more_is_told_beside_what_did_not_come() {
        let broke_off = fault(
            "podcasts/a",
            FaultKind::Temporary { retry_after_seconds: None },
            "the feed at a broke off in the middle",
        );
        let says =
            "there may be more of it: the feed at a broke off in the middle, until the next run asks again";
        let alone = and_more(None, &broke_off, 0);
        assert_eq!((alone.reason.as_str(), alone.until.as_str()), (says, ""));
        assert_eq!(alone.on, ["podcasts/a"]);
        let locked = fault("podcasts/b", FaultKind::NeedsUser, "it is for subscribers");
        let both = and_more(nothing_new(&word(&[&locked], &[]), 0), &broke_off, 0);
        let other = "no new episodes: podcasts/b could not be asked: it is for subscribers";
        assert_eq!((both.reason, both.until), (format!("{says}; {other}"), UNTIL_DONE.to_owned()));
        assert_eq!(both.on, ["podcasts/b", "podcasts/a"]);
    }

    #[test]
    fn a_podcast_that_gets_nothing_new_says_why() {
        let down = fault("podcasts/a", FaultKind::NeedsUser, "it is for subscribers");
        let (faults, says) = ([&down], ["its feed is not at a any more".to_owned()]);
        let wait = nothing_new(&word(&faults, &[]), 0).unwrap();
        assert_eq!(wait.reason, "no new episodes: podcasts/a could not be asked: it is for subscribers");
        assert_eq!((wait.until.as_str(), wait.on), (UNTIL_DONE, vec!["podcasts/a".to_owned()]));
        let gone = nothing_new(&word(&[], &says), 0).unwrap();
        assert_eq!(gone.reason, "no new episodes: its feed is not at a any more");
        assert_eq!((gone.until.as_str(), gone.on), ("", vec!["podcasts".to_owned()]));
        assert_eq!(nothing_new(&word(&[], &[]), 0), None);
    }
}
