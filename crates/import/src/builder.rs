//! Gathers what the readers of single files understood into one wishlist, and keeps the books: each row read becomes
//! exactly one entry, play, note or problem, so no reader can lose one.

use std::collections::HashMap;

use ferrotape_domain::{
    FileAccount, ImportProblem, Noted, Play, PlaySource, PlaylistEntry, PlaylistKind, SpotifyUri, Wanted,
    WantedPlaylist, Wishlist,
};

/// Problems kept per file with their text; beyond that only their number is.
const PROBLEMS_KEPT: u64 = 1_000;

/// A wishlist in the making. Things described twice share one place.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    wishlist: Wishlist,
    by_uri: HashMap<SpotifyUri, usize>,
    by_name: HashMap<String, usize>,
    /// First thing of this artist and title, for histories, which name no album.
    by_artist_and_title: HashMap<String, usize>,
}

/// One list being filled.
#[derive(Debug)]
pub(crate) struct OpenList(WantedPlaylist);

impl Builder {
    /// Begins the account of one file. All rows until the next `begin_file` belong to it.
    pub(crate) fn begin_file(&mut self, file: &str, format: &str) {
        let account =
            FileAccount { file: file.to_owned(), format: format.to_owned(), ..FileAccount::default() };
        self.wishlist.accounts.push(account);
    }

    /// Begins a list. Give it back with [`Builder::end_list`].
    pub(crate) fn begin_list(&self, kind: PlaylistKind, name: &str, spotify: Option<SpotifyUri>) -> OpenList {
        OpenList(WantedPlaylist { kind, name: name.to_owned(), spotify, entries: Vec::new() })
    }

    /// One row that became an entry of `list`.
    pub(crate) fn entry(&mut self, list: &mut OpenList, wanted: Wanted, added: Option<String>) {
        let wanted = self.place(wanted);
        list.0.entries.push(PlaylistEntry { wanted, added });
        if let Some(account) = self.account() {
            account.rows += 1;
            account.entries += 1;
        }
    }

    /// Ends a list; an empty playlist is kept, for the user made it.
    pub(crate) fn end_list(&mut self, list: OpenList) {
        self.wishlist.playlists.push(list.0);
    }

    /// One row that became a play. `wanted` describes what was heard, without an album in older histories.
    pub(crate) fn play(&mut self, wanted: Wanted, ended_at: i64, played_ms: u32, source: PlaySource) {
        let wanted = self.place_heard(wanted);
        self.wishlist.plays.push(Play { wanted, ended_at, played_ms, source });
        if let Some(account) = self.account() {
            account.rows += 1;
            account.plays += 1;
        }
    }

    /// One row that is kept on record only.
    pub(crate) fn note(&mut self, kind: &'static str, name: &str, spotify: Option<SpotifyUri>) {
        self.wishlist.noted.push(Noted { kind, name: name.to_owned(), spotify });
        if let Some(account) = self.account() {
            account.rows += 1;
            account.noted += 1;
        }
    }

    /// One row that was not understood.
    pub(crate) fn row_problem(&mut self, row: u64, reason: impl Into<String>) {
        let Some(account) = self.account() else { return };
        account.rows += 1;
        account.problems += 1;
        let (file, problems) = (account.file.clone(), account.problems);
        if problems <= PROBLEMS_KEPT {
            self.wishlist.problems.push(ImportProblem { file, row: Some(row), reason: reason.into() });
        } else if problems == PROBLEMS_KEPT + 1 {
            let reason = "and more rows like these; only the first thousand are listed".to_owned();
            self.wishlist.problems.push(ImportProblem { file, row: None, reason });
        }
    }

    /// Something wrong with a whole file, or a part of it that is no row.
    pub(crate) fn file_problem(&mut self, file: &str, reason: impl Into<String>) {
        let problem = ImportProblem { file: file.to_owned(), row: None, reason: reason.into() };
        self.wishlist.problems.push(problem);
    }

    /// Whether nothing at all was recognised.
    pub(crate) fn is_empty(&self) -> bool {
        self.wishlist.accounts.is_empty()
    }

    /// The wishlist.
    pub(crate) fn finish(self) -> Wishlist {
        self.wishlist
    }

    fn account(&mut self) -> Option<&mut FileAccount> {
        self.wishlist.accounts.last_mut()
    }

    /// The place of a wanted thing: the one with its link, else the one described in the same words.
    fn place(&mut self, wanted: Wanted) -> usize {
        let name_key = (!wanted.title.is_empty()).then(|| wanted.name_key());
        let known = match &wanted.spotify {
            Some(uri) => self.by_uri.get(uri).copied(),
            None => name_key.as_ref().and_then(|key| self.by_name.get(key)).copied(),
        };
        // A row that Spotify emptied has no identity; each keeps a place of its own.
        let has_identity = wanted.spotify.is_some() || name_key.is_some();
        if let (Some(at), true) = (known, has_identity) {
            fill_gaps(&mut self.wishlist.wanted[at], wanted);
            return at;
        }
        let at = self.wishlist.wanted.len();
        if let Some(uri) = &wanted.spotify {
            self.by_uri.insert(uri.clone(), at);
        }
        if let Some(key) = name_key {
            self.by_name.entry(key).or_insert(at);
            self.by_artist_and_title.entry(artist_and_title(&wanted)).or_insert(at);
        }
        self.wishlist.wanted.push(wanted);
        at
    }

    fn place_heard(&mut self, wanted: Wanted) -> usize {
        if wanted.spotify.is_none()
            && wanted.release.is_none()
            && let Some(at) = self.by_artist_and_title.get(&artist_and_title(&wanted))
        {
            return *at;
        }
        self.place(wanted)
    }
}

fn artist_and_title(wanted: &Wanted) -> String {
    let artist = wanted.artists.first().unwrap_or_default();
    format!("{}\u{1f}{artist}\u{1f}{}", wanted.kind.as_str(), wanted.title).to_lowercase()
}

/// Takes over what the first description lacked.
fn fill_gaps(known: &mut Wanted, more: Wanted) {
    if known.title.is_empty() {
        known.title = more.title;
    }
    if known.artists.is_empty() || (known.artists.names().count() < more.artists.names().count()) {
        known.artists = more.artists;
    }
    if known.release_artists.is_empty() {
        known.release_artists = more.release_artists;
    }
    known.release = known.release.take().or(more.release);
    known.track_number = known.track_number.or(more.track_number);
    known.disc_number = known.disc_number.or(more.disc_number);
    known.released = known.released.take().or(more.released);
    known.duration = known.duration.or(more.duration);
    known.isrc = known.isrc.take().or(more.isrc);
    known.explicit = known.explicit.or(more.explicit);
    known.spotify_release = known.spotify_release.take().or(more.spotify_release);
}
