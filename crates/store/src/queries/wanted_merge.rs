//! Filling what is missing in one description of a wanted thing from another. Nothing known is ever replaced, but for a credit
//! by one that names more of the same artists.

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
    if let Some(fuller) = fuller(known, newer) {
        *known = fuller;
        return true;
    }
    let fills = known.is_empty() && !newer.is_empty();
    if fills {
        known.clone_from(newer);
    }
    fills
}

/// The newer credit, where it names all that are known and more behind the first of them: the data export names the first
/// artist only, and guests and players are other recordings. The first name stays as it was, for things are found by it.
fn fuller(known: &ArtistCredit, newer: &ArtistCredit) -> Option<ArtistCredit> {
    let (known, newer) = (known.credited(), newer.credited());
    let (first, first_of_newer) = (known.first()?, newer.first()?);
    if newer.len() > known.len() {
        let is_named = |one: &CreditedArtist| newer.iter().any(|other| is_same_name(&one.name, &other.name));
        let holds_all = is_same_name(&first.name, &first_of_newer.name) && known.iter().all(is_named);
        return holds_all.then(|| {
            let kept = CreditedArtist { name: first.name.clone(), ..first_of_newer.clone() };
            let more = newer.iter().skip(1).cloned();
            ArtistCredit::of_credited(std::iter::once(kept).chain(more).collect())
        });
    }
    let ([_], [_]) = (known, newer) else { return None };
    let (join_phrase, more) = behind(&first.name, &first_of_newer.name)?;
    let kept = CreditedArtist { name: first.name.clone(), join_phrase: join_phrase.to_owned() };
    let more = CreditedArtist { name: more.to_owned(), join_phrase: String::new() };
    Some(ArtistCredit::of_credited(vec![kept, more]))
}

fn is_same_name(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

/// What stands behind the first name in a credit printed as one text, and what joins it: `Oda Brenn,Mara Quill` behind `Oda Brenn`.
fn behind<'t>(first: &str, printed: &'t str) -> Option<(&'static str, &'t str)> {
    let rest = printed.strip_prefix(first.trim()).filter(|_| !first.trim().is_empty())?;
    let joins = [(",", ", "), (";", ", "), (" feat. ", " feat. "), (" ft. ", " feat. "), (" & ", " & ")];
    let found = joins.into_iter().find_map(|(sign, phrase)| Some((phrase, rest.strip_prefix(sign)?.trim())));
    found.filter(|(_, more)| !more.is_empty())
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
