//! Everything that a server has, page by page, in the order in which it came there.

use std::collections::HashSet;

use ferrotape_domain::{Cancel, Fault, FaultKind, RemoteOffer};
use serde_json::Value;

use super::calls::Server;
use super::rows::{id_of, offer};
use crate::loose::{many, number, text};

const PAGE: usize = 500;
/// More is nobody's.
const MOST_TRACKS: usize = 5_000_000;
const DAY_MS: i64 = 24 * 3600 * 1000;

/// One request: how many tracks, and which came last. Neither tells of tags that were changed, and nothing cheap does; so
/// the mark also changes once a day.
pub(super) fn mark(server: &Server, user: Option<&str>, cancel: &Cancel) -> Result<Option<String>, Fault> {
    let newest = [("sortBy", "DateCreated"), ("sortOrder", "Descending"), ("fields", "DateCreated,Etag")];
    let answer = items(server, user, 0, 1, &newest, cancel)?;
    let Some(total) = number(answer.get("TotalRecordCount")) else { return Ok(None) };
    let newest = many(answer.get("Items")).first().unwrap_or(&Value::Null);
    let say = |name: &str| text(newest.get(name)).unwrap_or_default();
    let day = server.net.now_ms().div_euclid(DAY_MS);
    Ok(Some(format!("{total} {} {} {} {day}", say("DateCreated"), say("Id"), say("Etag"))))
}

/// Lists all of it. A list that ends before what the server counts is a fault.
pub(super) fn list(
    server: &Server,
    user: Option<&str>,
    cancel: &Cancel,
    page: &mut dyn FnMut(Vec<RemoteOffer>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let fields = [
        ("sortBy", "DateCreated,SortName"),
        ("sortOrder", "Ascending"),
        ("fields", "ProviderIds,Path,MediaSources,Genres"),
    ];
    let (mut seen, mut offset) = (HashSet::new(), 0);
    while offset < MOST_TRACKS {
        let answer = items(server, user, offset, PAGE, &fields, cancel)?;
        let Some(Value::Array(rows)) = answer.get("Items") else {
            return Err(server.passing("it answers without a list of tracks"));
        };
        let total = number(answer.get("TotalRecordCount")).and_then(|total| usize::try_from(total).ok());
        if rows.is_empty() {
            return match total {
                Some(total) if offset < total => {
                    let says = format!("its list ended after {offset} of {total} tracks – try again");
                    Err(server.passing(says))
                }
                Some(_) => Ok(()),
                // Each answer has it. Without it nobody knows whether the list is whole.
                None => Err(server.passing("it answers without the number of its tracks")),
            };
        }
        let new = rows.iter().filter(|row| id_of(row).is_some_and(|id| seen.insert(id.into_boxed_str())));
        let new: Vec<&Value> = new.collect();
        if new.is_empty() {
            let says =
                "it gives the same page again and again, so it cannot be listed whole – update the server";
            return Err(server.fault(FaultKind::Permanent, says));
        }
        page(new.into_iter().filter_map(|row| offer(&server.line.name, row)).collect())?;
        offset += rows.len();
        if total == Some(offset) {
            return Ok(());
        }
    }
    let reason = format!("it lists more than {MOST_TRACKS} tracks, the most that are read");
    Err(server.fault(FaultKind::Permanent, reason))
}

fn items(
    server: &Server,
    user: Option<&str>,
    offset: usize,
    limit: usize,
    more: &[(&str, &str)],
    cancel: &Cancel,
) -> Result<Value, Fault> {
    let (offset, limit) = (offset.to_string(), limit.to_string());
    let mut fields = vec![
        ("includeItemTypes", "Audio,AudioBook"),
        ("recursive", "true"),
        ("enableImages", "false"),
        ("enableUserData", "false"),
        ("startIndex", offset.as_str()),
        ("limit", limit.as_str()),
    ];
    fields.extend(user.map(|user| ("userId", user)));
    fields.extend(more);
    server.ask(&["Items"], &fields, None, cancel)?.map_err(|reply| server.refused(reply.status))
}
