//! `ferrotape review`: what a person must decide, asked one by one or told on the command line.

mod dialogue;
mod input;
mod orders;
mod player;

use std::io::IsTerminal;
use std::process::ExitCode;

use ferrotape_engine::review::{ReviewCase, open_cases};
use serde_json::json as json_value;

use self::dialogue::Dialogue;
use self::input::Input;
use self::player::Player;
use super::named::{roots, tell_never_scanned};
use crate::args::{Args, Review};
use crate::error::CliError;
use crate::session::Session;
use crate::{json, output, text};

pub(crate) fn run(args: &Args, review: &Review) -> Result<ExitCode, CliError> {
    let player = Player::new(review.play_with.as_deref())?;
    let session = Session::to_change(args)?;
    let roots = roots(&review.from, &session)?;
    tell_never_scanned(&roots, &session)?;
    let context = session.context();
    let done = orders::follow(review, &roots, &context)?;
    let told = !done.is_empty();
    if !args.json {
        done.iter().for_each(|line| output::line(line));
    }
    if told && !review.only_shows() {
        if args.json {
            output::line(&json::result("review", json_value!({ "done": done })));
        }
        return Ok(ExitCode::SUCCESS);
    }
    let filter = review.filter();
    let cases = open_cases(&roots, &context)?;
    let meant: Vec<&ReviewCase> = cases.iter().filter(|case| filter.admits(case)).collect();
    if args.json {
        output::line(&json::result("review", json_value!({ "done": done, "cases": json::reviews(&meant) })));
        return Ok(ExitCode::SUCCESS);
    }
    let input = (!review.only_shows() && !meant.is_empty()).then(|| Input::open(&session.cancel)).flatten();
    match input {
        Some(input) => Dialogue::new(&meant, input, player, &context).run()?,
        None => text::cases(&meant),
    }
    Ok(ExitCode::SUCCESS)
}

/// Whether a person sits at the keyboard and sees what is asked.
fn someone_is_there() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}
