//! What the albums of both sides add to what the titles claim, and where they leave it open which recording it is.

use crate::readings::describe::{Album, Sought};
use crate::versions::album_claims::claims_of_album;
use crate::versions::table::{Claim, Kind};
use crate::weighing::kinds::Agreeing;

/// Adds what both albums say to what the titles of both sides claim.
pub(crate) fn extend_by_albums(
    wanted: &mut Vec<Claim>,
    offered: &mut Vec<Claim>,
    sought: &Sought,
    album: &Album,
    agreeing: Agreeing,
) {
    let (ours, theirs) = (wanted.clone(), offered.clone());
    if agreeing.same_album {
        let settles = |(claim, plain): &&(Claim, bool)| agreeing.settles(album, claim.kind, *plain);
        let said: Vec<Kind> = album.claims.iter().filter(settles).map(|(claim, _)| claim.kind).collect();
        wanted.extend(said_by_album(&said, &ours, &theirs));
        let settles = |(claim, plain): &&(Claim, bool)| {
            agreeing.settles(album, claim.kind, *plain) || agreeing.settles_for_file(sought, album)
        };
        let mut said: Vec<Kind> = album.claims.iter().filter(settles).map(|(claim, _)| claim.kind).collect();
        // `Ebb - Acoustic; Live at the Barn` of `Unplugged`.
        said.extend(album.base.split(' ').any(|word| word == "unplugged").then_some(Kind::Acoustic));
        offered.extend(said_by_album(&said, &theirs, &ours));
        return;
    }
    if are_editions(&sought.album, album) {
        let mut said: Vec<Kind> = plain_in_both(&sought.album, album);
        if !agreeing.close() {
            let is_of_all = |kind: Kind| {
                claims_of_album(&album.base).iter().any(|(claim, plain)| claim.kind == kind && *plain)
            };
            said.retain(|kind| agreeing.untimed && is_of_all(*kind) && is_its_evening(&ours, *kind, album));
        }
        wanted.extend(said_by_album(&said, &ours, &theirs));
        offered.extend(said_by_album(&said, &theirs, &ours));
    }
    extend_by_album(wanted, &sought.album, &theirs, album);
    extend_by_album(offered, album, &ours, &sought.album);
    if album.has_name_of(&sought.album) {
        // Two printings of one release: what only the type of one says holds for both.
        offered.retain(|claim| !album.by_type.contains(&claim.kind) || theirs.contains(claim));
        let (more_wanted, more_offered) =
            (said_by_album(&album.by_type, wanted, &theirs), said_by_album(&album.by_type, offered, &ours));
        wanted.extend(more_wanted);
        offered.extend(more_offered);
    }
}

impl Agreeing {
    /// Whether the one album of both settles for its titles what it says of them. Where an edition only adds such tracks, or
    /// where the name may mean something else, playing time or place must agree as well.
    fn settles(self, album: &Album, kind: Kind, plain: bool) -> bool {
        match plain {
            true => self.close() || self.untimed || is_all_of(album, kind),
            false => self.close() && self.place.agrees(),
        }
    }

    /// The same of a file whose title leaves out what the wanted one says: `Ebb (Live)` of `Alive`. A single of that name
    /// has the studio recording of it, too.
    fn settles_for_file(self, sought: &Sought, album: &Album) -> bool {
        let is_alone = !album.base.contains(' ') && album.base != sought.title.base;
        is_alone && self.close() || self.place.agrees() && (self.close() || self.untimed)
    }
}

/// Whether all of an album is of a kind, and not only what an edition adds: `Low Water (Live Deluxe Edition)`.
fn is_all_of(album: &Album, kind: Kind) -> bool {
    const ADDED: [&str; 5] = ["deluxe", "expanded", "bonus", "edition", "special"];
    if album.by_type.contains(&kind) {
        return true;
    }
    let adds = album.folded.split(' ').any(|word| ADDED.contains(&word));
    !adds && claims_of_album(&album.base).iter().any(|(claim, plain)| claim.kind == kind && *plain)
}

/// Whether one name holds all of the other's words, and both begin alike: `Live in Oslo`, `Live in Oslo (Remastered)`.
fn are_editions(a: &Album, b: &Album) -> bool {
    !a.base.is_empty() && a.base == b.base && (holds(&a.folded, &b.folded) || holds(&b.folded, &a.folded))
}

/// Whether a title that says where it was played names the place or the time that the album does: `Ebb - Live at Leeds, UK` of
/// `Live at Leeds (Deluxe)`, which has another evening, too.
fn is_its_evening(title: &[Claim], kind: Kind, album: &Album) -> bool {
    let is_named = |claim: &Claim| {
        let mut words = claim.particulars.iter();
        claim.particulars.is_empty() || words.any(|word| holds(&album.folded, word))
    };
    title.iter().filter(|claim| claim.kind == kind).all(is_named)
}

/// Whether a folded text has all words of another.
pub(crate) fn holds(text: &str, words: &str) -> bool {
    words.split(' ').all(|word| text.split(' ').any(|other| other == word))
}

fn plain_in_both(a: &Album, b: &Album) -> Vec<Kind> {
    let plain =
        |album: &Album, kind: Kind| album.claims.iter().any(|(claim, plain)| claim.kind == kind && *plain);
    let kinds = a.claims.iter().map(|(claim, _)| claim.kind);
    kinds.filter(|kind| plain(a, *kind) && plain(b, *kind)).collect()
}

/// On one album that says it is live, `Ember` and `Ember - Live at Fenmoor` are one take: what one title leaves to the
/// album, the other says.
fn said_by_album(said: &[Kind], own: &[Claim], other: &[Claim]) -> Vec<Claim> {
    let unsaid =
        |claim: &&Claim| said.contains(&claim.kind) && own.iter().all(|known| known.kind != claim.kind);
    other.iter().filter(unsaid).cloned().collect()
}

/// Adds what an album's name claims, unless the other side's own texts already settle that kind.
fn extend_by_album(claims: &mut Vec<Claim>, album: &Album, other: &[Claim], other_album: &Album) {
    for (claim, _) in &album.claims {
        let own = claims.iter().any(|known| known.kind == claim.kind);
        let shared = other_album.claims.iter().any(|(known, _)| known.kind == claim.kind);
        if !own && !shared {
            let same = other.iter().filter(|known| known.kind == claim.kind);
            let particulars = same.flat_map(|known| known.particulars.clone()).collect();
            claims.push(Claim { kind: claim.kind, particulars });
        }
    }
}

/// Why a file is doubted that only its album calls what the wanted title says of itself, where no playing time settles it:
/// `Ebb - Live at Oslo` may be another evening than `Ebb` of `Live in Bergen`. An album of the wanted one's kind is compared
/// by its name elsewhere.
pub(crate) fn open_by_album(
    sought: &Sought,
    claims: &[Claim],
    album: &Album,
    agreeing: Agreeing,
) -> Option<(Kind, &'static str)> {
    if agreeing.same_album || agreeing.close() || agreeing.id {
        return None;
    }
    let is_of = |album: &Album, kind: Kind| album.claims.iter().any(|(claim, _)| claim.kind == kind);
    let mut open = sought.title.claims.iter().filter(|claim| {
        let is_told = claims.iter().any(|known| known.kind == claim.kind);
        !is_told && is_of(album, claim.kind) && !is_of(&sought.album, claim.kind)
    });
    open.find_map(|claim| match claim.kind {
        Kind::Live if agreeing.apart.is_none() => Some((
            Kind::Live,
            "live by its album's name, and no playing time tells that it is this recording",
        )),
        kind if claim.particulars.iter().any(|word| !holds(&album.folded, word)) => {
            Some((kind, "the version is told by the album's name only, and not that it is the wanted one"))
        }
        _ => None,
    })
}

/// Whether an album's name begins with the wanted one's and goes on: `Low Water Symphonic` is that album as another version.
pub(crate) fn goes_on(album: &Album, wanted: &Album) -> bool {
    let rest = album.folded.strip_prefix(wanted.base.as_str()).filter(|_| !wanted.base.is_empty());
    rest.is_some_and(|rest| rest.starts_with(' '))
}

#[cfg(test)]
mod tests {
    use ferrotape_domain::{ArtistCredit, Wanted, WantedKind};

    use super::*;
    use crate::Policy;
    use crate::readings::folders::claims_of_folders;
    use crate::versions::album_words::{
        ALBUM_ALONE, ALBUM_ANYWHERE, ALBUM_BEFORE_EDITION, ALBUM_EDGE, ALBUM_IN_BRACKETS, ALBUM_LAST,
        ALBUM_SET_OFF,
    };
    use crate::weighing::evidence::Ledger;
    use crate::weighing::kinds::version_evidence;
    use crate::weighing::objection::Objections;
    use crate::weighing::place::PlaceFit;

    /// What the versions object to in a file of this very title and album.
    fn objected(title: &str, album: &str, path: &str, apart: Option<u32>) -> Option<String> {
        let mut wanted = Wanted::of_kind(WantedKind::Recording);
        wanted.title = title.to_owned();
        wanted.artists = ArtistCredit::of_names(&["Mara Quill"]);
        wanted.release = Some(album.to_owned());
        let sought = Sought::of(&wanted);
        let mut of_file = Album::of(album);
        of_file.by_folders = claims_of_folders(path, &of_file, &["Mara Quill"]);
        let (mut ledger, mut against) = (Ledger::default(), Objections::default());
        let agreeing = Agreeing {
            apart,
            untimed: apart.is_none(),
            same_album: true,
            place: PlaceFit::Unknown,
            id: false,
            one_track: false,
        };
        let claims = sought.title.claims.clone();
        let policy = Policy::default();
        version_evidence(&mut ledger, &sought, &claims, &of_file, agreeing, &policy, &mut against);
        against.sentence()
    }

    #[test]
    fn no_word_speaks_against_a_file_of_the_very_album_that_is_wanted() {
        let tables = [
            ALBUM_ALONE,
            ALBUM_ANYWHERE,
            ALBUM_BEFORE_EDITION,
            ALBUM_EDGE,
            ALBUM_IN_BRACKETS,
            ALBUM_LAST,
            ALBUM_SET_OFF,
        ];
        let tables = tables.iter().flat_map(|table| table.iter());
        let words = tables.flat_map(|(_, words)| words.split(',')).map(str::trim);
        for word in words.filter(|word| !word.is_empty()) {
            for album in [word.to_owned(), format!("Low Water ({word})"), format!("Low Water - {word}")] {
                for title in ["Ebb", word] {
                    let own = format!("m/Mara Quill/{album}/a.flac");
                    let dated = format!("m/Mara Quill/2004 - {album}/a.flac");
                    for (path, apart) in
                        [(&own, Some(0)), (&own, Some(5_000)), (&own, None), (&dated, Some(0))]
                    {
                        assert_eq!(
                            objected(title, &album, path, apart),
                            None,
                            "{title} of {album} in {path}"
                        );
                    }
                }
            }
        }
    }
}
