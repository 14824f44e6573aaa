//! Every folder in `tests/cases/podcasts` with a feed and what it comes to. After a wanted change, run once with
//! `UPDATE_CASES=1` and read the difference.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use ferrotape_services::podcasts::feed::{Feed, FeedEpisode, MOST_BYTES, MOST_EPISODES, NotAFeed, read_feed};

const ADDRESS: &str = "https://feeds.example/tide.xml";

fn told(feed: &Feed) -> String {
    let mut text = format!("feed “{}”", feed.title);
    let fields = [
        ("author", &feed.author),
        ("site", &feed.site),
        ("image", &feed.image),
        ("language", &feed.language),
        ("guid", &feed.guid),
        ("moved to", &feed.new_feed_url),
    ];
    for (name, value) in fields {
        value.iter().for_each(|value| write!(text, " | {name} {value}").unwrap());
    }
    writeln!(text, "{}", if feed.is_whole { "" } else { " | not whole" }).unwrap();
    feed.episodes.iter().for_each(|episode| tell(&mut text, episode));
    feed.problems.iter().for_each(|problem| writeln!(text, "problem: {problem}").unwrap());
    text
}

fn tell(text: &mut String, episode: &FeedEpisode) {
    write!(text, "episode {} “{}”", episode.id, episode.title).unwrap();
    let of_number = |number: Option<u32>| number.map(|number| number.to_string());
    let fields = [
        ("by", episode.author.clone()),
        ("on", episode.published.as_ref().map(|day| format!("{} ({})", day.day, day.at))),
        ("seconds", episode.duration.map(|length| length.as_secs().to_string())),
        ("season", of_number(episode.season)),
        ("number", of_number(episode.number)),
        ("page", episode.page.clone()),
        ("image", episode.image.clone()),
        ("chapters", episode.chapters_url.clone()),
        ("says", episode.description.clone().map(|words| format!("{words:?}"))),
    ];
    for (name, value) in fields {
        value.iter().for_each(|value| write!(text, " | {name} {value}").unwrap());
    }
    let audio = &episode.audio;
    writeln!(text, "\n  audio {} “{}” {:?}", audio.url, audio.media_type, audio.size).unwrap();
    for chapter in &episode.chapters {
        writeln!(text, "  chapter {}–{} “{}”", chapter.start_ms, chapter.end_ms, chapter.title).unwrap();
    }
    for transcript in &episode.transcripts {
        writeln!(text, "  transcript {} “{}”", transcript.url, transcript.media_type).unwrap();
    }
}

#[test]
fn podcast_feeds_come_to_what_is_expected() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/podcasts");
    let mut folders: Vec<_> = fs::read_dir(cases).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    assert!(folders.len() > 20, "the cases are there");
    let mut wrong = Vec::new();
    for case in folders {
        let bytes = fs::read(case.join("feed.xml")).unwrap();
        let found = match read_feed(&bytes, Some("application/rss+xml"), ADDRESS) {
            Ok(feed) => told(&feed),
            Err(error) => format!("no feed: {error}\n"),
        };
        let expected = case.join("expected.txt");
        if std::env::var_os("UPDATE_CASES").is_some() {
            fs::write(&expected, &found).unwrap();
        }
        let wanted = fs::read_to_string(&expected).unwrap_or_default();
        if found != wanted {
            wrong.push(format!("{}\n--- expected\n{wanted}\n--- found\n{found}", case.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whatever is cut off, and wherever, the episodes before are there as they are in the whole.
#[test]
fn podcast_feeds_that_are_cut_give_what_was_whole() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/podcasts");
    for case in ["sound", "namespace", "ampersands"] {
        let bytes = fs::read(cases.join(case).join("feed.xml")).unwrap();
        let whole = read_feed(&bytes, None, ADDRESS).unwrap();
        let end = bytes.windows(6).rposition(|window| window == b"</rss>").unwrap() + 6;
        for at in 200..end {
            let Ok(part) = read_feed(&bytes[..at], None, ADDRESS) else { panic!("{case} cut at {at}") };
            assert!(!part.is_whole && !part.problems.is_empty(), "{case} cut at {at}");
            assert_eq!(part.episodes, whole.episodes[..part.episodes.len()], "{case} cut at {at}");
        }
    }
}

#[test]
fn a_feed_of_which_only_the_last_end_is_missing_is_all_there() {
    let read = |root: &str, end: &str| {
        let item = "<item><enclosure url='https://h.example/1.mp3' type='audio/mpeg'/></item>";
        let text = format!("<{root}><channel><title>Low Tide</title>{item}{end}");
        read_feed(text.as_bytes(), None, ADDRESS).unwrap()
    };
    for end in ["</channel>", "</channel>\n\n", "</channel>\n<!-- made in 0.2 s -->\n"] {
        let feed = read("rss version='2.0'", end);
        assert!(!feed.is_cut_off && feed.episodes.len() == 1, "{end}");
        assert_eq!(feed.problems, ["its last end is missing, and nothing else of it"], "{end}");
    }
    for (root, end) in [
        ("rss", ""),
        ("rss", "</chan"),
        ("rss", "</channel><item><title>Gulls"),
        ("rss", "</channel><channel>"),
        ("rss", "</channel>Fatal error: out of memory"),
        ("rss", "</channel><![CDATA[more]]>"),
        // Its episodes stand behind the podcast.
        ("rdf:RDF", "</channel>"),
    ] {
        let feed = read(root, end);
        assert!(feed.is_cut_off && feed.episodes.len() == 1, "{root} {end}");
    }
}

#[test]
fn podcast_feeds_have_limits() {
    assert_eq!(read_feed(&vec![b' '; MOST_BYTES + 1], None, ADDRESS), Err(NotAFeed::TooBig));
    let mut many = "<rss><channel><title>Daily</title>".to_owned();
    for at in 0..MOST_EPISODES + 10 {
        write!(many, "<item><enclosure url='https://h.example/{at}.mp3' type='audio/mpeg'/></item>").unwrap();
    }
    let feed = read_feed(many.as_bytes(), None, ADDRESS).unwrap();
    assert_eq!(feed.episodes.len(), MOST_EPISODES);
    assert!(!feed.is_whole && feed.problems[0].contains("more than 20000 episodes"), "{:?}", feed.problems);
    // Whatever takes time by the square of its length does not end today.
    for piece in ["<a>", "&amp;", "<", "&", "<![CDATA[", "<!--", "<a b='", "</a>", "<item>", "<a b=c d=e/>"] {
        let text = "<rss><channel><title>".to_owned() + &piece.repeat((1 << 20) / piece.len());
        _ = read_feed(text.as_bytes(), None, ADDRESS);
    }
}

#[test]
fn a_feed_tells_where_its_older_episodes_are() {
    let link = |rel: &str| format!("<atom:link rel=\"{rel}\" href=\"/tide.xml?page=2\"/>");
    let rss = |links: &str, inside: &str| {
        format!(
            "<rss><channel><title>Low Tide</title>{links}<item><title>Harbour</title>{inside}\
             <enclosure url=\"https://feeds.example/1.mp3\" type=\"audio/mpeg\"/></item></channel></rss>"
        )
    };
    let atom = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Low Tide</title>\
        <link rel=\"self\" href=\"/tide.xml\"/><link rel=\"next\" href=\"/tide.xml?page=2\"/></feed>";
    let second = Some("https://feeds.example/tide.xml?page=2");
    for (text, expected) in [
        (rss(&link("next"), ""), second),
        (rss(&link("prev-archive"), ""), second),
        (
            rss("<atom:link rel=\"prev-archive\" href=\"/old.xml\"/>", &link("next")),
            Some("https://feeds.example/old.xml"),
        ),
        (atom.to_owned(), second),
        (rss(&link("self"), ""), None),
        (rss("<atom:link rel=\"next\" href=\"file:///etc/passwd\"/>", ""), None),
    ] {
        let feed = read_feed(text.as_bytes(), None, ADDRESS).unwrap();
        assert_eq!(feed.older.as_deref(), expected, "{text}");
    }
}
