//! The wishlist under construction: each thing once, each row accounted for.
//!
//! Parsers say what they read; who shares a place in the list, which problems are kept and whether the counts add
//! up is decided here and nowhere else. Things are looked up by hash with the thing itself as the judge, so that a
//! million rows cost no second copy of their names.

mod plays;
mod same;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher, Hash};

use ferrotape_domain::{
    FileAccount, ImportProblem, Noted, PlaylistEntry, PlaylistKind, SpotifyKind, SpotifyUri, Wanted,
    WantedKind, WantedPlaylist, Wishlist, feed_key,
};

pub(crate) use self::plays::Played;
pub(crate) use self::same::fold;
use self::same::{bare_name, differ, fill_gaps};

/// Finds places in a list by hash. Fixed keys: the same input gives the same wishlist everywhere.
#[derive(Debug, Default)]
struct Index(HashMap<u64, Vec<u32>, BuildHasherDefault<DefaultHasher>>);

impl Index {
    fn hash(key: &impl Hash) -> u64 {
        BuildHasherDefault::<DefaultHasher>::default().hash_one(key)
    }

    fn add(&mut self, key: &impl Hash, at: usize) {
        if let Ok(at) = u32::try_from(at) {
            self.0.entry(Self::hash(key)).or_default().push(at);
        }
    }

    fn remove(&mut self, key: &impl Hash, at: usize) {
        if let Some(places) = self.0.get_mut(&Self::hash(key)) {
            places.retain(|known| *known as usize != at);
        }
    }

    fn candidates(&self, key: &impl Hash) -> impl Iterator<Item = usize> {
        self.0.get(&Self::hash(key)).into_iter().flatten().map(|at| *at as usize)
    }
}

/// Of more things of one name than this, no more are compared: a million rows of one title must come to an end, too.
const MOST_OF_A_NAME: usize = 64;

/// What is read so far.
#[derive(Debug)]
pub(crate) struct Collector {
    wishlist: Wishlist,
    by_link: Index,
    by_name: Index,
    /// Those of `by_name` that have no link yet, which is what a linked thing may be.
    by_name_without_link: Index,
    /// What the inputs themselves tell things apart by, of things known by a title alone.
    own_ids: HashMap<usize, String>,
    /// Podcasts by their feeds.
    by_feed: Index,
    /// By maker and title alone, for histories, which know no more.
    by_bare_name: Index,
    /// The library's own lists, which exist once however many files speak of them.
    own_lists: HashMap<PlaylistKind, usize>,
    own_members: HashSet<(usize, usize)>,
    /// Names of the podcasts met so far, folded: old histories mix podcasts into the music.
    shows: HashSet<String>,
    /// What files said of another service's ids, for other files of the same input.
    foreign: HashMap<String, Wanted>,
    /// Titles that one file gives to the lists in others, by what the names of those files keep of them.
    list_titles: BTreeMap<String, String>,
    /// The list that the file being read filled last.
    last_list: Option<usize>,
    problems_per_file: usize,
    rows: u64,
}

/// The account of one file while it is read. Every row is told exactly once.
#[derive(Debug)]
pub(crate) struct Tally {
    account: FileAccount,
    kept: usize,
    unsaid: u64,
    /// Rows met so far in each list of the file.
    rows_of: HashMap<String, u64>,
}

impl Tally {
    /// The number, from 1, of the next row in one of the file's lists.
    pub(crate) fn next_of(&mut self, list: &str) -> u64 {
        match self.rows_of.get_mut(list) {
            Some(rows) => {
                *rows += 1;
                *rows
            }
            None => {
                self.rows_of.insert(list.to_owned(), 1);
                1
            }
        }
    }

    /// Every list of the file with the number of its rows, by name.
    pub(crate) fn lists(&self) -> Vec<(String, u64)> {
        let mut lists: Vec<_> = self.rows_of.iter().map(|(list, rows)| (list.clone(), *rows)).collect();
        lists.sort();
        lists
    }
}

impl Collector {
    pub(crate) fn new(problems_per_file: usize) -> Self {
        Self {
            wishlist: Wishlist::default(),
            by_link: Index::default(),
            by_name: Index::default(),
            by_name_without_link: Index::default(),
            own_ids: HashMap::new(),
            last_list: None,
            by_feed: Index::default(),
            by_bare_name: Index::default(),
            own_lists: HashMap::new(),
            own_members: HashSet::new(),
            shows: HashSet::new(),
            foreign: HashMap::new(),
            list_titles: BTreeMap::new(),
            problems_per_file,
            rows: 0,
        }
    }

    /// Rows of all files so far.
    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }

    pub(crate) fn finish(self) -> Wishlist {
        self.wishlist
    }

    /// Begins a file.
    pub(crate) fn open(&self, file: &str, format: impl Into<String>) -> Tally {
        let account = FileAccount { file: file.to_owned(), format: format.into(), ..FileAccount::default() };
        Tally { account, kept: 0, unsaid: 0, rows_of: HashMap::new() }
    }

    /// Ends a file.
    pub(crate) fn close(&mut self, tally: Tally) {
        if tally.unsaid > 0 {
            let reason = format!("{} more problems in this file are counted but not listed", tally.unsaid);
            self.wishlist.problems.push(ImportProblem {
                file: tally.account.file.clone(),
                row: None,
                reason,
            });
        }
        self.wishlist.accounts.push(tally.account);
        self.last_list = None;
    }

    /// A row set aside.
    pub(crate) fn refuse(&mut self, tally: &mut Tally, row: u64, reason: impl Into<String>) {
        self.count(tally).problems += 1;
        self.remark(tally, Some(row), reason);
    }

    /// All rows of a file set aside, with one problem for all.
    pub(crate) fn refuse_all(&mut self, tally: &mut Tally, rows: u64, reason: impl Into<String>) {
        self.rows += rows;
        tally.account.rows += rows;
        tally.account.problems += rows;
        self.remark(tally, None, reason);
    }

    /// Something to tell about a file, or about a row that is used all the same; no row is counted.
    pub(crate) fn remark(&mut self, tally: &mut Tally, row: Option<u64>, reason: impl Into<String>) {
        if tally.kept >= self.problems_per_file {
            tally.unsaid += 1;
            return;
        }
        tally.kept += 1;
        let reason = reason.into();
        self.wishlist.problems.push(ImportProblem { file: tally.account.file.clone(), row, reason });
    }

    fn count<'t>(&mut self, tally: &'t mut Tally) -> &'t mut FileAccount {
        self.rows += 1;
        tally.account.rows += 1;
        &mut tally.account
    }

    /// A new list; its place is good for [`Self::entry`].
    pub(crate) fn playlist(&mut self, name: &str) -> usize {
        self.new_list(PlaylistKind::Playlist, name)
    }

    /// A list of this kind: a new one where there may be several.
    pub(crate) fn list(&mut self, kind: PlaylistKind, name: &str) -> usize {
        if kind.is_named() { self.new_list(kind, name) } else { self.own_list(kind) }
    }

    /// The podcasts that another program follows, under what it calls them.
    pub(crate) fn subscriptions(&mut self, name: &str) -> usize {
        match name.trim() {
            // As our own export calls them.
            "Saved Shows" => self.own_list(PlaylistKind::SavedShows),
            "" => self.own_list(PlaylistKind::Subscriptions),
            name => self.new_list(PlaylistKind::Subscriptions, name),
        }
    }

    /// One of the library's own lists, made when first asked for.
    pub(crate) fn own_list(&mut self, kind: PlaylistKind) -> usize {
        if let Some(at) = self.own_lists.get(&kind) {
            self.last_list = Some(*at);
            return *at;
        }
        let name = match kind {
            PlaylistKind::Playlist => "Playlist",
            PlaylistKind::LikedTracks => "Liked Songs",
            PlaylistKind::SavedAlbums => "Saved Albums",
            PlaylistKind::SavedShows => "Saved Shows",
            PlaylistKind::Subscriptions => "Podcasts",
            PlaylistKind::SavedEpisodes => "Saved Episodes",
            PlaylistKind::SavedAudiobooks => "Saved Audiobooks",
            PlaylistKind::LocalFiles => "Local Files",
        };
        let at = self.new_list(kind, name);
        self.own_lists.insert(kind, at);
        at
    }

    fn new_list(&mut self, kind: PlaylistKind, name: &str) -> usize {
        let list = WantedPlaylist {
            kind,
            name: name.to_owned(),
            spotify: None,
            entries: Vec::new(),
            incomplete: false,
        };
        self.wishlist.playlists.push(list);
        let at = self.wishlist.playlists.len() - 1;
        self.last_list = Some(at);
        at
    }

    /// Says of a list that rows of it are missing.
    pub(crate) fn incomplete(&mut self, list: usize) {
        if let Some(list) = self.wishlist.playlists.get_mut(list) {
            list.incomplete = true;
        }
    }

    /// Says that the file being read breaks off, or lost a row: the list it was filling misses some.
    pub(crate) fn cut_short(&mut self) {
        if let Some(list) = self.last_list {
            self.incomplete(list);
        }
    }

    /// Names a list whose name came after its rows.
    pub(crate) fn rename(&mut self, list: usize, name: &str) {
        if let Some(list) = self.wishlist.playlists.get_mut(list) {
            name.clone_into(&mut list.name);
        }
    }

    /// Says where a list can be found. The link of an album or an artist is none of a list's.
    pub(crate) fn link(&mut self, list: usize, link: SpotifyUri) {
        if link.kind != SpotifyKind::Playlist {
            return;
        }
        if let Some(list) = self.wishlist.playlists.get_mut(list) {
            list.spotify.get_or_insert(link);
        }
    }

    /// A row that became an entry of a list.
    pub(crate) fn entry(&mut self, tally: &mut Tally, list: usize, wanted: Wanted, added: Option<String>) {
        self.entry_with_id(tally, list, wanted, added, None);
    }

    /// The same of a row that the input has an id of its own for: a path, the number of a track. Things without an
    /// artist are told apart by it.
    pub(crate) fn entry_with_id(
        &mut self,
        tally: &mut Tally,
        list: usize,
        wanted: Wanted,
        added: Option<String>,
        own_id: Option<&str>,
    ) {
        self.count(tally).entries += 1;
        self.last_list = Some(list);
        let wanted = self.place_with_id(wanted, own_id);
        let Some(to) = self.wishlist.playlists.get_mut(list) else { return };
        // Playlists keep their duplicates; a library's own list told by two files does not grow by it.
        if to.kind == PlaylistKind::Playlist || self.own_members.insert((list, wanted)) {
            to.entries.push(PlaylistEntry { wanted, added });
        }
    }

    /// Keeps what another service's id stands for; no id stands for nothing.
    pub(crate) fn remember(&mut self, id: &str, wanted: &Wanted) {
        if !id.is_empty() {
            self.foreign.insert(id.to_owned(), wanted.clone());
        }
    }

    /// What such an id stands for.
    pub(crate) fn recall(&self, id: &str) -> Option<Wanted> {
        self.foreign.get(id).cloned()
    }

    /// Keeps the title of a list whose rows another file of the same input holds; of two, the first.
    pub(crate) fn remember_title(&mut self, key: String, title: &str) {
        self.list_titles.entry(key).or_insert_with(|| title.to_owned());
    }

    /// Titles so kept.
    pub(crate) fn list_titles(&self) -> &BTreeMap<String, String> {
        &self.list_titles
    }

    /// A row that is kept on record.
    pub(crate) fn note(&mut self, tally: &mut Tally, noted: Noted) {
        self.count(tally).noted += 1;
        self.wishlist.noted.push(noted);
    }

    /// Whether a podcast of this name was met.
    pub(crate) fn is_show(&self, name: &str) -> bool {
        !name.is_empty() && self.shows.contains(&fold(name))
    }

    fn place(&mut self, wanted: Wanted) -> usize {
        self.place_with_id(wanted, None)
    }

    /// The place of a thing: that of the same thing met before, whose gaps it fills, or a new one.
    fn place_with_id(&mut self, wanted: Wanted, own_id: Option<&str>) -> usize {
        let name = wanted.name_key();
        if let Some(at) = self.known(&wanted, &name, own_id) {
            if let Some(known) = self.wishlist.wanted.get_mut(at) {
                let (had_link, had_feed) = (known.spotify.is_some(), known.feed.is_some());
                fill_gaps(known, wanted);
                if let Some(link) = known.spotify.as_ref().filter(|_| !had_link) {
                    self.by_link.add(link, at);
                    self.by_name_without_link.remove(&name, at);
                }
                if let Some(feed) = known.feed.as_ref().filter(|_| !had_feed) {
                    self.by_feed.add(&feed_key(feed), at);
                }
            }
            return at;
        }
        let at = self.wishlist.wanted.len();
        if let Some(link) = &wanted.spotify {
            self.by_link.add(link, at);
        }
        if let Some(feed) = &wanted.feed {
            self.by_feed.add(&feed_key(feed), at);
        }
        // A thing known by its link alone shares its (empty) name with every other such thing.
        if !wanted.title.is_empty() || (wanted.spotify.is_none() && wanted.feed.is_none()) {
            self.by_name.add(&name, at);
            self.by_bare_name.add(&bare_name(&wanted), at);
            if wanted.spotify.is_none() {
                self.by_name_without_link.add(&name, at);
            }
        }
        if let Some(id) = own_id.filter(|_| wanted.artists.is_empty()) {
            self.own_ids.insert(at, id.to_owned());
        }
        match wanted.kind {
            WantedKind::Show => _ = self.shows.insert(fold(&wanted.title)),
            WantedKind::Episode => {
                self.shows.extend(wanted.release.as_deref().map(fold));
            }
            _ => {}
        }
        self.wishlist.wanted.push(wanted);
        at
    }

    fn known(&self, wanted: &Wanted, name: &str, own_id: Option<&str>) -> Option<usize> {
        let known = |at: &usize| self.wishlist.wanted.get(*at);
        if let Some(link) = &wanted.spotify {
            let same = |at: &usize| {
                known(at).is_some_and(|w| w.spotify.as_ref() == Some(link) && w.kind == wanted.kind)
            };
            if let Some(at) = self.by_link.candidates(link).find(same) {
                return Some(at);
            }
        }
        if let Some(feed) = &wanted.feed {
            let key = feed_key(feed);
            let same =
                |at: &usize| known(at).is_some_and(|w| w.feed.as_deref().is_some_and(|f| feed_key(f) == key));
            if let Some(at) = self.by_feed.candidates(&key).find(same) {
                return Some(at);
            }
        }
        if wanted.title.is_empty() && (wanted.spotify.is_some() || wanted.feed.is_some()) {
            return None;
        }
        self.same_words(wanted, name, own_id)
    }

    /// The thing of the same words that nothing else tells apart. One without a link comes before one with; words that
    /// fit two with links are neither.
    fn same_words(&self, wanted: &Wanted, name: &str, own_id: Option<&str>) -> Option<usize> {
        let agrees = |at: &usize| {
            self.wishlist.wanted.get(*at).is_some_and(|w| {
                let ids = self.own_ids.get(at).map(String::as_str).zip(own_id);
                w.name_key() == name
                    && (w.spotify.is_none() || wanted.spotify.is_none())
                    && (w.feed.is_none() || wanted.feed.is_none())
                    && !differ(w, wanted)
                    && ids.is_none_or(|(one, other)| one == other)
            })
        };
        if let Some(at) = self.by_name_without_link.candidates(&name).take(MOST_OF_A_NAME).find(agrees) {
            return Some(at);
        }
        if wanted.spotify.is_some() {
            return None;
        }
        let mut linked = self.by_name.candidates(&name).take(MOST_OF_A_NAME).filter(agrees);
        linked.next().filter(|_| linked.next().is_none())
    }
}
