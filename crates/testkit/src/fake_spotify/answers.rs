//! One connection: count it, find its trouble, answer it.

use std::io;
use std::net::{SocketAddr, TcpStream};
use std::sync::PoisonError;

use serde_json::{Value, json};

use super::wire::{Answer, Request, read};
use super::{Held, Shared, State, Trouble, is_api, locked};

/// Serves one connection to its end. Who asks may go away at any time.
pub(super) fn connection(stream: TcpStream, address: SocketAddr, shared: &Shared) {
    let _ = serve(&stream, address, shared);
}

fn serve(stream: &TcpStream, address: SocketAddr, shared: &Shared) -> io::Result<()> {
    let Some(request) = read(stream)? else { return Ok(()) };
    let said = format!("{} {}", request.method, request.target);
    let mut state = locked(shared);
    state.requests.push(said.clone());
    let number = state.requests.iter().filter(|request| is_api(request)).count();
    let this = if is_api(&said) { Held::Number(number) } else { Held::Token };
    if state.hold == Some(this) {
        state.is_held = true;
        shared.1.notify_all();
        let waited = shared.1.wait_while(state, |state| state.hold == Some(this));
        drop(waited.unwrap_or_else(PoisonError::into_inner));
        return Ok(());
    }
    let trouble = trouble_of(&mut state, &request.target);
    let answer = match &trouble {
        Some(Trouble::TooMany(wait)) => {
            let answer = Answer::error(429, "API rate limit exceeded");
            wait.map_or(answer, |seconds| {
                too_many("API rate limit exceeded", None).with("Retry-After", seconds)
            })
        }
        Some(Trouble::Quota(seconds)) => {
            too_many("Too many requests", Some("QUOTA_EXCEEDED")).with("Retry-After", seconds)
        }
        Some(Trouble::Forbidden) => Answer::error(403, "Forbidden."),
        Some(Trouble::Status(status)) => Answer::error(*status, "Trouble of our own."),
        Some(Trouble::NotJson) => {
            Answer { status: 200, body: "<html>Sign in to this network".into(), ..Answer::default() }
        }
        _ => answer(&mut state, &request, address, trouble.as_ref()),
    };
    drop(state);
    match trouble {
        Some(Trouble::HungUp) => Ok(()),
        Some(Trouble::Cut) => answer.send_half(stream),
        Some(Trouble::Slow(over)) => answer.send_slowly(stream, over),
        _ => answer.send(stream),
    }
}

fn too_many(message: &str, reason: Option<&str>) -> Answer {
    let mut error = json!({ "status": 429, "message": message });
    if let (Some(reason), Some(fields)) = (reason, error.as_object_mut()) {
        fields.insert("reason".into(), json!(reason));
    }
    Answer::json(429, &json!({ "error": error }))
}

/// The scripted trouble of this request, which is used up by it.
fn trouble_of(state: &mut State, target: &str) -> Option<Trouble> {
    let scripted = state.troubles.iter_mut().find(|one| one.times > 0 && target.contains(&one.path))?;
    if scripted.after > 0 {
        scripted.after -= 1;
        return None;
    }
    scripted.times -= 1;
    Some(scripted.trouble.clone())
}

fn answer(state: &mut State, request: &Request, address: SocketAddr, trouble: Option<&Trouble>) -> Answer {
    match (request.method.as_str(), request.path()) {
        ("GET", "/authorize") => return state.sign_in.authorize(request),
        ("POST", "/api/token") => return state.sign_in.token(request),
        ("GET", _) => {}
        _ => return Answer::error(405, "Only reading is possible."),
    }
    if !state.sign_in.knows(request) {
        return Answer::error(401, "The access token expired");
    }
    let library = &state.library;
    let words: Vec<&str> = request.path().trim_start_matches('/').split('/').collect();
    let page = |rows: Vec<Value>| page(rows, request, library.page, address, trouble);
    match words.as_slice() {
        ["me"] => Answer::json(200, &library.me()),
        ["me", "playlists"] => page(library.playlists()),
        ["me", "following"] if request.parameter("type").as_deref() == Some("artist") => {
            artists(&library.artists(), request, library.page)
        }
        ["me", list] => match library.saved(list) {
            Some(rows) => page(rows),
            None => Answer::error(404, "Service not found"),
        },
        ["playlists", id, "items"] => match library.entries(id) {
            Some(rows) => page(rows),
            None => Answer::error(403, "Forbidden"),
        },
        _ => Answer::error(404, "Service not found"),
    }
}

/// A page by offset. Its `next` leads to another server, as it would behind a proxy: nobody should follow it.
fn page(
    rows: Vec<Value>,
    request: &Request,
    most: usize,
    address: SocketAddr,
    trouble: Option<&Trouble>,
) -> Answer {
    let number =
        |name: &str, usual: usize| request.parameter(name).map_or(Ok(usual), |text| text.parse::<usize>());
    let (Ok(limit @ 1..=50), Ok(offset)) = (number("limit", 20), number("offset", 0)) else {
        return Answer::error(400, "Invalid limit or offset");
    };
    let limit = limit.min(most);
    let total = rows.len();
    let given = if trouble == Some(&Trouble::Empty) { 0 } else { limit };
    let rows: Vec<Value> = rows.into_iter().skip(offset).take(given).collect();
    let next =
        (offset + limit < total).then(|| format!("https://elsewhere.invalid/next?offset={}", offset + limit));
    let mut body = json!({
        "href": format!("http://{address}{}", request.path()), "items": rows, "limit": limit, "next": next,
        "offset": offset, "previous": null, "total": total,
    });
    if trouble == Some(&Trouble::Malformed)
        && let Some(fields) = body.as_object_mut()
    {
        fields.insert("total".into(), json!("a few"));
    }
    Answer::json(200, &body)
}

/// A page by cursor.
fn artists(rows: &[Value], request: &Request, most: usize) -> Answer {
    let id = |row: &Value| row.get("id").and_then(Value::as_str).map(str::to_owned);
    let from = match request.parameter("after") {
        Some(after) => rows
            .iter()
            .position(|row| id(row).as_deref() == Some(after.as_str()))
            .map_or(rows.len(), |at| at + 1),
        None => 0,
    };
    let page: Vec<Value> = rows.iter().skip(from).take(most).cloned().collect();
    let after = page.last().and_then(id).filter(|_| from + page.len() < rows.len());
    let mut artists = json!({
        "href": "https://api.spotify.com/v1/me/following?type=artist", "items": page, "limit": most,
        "cursors": {}, "total": rows.len(),
    });
    if let Some(after) = after {
        artists["cursors"] = json!({ "after": after });
        artists["next"] = json!("https://elsewhere.invalid/next");
    }
    Answer::json(200, &json!({ "artists": artists }))
}
