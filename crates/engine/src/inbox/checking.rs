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

/// Takes the pieces that are not whole out of what is to be filed. What goes along goes along with music only.
pub(super) fn keep_whole(gathered: &mut Gathered, context: &Context) -> Result<(), EngineError> {
    let sounds = gathered.pieces.iter().filter(|piece| piece.sound.is_some()).count();
    context.started(Phase::Listen, Some(sounds as u64));
    let heard = std::sync::Mutex::new(HashMap::new());
    let whole = |piece: &Piece| -> Result<(), String> {
        let Some(sound) = piece.sound.as_ref().filter(|_| !context.cancel.is_stopped()) else {
            return Ok(());
        };
        let listened = listen(&piece.staged.path);
        context.advanced(Phase::Listen, 1, piece.staged.size);
        match listened {
            Ok(one) if one.health == Health::CutShort => Err(CUT_OFF.to_owned()),
            Ok(one) => {
                locked(&heard).insert(sound.content.clone(), one);
                Ok(())
            }
            // What cannot be decoded here yet may be whole.
            Err(Unreadable::NotReadableYet { .. }) => Ok(()),
            Err(unreadable) => Err(format!("{}; get it again", said(&unreadable, piece))),
        }
    };
    let verdicts: Vec<Result<(), String>> = gathered.pieces.par_iter().map(whole).collect();
    context.finished(Phase::Listen);
    if context.cancel.is_stopped() {
        return Err(EngineError::Interrupted);
    }
    context.library.record_heard(&locked(&heard), LISTEN_VERSION)?;
    let pieces = std::mem::take(&mut gathered.pieces);
    for (piece, verdict) in pieces.into_iter().zip(verdicts) {
        match verdict {
            Ok(()) => gathered.pieces.push(piece),
            Err(why) => {
                let news = FileNews::new(piece.path.join("/"), News::Broken(why));
                gathered.news.push(FileNews { from: piece.from.clone(), ..news });
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
