//! The question: sound files with the words of title and artist.

use ferrotape_domain::{Fault, Wanted};

use super::NAME;
use super::wire::told;
use crate::answers::{SEARCHED, main_words, own_address, words};
use crate::net::{Line, Request};

/// Files that a search names.
const LIMIT: &str = "20";

/// What is searched for; `None` where too little is known to ask.
pub(super) fn of(wanted: &Wanted) -> Option<String> {
    let artist = words(wanted.artists.first().unwrap_or_default());
    let title = main_words(&wanted.title);
    (!artist.is_empty() && !title.is_empty()).then(|| format!("filetype:audio \"{title}\" \"{artist}\""))
}

/// The question, or how it goes on.
pub(super) fn request(line: &Line, search: &str, on: &[(String, String)]) -> Result<Request, Fault> {
    let mut address = own_address(NAME, "https://commons.wikimedia.org/w/api.php")?
        .with("action", "query")
        .with("format", "json")
        .with("formatversion", "2")
        .with("generator", "search")
        .with("gsrnamespace", "6")
        .with("gsrlimit", LIMIT)
        .with("gsrsearch", search)
        .with("prop", "imageinfo")
        .with("iiprop", "url|size|sha1|mime|mediatype|extmetadata")
        .with("iiextmetadatafilter", "LicenseUrl|License|Copyrighted|Artist|ObjectName|DateTimeOriginal")
        .with("maxlag", "5");
    for (name, value) in on {
        address = address.with(name, value);
    }
    Ok(Request::get(line, address).kept(SEARCHED).unless_told(told))
}
