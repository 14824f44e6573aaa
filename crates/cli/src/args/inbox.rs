//! The verb that files what people bought or ripped.

use std::path::PathBuf;

/// File what you bought or ripped into your collection, and see what you wanted of it.
///
/// Put zips of shops, ripped CDs or single files into the inbox folder. Each file is recognised by its content, copied to
/// bought/Artist/Album in your collection, and compared with everything you want. What you put in stays where it is unless
/// you say --move; the same file twice changes nothing. Folders named once are looked into from then on, also by
/// `ferrotape refresh`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ferrotape inbox                      the folder “inbox” of the library, and those named before\n  \
ferrotape inbox ~/Downloads\n  ferrotape inbox ~/Downloads --watch   until Ctrl-C, as downloads come\n  \
ferrotape inbox ~/ripped --move"
)]
pub(crate) struct Inbox {
    /// Folders to look into [default: “inbox” in the library folder, and those named before]
    #[arg(value_name = "FOLDER")]
    pub(crate) folders: Vec<PathBuf>,

    /// Go on looking, and file what comes, until Ctrl-C
    #[arg(long)]
    pub(crate) watch: bool,

    /// Remove from the inbox what was filed, once the copy was read again and is the same; with --watch what did not change
    /// for two minutes
    #[arg(long = "move")]
    pub(crate) move_in: bool,
}
