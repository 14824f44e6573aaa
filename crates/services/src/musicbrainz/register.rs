//! MusicBrainz as a register: by links, else by ISRC, else by names.
//!
//! A link tells which recording it is and no more; its ISRC, its length and its release are in the recording's own entry,
//! which is asked for only where one of these is missing.

use ferrotape_domain::{
    Cancel, Fact, Fault, Known, KnownBy, MayKnow, Mbid, RecordingRegister, Wanted, WantedKind,
};

use super::links::{self, Linked};
use super::wire::{Entity, OfIsrc, the_one};
use super::{MusicBrainz, NAME, facts, search};
use crate::answers::folded;

/// Things whose links are asked for together.
const TOGETHER: usize = 100;

/// A recording, and by what it was recognised.
type Found = (Entity, KnownBy);

impl RecordingRegister for MusicBrainz {
    fn name(&self) -> &str {
        NAME
    }

    fn may_know(&self, wanted: &Wanted) -> MayKnow {
        let has_link = links::own(wanted).is_some() || links::of_album(wanted).is_some();
        let has_id = wanted.recording_mbid.is_some();
        let by_id = has_id && lacks(wanted, None);
        match wanted.kind {
            _ if has_link => MayKnow::Yes,
            WantedKind::Recording if by_id || by_isrc(wanted) || search::may_find(wanted) => MayKnow::Yes,
            WantedKind::Recording if has_id => MayKnow::NothingNew,
            WantedKind::Recording => {
                MayKnow::NothingToAskBy("link, and no title with an ISRC or with artist and length")
            }
            _ => MayKnow::NothingToAskBy("link"),
        }
    }

    fn identify(
        &self,
        wanted: &[&Wanted],
        cancel: &Cancel,
        known: &mut dyn FnMut(Known),
    ) -> Result<(), Fault> {
        let (mut fault, mut at_once): (Option<Fault>, usize) = (None, links::AT_ONCE);
        // Links and then the things themselves, some at a time: who is stopped keeps what came.
        for (batch, some) in wanted.chunks(TOGETHER).enumerate() {
            let all = some.iter().flat_map(|one| [links::own(one), links::of_album(one)]).flatten();
            let (linked, trouble) = Linked::ask(self, all, &mut at_once, cancel);
            fault = fault.or(trouble);
            for (within, one) in some.iter().enumerate() {
                // After a fault the rest may still be known from earlier; a line that is down answers at once.
                let asked = self.net.surely(
                    |facts: &Option<Vec<_>>| facts.as_ref().is_none_or(|facts| !facts.is_empty()),
                    |net| Self::new(net).facts(one, &linked, cancel),
                );
                match asked {
                    _ if cancel.is_stopped() => return fault.map_or(Ok(()), Err),
                    Ok(Some(facts)) => known(Known { at: batch * TOGETHER + within, facts }),
                    Ok(None) => {}
                    Err(trouble) => fault = fault.or(Some(trouble)),
                }
            }
        }
        fault.map_or(Ok(()), Err)
    }
}

impl MusicBrainz {
    /// What is known of one thing; `None` where it was not asked, or not all of it.
    fn facts(
        &self,
        wanted: &Wanted,
        linked: &Linked,
        cancel: &Cancel,
    ) -> Result<Option<Vec<(Fact, KnownBy)>>, Fault> {
        let links: Vec<String> =
            [links::own(wanted), links::of_album(wanted)].into_iter().flatten().collect();
        let all_answered = links.iter().all(|link| linked.knows_of(link));
        if wanted.kind == WantedKind::Release {
            let release = linked.mbid_of(wanted).map(|mbid| (Fact::Release(mbid), KnownBy::Link));
            return Ok((all_answered && !links.is_empty()).then(|| release.into_iter().collect()));
        }
        let album = linked.album_of(wanted);
        let lacks = lacks(wanted, album.as_ref());
        let found = match wanted.kind {
            WantedKind::Recording => self.find(wanted, linked, lacks, cancel)?,
            _ => None,
        };
        if let Some((entity, by)) = found {
            return Ok(Some(facts::of(&entity, by, album.as_ref(), wanted)));
        }
        let asked = match wanted.recording_mbid {
            Some(_) => lacks,
            None => by_isrc(wanted) || search::may_find(wanted),
        };
        let asked = !links.is_empty() || (asked && wanted.kind == WantedKind::Recording);
        let album = album.map(|mbid| (Fact::Release(mbid), KnownBy::Link));
        Ok((all_answered && asked).then(|| album.into_iter().collect()))
    }

    fn find(
        &self,
        wanted: &Wanted,
        linked: &Linked,
        lacks: bool,
        cancel: &Cancel,
    ) -> Result<Option<Found>, Fault> {
        let by = |by| move |entity| (entity, by);
        if let Some(mbid) = &wanted.recording_mbid {
            let entity = if lacks { self.entry(mbid, cancel)? } else { None };
            return Ok(entity.map(by(KnownBy::Link)));
        }
        if let Some(mbid) = linked.mbid_of(wanted) {
            let entity = if lacks { self.entry(&mbid, cancel)? } else { None };
            return Ok(Some((entity.unwrap_or_else(|| Entity::of_id(&mbid)), KnownBy::Link)));
        }
        if by_isrc(wanted)
            && let Some(entity) = self.with_isrc(wanted, cancel)?
        {
            return Ok(Some((entity, KnownBy::Isrc)));
        }
        Ok(search::find(self, wanted, cancel)?.map(by(KnownBy::Names)))
    }

    /// All that is of use of a recording.
    fn entry(&self, mbid: &Mbid, cancel: &Cancel) -> Result<Option<Entity>, Fault> {
        let parts = [("inc", "artist-credits isrcs releases release-groups")];
        let found: Option<Entity> =
            self.ask(&Self::request(&["recording", mbid.as_str()], &parts)?, cancel)?;
        Ok(found.map(|entity| entity.or_id(mbid)))
    }

    /// The one recording with the wanted thing's ISRC and title. An answer by ISRC does not tell what releases are
    /// editions of: only where there are several of the wanted album is the recording's own entry asked for.
    fn with_isrc(&self, wanted: &Wanted, cancel: &Cancel) -> Result<Option<Entity>, Fault> {
        let Some(isrc) = &wanted.isrc else { return Ok(None) };
        let request = Self::request(&["isrc", isrc.as_str()], &[("inc", "artist-credits releases")])?;
        let answer: Option<OfIsrc> = self.ask(&request, cancel)?;
        let recordings = answer.unwrap_or_default().recordings.0;
        let Some(found) = the_one(recordings, &wanted.title) else { return Ok(None) };
        match found.mbid() {
            Some(mbid) if facts::editions(&found, wanted).len() > 1 => {
                Ok(Some(self.entry(&mbid, cancel)?.unwrap_or(found)))
            }
            _ => Ok(Some(found)),
        }
    }
}

/// Whether it may be asked for by ISRC: one without a title could never agree.
fn by_isrc(wanted: &Wanted) -> bool {
    wanted.isrc.is_some() && !folded(&wanted.title).is_empty()
}

/// Whether something is missing that a recording's entry may tell.
fn lacks(wanted: &Wanted, album: Option<&Mbid>) -> bool {
    let has_album = wanted.release.as_deref().is_some_and(|title| !title.is_empty());
    wanted.isrc.is_none() || wanted.duration.is_none() || (has_album && album.is_none())
}
