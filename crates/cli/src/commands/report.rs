//! `ferrotape report`: the last run's report again.

use std::process::ExitCode;

use ferrotape_engine::convert::target_name;
use ferrotape_engine::report::{html, last, missing_csv};

use crate::args::{Args, Report};
use crate::error::CliError;
use crate::session::Session;
use crate::{json, output, text};

pub(crate) fn run(args: &Args, wanted: &Report) -> Result<ExitCode, CliError> {
    let session = Session::to_look(args)?;
    let target = wanted.to.as_deref().map(target_name);
    let report = last(target.as_deref(), &session.context())?.ok_or_else(|| {
        let to = target.map(|target| format!(" to {target}")).unwrap_or_default();
        CliError::new(format!("there is no report yet – nothing was converted{to}"))
            .hint("run `ferrotape convert` first")
    })?;
    if let Some(path) = &wanted.html {
        output::write_file(path, &html(&report))?;
    }
    if let Some(path) = &wanted.csv {
        output::write_file(path, &missing_csv(&report))?;
    }
    if args.json {
        output::line(&json::result("report", json::report(&report)));
    } else {
        text::report(&report, wanted.all, false);
    }
    Ok(ExitCode::SUCCESS)
}
