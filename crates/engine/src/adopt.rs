//! Adopt: which files that lie on a player already are wanted recordings, told by how they sound.
//!
//! A file is taken for a recording only where its sound is that of the file which was chosen for it, and of no other that
//! was chosen: the same frames, or the same fingerprint and playing time. Tags and names do not count.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use ferrotape_audio::{listen, probe, sound_id};
use ferrotape_device::{Adoption, Profile, Stranger, Target};
use ferrotape_domain::{AudioFormat, ContentId, Heard, Offer, Phase};
use ferrotape_matching::{Likeness, likeness};
use rayon::prelude::*;

use crate::convert::sound_mark;
use crate::listening::heard_of;
use crate::matching::{Answer, match_wanted};
use crate::policies::RunPolicy;
use crate::site::Site;
use crate::{Context, EngineError};

/// How far the playing times of one recording may be apart: encoders add some silence.
const APART: Duration = Duration::from_secs(2);

/// What became of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is this recording, named as messages name it.
    Is(String),
    /// It is, but ours, or another file of the user's, lies there for it: where.
    IsThere(String, String),
    /// It sounds like several that were chosen.
    Unclear(Vec<String>),
    /// No wanted recording sounds like it.
    Unknown,
    /// It cannot be read.
    Unreadable(String),
}

/// Every file on the player that is not ours, and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adopted {
    /// By path.
    pub files: Vec<(String, Verdict)>,
    /// How many were adopted; none when it was only looked.
    pub adopted: usize,
}

/// A file that was chosen for something wanted.
struct Chosen<'o> {
    offer: &'o Offer,
    label: String,
}

/// Opens a player whose files are to be adopted, or looked at. Errors: [`EngineError::PlayerNotMounted`], and those of
/// [`Target::open`].
pub fn open(
    site: &Site,
    profile: Profile,
    only_look: bool,
    context: &Context,
) -> Result<Target, EngineError> {
    site.refuse_inside_of_player()?;
    let judged = site.judge(context)?;
    match only_look {
        true => Ok(Target::preview(site.folder, profile)?),
        false => site.take(&judged, || Target::open(site.folder, profile), context),
    }
}

/// Looks at every MP3 on the player that is not ours; adopts those that are wanted recordings unless `only_look`.
pub fn adopt(target: &Target, only_look: bool, context: &Context) -> Result<Adopted, EngineError> {
    let wanted = context.library.every_wanted()?;
    let matching = match_wanted(wanted, &[], &RunPolicy::default(), context)?;
    let mut chosen: BTreeMap<&ContentId, Chosen<'_>> = BTreeMap::new();
    for matched in &matching.matched {
        let files: &[i64] = match &matched.answer {
            Answer::File(found) => std::slice::from_ref(&found.file_id),
            Answer::Files(files, _) => files,
            _ => continue,
        };
        for offer in files.iter().filter_map(|id| matching.offer(*id)) {
            chosen.entry(&offer.content).or_insert(Chosen { offer, label: label_of(offer) });
        }
    }
    let chosen: Vec<Chosen<'_>> = chosen.into_values().collect();
    let strangers = target.strangers()?;
    let ears = Ears::of(&chosen);
    let looked: Vec<(Stranger, Look)> = strangers
        .into_par_iter()
        .map(|stranger| {
            let look = ears.look(target, &stranger);
            (stranger, look)
        })
        .collect();
    let turning: Vec<&Offer> = ears.turning_on(&looked);
    let own = heard_of(&turning, context)?.heard;
    let unknown = looked.iter().filter(|(_, look)| matches!(look, Look::Near(_))).count();
    context.started(Phase::Listen, Some(unknown as u64));
    let heard: Vec<(Stranger, Result<Vec<usize>, String>)> = looked
        .into_par_iter()
        .map(|(stranger, look)| {
            let fits = ears.fitting(target, &stranger, look, &own, context);
            (stranger, fits)
        })
        .collect();
    context.finished(Phase::Listen);
    if context.cancel.is_stopped() {
        return Err(EngineError::Interrupted);
    }
    let (files, adoptions) = verdicts(target, &chosen, heard);
    let adopted = if only_look { 0 } else { target.adopt(&adoptions)? };
    if adopted > 0 {
        target.note_profile()?;
    }
    Ok(Adopted { files, adopted })
}

fn label_of(offer: &Offer) -> String {
    let artists = offer.tags.artists.join(", ");
    match (&offer.tags.title, artists.is_empty()) {
        (Some(title), false) => format!("{artists} – {title}"),
        (Some(title), true) => title.clone(),
        (None, _) => offer.place(),
    }
}

fn verdicts(
    target: &Target,
    chosen: &[Chosen<'_>],
    heard: Vec<(Stranger, Result<Vec<usize>, String>)>,
) -> (Vec<(String, Verdict)>, Vec<Adoption>) {
    let (mut files, mut adoptions) = (Vec::new(), Vec::new());
    let mut taken: HashMap<String, String> = HashMap::new();
    for (stranger, fits) in heard {
        let fits = fits.map(|fits| fits.iter().filter_map(|at| chosen.get(*at)).collect::<Vec<_>>());
        let verdict = match fits.as_deref() {
            Err(why) => Verdict::Unreadable(why.clone()),
            Ok([]) => Verdict::Unknown,
            Ok([one]) => {
                let identity = one.offer.content.0.clone();
                let there = taken.get(&identity).cloned().or_else(|| target.holds_recording(&identity));
                match there {
                    // It was adopted before.
                    Some(path) if path == stranger.path => continue,
                    Some(path) => Verdict::IsThere(one.label.clone(), path),
                    None => {
                        taken.insert(identity.clone(), stranger.path.clone());
                        adoptions.push(adoption(&stranger, identity, one));
                        Verdict::Is(one.label.clone())
                    }
                }
            }
            Ok(several) => Verdict::Unclear(several.iter().map(|one| one.label.clone()).collect()),
        };
        files.push((stranger.path, verdict));
    }
    (files, adoptions)
}

fn adoption(stranger: &Stranger, identity: String, chosen: &Chosen<'_>) -> Adoption {
    Adoption {
        path: stranger.path.clone(),
        label: chosen.label.clone(),
        sound: sound_mark(&chosen.offer.path, chosen.offer.part, &identity).unwrap_or_default(),
        identity,
        seconds: chosen.offer.facts.duration.map(|duration| duration.as_secs_f64().round() as u64),
    }
}

/// What a first look at a file tells.
enum Look {
    /// It holds the frames of this chosen file.
    Is(usize),
    /// These chosen files play as long as it does.
    Near(Vec<usize>),
    Unreadable(String),
}

/// The chosen files, and how they are told apart.
struct Ears<'a> {
    chosen: &'a [Chosen<'a>],
    /// The MP3s among them by the frames they hold.
    frames: HashMap<String, usize>,
}

impl<'a> Ears<'a> {
    fn of(chosen: &'a [Chosen<'a>]) -> Self {
        let mp3s = chosen
            .par_iter()
            .enumerate()
            .filter(|(_, one)| one.offer.facts.format == AudioFormat::Mp3 && one.offer.part.is_none());
        let frames = mp3s.filter_map(|(at, one)| Some((sound_id(&one.offer.path).ok()?.0, at))).collect();
        Self { chosen, frames }
    }

    /// Decodes nothing.
    fn look(&self, target: &Target, stranger: &Stranger) -> Look {
        let path = target.place_of(&stranger.path);
        let probed = match probe(&path) {
            Ok(probed) => probed,
            Err(error) => return Look::Unreadable(error.to_string()),
        };
        if let Some(at) = sound_id(&path).ok().and_then(|id| self.frames.get(&id.0)) {
            return Look::Is(*at);
        }
        let near_in_time = |one: &Chosen<'_>| {
            let lengths = one.offer.facts.duration.zip(probed.facts.duration);
            lengths.is_some_and(|(a, b)| a.abs_diff(b) <= APART)
        };
        let near = self.chosen.iter().enumerate().filter(|(_, one)| near_in_time(one));
        Look::Near(near.map(|(at, _)| at).collect())
    }

    /// The chosen files that must be heard.
    fn turning_on(&self, looked: &[(Stranger, Look)]) -> Vec<&'a Offer> {
        let near = looked.iter().flat_map(|(_, look)| match look {
            Look::Near(near) => near.as_slice(),
            Look::Is(_) | Look::Unreadable(_) => &[],
        });
        let near: BTreeSet<usize> = near.copied().collect();
        near.into_iter().filter_map(|at| self.chosen.get(at)).map(|one| one.offer).collect()
    }

    /// The chosen files that hold this sound.
    fn fitting(
        &self,
        target: &Target,
        stranger: &Stranger,
        look: Look,
        own: &HashMap<ContentId, Heard>,
        context: &Context,
    ) -> Result<Vec<usize>, String> {
        let near = match look {
            Look::Is(at) => return Ok(vec![at]),
            Look::Unreadable(why) => return Err(why),
            Look::Near(near) if near.is_empty() || context.cancel.is_stopped() => return Ok(Vec::new()),
            Look::Near(near) => near,
        };
        let heard = listen(&target.place_of(&stranger.path)).map_err(|error| error.to_string())?;
        context.advanced(Phase::Listen, 1, stranger.bytes);
        let same = |at: &usize| {
            let own = self.chosen.get(*at).and_then(|one| own.get(&one.offer.content));
            own.is_some_and(|own| likeness(&heard, own) == Likeness::Same)
        };
        Ok(near.into_iter().filter(same).collect())
    }
}
