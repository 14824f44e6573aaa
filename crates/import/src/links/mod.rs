//! Spotify's whole link grammar, parsed offline.
//!
//! Accepted are the addresses of `open.`, `play.` and `embed.spotify.com`, with or without `https://`, language
//! (`/intl-de`) and `/embed`, and the `spotify:` URIs old and new. What a link says is told without asking anyone;
//! a short link (`spotify.link/…`) says nothing by itself and is named as such. Anything else is refused with the
//! part that was not understood.

mod address;
mod local;

use ferrotape_domain::{Mbid, SpotifyId, SpotifyKind, SpotifyUri, Wanted, WantedKind};

use self::local::{decode as decode_part, decode_percent, parts_to_wanted};

/// Characters of the longest text taken for a link; nobody shares longer ones.
const LONGEST: usize = 2_048;

/// Hosts whose links only redirect.
const SHORT_HOSTS: [&str; 3] = ["spotify.link", "spotify.app.link", "spoti.fi"];

/// Hosts whose paths follow the grammar.
const HOSTS: [&str; 3] = ["open.spotify.com", "play.spotify.com", "embed.spotify.com"];

/// Spotify's words for pages that hold no music of their own.
const NO_MUSIC: [&str; 18] = [
    "app",
    "ad",
    "application",
    "blend",
    "browse",
    "category",
    "charts",
    "concert",
    "genre",
    "home",
    "image",
    "mosaic",
    "page",
    "prerelease",
    "radio",
    "section",
    "special",
    "station",
];

/// What a link names.
#[derive(Debug, Clone, PartialEq)]
pub enum Link {
    /// A thing with an id: track, album, artist, playlist, show, episode, audiobook or chapter.
    Spotify(SpotifyUri),
    /// The signed-in user's liked tracks.
    LikedTracks,
    /// The signed-in user's saved albums.
    SavedAlbums,
    /// The signed-in user's saved podcasts.
    SavedShows,
    /// The signed-in user's saved episodes.
    SavedEpisodes,
    /// The signed-in user's saved audiobooks.
    SavedAudiobooks,
    /// A user's page.
    User(String),
    /// The starred tracks of a user, a playlist of the years before likes.
    Starred(String),
    /// A file of the user's own computer that Spotify only points to.
    LocalFile(Box<Wanted>),
    /// A search.
    Search(String),
    /// A short link: where it leads is known only by following it.
    ShortLink(String),
    /// A page of Spotify that holds no music of its own (`image`, `prerelease`, `genre`), by Spotify's word.
    Other(String),
}

impl Link {
    /// What this link is and what to do instead, for links that cannot be looked up in what was imported.
    pub fn why_not_usable(&self) -> String {
        match self {
            Self::Spotify(uri) => match uri.kind {
                SpotifyKind::Artist => {
                    "it names an artist, not what you want of them; use the links of tracks, \
                                        albums or playlists"
                        .into()
                }
                SpotifyKind::Playlist => {
                    "it names a playlist, and only Spotify knows what is in it; import your \
                                          data export, or a CSV of the playlist"
                        .into()
                }
                kind => format!("it names one {}; import an export or a CSV that holds it", kind.as_str()),
            },
            Self::LikedTracks => own_list("liked songs"),
            Self::SavedAlbums => own_list("saved albums"),
            Self::SavedShows => own_list("saved podcasts"),
            Self::SavedEpisodes => own_list("saved episodes"),
            Self::SavedAudiobooks => own_list("saved audiobooks"),
            Self::User(user) => {
                format!("it is the page of the user “{user}”; use the link of one of the playlists on it")
            }
            Self::Starred(user) => format!(
                "it names the starred tracks of “{user}”, a list that Spotify has given up; import the data export, \
                 where it is a playlist called “Starred”"
            ),
            Self::LocalFile(wanted) => format!(
                "it points to a file of one computer ({}) that Spotify does not have; name the folder that file is in",
                wanted.label()
            ),
            Self::Search(words) => {
                format!("it is a search for “{words}”; open it and copy the link of one of the results")
            }
            Self::ShortLink(_) => {
                "a short link hides what it points to; --online follows it, or open it once in a browser and copy \
                 the long address"
                    .into()
            }
            Self::Other(what) => format!(
                "it leads to “{what}”, which is no list of music; use the link of a track, album or playlist"
            ),
        }
    }
}

fn own_list(what: &str) -> String {
    format!("it names the {what} of whoever is signed in; import your Spotify data export, which holds them")
}

/// Why a text is not a link that can be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// Neither an address nor a URI.
    #[error(
        "“{text}” is not a Spotify link – paste one that begins with https://open.spotify.com/ or spotify:"
    )]
    NotALink {
        /// The text, shortened.
        text: String,
    },
    /// An address of somebody else.
    #[error(
        "“{host}” is not an address of Spotify – paste a link that begins with https://open.spotify.com/"
    )]
    OtherHost {
        /// The host of the address.
        host: String,
    },
    /// A Spotify link to a kind of thing that is not known here.
    #[error(
        "the Spotify link “{text}” names a “{kind}”, which ferrotape does not know – name a track, album, \
             artist, playlist, show, episode or audiobook"
    )]
    UnknownKind {
        /// Spotify's word for it.
        kind: String,
        /// The text, shortened.
        text: String,
    },
    /// A known kind without a well-formed id.
    #[error(
        "the Spotify link “{text}” has no valid {kind} id – copy the whole link again (an id is 22 letters and \
             digits)"
    )]
    BadId {
        /// The kind named.
        kind: &'static str,
        /// The text, shortened.
        text: String,
    },
    /// A Spotify link that ends before it names anything.
    #[error("the Spotify link “{text}” names nothing – copy the link of a playlist, album or track")]
    NamesNothing {
        /// The text, shortened.
        text: String,
    },
    /// Far longer than any link.
    #[error(
        "“{text}” goes on for more than {LONGEST} characters, too long for a link – paste one link alone"
    )]
    TooLong {
        /// Its beginning.
        text: String,
    },
}

/// Whether a text is meant as a link: a `spotify:` URI, any web address, or one of Spotify's hosts without `https://`.
///
/// It may still be refused by [`parse_link`], whose error then says why.
pub fn looks_like_link(text: &str) -> bool {
    let text = bare(text);
    if ["spotify:", "spotify%3a"].iter().any(|start| after_ignoring_case(text, start).is_some()) {
        return true;
    }
    if address::without_scheme(text).is_some() {
        return true;
    }
    let host = text.split(['/', '?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    let host = address::without_port(&host);
    HOSTS.contains(&host) || (SHORT_HOSTS.contains(&host) && text.contains('/'))
}

/// Parses any link or URI of Spotify.
pub fn parse_link(text: &str) -> Result<Link, LinkError> {
    let text = bare(text);
    if text.chars().nth(LONGEST).is_some() {
        return Err(LinkError::TooLong { text: shortened(text) });
    }
    if after_ignoring_case(text, "spotify%3a").is_some() {
        return parse_nested(decode_percent(text).trim(), false);
    }
    parse_nested(text, true)
}

/// `nest`: whether the text may carry another link (`embed.spotify.com/?uri=…`).
fn parse_nested(text: &str, nest: bool) -> Result<Link, LinkError> {
    match after_ignoring_case(text, "spotify:") {
        Some(rest) => uri(rest, text),
        None => address::parse(text, nest),
    }
}

/// Without the white space, quotes and angle brackets that come along when a link is copied.
fn bare(text: &str) -> &str {
    let odd =
        |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\u{feff}' | '\u{200b}' | '“' | '”');
    text.trim_matches(odd)
}

fn after_ignoring_case<'t>(text: &'t str, start: &str) -> Option<&'t str> {
    let head = text.get(..start.len())?;
    if head.eq_ignore_ascii_case(start) { text.get(start.len()..) } else { None }
}

fn shortened(text: &str) -> String {
    let kept: String = text.chars().take(80).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(80).is_some() { format!("{kept}…") } else { kept }
}

/// What stands after `spotify:`; its parts are separated by colons, or by slashes in `spotify://`.
fn uri(rest: &str, whole: &str) -> Result<Link, LinkError> {
    let separator = if rest.starts_with("//") { '/' } else { ':' };
    let rest = rest.trim_start_matches('/');
    let kind = rest.split(separator).next().unwrap_or_default();
    // Only names may hold a question mark; everywhere else it begins what the sharing added.
    let named = matches!(kind, "local" | "search");
    let rest = if named { rest } else { rest.split(['?', '#']).next().unwrap_or_default() };
    let parts: Vec<&str> = rest.split(separator).collect();
    from_parts(&parts, whole)
}

/// The grammar that URIs and addresses share; the parts are still encoded.
fn from_parts(parts: &[&str], whole: &str) -> Result<Link, LinkError> {
    let text = || shortened(whole);
    let parts = match parts {
        [rest @ .., ""] if parts.first() != Some(&"local") => rest,
        all => all,
    };
    Ok(match parts {
        [] | [""] => return Err(LinkError::NamesNothing { text: text() }),
        ["user", user, "playlist", id, ..] if !user.is_empty() => with_id(SpotifyKind::Playlist, id, whole)?,
        ["user", user, "starred", ..] if !user.is_empty() => Link::Starred(decode_percent(user)),
        ["user", user, "collection", section @ ..] if !user.is_empty() => library_section(section),
        ["user", user, ..] if !user.is_empty() => Link::User(decode_percent(user)),
        ["user", ..] => return Err(LinkError::NamesNothing { text: text() }),
        ["collection", section @ ..] => library_section(section),
        ["local", file @ ..] => Link::LocalFile(Box::new(parts_to_wanted(file))),
        ["search"] => return Err(LinkError::NamesNothing { text: text() }),
        ["search", words @ ..] => Link::Search(decode_part(&words.join("/"))),
        [kind, rest @ ..] => {
            let word = kind.to_ascii_lowercase();
            match SpotifyKind::from_word(&word) {
                Some(kind) => with_id(kind, rest.first().copied().unwrap_or_default(), whole)?,
                None if NO_MUSIC.contains(&word.as_str()) => Link::Other(word),
                None => return Err(LinkError::UnknownKind { kind: shortened(kind), text: text() }),
            }
        }
    })
}

fn library_section(section: &[&str]) -> Link {
    match section {
        [] | ["tracks", ..] => Link::LikedTracks,
        ["albums", ..] => Link::SavedAlbums,
        ["podcasts" | "shows", "episodes", ..] | ["episodes" | "your-episodes", ..] => Link::SavedEpisodes,
        ["podcasts" | "shows", ..] => Link::SavedShows,
        ["audiobooks" | "books", ..] => Link::SavedAudiobooks,
        [other, ..] => Link::Other(shortened(&decode_percent(other))),
    }
}

fn with_id(kind: SpotifyKind, id: &str, whole: &str) -> Result<Link, LinkError> {
    let id = SpotifyId::parse(id.trim())
        .map_err(|_| LinkError::BadId { kind: kind.as_str(), text: shortened(whole) })?;
    Ok(Link::Spotify(SpotifyUri { kind, id }))
}

/// The id in an address of a recording at MusicBrainz (`https://musicbrainz.org/recording/…`).
pub(crate) fn recording_mbid(text: &str) -> Option<Mbid> {
    let rest = text.trim().strip_prefix("https://").or_else(|| text.trim().strip_prefix("http://"))?;
    let id = rest.strip_prefix("www.").unwrap_or(rest).strip_prefix("musicbrainz.org/recording/")?;
    Mbid::parse(id.split(['?', '#', '/']).next().unwrap_or_default()).ok()
}

/// What a link names, of which only the title is known; `None` for playlists and artists, which are no single thing.
pub fn wanted_by_link(uri: &SpotifyUri, title: &str) -> Option<Wanted> {
    let wanted = Wanted::of_kind(wanted_kind(uri.kind)?);
    Some(Wanted { title: title.to_owned(), spotify: Some(uri.clone()), ..wanted })
}

/// Which kind of wanted thing a link of this kind names; playlists and artists are no single thing.
pub(crate) fn wanted_kind(kind: SpotifyKind) -> Option<WantedKind> {
    match kind {
        SpotifyKind::Track => Some(WantedKind::Recording),
        SpotifyKind::Album => Some(WantedKind::Release),
        SpotifyKind::Show => Some(WantedKind::Show),
        SpotifyKind::Episode => Some(WantedKind::Episode),
        SpotifyKind::Audiobook | SpotifyKind::Chapter => Some(WantedKind::Audiobook),
        SpotifyKind::Artist | SpotifyKind::Playlist => None,
    }
}
