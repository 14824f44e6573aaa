//! Filling what is missing in one description of a wanted thing from another. Nothing known is ever replaced.

use ferrotape_domain::{ArtistCredit, CreditedArtist, Wanted, WantedKind};

use super::no_nul;

/// Fills the gaps of `known` from `newer` and says whether that changed anything.
pub(super) fn fill(known: &mut Wanted, newer: &Wanted) -> bool {
    let mut changed = false;
    if known.title.is_empty() && !newer.title.is_empty() {
        known.title.clone_from(&newer.title);
        changed = true;
    }
    // An entry that Spotify had left empty and that a later input names is no longer unavailable.
    if known.kind == WantedKind::Unavailable && newer.kind != WantedKind::Unavailable {
        known.kind = newer.kind;
        changed = true;
    }
    changed |= fill_credit(&mut known.artists, &newer.artists);
    changed |= fill_credit(&mut known.release_artists, &newer.release_artists);
    changed |= fill_field(&mut known.release, &newer.release);
    changed |= fill_field(&mut known.track_number, &newer.track_number);
    changed |= fill_field(&mut known.disc_number, &newer.disc_number);
    changed |= fill_field(&mut known.released, &newer.released);
    changed |= fill_field(&mut known.duration, &newer.duration);
    changed |= fill_field(&mut known.isrc, &newer.isrc);
    changed |= fill_field(&mut known.recording_mbid, &newer.recording_mbid);
    changed |= fill_field(&mut known.explicit, &newer.explicit);
    changed |= fill_field(&mut known.spotify, &newer.spotify);
    changed |= fill_field(&mut known.spotify_release, &newer.spotify_release);
    changed | fill_field(&mut known.feed, &newer.feed)
}

fn fill_credit(known: &mut ArtistCredit, newer: &ArtistCredit) -> bool {
    let fills = known.is_empty() && !newer.is_empty();
    if fills {
        known.clone_from(newer);
    }
    fills
}

fn fill_field<T: Clone>(known: &mut Option<T>, newer: &Option<T>) -> bool {
    let fills = known.is_none() && newer.is_some();
    if fills {
        known.clone_from(newer);
    }
    fills
}

/// The same thing with [`no_nul`] in every name.
pub(super) fn cleaned(wanted: &Wanted) -> Wanted {
    let clean = |text: &String| no_nul(text).into_owned();
    let credit = |credit: &ArtistCredit| {
        let credited = credit.credited().iter().map(|artist| CreditedArtist {
            name: clean(&artist.name),
            join_phrase: clean(&artist.join_phrase),
        });
        ArtistCredit::of_credited(credited.collect())
    };
    Wanted {
        title: clean(&wanted.title),
        artists: credit(&wanted.artists),
        release: wanted.release.as_ref().map(clean),
        release_artists: credit(&wanted.release_artists),
        released: wanted.released.as_ref().map(clean),
        feed: wanted.feed.as_ref().map(clean),
        ..wanted.clone()
    }
}
