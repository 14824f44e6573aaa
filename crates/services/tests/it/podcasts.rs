//! Podcasts as the engine asks for them, against directories, feeds and hosts that stand in for all.

use std::fs;
use std::sync::Arc;

use ferrotape_domain::{
    ArtistCredit, Asked, Cancel, Carried, Catalogue, Fault, FaultKind, Fetched, RemoteOffer, ServiceMemory,
    ShopAdvice, Wanted, WantedKind,
};
use ferrotape_services::itunes::ITunes;
use ferrotape_services::net::{Net, Ways};
use ferrotape_services::podcasts::{PodcastIndexKey, Podcasts, Settings};
use ferrotape_testkit::fake_podcasts::{Door, FakePodcasts, FakeShow, Listing, Sound};
use ferrotape_testkit::{HttpTrouble, MemoryOnly};

use crate::podcasts_named::namesake;

pub(crate) struct Kit {
    pub(crate) fake: FakePodcasts,
    pub(crate) memory: Arc<MemoryOnly>,
    pub(crate) folder: tempfile::TempDir,
}

impl Kit {
    pub(crate) fn new(shows: Vec<FakeShow>) -> Self {
        let memory = Arc::new(MemoryOnly::default());
        Self { fake: FakePodcasts::start(shows).unwrap(), memory, folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn podcasts_with(&self, settings: Settings, known: Vec<Wanted>) -> Podcasts {
        Podcasts::new(self.net(&Ways::default()), settings, Box::new(move || Ok(known.clone())))
    }

    pub(crate) fn net(&self, ways: &Ways) -> Net {
        let ways = Ways { stand_in: Some(self.fake.address()), ..ways.clone() };
        let memory: Arc<dyn ServiceMemory> = Arc::clone(&self.memory) as _;
        Net::new(memory, &ways).unwrap()
    }

    pub(crate) fn podcasts(&self, known: Vec<Wanted>) -> Podcasts {
        self.podcasts_with(Settings::default(), known)
    }

    pub(crate) fn fetch(
        &self,
        podcasts: &Podcasts,
        offer: &RemoteOffer,
    ) -> Result<(Fetched, Vec<u8>), Fault> {
        let to = self.folder.path().join(&offer.file_name);
        let fetched = podcasts.fetch(offer, &to, &|_| {}, &Cancel::default())?;
        Ok((fetched, fs::read(to).unwrap()))
    }
}

pub(crate) fn search(podcasts: &Podcasts, wanted: &Wanted) -> Result<Vec<RemoteOffer>, Fault> {
    assert!(podcasts.may_hold(wanted.kind));
    let Asked::Search(searches) = podcasts.asked() else { panic!("podcasts are searched") };
    searches.search(wanted, &Cancel::default())
}

pub(crate) fn tide() -> FakeShow {
    FakeShow::new("Low Tide", "feeds.example/low-tide.xml", 12)
}

/// Whether the files of all these will say which feed they are of.
pub(crate) fn name_their_feed(offers: &[RemoteOffer]) -> bool {
    let names = |offer: &RemoteOffer| {
        let more = offer.tags.more.as_ref();
        more.is_some_and(|more| more.texts.contains_key(&Carried::PodcastFeed))
    };
    offers.iter().all(names)
}

pub(crate) fn known(show: &FakeShow, count: usize) -> Vec<Wanted> {
    (0..count).map(|at| show.wanted(at)).collect()
}

#[test]
fn podcast_episodes_are_proved_found_and_fetched_whole() {
    let show = tide();
    let kit = Kit::new(vec![show.clone()]);
    let podcasts = kit.podcasts(known(&show, 4));
    for at in 0..4 {
        let offers = search(&podcasts, &show.wanted(at)).unwrap();
        let [offer] = offers.as_slice() else { panic!("one offer, not {offers:?}") };
        let tags = &offer.tags;
        assert_eq!(tags.title.as_ref(), Some(&show.episodes[at].title));
        assert_eq!(
            (tags.album.as_deref(), tags.artists.join("")),
            (Some("Low Tide"), "Mara Quill".to_owned())
        );
        assert_eq!(
            (tags.date.as_ref(), tags.track_number),
            (Some(&show.episodes[at].day), Some(12 - at as u32))
        );
        let more = tags.more.as_ref().unwrap();
        assert_eq!(more.texts[&Carried::Podcast], ["1"]);
        assert_eq!(more.texts[&Carried::PodcastFeed], ["https://feeds.example/low-tide.xml"]);
        let chapters: Vec<_> =
            more.chapters.iter().map(|chapter| (chapter.title.as_str(), chapter.end_ms)).collect();
        assert_eq!(chapters, [("Hello", 2_500), ("The rest", show.episodes[at].seconds * 1000)]);
        let (fetched, bytes) = kit.fetch(&podcasts, offer).unwrap();
        assert!(bytes == show.bytes(at) && fetched.bytes == bytes.len() as u64);
    }
    assert_eq!((kit.fake.asked("search"), kit.fake.asked("low-tide.xml")), (1, 1), "each is asked once");
    // Another run remembers.
    let offers = search(&kit.podcasts(known(&show, 4)), &show.wanted(0)).unwrap();
    assert_eq!((offers.len(), kit.fake.asked("search"), kit.fake.asked("low-tide.xml")), (1, 1, 1));
}

#[test]
fn podcast_feeds_are_confirmed_not_sent_again() {
    let show = tide();
    let kit = Kit::new(vec![show.clone()]);
    search(&kit.podcasts(known(&show, 3)), &show.wanted(0)).unwrap();
    let key = "https://feeds.example/low-tide.xml";
    let old = kit.memory.answer(key).unwrap().unwrap();
    let old = ferrotape_domain::KeptAnswer { at: old.at - 7_200_000, ..old };
    kit.memory.keep("", key, &old).unwrap();
    assert_eq!(search(&kit.podcasts(known(&show, 3)), &show.wanted(0)).unwrap().len(), 1);
    let asked = kit.fake.requests();
    let last = asked.iter().rfind(|request| request.target.ends_with("low-tide.xml")).unwrap();
    assert_eq!(last.header("if-none-match"), Some(old.etag.as_str()));
}

#[test]
fn neither_a_page_nor_half_a_feed_is_kept_as_the_feed() {
    let show = tide();
    let address = format!("https://{}", show.feed);
    let whole = show.wanted_whole(Some(address.clone()));
    let half = HttpTrouble::Says(200, "<rss><channel><title>Low Tide</title><item><title>Ha");
    for (trouble, says) in
        [(HttpTrouble::Page, "it is neither RSS nor Atom"), (half, "broke off in the middle")]
    {
        let kit = Kit::new(vec![show.clone()]);
        let run = || search(&kit.podcasts(vec![whole.clone()]), &whole);
        kit.fake.spoil("low-tide.xml", trouble.clone());
        let fault = run().unwrap_err();
        assert!(fault.source == "podcasts/feeds.example" && fault.reason.contains(says), "{fault}");
        assert_eq!(run().unwrap().len(), 5, "{trouble:?} was kept");
        // Nor does it take the place of what was kept before.
        let kept = kit.memory.answer(&address).unwrap().unwrap();
        let old = ferrotape_domain::KeptAnswer { at: kept.at - 7_200_000, ..kept };
        kit.memory.keep("", &address, &old).unwrap();
        kit.fake.spoil("low-tide.xml", trouble.clone());
        run().unwrap_err();
        assert!(kit.memory.answer(&address).unwrap().unwrap().body == old.body, "{trouble:?}");
    }
}

#[test]
fn titles_that_are_days_do_not_prove_the_feed_of_another_publisher() {
    let titles: [fn(usize) -> String; 2] =
        [|day| format!("November {day}, 2026"), |day| format!("Headlines for November {day}")];
    for title in titles {
        proved_by_its_publisher_alone(title);
    }
}

fn proved_by_its_publisher_alone(title: fn(usize) -> String) {
    let mut show = FakeShow::new("Morning News", "casino.example/rss", 4);
    show.author = "Casino FM".to_owned();
    for (at, episode) in show.episodes.iter_mut().enumerate() {
        (episode.title, episode.day) = (title(23 + at), format!("2026-11-{}", 23 + at));
    }
    let by = |publisher: &str| -> Vec<Wanted> {
        let by = |one: Wanted| Wanted { artists: ArtistCredit::printed(publisher), ..one };
        known(&show, 4).into_iter().map(by).collect()
    };
    for publisher in ["Harbour Radio", ""] {
        let (kit, known) = (Kit::new(vec![show.clone()]), by(publisher));
        let fault = search(&kit.podcasts(known.clone()), &known[0]).unwrap_err();
        assert_eq!(fault.kind, FaultKind::NeedsUser, "{publisher}: {fault:?}");
        let says = "0 of 4 episodes known here agree, and 4 more by a title that says no more than a day";
        assert!(fault.reason.contains(says) && fault.reason.contains("casino.example"), "{fault:?}");
    }
    let (kit, known) = (Kit::new(vec![show.clone()]), by("Casino FM"));
    assert_eq!(search(&kit.podcasts(known.clone()), &known[0]).unwrap().len(), 1);
}

#[test]
fn podcasts_that_episodes_do_not_prove_are_a_question() {
    let show = tide();
    let mut titles_only = known(&show, 5);
    titles_only.iter_mut().for_each(|wanted| (wanted.released, wanted.duration) = (None, None));
    let mut another = known(&show, 5);
    another.iter_mut().for_each(|wanted| wanted.released = Some("2019-05-05".to_owned()));
    let table = [
        (known(&show, 2), "2 of 2 episodes known here agree, and 3 must"),
        (titles_only, "0 of 5 episodes known here agree, and 5 more by title alone"),
        (another, "0 of 5 episodes known here agree, and 3 must"),
    ];
    for (known, says) in table {
        let kit = Kit::new(vec![show.clone()]);
        let fault = search(&kit.podcasts(known.clone()), &known[0]).unwrap_err();
        assert_eq!((fault.kind, fault.source.as_str()), (FaultKind::NeedsUser, "podcasts/Low Tide"));
        assert!(fault.reason.contains(says), "{}", fault.reason);
        assert!(fault.reason.contains("https://feeds.example/low-tide.xml"), "{}", fault.reason);
        assert_eq!(kit.fake.asked(".mp3"), 0);
    }
}

#[test]
fn a_sister_podcast_that_shares_some_episodes_is_a_question() {
    let sister = tide();
    let shared = |name: &str, count: usize, others: usize| {
        let of = |wanted: Wanted| Wanted { release: Some(name.to_owned()), ..wanted };
        let own = |at: usize| Wanted { title: format!("Only here {at}"), ..sister.wanted(at) };
        let all = known(&sister, count).into_iter().chain((0..others).map(own));
        all.map(of).collect::<Vec<Wanted>>()
    };
    let kit = Kit::new(vec![sister.clone()]);
    let known = shared("Low Tide Extra", 3, 4);
    let fault = search(&kit.podcasts(known.clone()), &known[0]).unwrap_err();
    assert_eq!(fault.kind, FaultKind::NeedsUser);
    let says = "3 of 7 episodes known here agree, and nearly all must, for it calls itself “Low Tide”";
    assert!(fault.reason.contains(says), "{}", fault.reason);
    assert_eq!(kit.fake.asked(".mp3"), 0);
    let most = shared("Low Tide Extra", 7, 2);
    assert!(
        search(&kit.podcasts(most.clone()), &most[0]).is_err(),
        "a weekly show may share most of a daily one's"
    );
    // Nearly all of them, or the name itself, prove it.
    for (name, count, others) in [("Low Tide Extra", 8, 2), ("The Low Tide Podcast", 3, 4)] {
        let known = shared(name, count, others);
        assert_eq!(search(&kit.podcasts(known.clone()), &known[0]).unwrap().len(), 1, "{name}");
    }
    // Its own feed is taken, though the sister's has more of them.
    let mut own = FakeShow::new("Low Tide Extra", "extra.example/rss", 12);
    own.episodes[3].title = "Another".to_owned();
    let kit = Kit::new(vec![sister.clone(), own]);
    let known = shared("Low Tide Extra", 4, 4);
    let offers = search(&kit.podcasts(known.clone()), &known[0]).unwrap();
    assert!(offers.len() == 1 && offers[0].id.starts_with("https://extra.example/rss "), "{offers:?}");
}

#[test]
fn podcasts_of_the_same_name_are_told_apart_by_their_episodes() {
    let show = tide();
    let mut namesake = FakeShow::new("Low Tide", "other.example/rss", 12);
    namesake.episodes.iter_mut().for_each(|episode| episode.day = episode.day.replace("2024", "2021"));
    let kit = Kit::new(vec![namesake, show.clone()]);
    let offers = search(&kit.podcasts(known(&show, 3)), &show.wanted(1)).unwrap();
    assert_eq!(offers.len(), 1);
    assert!(offers[0].id.starts_with("https://feeds.example/low-tide.xml "), "{}", offers[0].id);
}

#[test]
fn podcasts_without_a_public_feed_are_named() {
    let mut show = tide();
    for (listing, says) in [
        (Listing::Nowhere, "no directory of podcasts has it"),
        (Listing::WithoutFeed, "it has no public feed"),
    ] {
        show.listing = listing;
        let kit = Kit::new(vec![show.clone()]);
        let podcasts = kit.podcasts(known(&show, 5));
        assert_eq!(search(&podcasts, &show.wanted(0)), Ok(Vec::new()), "asked, has none");
        let notes = podcasts.notes();
        assert!(notes[0].0 == "Low Tide" && notes[0].1.contains(says), "{notes:?}");
    }
}

#[test]
fn podcast_directories_that_cannot_be_asked_are_no_answer() {
    let show = tide();
    for trouble in [
        HttpTrouble::Status(500),
        HttpTrouble::Says(200, "{}"),
        HttpTrouble::Says(200, r#"{"resultCount":3,"results":[]}"#),
        HttpTrouble::Says(200, r#"{"errorMessage":"x","resultCount":0}"#),
        HttpTrouble::Says(404, "<html>maintenance</html>"),
    ] {
        let kit = Kit::new(vec![show.clone()]);
        // As often as it is asked again; a page is no trouble of the line, and not knocked at twice.
        let times = if matches!(trouble, HttpTrouble::Says(404, _)) { 1 } else { 4 };
        (0..times).for_each(|_| kit.fake.spoil("itunes", trouble.clone()));
        let podcasts = kit.podcasts(known(&show, 4));
        let fault = search(&podcasts, &show.wanted(0)).unwrap_err();
        assert!(matches!(fault.kind, FaultKind::Temporary { .. }), "{trouble:?} {fault:?}");
        assert_eq!(fault.source, "podcasts/itunes.apple.com");
        assert!(podcasts.notes().is_empty());
        // Nothing of it was kept for an answer.
        assert!(!search(&kit.podcasts(known(&show, 4)), &show.wanted(0)).unwrap().is_empty(), "{trouble:?}");
    }
}

#[test]
fn podcasts_and_prices_of_apple_share_one_line_that_rests() {
    let show = tide();
    let kit = Kit::new(vec![show.clone()]);
    kit.fake.spoil("itunes", HttpTrouble::Status(403));
    let fault = search(&kit.podcasts(known(&show, 4)), &show.wanted(0)).unwrap_err();
    assert_eq!(fault.source, "podcasts/itunes.apple.com", "other podcasts may be had all the same");
    assert!(matches!(fault.kind, FaultKind::Temporary { retry_after_seconds: Some(_) }), "{fault:?}");
    let mut song = Wanted::of_kind(WantedKind::Recording);
    (song.title, song.artists) = ("Ebb".to_owned(), ArtistCredit::printed("Mara Quill"));
    let prices = ITunes::new(kit.net(&Ways::default()), "DE", |_, _| false).unwrap();
    let fault = prices.advise(&[&song], &Cancel::default(), &mut |_| ()).unwrap_err();
    assert!(matches!(fault.kind, FaultKind::Temporary { retry_after_seconds: Some(_) }), "{fault:?}");
    assert_eq!(kit.fake.asked("itunes"), 1, "it is left alone");
}

#[test]
fn what_apples_directory_was_asked_is_kept_with_podcasts_and_goes_with_them() {
    let show = tide();
    let kit = Kit::new(vec![show.clone()]);
    search(&kit.podcasts(known(&show, 3)), &show.wanted(0)).unwrap();
    let kept = kit.memory.everything();
    let asked: Vec<&str> = kept.lines().filter(|line| line.contains("itunes.apple.com/search")).collect();
    assert!(!asked.is_empty() && asked.iter().all(|line| line.starts_with("podcasts | ")), "{asked:?}");
}

#[test]
fn an_old_feed_does_not_say_that_there_is_no_such_episode() {
    let show = tide();
    let kit = Kit::new(vec![show.clone()]);
    let before = search(&kit.podcasts(known(&show, 4)), &show.wanted(0)).unwrap();
    assert_eq!(before.len(), 1);
    let ways = Ways { down: ["all".to_owned()].into(), anew: true, ..Ways::default() };
    let all = known(&show, 4);
    let down = Podcasts::new(kit.net(&ways), Settings::default(), Box::new(move || Ok(all.clone())));
    assert_eq!(search(&down, &show.wanted(0)).unwrap(), before, "what it holds counts");
    let newer = Wanted { title: "A Lighthouse Nobody Has Named".to_owned(), ..show.wanted(0) };
    let fault = search(&down, &newer).unwrap_err();
    assert!(fault.source == "podcasts/feeds.example", "{fault:?}");
    assert!(matches!(fault.kind, FaultKind::Temporary { .. }), "{fault:?}");
}

/// Another run in which the host of a feed is in trouble, whatever was read of it before.
fn while_down(kit: &Kit, feed: &str, known: Vec<Wanted>) -> Podcasts {
    (0..9).for_each(|_| kit.fake.spoil(feed, HttpTrouble::Status(500)));
    let ways = Ways { anew: true, ..Ways::default() };
    Podcasts::new(kit.net(&ways), Settings::default(), Box::new(move || Ok(known.clone())))
}

#[test]
fn an_old_copy_is_no_evidence_against_a_feed() {
    let mut show = tide();
    show.listing = Listing::Nowhere;
    let newer = Wanted {
        title: "A Lighthouse Nobody Has Named".to_owned(),
        released: Some("2024-12-24".to_owned()),
        ..show.wanted(0)
    };
    let named = show.wanted_whole(Some("https://feeds.example/low-tide.xml".to_owned()));
    let kit = Kit::new(vec![show]);
    assert_eq!(search(&kit.podcasts(vec![named.clone()]), &named).unwrap().len(), 5);
    let down = while_down(&kit, "low-tide.xml", vec![named, newer.clone()]);
    let fault = search(&down, &newer).unwrap_err();
    assert!(fault.source == "podcasts/feeds.example", "{fault:?}");
    assert!(matches!(fault.kind, FaultKind::Temporary { .. }), "{fault:?}");
    assert!(down.doubted_feeds(&newer).is_empty(), "what was taken stays taken");

    // The same of one that a directory names and too few episodes prove.
    let show = tide();
    let kit = Kit::new(vec![show.clone()]);
    let fault = search(&kit.podcasts(known(&show, 2)), &show.wanted(0)).unwrap_err();
    assert_eq!(fault.kind, FaultKind::NeedsUser);
    let fault = search(&while_down(&kit, "low-tide.xml", known(&show, 2)), &show.wanted(0)).unwrap_err();
    assert!(fault.source == "podcasts/feeds.example", "{fault:?}");
    assert!(matches!(fault.kind, FaultKind::Temporary { .. }), "{fault:?}");
}

#[test]
fn a_feed_that_is_proved_does_not_wait_for_the_old_copy_of_a_namesakes() {
    let show = tide();
    let other = namesake("2021", "Somebody Else");
    let named = other.wanted_whole(Some("https://other.example/rss".to_owned()));
    let kit = Kit::new(vec![other, show.clone()]);
    assert_eq!(search(&kit.podcasts(vec![named.clone()]), &named).unwrap().len(), 5);
    let known = [vec![named], known(&show, 4)].concat();
    let offers = search(&while_down(&kit, "other.example/rss", known), &show.wanted(1)).unwrap();
    assert!(
        offers.len() == 1 && offers[0].id.starts_with("https://feeds.example/low-tide.xml "),
        "{offers:?}"
    );
}

#[test]
fn a_feed_that_never_says_its_end_is_kept_and_stands_in_as_any_other() {
    const FEED: &str = "<rss><channel><title>Low Tide</title><item><title>Harbour</title><guid>1</guid>\
        <enclosure url=\"https://feeds.example/1.mp3\" type=\"audio/mpeg\"/></item></channel>\n";
    let show = FakeShow { listing: Listing::Nowhere, ..tide() };
    let named = show.wanted_whole(Some("https://feeds.example/low-tide.xml".to_owned()));
    let kit = Kit::new(vec![show.clone()]);
    kit.fake.spoil("low-tide.xml", HttpTrouble::Says(200, FEED));
    for run in ["the first", "the next"] {
        let offers = search(&kit.podcasts(vec![named.clone()]), &named).unwrap();
        assert_eq!((offers.len(), kit.fake.asked("low-tide.xml")), (1, 1), "{run}");
    }
    let mut missing = Wanted { title: "Only elsewhere".to_owned(), ..show.wanted(0) };
    (missing.released, missing.duration) = (None, None);
    assert_eq!(search(&kit.podcasts(vec![named.clone()]), &missing), Ok(Vec::new()), "asked, has none");
    let down = while_down(&kit, "low-tide.xml", vec![named.clone()]);
    assert_eq!(search(&down, &named).unwrap().len(), 1);
}

#[test]
fn podcast_index_is_asked_with_a_key() {
    let mut show = tide();
    show.listing = Listing::Index;
    let kit = Kit::new(vec![show.clone()]);
    let with = |key: &str| {
        let key = PodcastIndexKey::new(key, "hunter2");
        Settings { podcast_index: Some(key), ..Settings::default() }
    };
    let fault = search(&kit.podcasts_with(with("WRONG"), known(&show, 3)), &show.wanted(0)).unwrap_err();
    assert!(fault.kind == FaultKind::NeedsUser && fault.reason.contains("clock is"), "{fault:?}");
    assert!(!fault.reason.contains("hunter2") && !format!("{:?}", with("WRONG")).contains("hunter2"));
    assert_eq!(search(&kit.podcasts_with(with("KEY"), known(&show, 3)), &show.wanted(0)).unwrap().len(), 1);
    assert_eq!(kit.fake.asked("hunter2"), 0);
}

#[test]
fn podcasts_that_say_where_they_moved_are_followed() {
    let (mut old, new) = (tide(), FakeShow::new("Low Tide", "new.example/feed", 14));
    (old.new_feed, old.listing) = (Some("new.example/feed".to_owned()), Listing::Nowhere);
    let kit = Kit::new(vec![old.clone(), new]);
    let wanted = old.wanted_whole(Some("https://feeds.example/low-tide.xml".to_owned()));
    let offers = search(&kit.podcasts(vec![wanted.clone()]), &wanted).unwrap();
    assert!(
        offers.len() == 5 && offers.iter().all(|offer| offer.id.starts_with("https://new.example/feed "))
    );
    assert!(!name_their_feed(&offers), "the user named the first");
}

#[test]
fn private_podcast_feeds_keep_their_secrets() {
    let mut show = tide();
    show.listing = Listing::Nowhere;
    show.query = "?token=hunter2".to_owned();
    let by_password =
        FakeShow { door: Door::Password("me".to_owned(), "hunter2".to_owned()), ..show.clone() };
    let by_token = FakeShow { feed: "feeds.example/rss?auth=hunter2".to_owned(), ..show.clone() };
    let table = [
        (by_password, "https://me:hunter2@feeds.example/low-tide.xml"),
        (by_token, "https://feeds.example/rss?auth=hunter2"),
    ];
    for (show, address) in table {
        let kit = Kit::new(vec![show.clone()]);
        let wanted = show.wanted_whole(Some(address.to_owned()));
        let podcasts = kit.podcasts(vec![wanted.clone()]);
        let offers = search(&podcasts, &wanted).unwrap();
        assert_eq!(offers.len(), 5);
        // Another run fetches by the offer's id alone.
        let (fetched, bytes) = kit.fetch(&kit.podcasts(vec![wanted.clone()]), &offers[0]).unwrap();
        assert!(bytes == show.bytes(0));
        let said = format!("{offers:?} {fetched:?} {podcasts:?} {:?}", kit.memory.standings());
        let said = said.replace(address, "");
        assert!(!said.contains("hunter2") && offers[0].id.starts_with("private:"), "{said}");
        for (name, answer) in [("id", &offers[0].id), ("address", &address.to_owned())] {
            assert_eq!(kit.memory.answer(answer).unwrap(), None, "nothing is kept by its {name}");
        }
        let to_others =
            kit.fake.requests().into_iter().filter(|request| !request.target.starts_with("/feeds.example"));
        assert!(to_others.into_iter().all(|request| request.header("authorization").is_none()));
        // Without the feed there is no way to it.
        let fault = kit.fetch(&kit.podcasts(Vec::new()), &offers[0]).unwrap_err();
        assert!(fault.kind == FaultKind::NeedsUser && !fault.reason.contains("hunter2"), "{fault:?}");
        // A key that is not good any more.
        let wrong = show.wanted_whole(Some("https://me:hunter3@feeds.example/low-tide.xml".to_owned()));
        if matches!(show.door, Door::Password(..)) {
            let fault = search(&kit.podcasts(vec![wrong.clone()]), &wrong).unwrap_err();
            assert!(
                fault.kind == FaultKind::NeedsUser && fault.reason.contains("feeds.example gives"),
                "{fault:?}"
            );
            assert!(!fault.reason.contains("hunter"), "{fault:?}");
        }
    }
}

#[test]
fn podcast_sound_that_breaks_off_is_gone_on_with_only_where_it_is_the_same() {
    let mut show = tide();
    for sound in [Sound::Same, Sound::Advertised] {
        show.sound = sound;
        let kit = Kit::new(vec![show.clone()]);
        let podcasts = kit.podcasts(known(&show, 3));
        let offer = search(&podcasts, &show.wanted(0)).unwrap().remove(0);
        (0..2).for_each(|_| kit.fake.spoil("/cdn.feeds.example/12.mp3", HttpTrouble::CutAfter(20_000)));
        let (_, bytes) = kit.fetch(&podcasts, &offer).unwrap();
        let ranges = kit.fake.requests().iter().filter(|request| request.header("range").is_some()).count();
        if sound == Sound::Same {
            assert!(bytes == show.bytes(0) && ranges > 0);
        } else {
            // One copy: all of it is mixed with the mark at its beginning.
            let (mark, mixed) = (bytes[4..12].to_vec(), &bytes[12..]);
            let plain: Vec<u8> = mixed.iter().enumerate().map(|(at, byte)| byte ^ mark[at % 8]).collect();
            assert!(plain == show.bytes(0) && ranges == 0);
        }
    }
}

#[test]
fn podcast_hosts_that_send_something_else_are_told_of() {
    let mut show = tide();
    let table = [
        (Sound::Page, FaultKind::Temporary { retry_after_seconds: None }, "sends a page or text instead"),
        (Sound::Gone, FaultKind::Permanent, "any more (status 410)"),
        (Sound::Locked, FaultKind::NeedsUser, "subscribers only (status 401)"),
    ];
    for (sound, kind, says) in table {
        show.sound = sound;
        let kit = Kit::new(vec![show.clone()]);
        let podcasts = kit.podcasts(known(&show, 3));
        let offer = search(&podcasts, &show.wanted(0)).unwrap().remove(0);
        let fault = kit.fetch(&podcasts, &offer).unwrap_err();
        assert!(fault.kind == kind && fault.reason.contains(says), "{fault:?}");
        assert!(!kit.folder.path().join(&offer.file_name).exists());
    }
}

#[test]
fn podcast_episodes_that_left_their_feed_are_gone() {
    let show = tide();
    let kit = Kit::new(vec![show.clone()]);
    let podcasts = kit.podcasts(known(&show, 3));
    let mut offer = search(&podcasts, &show.wanted(0)).unwrap().remove(0);
    offer.id = "https://feeds.example/low-tide.xml another".to_owned();
    let fault = kit.fetch(&podcasts, &offer).unwrap_err();
    assert!(fault.kind == FaultKind::Permanent && fault.reason.contains("any more"), "{fault:?}");
    for odd in ["", "x", " ", "http://127.0.0.1/ x", "private:00 x"] {
        offer.id = odd.to_owned();
        assert!(kit.fetch(&podcasts, &offer).is_err(), "{odd:?}");
    }
}

#[test]
fn podcasts_are_asked_for_nothing_else() {
    let kit = Kit::new(vec![tide()]);
    let podcasts = kit.podcasts(Vec::new());
    for kind in WantedKind::ALL {
        assert_eq!(podcasts.may_hold(kind), matches!(kind, WantedKind::Episode | WantedKind::Show));
    }
    let nameless = Wanted::of_kind(WantedKind::Episode);
    assert_eq!(search(&podcasts, &nameless), Ok(Vec::new()));
    assert!(kit.fake.requests().is_empty());
}

#[test]
fn podcasts_are_looked_for_in_the_users_country_first() {
    let mut show = tide();
    show.listing = Listing::Country("DE");
    let kit = Kit::new(vec![show.clone()]);
    let podcasts = kit.podcasts(known(&show, 3));
    assert_eq!(search(&podcasts, &show.wanted(0)), Ok(Vec::new()));
    assert!(podcasts.notes()[0].1.contains("(asked: Apple's of US)"), "{:?}", podcasts.notes());
    let german = || Settings { country: "de".to_owned(), ..Settings::default() };
    assert_eq!(search(&kit.podcasts_with(german(), known(&show, 3)), &show.wanted(0)).unwrap().len(), 1);
    let asked = |country: &str| kit.fake.asked(&format!("country={country}"));
    assert_eq!((asked("US"), asked("DE")), (1, 1), "what one run asked, the next one knows");
    let mut only_there = tide();
    only_there.listing = Listing::Country("US");
    let kit = Kit::new(vec![only_there.clone()]);
    let offers = search(&kit.podcasts_with(german(), known(&only_there, 3)), &only_there.wanted(0));
    assert_eq!(offers.unwrap().len(), 1, "the US as well");
}
