//! What `cd-info` and `cd-paranoia -Q` print, read.

use std::collections::BTreeMap;

use ferrotape_domain::{DiscContents, DiscToc, DiscTrack, TagSet};

/// A disc has no more.
const MOST_TRACKS: usize = 99;
/// A disc for 99 minutes.
const MOST_SECTORS: u32 = 99 * 60 * 75;
const LONGEST_TEXT: usize = 500;

/// Of `cd-info`: `  1: 00:02:00  000000 audio …`, `170: 00:20:00  001350 leadout …`, and CD-TEXT.
pub(super) fn of_cd_info(lines: &[String]) -> Option<DiscContents> {
    let mut toc = DiscToc::default();
    let mut starts: Vec<(u32, u32, bool)> = Vec::new();
    for line in lines {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [number, _, start, kind, ..] = words.as_slice() else { continue };
        let Some(number) = number.strip_suffix(':').and_then(|number| number.parse::<u32>().ok()) else {
            continue;
        };
        let Ok(start) = start.parse::<u32>() else { continue };
        match *kind {
            "leadout" => toc.leadout = start,
            kind => starts.push((number, start, kind == "audio")),
        }
    }
    for (at, (number, start, is_sound)) in starts.iter().enumerate() {
        if !is_sound {
            toc.data_start = Some(*start);
            continue;
        }
        let next = starts.get(at + 1);
        let end = next.map_or(toc.leadout, |(_, start, _)| *start);
        // Behind the sound of a disc with a second session lie its lead-out and the next lead-in.
        let gap = if next.is_some_and(|(_, _, is_sound)| !is_sound) { SESSION_GAP } else { 0 };
        let sectors = end.checked_sub(*start)?.checked_sub(gap)?;
        toc.tracks.push(DiscTrack { number: *number, start: *start, sectors });
    }
    is_sane(&toc).then(|| DiscContents { toc, texts: texts(lines) })
}

/// Between the sound and the data of an enhanced CD.
const SESSION_GAP: u32 = 11_400;

/// Of `cd-paranoia -Q`: `  2.      525 [00:07.00]      450 [00:06.00]    no   no  2`.
pub(super) fn of_query(lines: &[String]) -> Option<DiscToc> {
    let mut toc = DiscToc::default();
    for line in lines {
        let words: Vec<&str> = line.split_whitespace().filter(|word| !word.starts_with('[')).collect();
        let [number, sectors, start, ..] = words.as_slice() else { continue };
        let Some(number) = number.strip_suffix('.').and_then(|number| number.parse().ok()) else { continue };
        if let (Ok(sectors), Ok(start)) = (sectors.parse(), start.parse::<u32>()) {
            toc.leadout = start.checked_add(sectors)?;
            toc.tracks.push(DiscTrack { number, start, sectors });
        }
    }
    is_sane(&toc).then_some(toc)
}

fn is_sane(toc: &DiscToc) -> bool {
    let in_order = toc.tracks.windows(2).all(|pair| match pair {
        [a, b] => a.number < b.number && a.start.saturating_add(a.sectors) <= b.start,
        _ => true,
    });
    let fits = |track: &DiscTrack| (1..=99).contains(&track.number) && track.sectors > 0;
    (1..=MOST_TRACKS).contains(&toc.tracks.len())
        && in_order
        && toc.tracks.iter().all(fits)
        && toc.leadout <= MOST_SECTORS
        && toc.tracks.last().is_some_and(|last| last.start.saturating_add(last.sectors) <= toc.leadout)
}

/// `CD-TEXT for Disc:`, `CD-TEXT for Track  1:`, and fields below each.
fn texts(lines: &[String]) -> BTreeMap<u32, TagSet> {
    let mut of_disc = TagSet::default();
    let mut tracks: BTreeMap<u32, TagSet> = BTreeMap::new();
    let mut at: Option<Option<u32>> = None;
    for line in lines {
        if let Some(rest) = line.strip_prefix("CD-TEXT for ") {
            let rest = rest.trim_end_matches(':');
            let track = rest.strip_prefix("Track").and_then(|number| number.trim().parse().ok());
            at = (rest == "Disc" || track.is_some()).then_some(track);
            continue;
        }
        let Some((field, value)) = line.trim().split_once(": ").filter(|_| line.starts_with('\t')) else {
            continue;
        };
        let value: String = value.chars().filter(|c| !c.is_control()).take(LONGEST_TEXT).collect();
        let value = value.trim().to_owned();
        match (at, field) {
            _ if value.is_empty() => {}
            (Some(None), "TITLE") => of_disc.album = Some(value),
            (Some(None), "PERFORMER") => of_disc.album_artists = vec![value],
            (Some(Some(track)), "TITLE") => tracks.entry(track).or_default().title = Some(value),
            (Some(Some(track)), "PERFORMER") => tracks.entry(track).or_default().artists = vec![value],
            _ => {}
        }
    }
    for tags in tracks.values_mut() {
        (tags.album, tags.album_artists) = (of_disc.album.clone(), of_disc.album_artists.clone());
        if tags.artists.is_empty() {
            tags.artists.clone_from(&of_disc.album_artists);
        }
    }
    tracks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn both_programs_tell_the_same_disc() {
        let info = "  #: MSF       LSN    Type   Green? Copy? Channels Premphasis?\n\
            \x20 1: 00:02:00  000000 audio  false  no    2        no\n\
            \x20 2: 00:08:00  000450 audio  false  no    2        no\n\
            170: 00:15:00  000975 leadout (2 MB raw, 2 MB formatted)\n\
            CD-TEXT for Disc:\n\tTITLE: Two Harbours\n\tPERFORMER: Nia Orrin\n\
            CD-TEXT for Track  1:\n\tTITLE: Moor: One\nCD-TEXT for Track  2:\n\tTITLE: Ferry\n\tPERFORMER: Someone";
        let query = "track        length               begin        copy pre ch\n\
            \x20 1.      450 [00:06.00]        0 [00:00.00]    no   no  2\n\
            \x20 2.      525 [00:07.00]      450 [00:06.00]    no   no  2\n\
            TOTAL     975 [00:13.00]    (audio only)";
        let by_info = of_cd_info(&lines(info)).unwrap();
        assert_eq!(Some(&by_info.toc), of_query(&lines(query)).as_ref());
        let first = &by_info.texts[&1];
        assert_eq!(
            (first.title.as_deref(), &first.artists[..]),
            (Some("Moor: One"), &["Nia Orrin".to_owned()][..])
        );
        assert_eq!(by_info.texts[&2].artists, ["Someone"]);
    }

    #[test]
    fn data_and_nonsense() {
        let extra = "  1: 00:02:00  000000 audio  false  no    2        no\n  2: 05:00:00  022350 data   false  no\n\
            170: 06:00:00  026850 leadout";
        let toc = of_cd_info(&lines(extra)).unwrap().toc;
        assert_eq!((toc.tracks.len(), toc.data_start), (1, Some(22_350)));
        assert_eq!(toc.tracks[0].sectors, 22_350 - SESSION_GAP);
        for nonsense in
            ["", "  1: 00:02:00  000900 audio a\n170: 0 000100 leadout", "  1.  99999999 [x] 0 [x]"]
        {
            assert!(
                of_cd_info(&lines(nonsense)).is_none() && of_query(&lines(nonsense)).is_none(),
                "{nonsense}"
            );
        }
    }
}
