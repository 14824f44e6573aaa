//! Pictures of albums whose files have none and lie beside none. They are files in the library's folder, named by
//! what they are of; `convert` takes them as it takes a picture in the file's own folder.

use std::collections::HashSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use ferrotape_audio::{CoverRules, cover_for, folder_picture};
use ferrotape_domain::{CoverArchive, Fact, Fault, FaultKind, Offer, Phase, WantedKind};
use ferrotape_store::StoreError;

use super::releases::Releases;
use super::{AGAIN_S, Cannot, LookupRequest, Patience, Question, ServiceAsked};
use crate::convert::{CoverSource, READY_COVERS as READY, stamped_picture};
use crate::matching::{Answer, Matching};
use crate::{Context, EngineError};

/// Folder below the library's.
const FOLDER: &str = "pictures";
/// A release whose answer could not be used is asked for again after so long, in seconds: it may be mended there.
const UNUSABLE_S: i64 = 7 * 24 * 3600;
/// More than elsewhere, for it is the matter of one release as a rule: its item is shut, or its picture is none. All of
/// them are noted, so the next run begins behind them.
const UNUSABLE_IN_A_ROW: usize = 20;

pub(super) fn ask(
    archive: &dyn CoverArchive,
    matching: &Matching,
    request: &LookupRequest,
    context: &Context,
) -> Result<ServiceAsked, EngineError> {
    let name = archive.name();
    let Some(folder) = context.library.folder().map(|folder| folder.join(FOLDER)) else {
        return Ok(ServiceAsked::new(name, Question::Covers, 0));
    };
    let vain = Vain::load(name, request, context)?;
    let mut cannot = Cannot::default();
    let mut open = albums(matching, &mut cannot, context)?;
    // A picture that is not there any more is asked for again.
    open.retain_mut(|facts| {
        facts.retain(|fact| !vain.holds(fact));
        !facts.is_empty() && (request.again || !facts.iter().any(|fact| place(&folder, fact).is_file()))
    });
    let mut asked =
        ServiceAsked { cannot: cannot.0, ..ServiceAsked::new(name, Question::Covers, open.len()) };
    open.truncate(request.most);
    let mut patience = Patience::of(UNUSABLE_IN_A_ROW);
    context.started(Phase::Ask, Some(open.len() as u64));
    for facts in &open {
        match ask_of(archive, facts, &folder, context)? {
            Said::Stopped => break,
            Said::Picture(has_one) => {
                patience.well();
                asked.answered(has_one, context);
            }
            Said::Trouble(of, fault) => {
                if !patience.goes_on(&mut asked, of, fault) {
                    break;
                }
            }
        }
    }
    context.finished(Phase::Ask);
    Ok(asked)
}

/// What need not be asked for.
#[derive(Default)]
struct Vain {
    none: HashSet<String>,
    unusable: HashSet<String>,
}

impl Vain {
    fn load(service: &str, request: &LookupRequest, context: &Context) -> Result<Self, EngineError> {
        if request.again {
            return Ok(Self::default());
        }
        let since = |seconds| context.library.asked_in_vain(service, context.now.saturating_sub(seconds));
        Ok(Self { none: since(AGAIN_S)?, unusable: since(UNUSABLE_S)? })
    }

    fn holds(&self, fact: &Fact) -> bool {
        self.none.contains(&fact.value()) || self.unusable.contains(&unusable(fact))
    }
}

/// What the library calls an answer that could not be used; it says less than that there is none.
fn unusable(fact: &Fact) -> String {
    format!("unusable:{}", fact.value())
}

/// What came of asking for one album.
enum Said {
    /// Whether there is a picture, and it is kept.
    Picture(bool),
    /// Why one could not be asked for, or not be used.
    Trouble(String, Fault),
    /// The user stopped it.
    Stopped,
}

/// Asks by each of these until one has a picture. One whose answer cannot be used is noted, lest the next run begins with it.
fn ask_of(
    archive: &dyn CoverArchive,
    facts: &[Fact],
    folder: &Path,
    context: &Context,
) -> Result<Said, EngineError> {
    let mut trouble = None;
    for fact in facts {
        if context.cancel.is_stopped() {
            return Ok(Said::Stopped);
        }
        let has_one = match bring(archive, fact, folder, context) {
            Ok(has_one) => has_one,
            Err(fault) if fault.kind == FaultKind::Permanent => {
                context.library.note_asked(archive.name(), &unusable(fact), false, context.now)?;
                trouble = trouble.or(Some(Said::Trouble(fact.value(), fault)));
                continue;
            }
            Err(fault) => return Ok(Said::Trouble(fact.value(), fault)),
        };
        let noted = context.library.note_asked(archive.name(), &fact.value(), has_one, context.now);
        if matches!(noted, Err(StoreError::NotAsked { .. })) {
            // Its pictures were forgotten already.
            let _ = fs::remove_file(place(folder, fact));
        }
        noted?;
        if has_one {
            return Ok(Said::Picture(true));
        }
    }
    Ok(trouble.unwrap_or(Said::Picture(false)))
}

/// Puts the picture in its place; whether there is one.
fn bring(archive: &dyn CoverArchive, fact: &Fact, folder: &Path, context: &Context) -> Result<bool, Fault> {
    let Some(bytes) = archive.front_cover(fact, context.cancel)? else { return Ok(false) };
    let kept = keep_picture(&place(folder, fact), &bytes);
    kept.map(|()| true).map_err(|error| not_kept(archive.name(), &error))
}

/// What each album without a picture can be looked up by, each album once.
fn albums(
    matching: &Matching,
    cannot: &mut Cannot,
    context: &Context,
) -> Result<Vec<Vec<Fact>>, EngineError> {
    let releases = Releases::load(context)?;
    let (mut albums, mut seen, mut pictured) = (Vec::new(), HashSet::new(), PicturedFolders::default());
    let mut unknown = HashSet::new();
    for one in &matching.matched {
        let files: Vec<i64> = match &one.answer {
            Answer::File(found) => vec![found.file_id],
            Answer::Files(files, _) => files.clone(),
            _ => continue,
        };
        if !matches!(one.wanted.wanted.kind, WantedKind::Recording | WantedKind::Release) {
            continue;
        }
        for offer in files.into_iter().filter_map(|id| matching.offer(id)) {
            if !offer.cover.is_empty() || pictured.has(offer) {
                continue;
            }
            let facts = releases.of(offer, one.wanted.id, &one.wanted.wanted);
            if facts.is_empty() {
                unknown.insert((offer.path.parent(), &offer.tags.album));
            } else if seen.insert(facts.clone()) {
                albums.push(facts);
            }
        }
    }
    if !unknown.is_empty() {
        cannot.0.insert("release id of MusicBrainz", unknown.len() as u64);
    }
    Ok(albums)
}

/// Which folders hold a picture, each looked into once.
#[derive(Default)]
struct PicturedFolders(std::collections::HashMap<PathBuf, bool>);

impl PicturedFolders {
    fn has(&mut self, offer: &Offer) -> bool {
        let Some(folder) = offer.path.parent() else { return false };
        *self.0.entry(folder.to_owned()).or_insert_with(|| folder_picture(folder).is_some())
    }
}

fn place(folder: &Path, fact: &Fact) -> PathBuf {
    folder.join(format!("{}.jpg", fact.value()))
}

/// Keeps a picture at `to`, whole or not at all, and only if it can be opened.
pub(crate) fn keep_picture(to: &Path, bytes: &[u8]) -> io::Result<()> {
    // The same again would only make finished tracks anew.
    if fs::read(to).is_ok_and(|known| known == bytes) {
        return Ok(());
    }
    fs::create_dir_all(to.parent().unwrap_or(Path::new("")))?;
    let beside = to.with_extension("part");
    let kept = fs::File::create(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        match cover_for(&beside, Some(&beside), &CoverRules::default()) {
            Ok(Some(_)) => fs::rename(&beside, to),
            Ok(None) => Err(io::Error::other("there is no picture in it")),
            Err(problem) => Err(io::Error::other(problem.to_string())),
        }
    });
    if kept.is_err() {
        let _ = fs::remove_file(&beside);
    }
    kept
}

/// Why a picture of this service could not be kept.
pub(crate) fn not_kept(service: &str, error: &io::Error) -> Fault {
    // What is no picture is none tomorrow; a full disk has room again.
    let kind = match error.kind() {
        io::ErrorKind::Other => FaultKind::Permanent,
        _ => FaultKind::Temporary { retry_after_seconds: None },
    };
    Fault { source: service.to_owned(), kind, reason: error.to_string() }
}

/// The picture of an album that was looked up.
pub(crate) fn picture_of(facts: &[Fact], context: &Context) -> CoverSource {
    let Some(folder) = context.library.folder().map(|folder| folder.join(FOLDER)) else {
        return CoverSource::None;
    };
    let pictures = facts.iter().map(|fact| stamped_picture(place(&folder, fact)));
    pictures.into_iter().find(|picture| *picture != CoverSource::None).unwrap_or(CoverSource::None)
}

/// Removes all pictures that were looked up; how many. What was made ready for players goes, too: whose pictures these
/// were is not kept, and the others are made again.
pub fn forget_pictures(library: &Path) -> io::Result<usize> {
    remove_pictures(&library.join(READY))?;
    remove_pictures(&library.join(FOLDER))
}

fn remove_pictures(folder: &Path) -> io::Result<usize> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(error),
    };
    let mut gone = 0;
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "jpg" || ending == "part") {
            fs::remove_file(path)?;
            gone += 1;
        }
    }
    Ok(gone)
}
