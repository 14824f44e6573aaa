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
    let vain = match request.again {
        true => HashSet::new(),
        false => context.library.asked_in_vain(name, context.now.saturating_sub(AGAIN_S))?,
    };
    let mut cannot = Cannot::default();
    let mut open = albums(matching, &mut cannot, context)?;
    // A picture that is not there any more is asked for again.
    open.retain_mut(|facts| {
        facts.retain(|fact| !vain.contains(&fact.value()));
        !facts.is_empty() && (request.again || !facts.iter().any(|fact| place(&folder, fact).is_file()))
    });
    let mut asked =
        ServiceAsked { cannot: cannot.0, ..ServiceAsked::new(name, Question::Covers, open.len()) };
    open.truncate(request.most);
    let mut patience = Patience::default();
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

/// What came of asking for one album.
enum Said {
    /// Whether there is a picture, and it is kept.
    Picture(bool),
    /// Why one could not be asked for, or not be used.
    Trouble(String, Fault),
    /// The user stopped it.
    Stopped,
}

/// Asks by each of these until one has a picture.
fn ask_of(
    archive: &dyn CoverArchive,
    facts: &[Fact],
    folder: &Path,
    context: &Context,
) -> Result<Said, EngineError> {
    for fact in facts {
        if context.cancel.is_stopped() {
            return Ok(Said::Stopped);
        }
        let picture = match archive.front_cover(fact, context.cancel) {
            Ok(picture) => picture,
            Err(fault) => return Ok(Said::Trouble(fact.value(), fault)),
        };
        if let Some(bytes) = &picture
            && let Err(why) = keep_picture(&place(folder, fact), bytes)
        {
            let (source, kind) = (archive.name().to_owned(), FaultKind::Permanent);
            return Ok(Said::Trouble(fact.value(), Fault { source, kind, reason: why.to_string() }));
        }
        let noted = context.library.note_asked(archive.name(), &fact.value(), picture.is_some(), context.now);
        if matches!(noted, Err(StoreError::NotAsked { .. })) {
            // Its pictures were forgotten already.
            let _ = fs::remove_file(place(folder, fact));
        }
        noted?;
        if picture.is_some() {
            return Ok(Said::Picture(true));
        }
    }
    Ok(Said::Picture(false))
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
