//! What each host answers.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::show::{Door, FakeShow, Listing, Sound};
use crate::{HttpAnswer, HttpRequest};

pub(super) fn answer(shows: &[FakeShow], request: &HttpRequest) -> HttpAnswer {
    let path = request.path().trim_start_matches('/');
    let Some((host, rest)) = path.split_once('/') else { return HttpAnswer::status(404) };
    let query = request.target.split_once('?').map_or_else(String::new, |(_, query)| format!("?{query}"));
    match (host, rest) {
        ("itunes.apple.com", "search") => itunes(shows, request),
        ("api.podcastindex.org", "api/1.0/search/byterm") => index(shows, request),
        // Two steps of statistics, on hosts of their own.
        ("stats.example", rest) => {
            let behind = rest.strip_prefix("r.mp3/").unwrap_or(rest);
            HttpAnswer::leads_to(302, &format!("https://more-stats.example/{behind}{query}"))
        }
        ("more-stats.example", rest) => HttpAnswer::leads_to(302, &format!("https://cdn.{rest}{query}")),
        _ => of_shows(shows, request, (host, rest, &query)),
    }
}

fn of_shows(
    shows: &[FakeShow],
    request: &HttpRequest,
    (host, rest, query): (&str, &str, &str),
) -> HttpAnswer {
    let whole = format!("{host}/{rest}{query}");
    for show in shows {
        let of_step = (1..=9).find(|step| whole == format!("step{step}.example/{}", show.feed));
        if whole == show.feed || of_step.is_some() {
            return feed(show, of_step.unwrap_or(0), request);
        }
        let numbered = |ending: &str| rest.strip_suffix(ending)?.parse::<usize>().ok();
        let at = |number: usize| show.episodes.len().checked_sub(number);
        if host.strip_prefix("cdn.") == Some(show.host()) && query == show.query {
            return numbered(".mp3").and_then(at).map_or(HttpAnswer::status(404), |at| sound(show, at));
        }
        let picture = match rest {
            "show.jpg" => show.picture.as_ref(),
            "newest.jpg" => show.newest_picture.as_ref(),
            _ => None,
        };
        if let Some(picture) = picture.filter(|_| host == show.host() && query == show.query) {
            return HttpAnswer::file("image/jpeg", "", picture.clone());
        }
        if host == show.host() && rest.starts_with("chapters/") {
            return HttpAnswer::json(&json!({ "version": "1.2.0", "chapters": [
                { "startTime": 0, "title": "Hello" }, { "startTime": 2.5, "title": "The rest" },
            ] }));
        }
    }
    HttpAnswer::status(404)
}

fn feed(show: &FakeShow, step: usize, request: &HttpRequest) -> HttpAnswer {
    let rss = || {
        let text = show.rss();
        HttpAnswer::text("application/rss+xml", text.clone()).with("ETag", format!("\"{}\"", text.len()))
    };
    match &show.door {
        Door::Open => rss(),
        Door::Gone => HttpAnswer::status(410),
        Door::Moved(times) if step < *times => {
            HttpAnswer::leads_to(301, &format!("https://step{}.example/{}", step + 1, show.feed))
        }
        Door::Moved(_) => rss(),
        Door::Password(name, password) => {
            let key = format!("Basic {}", STANDARD.encode(format!("{name}:{password}")));
            if request.header("authorization") == Some(&key) {
                return rss();
            }
            HttpAnswer::text("text/html", "<html>Sign in").and_status(401).with("WWW-Authenticate", "Basic")
        }
    }
}

fn sound(show: &FakeShow, at: usize) -> HttpAnswer {
    let bytes = show.bytes(at);
    match show.sound {
        Sound::Same => HttpAnswer::file("audio/mpeg", &format!("\"{at}-{}\"", bytes.len()), bytes),
        Sound::Advertised => {
            // Another advertisement for everyone who asks, of the same length, so that only care tells copies apart.
            let mark = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
            let mark = mark.as_nanos().to_le_bytes();
            let mixed: Vec<u8> = bytes.iter().enumerate().map(|(at, byte)| byte ^ mark[at % 8]).collect();
            let body = [&bytes[..4], &mark[..8], &mixed].concat();
            HttpAnswer::file("audio/mpeg", "", body)
        }
        Sound::Page => HttpAnswer::text("text/html", "<!DOCTYPE html><title>Please sign in</title>"),
        Sound::Gone => HttpAnswer::status(410),
        Sound::Locked => HttpAnswer::status(401).with("WWW-Authenticate", "Basic"),
    }
}

fn is_like(show: &FakeShow, term: &str) -> bool {
    let (title, term) = (show.title.to_lowercase(), term.to_lowercase());
    title.contains(&term) || term.contains(&title)
}

fn itunes(shows: &[FakeShow], request: &HttpRequest) -> HttpAnswer {
    let (term, country) = (request.parameter("term"), request.parameter("country"));
    let listed = shows.iter().filter(|show| is_like(show, term.as_deref().unwrap_or_default()));
    let rows: Vec<Value> = listed
        .filter_map(|show| {
            let mut row = json!({
                "wrapperType": "track", "kind": "podcast", "collectionName": show.title,
                "artistName": show.author, "trackCount": show.episodes.len(),
            });
            match show.listing {
                Listing::Everywhere => row["feedUrl"] = json!(format!("https://{}", show.feed)),
                Listing::Country(only) if country.as_deref() == Some(only) => {
                    row["feedUrl"] = json!(format!("https://{}", show.feed));
                }
                Listing::WithoutFeed => {}
                Listing::Country(_) | Listing::Index | Listing::Nowhere => return None,
            }
            Some(row)
        })
        .collect();
    HttpAnswer::text(
        "text/javascript; charset=utf-8",
        json!({ "resultCount": rows.len(), "results": rows }).to_string(),
    )
}

/// As Podcast Index: whoever does not sign is not let in, and is told the time.
fn index(shows: &[FakeShow], request: &HttpRequest) -> HttpAnswer {
    let is_signed = ["x-auth-key", "x-auth-date", "authorization", "user-agent"]
        .iter()
        .all(|name| request.header(name).is_some_and(|value| !value.is_empty()));
    if !is_signed || request.header("x-auth-key") != Some("KEY") {
        let refusal = json!({ "status": "false", "description": "Authorization header value either invalid or too old." });
        return HttpAnswer::json(&refusal).and_status(401).with("Date", "Fri, 09 Oct 2020 04:30:38 GMT");
    }
    let term = request.parameter("q").unwrap_or_default();
    let listed = shows.iter().filter(|show| is_like(show, &term));
    let listed = listed.filter(|show| matches!(show.listing, Listing::Everywhere | Listing::Index));
    let rows: Vec<Value> = listed
        .map(|show| json!({ "id": 1, "title": show.title, "author": show.author, "url": format!("https://{}", show.feed), "dead": 0 }))
        .collect();
    HttpAnswer::json(&json!({ "status": "true", "count": rows.len(), "feeds": rows }))
}
