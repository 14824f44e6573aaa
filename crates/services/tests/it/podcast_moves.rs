//! Feeds that are elsewhere now, and feeds in the user's own network.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use ferrotape_domain::{
    Asked, Cancel, Catalogue, Fault, FaultKind, RemoteOffer, ServiceMemory, Wanted, WantedKind,
};
use ferrotape_services::net::{Net, Ways};
use ferrotape_services::podcasts::{Podcasts, Settings};
use ferrotape_testkit::{HttpAnswer, HttpServer, MemoryOnly};

const OLD: &str = "https://old.example/feed";

/// A feed of a show with an episode at each address.
fn feed(audio: &[String]) -> HttpAnswer {
    let items = audio.iter().enumerate().map(|(at, url)| {
        format!(
            "<item><title>Part {at}</title><guid>{at}</guid><enclosure url=\"{url}\" type=\"audio/mpeg\"/></item>"
        )
    });
    let items: String = items.collect();
    HttpAnswer::text(
        "application/rss+xml",
        format!("<rss><channel><title>Low Tide</title>{items}</channel></rss>"),
    )
}

fn show(feed: Option<&str>) -> Wanted {
    let feed = feed.map(str::to_owned);
    Wanted { title: "Low Tide".to_owned(), feed, ..Wanted::of_kind(WantedKind::Show) }
}

/// Another run each time, which asks whether there is news.
fn run(server: &HttpServer, memory: &Arc<MemoryOnly>, typed: &[String], wanted: &Wanted) -> Podcasts {
    run_with(server, memory, typed, (wanted, true))
}

/// The same, or one that takes what was kept.
fn run_with(
    server: &HttpServer,
    memory: &Arc<MemoryOnly>,
    typed: &[String],
    (wanted, anew): (&Wanted, bool),
) -> Podcasts {
    let ways = Ways { stand_in: Some(server.address()), anew, ..Ways::default() };
    let memory: Arc<dyn ServiceMemory> = Arc::clone(memory) as _;
    let settings = Settings { feeds: typed.to_vec(), newest: 50, ..Settings::default() };
    let known = vec![wanted.clone()];
    Podcasts::new(Net::new(memory, &ways).unwrap(), settings, Box::new(move || Ok(known.clone())))
}

fn search(podcasts: &Podcasts, wanted: &Wanted) -> Result<Vec<RemoteOffer>, Fault> {
    let Asked::Search(searches) = podcasts.asked() else { panic!("podcasts are searched") };
    searches.search(wanted, &Cancel::default())
}

fn fetch(podcasts: &Podcasts, offer: &RemoteOffer) -> Result<(), Fault> {
    let folder = tempfile::tempdir().unwrap();
    podcasts.fetch(offer, &folder.path().join("x.mp3"), &|_| {}, &Cancel::default()).map(drop)
}

/// Leads from [`OLD`] over these steps, a status and where to, until `gone` is set; at the end is a feed.
fn leading(steps: &[(u16, &str)], gone: &Arc<AtomicBool>) -> HttpServer {
    let steps: Vec<(u16, String)> = steps.iter().map(|(status, to)| (*status, (*to).to_owned())).collect();
    let gone = Arc::clone(gone);
    HttpServer::start(move |request| {
        let is_old = request.path() == "/old.example/feed";
        if request.path().contains("itunes") {
            return HttpAnswer::json(&serde_json::json!({ "resultCount": 0, "results": [] }));
        }
        if is_old && gone.load(Ordering::SeqCst) {
            return HttpAnswer::status(410);
        }
        let at = |address: &str| format!("/{}", address.split_once("://").unwrap_or_default().1);
        let reached = steps.iter().position(|(_, to)| at(to) == request.path());
        match steps.get(if is_old { 0 } else { reached.map_or(usize::MAX, |at| at + 1) }) {
            Some((status, to)) => HttpAnswer::leads_to(*status, to),
            None if reached.is_some() => feed(&["https://cdn.example/1.mp3".to_owned()]),
            None => HttpAnswer::status(404),
        }
    })
    .unwrap()
}

#[test]
fn a_podcast_feed_that_moved_for_good_is_found_when_its_old_host_is_gone() {
    let new = "https://new.example/feed";
    let table: [(&[(u16, &str)], bool); 8] = [
        (&[(301, new)], true),
        (&[(308, new)], true),
        (&[(301, "https://between.example/x"), (308, new)], true),
        (&[(302, new)], false),
        (&[(301, "https://between.example/x"), (302, new)], false),
        (&[(307, "https://between.example/x"), (301, new)], false),
        (&[(301, "http://new.example/feed")], false),
        (&[(301, "https://new.example/feed?token=1700000000")], false),
    ];
    for (steps, is_kept) in table {
        let gone = Arc::new(AtomicBool::new(false));
        let (server, memory) = (leading(steps, &gone), Arc::new(MemoryOnly::default()));
        let wanted = show(Some(OLD));
        let before = search(&run(&server, &memory, &[], &wanted), &wanted).unwrap_or_default();
        // The query is no part of the path that the server looks at.
        if steps.iter().all(|(_, to)| !to.contains('?')) {
            assert_eq!(before.len(), 1, "{steps:?}");
        }
        gone.store(true, Ordering::SeqCst);
        let after = search(&run(&server, &memory, &[], &wanted), &wanted).unwrap();
        assert_eq!(after.len() == 1, is_kept, "{steps:?}");
        if is_kept {
            assert_eq!(after[0].id, before[0].id, "it is the same feed, and the same episode");
        }
        assert_eq!(memory.everything().contains("moved https://old.example/feed"), is_kept, "{steps:?}");
    }
}

#[test]
fn a_podcast_feed_that_moved_back_is_found_where_it_was() {
    let gone = Arc::new(AtomicBool::new(false));
    let moved = leading(&[(301, "https://new.example/feed")], &gone);
    let (memory, wanted) = (Arc::new(MemoryOnly::default()), show(Some(OLD)));
    assert_eq!(search(&run(&moved, &memory, &[], &wanted), &wanted).unwrap().len(), 1);
    let back = HttpServer::start(|request| match request.path() {
        "/old.example/feed" => feed(&["https://cdn.example/2.mp3".to_owned()]),
        _ => HttpAnswer::status(404),
    })
    .unwrap();
    assert_eq!(search(&run(&back, &memory, &[], &wanted), &wanted).unwrap().len(), 1);
}

#[test]
fn a_podcast_feed_does_not_move_to_what_is_no_feed() {
    let server = HttpServer::start(|request| match request.path() {
        "/old.example/feed" => HttpAnswer::leads_to(301, "https://new.example/parked"),
        _ => HttpAnswer::text("text/html", "<html><body>This domain is for sale</body></html>"),
    })
    .unwrap();
    let (memory, wanted) = (Arc::new(MemoryOnly::default()), show(Some(OLD)));
    search(&run(&server, &memory, &[], &wanted), &wanted).unwrap_err();
    assert!(!memory.everything().contains("moved "), "{}", memory.everything());
}

#[test]
fn a_podcast_feed_that_is_gone_is_looked_for_though_a_page_is_where_it_moved() {
    let parked = |status: u16| {
        HttpServer::start(move |request| match request.path() {
            "/new.example/feed" => {
                HttpAnswer::text("text/html", "<html><body>For sale</body></html>").and_status(status)
            }
            path if path.contains("itunes") => {
                HttpAnswer::json(&serde_json::json!({ "resultCount": 0, "results": [] }))
            }
            _ => HttpAnswer::status(404),
        })
        .unwrap()
    };
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let search_after_move = |server: &HttpServer, noted: u64| {
        let (memory, wanted) = (Arc::new(MemoryOnly::default()), show(Some(OLD)));
        let note = format!("{noted} https://new.example/feed");
        memory.keep_note("podcasts", &format!("moved {OLD}"), &note).unwrap();
        let podcasts = run(server, &memory, &[], &wanted);
        (search(&podcasts, &wanted), podcasts.says_of(&wanted).unwrap_or_default())
    };
    // Of a move of today, and of one long ago.
    for noted in [now, 0] {
        let server = parked(200);
        let (found, says) = search_after_move(&server, noted);
        assert!(found.unwrap().is_empty(), "{noted}");
        assert!(says.contains("not at old.example any more"), "{says}");
        assert!(server.asked().iter().any(|asked| asked.contains("itunes")), "directories are asked");
        // One that cannot be asked now may be there all the same.
        let (found, _) = search_after_move(&parked(500), noted);
        let fault = found.unwrap_err();
        assert!(fault.source.contains("new.example"), "{fault:?}");
    }
}

/// A feed with this title and publisher, and three episodes whose titles begin so.
fn feed_of(says: (&str, &str, &str)) -> HttpAnswer {
    feed_with(says, 3)
}

fn feed_with((title, author, episodes): (&str, &str, &str), count: usize) -> HttpAnswer {
    let item = |at: usize| {
        format!(
            "<item><title>{episodes} {at}</title><guid>{episodes} {at}</guid>\
             <enclosure url=\"https://cdn.example/{at}.mp3\" type=\"audio/mpeg\"/></item>"
        )
    };
    let items: String = (0..count).map(item).collect();
    let text = format!(
        "<rss xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\"><channel><title>{title}</title>\
         <itunes:author>{author}</itunes:author>{items}</channel></rss>"
    );
    HttpAnswer::text("application/rss+xml", text)
}

/// Has at [`OLD`] the podcast that was named, and later what is there `now`, or where that leads.
fn becoming(
    now: (&'static str, &'static str, &'static str),
    leads: bool,
    later: &Arc<AtomicBool>,
) -> HttpServer {
    let later = Arc::clone(later);
    HttpServer::start(move |request| match request.path() {
        "/old.example/feed" if !later.load(Ordering::SeqCst) => feed_of(("Low Tide", "Mara Quill", "Part")),
        "/old.example/feed" if leads => HttpAnswer::leads_to(301, "https://new.example/feed"),
        "/old.example/feed" | "/new.example/feed" => feed_of(now),
        _ => HttpAnswer::status(404),
    })
    .unwrap()
}

#[test]
fn a_named_feed_that_becomes_another_podcast_is_asked_about() {
    // What is there now, and whether that is asked about at the address itself, and where it leads for good.
    let table = [
        (("Crypto News", "Bob", "Coin"), [true, true]),
        (("Crypto News", "", "Coin"), [true, true]),
        (("High Tide", "Bob", "Part"), [false, false]),
        // The publisher may be a company that has feeds of everybody.
        (("High Tide", "Mara Quill and Friends", "Coin"), [true, true]),
        // It began anew, or it is a sister.
        (("Low Tide Anew", "Mara Quill and Friends", "Coin"), [false, true]),
        (("The Low Tide Podcast", "Bob", "Coin"), [false, false]),
    ];
    let rows = table.into_iter().flat_map(|(now, [itself, led])| [(now, itself, false), (now, led, true)]);
    for (now, is_asked, leads) in rows {
        let later = Arc::new(AtomicBool::new(false));
        let server = becoming(now, leads, &later);
        let (memory, wanted) = (Arc::new(MemoryOnly::default()), show(Some(OLD)));
        assert_eq!(search(&run(&server, &memory, &[], &wanted), &wanted).unwrap().len(), 3);
        later.store(true, Ordering::SeqCst);
        // The question stays, whatever was read meanwhile.
        for anew in [true, false, true] {
            let found = search(&run_with(&server, &memory, &[], (&wanted, anew)), &wanted);
            assert_eq!(found.is_err(), is_asked, "{now:?} {leads}: {found:?}");
            let Err(fault) = found else { continue };
            assert_eq!((fault.kind, fault.source.as_str()), (FaultKind::NeedsUser, "podcasts/Low Tide"));
            let says = format!("the feed at old.example calls itself “{}”", now.0);
            assert!(fault.reason.contains(&says), "{}", fault.reason);
            let next = format!("ferrotape source add podcasts --feed {OLD}");
            assert!(fault.reason.ends_with(&next), "{}", fault.reason);
        }
        assert_eq!(memory.everything().contains("moved "), leads && !is_asked, "{now:?}");
        let typed = run(&server, &memory, &[OLD.to_owned()], &wanted);
        assert_eq!(search(&typed, &wanted).unwrap().len(), 3, "the user says that it is right");
    }
}

#[test]
fn a_named_feed_of_two_episodes_that_becomes_another_podcast_is_asked_about() {
    for (author, is_asked) in [("Bob", true), ("Mara Quill", false)] {
        let later = Arc::new(AtomicBool::new(false));
        let of_server = Arc::clone(&later);
        let server = HttpServer::start(move |request| match request.path() {
            "/old.example/feed" if of_server.load(Ordering::SeqCst) => {
                feed_of(("Crypto News", author, "Coin"))
            }
            "/old.example/feed" => feed_with(("Low Tide", "Mara Quill", "Part"), 2),
            _ => HttpAnswer::status(404),
        })
        .unwrap();
        let (memory, wanted) = (Arc::new(MemoryOnly::default()), show(Some(OLD)));
        assert_eq!(search(&run(&server, &memory, &[], &wanted), &wanted).unwrap().len(), 2);
        later.store(true, Ordering::SeqCst);
        let found = search(&run(&server, &memory, &[], &wanted), &wanted);
        assert_eq!(found.is_err(), is_asked, "{author}: {found:?}");
    }
}

#[test]
fn a_named_feed_is_the_podcast_whatever_it_calls_itself_when_it_is_first_read() {
    let later = Arc::new(AtomicBool::new(true));
    let server = becoming(("Crypto News", "Bob", "Coin"), false, &later);
    let (memory, wanted) = (Arc::new(MemoryOnly::default()), show(Some(OLD)));
    for _ in 0..2 {
        assert_eq!(search(&run(&server, &memory, &[], &wanted), &wanted).unwrap().len(), 3);
    }
}

/// The user named the address; what it leads to is its host's word.
#[test]
fn a_named_feed_that_leads_to_another_podcast_when_it_is_first_read_is_asked_about() {
    let by =
        |author: &str| Wanted { artists: ferrotape_domain::ArtistCredit::printed(author), ..show(Some(OLD)) };
    // What is there, who publishes what is wanted, and whether it is asked about.
    let table = [
        (("Crypto News", "Bob", "Coin"), "", true),
        (("High Tide", "Mara Quill", "Coin"), "Mara Quill", true),
        (("Low Tide", "Bob", "Coin"), "Mara Quill", true),
        (("Low Tide", "Bob", "Coin"), "", false),
        (("The Low Tide Podcast with Mara", "Mara Quill", "Coin"), "Mara Quill and Friends", false),
        (("", "", "Coin"), "Mara Quill", false),
    ];
    for (now, author, is_asked) in table {
        let later = Arc::new(AtomicBool::new(true));
        let server = becoming(now, true, &later);
        let (memory, wanted) = (Arc::new(MemoryOnly::default()), by(author));
        // The question stays, also where the answer was kept.
        for anew in [true, false, true] {
            let found = search(&run_with(&server, &memory, &[], (&wanted, anew)), &wanted);
            assert_eq!(found.is_err(), is_asked, "{now:?} {author}: {found:?}");
            let Err(fault) = found else { continue };
            assert_eq!((fault.kind, fault.source.as_str()), (FaultKind::NeedsUser, "podcasts/Low Tide"));
            let says = format!(
                "the feed at old.example leads for good to another address, where it calls itself “{}”",
                now.0
            );
            assert!(fault.reason.contains(&says), "{}", fault.reason);
            assert!(fault.reason.ends_with(&format!("--feed {OLD}")), "{}", fault.reason);
        }
        assert_eq!(memory.everything().contains("moved "), !is_asked, "{now:?} {author}");
        let typed = run(&server, &memory, &[OLD.to_owned()], &wanted);
        assert_eq!(search(&typed, &wanted).unwrap().len(), 3, "the user says that it is right");
    }
}

/// A server of the user's with a feed, which names sound on its own server, on another one here, and outside.
fn at_home(elsewhere: &str) -> (HttpServer, String) {
    let own = Arc::new(Mutex::new(String::new()));
    let (of_server, elsewhere) = (Arc::clone(&own), elsewhere.to_owned());
    let server = HttpServer::start(move |request| match request.path() {
        "/feed" => {
            let own = of_server.lock().unwrap();
            let public = "https://cdn.example/2.mp3".to_owned();
            feed(&[format!("{own}/0.mp3"), format!("{elsewhere}/1.mp3"), public, format!("{own}/3.mp3")])
        }
        "/3.mp3" => HttpAnswer::leads_to(302, &format!("{elsewhere}/1.mp3")),
        _ => HttpAnswer::file("audio/mpeg", "", vec![0xff; 3000]),
    })
    .unwrap();
    *own.lock().unwrap() = server.address();
    let address = format!("{}/feed", server.address());
    (server, address)
}

fn sounding() -> HttpServer {
    HttpServer::start(|request| match request.path() {
        path if path.ends_with(".mp3") => HttpAnswer::file("audio/mpeg", "", vec![0xff; 3000]),
        _ => HttpAnswer::json(&serde_json::json!({ "resultCount": 0, "results": [] })),
    })
    .unwrap()
}

#[test]
fn a_podcast_feed_at_home_is_asked_where_the_user_typed_it() {
    let (elsewhere, outside) = (sounding(), sounding());
    let (_server, address) = at_home(&elsewhere.address());
    let typed = std::slice::from_ref(&address);
    // By the address in a list, and by the name that the feed gives itself.
    for wanted in [show(Some(&address)), show(None)] {
        let memory = Arc::new(MemoryOnly::default());
        let podcasts = run(&outside, &memory, typed, &wanted);
        let offers = search(&podcasts, &wanted).unwrap();
        assert_eq!(offers.len(), 4);
        let came: Vec<bool> = offers.iter().map(|offer| fetch(&podcasts, offer).is_ok()).collect();
        assert_eq!(came, [true, false, true, false], "its own server, and public ones");
        assert!(!memory.everything().contains("Low Tide"), "it is kept nowhere");
    }
    assert_eq!(elsewhere.requests().len(), 0);
}

#[test]
fn a_podcast_feed_at_home_that_only_a_list_names_is_told_of() {
    let (elsewhere, outside) = (sounding(), sounding());
    let (server, address) = at_home(&elsewhere.address());
    let wanted = show(Some(&address));
    for typed in [vec![], vec![format!("{}/another", server.address())]] {
        let podcasts = run(&outside, &Arc::new(MemoryOnly::default()), &typed, &wanted);
        let fault = search(&podcasts, &wanted).unwrap_err();
        assert_eq!(fault.kind, FaultKind::NeedsUser, "{fault:?}");
        let says = format!("ferrotape source add podcasts --feed {address}");
        assert!(fault.reason.contains(&says), "{fault:?}");
    }
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn a_public_podcast_feed_leads_nowhere_inside_though_the_user_typed_it() {
    let inside = sounding();
    let at = inside.address();
    let audio = [format!("{at}/1.mp3"), "https://cdn.example/2.mp3".to_owned()];
    let to = at.clone();
    let server = HttpServer::start(move |request| match request.path() {
        "/old.example/feed" => feed(&audio),
        "/leads.example/feed" => HttpAnswer::leads_to(301, &format!("{to}/feed")),
        _ => HttpAnswer::file("audio/mpeg", "", vec![0xff; 3000]),
    })
    .unwrap();
    for typed in [vec![], vec![OLD.to_owned()]] {
        let (memory, wanted) = (Arc::new(MemoryOnly::default()), show(Some(OLD)));
        let podcasts = run(&server, &memory, &typed, &wanted);
        let offers = search(&podcasts, &wanted).unwrap();
        let came: Vec<bool> = offers.iter().map(|offer| fetch(&podcasts, offer).is_ok()).collect();
        assert_eq!(came, [false, true]);
    }
    let leads = "https://leads.example/feed".to_owned();
    for typed in [vec![], vec![leads.clone()]] {
        let (memory, wanted) = (Arc::new(MemoryOnly::default()), show(Some(&leads)));
        let fault = search(&run(&server, &memory, &typed, &wanted), &wanted).unwrap_err();
        assert!(fault.reason.contains("where it leads") && !fault.reason.contains("source add"), "{fault:?}");
        assert!(!memory.everything().contains("moved "));
    }
    assert_eq!(inside.requests().len(), 0);
}

#[test]
fn a_podcast_feed_has_no_picture_from_inside_and_none_that_is_too_large() {
    let inside = sounding();
    let from_inside = format!("{}/show.mp3", inside.address());
    let table = [
        ("https://pics.example/show.jpg", true),
        (from_inside.as_str(), false),
        ("https://pics.example/large.jpg", false),
        ("https://pics.example/gone.jpg", false),
    ];
    for (picture, comes) in table {
        let text = format!(
            "<rss xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\"><channel><title>Low Tide</title>\
             <itunes:image href=\"{picture}\"/><item><title>Harbour</title><guid>1</guid>\
             <enclosure url=\"https://cdn.example/1.mp3\" type=\"audio/mpeg\"/></item></channel></rss>"
        );
        let server = HttpServer::start(move |request| match request.path() {
            "/old.example/feed" => HttpAnswer::text("application/rss+xml", text.clone()),
            "/pics.example/show.jpg" => HttpAnswer::file("image/jpeg", "", vec![0xff; 3_000]),
            "/pics.example/large.jpg" => HttpAnswer::file("image/jpeg", "", vec![0xff; 9 << 20]),
            _ => HttpAnswer::status(404),
        })
        .unwrap();
        let (memory, wanted) = (Arc::new(MemoryOnly::default()), show(Some(OLD)));
        let podcasts = run(&server, &memory, &[], &wanted);
        let id = search(&podcasts, &wanted).unwrap()[0].id.clone();
        let pictures = podcasts.pictures().unwrap();
        let name = pictures.picture_name(&id, &Cancel::default()).unwrap().unwrap();
        assert!(name.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{name}");
        assert_eq!(pictures.picture(&id, &Cancel::default()).is_ok(), comes, "{picture}");
    }
    assert_eq!(inside.requests().len(), 0);
}
