//! Why a job could not be done. Each variant is something the caller reacts to.

use ferrotape_audio::MakeError;
use ferrotape_device::DeviceError;
use ferrotape_import::{ImportError, LinkError};
use ferrotape_store::StoreError;

/// Why a job of the engine stopped.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// An input could not be read at all.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// A text looked like a link and is none.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// A link that can be read but not turned into wanted things.
    #[error("{link} cannot be used here – {why}")]
    LinkNotUsable {
        /// The link as given.
        link: String,
        /// Why, and what to do.
        why: String,
    },
    /// A link to something that was never imported.
    #[error("nothing imported so far carries the link {link}")]
    UnknownLink {
        /// The link as given.
        link: String,
        /// Playlists have a remedy of their own.
        is_playlist: bool,
    },
    /// What a link names is known by its title alone, and that is not enough.
    #[error(
        "{link} is the {what} “{title}”, and more than its title cannot be asked for – import its export or CSV, or connect your account (`ferrotape spotify connect`)"
    )]
    TitleOnly {
        /// The link as given.
        link: String,
        /// Its title.
        title: String,
        /// Spotify's word for what it is.
        what: &'static str,
    },
    /// Links could not be asked about.
    #[error(transparent)]
    Links(ferrotape_domain::Fault),
    /// A list was named that is not there.
    #[error("there is no list named “{name}” – {}", lists(known))]
    NoSuchList {
        /// The name as given.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// Several lists bear the name that was given.
    #[error(
        "{} lists are named “{name}” – say which: {}", known.len(),
        known.iter().map(|(id, entries)| format!("“list {id}” ({entries} entries)")).collect::<Vec<_>>().join(", ")
    )]
    SeveralLists {
        /// The name as given.
        name: String,
        /// Number and entries of each.
        known: Vec<(i64, usize)>,
    },
    /// A snapshot was named that is not there.
    #[error("there is no snapshot {number} – the last one is {last}; `ferrotape library log` lists them")]
    NoSuchSnapshot {
        /// The number as given.
        number: i64,
        /// The last there is.
        last: i64,
    },
    /// A list was asked for at a moment before it was first imported.
    #[error(
        "“{list}” was not in the library then – `ferrotape library log \"{list}\"` tells since when it is"
    )]
    NotYetThere {
        /// The list.
        list: String,
    },
    /// A description that is a thing of its own already, or none.
    #[error(
        "{number} is no description that was taken together with another – `ferrotape explain` lists those that are"
    )]
    NothingToSplit {
        /// The number as given.
        number: i64,
    },
    /// A link was given for one playlist, but several or none are meant.
    #[error("{link} is the link of one playlist, but {lists} lists are meant – say which with --list NAME")]
    LinkOfSeveral {
        /// The link.
        link: String,
        /// How many lists are selected.
        lists: usize,
    },
    /// A number of episodes was given for a list that is neither of saved podcasts nor of saved episodes.
    #[error(
        "“{list}” stays whole: --newest holds for saved podcasts and saved episodes, and what is on a playlist is meant"
    )]
    NewestOfPlaylist {
        /// The list.
        list: String,
    },
    /// The library failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The player failed.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// A cover or file could not be made; only where it stops a whole job.
    #[error(transparent)]
    Make(#[from] MakeError),
    /// The user asked to stop.
    #[error("stopped – everything finished so far is kept; the same command goes on from here")]
    Interrupted,
    /// The plan was shown and not agreed to.
    #[error("nothing was changed – the plan was not agreed to")]
    NotAgreed,
    /// The plan puts lists in the place of others that only have their names, and was not agreed to.
    #[error(
        "nothing was changed – on the player, the library of another computer or person filled {}",
        of_others(lists)
    )]
    ListsOfOthers {
        /// Their names.
        lists: Vec<String>,
    },
    /// No source that was named can be read.
    #[error("{0}")]
    NoSource(ferrotape_domain::Fault),
    /// The account could not be asked.
    #[error("{0}")]
    Account(ferrotape_domain::Fault),
    /// A source lies in the target.
    #[error("{source_root} is music of yours and lies where is to be filled – fill another folder, or name the one that holds your originals with --from", source_root = source_root.display())]
    SourceOnTarget {
        /// The source.
        source_root: std::path::PathBuf,
    },
    /// A folder above the target is filled already.
    #[error("{target} lies inside of {player}, which is filled already", target = target.display(), player = player.display())]
    InsideOfPlayer {
        /// The folder that was to be filled.
        target: std::path::PathBuf,
        /// The one that is.
        player: std::path::PathBuf,
    },
    /// The player plays only what a database of its maker's lists.
    #[error("{player}: files that are copied there are not played. {advice}")]
    MakersDatabase {
        /// What people call it.
        player: String,
        /// What can be done.
        advice: String,
    },
    /// No profile has this name.
    #[error("no player profile is called “{name}” – “ferrotape player list” names all of them")]
    NoProfile {
        /// The name.
        name: String,
    },
    /// The player was filled by a profile that is not known here.
    #[error("{target} was filled with the player profile “{name}”, which is not known here – put its file into {folder}, or name another with --profile", target = target.display(), folder = folder.display())]
    ProfileElsewhere {
        /// The player.
        target: std::path::PathBuf,
        /// The profile's name.
        name: String,
        /// Where profiles of the user's are.
        folder: std::path::PathBuf,
    },
    /// A profile cannot be used.
    #[error(transparent)]
    BadProfile(#[from] ferrotape_device::ProfileError),
    /// Only what this run wants was to stay, and it wants nothing.
    #[error("nothing was changed – nothing is wanted in this run, and --only would take everything off {target}", target = target.display())]
    NothingWanted {
        /// The target.
        target: std::path::PathBuf,
    },
    /// A target that was filled before holds nothing of ours now.
    #[error("{target} was filled before and holds nothing of it now – is the player mounted there?", target = target.display())]
    TargetEmptied {
        /// The target.
        target: std::path::PathBuf,
        /// Whether it is sure that what was filled is there, and not only the place where it is mounted.
        is_there: bool,
    },
    /// A target that was filled before has no list of that any more, but music.
    #[error("{target} was filled before, and the list of what ferrotape put there (.ferrotape/manifest.json) is gone: {}", as_yours(*files), target = target.display())]
    ListGone {
        /// The target.
        target: std::path::PathBuf,
        /// How many MP3s lie there.
        files: usize,
        /// Whether it is sure that what was filled is there.
        is_there: bool,
    },
    /// A player was mounted there when it was filled, or the system keeps the place for one, and nothing is mounted there
    /// now.
    #[error("the player at {target} is not there: nothing is mounted at {mount} – plug it in, mount it and run the same command again", target = target.display(), mount = mount.display())]
    PlayerNotMounted {
        /// The target.
        target: std::path::PathBuf,
        /// Where the player was mounted.
        mount: std::path::PathBuf,
    },
    /// A decision names something that is not there.
    #[error("{0}")]
    NoSuchReview(String),
    /// Nothing wanted is called like this.
    #[error("nothing you want is called “{text}” – give fewer words, its link, or its number in the report")]
    NothingLike {
        /// The text as given.
        text: String,
    },
    /// A file that no scan found.
    #[error("{path} is not among the files that were looked through – name its folder with --from, or scan it", path = path.display())]
    FileNotScanned {
        /// The file.
        path: std::path::PathBuf,
    },
    /// A file that holds more than one recording.
    #[error("{path} holds {count} recordings, by its cue sheet – name one of them: “{path}, track 1”", path = path.display())]
    SeveralInFile {
        /// The file.
        path: std::path::PathBuf,
        /// How many.
        count: usize,
    },
    /// An export could not be made.
    #[error("the export could not be made ({0})")]
    Export(std::io::Error),
    /// Files that came together could not get their names together.
    #[error("a run that was ended in the middle cannot be finished: {0}")]
    Naming(String),
    /// A file of decisions could not be read or written.
    #[error("{path}: {reason}")]
    DecisionFile {
        /// The file.
        path: std::path::PathBuf,
        /// What is wrong with it, and where.
        reason: String,
    },
    /// A disc could not be read.
    #[error("{0}")]
    Disc(ferrotape_domain::Fault),
    /// An inbox or the collection cannot be used.
    #[error("{folder}: {reason}", folder = folder.display())]
    Inbox {
        /// The folder.
        folder: std::path::PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

fn as_yours(files: usize) -> String {
    match files {
        1 => "1 MP3 lies there, and counts as yours".to_owned(),
        files => format!("{files} MP3s lie there, and count as yours"),
    }
}

fn of_others(lists: &[String]) -> String {
    let names = lists.iter().map(|name| format!("“{name}”")).collect::<Vec<_>>().join(" and ");
    match lists {
        [_] => format!("the list {names}, which shares little with yours of that name"),
        _ => format!("the lists {names}, which share little with yours of those names"),
    }
}

fn lists(known: &[String]) -> String {
    match known {
        [] => "there is no list yet; `ferrotape import FILE` brings some".to_owned(),
        known => format!("the lists are: {}", known.join(" · ")),
    }
}
