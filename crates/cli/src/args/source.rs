//! The verbs about places elsewhere: which may be asked, how they are, what works without them.

use std::path::PathBuf;

use clap::Subcommand;

/// Places beyond your own folders that may be asked for music, and services that know something of it.
///
/// None is asked unless you add it here. `convert` and `refresh` then ask for what your folders do not have, fetch what is
/// surely it into the collection folder, and keep with each file where it came from and under which licence. Only what may
/// be copied is fetched: from your own servers, under open licences, from podcasts' public feeds. Services that only know things
/// are asked by `ferrotape lookup`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
ferrotape source add subsonic --name home --address https://music.example.org --user alice\n  \
ferrotape source add jellyfin --name den --address http://192.168.1.5:8096 --quick-connect\n  \
ferrotape source add internet-archive\n  \
ferrotape source add podcasts --country de\n  ferrotape source add podcasts --feed http://192.168.1.5:13378/feed/tide\n  ferrotape source add jamendo --key-file jamendo.txt\n  \
ferrotape source add program --name shelf -- /home/alice/bin/shelf --all\n  \
ferrotape source kinds                 what can be added\n  ferrotape source check                 does each answer?")]
pub(crate) struct Source {
    #[command(subcommand)]
    pub(crate) verb: SourceVerb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SourceVerb {
    /// List the places that are asked
    List,
    /// List the kinds of places that can be added
    Kinds,
    /// Add a place, or change the one of that name; what you do not say stays as it was
    Add(AddSource),
    /// Ask a place no more; files that came from it stay, and what a service only said is forgotten
    Remove {
        /// Its name, e.g. subsonic:home
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Ask each place whether it is there and lets you in
    Check {
        /// Only this one
        #[arg(value_name = "NAME")]
        name: Option<String>,
    },
    /// Show where fetched files are kept, or keep them in another folder from now on
    Collection {
        /// The folder
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct AddSource {
    /// What it is: a word of `ferrotape source kinds`
    #[arg(value_name = "KIND", value_parser = parse_kind)]
    pub(crate) kind: ferrotape_app::PlaceKind,

    /// What to call a server or program; needed when there may be several
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,

    /// Where a server is
    #[arg(long, value_name = "URL")]
    pub(crate) address: Option<String>,

    /// Who you are there
    #[arg(long, value_name = "USER")]
    pub(crate) user: Option<String>,

    /// A file whose first line is the password; - reads it from standard input. Else it is asked for
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,

    /// A file whose first line is the API key or client id (a second line is the key's secret, where there is one); -
    /// reads from standard input. A Subsonic server may have a password as well: the key is tried first
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,

    /// The address of a podcast's feed that may be in your own network, as of audiobookshelf; may be said several times
    #[arg(long = "feed", value_name = "URL")]
    pub(crate) feeds: Vec<String>,

    /// The country whose directory of podcasts is asked first, by its two letters; that of the US is asked as well
    #[arg(long, value_name = "XX", value_parser = super::shop::parse_country)]
    pub(crate) country: Option<String>,

    /// Sign in to Jellyfin by a code that you confirm there
    #[arg(long, conflicts_with_all = ["password_file", "key_file"])]
    pub(crate) quick_connect: bool,

    /// The program and its arguments, after --
    #[arg(last = true, value_name = "COMMAND")]
    pub(crate) command: Vec<String>,
}

/// Show how each service is: up or down, since when, its last good answer, the next try, and what waits for it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  ferrotape status\n  ferrotape status --history\n  \
ferrotape status --retry     ask again at once: services that rest, files of no use, feeds that are gone")]
pub(crate) struct Status {
    /// Also list the last times that services were down
    #[arg(long)]
    pub(crate) history: bool,

    /// Let services that rest after failures, files that were no use, and feeds that are gone be asked for again at once
    #[arg(long)]
    pub(crate) retry: bool,
}

/// Prove what still works when services are down.
///
/// The services you name are really refused, then it is looked through what can still be played: from your files, and
/// from what is on your players. Nothing is changed, and no outage is remembered.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ferrotape drill --down all\n  ferrotape drill --down spotify,musicbrainz"
)]
pub(crate) struct Drill {
    /// Services, by the words of `ferrotape status` or `ferrotape source kinds`, separated by commas; all for every one
    #[arg(long, value_name = "SERVICES", required = true, value_delimiter = ',')]
    pub(crate) down: Vec<String>,
}

fn parse_kind(word: &str) -> Result<ferrotape_app::PlaceKind, String> {
    ferrotape_app::PlaceKind::from_word(word).ok_or_else(|| {
        let all: Vec<&str> = ferrotape_app::PlaceKind::ALL.iter().map(|kind| kind.word()).collect();
        format!("there is no such kind; there are {}", all.join(", "))
    })
}
