//! Whether what is about to be filed is whole: it is heard as `convert` would hear it. What is cut off or damaged is told
//! of and stays where it was, so that nothing is called had that cannot be played.
//!
//! What was heard is kept, so that matching need not listen to the same again.

use std::collections::HashMap;

use ferrotape_audio::{LISTEN_VERSION, Unreadable, listen};
use ferrotape_domain::{Health, Phase};
use rayon::prelude::*;

use super::staging::{Gathered, Piece};
use super::{FileNews, News};
use crate::scan::without_path;
use crate::{Context, EngineError, locked};

const CUT_OFF: &str = "it is cut off: it ends before it says; get it again";

/// Why a file is not taken for whole, and whether that may pass.
struct NotWhole {
    why: String,
    is_passing: bool,
}

/// Takes the pieces that are not whole out of what is to be filed. What goes along goes along with music only.
pub(super) fn keep_whole(gathered: &mut Gathered, context: &Context) -> Result<(), EngineError> {
    let sounds = gathered.pieces.iter().filter(|piece| piece.sound.is_some()).count();
    if sounds == 0 {
        gathered.pieces.clear();
        return Ok(());
    }
    context.started(Phase::Listen, Some(sounds as u64));
    let heard = std::sync::Mutex::new(HashMap::new());
    let whole = |piece: &Piece| -> Result<(), NotWhole> {
        let Some(sound) = piece.sound.as_ref().filter(|_| !context.cancel.is_stopped()) else {
            return Ok(());
        };
        let listened = listen(&piece.staged.path);
        context.advanced(Phase::Listen, 1, piece.staged.size);
        match listened {
            Ok(one) if one.health == Health::CutShort => {
                Err(NotWhole { why: CUT_OFF.to_owned(), is_passing: false })
            }
            Ok(one) => {
                locked(&heard).insert(sound.content.clone(), one);
                Ok(())
            }
            // What cannot be decoded here yet may be whole.
            Err(Unreadable::NotReadableYet { .. }) => Ok(()),
            // The copy could not be read, which says nothing of the file.
            Err(Unreadable::Io { source, .. }) => {
                Err(NotWhole { why: format!("it could not be listened to: {source}"), is_passing: true })
            }
            Err(unreadable) => {
                let why = format!("{}; get it again", said(&unreadable, piece));
                Err(NotWhole { why, is_passing: false })
            }
        }
    };
    let verdicts: Vec<Result<(), NotWhole>> = gathered.pieces.par_iter().map(whole).collect();
    context.finished(Phase::Listen);
    if context.cancel.is_stopped() {
        return Err(EngineError::Interrupted);
    }
    context.library.record_heard(&locked(&heard), LISTEN_VERSION)?;
    let pieces = std::mem::take(&mut gathered.pieces);
    for (piece, verdict) in pieces.into_iter().zip(verdicts) {
        match verdict {
            Ok(()) => gathered.pieces.push(piece),
            Err(NotWhole { why, is_passing }) => {
                let news = FileNews::of(&piece.path, News::Broken(why));
                gathered.news.push(FileNews { from: piece.from.clone(), is_passing, ..news });
            }
        }
    }
    if gathered.pieces.iter().all(|piece| piece.sound.is_none()) {
        gathered.pieces.clear();
    }
    Ok(())
}

fn said(unreadable: &Unreadable, piece: &Piece) -> String {
    let text = without_path(unreadable, &piece.staged.path);
    text.strip_suffix("; get a sound copy of it").map_or_else(|| text.clone(), str::to_owned)
}
