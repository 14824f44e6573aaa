//! Who tells of a difference between two versions, and what that leaves of it: a mere doubt, a missing label, or all.

use super::Agreeing;
use crate::readings::describe::{Album, Sought};
use crate::texts::numerals::MONTHS;
use crate::versions::table::{Claim, Kind};
use crate::weighing::advisory::may_be_explicit;
use crate::weighing::by_album::goes_on;
use crate::weighing::lengths::AS_LONG;

/// Who tells of a difference.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told {
    kind: Kind,
    /// The file is what it says, not the wanted recording.
    by_file: bool,
    /// Only an album or a folder does.
    by_album: bool,
    /// Only a folder that may be a shelf does.
    by_shelf: bool,
    plain: bool,
    /// It is the clean version, and the explicit one may be wanted.
    of_other_words: bool,
}

/// Who tells of a difference in this kind.
pub(super) fn told(
    kind: Kind,
    by_file: bool,
    sought: &Sought,
    claims: &[Claim],
    album: &Album,
    by_folders: &[(Claim, bool)],
) -> Told {
    let is_silent = |own: &[Claim]| own.iter().all(|claim| claim.kind != kind);
    let by_album = is_silent(&sought.title.claims) && is_silent(claims);
    let says = |all: &[(Claim, bool)]| all.iter().any(|(claim, _)| claim.kind == kind);
    let plainly = |all: &[(Claim, bool)]| all.iter().any(|(claim, plain)| claim.kind == kind && *plain);
    let names_its_single = |one: &Album| kind == Kind::Remix && is_single_of_another(one, sought);
    let by_album_plainly = |one: &Album| plainly(&one.claims) && !names_its_single(one);
    let plain = by_album_plainly(album) || by_album_plainly(&sought.album) || plainly(by_folders);
    // `Low Water Symphonic`, where `Low Water` is wanted.
    let is_its_version =
        matches!(kind, Kind::Named | Kind::Acoustic) && says(&album.claims) && goes_on(album, &sought.album);
    let by_shelf = by_album && !says(&album.claims) && says(by_folders) && !plainly(by_folders);
    let of_other_words = kind == Kind::Clean && by_file && may_be_explicit(sought);
    Told { kind, by_file, by_album, by_shelf, plain: plain || is_its_version, of_other_words }
}

impl Told {
    /// Whether the difference is no more than a doubt. That the wanted album is a live one does not prove that a bare
    /// title of no known album is not its live take, and two descriptions of one album's take may share no word.
    pub(super) fn is_only_a_doubt(self, sought: &Sought, album: &Album, agreeing: Agreeing) -> bool {
        let by_wanted_album = self.by_album && !self.by_file;
        let elsewhere = by_wanted_album && !album.folded.is_empty() && album.base != sought.album.base;
        // `A Night at the Opera` is perhaps no live one: the very length on another album says that it is not.
        let is_studio = !self.plain && agreeing.is_within(AS_LONG);
        if elsewhere {
            return is_studio;
        }
        // An id and the length say more than the name of an album.
        let outweighed = self.by_album && agreeing.id && agreeing.close();
        self.by_album && !self.plain || by_wanted_album || outweighed
    }

    /// Whether all but the words agrees. Services call every track of a concert `Live` and every short piece `Interlude`, the
    /// files of that album do not; and two descriptions of one take may share no word.
    pub(super) fn is_only_a_label(
        self,
        (wanted, offered): (&[Claim], &[Claim]),
        album: &Album,
        agreeing: Agreeing,
    ) -> bool {
        let is_live = self.kind == Kind::Live;
        if is_live && !self.by_file && agreeing.id && agreeing.close() {
            return true;
        }
        let one_take = is_live
            && agreeing.same_album
            && agreeing.close()
            && both_claim(wanted, offered, Kind::Live)
            && !two_evenings(wanted, offered);
        let is_left_out = || match self.kind {
            Kind::Live => true,
            Kind::Acoustic => {
                album.claims.iter().any(|(claim, _)| matches!(claim.kind, Kind::Live | Kind::Acoustic))
            }
            Kind::Named => names_a_piece(wanted),
            _ => false,
        };
        one_take || !self.by_file && agreeing.one_track && is_left_out()
    }

    /// Whether an agreeing playing time settles a doubt.
    pub(super) fn is_settled(self, agreeing: Agreeing) -> bool {
        // Another mix plays just as long; on one album only the label may be missing.
        let other_mix = self.kind == Kind::Mono && !agreeing.id && (self.by_file || !agreeing.same_album);
        // So does the clean version.
        let other_words = self.of_other_words && !agreeing.id;
        // So does a karaoke version, and on a shelf another number makes two weak signs.
        let other_on_shelf = self.by_shelf && !agreeing.id && self.kind == Kind::Karaoke;
        let misplaced = self.by_shelf && agreeing.place.differs() && !agreeing.is_within(AS_LONG);
        // `Ebb - Live` of `Alive 1997`: of the file there only the title leaves it out, and no playing time can agree.
        let by_live_album =
            self.kind == Kind::Live && !self.by_file && agreeing.untimed && agreeing.one_track;
        (agreeing.close() || by_live_album) && !other_mix && !other_words && !other_on_shelf && !misplaced
    }
}

/// Whether an album is called after one remix, and that of another song: `Ember (Tarn Bell Remix)` with `Neap` on it.
fn is_single_of_another(album: &Album, sought: &Sought) -> bool {
    album.base != album.folded && album.folded.ends_with(" remix") && album.base != sought.title.base
}

fn both_claim(a: &[Claim], b: &[Claim], kind: Kind) -> bool {
    [a, b].iter().all(|claims| claims.iter().any(|claim| claim.kind == kind))
}

/// Whether what is wanted only says that it stands between others: `Ebb (Interlude)`.
fn names_a_piece(wanted: &[Claim]) -> bool {
    const PIECES: [&str; 7] = ["interlude", "interludio", "zwischenspiel", "skit", "intro", "outro", "duet"];
    let named = wanted.iter().filter(|claim| claim.kind == Kind::Named);
    let mut words = named.flat_map(|claim| &claim.particulars).peekable();
    words.peek().is_some() && words.all(|word| PIECES.contains(&word.as_str()))
}

/// Whether both say where, or both say when, a live recording was made, and each names something the other does
/// not (two places may share the word `arena`).
fn two_evenings(wanted: &[Claim], offered: &[Claim]) -> bool {
    let said = |claims: &[Claim], numbers: bool| -> Vec<String> {
        let live = claims.iter().filter(|claim| claim.kind == Kind::Live);
        let words = live.flat_map(|claim| claim.particulars.iter());
        words
            .filter(|word| {
                word.bytes().any(|b| b.is_ascii_digit()) == numbers && !MONTHS.contains(&word.as_str())
            })
            .cloned()
            .collect()
    };
    [false, true].into_iter().any(|numbers| {
        let (ours, theirs) = (said(wanted, numbers), said(offered, numbers));
        ours.iter().any(|word| !theirs.contains(word)) && theirs.iter().any(|word| !ours.contains(word))
    })
}
