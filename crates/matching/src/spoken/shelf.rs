//! The files that may be spoken word, found by their names.

use ferrotape_domain::{Offer, PRIVATE_FEED, Wanted, WantedKind, feed_key};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::book_and_chapter;
use super::file_titles::{clipped, published, title_key, titles_of};
use super::folders::folders;
use super::headings::{NumberedTitle, main_title, name_key};
use super::mark::{Mark, mark};
use super::namesakes::{Namesakes, Whose, is_of_other_publisher};
use super::own_feeds::OwnFeeds;

/// A file that may be spoken word.
#[derive(Debug)]
pub(super) struct File<'a> {
    pub(super) offer: &'a Offer,
    pub(super) mark: Mark,
    /// [`name_key`] of the album; empty without one.
    pub(super) album: String,
    /// Of the folder, but for those of discs.
    pub(super) folder: String,
    /// Of the folder above that.
    pub(super) above: String,
    /// Of artists and the album's artists.
    pub(super) artists: Vec<String>,
    /// The item of a feed that it came as.
    pub(super) item: Option<FeedItem>,
}

/// An item of a feed, as a file came or is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedItem {
    /// The feed, as it is named on record.
    pub feed: String,
    /// What tells the item from all others of the feed.
    pub name: String,
    /// When it was published, in seconds since 1970 UTC.
    pub at: Option<i64>,
}

/// All files that are marked as spoken word, and those whose names are wanted as spoken word.
#[derive(Debug, Default)]
pub struct Shelf<'a> {
    files: Vec<File<'a>>,
    by_name: FxHashMap<String, Vec<usize>>,
    /// By the title's words, without numbers.
    by_title: FxHashMap<String, Vec<usize>>,
    namesakes: Namesakes,
    own_feeds: OwnFeeds,
    /// Nothing is settled yet: what may be of a podcast is taken for it.
    to_look: bool,
}

impl<'a> Shelf<'a> {
    /// Puts up what may answer `wanted`. The order of `offers` makes no difference.
    pub fn build<'w>(offers: &'a [Offer], wanted: impl Iterator<Item = &'w Wanted>) -> Self {
        let wanted: Vec<&Wanted> = wanted.collect();
        let names = wanted_names(wanted.iter().copied());
        if names.is_empty() {
            return Self::default();
        }
        let mut files: Vec<File<'a>> = offers.par_iter().filter_map(|offer| file_of(offer, &names)).collect();
        files.sort_by(|a, b| {
            let key = |file: &File<'a>| (&file.offer.path, &file.offer.content);
            key(a).cmp(&key(b)).then(a.offer.file_id.cmp(&b.offer.file_id))
        });
        let namesakes = Namesakes::of(wanted.into_iter());
        let mut shelf = Self { files, namesakes, ..Self::default() };
        for (at, file) in shelf.files.iter().enumerate() {
            let mut keys: Vec<String> = file.artists.clone();
            keys.extend([file.album.clone(), file.folder.clone(), file.above.clone()]);
            let album = file.offer.tags.album.as_deref().unwrap_or_default();
            keys.extend([name_key(main_title(album)), title_key(file.offer)]);
            keys.sort_unstable();
            keys.dedup();
            for key in keys.into_iter().filter(|key| !key.is_empty()) {
                shelf.by_name.entry(key).or_default().push(at);
            }
            let titles: FxHashSet<String> = file
                .titles("")
                .into_iter()
                .map(|title| title.words)
                .filter(|words| !words.is_empty())
                .collect();
            for words in titles {
                shelf.by_title.entry(words).or_default().push(at);
            }
        }
        shelf
    }

    /// Whether a podcast with a feed of its own is wanted, so that [`Shelf::with_feeds`] tells more than its name.
    pub fn has_feeds(&self) -> bool {
        !self.namesakes.is_empty()
    }

    /// The same, with podcasts that are wanted as well, though nobody asks about them now: their files are not those of one of
    /// their name.
    #[must_use]
    pub fn with_namesakes<'w>(mut self, wanted: impl Iterator<Item = &'w Wanted>) -> Self {
        self.namesakes.learn_wanted(wanted);
        self
    }

    /// The same, with the feeds that files are of, where `feeds_of` knows them: their addresses, or other names of them.
    #[must_use]
    pub fn with_feeds<F: IntoIterator<Item = String>>(mut self, feeds_of: impl Fn(&Offer) -> F) -> Self {
        for (at, file) in self.files.iter().enumerate() {
            let feeds: Vec<String> = feeds_of(file.offer).into_iter().collect();
            feeds.iter().for_each(|feed| self.own_feeds.learn_file(at, feed));
            self.namesakes.learn(file.offer, feeds);
        }
        self
    }

    /// The same, with the items of feeds that files came as: a feed may list several under one title, day and length.
    #[must_use]
    pub fn with_items(mut self, item_of: impl Fn(&Offer) -> Option<FeedItem>) -> Self {
        for file in &mut self.files {
            file.item = item_of(file.offer);
        }
        self
    }

    /// The same, with the feeds that were taken for wanted podcasts, and for those that episodes are wanted of.
    #[must_use]
    pub fn with_feeds_of_shows<'w>(
        mut self,
        shows: impl IntoIterator<Item = (&'w Wanted, Vec<String>)>,
    ) -> Self {
        for (wanted, feeds) in shows {
            self.own_feeds.learn_show(wanted, feeds);
        }
        self
    }

    /// The same, with feeds that may have been taken for such podcasts once and that what is known speaks against.
    #[must_use]
    pub fn with_doubted_feeds<'w>(
        mut self,
        shows: impl IntoIterator<Item = (&'w Wanted, Vec<String>)>,
    ) -> Self {
        for (wanted, feeds) in shows {
            self.own_feeds.learn_doubt(wanted, feeds);
        }
        self
    }

    /// The same, with podcasts' names as [`name_key`] gives them, and feeds of others of that name, wanted or not.
    #[must_use]
    pub fn with_feeds_of_others(mut self, others: impl IntoIterator<Item = (String, String)>) -> Self {
        for (name, feed) in others {
            self.namesakes.learn_other(name, &feed);
        }
        self
    }

    /// The same, to look at what could be had: what may be of one podcast or of its namesake is of both.
    #[must_use]
    pub fn to_look(self) -> Self {
        Self { to_look: true, ..self }
    }

    /// Whose a file is. Where addresses do not tell, it is known from which feed it came whether that was taken for this very
    /// podcast: where its own feed said that it moved, or the sum of a private one; or for another one alone. A podcast
    /// without a feed of its own, and one alone of its name with one, have what no feed says is another's.
    pub(super) fn whose(&self, file: &File<'_>, show: &Wanted) -> Whose {
        let has_feed =
            |is_so: &dyn Fn(&str) -> bool| self.namesakes.feeds_of(file.offer).any(|feed| is_so(feed));
        match self.namesakes.whose(file.offer, show) {
            Whose::Unknown if has_feed(&|feed| self.own_feeds.has(show, feed)) => Whose::Its,
            Whose::Unknown if has_feed(&|feed| self.own_feeds.is_anothers(show, feed)) => Whose::Anothers,
            Whose::Unknown if self.to_look => Whose::Its,
            Whose::Its if self.is_namesakes(file.offer, show) => Whose::Anothers,
            Whose::Its if self.is_doubted(file, show) => Whose::Unknown,
            whose => whose,
        }
    }

    /// Whether a file came from feeds all of which are doubted for this podcast, so that its name alone speaks for it.
    pub(super) fn is_doubted(&self, file: &File<'_>, show: &Wanted) -> bool {
        let mut feeds = self.namesakes.feeds_of(file.offer).peekable();
        feeds.peek().is_some()
            && feeds.all(|feed| self.own_feeds.is_doubted(show, feed) && !self.own_feeds.has(show, feed))
    }

    /// Whether a file that only its name makes this podcast's came from feeds of another one of the name: all were taken
    /// for others, or this podcast has no feed of its own and their publisher is another. The sum of a private feed may
    /// be that of its own one.
    fn is_namesakes(&self, file: &Offer, show: &Wanted) -> bool {
        let own = show.feed.as_deref().map(feed_key);
        let feeds: Vec<&String> = self.namesakes.feeds_of(file).collect();
        let is_its = |feed: &String| {
            let may_be_own = own.is_some() && feed.starts_with(PRIVATE_FEED);
            may_be_own || own.as_ref() == Some(feed) || self.own_feeds.has(show, feed)
        };
        if feeds.is_empty() || feeds.iter().any(|feed| is_its(feed)) {
            return false;
        }
        feeds.iter().all(|feed| self.own_feeds.is_anothers(show, feed))
            || (own.is_none() && is_of_other_publisher(&file.tags, show))
    }

    /// Whether several podcasts of this episode's are wanted, and nothing tells that the file is of the right one: its tags do
    /// not name the publisher that the episode is wanted of, and the feed is not the only one taken for it.
    pub(super) fn may_be_namesakes(&self, file: &File<'_>, episode: &Wanted) -> bool {
        self.namesakes.are_several(episode)
            && !self.namesakes.names_its_publisher(&file.offer.tags, episode)
            && !(self.own_feeds.are_files_of_one(episode)
                && self.namesakes.feeds_of(file.offer).any(|feed| self.own_feeds.has(episode, feed)))
    }

    /// Whether a file's tags name nobody of those who publish the podcast that the episode is wanted of.
    pub(super) fn names_others(&self, file: &File<'_>, episode: &Wanted) -> bool {
        self.namesakes.names_others(&file.offer.tags, episode)
    }

    /// Whether a file's tags name the publisher that the episode is wanted of.
    pub(super) fn names_publisher(&self, file: &File<'_>, episode: &Wanted) -> bool {
        self.namesakes.names_its_publisher(&file.offer.tags, episode)
    }

    /// The files with this album, folder, artist, or title of a whole book, in path order.
    pub(super) fn named(&self, key: &str) -> impl Iterator<Item = &File<'a>> {
        self.by_name.get(key).into_iter().flatten().filter_map(|at| self.files.get(*at))
    }

    /// The files of the feeds that were taken for this podcast, or for that of this episode, in path order.
    pub(super) fn of_own_feed(&self, wanted: &Wanted) -> impl Iterator<Item = &File<'a>> {
        self.own_feeds.files_of(wanted).into_iter().filter_map(|at| self.files.get(at))
    }

    /// The files whose title has these words, whatever its numbers.
    pub(super) fn titled(&self, words: &str) -> impl Iterator<Item = &File<'a>> {
        self.by_title.get(words).into_iter().flatten().filter_map(|at| self.files.get(*at))
    }
}

impl File<'_> {
    pub(super) fn titles(&self, show: &str) -> Vec<NumberedTitle> {
        titles_of(self.offer, show)
    }

    /// When it was published, as its tags or the beginning of its name say: `YYYY-MM-DD` or shorter.
    pub(super) fn date(&self) -> Option<String> {
        published(self.offer)
    }
}

fn file_of<'a>(offer: &'a Offer, wanted: &FxHashSet<String>) -> Option<File<'a>> {
    let (tags, mark) = (&offer.tags, mark(offer));
    let (folder, above) = folders(&offer.path);
    let key = |text: Option<&String>| text.map(|text| name_key(&clipped(text))).unwrap_or_default();
    let file = File {
        offer,
        mark,
        album: key(tags.album.as_ref()),
        folder: name_key(&folder),
        above: name_key(&above),
        artists: tags.album_artists.iter().chain(&tags.artists).map(|name| name_key(name)).collect(),
        item: None,
    };
    let own = [&file.album, &file.folder, &file.above];
    let is_wanted = || own.into_iter().chain(&file.artists).any(|name| wanted.contains(name));
    let marked = matches!(mark, Mark::Podcast | Mark::Audiobook);
    (marked || is_wanted()).then_some(file)
}

/// What shows, books and authors are wanted by the name of.
fn wanted_names<'w>(wanted: impl Iterator<Item = &'w Wanted>) -> FxHashSet<String> {
    let mut names = FxHashSet::default();
    for wanted in wanted {
        let name = match wanted.kind {
            WantedKind::Episode => wanted.release.as_deref().unwrap_or(&wanted.title),
            WantedKind::Show => &wanted.title,
            WantedKind::Audiobook => book_and_chapter(wanted).0,
            _ => continue,
        };
        names.extend([name_key(name), name_key(main_title(name))]);
    }
    names.remove("");
    names
}
