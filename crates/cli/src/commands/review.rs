//! `ferrotape review`: what a person must decide, asked one by one or told on the command line.

mod orders;

use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use ferrotape_engine::Context;
use ferrotape_engine::review::{ReviewCase, none_of_these, open_cases, use_offer, use_path};
use serde_json::json as json_value;

use super::matching::absolute;
use crate::args::{Args, Review};
use crate::error::CliError;
use crate::session::Session;
use crate::{json, output, text};

pub(crate) fn run(args: &Args, review: &Review) -> Result<ExitCode, CliError> {
    let session = Session::to_change(args)?;
    let context = session.context();
    let done = orders::follow(review, &context)?;
    let told = !done.is_empty();
    if !args.json {
        done.iter().for_each(|line| output::line(line));
    }
    if told && !review.list {
        if args.json {
            output::line(&json::result("review", json_value!({ "done": done })));
        }
        return Ok(ExitCode::SUCCESS);
    }
    let cases = open_cases(&absolute(&review.from), &context)?;
    if args.json {
        output::line(&json::result("review", json_value!({ "done": done, "cases": json::reviews(&cases) })));
    } else if review.list || !std::io::stdin().is_terminal() {
        text::reviews(&cases);
    } else {
        ask_each(&cases, &context)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The keys of the dialogue, shown with every case.
const KEYS: &str = "1–9 it is this one · n none of these · f a file of mine · s skip · q quit";

fn ask_each(cases: &[ReviewCase], context: &Context) -> Result<(), CliError> {
    let mut decided = 0;
    for (at, case) in cases.iter().enumerate() {
        output::line(&format!("\n({} of {})", at + 1, cases.len()));
        text::review(case);
        match ask_one(case, context)? {
            Answered::Decided => decided += 1,
            Answered::Skipped => {}
            Answered::Quit => break,
        }
    }
    let left = cases.len() - decided;
    output::line(&format!("\n{decided} decided, {left} left. `ferrotape convert` puts them on the player."));
    Ok(())
}

enum Answered {
    Decided,
    Skipped,
    Quit,
}

fn ask_one(case: &ReviewCase, context: &Context) -> Result<Answered, CliError> {
    loop {
        let Some(answer) = prompt(&format!("{KEYS} > ")) else { return Ok(Answered::Quit) };
        match answer.as_str() {
            "s" | "" => return Ok(Answered::Skipped),
            "q" => return Ok(Answered::Quit),
            "n" => {
                none_of_these(case, context)?;
                return Ok(Answered::Decided);
            }
            "f" => {
                let Some(path) = prompt("Path of the file > ").filter(|path| !path.is_empty()) else {
                    continue;
                };
                match use_path(&case.wanted, &PathBuf::from(path), context) {
                    Ok(()) => return Ok(Answered::Decided),
                    Err(error) => output::talk(&error.to_string()),
                }
            }
            number => {
                let picked =
                    number.parse::<usize>().ok().and_then(|k| case.candidates.get(k.checked_sub(1)?));
                let Some((offer, _)) = picked else {
                    output::talk("that is none of the keys");
                    continue;
                };
                use_offer(&case.wanted, offer, context)?;
                return Ok(Answered::Decided);
            }
        }
    }
}

fn prompt(question: &str) -> Option<String> {
    let mut err = std::io::stderr().lock();
    let _ = write!(err, "{question}").and_then(|()| err.flush());
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer).ok()?;
    (read > 0).then(|| answer.trim().to_owned())
}
