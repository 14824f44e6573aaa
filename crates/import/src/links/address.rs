//! Web addresses: host, language, `embed`, and links carried inside a query.

use super::{
    HOSTS, Link, LinkError, SHORT_HOSTS, after_ignoring_case, decode_part, from_parts, parse_nested,
    shortened,
};

/// What stands after `http://` or `https://`, when the text begins so.
pub(super) fn without_scheme(text: &str) -> Option<&str> {
    after_ignoring_case(text, "https://").or_else(|| after_ignoring_case(text, "http://"))
}

pub(super) fn without_port(host: &str) -> &str {
    host.strip_suffix(":443").or_else(|| host.strip_suffix(":80")).unwrap_or(host)
}

pub(super) fn parse(text: &str, nest: bool) -> Result<Link, LinkError> {
    let schemed = without_scheme(text);
    let rest = schemed.unwrap_or(text);
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let host = host.to_ascii_lowercase();
    // A port is allowed for, a user name (`https://open.spotify.com@elsewhere`) is a trick.
    let host = without_port(&host);
    if SHORT_HOSTS.contains(&host) && path.len() > 1 {
        return Ok(Link::ShortLink(text.to_owned()));
    }
    if !HOSTS.contains(&host) {
        return Err(if schemed.is_some() {
            LinkError::OtherHost { host: shortened(host) }
        } else {
            LinkError::NotALink { text: shortened(text) }
        });
    }
    let path = path.split('#').next().unwrap_or_default();
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    if nest && let Some(inner) = carried(query) {
        return parse_nested(inner.trim(), false);
    }
    let mut parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let before = parts.iter().take_while(|part| is_prefix(part)).count();
    parts.drain(..before);
    from_parts(&parts, text)
}

/// `embed.spotify.com/?uri=…` and `open.spotify.com/oembed?url=…` carry the link that is meant.
fn carried(query: &str) -> Option<String> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let found =
        pairs.filter(|(key, _)| matches!(*key, "uri" | "url")).map(|(_, value)| decode_part(value)).next();
    found.filter(|inner| super::looks_like_link(inner))
}

/// Parts that stand before the meaning: nothing, `embed`, `intl-de`, `intl-pt-br`.
fn is_prefix(part: &str) -> bool {
    let language = |rest: &str| {
        (2..=8).contains(&rest.len()) && rest.chars().all(|c| c.is_ascii_alphabetic() || c == '-')
    };
    part.is_empty()
        || matches!(part, "embed" | "embed-podcast")
        || part.strip_prefix("intl-").is_some_and(language)
}
