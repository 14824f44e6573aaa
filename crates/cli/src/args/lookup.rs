//! The verb about what services know.

/// Look up which recordings your things are, covers and lyrics, in the services you added.
///
/// Asks those of `ferrotape source list` that know something of music: musicbrainz and deezer which recording a thing is and
/// how long it plays, acoustid what the sound of a file is called, cover-art-archive for covers of albums that have none,
/// lrclib for lyrics of tracks that have none. What is known is kept and used by every later `convert`, which asks nobody. The
/// next lookup asks only what is new; what nobody knew is asked again after half a year. Stop it with Ctrl-C whenever you
/// like; other commands need not wait for it. `ferrotape source remove NAME` takes all back that a service said.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  ferrotape source add musicbrainz && ferrotape lookup\n  \
ferrotape source add lrclib && ferrotape lookup && ferrotape convert --to ./player\n  \
ferrotape lookup --most 100")]
pub(crate) struct Lookup {
    /// Ask each service of so many things at most
    #[arg(long, value_name = "N")]
    pub(crate) most: Option<usize>,

    /// Ask again also what was asked before
    #[arg(long)]
    pub(crate) again: bool,
}
