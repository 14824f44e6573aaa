//! The command line, as data. The doc comments are the `--help` texts.

mod cache;
mod decisions;
mod export;
mod inbox;
mod library;
mod lookup;
mod player;
mod refresh;
mod rip;
mod shop;
mod source;
mod spotify;

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use ferrotape_engine::{LoudnessUse, Preset};

pub(crate) use cache::{Cache, CacheVerb, Size};
pub(crate) use decisions::{Explain, Policy, PolicyFlags, Review};
pub(crate) use export::Export;
pub(crate) use inbox::Inbox;
pub(crate) use library::{Library, LibraryVerb, NOW};
pub(crate) use lookup::Lookup;
pub(crate) use player::{Eject, Image, Player, PlayerVerb};
pub(crate) use refresh::{InstallTimer, Refresh};
pub(crate) use rip::Rip;
pub(crate) use shop::Shop;
pub(crate) use source::{AddSource, Drill, Source, SourceVerb, Status};
pub(crate) use spotify::{AddressFlags, Spotify, SpotifyVerb};

/// Turns your Spotify library into tagged MP3s on a player, from music you own.
///
/// ferrotape reads what you have of your Spotify library (the data export, a CSV, a playlist file), finds each
/// recording among your own music files, converts it and fills a player or folder, playlists included. What it is
/// not sure about it asks; what it cannot find it lists. It never touches Spotify's streams.
#[derive(Debug, Parser)]
#[command(name = "ferrotape", version, propagate_version = true, max_term_width = 100)]
#[command(
    after_help = "Start here:\n  ferrotape convert my_spotify_data.zip --from ~/Music --to /media/PLAYER\n\n\
Exit codes: 0 done · 1 could not be done · 2 wrong usage · 3 done, but some items failed, or the\n\
            player was gone or too full for its lists · 4 the plan needs your agreement ·\n\
            5 the library or player is in use · 130 stopped by you"
)]
pub(crate) struct Args {
    /// Folder of the library, ferrotape's own memory [default: your system's data folder]
    #[arg(long, global = true, value_name = "PATH")]
    pub(crate) library: Option<PathBuf>,

    /// Print NDJSON: events as they happen, then one final object (see docs/json.md)
    #[arg(long, global = true)]
    pub(crate) json: bool,

    /// Print only the result, no progress
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,

    /// Where `proc`, `sys` and `dev` are looked for instead of at the root
    #[arg(long, global = true, value_name = "DIR", hide = true)]
    pub(crate) system_root: Option<PathBuf>,

    /// A server on this computer that gets every request to services instead of them
    #[arg(long, global = true, value_name = "URL", hide = true)]
    pub(crate) stand_in: Option<String>,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Convert(Convert),
    Import(Import),
    Export(Export),
    Scan(Scan),
    Inbox(Inbox),
    Rip(Rip),
    Match(Match),
    Review(Review),
    Explain(Explain),
    Policy(Policy),
    Library(Library),
    Refresh(Refresh),
    InstallTimer(InstallTimer),
    Player(Player),
    Eject(Eject),
    Image(Image),
    Report(Report),
    Lookup(Lookup),
    Shop(Shop),
    Serve(Serve),
    Spotify(Spotify),
    Source(Source),
    Status(Status),
    Drill(Drill),
    Cache(Cache),
    Doctor(Doctor),
    Completions(Completions),
    Man(Man),
}

/// Put what you want on a player: import, scan, match, convert, copy, report.
///
/// WHAT is a Spotify data export (zip or folder), a CSV (Exportify), a playlist or library file of another program, a
/// text file of links, or a link to something imported before. Without WHAT, everything in the library is meant. Run
/// the same command again at any time: only what changed is done.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
ferrotape convert my_spotify_data.zip --from ~/Music --to player\n  \
ferrotape convert my_spotify_data.zip --from ~/Music --to /media/PLAYER\n  \
ferrotape convert liked.csv --from ~/Music --from /mnt/cds --to ~/player --dry-run\n  \
ferrotape convert --list \"Road Trip\" --list \"Liked Songs\" --to ~/player\n  \
ferrotape convert https://open.spotify.com/playlist/… --from ~/Music --to ~/player --preset 192")]
pub(crate) struct Convert {
    /// Exports, CSVs, playlist files, or links to something imported before
    #[arg(value_name = "WHAT")]
    pub(crate) what: Vec<String>,

    /// Folder with your music; may be given several times [default: the folders scanned before]
    #[arg(long, value_name = "DIR")]
    pub(crate) from: Vec<PathBuf>,

    /// What to fill: a folder; player, the only one that is plugged in; or player:LABEL (or its volume id; a phone's name,
    /// serial number, or NAME/STORAGE)
    #[arg(long, value_name = "FOLDER|player")]
    pub(crate) to: PathBuf,

    /// MP3 quality: v0 (best variable), v2, 320, 256, 192 or 128 kbit/s [default: what you said when this player was filled
    /// before, else v0]
    #[arg(long, value_parser = parse_preset)]
    pub(crate) preset: Option<Preset>,

    /// What kind of player it is: a name of “ferrotape player list”, or a file with a profile [default: the one it was
    /// filled with before, else what it is recognised as, else generic]
    #[arg(long, value_name = "PROFILE")]
    pub(crate) profile: Option<String>,

    /// Tags as ID3v2.3 (every player) or 2.4 (several values, UTF-8) [default: what you said for this player before, else as
    /// the profile says; 2.3 for most]
    #[arg(long, value_name = "VERSION", value_parser = ["2.3", "2.4"])]
    pub(crate) id3: Option<String>,

    /// Also write an ID3v1 tag at the end of each file, for very old players
    #[arg(long)]
    pub(crate) id3v1: bool,

    /// Write no ID3v1 tag any more, where you said --id3v1 before
    #[arg(long, conflicts_with = "id3v1")]
    pub(crate) no_id3v1: bool,

    /// Loudness: tags (ReplayGain), r128 (R128 tags), apply or apply:-16 (the sound itself, to that many LUFS),
    /// apply-album (an album's tracks alike), off (not measured) [default: what you said for this player before, else as the
    /// profile says; tags for most]
    #[arg(long, value_name = "USE", value_parser = parse_loudness)]
    pub(crate) loudness: Option<LoudnessUse>,

    /// How much encoded music is kept so that it need not be encoded again, e.g. 20G; 0 keeps and uses none [default:
    /// 10G, but no more than a tenth of the free space]
    #[arg(long, value_name = "SIZE")]
    pub(crate) cache_size: Option<Size>,

    /// Show the plan and change nothing on the player
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Agree in advance: also to removing more than a quarter, and to filling an emptied player again
    #[arg(long, short)]
    pub(crate) yes: bool,

    /// Fill the folder itself where a player was mounted, or belongs, and none is; nothing is written there otherwise
    #[arg(long)]
    pub(crate) as_folder: bool,

    /// Ask none of the places of `ferrotape source list`; what was fetched before still counts
    #[arg(long, conflicts_with = "online")]
    pub(crate) offline: bool,

    /// Do not listen to files that fit equally well by their tags; what was heard before still counts
    #[arg(long)]
    pub(crate) no_listen: bool,

    /// Delete what is no longer wanted instead of moving it to the player's trash, and empty that as far as room is short
    #[arg(long)]
    pub(crate) delete: bool,

    /// Make the player hold exactly this: lists of earlier runs are removed
    #[arg(long)]
    pub(crate) only: bool,

    #[command(flatten)]
    pub(crate) policy: PolicyFlags,

    #[command(flatten)]
    pub(crate) rules: ImportFlags,

    /// Where to write the report page [default: report.html in the library folder]
    #[arg(long, value_name = "FILE")]
    pub(crate) report_html: Option<PathBuf>,

    /// Also write what is missing as a CSV
    #[arg(long, value_name = "FILE")]
    pub(crate) report_csv: Option<PathBuf>,
}

#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ImportFlags {
    /// Take over playlists that came back much shorter than last time, too
    #[arg(long)]
    pub(crate) accept_shrink: bool,

    /// Only the list of this name; may be given several times, the most important first
    #[arg(long, value_name = "NAME")]
    pub(crate) list: Vec<String>,

    /// Ask Spotify where a short link leads, and for the title of a link that nothing imported carries
    ///
    /// Only the documented oEmbed endpoint is asked, which tells a title and nothing else.
    #[arg(long)]
    pub(crate) online: bool,

    /// Where those questions go instead; an address of this computer
    #[arg(long, value_name = "URL", hide = true, requires = "online")]
    pub(crate) links_address: Option<String>,

    /// The link of the playlist in WHAT (or of the one --list names), so that it can be used from now on
    #[arg(long, value_name = "LINK")]
    pub(crate) link: Option<String>,
}

/// Read a Spotify export, CSV or playlist file into the library.
///
/// Reads the "Download your data" package (zip or folder, account data and extended history, 2019 to today),
/// CSVs (Exportify and others), M3U, PLS, XSPF and JSPF playlists, iTunes libraries, spotDL and spotify-backup files,
/// YouTube Music's Takeout, Apple's privacy package, Last.fm and ListenBrainz plays, OPML lists of podcasts, and texts of
/// links or of "Artist - Title" lines. What is not understood is listed with its row.
/// Importing the same again changes nothing; a shorter import deletes nothing.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  ferrotape import my_spotify_data.zip\n  \
ferrotape import --explain Downloads/exports     what is recognised in there, without importing it\n  \
ferrotape import road_trip.csv --link https://open.spotify.com/playlist/…\n  \
ferrotape import https://open.spotify.com/album/…     shows what the library knows of it")]
pub(crate) struct Import {
    /// Files or folders to import, or links to look up
    #[arg(value_name = "WHAT", required = true)]
    pub(crate) what: Vec<String>,

    /// Only tell what each file is, its lists, the number of its rows and every problem; nothing is imported
    #[arg(long, conflicts_with_all = ["accept_shrink", "list", "link"])]
    pub(crate) explain: bool,

    #[command(flatten)]
    pub(crate) rules: ImportFlags,
}

/// Look through your music folders.
///
/// Files are recognised by content. Unchanged files are not opened again, moved ones are recognised, and those that
/// are gone are only marked.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  ferrotape scan ~/Music /mnt/cds")]
pub(crate) struct Scan {
    /// Folders with your music
    #[arg(value_name = "DIR", required = true)]
    pub(crate) folders: Vec<PathBuf>,
}

/// Show which of your files each wanted recording is, and why.
///
/// Changes nothing. Works with what was imported and scanned before.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  ferrotape match\n  ferrotape match liked.csv --from ~/Music --all\n  \
ferrotape match --other-album")]
pub(crate) struct Match {
    /// Inputs or links; everything in the library when none is named
    #[arg(value_name = "WHAT")]
    pub(crate) what: Vec<String>,

    /// Only consider music below this folder; may be given several times
    #[arg(long, value_name = "DIR")]
    pub(crate) from: Vec<PathBuf>,

    /// Do not listen to files that fit equally well by their tags; what was heard before still counts
    #[arg(long)]
    pub(crate) no_listen: bool,

    #[command(flatten)]
    pub(crate) policy: PolicyFlags,

    /// Show the sure ones, too
    #[arg(long)]
    pub(crate) all: bool,

    /// Show only what is taken by title and artist alone, from another album than the wanted one
    #[arg(long, conflicts_with = "all")]
    pub(crate) other_album: bool,
}

/// Show the last report again, or write it as a page or CSV.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ferrotape report\n  ferrotape report --html report.html --csv missing.csv"
)]
pub(crate) struct Report {
    /// The player or folder of the run [default: the last run]
    #[arg(long, value_name = "DIR")]
    pub(crate) to: Option<PathBuf>,

    /// Write the report as one self-contained page
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,

    /// Write what is missing as a CSV
    #[arg(long, value_name = "FILE")]
    pub(crate) csv: Option<PathBuf>,

    /// Show every item, also those on the player
    #[arg(long)]
    pub(crate) all: bool,
}

/// Show the last report in a browser.
///
/// Answers on this machine only, until you stop it with Ctrl-C. It only shows: nothing can be changed through it.
/// While it runs, other commands work as usual; load the page again to see the newest run.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ferrotape serve\n  ferrotape serve --port 0              any free port\n  \
ferrotape serve --bind 192.168.1.7    everybody in that network can read the report"
)]
pub(crate) struct Serve {
    /// Port to listen on; 0 takes any free one
    #[arg(long, value_name = "PORT", default_value_t = 7465)]
    pub(crate) port: u16,

    /// Address to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub(crate) bind: std::net::IpAddr,
}

/// Check the library, your files and a player. Changes nothing but, with --gone, what it misses.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ferrotape doctor --player /media/PLAYER --thorough\n  ferrotape doctor --gone ~/Music/Old"
)]
pub(crate) struct Doctor {
    /// A player or folder that ferrotape filled, as in --to of convert
    #[arg(long, value_name = "DIR")]
    pub(crate) player: Option<PathBuf>,

    /// Read every file on the player, not only its size
    #[arg(long)]
    pub(crate) thorough: bool,

    /// A file that you deleted, or a folder: what is not there of it is gone for good, and missed no more
    #[arg(long, value_name = "PATH")]
    pub(crate) gone: Vec<PathBuf>,
}

/// Print a completion script for your shell.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  ferrotape completions bash > ~/.local/share/bash-completion/completions/ferrotape"
)]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: clap_complete::Shell,
}

/// Write the manual pages into a folder.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  ferrotape man ~/.local/share/man/man1")]
pub(crate) struct Man {
    /// The folder; made when it is not there
    pub(crate) folder: PathBuf,
}

fn parse_preset(word: &str) -> Result<Preset, String> {
    word.parse().map_err(|error: ferrotape_engine::NotAPreset| error.to_string())
}

fn parse_loudness(word: &str) -> Result<LoudnessUse, String> {
    word.parse().map_err(|error: ferrotape_engine::NotALoudnessUse| error.to_string())
}
