//! Saved episodes that are not on the first page of their feed, and those that are called a little otherwise there.

use std::collections::HashMap;
use std::fs;

use ferrotape_testkit::{HttpAnswer, HttpServer};
use serde_json::{Value, json};

use crate::elsewhere::outcome;
use crate::home::Home;
use crate::podcasts::{five_seconds, opml};

/// Title and day in November of an episode.
type Episode = (&'static str, u32);

/// A page of a feed that is called so, and where it says that the next one is.
fn page(title: &str, next: &str, episodes: &[Episode]) -> String {
    let item = |(title, day): &Episode| {
        format!(
            "<item><title>{title}</title><guid>{title}</guid><pubDate>{day:02} Nov 2024 06:00:00 GMT</pubDate>\
             <itunes:duration>5</itunes:duration>\
             <enclosure url=\"https://feeds.example/{day}.mp3\" type=\"audio/mpeg\" length=\"1\"/></item>"
        )
    };
    let items: String = episodes.iter().map(item).collect();
    let link = format!("<atom:link rel=\"next\" href=\"https://feeds.example/{next}\"/>");
    let link = if next.is_empty() { String::new() } else { link };
    format!("<rss version=\"2.0\"><channel><title>{title}</title>{link}{items}</channel></rss>")
}

/// A home with saved episodes of `Low Tide`, whose feed has these pages, by the ends of their addresses; and the line that
/// has them fetched.
fn saved(pages: Vec<(&'static str, String)>, episodes: &[Episode]) -> (Home, HttpServer, String) {
    let home = Home::new();
    let sound = |(_, day): &Episode| (format!("{day}.mp3"), five_seconds(&home, &format!("Sound {day}")));
    let sounds: HashMap<String, Vec<u8>> = episodes.iter().map(sound).collect();
    let server = HttpServer::start(move |request| {
        let path = request.path();
        if path.contains("itunes") {
            return HttpAnswer::json(&json!({ "resultCount": 0, "results": [] }));
        }
        let Some(end) = path.strip_prefix("/feeds.example/") else { return HttpAnswer::status(404) };
        if let Some(sound) = sounds.get(end) {
            return HttpAnswer::file("audio/mpeg", &format!("\"{end}\""), sound.clone());
        }
        let page = pages.iter().find(|(at, _)| *at == end);
        page.map_or_else(
            || HttpAnswer::status(404),
            |(_, text)| HttpAnswer::text("application/rss+xml", text.clone()),
        )
    })
    .unwrap();
    let entry = |(title, day): &Episode| {
        json!({ "kind": "episode", "title": title, "release": "Low Tide", "duration_ms": 5_000,
            "released": format!("2024-11-{day:02}") })
    };
    let entries: Vec<Value> = episodes.iter().map(entry).collect();
    let list = json!({ "kind": "saved_episodes", "name": "Saved Episodes", "entries": entries });
    let library =
        json!({ "format": "ferrotape-library", "version": 1, "lists": [list], "noted": [], "plays": [] });
    fs::write(home.path("saved.json"), library.to_string()).unwrap();
    opml(&home.path("shows.opml"), "Low Tide", "feeds.example/low-tide");
    home.well("source add podcasts");
    home.well("import shows.opml");
    fs::create_dir(home.path("own")).unwrap();
    let line = format!("convert saved.json --from own --to ./player --stand-in {}", server.address());
    (home, server, line)
}

/// Takes the days and lengths out of the list of saved episodes.
fn only_titles(home: &Home) {
    let text = fs::read_to_string(home.path("saved.json")).unwrap();
    let mut library: Value = serde_json::from_str(&text).unwrap();
    for entry in library["lists"][0]["entries"].as_array_mut().unwrap() {
        let entry = entry.as_object_mut().unwrap();
        entry.remove("duration_ms");
        entry.remove("released");
    }
    fs::write(home.path("saved.json"), library.to_string()).unwrap();
}

/// How often a page was asked for.
fn asked(server: &HttpServer, page: &str) -> usize {
    server.asked().iter().filter(|asked| asked.ends_with(&format!("/feeds.example/{page}"))).count()
}

#[test]
fn an_episode_on_a_further_page_of_its_feed_is_fetched() {
    let pages = vec![
        ("low-tide", page("Low Tide", "two", &[("Gulls", 9), ("Masts", 8)])),
        ("two", page("Low Tide", "three", &[("Salt", 6), ("Gulls", 9)])),
        ("three", page("Low Tide", "four", &[("Boats", 2)])),
    ];
    let (home, server, line) = saved(pages, &[("Gulls", 9), ("Boats", 2)]);
    for run in 1..=2 {
        let last = home.json(&line);
        for title in ["Gulls", "Boats"] {
            assert_eq!(outcome(&last, title)["outcome"], "on_player", "{run}: {last:#}");
        }
    }
    let times = ["two", "three", "four"].map(|page| asked(&server, page));
    assert_eq!(times, [1, 1, 0], "each once, and no more than it takes");
}

#[test]
fn what_may_be_on_a_page_that_does_not_come_waits_for_it() {
    let pages = vec![("low-tide", page("Low Tide", "two", &[("Gulls", 9)]))];
    let (home, server, line) = saved(pages, &[("Gulls", 9), ("Boats", 2), ("Salt", 3)]);
    let last = home.json(&line);
    assert_eq!(outcome(&last, "Gulls")["outcome"], "on_player", "{last:#}");
    for title in ["Boats", "Salt"] {
        let row = outcome(&last, title);
        let is_told = row["says"].as_str().unwrap().contains("page 2 of the feed at feeds.example");
        assert!(row["outcome"] == "waiting" && is_told, "{row}");
    }
    assert_eq!(asked(&server, "two"), 1, "once for all");
}

#[test]
fn pages_that_lead_in_a_circle_or_to_another_podcast_end() {
    for (second, third) in [
        (page("Low Tide", "low-tide", &[("Salt", 6)]), String::new()),
        (page("Low Tide", "three", &[("Gulls", 9)]), page("Low Tide", "", &[("Boats", 2)])),
        (page("Other Show", "three", &[("Boats", 2)]), page("Low Tide", "", &[("Boats", 2)])),
    ] {
        let pages = vec![
            ("low-tide", page("Low Tide", "two", &[("Gulls", 9)])),
            ("two", second.clone()),
            ("three", third),
        ];
        let (home, server, line) = saved(pages, &[("Gulls", 9), ("Boats", 2)]);
        let last = home.json(&line);
        assert_eq!(outcome(&last, "Boats")["outcome"], "not_in_sources", "{second}: {last:#}");
        let times = ["low-tide", "two", "three"].map(|page| asked(&server, page));
        assert_eq!(times, [1, 1, 0], "{second}");
    }
}

#[test]
fn a_number_or_the_podcasts_name_beside_its_title_does_not_hide_an_episode() {
    let listed = [
        ("#12 - Harbour", 9),
        ("Ep. 13: Gulls", 8),
        ("S2E3 | Salt", 7),
        ("Fog", 6),
        ("Boats", 5),
        ("Masts, Pt. II", 4),
        ("Bonus: Nets", 3),
        ("#3 - Ropes", 2),
    ];
    let wanted = [
        ("Harbour", 9),
        ("Gulls", 8),
        ("Salt", 7),
        ("14. Fog", 6),
        ("Boats | Low Tide", 5),
        ("Masts (Part 2)", 4),
        ("Nets", 3),
        ("#4 - Ropes", 2),
    ];
    let (home, _server, line) = saved(vec![("low-tide", page("Low Tide", "", &listed))], &wanted);
    let last = home.json(&line);
    for (title, _) in &wanted[..6] {
        assert_eq!(outcome(&last, title)["outcome"], "on_player", "{title}: {last:#}");
    }
    for (title, near) in
        [("Nets", "“Bonus: Nets” of 2024-11-03"), ("#4 - Ropes", "“#3 - Ropes” of 2024-11-02")]
    {
        let row = outcome(&last, title);
        let says = row["says"].as_str().unwrap();
        let is_told = says.contains(&format!("the nearest there is {near}"));
        assert!(row["outcome"] == "not_in_sources" && is_told, "{row}");
    }
}

#[test]
fn a_number_beside_a_title_is_asked_about_where_nothing_else_is_known() {
    let pages = vec![("low-tide", page("Low Tide", "", &[("#12 - Harbour", 9)]))];
    let (home, _server, line) = saved(pages, &[("Harbour", 9)]);
    only_titles(&home);
    let last = home.json(&line);
    assert_eq!(outcome(&last, "Harbour")["outcome"], "needs_review", "{last:#}");
}

#[test]
fn what_a_feed_has_twice_or_under_a_like_title_is_named_with_its_day() {
    let listed = [
        ("Harbour Fire", 20),
        ("The Eel Trap (Part 1 of 2)", 12),
        ("104 - The Snow", 7),
        ("Harbour Fire", 3),
    ];
    let again = page("Low Tide", "", &listed).replacen("<guid>Harbour Fire", "<guid>again", 1);
    let wanted = [("Harbour Fire", 20), ("The Eel Trap Pt. 1", 12), ("The Snow (105)", 7)];
    let (home, _server, line) = saved(vec![("low-tide", again)], &wanted);
    only_titles(&home);
    let last = home.json(&line);
    let told = [
        ("Harbour Fire", "has 2 of this title, of 2024-11-20 and 2024-11-03"),
        ("The Eel Trap Pt. 1", "the nearest there is “The Eel Trap (Part 1 of 2)” of 2024-11-12"),
        ("The Snow (105)", "the nearest there is “104 - The Snow” of 2024-11-07"),
    ];
    for (title, told) in told {
        let row = outcome(&last, title);
        let says = row["says"].as_str().unwrap();
        assert!(row["outcome"] == "not_in_sources" && says.contains(told), "{row}");
    }
}
