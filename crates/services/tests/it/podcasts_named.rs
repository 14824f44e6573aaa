//! Podcasts whose feed the user named, and what is taken in its place.

use ferrotape_domain::{Catalogue, FaultKind, RemoteOffer, Wanted};
use ferrotape_services::podcasts::{Podcasts, Settings};
use ferrotape_testkit::HttpTrouble;
use ferrotape_testkit::fake_podcasts::{Door, FakeShow, Listing};

use crate::podcasts::{Kit, known, name_their_feed, search, tide};

#[test]
fn podcasts_that_the_user_named_give_their_newest_episodes() {
    let mut show = tide();
    (show.listing, show.door) = (Listing::Nowhere, Door::Moved(3));
    let kit = Kit::new(vec![show.clone()]);
    let wanted = show.wanted_whole(Some("https://feeds.example/low-tide.xml".to_owned()));
    let settings = Settings { newest: 2, ..Settings::default() };
    let offers = search(&kit.podcasts_with(settings, vec![wanted.clone()]), &wanted).unwrap();
    let titles: Vec<_> = offers.iter().map(|offer| offer.tags.title.clone().unwrap()).collect();
    assert_eq!(titles, [show.episodes[0].title.clone(), show.episodes[1].title.clone()]);
    assert_eq!((kit.fake.asked("search"), kit.fake.asked(".mp3")), (0, 0), "no directory, no sound");
    assert!(!name_their_feed(&offers[..1]) && !name_their_feed(&offers[1..]), "that is the user's matter");
    // An episode of it needs no proof either.
    let podcasts = kit.podcasts(vec![wanted]);
    assert_eq!(search(&podcasts, &show.wanted(5)).unwrap().len(), 1);
}

#[test]
fn half_a_feed_that_does_not_tell_its_name_may_be_the_podcasts_that_is_wanted() {
    let show = FakeShow { listing: Listing::Nowhere, ..tide() };
    let other = FakeShow::new("Slack Water", "slack.example/rss", 3).wanted_whole(None);
    let settings = || Settings { feeds: vec![format!("https://{}", show.feed)], ..Settings::default() };
    let wanted = show.wanted_whole(None);
    // The directory says that there is none, or cannot be asked.
    for is_down in [false, true] {
        let kit = Kit::new(vec![show.clone()]);
        let run = |wanted: &Wanted| search(&kit.podcasts_with(settings(), Vec::new()), wanted);
        kit.fake.spoil("low-tide.xml", HttpTrouble::Says(200, "<rss><channel><title>Low Ti"));
        (0..4).filter(|_| is_down).for_each(|_| kit.fake.spoil("itunes", HttpTrouble::Status(500)));
        let fault = run(&wanted).unwrap_err();
        assert!(matches!(fault.kind, FaultKind::Temporary { .. }), "{fault:?}");
        assert_eq!(fault.source, "podcasts/feeds.example", "{fault:?}");
        assert!(fault.reason.contains("broke off in the middle"), "{fault:?}");
        assert_eq!(run(&wanted).unwrap().len(), 5);
    }
    // Once it told its name, it is no other podcast's.
    let kit = Kit::new(vec![show.clone()]);
    kit.fake.spoil("low-tide.xml", HttpTrouble::Says(200, "<rss><channel><title>Low Tide</title><item>"));
    assert_eq!(search(&kit.podcasts_with(settings(), Vec::new()), &other), Ok(Vec::new()));
}

#[test]
fn podcasts_whose_named_feed_is_gone_are_looked_for() {
    let (mut old, new) = (tide(), FakeShow::new("Low Tide", "new.example/feed", 12));
    (old.door, old.listing) = (Door::Gone, Listing::Nowhere);
    let kit = Kit::new(vec![old.clone(), new.clone()]);
    let mut known = known(&new, 3);
    known.push(old.wanted_whole(Some("https://feeds.example/low-tide.xml".to_owned())));
    let offers = search(&kit.podcasts(known), &new.wanted(2)).unwrap();
    assert!(offers.len() == 1 && offers[0].id.starts_with("https://new.example/feed "));
    assert!(name_their_feed(&offers), "a directory named it");
}

#[test]
fn a_named_feed_that_is_gone_for_good_is_told_of() {
    let mut old = tide();
    (old.door, old.listing) = (Door::Gone, Listing::Nowhere);
    let kit = Kit::new(vec![old.clone()]);
    let wanted = old.wanted_whole(Some("https://feeds.example/low-tide.xml".to_owned()));
    let podcasts = kit.podcasts(vec![wanted.clone()]);
    assert!(search(&podcasts, &wanted).unwrap().is_empty());
    let says = podcasts.says_of(&wanted).unwrap();
    assert!(says.contains("feeds.example") && says.contains("new address"), "{says}");
}

#[test]
fn a_feed_that_a_directory_lists_and_that_is_gone_is_told_of() {
    let gone = FakeShow { door: Door::Gone, ..tide() };
    let kit = Kit::new(vec![gone.clone()]);
    let wanted = gone.wanted_whole(None);
    // The second time what was kept says it, with the same hour.
    let says = [1, 2].map(|_| {
        let podcasts = kit.podcasts(known(&gone, 3));
        assert!(search(&podcasts, &wanted).unwrap().is_empty());
        podcasts.says_of(&wanted).unwrap()
    });
    let listed =
        "a directory lists it, but its feed is not at feeds.example any more (asked for again after 20";
    assert!(says[0].starts_with(listed), "{says:?}");
    assert_eq!(says[0], says[1]);
}

#[test]
fn a_named_feed_that_is_gone_is_told_of_beside_a_directory_that_is_down() {
    let mut old = tide();
    (old.door, old.listing) = (Door::Gone, Listing::Nowhere);
    let kit = Kit::new(vec![old.clone()]);
    (0..9).for_each(|_| kit.fake.spoil("itunes", HttpTrouble::Status(500)));
    let wanted = old.wanted_whole(Some("https://feeds.example/low-tide.xml".to_owned()));
    let fault = search(&kit.podcasts(vec![wanted.clone()]), &wanted).unwrap_err();
    assert!(matches!(fault.kind, FaultKind::Temporary { .. }), "{fault:?}");
    assert!(fault.source.contains("itunes") && fault.reason.contains("500"), "{fault:?}");
    assert!(fault.reason.contains("the feed that you named is not at feeds.example any more"), "{fault:?}");
}

#[test]
fn two_podcasts_of_one_name_have_each_its_own_feed() {
    let (mut public, mut premium) = (tide(), FakeShow::new("The Low Tide Podcast", "paid.example/tide", 4));
    (public.listing, premium.listing) = (Listing::Nowhere, Listing::Nowhere);
    let wanted = |show: &FakeShow| show.wanted_whole(Some(format!("https://{}", show.feed)));
    let known = vec![wanted(&public), wanted(&premium)];
    let kit = Kit::new(vec![public.clone(), premium.clone()]);
    let podcasts = kit.podcasts(known);
    let are_of = |show: &FakeShow, offers: &[RemoteOffer]| {
        offers.iter().all(|offer| offer.id.starts_with(&format!("https://{} ", show.feed)))
    };
    for show in [&public, &premium] {
        let offers = search(&podcasts, &wanted(show)).unwrap();
        assert!(!offers.is_empty() && are_of(show, &offers), "{}: {offers:?}", show.feed);
    }
    // One that is gone, or that cannot be asked, is not replaced by the other.
    let gone = FakeShow { door: Door::Gone, ..premium.clone() };
    let gone = Kit::new(vec![public.clone(), gone]);
    let fault =
        search(&gone.podcasts(vec![wanted(&public), wanted(&premium)]), &wanted(&premium)).unwrap_err();
    assert!(fault.kind == FaultKind::NeedsUser && fault.reason.contains("not at paid.example"), "{fault:?}");
    let down = Kit::new(vec![public.clone(), premium.clone()]);
    (0..9).for_each(|_| down.fake.spoil("paid.example", HttpTrouble::Status(500)));
    assert!(search(&down.podcasts(vec![wanted(&public), wanted(&premium)]), &wanted(&premium)).is_err());
}

#[test]
fn an_episode_of_one_of_two_podcasts_of_a_name_is_of_the_one_that_has_it_or_asked_about() {
    let (mut public, mut other) = (tide(), FakeShow::new("The Low Tide Podcast", "other.example/tide", 4));
    (public.listing, other.listing) = (Listing::Nowhere, Listing::Nowhere);
    other.author = "Somebody Else".to_owned();
    for episode in &mut other.episodes {
        (episode.day, episode.seconds) = (episode.day.replace("2024", "2023"), episode.seconds + 900);
    }
    let named = |show: &FakeShow| show.wanted_whole(Some(format!("https://{}", show.feed)));
    let kit = Kit::new(vec![public.clone(), other.clone()]);
    // Whichever was named first, and in one run.
    let podcasts = kit.podcasts(vec![named(&other), named(&public)]);
    let feed_of = |wanted: &Wanted| -> Result<String, String> {
        let offers = search(&podcasts, wanted).map_err(|fault| fault.reason)?;
        let feeds = offers.iter().filter_map(|offer| offer.id.split(' ').next());
        Ok(feeds.take(1).map(str::to_owned).collect())
    };
    let of = |show: &FakeShow| Ok(format!("https://{}", show.feed));
    // Both have a `Harbour`: day and length tell, or the publisher.
    let harbour = public.wanted(public.episodes.len() - 1);
    assert_eq!(harbour.title, "Harbour");
    assert_eq!(feed_of(&harbour), of(&public));
    let undated = |one: &Wanted| Wanted { released: None, duration: None, ..one.clone() };
    assert_eq!(feed_of(&undated(&harbour)), of(&public), "by Mara Quill");
    let theirs = other.wanted(other.episodes.len() - 1);
    let theirs = Wanted { release: harbour.release.clone(), ..theirs };
    assert_eq!(feed_of(&theirs), of(&other));
    let of_nobody =
        |one: &Wanted| Wanted { artists: ferrotape_domain::ArtistCredit::printed(""), ..undated(one) };
    let why = feed_of(&of_nobody(&harbour)).unwrap_err();
    assert!(why.contains("several podcasts called “Low Tide” that have “Harbour”"), "{why}");
    assert!(why.contains("other.example, feeds.example"), "{why}");
    // Only one of them has this one.
    let knots = public.episodes.iter().position(|episode| episode.title == "Nine Knots").unwrap();
    assert_eq!(feed_of(&of_nobody(&public.wanted(knots))), of(&public));
    // Half of the other's feed does not tell that it is not there.
    let kit = Kit::new(vec![public.clone(), other.clone()]);
    let half = "<rss><channel><title>The Low Tide Podcast</title><item>";
    kit.fake.spoil("other.example/tide", HttpTrouble::Says(200, half));
    let podcasts = kit.podcasts(vec![named(&public), named(&other)]);
    let fault = search(&podcasts, &of_nobody(&public.wanted(knots))).unwrap_err();
    assert!(fault.source == "podcasts/other.example" && fault.reason.contains("broke off"), "{fault:?}");
    // Two addresses of one podcast are no question.
    let copy = FakeShow { feed: "new.example/tide".to_owned(), ..public.clone() };
    let kit = Kit::new(vec![public.clone(), copy.clone()]);
    let podcasts = kit.podcasts(vec![named(&public), named(&copy)]);
    assert_eq!(search(&podcasts, &of_nobody(&harbour)).unwrap().len(), 1);
}

/// `The Low Tide` of another publisher, in a list; the library knows `Low Tide`.
pub(crate) fn namesake(day: &str, author: &str) -> FakeShow {
    let mut other = FakeShow::new("The Low Tide", "other.example/rss", 12);
    other.episodes.iter_mut().for_each(|episode| episode.day = episode.day.replace("2024", day));
    (other.listing, other.author) = (Listing::Nowhere, author.to_owned());
    other
}

#[test]
fn a_feed_named_for_a_namesake_is_not_taken_against_what_is_known() {
    let show = tide();
    let other = namesake("2021", "Somebody Else");
    let named = other.wanted_whole(Some("https://other.example/rss".to_owned()));
    let with = |episodes: Vec<Wanted>| [vec![named.clone()], episodes].concat();
    let whole = |author: &str| Wanted {
        artists: ferrotape_domain::ArtistCredit::printed(author),
        ..show.wanted_whole(None)
    };
    let kit = Kit::new(vec![other.clone(), show.clone()]);
    // All known episodes have other days: the directory's feed is proved.
    let offers = search(&kit.podcasts(with(known(&show, 4))), &show.wanted(1)).unwrap();
    assert!(offers.len() == 1 && offers[0].id.starts_with("https://feeds.example/low-tide.xml "));
    // Nothing else is known than the publishers.
    let kit = Kit::new(vec![other.clone()]);
    let table = [
        (with(known(&show, 4)), show.wanted(1), "0 of 4 episodes known here agree"),
        (with(Vec::new()), whole("Mara Quill"), "it is published by Somebody Else"),
    ];
    for (known, wanted, says) in table {
        let fault = search(&kit.podcasts(known), &wanted).unwrap_err();
        assert_eq!(fault.kind, FaultKind::NeedsUser);
        assert!(fault.reason.contains(says) && fault.reason.contains("other.example"), "{fault:?}");
        assert!(fault.reason.contains("no directory of podcasts has another"), "{fault:?}");
    }
    // Where nothing speaks against it, the user's word is enough.
    for author in ["Somebody Else", "Somebody Else and a Station", ""] {
        let offers = search(&kit.podcasts(with(Vec::new())), &whole(author)).unwrap();
        assert_eq!(offers.len(), 5, "{author}");
    }
}

#[test]
fn equal_titles_alone_do_not_outweigh_another_publisher() {
    let (show, other) = (tide(), namesake("2021", "Somebody Else"));
    let named = other.wanted_whole(Some("https://other.example/rss".to_owned()));
    let by_mara =
        |one: Wanted| Wanted { artists: ferrotape_domain::ArtistCredit::printed("Mara Quill"), ..one };
    let wanted = by_mara(show.wanted_whole(None));
    let titles = known(&show, 5).into_iter().map(|one| Wanted { released: None, duration: None, ..one });
    let titles: Vec<Wanted> = std::iter::once(named.clone()).chain(titles).collect();
    let kit = Kit::new(vec![other.clone()]);
    let fault = search(&kit.podcasts(titles.clone()), &wanted).unwrap_err();
    assert_eq!(fault.kind, FaultKind::NeedsUser);
    assert!(fault.reason.contains("it is published by Somebody Else"), "{fault:?}");
    // The feed of a directory that does not answer may be the one.
    let down = Kit::new(vec![other.clone(), show]);
    (0..9).for_each(|_| down.fake.spoil("feeds.example", HttpTrouble::Status(500)));
    let fault = search(&down.podcasts(titles), &wanted).unwrap_err();
    assert!(matches!(fault.kind, FaultKind::Temporary { .. }), "{fault:?}");
    assert!(fault.reason.contains("it is published by Somebody Else"), "{fault:?}");
    // Days say more than how publishers write themselves.
    let dated = std::iter::once(named).chain(known(&other, 3).into_iter().map(by_mara)).collect();
    assert_eq!(search(&kit.podcasts(dated), &wanted).unwrap().len(), 5);
}

#[test]
fn a_feed_that_is_doubted_is_told_of_so_that_it_is_taken_no_more() {
    let (show, other) = (tide(), namesake("2021", "Mara Quill"));
    let gone = FakeShow { door: Door::Gone, listing: Listing::Nowhere, ..show.clone() };
    let named = other.wanted_whole(Some("https://other.example/rss".to_owned()));
    let wanted = show.wanted_whole(None);
    let with = [vec![named.clone()], known(&show, 4)].concat();
    let kit = Kit::new(vec![other.clone(), gone]);
    let podcasts = kit.podcasts(vec![named]);
    assert_eq!(search(&podcasts, &wanted).unwrap().len(), 5);
    let none: [&str; 0] = [];
    assert_eq!(podcasts.doubted_feeds(&wanted), none, "nothing speaks against it yet");
    let podcasts = kit.podcasts(with.clone());
    assert!(search(&podcasts, &wanted).is_err());
    assert_eq!(podcasts.doubted_feeds(&wanted), ["https://other.example/rss"]);
    // One with a feed of its own may have been led there by that.
    let own = Wanted { feed: Some("https://feeds.example/low-tide.xml".to_owned()), ..wanted.clone() };
    assert!(search(&podcasts, &own).is_err());
    assert_eq!(podcasts.doubted_feeds(&own), none);
    // Where it moved is judged by what is there.
    for (day, doubted) in [("2021", 2), ("2024", 1)] {
        let new = FakeShow { feed: "new.example/feed".to_owned(), ..namesake(day, "Mara Quill") };
        let old = FakeShow { new_feed: Some(new.feed.clone()), ..other.clone() };
        let kit = Kit::new(vec![old, new]);
        let podcasts = kit.podcasts(with.clone());
        assert!(search(&podcasts, &wanted).is_err());
        assert_eq!(podcasts.doubted_feeds(&wanted).len(), doubted, "{day}");
    }
}

#[test]
fn old_episodes_do_not_speak_against_a_feed_that_keeps_only_the_newest() {
    let show = namesake("2024", "Mara Quill");
    let old = FakeShow::new("Low Tide", "feeds.example/low-tide.xml", 12);
    let mut old = old.wanted(0);
    (old.title, old.released) = ("Long ago".to_owned(), Some("2015-05-05".to_owned()));
    let kit = Kit::new(vec![show.clone()]);
    let named = show.wanted_whole(Some("https://other.example/rss".to_owned()));
    let wanted = tide().wanted_whole(None);
    let offers = search(&kit.podcasts(vec![named.clone(), old.clone()]), &wanted).unwrap();
    assert_eq!(offers.len(), 5);
    old.released = Some("2024-02-08".to_owned());
    assert!(search(&kit.podcasts(vec![named, old]), &wanted).is_err(), "that one it should have");
}

/// A podcast of another name, in which the same episodes were published.
fn sister() -> FakeShow {
    FakeShow::new("Low Tide Extra", "extra.example/rss", 12)
}

#[test]
fn a_sister_podcast_is_not_taken_while_a_feed_of_the_name_may_be_the_one() {
    let show = tide();
    let down = Kit::new(vec![show.clone(), sister()]);
    (0..9).for_each(|_| down.fake.spoil("feeds.example", HttpTrouble::Status(503)));
    let fault = search(&down.podcasts(known(&show, 3)), &show.wanted(0)).unwrap_err();
    assert!(matches!(fault.kind, FaultKind::Temporary { .. }), "{fault:?}");
    assert_eq!(fault.source, "podcasts/feeds.example");
    // It is there, and has dropped what is known.
    let mut newer = tide();
    for episode in &mut newer.episodes {
        (episode.title, episode.day) =
            (format!("{} again", episode.title), episode.day.replace("2024", "2025"));
    }
    let kit = Kit::new(vec![newer, sister()]);
    let fault = search(&kit.podcasts(known(&show, 3)), &show.wanted(0)).unwrap_err();
    assert_eq!(fault.kind, FaultKind::NeedsUser);
    let says = "may be the feed https://feeds.example/low-tide.xml, but that is not sure: 0 of 3 episodes";
    assert!(fault.reason.contains(says), "{fault:?}");
    // A directory that cannot be asked may have it.
    let only_there = FakeShow { listing: Listing::Country("US"), ..show.clone() };
    let kit = Kit::new(vec![only_there, sister()]);
    (0..9).for_each(|_| kit.fake.spoil("country=US", HttpTrouble::Status(500)));
    let german = Settings { country: "de".to_owned(), ..Settings::default() };
    let fault = search(&kit.podcasts_with(german, known(&show, 3)), &show.wanted(0)).unwrap_err();
    assert_eq!(fault.source, "podcasts/itunes.apple.com", "{fault:?}");
}

#[test]
fn a_namesake_that_is_proved_to_be_another_keeps_no_renamed_podcast_away() {
    let renamed = FakeShow::new("Low Tide with Mara Quill", "quill.example/rss", 12);
    let other = FakeShow { listing: Listing::Everywhere, ..namesake("2021", "Somebody Else") };
    let of_renamed = |count: usize| -> Vec<Wanted> {
        let of = |one: Wanted| Wanted { release: Some("Low Tide".to_owned()), ..one };
        known(&renamed, count).into_iter().map(of).collect()
    };
    let kit = Kit::new(vec![other.clone(), renamed.clone()]);
    let offers = search(&kit.podcasts(of_renamed(5)), &of_renamed(1)[0]).unwrap();
    assert!(offers.len() == 1 && offers[0].id.starts_with("https://quill.example/rss "), "{offers:?}");
    // Too little for a proof either way: then the one that agrees is what is asked about.
    let fault = search(&kit.podcasts(of_renamed(2)), &of_renamed(1)[0]).unwrap_err();
    assert_eq!(fault.kind, FaultKind::NeedsUser);
    assert!(fault.reason.contains("may be the feed https://quill.example/rss, "), "{fault:?}");
    assert!(!fault.reason.contains("other.example"), "{fault:?}");
    // A second one of the name has dropped what is known, and may be it.
    let mut newer = FakeShow::new("The Low Tide Podcast", "newer.example/rss", 12);
    for episode in &mut newer.episodes {
        (episode.title, episode.day) =
            (format!("{} again", episode.title), episode.day.replace("2024", "2025"));
    }
    let kit = Kit::new(vec![other, newer, renamed.clone()]);
    let fault = search(&kit.podcasts(of_renamed(5)), &of_renamed(1)[0]).unwrap_err();
    assert_eq!(fault.kind, FaultKind::NeedsUser);
    assert!(fault.reason.contains("may be the feed https://newer.example/rss, "), "{fault:?}");
}

#[test]
fn a_sister_podcast_that_was_taken_is_doubted_once_the_podcasts_own_feed_is() {
    let show = tide();
    let none: [&str; 0] = [];
    let taken = |podcasts: &Podcasts, wanted: &Wanted, feed: &str| {
        let offers = search(podcasts, wanted).unwrap();
        assert!(offers.len() == 1 && offers[0].id.starts_with(&format!("https://{feed} ")), "{offers:?}");
        podcasts.doubted_feeds(wanted)
    };
    // Nobody lists it: then what has all its episodes is it, renamed.
    let kit = Kit::new(vec![sister()]);
    let podcasts = kit.podcasts(known(&show, 3));
    assert_eq!(taken(&podcasts, &show.wanted(0), "extra.example/rss"), none);
    let kit = Kit::new(vec![show.clone(), sister()]);
    let missing = Wanted { title: "Only here".to_owned(), ..show.wanted(5) };
    // Whether or not the sister is looked into.
    for more in [None, Some(missing)] {
        let known: Vec<Wanted> = known(&show, 3).into_iter().chain(more).collect();
        let podcasts = kit.podcasts(known.clone());
        let doubted = taken(&podcasts, &show.wanted(0), "feeds.example/low-tide.xml");
        assert_eq!(doubted, ["https://extra.example/rss"]);
        // One with a feed of its own may have been led there by that.
        let own = Wanted { feed: Some("https://old.example/feed".to_owned()), ..show.wanted(0) };
        assert_eq!(taken(&kit.podcasts(known), &own, "feeds.example/low-tide.xml"), none);
    }
}
