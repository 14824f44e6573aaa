//! Feeds that give each day's sound under one name, title and description: nothing tells whether it is a new episode or an old
//! one that was dated anew. The newest sound is kept, and the copy before makes way, else there would be one more every day.

use std::fs;
use std::path::Path;

use ferrotape_audio::probe;
use ferrotape_domain::{ContentId, Provenance, RemoteOffer, WantedKind, letters_of};
use ferrotape_matching::spoken::full_date;

use super::as_said::may_replace;
use super::pictures::own_picture;
use super::same_episode::takes_its_place;
use crate::shelves::sum_of;
use crate::{Context, EngineError};

/// A wanted episode may be dated so many days otherwise than its feed dates it.
const DAYS: u64 = 3;

/// Removes the copy that what came now, `at` this place, is the newer sound of; `came` is what came under its name before. What
/// is not as it came, or may be wanted by itself, stays.
pub(super) fn make_way(
    offer: &RemoteOffer,
    came: &[Provenance],
    (at, content): (&Path, &ContentId),
    context: &Context,
) -> Result<(), EngineError> {
    let before = may_replace(offer, came).filter(|before| before.content != *content);
    let Some(before) = before.filter(|before| !before.file_name.is_empty()) else { return Ok(()) };
    let old = at.with_file_name(&before.file_name);
    if old == at || !is_as_it_came(&old, before) || is_wanted_itself(before, came, context)? {
        return Ok(());
    }
    if fs::remove_file(&old).is_ok() {
        drop(fs::remove_file(own_picture(&old)));
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let (show, title) = (text(&offer.tags.album), text(&offer.tags.title));
        let (day, date) = (text(&offer.tags.date), text(&before.said.date));
        let says = format!(
            "its feed gives the sound of each day as “{title}”, and nothing but the day tells them apart: that of {day} is kept, \
             and that of {date} made way for it"
        );
        context.warn(show, says);
    }
    Ok(())
}

/// Whether what is gone made way for one of what is there: it came from a feed before that, under its name. What earlier runs put
/// on the player of it makes way as well.
pub(crate) fn made_way(gone: &str, is_there: impl Fn(&ContentId) -> bool, all: &[Provenance]) -> bool {
    let moment = |one: &Provenance| (one.at, one.said.more.as_ref().and_then(|more| more.published_at));
    let name = |one: &Provenance| (one.source.clone(), one.remote_id.clone());
    let mut of_gone = all.iter().filter(|one| one.content.0 == gone && one.is_of_feed());
    of_gone.any(|before| {
        let mut later = all.iter().filter(|one| is_there(&one.content) && name(one) == name(before));
        later.any(|one| moment(one) > moment(before) && takes_its_place(one, before))
    })
}

/// Whether the user left a file as it was fetched.
fn is_as_it_came(file: &Path, origin: &Provenance) -> bool {
    match origin.sha256.as_str() {
        "" => probe(file).is_ok_and(|probed| probed.content == origin.content),
        sum => sum_of(file).is_ok_and(|own| own == sum),
    }
}

/// Whether an episode is wanted by itself that this may be: one of its title and day, or of no known day, for which the one
/// that came first was taken.
fn is_wanted_itself(
    origin: &Provenance,
    came: &[Provenance],
    context: &Context,
) -> Result<bool, EngineError> {
    let title = letters_of(origin.said.title.as_deref().unwrap_or_default());
    let is_first = came.iter().all(|one| origin.at <= one.at);
    let may_be_of = |day: Option<&str>| match (full_date(day), full_date(origin.said.date.as_deref())) {
        (Some(wanted), Some(own)) => wanted.abs_diff(own) <= DAYS,
        _ => is_first,
    };
    let podcasts = context.library.every_podcast()?;
    Ok(podcasts.iter().map(|one| &one.wanted).any(|wanted| {
        wanted.kind == WantedKind::Episode
            && letters_of(&wanted.title) == title
            && may_be_of(wanted.released.as_deref())
    }))
}
