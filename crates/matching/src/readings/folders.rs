//! What a file's folders say of its version beside what the album's tag says: `Low Water (Instrumentals)`, `CD 2 - Live`.
//!
//! Programs and shops tag a bonus disc or another mix with the plain album, and only its folder tells. The file's own
//! folder speaks, and the album's above those of discs and formats. What lies higher up is how somebody keeps music: nothing
//! is live for lying somewhere below `Live Music`. Only `Karaoke` and `Instrumentals` hold nothing else. A folder of one word is
//! plain in that of its album (`Low Water/Karaoke`); elsewhere it may be a shelf.

use std::sync::LazyLock;

use crate::readings::describe::Album;
use crate::readings::disc_folders::{says_nothing_of_an_album, speaking_folders};
use crate::texts::normalise::{fold, squash};
use crate::texts::phrases::{Phrases, contains_phrase};
use crate::versions::album_claims::{claims_of_album, claims_of_folder_within};
use crate::versions::album_words::SHELVES;
use crate::versions::table::{Claim, Kind};

static HOLD_NOTHING_ELSE: LazyLock<Phrases<Kind>> = LazyLock::new(|| Phrases::of(SHELVES));

/// How many folders above an album's may be a shelf of it: `Karaoke/Pop/M/Mara Quill`.
const MOST_ABOVE: usize = 4;

/// What the folders of a file claim that its album's name does not, and whether plainly; `artists` are the names in its tags.
pub(crate) fn claims_of_folders(path: &str, album: &Album, artists: &[&str]) -> Vec<(Claim, bool)> {
    let mut claims: Vec<(Claim, bool)> = Vec::new();
    let mut add =
        |claim: Claim, plain: bool| match claims.iter_mut().find(|(known, _)| known.kind == claim.kind) {
            Some((_, known)) => *known |= plain,
            None => claims.push((claim, plain)),
        };
    let mut above = path.rsplit(['/', '\\']).skip(1);
    for folder in speaking_folders(path) {
        above.next();
        let in_album = lies_in_album(above.clone(), album, artists);
        for (claim, plain) in new_claims(folder, album, artists, in_album) {
            add(claim, plain);
        }
    }
    for folder in above.take(MOST_ABOVE).filter(|folder| !is_artist(folder, artists)) {
        for kind in kinds_on_shelf(folder).into_iter().filter(|kind| is_new(*kind, album)) {
            add(Claim { kind, particulars: Vec::new() }, true);
        }
    }
    claims
}

/// What all is that lies anywhere below a folder of this name.
fn kinds_on_shelf(folder: &str) -> Vec<Kind> {
    let folded = fold(folder);
    let found = HOLD_NOTHING_ELSE.found_in(&folded).into_iter().filter(|(phrase, _)| *phrase == folded);
    found.map(|(_, kind)| kind).collect()
}

/// Whether an album's name does not say this itself. What is no claim where it is all of the name (`Clean`, `Rough Mix`) is none
/// either behind the year or the artist in a folder's: `1977 - Rough Mix`.
fn is_new(kind: Kind, album: &Album) -> bool {
    let says = |claims: &[(Claim, bool)]| claims.iter().any(|(known, _)| known.kind == kind);
    !says(&album.claims)
        && (album.printed.is_empty() || !says(&claims_of_album(&format!("A ({})", album.printed))))
}

/// Whether the first of these folders that says anything is the album's. One that is called like artist and album alike
/// is the album's only below the artist's.
fn lies_in_album<'a>(above: impl Iterator<Item = &'a str>, album: &Album, artists: &[&str]) -> bool {
    let mut named = above.filter(|folder| !says_nothing_of_an_album(folder));
    let Some(folder) = named.next() else { return false };
    let is_album = !album.base.is_empty() && contains_phrase(&fold(folder), &album.base);
    is_album && (!is_artist(folder, artists) || named.next().is_some_and(|above| is_artist(above, artists)))
}

/// Whether a folder's name says of what is in it that it is another version than the album's name says: live,
/// instrumental, karaoke.
pub fn says_another_version(folder: &str, album: &str, artist: &str) -> bool {
    // Most folders say nothing at all, and then the album need not be taken apart.
    !claims_of_folder_within(without_artist(folder, &[artist])).is_empty()
        && !new_claims(folder, &Album::of(album), &[artist], true).is_empty()
}

fn new_claims(folder: &str, album: &Album, artists: &[&str], in_album: bool) -> Vec<(Claim, bool)> {
    if folder == album.printed {
        return Vec::new();
    }
    let text = without_artist(folder, artists);
    let claims = claims_of_folder_within(text);
    if claims.is_empty() {
        return Vec::new();
    }
    // A day, a hall or `tour` in a folder's name may be that of a purchase or a label, `Playback` and `Stripped` that of a
    // shelf.
    let tells = |kind: Kind, plain: bool| {
        let may_be_something_else =
            matches!(kind, Kind::Live | Kind::Cover | Kind::Acoustic | Kind::Karaoke | Kind::Named);
        plain || !may_be_something_else || kind == Kind::Live && fold(text).ends_with(" live")
    };
    let of_all = without_company(text, &album.printed);
    let is_shelf = !in_album && !fold(&of_all).contains(' ');
    let said = claims_of_folder_within(&of_all);
    let is_plain = |kind: Kind| {
        let sure = |plain: bool| plain || !matches!(kind, Kind::Live | Kind::Cover);
        !is_shelf && said.iter().any(|(claim, plain)| claim.kind == kind && sure(*plain))
    };
    let claims = claims.into_iter();
    let claims = claims.filter(|(claim, plain)| is_new(claim.kind, album) && tells(claim.kind, *plain));
    claims
        .map(|(claim, _)| {
            let plain = is_plain(claim.kind);
            (claim, plain)
        })
        .collect()
}

/// A folder's name without what it only has beside the album: `Low Water + Live in Oslo`, `Low Water [incl. Demos]`. Such
/// words may stand in the album's own name, and a list ends where its piece of the name does.
fn without_company(folder: &str, album: &str) -> String {
    const BESIDE: [&str; 6] = [" + ", " & ", " with ", " plus ", "incl. ", "including "];
    const ENDS: [&str; 5] = ["(", ")", "[", "]", " - "];
    let behind_album = folder.find(album).filter(|_| !album.is_empty()).map_or(0, |at| at + album.len());
    let Some((album, mut rest)) = folder.split_at_checked(behind_album) else { return folder.to_owned() };
    let mut text = album.to_owned();
    loop {
        let lower = rest.to_ascii_lowercase();
        // `live with …` says with whom it was played.
        let is_beside = |at: &usize| {
            let (before, behind) = lower.split_at_checked(*at).unwrap_or_default();
            !(before.ends_with("live") && behind.starts_with(" with "))
        };
        let at = BESIDE.iter().filter_map(|word| lower.find(*word)).filter(is_beside).min();
        let Some((before, behind)) = at.and_then(|at| rest.split_at_checked(at)) else { break };
        let end = ENDS.iter().filter_map(|sign| behind.find(*sign)).min().unwrap_or(behind.len());
        text.push_str(before);
        rest = behind.get(end..).unwrap_or_default();
    }
    text + rest
}

/// Whether a text is one of these names.
fn is_artist(text: &str, artists: &[&str]) -> bool {
    let text = squash(&fold(text));
    let mut names = artists.iter().flat_map(|names| names.split('\u{1f}'));
    names.any(|name| squash(&fold(name)) == text)
}

/// `Live - Throwing Copper` by the band Live, and a folder that is called like it.
fn without_artist<'a>(folder: &'a str, artists: &[&str]) -> &'a str {
    match folder.split_once(" - ") {
        _ if is_artist(folder, artists) => "",
        Some((first, rest)) if is_artist(first, artists) => rest,
        _ => folder,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(path: &str, album: &str, artist: &str) -> Vec<(Kind, bool)> {
        let claims = claims_of_folders(path, &Album::of(album), &[artist]);
        claims.into_iter().map(|(claim, plain)| (claim.kind, plain)).collect()
    }

    #[test]
    fn the_own_folder_speaks_and_the_albums_above_a_discs() {
        for (path, kind) in [
            ("m/Mara Quill - Low Water (Instrumentals)/a.flac", Kind::Instrumental),
            ("m/Low Water/Bonus CD (Live)/a.flac", Kind::Live),
            ("m/Low Water/Karaoke/a.flac", Kind::Karaoke),
            ("m/Low Water/Mono/a.flac", Kind::Mono),
            ("m/Low Water/CD 2 - Live/a.flac", Kind::Live),
            ("m/Low Water/CD2 - Live in Oslo/a.flac", Kind::Live),
            ("m/Low Water (Live)/CD 1/a.flac", Kind::Live),
            ("m/Mara Quill - Low Water Live/a.flac", Kind::Live),
            ("m/Low Water (Demo)/Disc 02/a.flac", Kind::Demo),
            ("m/Low Water (Live @ Oslo)/a.flac", Kind::Live),
            ("m/Low Water (Stripped)/a.flac", Kind::Acoustic),
            ("m/Low Water/Instrumentals/FLAC/a.flac", Kind::Instrumental),
            ("m/Low Water (Live)/MP3/a.mp3", Kind::Live),
            ("m/Low Water/Karaoke/24bit/a.flac", Kind::Karaoke),
            ("m/Low Water/Live/Disc A/a.flac", Kind::Live),
            ("m/Low Water/Instrumentals/Side A/a.flac", Kind::Instrumental),
            ("m/Low Water/FLAC/Instrumentals/a.flac", Kind::Instrumental),
            ("m/Mara Quill - Live in Oslo/WAV/a.wav", Kind::Live),
            ("m/Low Water (Live)/CD 1/FLAC/a.flac", Kind::Live),
            ("m/Mara Quill & Others - Low Water (Live)/a.flac", Kind::Live),
        ] {
            assert_eq!(kinds(path, "Low Water", "Mara Quill"), [(kind, true)], "{path}");
        }
    }

    #[test]
    fn a_word_alone_is_a_shelfs_outside_the_albums_folder() {
        for (path, kind) in [
            ("Mara Quill/Live/a.flac", Kind::Live),
            ("Karaoke/a.flac", Kind::Karaoke),
            ("Mara Quill/Covers/FLAC/a.flac", Kind::Cover),
            ("Mara Quill - Acoustic/a.flac", Kind::Acoustic),
            ("Remixes & Originals/a.flac", Kind::Remix),
            ("m/Low Water + Live in Oslo/CD1/a.flac", Kind::Live),
            ("m/Low Water (Deluxe Edition with Acoustic Versions)/a.flac", Kind::Acoustic),
        ] {
            assert_eq!(kinds(path, "Low Water", "Mara Quill"), [(kind, false)], "{path}");
        }
        let both = kinds("m/Low Water [incl. Live & Demo Tracks]/a.flac", "Low Water", "Mara Quill");
        assert!(both.iter().all(|(_, plain)| !plain), "{both:?}");
        assert_eq!(kinds("Mara Quill/Live/a.flac", "Mara Quill", "Mara Quill"), [(Kind::Live, false)]);
        let own = kinds("Mara Quill/Mara Quill/Live/a.flac", "Mara Quill", "Mara Quill");
        assert_eq!(own, [(Kind::Live, true)]);
        let with = kinds("m/Love & Hate Instrumentals/a.flac", "Love & Hate", "Mara Quill");
        assert_eq!(with, [(Kind::Instrumental, true)], "the album's own name");
    }

    #[test]
    fn some_shelves_hold_nothing_else() {
        for (path, kind) in [
            ("/mnt/Karaoke/Mara Quill/Low Water/a.flac", Kind::Karaoke),
            ("Music/KARAOKE/M/Mara Quill/Low Water (Deluxe)/CD 1/a.flac", Kind::Karaoke),
            ("Karaoke Versions/Mara Quill - Low Water/a.flac", Kind::Karaoke),
            ("カラオケ/Mara Quill/Low Water/a.flac", Kind::Karaoke),
            ("Instrumentals/Mara Quill/Low Water/FLAC/a.flac", Kind::Instrumental),
            ("Music\\Instrumentals\\Mara Quill\\Low Water\\a.flac", Kind::Instrumental),
        ] {
            assert_eq!(kinds(path, "Low Water", "Mara Quill"), [(kind, true)], "{path}");
        }
        for shelf in [
            "Karaoke Night",
            "Karaoke Kings",
            "Instrumental",
            "Instrumental Rock",
            "Instrumentals and Ballads",
            "Live",
            "Acoustic",
            "Covers",
            "Remixes",
            "Demos",
        ] {
            let path = format!("Music/{shelf}/Mara Quill/Low Water/a.flac");
            assert_eq!(kinds(&path, "Low Water", "Mara Quill"), [], "{path}");
        }
        assert_eq!(kinds("Karaoke/Low Water/a.flac", "Low Water", "Karaoke"), [], "the band's own folder");
        assert_eq!(
            kinds("Karaoke/1/2/3/Mara Quill/Low Water/a.flac", "Low Water", "Mara Quill"),
            [],
            "far above"
        );
        let own = kinds("Instrumentals/Mara Quill/Instrumentals/a.flac", "Instrumentals", "Mara Quill");
        assert_eq!(own, [], "the album says it");
    }

    #[test]
    fn folders_that_only_keep_music_say_nothing() {
        for path in [
            "/home/me/Live Music/Mara Quill/Low Water/a.flac",
            "/home/me/Live Music/a.flac",
            "Music/Karaoke Night/Mara Quill/Low Water/a.flac",
            "Music/Karaoke Night/Low Water/CD 1/a.flac",
            "Music/2004-05-12 Low Water/a.flac",
            "Music/Low Water - Tour/a.flac",
            "Music/Playback/a.flac",
            "Music/Stripped/a.flac",
            "a.flac",
        ] {
            assert_eq!(kinds(path, "Low Water", "Mara Quill"), [], "{path}");
        }
        assert_eq!(kinds("m/Live - Throwing Copper/a.flac", "Throwing Copper", "Live"), []);
        assert_eq!(kinds("m/Live/a.flac", "Throwing Copper", "Live"), []);
        for (folder, album) in [
            ("2004 - Clean", "Clean"),
            ("Mara Quill - Mono", "Mono"),
            ("1977 - Rough Mix [FLAC]", "Rough Mix"),
        ] {
            assert_eq!(kinds(&format!("m/{folder}/a.flac"), album, "Mara Quill"), [], "{folder}");
        }
        // The album's own name says it already.
        assert_eq!(kinds("m/Low Water (Live)/a.flac", "Low Water (Live)", "Mara Quill"), []);
        assert!(says_another_version("Karaoke", "Low Water", "Mara Quill"));
        assert!(!says_another_version("Low Water (Deluxe)", "Low Water", "Mara Quill"));
        assert!(!says_another_version("Low Water (Live)", "Low Water (Live)", "Mara Quill"));
        assert!(!says_another_version("Live", "Throwing Copper", "Live"), "the band's own folder");
        assert!(!says_another_version("", "Low Water", "Mara Quill"));
    }
}
