//! The dialogue: one case after the other, every answer kept at once.

use std::path::{Path, PathBuf};

use ferrotape_domain::{Cancel, Verdict};
use ferrotape_engine::Context;
use ferrotape_engine::review::{
    Reason, ReviewCase, hear_ahead, its_file, its_none_of, same_answer, say, undo_last, use_path,
};
use ferrotape_engine::store::StoredWanted;

use super::input::{Input, Order};
use super::player::Player;
use crate::error::CliError;
use crate::output::{self, counted, plain};
use crate::text::{self, Style};

const HELP: &str = "\
  1–9  it is this file
  n    none of these: they are never proposed for it again
  x    leave it out of the player, whatever files come, and never ask again
  s    skip it for now (so does Enter)
  u    take back what was decided last, also in an earlier run (so does Backspace)
  g    the same answer for all of this album whose files lie in one folder; they are shown first
  p    play a few seconds of a file; the next key ends it
  f    it is a file that I name by its path
  /    only cases of one reason
  q    quit; everything decided is kept";

/// What became of a case.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    Skipped,
    Decided,
}

/// What to do after an order.
enum Next {
    /// The next open case.
    Go,
    /// The same again, without showing it anew.
    Stay,
    Quit,
}

/// The cases of one sitting and how far it has come.
pub(super) struct Dialogue<'a> {
    cases: &'a [&'a ReviewCase],
    states: Vec<State>,
    only: Option<Reason>,
    input: Input,
    player: Player,
    context: &'a Context<'a>,
    style: Style,
}

impl<'a> Dialogue<'a> {
    pub(super) fn new(
        cases: &'a [&'a ReviewCase],
        input: Input,
        player: Player,
        context: &'a Context<'a>,
    ) -> Self {
        let states = vec![State::Open; cases.len()];
        Self { cases, states, only: None, input, player, context, style: Style::of_output() }
    }

    /// Asks until all is decided or the user has had enough. Meanwhile the candidates are listened to.
    pub(super) fn run(self) -> Result<(), CliError> {
        let (cases, context, stop) = (self.cases, self.context, Cancel::default());
        std::thread::scope(|scope| {
            scope.spawn(|| hear_ahead(cases, &stop, context));
            let asked = self.ask_all();
            stop.stop();
            asked
        })
    }

    fn ask_all(mut self) -> Result<(), CliError> {
        let mut quit = false;
        while !quit {
            quit = match self.next_open() {
                Some(at) => self.one_case(at)?,
                None => self.is_content()?,
            };
        }
        let decided = self.count(State::Decided);
        let left = self.cases.len() - decided;
        output::line(&format!(
            "\n{decided} decided, {left} left. `ferrotape convert --to PLAYER` without naming an input does as you \
             decided."
        ));
        Ok(())
    }

    /// Asks about one case until there is an answer. `true` when the user has had enough.
    fn one_case(&mut self, at: usize) -> Result<bool, CliError> {
        self.show(at);
        loop {
            match self.ask(at)? {
                Next::Go => return Ok(false),
                Next::Stay => {}
                Next::Quit => return Ok(true),
            }
        }
    }

    /// After the last case: a slip of the finger there can be taken back as well.
    fn is_content(&mut self) -> Result<bool, CliError> {
        if self.count(State::Decided) == 0 {
            return Ok(true);
        }
        let order =
            self.input.order("\nThat was the last one. u takes it back · any other key ends > ", &mut || {});
        if order.is_some_and(|order| order.key == 'u') {
            self.undo()?;
            return Ok(false);
        }
        Ok(true)
    }

    fn count(&self, state: State) -> usize {
        self.states.iter().filter(|own| **own == state).count()
    }

    fn is_open(&self, at: usize) -> bool {
        let admitted =
            self.cases.get(at).is_some_and(|case| self.only.is_none_or(|only| only == case.reason));
        admitted && self.states.get(at) == Some(&State::Open)
    }

    fn next_open(&mut self) -> Option<usize> {
        let next = (0..self.cases.len()).find(|at| self.is_open(*at));
        if next.is_none() && self.only.take().is_some() {
            output::line("\nNo more of that reason; now the others.");
            return self.next_open();
        }
        next
    }

    fn show(&self, at: usize) {
        let Some(case) = self.cases.get(at) else { return };
        let still = (0..self.cases.len()).filter(|other| self.is_open(*other)).count();
        let only = self.only.map(|reason| format!(", {still} of them {}", reason.word())).unwrap_or_default();
        output::line(&format!("\n({} of {}{only})", at + 1, self.cases.len()));
        text::case(case, self.style);
    }

    fn prompt(&self, at: usize) -> String {
        let group = self.group(at).len();
        let together = if group > 1 { format!(" · g all {group} of this album") } else { String::new() };
        format!(
            "1–9 this one · n none · x never ask · s skip · u undo{together} · p play · f file · / filter · ? help · q quit > "
        )
    }

    fn ask(&mut self, at: usize) -> Result<Next, CliError> {
        let prompt = self.prompt(at);
        let player = &mut self.player;
        let order = self.input.order(&prompt, &mut || player.tick());
        self.player.stop();
        let (Some(order), Some(case)) = (order, self.cases.get(at).copied()) else { return Ok(Next::Quit) };
        match order.key {
            'q' => Ok(Next::Quit),
            's' => Ok(self.set(at, State::Skipped)),
            'n' => self.decide(&[(at, its_none_of(case))]),
            'x' => self.decide(&[(at, Verdict::LeaveOut)]),
            'u' => self.undo(),
            'g' => self.group_answer(at, &order),
            'p' => Ok(self.play(case, &order)),
            'f' => Ok(self.own_file(at, &order)),
            '/' => Ok(self.filter(&order)),
            '?' | 'h' => {
                output::line(HELP);
                Ok(Next::Stay)
            }
            key => {
                let Some(verdict) = key.to_digit(10).and_then(|k| candidate(case, k)).map(its_file) else {
                    output::talk("that is none of the keys; ? tells what they do");
                    return Ok(Next::Stay);
                };
                self.decide(&[(at, verdict)])
            }
        }
    }

    fn set(&mut self, at: usize, state: State) -> Next {
        if let Some(own) = self.states.get_mut(at) {
            *own = state;
        }
        Next::Go
    }

    /// Keeps answers that were given in one go.
    fn decide(&mut self, answers: &[(usize, Verdict)]) -> Result<Next, CliError> {
        let said: Vec<(&StoredWanted, Verdict)> = answers
            .iter()
            .filter_map(|(at, verdict)| Some((&self.cases.get(*at)?.wanted, verdict.clone())))
            .collect();
        say(&said, self.context)?;
        for (at, _) in answers {
            self.set(*at, State::Decided);
        }
        Ok(Next::Go)
    }

    fn undo(&mut self) -> Result<Next, CliError> {
        let taken = undo_last(self.context)?;
        if taken.is_empty() {
            output::talk("there is nothing to take back");
            return Ok(Next::Stay);
        }
        for decision in taken {
            let of = |case: &&ReviewCase| {
                case.wanted.key == decision.wanted_key || case.wanted.aliases.contains(&decision.wanted_key)
            };
            let at = self.cases.iter().position(of);
            let later = if at.is_none() { "; the next review asks for it" } else { "" };
            output::line(&format!("taken back: {}{later}", plain(&decision.label)));
            if let Some(at) = at {
                self.set(at, State::Open);
                self.only = None;
            }
        }
        Ok(Next::Go)
    }

    /// The open cases that one answer may settle with this one.
    fn group(&self, at: usize) -> Vec<usize> {
        let open: Vec<usize> = (0..self.cases.len()).filter(|other| self.is_open(*other)).collect();
        let cases: Vec<&ReviewCase> =
            open.iter().filter_map(|other| self.cases.get(*other).copied()).collect();
        let Some(place) = open.iter().position(|other| *other == at) else { return Vec::new() };
        same_answer(&cases, place).into_iter().filter_map(|member| open.get(member).copied()).collect()
    }

    fn group_answer(&mut self, at: usize, order: &Order) -> Result<Next, CliError> {
        let members = self.group(at);
        if members.len() < 2 {
            output::talk("no other open case of this album has its file in the same folder");
            return Ok(Next::Stay);
        }
        output::line(&format!("{} of this album, each with its best candidate:", members.len()));
        for member in &members {
            if let Some(case) = self.cases.get(*member)
                && let Some(offer) = candidate(case, 1)
            {
                text::pair(case, offer, self.style);
            }
        }
        let question = format!(
            "All {}: y it is these · n none of them · x never ask · any other key goes back > ",
            members.len()
        );
        let answer = match order.rest.chars().next() {
            Some(key) => Some(key),
            None => self.input.order(&question, &mut || {}).map(|order| order.key),
        };
        let verdict = |case: &ReviewCase| match answer {
            Some('y') => candidate(case, 1).map(its_file),
            Some('n') => Some(its_none_of(case)),
            Some('x') => Some(Verdict::LeaveOut),
            _ => None,
        };
        let answers: Vec<(usize, Verdict)> =
            members.iter().filter_map(|at| Some((*at, verdict(self.cases.get(*at)?)?))).collect();
        if answers.is_empty() {
            return Ok(if answer.is_some() { Next::Stay } else { Next::Quit });
        }
        output::line(&format!(
            "{} kept; u takes them back",
            counted(answers.len() as u64, "decision", "decisions")
        ));
        self.decide(&answers)
    }

    fn play(&mut self, case: &ReviewCase, order: &Order) -> Next {
        let number = match (case.candidates.len(), order.rest.parse::<u32>()) {
            (_, Ok(number)) => Some(number),
            (0 | 1, _) => Some(1),
            (many, _) => {
                let question = format!("Play which, 1–{many}? ");
                self.input.order(&question, &mut || {}).and_then(|order| order.key.to_digit(10))
            }
        };
        let Some(offer) = number.and_then(|number| candidate(case, number)) else {
            output::talk("there is no such candidate");
            return Next::Stay;
        };
        match self.player.play(offer) {
            Ok(()) => output::talk(&format!("playing {}", plain(&offer.place()))),
            Err(why) => output::talk(&why),
        }
        Next::Stay
    }

    fn own_file(&mut self, at: usize, order: &Order) -> Next {
        let typed = self.input.line("Path of the file > ", &order.rest).filter(|path| !path.is_empty());
        let (Some(typed), Some(case)) = (typed, self.cases.get(at)) else { return Next::Stay };
        match use_path(&case.wanted, &path_of(&typed), self.context) {
            Ok(()) => self.set(at, State::Decided),
            Err(error) => {
                output::talk(&error.to_string());
                Next::Stay
            }
        }
    }

    fn filter(&mut self, order: &Order) -> Next {
        let open = |reason: Reason| {
            let of = |at: &usize| self.cases.get(*at).is_some_and(|case| case.reason == reason);
            (0..self.cases.len()).filter(of).filter(|at| self.states.get(*at) == Some(&State::Open)).count()
        };
        let counts: Vec<String> = Reason::ALL
            .iter()
            .map(|reason| (reason, open(*reason)))
            .filter(|(_, count)| *count > 0)
            .map(|(reason, count)| format!("{} ({count})", reason.word()))
            .collect();
        let prompt = format!("Only which reason – {}; nothing for all > ", counts.join(", "));
        let Some(word) = self.input.line(&prompt, &order.rest) else { return Next::Stay };
        let word = word.to_lowercase();
        let meant =
            Reason::ALL.into_iter().find(|reason| !word.is_empty() && reason.word().starts_with(&word));
        match meant {
            Some(reason) if open(reason) == 0 => output::talk("no open case has that reason"),
            None if !word.is_empty() => output::talk("that is none of the reasons"),
            meant => {
                self.only = meant;
                return Next::Go;
            }
        }
        Next::Stay
    }
}

/// The candidate of this number, from 1.
fn candidate(case: &ReviewCase, number: u32) -> Option<&ferrotape_domain::Offer> {
    let at = usize::try_from(number).ok()?.checked_sub(1)?;
    case.candidates.get(at).map(|(offer, _)| offer)
}

/// A path as people type it or drop it into a terminal: with `~`, quotes or escaped spaces.
fn path_of(typed: &str) -> PathBuf {
    let unquoted = match shlex::split(typed).as_deref() {
        Some([one]) if !Path::new(typed).exists() => one.clone(),
        _ => typed.to_owned(),
    };
    let home = || etcetera::home_dir().ok();
    match unquoted.strip_prefix("~/").and_then(|below| Some(home()?.join(below))) {
        Some(path) => path,
        None => PathBuf::from(unquoted),
    }
}
