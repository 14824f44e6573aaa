//! What of a file's texts speaks against it, whatever else agrees.

use super::{AlbumFit, Weighing};
use crate::classical::performers::{Beside, OTHERS, players_agree, players_of, plays_another};
use crate::classical::work::Work;
use crate::readings::describe::{Credit, From, Reading};
use crate::readings::names::{Agreement, Names};
use crate::readings::title::is_on_every_album;
use crate::texts::normalise::{edits, fold, squash};
use crate::texts::phrases::contains_phrase;
use crate::versions::album_pieces::name_other_years;
use crate::weighing::fit::{TitleFit, from_film_only, says_only_a_year_more};
use crate::weighing::for_many::names_another;
use crate::weighing::lengths::CLOSE;
use crate::weighing::marks::{is_doubtful, unknown_mark};
use crate::weighing::misspelling::{Surroundings, differ_in_a_number};
use crate::weighing::objection::{Against, Objections};
use crate::weighing::other_name::named_otherwise;
use crate::weighing::part_title::part_says;
use crate::weighing::partners::{are_other_composers, are_others};
use crate::weighing::unproven::{is_compared_whole, unproven};

impl Weighing<'_> {
    /// That nothing speaks against a file is no proof where neither playing time, album nor an id agrees.
    pub(super) fn object_to_unproven(
        &self,
        reading: &Reading,
        album: AlbumFit,
        is_itself: bool,
        against: &mut Objections,
    ) {
        let id_agrees = self.isrc_agrees || self.mbid_agrees;
        if !id_agrees && against.is_empty() && !is_compared_whole(self.sought, self.file) {
            against.raise(Against::Unproven, "its title is too long to be compared to its end");
        }
        let is_proven = self.sought.duration.is_some() || album <= AlbumFit::Edition || id_agrees;
        if !is_proven
            && against.is_empty()
            && let Some(says) = unproven(self.sought, self.file, reading, is_itself)
        {
            against.raise(Against::Unproven, says);
        }
    }

    /// What the works that both titles name forbid, and how the artists agree when composers are not taken for players.
    pub(super) fn object_to_works(
        &self,
        reading: &Reading,
        works: (&Work, &Work),
        title: TitleFit,
        names: Agreement,
        against: &mut Objections,
    ) -> Agreement {
        let beside = self.beside();
        let id = beside.id;
        let names = players_agree(self.sought, (self.file, reading), works, names, beside, against);
        let only_movements = works.0.is_movement_only() && works.1.is_movement_only();
        if only_movements && !beside.same_release && !id {
            against.raise(Against::Words, "only the movement is named, not of which work");
        }
        let is_piece_told = beside.same_release && self.is_at_its_place();
        object_to_work(title, beside.close || id, is_piece_told || id, against);
        names
    }

    /// What agrees beside the names of who plays.
    fn beside(&self) -> Beside {
        Beside {
            close: self.is_close(),
            no_time_wanted: self.sought.duration.is_none(),
            same_release: self.same_release(),
            id: self.isrc_agrees || self.mbid_agrees,
        }
    }

    /// Where neither playing time nor album tells, what the file's own name says must not contradict.
    pub(super) fn object_to_name(&self, reading: &Reading, album: AlbumFit, against: &mut Objections) {
        let id_agrees = self.isrc_agrees || self.mbid_agrees;
        if reading.may_be_part && !self.is_close() && !id_agrees {
            let says = "its name ends in a mark that may tell of a copy or of another part, and no playing time settles it";
            against.raise(Against::Place, says);
        }
        let is_settled = self.is_close() || album <= AlbumFit::Edition || id_agrees;
        if !is_settled && let Some(other) = named_otherwise(self.file, reading, &self.readings.album) {
            let says = "and neither playing time nor album tells which of the two it is";
            against.raise(Against::Unproven, format!("its name says another title, “{other}”, {says}"));
        }
    }

    /// Of a file whose artist tag speaks for the whole album no name agrees, and the folder above it may be anything: number and
    /// playing time must tell that it is this track, and nothing may name somebody else.
    pub(super) fn object_to_for_many(&self, told: Agreement, against: &mut Objections) {
        if self.isrc_agrees || self.mbid_agrees {
            return;
        }
        let is_told = told == Agreement::Unknown && self.sought.duration.is_some();
        let another = names_another(self.sought, self.file, self.readings);
        if is_told || self.is_at_its_place() && !another {
            return;
        }
        let why = match another {
            true => "and something else about it names another artist",
            false => "and title and album alone do not prove that it is this recording",
        };
        let artist = self.file.artists.replace('\u{1f}', ", ");
        let says = format!("its artist is “{artist}”, which stands for the whole album, {why}");
        against.raise(Against::Unproven, says);
    }

    /// A subtitle that only one side has needs the playing time; a year may tell of a recording made anew, and needs the album, too.
    fn object_to_subtitle(&self, reading: &Reading, title: TitleFit, against: &mut Objections) {
        let (wanted, offered) = (&self.sought.title, &reading.title);
        if title != TitleFit::Subtitle || from_film_only(wanted, offered) {
            return;
        }
        let is_dated = says_only_a_year_more(wanted, offered);
        let is_on_album = || self.same_release() && !self.place_fit().differs();
        if self.is_close() && (!is_dated || is_on_album()) {
            return;
        }
        let what = if is_dated { "year" } else { "subtitle" };
        against.raise(Against::Words, format!("only one side has the {what}"));
    }

    /// What the title's and the artist's words forbid.
    pub(super) fn object_to_texts(
        &self,
        reading: &Reading,
        title: Option<TitleFit>,
        names: Agreement,
        apart: Option<u32>,
        against: &mut Objections,
    ) {
        let id_agrees = self.isrc_agrees || self.mbid_agrees;
        let close = apart.is_some_and(|apart| apart <= CLOSE);
        if names == Agreement::Differs {
            against.raise(Against::Names, "another artist");
        }
        if names == Agreement::Part && !id_agrees && !self.is_of_the_ensemble(reading) {
            against.raise(Against::ArtistPart, "the artist's name is only similar");
        }
        if reading.credit == Credit::Contradicted {
            self.object_to_another_artist(against);
        }
        let Some(title) = title else {
            against.raise(Against::Names, "another title");
            return;
        };
        if !id_agrees && let Some(says) = part_says(title, reading, || self.beyond()) {
            against.raise(if close { Against::Unproven } else { Against::Place }, says);
        }
        if !id_agrees && self.sought.title.subtitles.is_empty() && is_doubtful(&reading.unsaid, close) {
            against.raise(Against::Words, format!("its tag says “{}” more than its name", reading.unsaid));
        }
        self.object_to_subtitle(reading, title, against);
        if title == TitleFit::OtherKey {
            against.raise(Against::Words, "the titles differ in a sharp or a flat, and so in the key");
        }
        if title == TitleFit::Cut && apart.is_none_or(|apart| apart > 5_000) {
            let says = "the title is cut short, and the playing time does not settle what follows";
            against.raise(Against::Words, says);
        }
        let offered = reading.names();
        let (wanted_artist, offered_artist) = self.sought.names.nearest(offered);
        let around = Surroundings {
            wanted_artist,
            offered_artist,
            wanted_title: &self.sought.title.whole(),
            offered_title: &reading.title.whole(),
            title,
            names,
            artist_confirmed: self.artist_confirmed(),
            same_release: self.same_release(),
            title_confirmed: self.title_confirmed(),
            apart,
        };
        if !(id_agrees && close || around.are_sure(self.index)) {
            let says = if title == TitleFit::Typo {
                "the title differs by letters that may make it another one"
            } else {
                "the artist's name differs by letters that may make it another one"
            };
            against.raise(Against::Letters, says);
        }
    }

    /// Whether an album that names a player's ensemble differently is the same one: its number and length agree, too.
    pub(super) fn is_of_the_ensemble(&self, reading: &Reading) -> bool {
        self.is_at_its_place()
            && self.same_release()
            && self.sought.names.are_of_one_ensemble(reading.names())
    }

    /// What only the file's title says in brackets may be any version there is: `Ebb (Phonk)`. On the wanted album and in its
    /// place it is what somebody wrote there.
    pub(super) fn object_to_unknown_mark(
        &self,
        reading: &Reading,
        album: AlbumFit,
        against: &mut Objections,
    ) {
        let (sought, theirs) = (self.sought, &self.readings.album);
        let one_album = album == AlbumFit::Same || theirs.has_name_of(&sought.album);
        let one_place = !self.place_fit().differs();
        if sought.work.is_none()
            && self.is_close()
            && !(one_album && one_place)
            && let Some(mark) = unknown_mark(sought, &reading.title, self.file.title)
        {
            against.raise(Against::Words, format!("its title says “({mark})” more"));
        }
    }

    /// `Ebb [Quills]` and `Low Water (Quills)` by Mara Quill may be what she recorded anew, whose short form lost its sign.
    fn object_to_plural(&self, reading: &Reading, against: &mut Objections) {
        let sought = self.sought;
        let texts = [
            ("title", reading.printed(), &sought.title_folded),
            ("album's name", self.readings.album.printed.as_str(), &sought.album.folded),
        ];
        for (what, offered, wanted) in texts {
            if let Some(mark) = sought.own_version.plural_in(offered)
                && !contains_phrase(wanted, &fold(mark))
            {
                let says =
                    format!("its {what} says “({mark})” more, which may be a version of the artist's own");
                against.raise(Against::Words, says);
            }
        }
    }

    /// An album that names another cast or film than the wanted one, or of a classical work another year, is of another
    /// recording, however near the playing times are.
    fn object_to_album(&self, reading: &Reading, against: &mut Objections) {
        let (wanted, theirs) = (&self.sought.album, &self.readings.album);
        if wanted.is_other_production(theirs) {
            against
                .raise(Against::Version, format!("its album, “{}”, is another production", theirs.printed));
        }
        if self.sought.work.is_some()
            && reading.work(self.file.composers, theirs).is_some()
            && name_other_years(&wanted.printed, &theirs.printed)
        {
            against.raise(Against::Version, "its album's name tells another year, and so another recording");
        }
    }

    /// Another partner, another composer, or a track of another album whose name every album has.
    pub(super) fn object_to_company(
        &self,
        reading: &Reading,
        names: Agreement,
        album: AlbumFit,
        trusted: bool,
        against: &mut Objections,
    ) {
        let sought = self.sought;
        if self.isrc_agrees || self.mbid_agrees {
            return;
        }
        self.object_to_unknown_mark(reading, album, against);
        self.object_to_plural(reading, against);
        self.object_to_album(reading, against);
        if names >= Agreement::Near && are_other_composers(sought, reading.names()) {
            against.raise(Against::Names, "by another composer");
        }
        // Two singers sing one song of one album and length: only the number there tells which it is.
        let is_placed = trusted && self.place_fit().agrees();
        if names >= Agreement::Near
            && sought.work.is_none()
            && !is_placed
            && are_others(sought, reading, self.file, trusted)
        {
            against.raise(Against::Guest, "the artist is right, but with somebody else");
        }
        if plays_another(sought, self.file, reading, self.beside()) {
            against.raise(Against::Version, OTHERS);
        }
        if matches!(reading.from, From::Swapped) && !trusted && !self.is_close() && !self.same_release() {
            // `Boston` by Chicago, `Chicago` by Boston.
            against.raise(Against::Words, "title and artist may be swapped, and nothing else settles it");
        }
        let elsewhere = album == AlbumFit::Differs && !self.file.album.is_empty() && !self.same_release();
        if elsewhere && is_on_every_album(&sought.title.whole()) {
            against
                .raise(Against::Words, "many albums have a track of this name, and this is another album's");
        }
    }

    /// The album artist agrees and the track's own does not: `Oda Brenn Tribute Band` on an album filed under
    /// `Oda Brenn`, or a guest's track. A misspelt name is no other name.
    pub(super) fn object_to_another_artist(&self, against: &mut Objections) {
        let names = Names::of(self.file.artists.split('\u{1f}'));
        let played = players_of(self.file.players);
        let is_composer = self.sought.work.is_some() && !names.is_empty() && names.players().is_empty();
        if is_composer && (played.is_empty() || self.sought.names.share_one(&played)) {
            return;
        }
        let own = self.sought.names.agreement(&names, usize::MAX);
        let folded = fold(self.file.artists);
        let misspelt = edits(&squash(&folded), &squash(&fold(self.file.album_artists)), 2).is_some();
        let (wanted, offered) = self.sought.names.nearest(&names);
        let counted = own == Agreement::Near && differ_in_a_number(wanted, offered);
        let another = (own == Agreement::Differs && !misspelt || counted) && !self.same_release();
        let imitates =
            ["tribute", "karaoke", "covers", "cover band"].iter().any(|word| folded.contains(word));
        if another || (own == Agreement::Part && imitates) {
            against.raise(Against::ArtistPart, "only the album artist agrees, the track names another");
        }
    }
}

/// What the fit of a work's title forbids, unless something else tells of which work it is, and which piece of that.
fn object_to_work(title: TitleFit, is_work_told: bool, is_piece_told: bool, against: &mut Objections) {
    if title == TitleFit::OtherWork {
        against.raise(Against::Words, "another work or movement");
    }
    if title == TitleFit::Piece && !is_piece_told {
        against.raise(Against::Words, "the same work, and perhaps another piece of it");
    }
    if title == TitleFit::Movement && !is_work_told {
        let says = "its work is only named by the album, and the playing time does not settle it";
        against.raise(Against::Words, says);
    }
}
