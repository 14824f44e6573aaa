//! Pictures of what was fetched and has none of its own, where its place has one beside the audio: an episode's, else its
//! feed's.
//!
//! A picture is fetched once and kept in a folder beside the files that it is of, under the place's name for it. Each of
//! these files has a link to it that is called as the file is; by that `convert` finds it. No file waits for its picture:
//! where that could not be asked for, the next run does, and where there is none that can be used, one after a month. In one
//! run each is asked for once, whatever comes of it, and so is a feed that cannot be had.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use ferrotape_domain::{Cancel, ContentId, FaultKind, Offer, Origins, Pictures, Provenance};
use ferrotape_store::StoreError;

use super::Elsewhere;
use crate::lookup::{keep_picture, not_kept};
use crate::{Context, EngineError};

/// The folder, beside the files.
const FOLDER: &str = "pictures";
/// What has no picture is asked again after so long, in seconds.
const AGAIN_S: i64 = 30 * 24 * 3_600;
/// Feeds and pictures that are asked for in one run; the next one goes on.
const MOST: usize = 300;
/// So many pictures of a feed that could not be asked for are enough: most likely all of them lie with one host, and it rests.
const MOST_TROUBLES: usize = 3;

/// A fetched file without a picture.
struct Bare {
    path: PathBuf,
    content: ContentId,
    offer_id: String,
    /// What names its feed, or itself where it is of none.
    feed: String,
}

/// Where the picture of a fetched file is, if it has one.
pub(crate) fn own_picture(file: &Path) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".jpg");
    folder_beside(file).join(name)
}

fn folder_beside(file: &Path) -> PathBuf {
    file.parent().unwrap_or(Path::new("")).join(FOLDER)
}

/// Fetches the pictures of all files in the collection that have none and may have one.
pub(super) fn fetch_all(elsewhere: &Elsewhere, context: &Context) -> Result<(), EngineError> {
    for place in elsewhere.catalogues {
        let Some(pictures) = place.pictures() else { continue };
        let mut round = Round::new(pictures, place.name(), context.cancel);
        for file in bare_files(place.name(), elsewhere, context)? {
            if context.cancel.is_stopped() {
                return Err(EngineError::Interrupted);
            }
            let has_one = match round.bring(&file) {
                Came::Picture => true,
                Came::Nothing => false,
                Came::Later => continue,
            };
            match context.library.note_asked(place.name(), &subject(&file.content), has_one, context.now) {
                // It was taken out meanwhile.
                Ok(()) | Err(StoreError::NotAsked { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(())
}

/// What the library calls the question.
fn subject(content: &ContentId) -> String {
    format!("picture:{}", content.0)
}

fn bare_files(place: &str, elsewhere: &Elsewhere, context: &Context) -> Result<Vec<Bare>, EngineError> {
    let all = context.library.provenance()?;
    if !all.iter().any(|origin| origin.source == place) {
        return Ok(Vec::new());
    }
    let names = |origin: Provenance| {
        let feed = origin.feed().unwrap_or(&origin.remote_id).to_owned();
        let is_its = origin.source == place;
        (origin.content, origin.file_name, is_its.then_some((origin.remote_id, feed)))
    };
    let ids: Origins<Option<(String, String)>> = all.into_iter().map(names).collect();
    let vain = context.library.asked_in_vain(place, context.now.saturating_sub(AGAIN_S))?;
    let bare = |offer: Offer| {
        let is_bare = offer.part.is_none() && offer.cover.is_empty() && !own_picture(&offer.path).is_file();
        let may_have_one = is_bare && !vain.contains(&subject(&offer.content));
        let (offer_id, feed) = ids.of(&offer.content, &offer.path).filter(|_| may_have_one)?.clone()?;
        Some(Bare { path: offer.path, content: offer.content, offer_id, feed })
    };
    let files = context.library.offers(&[elsewhere.collection.root()])?;
    Ok(files.into_iter().filter_map(bare).collect())
}

/// What came of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Came {
    /// It has its picture.
    Picture,
    /// There is none that can be used.
    Nothing,
    /// The next run asks.
    Later,
}

/// The questions of one run to one place. Many files share a feed and a picture: what could not be had once is not asked
/// for by each of them.
struct Round<'a> {
    pictures: &'a dyn Pictures,
    place: &'a str,
    cancel: &'a Cancel,
    /// Questions that are left. What needs none is not counted, so files that are passed over keep back no other.
    left: usize,
    /// How often there was trouble with each feed that was asked.
    troubles: HashMap<String, usize>,
    /// What came of pictures that could not be had, by name.
    failed: HashMap<String, Came>,
}

impl<'a> Round<'a> {
    fn new(pictures: &'a dyn Pictures, place: &'a str, cancel: &'a Cancel) -> Self {
        Self { pictures, place, cancel, left: MOST, troubles: HashMap::new(), failed: HashMap::new() }
    }

    /// Puts a file's picture in its place.
    fn bring(&mut self, file: &Bare) -> Came {
        let is_known = self.troubles.contains_key(&file.feed);
        if !is_known && !self.may_ask() {
            return Came::Later;
        }
        let troubles = self.troubles.entry(file.feed.clone()).or_default();
        if *troubles >= MOST_TROUBLES {
            return Came::Later;
        }
        let name = match self.pictures.picture_name(&file.offer_id, self.cancel) {
            Ok(Some(name)) => name,
            Ok(None) => return Came::Nothing,
            Err(_) => {
                *troubles = MOST_TROUBLES;
                return Came::Later;
            }
        };
        let kept = folder_beside(&file.path).join(format!("{name}.jpg"));
        if !kept.is_file() {
            let came = self.fetch(file, &name, &kept);
            if came != Came::Picture {
                return came;
            }
        }
        if link(&kept, &own_picture(&file.path)).is_ok() { Came::Picture } else { Came::Later }
    }

    /// Fetches a picture, unless that failed before.
    fn fetch(&mut self, file: &Bare, name: &str, kept: &Path) -> Came {
        if let Some(came) = self.failed.get(name) {
            return *came;
        }
        if !self.may_ask() {
            return Came::Later;
        }
        let bytes = self.pictures.picture(&file.offer_id, self.cancel);
        let done =
            bytes.and_then(|bytes| keep_picture(kept, &bytes).map_err(|error| not_kept(self.place, &error)));
        let came = match done {
            Ok(()) => return Came::Picture,
            Err(fault) if fault.kind == FaultKind::Permanent => Came::Nothing,
            Err(_) => {
                *self.troubles.entry(file.feed.clone()).or_default() += 1;
                Came::Later
            }
        };
        self.failed.insert(name.to_owned(), came);
        came
    }

    fn may_ask(&mut self) -> bool {
        let may = self.left > 0;
        self.left = self.left.saturating_sub(1);
        may
    }
}

fn link(kept: &Path, own: &Path) -> io::Result<()> {
    if fs::hard_link(kept, own).is_ok() {
        return Ok(());
    }
    // Sticks and shares often know no links.
    let beside = own.with_extension("part");
    let done = fs::copy(kept, &beside).and_then(|_| fs::rename(&beside, own));
    if done.is_err() {
        drop(fs::remove_file(&beside));
    }
    done
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use ferrotape_domain::Fault;

    use super::*;

    /// Each feed has one picture of its own, or as its name says.
    #[derive(Default)]
    struct Place {
        asked: Mutex<Vec<String>>,
    }

    impl Place {
        fn asked(&self, what: &str) -> usize {
            self.asked.lock().unwrap().iter().filter(|asked| asked.starts_with(what)).count()
        }

        fn ask(&self, what: &str, offer_id: &str) -> String {
            self.asked.lock().unwrap().push(format!("{what} {offer_id}"));
            offer_id.split(' ').next().unwrap().to_owned()
        }
    }

    fn fault(kind: FaultKind) -> Fault {
        Fault { source: "place".to_owned(), kind, reason: "as made up".to_owned() }
    }

    impl Pictures for Place {
        fn picture_name(&self, offer_id: &str, _: &Cancel) -> Result<Option<String>, Fault> {
            match self.ask("name", offer_id) {
                feed if feed.starts_with("refused") => Err(fault(FaultKind::NeedsUser)),
                feed if feed.starts_with("each") => Ok(Some(offer_id.replace(' ', "-"))),
                feed => Ok(Some(feed)),
            }
        }

        fn picture(&self, offer_id: &str, _: &Cancel) -> Result<Vec<u8>, Fault> {
            match self.ask("picture", offer_id) {
                feed if feed.contains("down") => {
                    Err(fault(FaultKind::Temporary { retry_after_seconds: None }))
                }
                _ => Ok(b"<html>no picture</html>".to_vec()),
            }
        }
    }

    fn bare(folder: &Path, feed: &str, number: usize) -> Bare {
        let (path, content) = (folder.join(format!("{feed} {number}.mp3")), ContentId(number.to_string()));
        Bare { path, content, offer_id: format!("{feed} {number}"), feed: feed.to_owned() }
    }

    #[test]
    fn what_could_not_be_had_is_asked_for_once_and_keeps_back_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let (place, cancel) = (Place::default(), Cancel::default());
        let mut round = Round::new(&place, "place", &cancel);
        let table = [
            ("refused", Came::Later, (1, 0)),
            ("bad", Came::Nothing, (MOST, 1)),
            ("down", Came::Later, (MOST, 1)),
            ("each-down", Came::Later, (MOST_TROUBLES, MOST_TROUBLES)),
        ];
        for (feed, came, (names, pictures)) in table {
            for number in 0..MOST {
                assert_eq!(round.bring(&bare(folder.path(), feed, number)), came, "{feed} {number}");
            }
            let asked = (place.asked(&format!("name {feed} ")), place.asked(&format!("picture {feed} ")));
            assert_eq!(asked, (names, pictures), "{feed}");
        }
        assert_eq!(round.bring(&bare(folder.path(), "behind", 1)), Came::Nothing, "it is asked for");
    }

    #[test]
    fn no_more_is_asked_in_one_run_than_that() {
        let folder = tempfile::tempdir().unwrap();
        let (place, cancel) = (Place::default(), Cancel::default());
        let mut round = Round::new(&place, "place", &cancel);
        for number in 0..2 * MOST {
            let came = round.bring(&bare(folder.path(), "each-bad", number));
            // One question was for the feed.
            let expected = if number < MOST - 1 { Came::Nothing } else { Came::Later };
            assert_eq!(came, expected, "{number}");
        }
        assert_eq!(place.asked("picture"), MOST - 1);
    }

    #[test]
    fn a_file_and_its_picture_are_called_alike() {
        let picture = own_picture(Path::new("podcasts/Low Tide/v1.2 [0123abcd].mp3"));
        assert_eq!(picture, Path::new("podcasts/Low Tide/pictures/v1.2 [0123abcd].mp3.jpg"));
    }

    #[test]
    fn a_picture_is_linked_in_place_of_none() {
        let folder = tempfile::tempdir().unwrap();
        let (kept, own) = (folder.path().join("kept.jpg"), folder.path().join("own.jpg"));
        fs::write(&kept, b"picture").unwrap();
        for _ in 0..2 {
            link(&kept, &own).unwrap();
            assert_eq!(fs::read(&own).unwrap(), b"picture");
        }
    }

    #[test]
    fn a_picture_that_cannot_be_put_in_place_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let (kept, own) = (folder.path().join("kept.jpg"), folder.path().join("x.mp3.jpg"));
        fs::write(&kept, b"picture").unwrap();
        fs::create_dir(&own).unwrap();
        link(&kept, &own).unwrap_err();
        assert!(!folder.path().join("x.mp3.part").exists());
        assert_eq!(fs::read(&kept).unwrap(), b"picture");
    }
}
