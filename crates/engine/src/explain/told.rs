//! What is said of an explained thing beside its answer: why nothing is near, that its file is gone, what to do next.

use ferrotape_domain::{Verdict, WantedKind};

use super::Explained;
use crate::matching::Answer;

impl Explained {
    /// That the answer, or some of it, is not there now.
    pub fn says_gone(&self) -> Option<String> {
        let first = self.gone.first()?.display();
        match (&self.answer, self.gone.len()) {
            (Answer::File(_), _) => Some(format!("its file is not there now: {first}")),
            (Answer::Files(..), 1) => Some(format!("one of its files is not there now: {first}")),
            (Answer::Files(..), several) => {
                Some(format!("{several} of its files are not there now, the first of them {first}"))
            }
            _ => None,
        }
    }

    /// Why no file is shown as near, where none is.
    pub fn nothing_near(&self) -> String {
        let wanted = &self.wanted.wanted;
        let refused = match self.decision.as_ref().map(|decision| &decision.verdict) {
            Some(Verdict::NoneOfThese { refused, .. }) => refused.len(),
            _ => 0,
        };
        match (&self.answer, wanted.kind) {
            (Answer::NotYet(_), _) => "none: there is nothing that could be looked for".to_owned(),
            _ if self.broken.is_some() => "no other".to_owned(),
            _ if wanted.title.is_empty() && wanted.kind == WantedKind::LocalFile => {
                "none: its entry has no title, and files are found by names".to_owned()
            }
            _ if wanted.title.is_empty() => {
                "none: only its link is known, and files are found by names".to_owned()
            }
            _ if refused > 0 => "none beside what you refused".to_owned(),
            (Answer::Files(files, _), _) => format!("none beside its {} files", files.len()),
            (_, WantedKind::Release) => {
                "albums are looked for as a whole, by their name and artist, not by near files".to_owned()
            }
            _ => "none: no file shares enough of its title and artist".to_owned(),
        }
    }

    /// What the user may do next.
    pub fn next(&self) -> String {
        let id = self.wanted.id;
        if self.says_gone().is_some() {
            let or = if self.decision.is_some() {
                format!(", or take back what you said with `ferrotape review --undo {id}`")
            } else {
                String::new()
            };
            return format!(
                "put it back, or look again with `ferrotape scan`: where you moved it to, or another copy of it, is found then, \
                 else it is missing{or}; what is on a player stays there"
            );
        }
        match (&self.answer, &self.decision) {
            (Answer::NotYet(_), _) => "nothing can be done about it yet".to_owned(),
            (Answer::Review(..), _) => {
                format!(
                    "decide: `ferrotape review --pick {id}=K`, `--none {id}`, `--leave-out {id}` or `--file {id}=PATH`"
                )
            }
            (_, Some(_)) => format!("if you think otherwise now: `ferrotape review --undo {id}`"),
            (Answer::File(_) | Answer::Files(..), None) => {
                let first = match self.not_come.is_empty() {
                    true => "nothing",
                    false => "see to what the last run says, and run `ferrotape convert` again",
                };
                format!("{first}; if it is wrong: `ferrotape review --none {id}` or `--file {id}=PATH`")
            }
            (Answer::None(_), None) if self.broken.is_some() => {
                "get another copy of it and scan its folder, or mend the file and scan again".to_owned()
            }
            (Answer::None(_), None) if !self.on_player.is_empty() => format!(
                "nothing: what is on a player stays there; to have it elsewhere, too, get it and scan its folder, or name a \
                 file: `ferrotape review --file {id}=PATH`"
            ),
            (Answer::None(_), None) if self.wanted.wanted.kind == WantedKind::LocalFile => {
                format!(
                    "scan the folder where it lies, or name its file: `ferrotape review --file {id}=PATH`"
                )
            }
            (Answer::None(_) | Answer::LeftOut(_), None) => {
                format!("get it and scan its folder, or name a file: `ferrotape review --file {id}=PATH`")
            }
        }
    }
}
