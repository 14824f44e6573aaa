//! The answers of a connected account, part by part.
//!
//! Each part has an account of its rows like a file of an input. A part that could not be had is told and leaves no
//! list behind: an empty one would look as if the user had emptied it.

use ferrotape_domain::{AccountAnswer, AccountPart, Wishlist};

use crate::Limits;
use crate::collector::Collector;
use crate::json::read_part;
use crate::text::shown;

const FORMAT: &str = "Spotify account (Web API)";

/// Reads what an account answered.
pub fn read_account(answers: &[AccountAnswer], limits: &Limits) -> Wishlist {
    let mut collector = Collector::new(limits.problems_per_file);
    for answer in answers {
        let mut tally = collector.open(&place(&answer.part), FORMAT);
        match &answer.rows {
            Ok(text) => read_part(&answer.part, text, limits, &mut tally, &mut collector),
            Err(reason) => collector.remark(&mut tally, None, reason.clone()),
        }
        collector.close(tally);
    }
    collector.finish()
}

/// How messages name a part.
fn place(part: &AccountPart) -> String {
    let name = match part {
        AccountPart::Tracks => "saved tracks",
        AccountPart::Albums => "saved albums",
        AccountPart::Episodes => "saved episodes",
        AccountPart::Shows => "saved podcasts",
        AccountPart::Audiobooks => "saved audiobooks",
        AccountPart::Artists => "followed artists",
        AccountPart::Playlists => "playlists",
        AccountPart::Playlist { name, link } if name.trim().is_empty() => {
            return format!("Spotify account/playlist {}", shown(link));
        }
        AccountPart::Playlist { name, .. } => return format!("Spotify account/playlist “{}”", shown(name)),
    };
    format!("Spotify account/{name}")
}
