//! Decisions told on the command line, for scripts and for people who know what they want.

use std::path::{Path, PathBuf};

use ferrotape_engine::Context;
use ferrotape_engine::review::{
    ReviewCase, cases_with, export_decisions, import_decisions, leave_out, none_of_these, undo, undo_last,
    use_offer, use_path, wanted_by_number,
};

use crate::args::Review;
use crate::error::CliError;
use crate::output;

/// Does what the options say; one line for each thing done.
pub(super) fn follow(review: &Review, roots: &[PathBuf], context: &Context) -> Result<Vec<String>, CliError> {
    let mut done = Vec::new();
    follow_undos(review, context, &mut done)?;
    for number in &review.leave_out {
        let wanted = wanted_by_number(*number, context)?;
        leave_out(&wanted, context)?;
        done.push(format!("{number}: {} – left out from now on", output::plain(&wanted.wanted.label())));
    }
    for order in &review.file {
        let (number, path) = split_order(order, "--file NUMBER=PATH")?;
        let wanted = wanted_by_number(number, context)?;
        use_path(&wanted, Path::new(path), context)?;
        done.push(format!("{number}: {} – is {path}", output::plain(&wanted.wanted.label())));
    }
    if !review.pick.is_empty() || !review.none.is_empty() {
        let picked =
            review.pick.iter().map(|order| split_order(order, "--pick NUMBER=K").map(|(number, _)| number));
        let mut numbers = picked.collect::<Result<Vec<i64>, _>>()?;
        numbers.extend(&review.none);
        let cases = cases_with(&numbers, roots, context)?;
        follow_picks(review, &cases, context, &mut done)?;
    }
    if let Some(path) = &review.merge {
        let taken = import_decisions(path, context)?;
        done.push(format!(
            "{} new from {}",
            output::counted(taken as u64, "decision", "decisions"),
            path.display()
        ));
    }
    if let Some(path) = &review.export {
        let count = export_decisions(path, context)?;
        done.push(format!(
            "{} written to {}",
            output::counted(count as u64, "decision", "decisions"),
            path.display()
        ));
    }
    Ok(done)
}

fn follow_undos(review: &Review, context: &Context, done: &mut Vec<String>) -> Result<(), CliError> {
    for number in &review.undo {
        let wanted = wanted_by_number(*number, context)?;
        let undone = undo(&wanted, context)?;
        let says = if undone { "decision taken back" } else { "there was no decision to take back" };
        done.push(format!("{number}: {} – {says}", output::plain(&wanted.wanted.label())));
    }
    if review.undo_last {
        let taken = undo_last(context)?;
        if taken.is_empty() {
            done.push("there is nothing to take back".to_owned());
        }
        let lines =
            taken.iter().map(|decision| format!("{} – decision taken back", output::plain(&decision.label)));
        done.extend(lines);
    }
    Ok(())
}

fn follow_picks(
    review: &Review,
    cases: &[ReviewCase],
    context: &Context,
    done: &mut Vec<String>,
) -> Result<(), CliError> {
    for order in &review.pick {
        let (number, pick) = split_order(order, "--pick NUMBER=K")?;
        let case = case_of(cases, number)?;
        let picked = pick.parse::<usize>().ok().and_then(|k| case.candidates.get(k.checked_sub(1)?));
        let (offer, _) = picked.ok_or_else(|| no_such_candidate(order, case))?;
        use_offer(&case.wanted, offer, context)?;
        done.push(format!(
            "{number}: {} – is {}",
            output::plain(&case.wanted.wanted.label()),
            output::plain(&offer.place())
        ));
    }
    for number in &review.none {
        let case = case_of(cases, *number)?;
        none_of_these(case, context)?;
        done.push(format!("{number}: {} – none of these", output::plain(&case.wanted.wanted.label())));
    }
    Ok(())
}

/// What `explain` numbers beside the answer is offered for picking again once the answer is taken back.
fn no_such_candidate(order: &str, case: &ReviewCase) -> CliError {
    let (number, count) = (case.wanted.id, case.candidates.len());
    if case.decided {
        let says = format!("--pick {order}: you said already which file entry {number} is");
        return CliError::usage(says)
            .hint(format!("take that back first, then pick: ferrotape review --undo {number}"));
    }
    let has = if count == 1 { "1 candidate".to_owned() } else { format!("candidates 1 to {count}") };
    CliError::usage(format!("--pick {order}: entry {number} has {has}"))
        .hint(format!("name another file yourself: --file {number}=PATH"))
}

fn case_of(cases: &[ReviewCase], number: i64) -> Result<&ReviewCase, CliError> {
    cases.iter().find(|case| case.wanted.id == number).ok_or_else(|| {
        CliError::new(format!(
            "entry {number} has no files of yours to pick or refuse, or is no entry of the report"
        ))
        .hint("name the file yourself: --file NUMBER=PATH")
    })
}

fn split_order<'o>(order: &'o str, form: &str) -> Result<(i64, &'o str), CliError> {
    let parts = order.split_once('=').and_then(|(number, rest)| Some((number.trim().parse().ok()?, rest)));
    parts.ok_or_else(|| CliError::usage(format!("“{order}” is not of the form {form}")))
}
