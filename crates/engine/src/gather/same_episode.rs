//! Whether what a feed gives under a name that something came under before is that very episode, or the next one.
//!
//! Feeds date their episodes anew, print one moment in another zone, correct titles and move to other hosts; the episode is
//! the same, and its copy is there. Others give each hour's news under one name and one address.

use std::path::Path;

use ferrotape_domain::{
    MoreTags, Provenance, RemoteOffer, TagSet, letters_of, one_name_holds_the_other, says_nothing_of_its_own,
};

use super::place::path_in_collection;

/// Moments that are nearer to each other are one, in seconds.
const ONE_MOMENT: u64 = 60;
/// What is published each day is not always so at the same hour.
const ABOUT_A_DAY: u64 = 12 * 3_600;
/// Lengths of one episode that are told twice, in milliseconds: they are rounded.
const ROUNDED: u64 = 2_000;
/// Advertisements make a told length so much longer, and a tenth.
const ADVERTISED: u64 = 60_000;

/// Whether it is the episode that came. A title of its own tells. Where it is another, a moment, an address or a length must
/// be, too, for titles are corrected. Where it tells nothing, as `News` does, the day must be another, and the address or
/// length.
pub(super) fn is_same_episode(offer: &RemoteOffer, then: &Provenance) -> bool {
    let (now, was) = (&offer.tags, &then.said);
    let is_elsewhere = || has_another_address(offer, then);
    if !is_one_title(now, was) {
        let is_another = is_of_another_moment(now, was)
            || is_elsewhere()
            || is_told_longer(now, was, |longer| ADVERTISED.max(longer / 10)) == Some(true);
        return !is_another;
    }
    let is_bare = tells_nothing(now) || tells_nothing(was);
    let is_as_long = || match is_told_longer(now, was, |_| ROUNDED) {
        Some(longer) => !longer,
        // `Episode 12` is one, however long.
        None => counts(now),
    };
    !is_bare || !is_of_another_day(now, was) || (!is_elsewhere() && is_as_long())
}

/// Whether it has the title and the day of what came: of all that came under one name it is this.
pub(super) fn is_that_one(offer: &RemoteOffer, then: &Provenance) -> bool {
    let (now, was) = (&offer.tags, &then.said);
    letters_of(title_of(now)) == letters_of(title_of(was)) && now.date.is_some() && now.date == was.date
}

fn title_of(tags: &TagSet) -> &str {
    tags.title.as_deref().unwrap_or_default()
}

/// Whether titles are equal, or one only says more words; another number among them is another part.
fn is_one_title(now: &TagSet, was: &TagSet) -> bool {
    let (now, was) = (title_of(now), title_of(was));
    let holds = || one_name_holds_the_other(&words_of(now), &words_of(was)) == Some(true);
    letters_of(now) == letters_of(was) || (numbers_of(now) == numbers_of(was) && holds())
}

fn words_of(title: &str) -> String {
    let words = title.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<String>>().join(" ")
}

fn numbers_of(title: &str) -> Vec<&str> {
    title.split(|letter: char| !letter.is_numeric()).filter(|number| !number.is_empty()).collect()
}

fn tells_nothing(tags: &TagSet) -> bool {
    says_nothing_of_its_own(title_of(tags), &[tags.album.as_deref().unwrap_or_default()])
}

fn counts(tags: &TagSet) -> bool {
    !numbers_of(title_of(tags)).is_empty()
}

/// Zones print one moment as two days. Where no day is known, the titles alone tell.
fn is_of_another_moment(now: &TagSet, was: &TagSet) -> bool {
    match apart(now, was, |more| more.published_at) {
        Some(apart) => apart >= ONE_MOMENT,
        None => now.date.is_none() || was.date.is_none() || now.date != was.date,
    }
}

fn is_of_another_day(now: &TagSet, was: &TagSet) -> bool {
    let is_dated_anew = now.date.is_some() && was.date.is_some() && now.date != was.date;
    is_dated_anew && apart(now, was, |more| more.published_at).is_none_or(|apart| apart >= ABOUT_A_DAY)
}

/// Whether its file is called otherwise where it lies; the name that it has in the collection begins with that.
fn has_another_address(offer: &RemoteOffer, then: &Provenance) -> bool {
    let usual = path_in_collection(Path::new(""), &then.source, offer);
    let stem = usual.file_stem().map(|stem| stem.to_string_lossy()).unwrap_or_default();
    !then.file_name.is_empty() && !then.file_name.starts_with(&*stem)
}

/// Whether the told lengths differ by more than `may` allows for the longer one; `None` where one is not told.
fn is_told_longer(now: &TagSet, was: &TagSet, may: impl Fn(u64) -> u64) -> Option<bool> {
    let told = |tags: &TagSet| tags.more.as_ref()?.told_ms;
    let (now, was) = (told(now)?, told(was)?);
    Some(now.abs_diff(was) > may(now.max(was)))
}

/// How far moments are apart, in seconds.
fn apart(now: &TagSet, was: &TagSet, at: impl Fn(&MoreTags) -> Option<i64>) -> Option<u64> {
    let at = |tags: &TagSet| tags.more.as_deref().and_then(&at);
    Some(at(now)?.abs_diff(at(was)?))
}

#[cfg(test)]
mod tests {
    use ferrotape_domain::{ContentId, PODCASTS, Rights, Sums};

    use super::*;

    /// What a feed says of an episode: its title, the day that it prints, the moment in hours, the file's name, and the
    /// length in seconds.
    type Row = (&'static str, &'static str, Option<i64>, &'static str, Option<u64>);

    fn offer((title, day, hours, file, seconds): Row) -> RemoteOffer {
        let more = MoreTags {
            published_at: hours.map(|hours| hours * 3_600),
            told_ms: seconds.map(|seconds| seconds * 1_000),
            ..MoreTags::default()
        };
        RemoteOffer {
            id: "https://feeds.example/news latest".to_owned(),
            file_name: file.to_owned(),
            tags: TagSet {
                title: Some(title.to_owned()).filter(|title| !title.is_empty()),
                album: Some("Tide News".to_owned()),
                date: Some(day.to_owned()).filter(|day| !day.is_empty()),
                genres: vec!["Podcast".to_owned()],
                more: Some(Box::new(more)),
                ..TagSet::default()
            },
            duration: None,
            format: None,
            bitrate_kbps: None,
            size: None,
            sums: Sums::default(),
            rights: Rights::PublicFeed,
            page: None,
        }
    }

    fn came(row: Row) -> Provenance {
        let offer = offer(row);
        let at = path_in_collection(Path::new("/c"), PODCASTS, &offer);
        Provenance {
            content: ContentId("a".to_owned()),
            file_name: at.file_name().unwrap().to_string_lossy().into_owned(),
            source: PODCASTS.to_owned(),
            remote_id: offer.id,
            url: None,
            page: None,
            rights: offer.rights,
            note: String::new(),
            at: 5,
            sha256: String::new(),
            said: offer.tags,
        }
    }

    const HARBOUR: Row = ("Harbour", "2026-11-10", Some(24), "1.mp3", Some(1_800));
    const AT_8: Row = ("News at 8", "2026-11-24", Some(8), "latest.mp3", Some(300));
    const BARE: Row = ("News", "2026-11-23", Some(0), "latest.mp3", Some(300));

    fn check(was: Row, table: &[(Row, bool)]) {
        for (now, is) in table {
            assert_eq!(is_same_episode(&offer(*now), &came(was)), *is, "{was:?} / {now:?}");
        }
    }

    #[test]
    fn an_episode_stays_the_same_whatever_its_day_address_or_length() {
        let (title, day, at, file, length) = HARBOUR;
        check(
            HARBOUR,
            &[
                // One moment in another zone; dated anew; moved to another host; with other advertisements.
                ((title, "2026-11-11", at, file, length), true),
                ((title, "2026-11-27", Some(400), file, Some(1_900)), true),
                ((title, "2026-11-27", Some(400), "harbour-64k.mp3", Some(2_400)), true),
                ((title, "", None, file, None), true),
                // Its title is corrected.
                (("HARBOUR!", day, at, file, length), true),
                (("The Harbour, mended", "2026-11-12", Some(48), file, length), true),
                (("Gulls", day, at, file, length), true),
                (("Gulls", "2026-11-11", at, file, Some(1_830)), true),
                // Another one.
                (("Gulls", day, Some(25), file, length), false),
                (("Gulls", day, at, "2.mp3", length), false),
                (("Gulls", day, at, file, Some(900)), false),
                (("Gulls", "", None, file, length), false),
                (("Harbour, Part 2", "2026-11-12", Some(72), file, length), false),
            ],
        );
        // What came before moments were kept.
        check(
            (title, day, None, file, None),
            &[
                ((title, "2026-11-27", at, file, length), true),
                (("Gulls", day, at, file, length), true),
                (("Gulls", "2026-11-11", at, file, length), false),
            ],
        );
    }

    #[test]
    fn news_under_one_name_are_told_apart() {
        check(
            ("News of Monday", "2026-11-23", Some(0), "latest.mp3", Some(6)),
            &[
                (("News of Tuesday", "2026-11-24", Some(24), "latest.mp3", Some(6)), false),
                (("The news of Monday, mended", "2026-11-23", Some(0), "latest.mp3", Some(6)), true),
            ],
        );
        let (_, day, _, file, length) = AT_8;
        check(
            AT_8,
            &[
                (("News at 9", day, Some(9), file, length), false),
                (("News at 8", day, Some(8), file, Some(320)), true),
            ],
        );
        check(
            BARE,
            &[
                (("News", "2026-11-24", Some(24), "latest.mp3", Some(312)), false),
                (("News", "2026-11-24", Some(24), "tuesday.mp3", Some(300)), false),
                (("News of Tuesday", "2026-11-24", Some(24), "latest.mp3", Some(312)), false),
                (("News", "2026-11-24", Some(24), "latest.mp3", Some(300)), true),
                (("News", "2026-11-24", Some(0), "tuesday.mp3", Some(312)), true),
                (("News", "2026-11-23", Some(9), "latest.mp3", Some(312)), true),
                // Whether it is as long is not told.
                (("News", "2026-11-24", Some(24), "latest.mp3", None), false),
            ],
        );
        let twelve = ("Episode 12", "2026-11-23", Some(0), "12.mp3", None);
        check(twelve, &[(("Episode 12", "2026-11-27", Some(96), "12.mp3", None), true)]);
    }
}
