//! The verbs that look at everything again, by hand or by a timer.

use std::path::PathBuf;

use super::AddressFlags;

/// Look again at what was read before, and take in what changed.
///
/// Inputs that were imported are read again when they changed, music folders are scanned, and a connected account is
/// asked when that was not done for twenty hours. Places of `ferrotape source list` are asked for what no folder has; what
/// waited for a service that was down is asked for again, and each service of `ferrotape lookup` of 300 new things. Nothing is removed because a place is gone or came back shorter. Meant
/// for a timer: see `ferrotape install-timer`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ferrotape refresh\n  ferrotape refresh --list          what would be looked at\n  \
ferrotape refresh --forget ~/Downloads/old.zip"
)]
pub(crate) struct Refresh {
    /// Ask the account also when it was asked not long ago
    #[arg(long)]
    pub(crate) now: bool,

    /// Ask none of the places of `ferrotape source list`
    #[arg(long, conflicts_with = "list")]
    pub(crate) offline: bool,

    /// Only list the places that are looked at
    #[arg(long, conflicts_with_all = ["now", "forget"])]
    pub(crate) list: bool,

    /// Do not look at this place again; what it said stays. May be given several times
    #[arg(long, value_name = "PATH", conflicts_with = "now")]
    pub(crate) forget: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) addresses: AddressFlags,
}

/// Write a timer that runs `ferrotape refresh` by itself.
///
/// Writes a user service and timer for systemd into your configuration folder, which need no rights of an administrator.
/// A computer that was off then catches up when it is on.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ferrotape install-timer --start\n  ferrotape install-timer --at 06:30\n  \
ferrotape install-timer --cron       a line for crontab, where there is no systemd\n  ferrotape install-timer --remove"
)]
pub(crate) struct InstallTimer {
    /// When, each day
    #[arg(long, value_name = "HH:MM", default_value = "05:00", value_parser = parse_time)]
    pub(crate) at: jiff::civil::Time,

    /// Start the timer, too, with systemctl; otherwise the command for it is shown
    #[arg(long, conflicts_with_all = ["cron", "remove"])]
    pub(crate) start: bool,

    /// Print a line for crontab instead, and write nothing
    #[arg(long, conflicts_with = "remove")]
    pub(crate) cron: bool,

    /// Stop the timer and take its files away
    #[arg(long)]
    pub(crate) remove: bool,
}

fn parse_time(text: &str) -> Result<jiff::civil::Time, String> {
    let two_digits = text.len() == 5 && text.as_bytes().get(2) == Some(&b':');
    let time = text.parse::<jiff::civil::Time>().ok().filter(|_| two_digits);
    time.ok_or_else(|| "say it as hours and minutes: 05:00".to_owned())
}
