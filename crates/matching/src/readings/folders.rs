//! What a file's folders say of its version beside what the album's tag says: `Low Water (Instrumentals)`, `CD 2 - Live`.
//!
//! Programs and shops tag a bonus disc or another mix with the plain album, and only its folder tells. The file's own
//! folder speaks, and the album's above that of a disc. What lies higher up is how somebody keeps music: nothing is live
//! for lying somewhere below `Live Music`.

use crate::readings::describe::Album;
use crate::texts::normalise::{fold, squash};
use crate::versions::album_claims::claims_of_album;
use crate::versions::table::{Claim, Kind};

/// Words that folders of discs begin with.
const DISCS: &[&str] = &["cd", "disc", "disk", "disque", "side"];

/// What the folders of a file claim that its album's name does not; `artists` are the names in its tags.
pub(crate) fn claims_of_folders(path: &str, album: &Album, artists: &[&str]) -> Vec<Claim> {
    let mut folders = path.rsplit(['/', '\\']).skip(1);
    let own = folders.next().unwrap_or_default();
    let of_disc = folders.next().filter(|_| is_of_disc(own));
    let mut claims: Vec<Claim> = Vec::new();
    for folder in [Some(own), of_disc].into_iter().flatten() {
        for claim in new_claims(folder, album, artists) {
            if claims.iter().all(|known| known.kind != claim.kind) {
                claims.push(claim);
            }
        }
    }
    claims
}

/// Whether a folder's name says of what is in it that it is another version than the album's name says: live,
/// instrumental, karaoke.
pub fn says_another_version(folder: &str, album: &str, artist: &str) -> bool {
    !new_claims(folder, &Album::of(album), &[artist]).is_empty()
}

fn new_claims(folder: &str, album: &Album, artists: &[&str]) -> Vec<Claim> {
    if folder == album.printed {
        return Vec::new();
    }
    let text = without_artist(folder, artists);
    let is_new = |kind: Kind| album.claims.iter().all(|(known, _)| known.kind != kind);
    // A day, a hall or `tour` in a folder's name may be that of a purchase or a label, `Playback` and `Stripped` that of a
    // shelf.
    let tells = |kind: Kind, plain: bool| {
        let may_be_something_else =
            matches!(kind, Kind::Live | Kind::Cover | Kind::Acoustic | Kind::Karaoke | Kind::Named);
        plain || !may_be_something_else || kind == Kind::Live && fold(text).ends_with(" live")
    };
    let claims = claims_of_album(text).into_iter();
    claims
        .filter(|(claim, plain)| is_new(claim.kind) && tells(claim.kind, *plain))
        .map(|(claim, _)| claim)
        .collect()
}

/// `Live - Throwing Copper` by the band Live, and a folder that is called like it.
fn without_artist<'a>(folder: &'a str, artists: &[&str]) -> &'a str {
    let is_artist = |text: &str| {
        let text = squash(&fold(text));
        let mut names = artists.iter().flat_map(|names| names.split('\u{1f}'));
        names.any(|name| squash(&fold(name)) == text)
    };
    match folder.split_once(" - ") {
        _ if is_artist(folder) => "",
        Some((first, rest)) if is_artist(first) => rest,
        _ => folder,
    }
}

/// `CD1`, `Disc 2 - Live`, `[disc 3]`.
fn is_of_disc(folder: &str) -> bool {
    let folded = fold(folder);
    DISCS.iter().filter_map(|word| folded.strip_prefix(word)).any(|rest| {
        let rest = rest.trim_start();
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        (1..=2).contains(&digits)
            && rest.get(digits..).is_some_and(|after| !after.starts_with(char::is_alphanumeric))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(path: &str, album: &str, artist: &str) -> Vec<Kind> {
        claims_of_folders(path, &Album::of(album), &[artist]).into_iter().map(|claim| claim.kind).collect()
    }

    #[test]
    fn the_own_folder_speaks_and_the_albums_above_a_discs() {
        for (path, kind) in [
            ("m/Mara Quill - Low Water (Instrumentals)/a.flac", Kind::Instrumental),
            ("m/Low Water/Bonus CD (Live)/a.flac", Kind::Live),
            ("m/Low Water/Karaoke/a.flac", Kind::Karaoke),
            ("m/Low Water/CD 2 - Live/a.flac", Kind::Live),
            ("m/Low Water/CD2 - Live in Oslo/a.flac", Kind::Live),
            ("m/Low Water (Live)/CD 1/a.flac", Kind::Live),
            ("m/Mara Quill - Low Water Live/a.flac", Kind::Live),
            ("m/Low Water (Demo)/Disc 02/a.flac", Kind::Demo),
            ("m/Low Water (Live @ Oslo)/a.flac", Kind::Live),
            ("m/Low Water (Stripped)/a.flac", Kind::Acoustic),
        ] {
            assert_eq!(kinds(path, "Low Water", "Mara Quill"), [kind], "{path}");
        }
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
        // The album's own name says it already.
        assert_eq!(kinds("m/Low Water (Live)/a.flac", "Low Water (Live)", "Mara Quill"), []);
        assert!(says_another_version("Karaoke", "Low Water", "Mara Quill"));
        assert!(!says_another_version("Low Water (Deluxe)", "Low Water", "Mara Quill"));
    }
}
