//! The line against scripted answers and a clock that only counts.

use std::cell::RefCell;
use std::sync::Mutex;

use ferrotape_domain::FaultKind;

use super::*;

/// Sleeping moves it on.
#[derive(Default)]
struct Counted(Mutex<Duration>);

impl Clock for Counted {
    fn now_ms(&self) -> i64 {
        i64::try_from(self.running().as_millis()).unwrap()
    }

    fn running(&self) -> Duration {
        *self.0.lock().unwrap()
    }

    fn sleep(&self, time: Duration, _cancel: &Cancel) {
        *self.0.lock().unwrap() += time;
    }
}

fn reply(status: u16, retry_after: Option<u64>, body: &str) -> Result<Reply, NoReply> {
    Ok(Reply { status, retry_after, body: body.as_bytes().to_vec() })
}

/// What comes of these answers, how long it took, and how many were asked for.
fn asked(answers: Vec<Result<Reply, NoReply>>) -> (Result<u16, Fault>, Duration, u64) {
    let (clock, cancel) = (Counted::default(), Cancel::default());
    let line = Line::new(&clock, &cancel, Pace::default());
    let answers = RefCell::new(answers.into_iter());
    let said = line.ask(&|| answers.borrow_mut().next().expect("asked more often than there are answers"));
    (said.map(|reply| reply.status), clock.running(), line.asked())
}

fn wait_of(fault: &Fault) -> Option<u64> {
    match fault.kind {
        FaultKind::Temporary { retry_after_seconds } => retry_after_seconds,
        _ => panic!("{fault:?}"),
    }
}

#[test]
fn a_short_wait_is_waited_for_to_the_second() {
    let (said, took, count) = asked(vec![reply(429, Some(7), ""), reply(200, None, "{}")]);
    assert_eq!((said.unwrap(), took, count), (200, Duration::from_secs(7), 2));
}

#[test]
fn without_a_stated_time_each_wait_is_longer_than_the_last() {
    let (said, took, _) = asked(vec![reply(429, None, ""), reply(503, None, ""), reply(200, None, "{}")]);
    assert_eq!((said.unwrap(), took), (200, Duration::from_secs(2 + 4)));
}

#[test]
fn a_wait_over_a_minute_ends_the_run_and_says_when_to_go_on() {
    let (said, took, count) = asked(vec![reply(429, Some(61), "")]);
    assert_eq!((wait_of(&said.unwrap_err()), took, count), (Some(61), Duration::ZERO, 1));
}

#[test]
fn a_quota_that_is_used_up_ends_the_run_however_short_the_wait() {
    let body = r#"{"error":{"status":429,"message":"Too many requests","reason":"QUOTA_EXCEEDED"}}"#;
    let (said, took, count) = asked(vec![reply(429, Some(5), body)]);
    assert_eq!((wait_of(&said.unwrap_err()), took, count), (Some(5), Duration::ZERO, 1));
}

#[test]
fn trouble_has_an_end() {
    let cut = || Err(NoReply::Cut("unexpected end of file".into()));
    let (said, _, count) = asked(vec![cut(), cut(), cut(), cut()]);
    let fault = said.unwrap_err();
    assert_eq!((wait_of(&fault), count), (None, 4));
    assert!(fault.reason.contains("broke off"), "{fault}");
}

#[test]
fn requests_keep_their_distance() {
    let (clock, cancel) = (Counted::default(), Cancel::default());
    let line = Line::new(&clock, &cancel, Pace::default());
    for _ in 0..5 {
        line.ask(&|| reply(200, None, "{}")).unwrap();
    }
    assert_eq!(clock.running(), Pace::default().gap * 4);
}

#[test]
fn who_is_stopped_sends_nothing() {
    let (clock, cancel) = (Counted::default(), Cancel::default());
    cancel.stop();
    let line = Line::new(&clock, &cancel, Pace::default());
    assert!(line.ask(&|| panic!("sent")).is_err());
}
