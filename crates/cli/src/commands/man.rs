//! `ferrotape man`: the manual pages.

use std::process::ExitCode;

use clap::CommandFactory;

use crate::args::{Args, Man};
use crate::error::CliError;
use crate::output;

pub(crate) fn run(man: &Man) -> Result<ExitCode, CliError> {
    let failed = |error: std::io::Error| CliError::writing(&man.folder, &error);
    std::fs::create_dir_all(&man.folder).map_err(failed)?;
    clap_mangen::generate_to(Args::command(), &man.folder).map_err(failed)?;
    output::line(&format!(
        "The manual pages are in {}; read one with `man ferrotape`.",
        man.folder.display()
    ));
    Ok(ExitCode::SUCCESS)
}
