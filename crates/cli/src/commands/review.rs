//! `ferrotape review`: what a person must decide, asked one by one or told on the command line.

use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ferrotape_engine::Context;
use ferrotape_engine::review::{
    ReviewCase, export_decisions, import_decisions, none_of_these, open_cases, undo, use_offer, use_path,
    wanted_by_number,
};
use serde_json::json as json_value;

use super::matching::absolute;
use crate::args::{Args, Review};
use crate::error::CliError;
use crate::session::Session;
use crate::{json, output, text};

pub(crate) fn run(args: &Args, review: &Review) -> Result<ExitCode, CliError> {
    let session = Session::to_change(args)?;
    let context = session.context();
    let told = follow_orders(review, &context)?;
    if told && !review.list {
        return Ok(ExitCode::SUCCESS);
    }
    let cases = open_cases(&absolute(&review.from), &context)?;
    if args.json {
        output::line(&json::result("review", json_value!({ "cases": json::reviews(&cases) })));
    } else if review.list || !std::io::stdin().is_terminal() {
        text::reviews(&cases);
    } else {
        ask_each(&cases, &context)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Does what the options say; `false` when there were none.
fn follow_orders(review: &Review, context: &Context) -> Result<bool, CliError> {
    for number in &review.undo {
        let wanted = wanted_by_number(*number, context)?;
        let undone = undo(&wanted, context)?;
        let says = if undone { "decision taken back" } else { "there was no decision to take back" };
        output::line(&format!("{number}: {} – {says}", output::plain(&wanted.wanted.label())));
    }
    for order in &review.file {
        let (number, path) = split_order(order, "--file NUMBER=PATH")?;
        let wanted = wanted_by_number(number, context)?;
        use_path(&wanted, Path::new(path), context)?;
        output::line(&format!("{number}: {} – is {path}", output::plain(&wanted.wanted.label())));
    }
    if !review.pick.is_empty() || !review.none.is_empty() {
        let cases = open_cases(&absolute(&review.from), context)?;
        follow_picks(review, &cases, context)?;
    }
    if let Some(path) = &review.merge {
        let taken = import_decisions(path, context)?;
        output::line(&format!(
            "{} taken over from {}",
            output::counted(taken as u64, "decision", "decisions"),
            path.display()
        ));
    }
    if let Some(path) = &review.export {
        let count = export_decisions(path, context)?;
        output::line(&format!(
            "{} written to {}",
            output::counted(count as u64, "decision", "decisions"),
            path.display()
        ));
    }
    let lists = [review.undo.len(), review.file.len(), review.pick.len(), review.none.len()];
    Ok(lists.iter().any(|length| *length > 0) || review.merge.is_some() || review.export.is_some())
}

fn follow_picks(review: &Review, cases: &[ReviewCase], context: &Context) -> Result<(), CliError> {
    for order in &review.pick {
        let (number, pick) = split_order(order, "--pick NUMBER=K")?;
        let case = case_of(cases, number)?;
        let picked = pick.parse::<usize>().ok().and_then(|k| case.candidates.get(k.checked_sub(1)?));
        let (offer, _) = picked.ok_or_else(|| {
            CliError::usage(format!(
                "--pick {order}: entry {number} has candidates 1 to {}",
                case.candidates.len()
            ))
        })?;
        use_offer(&case.wanted, offer, context)?;
        output::line(&format!(
            "{number}: {} – is {}",
            output::plain(&case.wanted.wanted.label()),
            offer.path.display()
        ));
    }
    for number in &review.none {
        let case = case_of(cases, *number)?;
        none_of_these(case, context)?;
        output::line(&format!("{number}: {} – none of these", output::plain(&case.wanted.wanted.label())));
    }
    Ok(())
}

fn case_of(cases: &[ReviewCase], number: i64) -> Result<&ReviewCase, CliError> {
    cases.iter().find(|case| case.wanted.id == number).ok_or_else(|| {
        CliError::usage(format!("entry {number} does not wait for a decision"))
            .hint("`ferrotape review --list` shows what does; --file NUMBER=PATH works for every entry")
    })
}

fn split_order<'o>(order: &'o str, form: &str) -> Result<(i64, &'o str), CliError> {
    let parts = order.split_once('=').and_then(|(number, rest)| Some((number.trim().parse().ok()?, rest)));
    parts.ok_or_else(|| CliError::usage(format!("“{order}” is not of the form {form}")))
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
