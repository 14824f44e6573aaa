//! Sound of a CD as FLAC: what a rip is kept as.
//!
//! Written by `flac-codec`, in Rust throughout and checked against the reference; the same sound and tags give the same
//! bytes. What was written is decoded again and compared before it counts. The program `flac` was rejected: one more thing
//! to install, whose versions give other bytes. `flacenc` writes no tags and its interface is said to change.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read};
use std::path::Path;

use ferrotape_domain::TagSet;
use flac_codec::byteorder::LittleEndian;
use flac_codec::decode::{FlacByteReader, Metadata, Verified, verify};
use flac_codec::encode::{FlacByteWriter, Options};

/// Writes `bytes` bytes of CD sound (16 bits, stereo, 44.1 kHz, little end first) from `pcm` into a new file at `to`, safe
/// on the disk, and reads it again. `more` are fields that [`TagSet`] has not.
pub fn write_cd_flac(
    pcm: &mut dyn Read,
    bytes: u64,
    tags: &TagSet,
    more: &[(&str, String)],
    to: &Path,
) -> io::Result<()> {
    let mut options = Options::best();
    for (field, value) in
        comments(tags).into_iter().chain(more.iter().map(|(field, value)| (*field, value.clone())))
    {
        options = options.tag(field, value);
    }
    let file = File::create(to)?;
    let kept = file.try_clone()?;
    let mut writer: FlacByteWriter<_, LittleEndian> =
        FlacByteWriter::new_cdda(BufWriter::new(file), options, Some(bytes)).map_err(failed)?;
    io::copy(pcm, &mut writer)?;
    writer.finalize().map_err(failed)?;
    kept.sync_all()?;
    match verify(to).map_err(failed)? {
        Verified::MD5Match => Ok(()),
        Verified::MD5Mismatch | Verified::NoMD5 => {
            Err(io::Error::other("what was written does not decode to what was read"))
        }
    }
}

/// Writes the sound of a rip under other tags into a new file at `to`, as if it had been written with them; `from` stays.
pub fn retag_cd_flac(from: &Path, tags: &TagSet, more: &[(&str, String)], to: &Path) -> io::Result<()> {
    let mut sound = open_cd(from)?;
    let bytes = sound.decoded_len().ok_or_else(no_track)?;
    let sum = sound.md5().copied();
    write_cd_flac(&mut sound, bytes, tags, more, to)?;
    let written = FlacByteReader::open(to, LittleEndian).map_err(failed)?.md5().copied();
    match sum.is_some() && sum == written {
        true => Ok(()),
        false => Err(io::Error::other("what was written is not the sound that was ripped")),
    }
}

/// Whether the sound of a rip is exactly `pcm`: 16 bits, stereo, little end first.
pub fn is_cd_sound(rip: &Path, pcm: impl Read) -> io::Result<bool> {
    let (mut own, mut other) = (open_cd(rip)?, BufReader::new(pcm));
    loop {
        let (own, other) = (next_piece(&mut own)?, next_piece(&mut other)?);
        if own != other {
            return Ok(false);
        }
        if own.is_empty() {
            return Ok(true);
        }
    }
}

/// `bytes` bytes of a rip's sound from the `from`th on, as `write_cd_flac` takes them; fewer where it ends before.
pub fn part_of_cd_flac(rip: &Path, from: u64, bytes: u64) -> io::Result<Vec<u8>> {
    let mut sound = open_cd(rip)?;
    io::copy(&mut sound.by_ref().take(from), &mut io::sink())?;
    let mut part = Vec::new();
    sound.take(bytes).read_to_end(&mut part)?;
    Ok(part)
}

fn next_piece(sound: &mut impl Read) -> io::Result<Vec<u8>> {
    const PIECE: u64 = 1 << 18;
    let mut piece = Vec::new();
    sound.by_ref().take(PIECE).read_to_end(&mut piece)?;
    Ok(piece)
}

fn open_cd(rip: &Path) -> io::Result<FlacByteReader<BufReader<File>, LittleEndian>> {
    let sound = FlacByteReader::open(rip, LittleEndian).map_err(failed)?;
    match (sound.sample_rate(), sound.bits_per_sample(), sound.channel_count()) {
        (44_100, 16, 2) => Ok(sound),
        _ => Err(no_track()),
    }
}

fn no_track() -> io::Error {
    io::Error::other("it is no track of a CD")
}

fn failed(error: flac_codec::Error) -> io::Error {
    match error {
        flac_codec::Error::Io(error) => error,
        other => io::Error::other(other.to_string()),
    }
}

/// The fields of a rip, in a fixed order.
fn comments(tags: &TagSet) -> Vec<(&'static str, String)> {
    let number = |number: Option<u32>| number.map(|number| number.to_string());
    let mbid = |id: &Option<ferrotape_domain::Mbid>| id.as_ref().map(ToString::to_string);
    let single = [
        ("TITLE", tags.title.clone()),
        ("ALBUM", tags.album.clone()),
        ("TRACKNUMBER", number(tags.track_number)),
        ("TRACKTOTAL", number(tags.track_total)),
        ("DISCNUMBER", number(tags.disc_number)),
        ("DISCTOTAL", number(tags.disc_total)),
        ("DATE", tags.date.clone()),
        ("ISRC", tags.isrc.as_ref().map(ToString::to_string)),
        ("MUSICBRAINZ_TRACKID", mbid(&tags.recording_mbid)),
        ("MUSICBRAINZ_ALBUMID", mbid(&tags.release_mbid)),
    ];
    let many = [
        ("ARTIST", &tags.artists),
        ("ALBUMARTIST", &tags.album_artists),
        ("GENRE", &tags.genres),
        ("COMPOSER", &tags.composers),
    ];
    let single = single.into_iter().filter_map(|(field, value)| Some((field, value?)));
    let many =
        many.into_iter().flat_map(|(field, values)| values.iter().map(move |value| (field, value.clone())));
    single.chain(many).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe;

    #[test]
    fn a_rip_is_the_same_sound_and_the_same_bytes_each_time() {
        let pcm: Vec<u8> =
            (0..588 * 75 * 4_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 21) as u8).collect();
        let tags = TagSet {
            title: Some("Ebb".to_owned()),
            artists: vec!["Mara Quill".to_owned()],
            track_number: Some(3),
            ..TagSet::default()
        };
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str| {
            let path = dir.path().join(name);
            let more = [("DISCID", "x".to_owned())];
            write_cd_flac(&mut pcm.as_slice(), pcm.len() as u64, &tags, &more, &path).unwrap();
            path
        };
        let (one, two) = (write("one.flac"), write("two.flac"));
        assert_eq!(std::fs::read(&one).unwrap(), std::fs::read(&two).unwrap());
        let probed = probe(&one).unwrap();
        assert_eq!((probed.tags.title.as_deref(), probed.tags.track_number), (Some("Ebb"), Some(3)));
        assert_eq!(probed.facts.duration, Some(std::time::Duration::from_secs(1)));
        // Under other tags it is what it would have been with these.
        let (three, back) = (dir.path().join("three.flac"), dir.path().join("back.flac"));
        retag_cd_flac(&one, &TagSet::default(), &[], &three).unwrap();
        assert_eq!(probe(&three).unwrap().tags.title, None);
        retag_cd_flac(&three, &tags, &[("DISCID", "x".to_owned())], &back).unwrap();
        assert_eq!(std::fs::read(&back).unwrap(), std::fs::read(&one).unwrap());
        assert!(retag_cd_flac(&dir.path().join("none.flac"), &tags, &[], &back).is_err());
        // It is told from any other sound, be it but longer or shorter.
        assert!(is_cd_sound(&one, pcm.as_slice()).unwrap());
        let mut other = pcm.clone();
        other[99_999] ^= 1;
        let longer = [&pcm[..], &[0; 4][..]].concat();
        for other in [&other[..], &pcm[..pcm.len() - 4], &longer[..]] {
            assert!(!is_cd_sound(&one, other).unwrap());
        }
        assert_eq!(part_of_cd_flac(&one, 4_000, 400).unwrap(), pcm[4_000..4_400]);
        assert_eq!(part_of_cd_flac(&one, pcm.len() as u64 - 40, 400).unwrap(), pcm[pcm.len() - 40..]);
    }
}
