//! The one table that says which field is which tag: in every format that is read, and in both kinds of ID3v2 that
//! are written. `docs/tags.md` is this table, printed; a test keeps it so.
//!
//! A place is written as the format itself calls it: `TIT2` is a frame, `TXXX:BARCODE` the frame TXXX of that
//! description (so for WXXX and UFID), `TIPL:producer` a pair in a list of people, `----:LABEL` iTunes' freeform atom.
//! Several names stand with `|` between them: all are read, the first that is there wins, the first is written.
//! `=` means "as in ID3v2.4", an empty place that the field is not written (or not found) there. ID3v2.2 and ID3v1 are
//! read under ID3v2.4's names.

use crate::tags::fields::{Access, *};
use ferrotape_domain::Carried;

/// One line of the table.
pub(crate) struct Row {
    pub(crate) field: &'static str,
    pub(crate) id3v24: &'static str,
    pub(crate) id3v23: &'static str,
    pub(crate) vorbis: &'static str,
    pub(crate) mp4: &'static str,
    pub(crate) ape: &'static str,
    /// RIFF's INFO chunks and AIFF's text chunks.
    pub(crate) chunks: &'static str,
    /// What stands between several values where a tag has room for one.
    pub(crate) between: &'static str,
    /// Where the values are in a tag set.
    pub(crate) access: Access,
}

macro_rules! table {
    ($($field:literal | $v24:literal | $v23:literal | $vorbis:literal | $mp4:literal | $ape:literal | $chunks:literal |
       $between:literal => $access:expr;)*) => {
        &[$(Row {
            field: $field, id3v24: $v24, id3v23: $v23, vorbis: $vorbis, mp4: $mp4, ape: $ape, chunks: $chunks,
            between: $between, access: $access,
        }),*]
    };
}

const fn carried(field: Carried) -> Access {
    Access::Carried(field)
}

/// Every field.
#[rustfmt::skip]
pub(crate) const TABLE: &[Row] = table![
    // field | ID3v2.4 | ID3v2.3 | Vorbis comments | MP4 | APEv2 | RIFF INFO, AIFF | between values
    "title" | "TIT2" | "=" | "TITLE" | "©nam" | "Title" | "INAM|NAME" | " / " => TITLE;
    "artists" | "TPE1" | "=" | "ARTIST" | "©ART" | "Artist" | "IART|AUTH" | ", " => ARTISTS;
    "artists one by one" | "TXXX:ARTISTS" | "=" | "ARTISTS" | "----:ARTISTS" | "Artists" | "" | "; " => ARTIST_LIST;
    "album" | "TALB" | "=" | "ALBUM" | "©alb" | "Album" | "IPRD" | " / " => ALBUM;
    "album artists" | "TPE2" | "=" | "ALBUMARTIST|ALBUM ARTIST|ALBUM_ARTIST|ALBUMARTISTS" | "aART" | "Album Artist|AlbumArtist" | "" | ", " => ALBUM_ARTISTS;
    "track number" | "TRCK" | "=" | "TRACKNUMBER|TRACKNUM|TRACK" | "trkn" | "Track|TrackNumber" | "ITRK|IPRT" | "" => TRACK_NUMBER;
    "track total" | "TRCK/" | "=" | "TRACKTOTAL|TOTALTRACKS" | "----:TRACKTOTAL" | "TrackTotal|TotalTracks" | "IFRM" | "" => TRACK_TOTAL;
    "disc number" | "TPOS" | "=" | "DISCNUMBER|DISC" | "disk" | "Disc|DiscNumber" | "" | "" => DISC_NUMBER;
    "disc total" | "TPOS/" | "=" | "DISCTOTAL|TOTALDISCS" | "----:DISCTOTAL" | "DiscTotal|TotalDiscs" | "" | "" => DISC_TOTAL;
    "disc subtitle" | "TSST" | "=" | "DISCSUBTITLE|SETSUBTITLE" | "----:DISCSUBTITLE" | "DiscSubtitle" | "" | "; " => carried(Carried::DiscSubtitle);
    "subtitle" | "TIT3" | "=" | "SUBTITLE|VERSION" | "----:SUBTITLE" | "Subtitle" | "" | "; " => carried(Carried::Subtitle);
    "grouping" | "TIT1|GRP1" | "=" | "GROUPING" | "©grp" | "Grouping" | "" | "; " => carried(Carried::Grouping);
    "work" | "TXXX:WORK" | "=" | "WORK" | "©wrk" | "Work" | "" | "; " => carried(Carried::Work);
    "movement" | "MVNM" | "=" | "MOVEMENTNAME" | "©mvn" | "MovementName" | "" | "; " => carried(Carried::Movement);
    "movement number" | "MVIN" | "=" | "MOVEMENT" | "©mvi" | "Movement" | "" | "" => MOVEMENT_NUMBER;
    "movement total" | "MVIN/" | "=" | "MOVEMENTTOTAL" | "©mvc" | "MovementTotal" | "" | "" => carried(Carried::MovementTotal);
    "show movement" | "TXXX:SHOWMOVEMENT" | "=" | "SHOWMOVEMENT" | "shwm" | "ShowMovement" | "" | "" => carried(Carried::ShowMovement);
    "date" | "TDRC|TDRL" | "" | "DATE|YEAR|RELEASEDATE" | "©day" | "Year|Date" | "ICRD" | "" => DATE;
    "year" | "" | "TYER" | "" | "" | "" | "" | "" => YEAR;
    "day and month" | "" | "TDAT" | "" | "" | "" | "" | "" => DAY_AND_MONTH;
    "original date" | "TDOR" | "" | "ORIGINALDATE|ORIGINALYEAR" | "----:ORIGINALDATE|----:ORIGINALYEAR" | "OriginalDate|Originaldate|ORIGINALYEAR" | "" | "" => ORIGINAL_DATE;
    "original year" | "" | "TORY" | "" | "" | "" | "" | "" => ORIGINAL_YEAR;
    "release date" | "TDRL" | "=" | "RELEASEDATE" | "----:RELEASEDATE|rldt" | "ReleaseDate" | "" | "" => RELEASE_DATE;
    "genres" | "TCON" | "=" | "GENRE" | "©gen" | "Genre" | "IGNR" | "; " => GENRES;
    "composers" | "TCOM" | "=" | "COMPOSER" | "©wrt" | "Composer" | "IMUS" | ", " => COMPOSERS;
    "conductors" | "TPE3" | "=" | "CONDUCTOR" | "©con|----:CONDUCTOR" | "Conductor" | "" | ", " => carried(Carried::Conductor);
    "lyricists" | "TEXT" | "=" | "LYRICIST" | "----:LYRICIST" | "Lyricist" | "IWRI" | ", " => carried(Carried::Lyricist);
    "remixers" | "TPE4" | "=" | "REMIXER|MIXARTIST" | "----:REMIXER" | "MixArtist|Remixer" | "" | ", " => carried(Carried::Remixer);
    "arrangers" | "TIPL:arranger" | "IPLS:arranger" | "ARRANGER" | "----:ARRANGER" | "Arranger" | "" | ", " => carried(Carried::Arranger);
    "producers" | "TIPL:producer" | "IPLS:producer" | "PRODUCER" | "----:PRODUCER" | "Producer" | "IPRO" | ", " => carried(Carried::Producer);
    "engineers" | "TIPL:engineer" | "IPLS:engineer" | "ENGINEER" | "----:ENGINEER" | "Engineer" | "IENG" | ", " => carried(Carried::Engineer);
    "mixers" | "TIPL:mix" | "IPLS:mix" | "MIXER" | "----:MIXER" | "Mixer" | "" | ", " => carried(Carried::Mixer);
    "DJ mixers" | "TIPL:DJ-mix" | "IPLS:DJ-mix" | "DJMIXER" | "----:DJMIXER" | "DJMixer" | "" | ", " => carried(Carried::DjMixer);
    "performers" | "TMCL:*" | "IPLS:*" | "PERFORMER" | "----:PERFORMER" | "Performer" | "" | ", " => carried(Carried::Performer);
    "publisher" | "TPUB" | "=" | "LABEL|PUBLISHER|ORGANIZATION" | "----:LABEL|----:PUBLISHER|©pub" | "Label|Publisher" | "" | "; " => PUBLISHER;
    "copyright" | "TCOP" | "=" | "COPYRIGHT" | "cprt" | "Copyright" | "ICOP|(c) " | "; " => COPYRIGHT;
    "encoded by" | "TENC" | "=" | "ENCODED-BY|ENCODEDBY|ENCODED_BY" | "----:ENCODEDBY" | "EncodedBy" | "ITCH" | "; " => carried(Carried::EncodedBy);
    "media type" | "TMED" | "=" | "MEDIA" | "----:MEDIA" | "Media" | "IMED" | "; " => carried(Carried::Media);
    "language" | "TLAN" | "=" | "LANGUAGE" | "----:LANGUAGE" | "Language" | "ILNG" | "/" => carried(Carried::Language);
    "script" | "TXXX:SCRIPT" | "=" | "SCRIPT" | "----:SCRIPT" | "Script" | "" | "; " => carried(Carried::Script);
    "BPM" | "TBPM" | "=" | "BPM|TEMPO" | "tmpo|----:BPM" | "BPM" | "IBPM" | "" => BPM;
    "key" | "TKEY" | "=" | "KEY|INITIALKEY" | "----:initialkey|----:KEY" | "KEY|InitialKey" | "" | "; " => carried(Carried::Key);
    "mood" | "TMOO" | "=" | "MOOD" | "----:MOOD" | "Mood" | "" | "; " => carried(Carried::Mood);
    "ISRC" | "TSRC" | "=" | "ISRC" | "----:ISRC" | "ISRC" | "ISRC" | "" => ISRC;
    "barcode" | "TXXX:BARCODE" | "=" | "BARCODE|UPC|EAN" | "----:BARCODE" | "Barcode|EAN/UPC" | "" | "; " => carried(Carried::Barcode);
    "catalogue number" | "TXXX:CATALOGNUMBER" | "=" | "CATALOGNUMBER|LABELNO" | "----:CATALOGNUMBER" | "CatalogNumber" | "" | "; " => carried(Carried::CatalogNumber);
    "ASIN" | "TXXX:ASIN" | "=" | "ASIN" | "----:ASIN" | "ASIN" | "" | "; " => carried(Carried::Asin);
    "compilation" | "TCMP" | "=" | "COMPILATION" | "cpil" | "Compilation" | "" | "" => COMPILATION;
    "advisory" | "TXXX:ITUNESADVISORY" | "=" | "ITUNESADVISORY" | "rtng" | "ItunesAdvisory" | "" | "" => carried(Carried::Advisory);
    "title for sorting" | "TSOT|XSOT" | "=" | "TITLESORT" | "sonm" | "TitleSort" | "" | " / " => TITLE_SORT;
    "artist for sorting" | "TSOP|XSOP" | "=" | "ARTISTSORT" | "soar" | "ArtistSort" | "" | ", " => ARTIST_SORT;
    "album for sorting" | "TSOA|XSOA" | "=" | "ALBUMSORT" | "soal" | "AlbumSort" | "" | " / " => ALBUM_SORT;
    "album artist for sorting" | "TSO2|TXXX:ALBUMARTISTSORT" | "=" | "ALBUMARTISTSORT" | "soaa" | "AlbumArtistSort" | "" | ", " => ALBUM_ARTIST_SORT;
    "composer for sorting" | "TSOC" | "=" | "COMPOSERSORT" | "soco" | "ComposerSort" | "" | ", " => carried(Carried::ComposerSort);
    "original artist" | "TOPE" | "=" | "ORIGINALARTIST|ORIGINAL ARTIST" | "----:ORIGINALARTIST" | "Original Artist" | "" | ", " => carried(Carried::OriginalArtist);
    "original album" | "TOAL" | "=" | "ORIGINALALBUM" | "----:ORIGINALALBUM" | "OriginalAlbum" | "" | "; " => carried(Carried::OriginalAlbum);
    "comment" | "COMM" | "=" | "COMMENT|DESCRIPTION" | "©cmt" | "Comment" | "ICMT|ANNO" | "" => COMMENT;
    "lyrics" | "USLT" | "=" | "LYRICS|UNSYNCEDLYRICS|SYNCEDLYRICS" | "©lyr" | "Lyrics|Unsyncedlyrics" | "" | "" => LYRICS;
    "recording's MusicBrainz id" | "UFID:http://musicbrainz.org" | "=" | "MUSICBRAINZ_TRACKID" | "----:MusicBrainz Track Id" | "MUSICBRAINZ_TRACKID" | "" | "" => RECORDING_MBID;
    "release's MusicBrainz id" | "TXXX:MusicBrainz Album Id" | "=" | "MUSICBRAINZ_ALBUMID" | "----:MusicBrainz Album Id" | "MUSICBRAINZ_ALBUMID" | "" | "" => RELEASE_MBID;
    "release group's MusicBrainz id" | "TXXX:MusicBrainz Release Group Id" | "=" | "MUSICBRAINZ_RELEASEGROUPID" | "----:MusicBrainz Release Group Id" | "MUSICBRAINZ_RELEASEGROUPID" | "" | "" => RELEASE_GROUP_MBID;
    "track's MusicBrainz id" | "TXXX:MusicBrainz Release Track Id" | "=" | "MUSICBRAINZ_RELEASETRACKID" | "----:MusicBrainz Release Track Id" | "MUSICBRAINZ_RELEASETRACKID" | "" | "" => TRACK_MBID;
    "artists' MusicBrainz ids" | "TXXX:MusicBrainz Artist Id" | "=" | "MUSICBRAINZ_ARTISTID" | "----:MusicBrainz Artist Id" | "MUSICBRAINZ_ARTISTID" | "" | "/" => ARTIST_MBIDS;
    "album artists' MusicBrainz ids" | "TXXX:MusicBrainz Album Artist Id" | "=" | "MUSICBRAINZ_ALBUMARTISTID" | "----:MusicBrainz Album Artist Id" | "MUSICBRAINZ_ALBUMARTISTID" | "" | "/" => ALBUM_ARTIST_MBIDS;
    "works' MusicBrainz ids" | "TXXX:MusicBrainz Work Id" | "=" | "MUSICBRAINZ_WORKID" | "----:MusicBrainz Work Id" | "MUSICBRAINZ_WORKID" | "" | "/" => carried(Carried::WorkId);
    "release country" | "TXXX:MusicBrainz Album Release Country" | "=" | "RELEASECOUNTRY" | "----:MusicBrainz Album Release Country" | "RELEASECOUNTRY" | "ICNT" | "; " => carried(Carried::ReleaseCountry);
    "release status" | "TXXX:MusicBrainz Album Status" | "=" | "RELEASESTATUS" | "----:MusicBrainz Album Status" | "MUSICBRAINZ_ALBUMSTATUS" | "" | "; " => carried(Carried::ReleaseStatus);
    "release type" | "TXXX:MusicBrainz Album Type" | "=" | "RELEASETYPE|MUSICBRAINZ_ALBUMTYPE" | "----:MusicBrainz Album Type" | "MUSICBRAINZ_ALBUMTYPE" | "" | "; " => carried(Carried::ReleaseType);
    "AcoustID" | "TXXX:Acoustid Id" | "=" | "ACOUSTID_ID" | "----:Acoustid Id" | "ACOUSTID_ID" | "" | "/" => carried(Carried::AcoustId);
    "Spotify link" | "WXXX:Spotify" | "=" | "" | "" | "" | "" | "" => SPOTIFY;
    "podcast" | "PCST" | "=" | "PODCAST" | "pcst" | "Podcast" | "" | "" => PODCAST;
    "podcast episode's id" | "TGID" | "=" | "PODCASTID" | "egid" | "PodcastId" | "" | "" => carried(Carried::PodcastId);
    "podcast feed" | "WFED" | "=" | "PODCASTURL" | "purl" | "PodcastUrl" | "" | "" => carried(Carried::PodcastFeed);
    "podcast description" | "TDES" | "=" | "PODCASTDESC" | "ldes|desc" | "PodcastDesc" | "" | "" => carried(Carried::PodcastDescription);
    "podcast keywords" | "TKWD" | "=" | "PODCASTKEYWORDS" | "keyw" | "PodcastKeywords" | "" | ", " => carried(Carried::PodcastKeywords);
    "podcast category" | "TCAT" | "=" | "PODCASTCATEGORY" | "catg" | "PodcastCategory" | "" | "; " => carried(Carried::PodcastCategory);
    "the sound's page" | "WOAF" | "=" | "WOAF" | "----:WOAF" | "File" | "" | "" => carried(Carried::AudioPage);
    "the artist's page" | "WOAR" | "=" | "WEBSITE|WOAR" | "----:WEBSITE" | "Weblink" | "IBSU" | "" => carried(Carried::ArtistPage);
    "the source's page" | "WOAS" | "=" | "WOAS" | "----:WOAS" | "Related" | "" | "" => carried(Carried::SourcePage);
    "the publisher's page" | "WPUB" | "=" | "WPUB" | "----:WPUB" | "WPUB" | "" | "" => carried(Carried::PublisherPage);
    "the licence's page" | "WCOP" | "=" | "LICENSE|WCOP" | "----:LICENSE" | "LICENSE" | "" | "" => carried(Carried::CopyrightPage);
    "where to buy it" | "WCOM" | "=" | "WCOM" | "----:WCOM" | "WCOM" | "" | "" => carried(Carried::BuyPage);
    "ReplayGain of the track" | "TXXX:REPLAYGAIN_TRACK_GAIN" | "=" | "REPLAYGAIN_TRACK_GAIN" | "----:REPLAYGAIN_TRACK_GAIN" | "REPLAYGAIN_TRACK_GAIN" | "" | "" => TRACK_GAIN;
    "its peak" | "TXXX:REPLAYGAIN_TRACK_PEAK" | "=" | "REPLAYGAIN_TRACK_PEAK" | "----:REPLAYGAIN_TRACK_PEAK" | "REPLAYGAIN_TRACK_PEAK" | "" | "" => TRACK_PEAK;
    "ReplayGain of the album" | "TXXX:REPLAYGAIN_ALBUM_GAIN" | "=" | "REPLAYGAIN_ALBUM_GAIN" | "----:REPLAYGAIN_ALBUM_GAIN" | "REPLAYGAIN_ALBUM_GAIN" | "" | "" => ALBUM_GAIN;
    "its peak on the album" | "TXXX:REPLAYGAIN_ALBUM_PEAK" | "=" | "REPLAYGAIN_ALBUM_PEAK" | "----:REPLAYGAIN_ALBUM_PEAK" | "REPLAYGAIN_ALBUM_PEAK" | "" | "" => ALBUM_PEAK;
];

/// The fields' names in every format, as a Markdown table.
pub fn tag_table() -> String {
    let mut text = "| field | ID3v2.4 | ID3v2.3 | Vorbis | MP4 | APEv2 | RIFF, AIFF | between |\n\
                    |---|---|---|---|---|---|---|---|\n"
        .to_owned();
    let cell = |names: &str| {
        let names: Vec<String> =
            names.split('|').filter(|name| !name.is_empty()).map(|name| format!("`{name}`")).collect();
        names.join(", ")
    };
    for row in TABLE {
        let v23 = if row.id3v23 == "=" { row.id3v24 } else { row.id3v23 };
        let between = if row.between.is_empty() { String::new() } else { format!("`{}`", row.between) };
        let cells = [row.id3v24, v23, row.vorbis, row.mp4, row.ape, row.chunks].map(cell);
        text.push_str(&format!("| {} | {} | {between} |\n", row.field, cells.join(" | ")));
    }
    text
}
