//! The verb about buying what is missing.

use std::path::PathBuf;

/// List what is missing as the fewest purchases, what you listen to most first, with links of shops.
///
/// It is made from the last run: what no source had. Nothing is asked of anybody unless you say --online; then MusicBrainz is
/// asked where each thing is sold or given away, and the iTunes Store what it costs. Put what you buy into the inbox: after
/// `ferrotape inbox` it is off the list, and `ferrotape convert` puts it on the player.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  ferrotape shop\n  ferrotape shop --html shopping.html\n  \
ferrotape shop --online --country DE --html shopping.html\n  \
ferrotape shop --edit-stores            which stores to link to")]
pub(crate) struct Shop {
    /// Ask MusicBrainz and the iTunes Store; takes some four seconds for each purchase, and less the next time
    #[arg(long)]
    pub(crate) online: bool,

    /// Write the list as one self-contained page
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,

    /// Write the list as a CSV, one row for each missing thing
    #[arg(long, value_name = "FILE")]
    pub(crate) csv: Option<PathBuf>,

    /// Look at everything on your lists, not only at the last run
    #[arg(long)]
    pub(crate) all: bool,

    /// The country whose prices are meant, by its two letters
    #[arg(long, value_name = "XX", default_value = "US", value_parser = parse_country)]
    pub(crate) country: String,

    /// Write the list of stores to where you can edit it, and say where that is
    #[arg(long, conflicts_with_all = ["online", "html", "csv", "all"])]
    pub(crate) edit_stores: bool,
}

pub(super) fn parse_country(text: &str) -> Result<String, String> {
    if ferrotape_app::is_country(text) {
        Ok(text.to_ascii_uppercase())
    } else {
        Err("a country has two letters, such as US or DE".to_owned())
    }
}
