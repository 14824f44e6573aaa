//! AccurateRip: what others read off the same disc. One file per disc.

use std::collections::BTreeMap;

use cdtoc::Toc;
use ferrotape_domain::{DiscToc, DiscTrack, RipCheck};

use super::sums::TrackSums;

/// An entry has 13 bytes and nine for each track; hundreds of pressings would have a tenth of it.
pub(super) const LARGEST: u64 = 1 << 20;

/// Sums and how many told them, by track in order.
pub(super) type Known = Vec<BTreeMap<u32, u8>>;

/// The table of contents in the form that ids are made of; the two seconds before the music count there.
pub(super) fn toc_of(disc: &DiscToc) -> Option<Toc> {
    const LEAD_IN: u32 = 150;
    let starts = disc.tracks.iter().map(|track| track.start + LEAD_IN).collect();
    let data = disc.data_start.map(|start| start + LEAD_IN);
    Toc::from_parts(starts, data, disc.leadout + LEAD_IN).ok()
}

pub(super) fn address(toc: &Toc) -> String {
    toc.accuraterip_checksum_url()
}

/// Reads the file of a disc; what it says of other discs is an error.
pub(super) fn read(toc: &Toc, bytes: &[u8]) -> Result<Known, String> {
    toc.accuraterip_parse_checksums(bytes)
        .map_err(|error| format!("AccurateRip's answer makes no sense ({error})"))
}

/// What the sums of a track mean.
pub(super) fn verdict(disc: &DiscToc, track: &DiscTrack, sums: TrackSums, known: &Known) -> RipCheck {
    let at = disc.tracks.iter().position(|other| other.number == track.number);
    let Some(told) = at.and_then(|at| known.get(at)).filter(|told| !told.is_empty()) else {
        return RipCheck::Unknown;
    };
    let found =
        [(sums.v2, 2), (sums.v1, 1)].into_iter().find_map(|(sum, version)| Some((told.get(&sum)?, version)));
    found.map_or(RipCheck::Differs, |(confidence, version)| RipCheck::Same {
        confidence: u32::from(*confidence),
        version,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disc() -> DiscToc {
        let starts = [0, 10_000, 25_000, 40_000];
        let tracks = starts.windows(2).enumerate();
        let tracks = tracks.map(|(at, pair)| DiscTrack {
            number: at as u32 + 1,
            start: pair[0],
            sectors: pair[1] - pair[0],
        });
        DiscToc { tracks: tracks.collect(), data_start: None, leadout: 40_000 }
    }

    fn entry(toc: &Toc, sums: [u32; 3], confidence: u8) -> Vec<u8> {
        let file = address(toc);
        let ids: Vec<u32> = file
            .rsplit('/')
            .next()
            .unwrap()
            .trim_end_matches(".bin")
            .split('-')
            .skip(2)
            .map(|id| u32::from_str_radix(id, 16).unwrap())
            .collect();
        let mut bytes = vec![3];
        ids.iter().for_each(|id| bytes.extend(id.to_le_bytes()));
        for sum in sums {
            bytes.push(confidence);
            bytes.extend(sum.to_le_bytes());
            bytes.extend([0; 4]);
        }
        bytes
    }

    #[test]
    fn sums_are_found_in_either_version() {
        let (disc, toc) = (disc(), toc_of(&disc()).unwrap());
        let mut bytes = entry(&toc, [11, 22, 33], 4);
        bytes.extend(entry(&toc, [111, 22, 0], 3));
        let known = read(&toc, &bytes).unwrap();
        let of = |number: usize, v1, v2| verdict(&disc, &disc.tracks[number], TrackSums { v1, v2 }, &known);
        assert_eq!(of(0, 111, 7), RipCheck::Same { confidence: 3, version: 1 });
        assert_eq!(of(1, 7, 22), RipCheck::Same { confidence: 7, version: 2 });
        assert_eq!(of(2, 1, 2), RipCheck::Differs);
        assert_eq!(verdict(&disc, &disc.tracks[0], TrackSums::default(), &Vec::new()), RipCheck::Unknown);
        bytes[3] ^= 1;
        assert!(read(&toc, &bytes).is_err());
        assert!(read(&toc, b"<html>").is_err());
    }

    #[test]
    fn addresses_are_made_of_the_ids() {
        let address = address(&toc_of(&disc()).unwrap());
        let rest = address.strip_prefix("https://www.accuraterip.com/accuraterip/").unwrap();
        let file = rest.rsplit('/').next().unwrap();
        let id = file.strip_prefix("dBAR-003-").unwrap();
        let folders: Vec<char> = id[..8].chars().rev().take(3).collect();
        assert!(rest.starts_with(&format!("{}/{}/{}/", folders[0], folders[1], folders[2])), "{address}");
        assert!(toc_of(&DiscToc::default()).is_none());
    }
}
