//! Whether a folder that is to be written to is what it was: nothing is written into the empty mount point of a player that is
//! not there, whoever asks for it.

use std::path::Path;

use ferrotape_device::{DeviceError, KnownPlaces, Place, Standing, System, Target, real_path};

use crate::convert::target_name;
use crate::{Context, EngineError};

/// So many files are named, and the others counted.
const NAMED: usize = 10;

/// A folder to write to.
#[derive(Debug, Clone, Copy)]
pub struct Site<'a> {
    /// The folder.
    pub folder: &'a Path,
    /// Where it is asked what is mounted there.
    pub system: &'a System,
    /// Whether the folder itself is meant, by the user's word, where nothing is mounted.
    pub as_folder: bool,
}

/// What can be told of it before it is opened.
#[derive(Debug)]
pub(crate) struct Judged {
    now: Option<Place>,
    pub(crate) standing: Standing,
    /// Whether it is recorded what lay below it when it was filled, so that it can be told whether that is there.
    pub(crate) is_recorded: bool,
}

impl Site<'_> {
    /// Looks at what is mounted, and at nothing else. Errors: [`EngineError::PlayerNotMounted`].
    pub(crate) fn judge(&self, context: &Context) -> Result<Judged, EngineError> {
        let now = self.system.place_of(self.folder);
        let (known, name) = (known(context), target_name(self.folder));
        let standing = now.as_ref().map_or(Standing::AsBefore, |now| known.standing(&name, now));
        let is_recorded = now.is_some() && known.knows(&name);
        let missing = match &standing {
            Standing::Unmounted { mount } => Some(mount.clone()),
            // It was filled as the folder it is, or would be missed.
            _ if is_recorded || Target::has_list(self.folder) => None,
            _ => self.system.unmounted_at(self.folder),
        };
        match missing {
            Some(mount) if !self.as_folder => {
                Err(EngineError::PlayerNotMounted { target: self.folder.to_owned(), mount })
            }
            _ => Ok(Judged { now, standing, is_recorded }),
        }
    }

    /// A second set of everything inside of the first, on one and the same disk, is nothing that anybody wants; what was filled so
    /// before goes on. Errors: [`EngineError::InsideOfPlayer`].
    pub(crate) fn refuse_inside_of_player(&self) -> Result<(), EngineError> {
        let Some(folder) = real_path(self.folder) else { return Ok(()) };
        let mount = self.system.place_of(&folder).map(|place| place.mount);
        let is_below_mount = |above: &&Path| mount.as_ref().is_none_or(|mount| above.starts_with(mount));
        let mut above = folder.ancestors().skip(1).take_while(is_below_mount);
        match above.find(|above| Target::has_list(above)) {
            Some(player) if !Target::has_list(&folder) => {
                Err(EngineError::InsideOfPlayer { target: self.folder.to_owned(), player: player.to_owned() })
            }
            _ => Ok(()),
        }
    }

    /// Takes hold of the folder that was judged, and writes down what is mounted there.
    pub(crate) fn take(
        &self,
        judged: &Judged,
        open: impl FnOnce() -> Result<Target, DeviceError>,
        context: &Context,
    ) -> Result<Target, EngineError> {
        let target = open()?;
        tell_remarks(&target, context);
        tell_cut_short(&target, context);
        tell_astray(&target, context);
        // Pulled or swapped since it was looked at: the folder that was opened is not the one that was judged.
        if self.system.place_of(self.folder) != judged.now {
            return Err(DeviceError::TargetGone { root: self.folder.to_owned() }.into());
        }
        if let Some(now) = &judged.now {
            remember(&target_name(self.folder), now, context);
        }
        Ok(target)
    }
}

pub(crate) fn tell_remarks(target: &Target, context: &Context) {
    target.remarks().iter().for_each(|remark| context.warn(target.path().display().to_string(), remark));
}

/// What an earlier run seemed to have put there and was other than it wrote it went to the trash: perhaps somebody wants it back.
fn tell_cut_short(target: &Target, context: &Context) {
    let paths = &target.recovery().distrusted;
    if paths.is_empty() {
        return;
    }
    let says = format!(
        "these files were not as they had been written, as after a power cut, and went to the trash (`.ferrotape/trash`): \
         {}. What is wanted there is made anew",
        some(paths)
    );
    context.warn(target.path().display().to_string(), says);
}

/// Of what was out of its folder when a run was cut short, it could not be told any more where it belongs.
fn tell_astray(target: &Target, context: &Context) {
    let paths = &target.recovery().astray;
    if paths.is_empty() {
        return;
    }
    let says = format!(
        "an earlier run was cut short while it put files in order, and the places of these are taken or not known any more; \
         they are kept in the trash, from where you can take them back: {}. What is wanted of them is made anew",
        some(paths)
    );
    context.warn(target.path().display().to_string(), says);
}

/// The first of these, and how many more there are.
fn some(paths: &[String]) -> String {
    let named: Vec<&str> = paths.iter().take(NAMED).map(String::as_str).collect();
    let more = match paths.len() - named.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}{more}", named.join(", "))
}

fn known(context: &Context) -> KnownPlaces {
    let Some(folder) = context.library.folder() else { return KnownPlaces::default() };
    KnownPlaces::load(folder).unwrap_or_else(|error| {
        let says =
            format!("what it says of players filled before cannot be used ({error}); it is written anew");
        context.warn("players.json", says);
        KnownPlaces::default()
    })
}

/// Without the record the next run only knows less; that is no reason to stop this one.
fn remember(name: &str, now: &Place, context: &Context) {
    let Some(folder) = context.library.folder() else { return };
    let mut known = KnownPlaces::load(folder).unwrap_or_default();
    if known.remember(name, now)
        && let Err(error) = known.store(folder)
    {
        context.warn("players.json", format!("which player this is could not be written down ({error})"));
    }
}
