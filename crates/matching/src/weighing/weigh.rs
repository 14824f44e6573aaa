//! How well one file fits: every way to read its texts is weighed, the best one counts.

use std::sync::Arc;

use crate::classical::work::{Work, WorkFit};
use crate::readings::album_in_title::without_album;
use crate::readings::describe::{Album, From, Reading, Readings, Sought, marks};
use crate::readings::file_names::spelt_out;
use crate::readings::names::{Agreement, says_nobody};
use crate::readings::paths::PathWords;
use crate::search::collection::File;
use crate::texts::normalise::{fold, squash};
use crate::versions::table::{Claim, Kind};
use crate::weighing::advisory::{claim_by_genre, claim_by_mark};
use crate::weighing::descriptions::Descriptions;
use crate::weighing::evidence::Ledger;
use crate::weighing::fit::{TitleFit, begun_by, says_only_a_year_more, title_fit};
use crate::weighing::for_many::is_for_many;
use crate::weighing::guests::guest_evidence;
use crate::weighing::held::{Held, held};
use crate::weighing::kinds::{Agreeing, VersionFit, version_evidence};
use crate::weighing::objection::{Against, Objections};
use crate::weighing::part_title::part_fit;
use crate::weighing::place::{Around, PlaceFit, place_evidence};
use crate::weighing::points::{album_evidence, artist_evidence, duration_evidence, title_evidence};
use crate::weighing::sound::Sounding;
use crate::{Index, Policy};
use agreeing::parent_folder;
pub(crate) use weighed::{AlbumFit, Weighed, added};

mod agreeing;
mod objecting;
mod weighed;

/// What every reading of one file is weighed with.
struct Weighing<'a> {
    index: &'a Index,
    sought: &'a Sought,
    file: &'a File<'a>,
    at: u32,
    readings: &'a Readings,
    policy: &'a Policy,
    isrc_agrees: bool,
    mbid_agrees: bool,
}

/// Whose texts are read.
#[derive(Clone, Copy)]
enum Texts<'a> {
    /// The file's own, as the index has it at this place.
    Own(&'a Descriptions, u32),
    /// With short forms spelt out, for who is wanted.
    Spelt,
}

/// Weighs a file; `None` when nothing in it comes near.
pub(crate) fn weigh(
    index: &Index,
    sought: &Sought,
    file: &File<'_>,
    at: u32,
    policy: &Policy,
) -> Option<Weighed> {
    let spelt = sought.own_version.in_file(file);
    let file = &spelt.as_ref().map_or(*file, |spelt| spelt.file(file));
    let texts = if spelt.is_none() { Texts::Own(&index.descriptions, at) } else { Texts::Spelt };
    let readings = first_readings(file, sought, texts);
    let isrc_agrees = sought.isrc.as_deref().is_some_and(|isrc| isrc == file.isrc);
    let mbid_agrees = sought.mbid.as_deref().is_some_and(|mbid| mbid == file.mbid);
    let mut best: Option<Weighed> = None;
    let mut weigh_as = |file: &File<'_>, readings: &Readings| {
        let weighing = Weighing { index, sought, file, at, readings, policy, isrc_agrees, mbid_agrees };
        for weighed in readings.all.iter().filter_map(|reading| weighing.weigh(reading)) {
            if best.as_ref().is_none_or(|known| weighed.rank() > known.rank()) {
                best = Some(weighed);
            }
        }
        best.as_ref().is_some_and(|best| !best.is_nobodys)
    };
    let mut is_somebodys = weigh_as(file, &readings);
    // `Ember (Cinders)` and `Ember (Ashes)` are not one title for each being on an album of that name.
    let albums: &[&Album] =
        if sought.album_cut { &[&sought.album] } else { &[&sought.album, &readings.album] };
    if let Some(bare) = without_album(file.title, !says_nobody(file.artists), albums) {
        let bare = File { title: &bare, ..*file };
        is_somebodys = weigh_as(&bare, &Readings::of(&bare));
    }
    if file.title.is_empty()
        && let Some((artist, title)) = spelt_out(file.path, sought)
    {
        // The name stands for the tags; read as a file's name it would be taken apart again.
        let spelt = File { title: &title, artists: &artist, ..*file };
        let mut readings = Readings::of(&spelt);
        readings.all.iter_mut().for_each(|reading| reading.from = From::FileName);
        is_somebodys = weigh_as(&spelt, &readings);
    }
    if !is_somebodys && says_nobody(file.artists) {
        for readings in other_readings(file) {
            weigh_as(file, &readings);
        }
    }
    best
}

/// A file's texts; a folder that is called as the wanted album, `LP1`, is no disc's.
fn first_readings(file: &File<'_>, sought: &Sought, texts: Texts<'_>) -> Arc<Readings> {
    let is_told = !file.album.is_empty() && !says_nobody(file.artists);
    let is_album = || {
        let wanted = squash(&sought.album.folded);
        !wanted.is_empty() && squash(&fold(parent_folder(file.path))) == wanted
    };
    // Where the tags name both, no folder is asked.
    let nearest = is_told || is_album();
    let describe = || match nearest {
        true => Readings::with_folders(file, &PathWords::nearest(file.path)),
        false => Readings::of(file),
    };
    match texts {
        Texts::Own(descriptions, at) => descriptions.of((at, nearest), describe),
        Texts::Spelt => Arc::new(describe()),
    }
}

/// The other ways to read its folders. One that is passed over must say which version it holds.
fn other_readings(file: &File<'_>) -> impl Iterator<Item = Readings> {
    let says_so = |readings: &Readings| readings.album.by_folders.iter().any(|(_, plain)| *plain);
    PathWords::otherwise(file.path).filter_map(move |path| {
        let readings = Readings::with_folders(file, &path);
        (path.is_nearest || says_so(&readings)).then_some(readings)
    })
}

impl Weighing<'_> {
    fn weigh(&self, reading: &Reading) -> Option<Weighed> {
        let (sought, file, readings) = (self.sought, self.file, self.readings);
        let id_agrees = self.isrc_agrees || self.mbid_agrees;
        let work = sought.work.as_ref().and_then(|_| reading.work(file.composers, &readings.album));
        let (title, held) = self.title(reading, work.as_ref());
        let told_names = sought.names.agreement(reading.names(), sought.lead);
        let is_for_many = told_names <= Agreement::Unknown && self.is_for_many(reading, title);
        let mut names = if is_for_many { Agreement::Unknown } else { told_names };
        let mut against = Objections::default();
        if let (Some(wanted), Some(offered), Some(title)) = (&sought.work, &work, title) {
            names = self.object_to_works(reading, (wanted, offered), title, names, &mut against);
        }
        if held == Some(Held::Perhaps) && !id_agrees {
            against.raise(Against::Words, "one title holds the other, and may be of more than this track");
        }
        // A title and an artist can only have changed places where both are there.
        let swapped = matches!(reading.from, From::Swapped | From::FileNameSwapped);
        let misread = swapped && names == Agreement::Unknown;
        if (title.is_none() || names == Agreement::Differs || misread) && !id_agrees {
            return None;
        }
        let mut ledger = Ledger::default();
        title_evidence(&mut ledger, title, reading.from);
        artist_evidence(&mut ledger, names, reading.credit);
        let album = album_evidence(&mut ledger, sought, &readings.album);
        let close = self.is_close();
        let agreeing = self.agreeing(album);
        let claims = self.claims(reading, title, agreeing);
        let VersionFit { stand_in, told, any_length } = version_evidence(
            &mut ledger,
            sought,
            &claims,
            &readings.album,
            agreeing,
            self.policy,
            &mut against,
        );
        let apart = duration_evidence(&mut ledger, sought.duration, file.duration, any_length, &mut against);
        let trusted = close && matches!(album, AlbumFit::Same | AlbumFit::Edition);
        let settled = self.settled(trusted, title, names, album);
        guest_evidence(&mut ledger, sought, reading, &readings.credit, settled, &mut against);
        let place = self.place(&mut ledger, album, id_agrees || any_length, &mut against);
        self.object_to_company(reading, names, album, trusted, &mut against);
        self.object_to_texts(reading, title, names, apart, &mut against);
        self.object_to_name(reading, album, &mut against);
        if is_for_many {
            self.object_to_for_many(told_names, &mut against);
        }
        self.object_to_unproven(reading, album, stand_in.is_empty(), &mut against);
        self.id_evidence(&mut ledger);
        Some(Weighed {
            at: self.at,
            strength: ledger.strength(against.gravest()),
            length_known: apart.is_some(),
            stand_in: (!stand_in.is_empty()).then(|| stand_in.join(", ")),
            told: (!told.is_empty()).then(|| told.join(", ")),
            any_length,
            sound: Sounding::default(),
            against,
            recording: recording_key(reading, &claims, &readings.album),
            duration: file.duration,
            exact: title == Some(TitleFit::Same) && (names >= Agreement::Listed || is_for_many),
            is_near: names >= Agreement::Listed && says_only_a_year_more(&sought.title, &reading.title),
            same_marks: sought.marks == marks(reading.printed()),
            is_nobodys: names == Agreement::Unknown && !sought.names.is_empty(),
            album,
            place,
            apart,
            id_agrees,
            reasons: ledger.into_reasons(),
        })
    }

    /// How the titles compare, and what of that is only that one holds the other.
    fn title(&self, reading: &Reading, work: Option<&Work>) -> (Option<TitleFit>, Option<Held>) {
        let same_title = title_fit(self.sought, reading, work, &self.readings.album);
        let part = if same_title.is_none() { self.part_fit(reading) } else { None };
        let is_open = same_title.is_none() && part != Some(TitleFit::Songs);
        let held = if is_open { self.held(reading, work) } else { None };
        (same_title.or(held.map(|_| TitleFit::Held)).or(part), held)
    }

    /// What the file says it is: its title and name, the beginning of a word that its tag cuts off, what shops mark, and its
    /// genre.
    fn claims(&self, reading: &Reading, title: Option<TitleFit>, agreeing: Agreeing) -> Vec<Claim> {
        let (sought, readings) = (self.sought, self.readings);
        let mut claims = offer_claims(reading, readings);
        if title == Some(TitleFit::Same) {
            claims.extend(begun_by(&sought.title, &reading.title));
        }
        claim_by_mark(&mut claims, (sought, self.file), &readings.album, agreeing, self.policy);
        claim_by_genre(&mut claims, (sought, self.file), &readings.album, agreeing);
        claims
    }

    /// Whether its artist tag speaks for all of the very album that is wanted, which has this title.
    fn is_for_many(&self, reading: &Reading, title: Option<TitleFit>) -> bool {
        let wanted = &self.sought.album.folded;
        title == Some(TitleFit::Same)
            && self.sought.work.is_none()
            && !self.sought.names.is_empty()
            && !wanted.is_empty()
            && squash(wanted) == squash(&fold(self.file.album))
            && is_for_many(self.file, reading)
    }

    fn id_evidence(&self, ledger: &mut Ledger) {
        if self.isrc_agrees {
            ledger.add("isrc", 2.0, "ISRC agrees");
        }
        if self.mbid_agrees {
            ledger.add("mbid", 2.0, "MusicBrainz id agrees");
        }
    }

    /// Whether a title that is another one is the wanted one with more, or less, around it.
    fn held(&self, reading: &Reading, work: Option<&Work>) -> Option<Held> {
        let held = held(self.sought, reading, self.place_fit(), self.apart())?;
        let (ours, theirs) = (self.sought.album.works(), self.readings.album.works());
        let is_other =
            |(wanted, offered): (&Work, &Work)| wanted.compare(offered, &ours, &theirs) == WorkFit::Other;
        let are_others = self.sought.work.as_ref().zip(work).is_some_and(is_other);
        (self.same_release() && !are_others).then_some(held)
    }

    /// How much of the titles agrees where they are not the same. Classical works have rules of their own.
    fn part_fit(&self, reading: &Reading) -> Option<TitleFit> {
        let sought = self.sought;
        let has_songs = !sought.title.songs.is_empty() || !reading.title.songs.is_empty();
        let is_at_its_place = self.is_close() && self.place_fit().agrees();
        // Most files that are looked at have another title: what costs more is only asked where it may tell.
        let may_tell = sought.work.is_none() && (has_songs || is_at_its_place);
        if may_tell { part_fit(sought, reading, self.beyond()) } else { None }
    }

    fn place(
        &self,
        ledger: &mut Ledger,
        album: AlbumFit,
        settled: bool,
        against: &mut Objections,
    ) -> PlaceFit {
        let (index, file, apart) = (self.index, self.file, self.apart());
        let (title, claims) = (&self.sought.title.whole(), self.sought.title.claims.as_slice());
        let around = Around { index, file, album, title, claims, apart, settled };
        place_evidence(ledger, self.sought.place, around, against)
    }
}

fn recording_key(reading: &Reading, claims: &[Claim], album: &Album) -> String {
    // Bare titles on two live albums are two performances.
    let special = if album.claims.is_empty() { "" } else { &album.base };
    let mut kinds: Vec<String> = claims
        .iter()
        .chain(album.by_folders.iter().map(|(claim, _)| claim))
        .filter(|claim| !matches!(claim.kind, Kind::Explicit | Kind::Stereo))
        .map(|claim| format!("{:?}{}", claim.kind, claim.particulars.concat()))
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    format!("{}|{}|{special}", squash(&reading.title.whole()), kinds.join("+"))
}

/// What the file says it is: its title's claims, and its name's.
fn offer_claims(reading: &Reading, readings: &Readings) -> Vec<Claim> {
    let mut claims = reading.title.claims.clone();
    for claim in &readings.name_claims {
        if claims.iter().all(|known| known.kind != claim.kind) {
            claims.push(claim.clone());
        }
    }
    claims
}
