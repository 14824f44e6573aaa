//! Whether what a feed gives under a name that something came under before is that very episode, or the next one.
//!
//! Feeds date their episodes anew, print one moment in another zone, correct titles and move to other hosts; the episode is
//! the same, and its copy is there. Others give each hour's news under one name and one address, with one title for all.

use std::path::Path;

use ferrotape_domain::{
    MoreTags, Provenance, RemoteOffer, TagSet, is_published_once, letters_of, names_a_weekday,
    one_name_holds_the_other, says_nothing_of_its_own,
};
use ferrotape_matching::spoken::full_date;

use super::place::path_in_collection;

/// Moments that are nearer to each other are one, in seconds.
const ONE_MOMENT: u64 = 60;
/// What is published each day is not always so at the same hour.
const ABOUT_A_DAY: u64 = 12 * 3_600;
/// The next Monday is another one.
const WEEK: u64 = 6;
/// Advertisements make a told length so much longer, and a tenth.
const ADVERTISED: u64 = 60_000;

/// What a feed gives under a name that something came under before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// The very episode; its copy is there.
    Same,
    /// Another one.
    Another,
    /// Nothing but another day tells it from what came: its sound may be new, or only be dated anew.
    Unsaid,
}

/// Which episode it is. A title of its own tells, and so does one that names what is published once (`Trailer`, `Episode 12`):
/// it is the same however it is dated. Where the title is another, a moment, an address or a length must be, too, for titles
/// are corrected. What is new each time under one title, as `News` is, is another by its day, and by its title's words, its
/// description, its number, or an address that names the day; without any of these nothing tells.
pub(super) fn which(offer: &RemoteOffer, then: &Provenance) -> Which {
    let (now, was) = (&offer.tags, &then.said);
    if !is_one_title(now, was) {
        let is_another = is_of_another_moment(now, was)
            || has_another_address(offer, then)
            || is_told_longer(now, was) == Some(true);
        return if is_another { Which::Another } else { Which::Same };
    }
    let is_bare = tells_nothing(now) || tells_nothing(was);
    if !is_bare || is_once(now) || is_once(was) || !is_of_another_day(now, was) || is_of_its_weekday(now, was)
    {
        return Which::Same;
    }
    let is_told = letters_of(title_of(now)) != letters_of(title_of(was))
        || differ(now.comment.as_deref().map(letters_of), was.comment.as_deref().map(letters_of))
        || differ(now.track_number, was.track_number)
        || (has_another_address(offer, then) && names_its_day(offer));
    if is_told { Which::Another } else { Which::Unsaid }
}

/// Whether it has the title and the day of what came: of all that came under one name it is this.
pub(super) fn is_that_one(offer: &RemoteOffer, then: &Provenance) -> bool {
    let (now, was) = (&offer.tags, &then.said);
    letters_of(title_of(now)) == letters_of(title_of(was)) && now.date.is_some() && now.date == was.date
}

/// The same of two that came: whether nothing but its day tells the later one from the one before.
pub(super) fn takes_its_place(later: &Provenance, before: &Provenance) -> bool {
    let bare = RemoteOffer::bare(&later.remote_id, &later.file_name, later.rights.clone());
    let offer = RemoteOffer { tags: later.said.clone(), ..bare };
    which(&offer, before) == Which::Unsaid
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

/// Whether its title says nothing of its own.
pub(super) fn tells_nothing(tags: &TagSet) -> bool {
    says_nothing_of_its_own(title_of(tags), &[tags.album.as_deref().unwrap_or_default()])
}

fn is_once(tags: &TagSet) -> bool {
    is_published_once(title_of(tags), &[tags.album.as_deref().unwrap_or_default()])
}

/// Whether both are told and are not equal.
fn differ<T: PartialEq>(now: Option<T>, was: Option<T>) -> bool {
    now.zip(was).is_some_and(|(now, was)| now != was)
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

/// Whether both may be of the one day of the week that their title names.
fn is_of_its_weekday(now: &TagSet, was: &TagSet) -> bool {
    let days = full_date(now.date.as_deref()).zip(full_date(was.date.as_deref()));
    let is_one = letters_of(title_of(now)) == letters_of(title_of(was));
    is_one && names_a_weekday(title_of(now)) && days.is_some_and(|(now, was)| now.abs_diff(was) < WEEK)
}

/// Whether the name of its file holds the day that it is of, with the year: `news-2026-11-23.mp3`, `231126.mp3`.
fn names_its_day(offer: &RemoteOffer) -> bool {
    let mut parts = offer.tags.date.as_deref().unwrap_or_default().split('-');
    let (Some(year), Some(month), Some(day)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let short = year.get(2..).unwrap_or_default();
    let name: String = offer.file_name.chars().filter(char::is_ascii_digit).collect();
    let may_be = [[short, month, day], [day, month, short], [day, month, year], [month, day, year]];
    may_be.iter().any(|parts| name.contains(&parts.concat()))
}

/// Whether its file is called otherwise where it lies; the name that it has in the collection begins with that.
fn has_another_address(offer: &RemoteOffer, then: &Provenance) -> bool {
    let usual = path_in_collection(Path::new(""), &then.source, offer);
    let stem = usual.file_stem().map(|stem| stem.to_string_lossy()).unwrap_or_default();
    !then.file_name.is_empty() && !then.file_name.starts_with(&*stem)
}

/// Whether the told lengths differ by more than advertisements make; `None` where one is not told.
fn is_told_longer(now: &TagSet, was: &TagSet) -> Option<bool> {
    let told = |tags: &TagSet| tags.more.as_ref()?.told_ms;
    let (now, was) = (told(now)?, told(was)?);
    Some(now.abs_diff(was) > ADVERTISED.max(now.max(was) / 10))
}

/// How far moments are apart, in seconds.
fn apart(now: &TagSet, was: &TagSet, at: impl Fn(&MoreTags) -> Option<i64>) -> Option<u64> {
    let at = |tags: &TagSet| tags.more.as_deref().and_then(&at);
    Some(at(now)?.abs_diff(at(was)?))
}

#[cfg(test)]
mod tests {
    use ferrotape_domain::{ContentId, PODCASTS, Rights};

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
        let tags = TagSet {
            title: Some(title.to_owned()).filter(|title| !title.is_empty()),
            album: Some("Tide News".to_owned()),
            date: Some(day.to_owned()).filter(|day| !day.is_empty()),
            genres: vec!["Podcast".to_owned()],
            more: Some(Box::new(more)),
            ..TagSet::default()
        };
        let id = "https://feeds.example/news latest";
        RemoteOffer { tags, ..RemoteOffer::bare(id, file, Rights::PublicFeed) }
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
            assert_eq!(which(&offer(*now), &came(was)) == Which::Same, *is, "{was:?} / {now:?}");
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
                // As long, at the same address: each day's news may last five minutes.
                (("News", "2026-11-24", Some(24), "latest.mp3", Some(300)), false),
                (("News", "2026-11-24", Some(0), "tuesday.mp3", Some(312)), true),
                (("News", "2026-11-23", Some(9), "latest.mp3", Some(312)), true),
                // Whether it is as long is not told.
                (("News", "2026-11-24", Some(24), "latest.mp3", None), false),
            ],
        );
        for title in ["Episode 12", "Trailer", "Part 1"] {
            let once = (title, "2026-11-23", Some(0), "12.mp3", Some(60));
            check(once, &[((title, "2026-11-27", Some(96), "12-with-other-ads.mp3", Some(95)), true)]);
        }
        let monday = ("Monday", "2026-11-23", Some(0), "latest.mp3", Some(300));
        check(
            monday,
            &[
                (("Monday", "2026-11-24", Some(24), "latest.mp3", Some(300)), true),
                (("Monday", "2026-11-30", Some(168), "latest.mp3", Some(300)), false),
            ],
        );
    }

    #[test]
    fn what_is_new_each_time_is_another_where_anything_but_its_day_tells() {
        let described = |mut offer: RemoteOffer, about: &str, number: Option<u32>| {
            (offer.tags.comment, offer.tags.track_number) = (Some(about.to_owned()), number);
            offer
        };
        let (title, _, _, file, length) = BARE;
        let mut was = came(BARE);
        (was.said.comment, was.said.track_number) = (Some("All the news.".to_owned()), Some(1));
        let tuesday = (title, "2026-11-24", Some(24), file, length);
        let table = [
            (tuesday, "All the news.", Some(1), Which::Unsaid),
            (tuesday, "All the news", None, Which::Unsaid),
            ((title, "2026-11-24", Some(24), "a7f3.mp3", Some(312)), "All the news.", Some(1), Which::Unsaid),
            (tuesday, "The news of November 24.", Some(1), Which::Another),
            (tuesday, "All the news.", Some(2), Which::Another),
            (
                ("News of Tuesday", "2026-11-24", Some(24), file, length),
                "All the news.",
                None,
                Which::Another,
            ),
            (
                (title, "2026-11-24", Some(24), "2026-11-24.mp3", length),
                "All the news.",
                Some(1),
                Which::Another,
            ),
            (
                (title, "2026-11-24", Some(24), "n241126.mp3", length),
                "All the news.",
                Some(1),
                Which::Another,
            ),
            ((title, "2026-11-23", Some(9), file, length), "All the news at 9.", Some(2), Which::Same),
        ];
        for (now, about, number, expected) in table {
            let now = described(offer(now), about, number);
            assert_eq!(which(&now, &was), expected, "{now:?} {about}");
            let then = Provenance { file_name: now.file_name.clone(), said: now.tags.clone(), ..was.clone() };
            assert_eq!(takes_its_place(&then, &was), expected == Which::Unsaid, "{now:?} {about}");
        }
    }
}
