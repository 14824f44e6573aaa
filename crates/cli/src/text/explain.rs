//! Why a recording was matched or not, as text.

use ferrotape_domain::{Fact, KnownBy, Match, Verdict};
use ferrotape_engine::explain::{Considered, Explained, NearFile};
use ferrotape_engine::matching::Answer;
use ferrotape_engine::policies::{InForce, says};
use ferrotape_engine::store::{Listening, StoredFact, StoredWanted};

use super::case::minutes;
use super::sure;
use crate::output::{counted, day, line, plain};

pub(crate) fn explained(explained: &Explained) {
    line(&format!("{:>5}  {}", explained.wanted.id, plain(&explained.wanted.wanted.label())));
    line(&format!("wanted      {}", plain(&description(&explained.wanted))));
    let answer = match (&explained.answer, &explained.broken, explained.says_gone()) {
        (Answer::None(why), Some(_), _) => why.clone(),
        (Answer::File(_), _, Some(gone)) => format!("found by the last scan, but {gone}"),
        (other, _, Some(gone)) => format!("{} – but {gone}", answer(other)),
        (other, _, None) => answer(other),
    };
    line(&format!("answer      {}", plain(&answer)));
    line(&format!(
        "taken from  {:.2}, and {:.2} above the next different recording",
        explained.floor, explained.margin
    ));
    listening(&explained.listening);
    super::library::descriptions(&explained.descriptions);
    explained.known.iter().for_each(known);
    policy(&explained.policy);
    if let Some(decision) = &explained.decision {
        let said = match &decision.verdict {
            Verdict::UseFile { path, .. } => format!("it is {path}"),
            Verdict::NoneOfThese { refused, .. } => format!("none of {} files you were shown", refused.len()),
            Verdict::LeaveOut => "leave it out, and never ask again".to_owned(),
        };
        line(&format!("you said    {} ({})", plain(&said), day(decision.decided_at)));
    }
    if explained.near.is_empty() {
        line(&format!("near files  {}", explained.nothing_near()));
    } else {
        line("near files");
    }
    for (at, near) in explained.near.iter().enumerate() {
        file(at + 1, near);
    }
    if explained.more > 0 {
        line(&format!("     … and {} more, less likely ones", explained.more));
    }
    for last in &explained.not_come {
        line(&plain(&format!("last run    on {} to {}: {}", day(last.at), last.target, last.says)));
    }
    for lies in &explained.on_player {
        line(&plain(&format!("on player   {}: {} (run of {})", lies.target, lies.path, day(lies.at))));
    }
    line(&format!("next        {}", explained.next()));
    for allowing in &explained.would_do {
        line(&format!("            or let another version stand in: {allowing}"));
    }
}

fn known(known: &StoredFact) {
    let what = match &known.fact {
        Fact::Recording(mbid) => format!("the recording {mbid}"),
        Fact::Release(mbid) => format!("the release {mbid}"),
        Fact::ReleaseGroup(mbid) => format!("the release group {mbid}"),
        Fact::Isrc(isrc) => format!("ISRC {isrc}"),
        Fact::Length(length) => format!("{} long", minutes(length.as_secs())),
        Fact::DeezerTrack(number) => format!("its track {number}"),
    };
    let by = match known.known_by {
        KnownBy::Link => "its link or id",
        KnownBy::Isrc => "its ISRC",
        KnownBy::Names => "its names alone, so it proves nothing",
    };
    line(&plain(&format!("known       {} says {what} (by {by})", known.service)));
}

fn listening(heard: &Listening) {
    if heard.plays == 0 {
        return;
    }
    let mut parts = vec![counted(heard.plays, "time", "times")];
    parts.extend((heard.played_ms > 0).then(|| format!("{:.1} h", heard.played_ms as f64 / 3_600_000.0)));
    parts.extend(heard.first.map(|first| format!("first on {}", day(first))));
    parts.extend(
        heard.last.filter(|last| Some(*last) != heard.first).map(|last| format!("last on {}", day(last))),
    );
    line(&format!("listened    {}", parts.join(", ")));
}

fn description(stored: &StoredWanted) -> String {
    let wanted = &stored.wanted;
    let mut parts = vec![wanted.kind.as_str().replace('_', " ")];
    parts.extend(wanted.release.as_ref().map(|album| format!("album {album}")));
    parts.extend(wanted.disc_number.map(|number| format!("disc {number}")));
    parts.extend(wanted.track_number.map(|number| format!("track {number}")));
    parts.extend(wanted.duration.map(|time| minutes(time.as_secs())));
    parts.extend(wanted.released.clone());
    parts.extend(wanted.isrc.as_ref().map(|isrc| format!("ISRC {isrc}")));
    parts.extend(wanted.recording_mbid.as_ref().map(|mbid| format!("MusicBrainz {mbid}")));
    parts.extend(wanted.spotify.as_ref().map(|uri| uri.web_address()));
    parts.join(" · ")
}

fn answer(answer: &Answer) -> String {
    match answer {
        Answer::File(found) => match &found.substitute {
            Some(what) => format!("found – something that stands in: {what}"),
            None => "found".to_owned(),
        },
        Answer::Files(files, why) => {
            format!("found, {} – {why}", counted(files.len() as u64, "file", "files"))
        }
        Answer::Review(_, why) => format!("needs your review – {why}"),
        Answer::None(why) => format!("not in your sources – {why}"),
        Answer::LeftOut(why) => why.clone(),
        Answer::NotYet(what) => format!("nothing that can be filled yet – {what}"),
    }
}

fn policy(policy: &InForce) {
    line(&format!("may be      {}", says(policy.allowed)));
    if policy.is_strictest_of_several() {
        line("            it is on lists that allow different things, and the strictest holds:");
        for (list, allowed) in &policy.lists {
            line(&format!("            {}: {}", plain(list), says(*allowed)));
        }
    }
}

fn file(number: usize, near: &NearFile) {
    let mark = if near.is_answer { " ← taken" } else { "" };
    line(&format!("{number:>4}. {} sure  {}{mark}", sure(near.found.score), plain(&near.offer.place())));
    points(&near.found);
    if let Some(rejected) = &near.rejected {
        line(&format!("            never without asking: {}", plain(rejected)));
    }
}

fn points(found: &Match) {
    for evidence in &found.evidence {
        line(&format!("          {:>+5.1}  {}", evidence.weight, plain(&evidence.says)));
    }
}

/// A text that several things fit.
pub(crate) fn meant(several: &[StoredWanted], more: usize) {
    line("Several things are called so; name one by its number:");
    for one in several {
        let album = one.wanted.release.as_deref().map(|album| format!(" · {album}")).unwrap_or_default();
        line(&format!("{:>5}  {}", one.id, plain(&format!("{}{album}", one.wanted.label()))));
    }
    if more > 0 {
        line(&format!("       … and {more} more; give more words"));
    }
}

/// What a file was considered for.
pub(crate) fn considered(considered: &Considered) {
    line(&plain(&considered.offer.place()));
    let tags = &considered.offer.tags;
    let named = [
        tags.artists.join(", "),
        tags.title.clone().unwrap_or_default(),
        tags.album.clone().unwrap_or_default(),
    ];
    line(&format!("tags        {}", plain(&named.join(" · "))));
    if considered.near.is_empty() {
        line("It comes near to nothing you want.");
    }
    for near in &considered.near {
        let outcome = match &near.answer {
            Answer::File(found) if found.file_id == considered.offer.file_id => "taken for it".to_owned(),
            other => answer(other),
        };
        line(&format!("{:>5}  {}", near.wanted.id, plain(&near.wanted.wanted.label())));
        line(&format!("       {} sure – {}", sure(near.found.score), plain(&outcome)));
        points(&near.found);
        if let Some(rejected) = &near.rejected {
            line(&format!("            never without asking: {}", plain(rejected)));
        }
    }
}
