//! How services are, for people: what is remembered of them, of those that are set up and of those that were asked.

use std::collections::{BTreeMap, BTreeSet};

use ferrotape_domain::{Fault, FaultKind, Incident, Outcome, PODCASTS, ServiceMemory, Standing};
use ferrotape_engine::gather::{NOT_ASKED, NOT_GIVEN, UNTIL_DONE};
use ferrotape_services::podcasts::{APPLE, MOVED, WAS};
use ferrotape_services::subsonic::SIGN_IN;
use ferrotape_store::SavedRun;

use super::Network;
use super::kind::PlaceKind;
use super::network::{NEVER_ADDED, serves};
use super::remembered::{NO_USE, REFUSES, REFUSES_SINCE, note_refusal};
use super::settings::PlaceSettings;
use crate::OpenLibrary;

/// The line that a thing waits for: who is asked for podcasts is asked for prices in the same line.
fn line_of(on: &str) -> &str {
    if on == APPLE { "itunes" } else { on }
}

/// The line by which what waits for this is told: podcasts, which have no lines of their own, wait for their place.
fn line_among<'a>(on: &'a str, lines: &BTreeSet<String>) -> &'a str {
    let line = line_of(on);
    if lines.contains(line) { line } else { service_of(line) }
}

/// Something that waits, as the last runs say.
struct Wait<'a> {
    id: i64,
    reason: &'a str,
    until: &'a str,
    on: &'a [String],
}

/// What waits after a run, also beside its rows.
fn waits_of(run: &SavedRun) -> Vec<Wait<'_>> {
    let mut all = Vec::new();
    for (id, outcome) in &run.rows {
        if let Outcome::Waiting { reason, until, on } = outcome {
            all.push(Wait { id: *id, reason, until, on });
        }
    }
    let beside = run.waits.iter();
    all.extend(beside.map(|one| Wait { id: one.id, reason: &one.reason, until: &one.until, on: &one.on }));
    all
}

/// Why a host refuses one of the things that it has, and that waits for the user: its other things may be had, so that the
/// host itself is well.
fn refusal_of_host(line: &str, waits: &[&Wait<'_>]) -> Option<(String, String)> {
    let is_for_user = |wait: &&&Wait<'_>| {
        wait.until.starts_with(UNTIL_DONE) && wait.on.first().is_some_and(|on| on == line)
    };
    let wait = waits.iter().find(is_for_user).filter(|_| line.contains('/'))?;
    let behind = |words: &str| wait.reason.split_once(words).map(|(_, why)| why);
    let why = behind(NOT_ASKED).or_else(|| behind(NOT_GIVEN)).unwrap_or(wait.reason);
    Some((why.to_owned(), String::new()))
}

/// A service that can be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownService {
    /// How it is called: `musicbrainz`, `subsonic:home`.
    pub name: String,
    /// Whether it is set up here, or was asked.
    pub in_use: bool,
    /// Whether audio comes from it.
    pub has_audio: bool,
    /// What it is for.
    pub serves: &'static str,
}

impl KnownService {
    /// Whether a word means it: `subsonic` means every server of that kind.
    pub fn is_meant_by(&self, word: &str) -> bool {
        self.name == word || self.name.split(':').next() == Some(word)
    }
}

/// One service, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceStatus {
    /// Its line.
    pub line: String,
    /// What it is for.
    pub serves: &'static str,
    /// How it stands; `None` when it was never asked.
    pub standing: Option<Standing>,
    /// Why it refuses the user, where it does, and the command that mends that; empty where there is none.
    pub refuses: Option<(String, String)>,
    /// Since when, in milliseconds since 1970 UTC, where that is known.
    pub refuses_since: Option<i64>,
    /// Things of the last runs that wait for it.
    pub waiting: u64,
}

impl Network {
    /// Lets every service be asked again at once, and every file that was no use; how many rested of each.
    pub fn ask_again(&self) -> Result<(usize, usize), Fault> {
        Ok((self.memory.ask_again()?, self.memory.drop_notes(NO_USE)?))
    }

    /// Has the hosts of podcasts asked again for what they said not to have, such as a feed that is gone; how often they had
    /// said so.
    pub fn look_again(&self) -> Result<usize, Fault> {
        self.memory.drop_none(PODCASTS)
    }

    /// The newest times in which services were down.
    pub fn incidents(&self, most: usize) -> Result<Vec<Incident>, Fault> {
        self.memory.incidents(most)
    }

    /// When a place may be asked next, in seconds since 1970 UTC, where it rests.
    pub fn rests_until(&self, name: &str) -> Option<i64> {
        let standing = self.memory.standing(name).ok().flatten()?;
        (standing.not_before > self.net.now_ms()).then_some(standing.not_before / 1000)
    }

    /// Whether a place refused the user when it was last asked.
    pub fn refuses(&self, name: &str) -> bool {
        self.memory.note(name, REFUSES).ok().flatten().is_some_and(|why| !why.is_empty())
    }

    /// Remembers why a service refuses the user; empty where it does not. Failing to remember is no failure.
    pub fn note_refusal(&self, name: &str, why: &str) {
        note_refusal(&self.net, name, why);
    }

    /// Forgets how a place stood that is taken out or set up anew; when it was down stays known, and how it wants its
    /// sign-in.
    pub fn forget(&self, name: &str) -> Result<(), Fault> {
        self.memory.forget(name, self.net.now_ms(), &[REFUSES, NO_USE])
    }

    /// The same of a place that is taken out; also where it said that its feeds are now, and what they were.
    pub fn forget_all(&self, name: &str) -> Result<(), Fault> {
        self.memory.forget(name, self.net.now_ms(), &[REFUSES, NO_USE, MOVED, WAS])
    }

    /// Forgets how a server wants its sign-in: other ways are there now.
    pub fn forget_sign_in(&self, name: &str) -> Result<(), Fault> {
        self.memory.keep_note(name, SIGN_IN, "")
    }

    /// Every service that ferrotape can ask, by name; `None` where it cannot be told what is set up. A kind of which none is
    /// set up is named by its word.
    pub fn known_services(&self, places: Option<&[PlaceSettings]>) -> Result<Vec<KnownService>, Fault> {
        let mut in_use: BTreeSet<String> =
            places.unwrap_or_default().iter().map(PlaceSettings::full_name).collect();
        let asked = self.standings(places)?;
        in_use.extend(asked.iter().map(|standing| service_of(&standing.line).to_owned()));
        let kinds = PlaceKind::ALL.iter().map(|kind| kind.word());
        let can_be_asked = kinds.chain(NEVER_ADDED.iter().map(|(name, _)| *name));
        let is_used = |word: &str| in_use.iter().any(|name| name.split(':').next() == Some(word));
        let idle: Vec<&str> = can_be_asked.filter(|word| !is_used(word)).collect();
        let known = |name: String, in_use: bool| {
            let kind = PlaceKind::from_word(name.split(':').next().unwrap_or_default());
            let has_audio = kind.is_some_and(PlaceKind::has_audio);
            KnownService { in_use, has_audio, serves: serves(&name), name }
        };
        let mut all: Vec<KnownService> = idle.into_iter().map(|word| known(word.to_owned(), false)).collect();
        all.extend(in_use.into_iter().map(|name| known(name, true)));
        all.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(all)
    }

    /// How every service stands that is set up or was asked, and what waits for it; `None` as above.
    pub fn statuses(
        &self,
        places: Option<&[PlaceSettings]>,
        opened: &OpenLibrary,
    ) -> Result<Vec<ServiceStatus>, Fault> {
        let mut all: BTreeMap<String, Option<Standing>> = BTreeMap::new();
        all.extend(places.unwrap_or_default().iter().map(|place| (place.full_name(), None)));
        all.extend(self.standings(places)?.into_iter().map(|one| (one.line.clone(), Some(one))));
        let of_hosts = |name: &String| Some((name.clone(), Some(standing_of_hosts(name, &all)?)));
        let of_hosts: Vec<_> =
            all.iter().filter(|(_, one)| one.is_none()).filter_map(|(name, _)| of_hosts(name)).collect();
        all.extend(of_hosts);
        let runs = opened.library.last_runs().map_err(|error| Fault {
            source: "the library".to_owned(),
            kind: FaultKind::Permanent,
            reason: error.to_string(),
        })?;
        let lines: BTreeSet<String> = all.keys().cloned().collect();
        let waits: Vec<Wait<'_>> = runs.iter().flat_map(waits_of).collect();
        let status = |(line, standing): (String, Option<Standing>)| {
            let of_it = |wait: &&Wait<'_>| wait.on.iter().any(|on| line_among(on, &lines) == line);
            let of_it: Vec<&Wait<'_>> = waits.iter().filter(of_it).collect();
            let is_down = standing.as_ref().is_some_and(|standing| standing.down_since.is_some());
            let refusal = self.refusal(&line, places.unwrap_or_default());
            let since = refusal.as_ref().and_then(|_| self.memory.note(&line, REFUSES_SINCE).ok().flatten());
            ServiceStatus {
                serves: serves(&line),
                waiting: of_it.iter().map(|wait| wait.id).collect::<BTreeSet<i64>>().len() as u64,
                refuses_since: since.and_then(|since| since.parse().ok()),
                refuses: refusal.or_else(|| refusal_of_host(&line, &of_it).filter(|_| !is_down)),
                line,
                standing,
            }
        };
        Ok(all.into_iter().map(status).collect())
    }

    /// Of places only those that are set up: what was taken out is nobody's matter any more.
    fn standings(&self, places: Option<&[PlaceSettings]>) -> Result<Vec<Standing>, Fault> {
        let mut all = self.memory.standings()?;
        let Some(places) = places else { return Ok(all) };
        let is_set_up = |service: &str| places.iter().any(|place| place.full_name() == service);
        // Those without audio are asked by `shop` and `rip` as well, whether they are set up or not.
        let is_a_place = |service: &str| {
            PlaceKind::from_word(service.split(':').next().unwrap_or_default())
                .is_some_and(PlaceKind::has_audio)
        };
        all.retain(|one| !is_a_place(service_of(&one.line)) || is_set_up(service_of(&one.line)));
        Ok(all)
    }

    fn refusal(&self, line: &str, places: &[PlaceSettings]) -> Option<(String, String)> {
        let place = places.iter().find(|place| place.full_name() == line)?;
        let why = self.memory.note(line, REFUSES).ok().flatten().filter(|why| !why.is_empty())?;
        Some((why, again(place)))
    }
}

/// How a place stands that is asked at many hosts, each with a line of its own: it is down where all of those are.
fn standing_of_hosts(name: &str, all: &BTreeMap<String, Option<Standing>>) -> Option<Standing> {
    let is_host = |line: &str| line.strip_prefix(name).is_some_and(|rest| rest.starts_with('/'));
    let hosts = all.iter().filter(|(line, _)| is_host(line)).filter_map(|(_, one)| one.as_ref());
    let hosts: Vec<&Standing> = hosts.collect();
    let is_down = hosts.iter().all(|host| host.down_since.is_some());
    let down_since = hosts.iter().filter_map(|host| host.down_since).max().filter(|_| is_down);
    Some(Standing {
        line: name.to_owned(),
        down_since,
        last_good: hosts.iter().filter_map(|host| host.last_good).max(),
        failures: hosts.iter().map(|host| host.failures).min()?,
        not_before: hosts.iter().map(|host| host.not_before).min()?,
        reason: if is_down { "none of its hosts answers".to_owned() } else { String::new() },
    })
}

fn service_of(line: &str) -> &str {
    line.split('/').next().unwrap_or_default()
}

/// The command that sets a place up as it is, and asks for what is secret.
fn again(place: &PlaceSettings) -> String {
    let mut words = vec![format!("ferrotape source add {}", place.kind.word())];
    let given = [("--name", &place.name), ("--address", &place.address), ("--user", &place.user)];
    words.extend(given.iter().filter_map(|(option, value)| Some(format!("{option} {}", value.as_ref()?))));
    match place.kind {
        PlaceKind::Jellyfin if place.user.is_none() => words.push("--quick-connect".to_owned()),
        PlaceKind::Subsonic | PlaceKind::Jamendo | PlaceKind::Acoustid | PlaceKind::Podcasts
            if place.user.is_none() =>
        {
            words.push("--key-file FILE".to_owned());
        }
        PlaceKind::Subsonic | PlaceKind::Jellyfin => {}
        // Nothing that it could refuse was given.
        _ => return String::new(),
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_told_by_a_line_that_there_is() {
        let lines: BTreeSet<String> = ["itunes", "podcasts", "podcasts/a.example"].map(str::to_owned).into();
        let table = [
            ("podcasts/a.example", "podcasts/a.example"),
            ("podcasts/Low Tide", "podcasts"),
            (APPLE, "itunes"),
            ("subsonic:home", "subsonic:home"),
        ];
        for (on, line) in table {
            assert_eq!(line_among(on, &lines), line);
        }
    }

    #[test]
    fn a_host_refuses_where_what_waits_for_it_waits_for_the_user() {
        let on = ["podcasts/a.example".to_owned(), "podcasts/b.example".to_owned()];
        let reason = "no new episodes: podcasts/a.example could not be asked: it is for subscribers";
        let refusal = |line: &str, until: &str| {
            refusal_of_host(line, &[&Wait { id: 1, reason, until, on: &on }]).map(|(why, _)| why)
        };
        let says = Some("it is for subscribers".to_owned());
        assert_eq!(refusal("podcasts/a.example", UNTIL_DONE), says);
        assert_eq!(refusal("podcasts/a.example", "you have done that, or another answers"), says);
        assert_eq!(refusal("podcasts/b.example", UNTIL_DONE), None, "that one only did not answer");
        let reason = "podcasts/a.example could not give it: it is for subscribers";
        let wait = Wait { id: 1, reason, until: UNTIL_DONE, on: &on };
        assert_eq!(refusal_of_host("podcasts/a.example", &[&wait]).map(|(why, _)| why), says);
        assert_eq!(refusal("podcasts/a.example", "podcasts/a.example answers again"), None);
    }

    #[test]
    fn a_place_of_many_hosts_is_as_the_best_of_them() {
        let host = |name: &str, down_since: Option<i64>, not_before: i64| {
            let last_good = down_since.is_none().then_some(700);
            let (failures, reason) = (u32::from(down_since.is_some()), String::new());
            let line = name.to_owned();
            (name.to_owned(), Some(Standing { line, down_since, last_good, failures, not_before, reason }))
        };
        let of = |hosts: Vec<(String, Option<Standing>)>| {
            let all: BTreeMap<String, Option<Standing>> = hosts.into_iter().collect();
            standing_of_hosts("podcasts", &all)
        };
        assert_eq!(of(vec![("podcasts".to_owned(), None), host("podcastsx/a", None, 0)]), None);
        let (well, ill) = (host("podcasts/a", None, 0), host("podcasts/b", Some(500), 900));
        let one = of(vec![well, ill.clone()]).unwrap();
        assert_eq!((one.down_since, one.last_good, one.not_before), (None, Some(700), 0));
        let none = of(vec![ill, host("podcasts/c", Some(600), 800)]).unwrap();
        assert_eq!((none.down_since, none.last_good, none.not_before), (Some(600), None, 800));
    }
}
