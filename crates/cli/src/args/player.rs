//! The verbs about players themselves.

use std::path::PathBuf;

use clap::Subcommand;

/// Find the players that are plugged in, and what is known of kinds of players.
///
/// Every mounted stick, card and USB disk that is no part of your system is shown, with what kind of player it is and
/// why, its volume id, and the space on it; and every phone, watch and player that speaks MTP.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ferrotape player find\n  ferrotape player list\n  ferrotape player show rockbox\n  \
ferrotape player new my-radio --like car"
)]
pub(crate) struct Player {
    #[command(subcommand)]
    pub(crate) verb: PlayerVerb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PlayerVerb {
    /// Show the players that are plugged in: those that are mounted, and those that speak MTP
    Find,
    /// Name all player profiles: what ferrotape knows of kinds of players
    List,
    /// Show a profile with everything it takes over, and where that was learnt
    Show {
        /// Name of a profile
        #[arg(value_name = "PROFILE")]
        name: String,
    },
    /// Let files that lie on a player already count for what you want
    ///
    /// Every MP3 on it that ferrotape did not put there is listened to, where its playing time fits. What sounds like the
    /// file that was chosen for something you want is adopted: it is listed in playlists, and no second copy is made. It
    /// stays yours: ferrotape never changes, renames or removes it.
    Adopt {
        /// Folder of the player, or `player`, `player:LABEL`
        #[arg(value_name = "PLAYER")]
        player: PathBuf,

        /// Only say what would be adopted
        #[arg(long)]
        dry_run: bool,

        /// Adopt what lies in the folder itself where a player was mounted, or belongs, and none is
        #[arg(long)]
        as_folder: bool,
    },
    /// Begin a profile of your own
    New {
        /// Its name: lower-case letters, digits and hyphens
        #[arg(value_name = "NAME")]
        name: String,

        /// The profile it extends
        #[arg(long, value_name = "PROFILE", default_value = "generic")]
        like: String,
    },
}

/// Make a player safe to unplug.
///
/// Everything is written out first, then all its volumes are unmounted and, where that can be done, its power is cut.
/// Nothing is done while another ferrotape fills it. Over MTP nothing is mounted; it is asked whether anybody has the
/// device open.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  ferrotape eject                     the only player there is\n  \
ferrotape eject \"CLIP SPORT\"        its label, or its volume id\n  ferrotape eject /media/PLAYER")]
pub(crate) struct Eject {
    /// Label, volume id, name, serial number or folder of the player [default: the only one]
    #[arg(value_name = "PLAYER")]
    pub(crate) player: Option<String>,
}

/// Make the image of a CD from a folder that was filled.
///
/// The image is ISO 9660 with Joliet and Rock Ridge, to be burnt by any program. The program xorriso makes it. Fill the
/// folder by the profile mp3-cd first: it keeps names, folders and size to what old players and car radios take.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ferrotape convert --from ~/Music --to ~/cd --profile mp3-cd\n  ferrotape image ~/cd road-trip.iso\n  xorriso -as cdrecord -v dev=/dev/sr0 road-trip.iso"
)]
pub(crate) struct Image {
    /// The folder
    #[arg(value_name = "FOLDER")]
    pub(crate) folder: PathBuf,

    /// The image to make
    #[arg(value_name = "IMAGE")]
    pub(crate) image: PathBuf,

    /// Name of the disc [default: the folder's]
    #[arg(long, value_name = "NAME")]
    pub(crate) label: Option<String>,
}
