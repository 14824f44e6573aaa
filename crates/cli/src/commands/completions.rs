//! `ferrotape completions`: a completion script.

use std::process::ExitCode;

use clap::CommandFactory;

use crate::args::{Args, Completions};
use crate::error::CliError;
use crate::output;

pub(crate) fn run(completions: &Completions) -> Result<ExitCode, CliError> {
    let mut script = Vec::new();
    clap_complete::generate(completions.shell, &mut Args::command(), "ferrotape", &mut script);
    output::line(String::from_utf8_lossy(&script).trim_end());
    Ok(ExitCode::SUCCESS)
}
