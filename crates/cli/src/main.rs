//! `ferrotape`: a Spotify library becomes tagged MP3s on a player.

mod args;
mod commands;
mod error;
mod fault;
mod json;
mod output;
mod progress;
mod session;
mod text;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let args = match args::Args::try_parse() {
        Ok(args) => args,
        Err(error) if error.use_stderr() && error::CliError::is_json_asked() => {
            return error::CliError::from(error).show(true);
        }
        Err(error) => error.exit(),
    };
    match fault::shown(|| run(&args).and_then(|code| output::check().map(|()| code))) {
        Ok(code) => code,
        Err(error) => error.show(args.json),
    }
}

/// The program's table of contents: one line per verb.
fn run(args: &args::Args) -> Result<ExitCode, error::CliError> {
    use args::Command;
    match &args.command {
        Command::Convert(convert) => commands::convert::run(args, convert),
        Command::Import(import) => commands::import::run(args, import),
        Command::Export(export) => commands::export::run(args, export),
        Command::Scan(scan) => commands::scan::run(args, scan),
        Command::Inbox(inbox) => commands::inbox::run(args, inbox),
        Command::Rip(rip) => commands::rip::run(args, rip),
        Command::Match(matching) => commands::matching::run(args, matching),
        Command::Review(review) => commands::review::run(args, review),
        Command::Explain(explain) => commands::explain::run(args, explain),
        Command::Policy(policy) => commands::policy::run(args, policy),
        Command::Library(library) => commands::library::run(args, library),
        Command::Refresh(refresh) => commands::refresh::run(args, refresh),
        Command::InstallTimer(install) => commands::install_timer::run(args, install),
        Command::Player(player) => commands::player::run(args, player),
        Command::Eject(eject) => commands::eject::run(args, eject),
        Command::Image(image) => commands::image::run(args, image),
        Command::Report(report) => commands::report::run(args, report),
        Command::Lookup(lookup) => commands::lookup::run(args, lookup),
        Command::Shop(shop) => commands::shop::run(args, shop),
        Command::Serve(serve) => commands::serve::run(args, serve),
        Command::Spotify(spotify) => commands::spotify::run(args, spotify),
        Command::Source(source) => commands::source::run(args, source),
        Command::Status(status) => commands::status::run(args, status),
        Command::Drill(drill) => commands::drill::run(args, drill),
        Command::Cache(cache) => commands::cache::run(args, cache),
        Command::Doctor(doctor) => commands::doctor::run(args, doctor),
        Command::Completions(completions) => commands::completions::run(completions),
        Command::Man(man) => commands::man::run(man),
    }
}
