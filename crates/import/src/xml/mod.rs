//! XML: XSPF playlists, the library that iTunes and Apple's Music write, and OPML lists of podcasts.

mod itunes;
mod opml;
mod pull;
mod xspf;

use std::io::{self, BufRead};

use self::pull::{Broken, Pull, Tag};
use crate::Limits;
use crate::collector::{Collector, Tally};

/// The formats of this module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum XmlFormat {
    Xspf,
    Itunes,
    Opml,
}

impl XmlFormat {
    fn label(self) -> &'static str {
        match self {
            Self::Xspf => "XSPF playlist",
            Self::Itunes => "iTunes or Apple Music library (XML)",
            Self::Opml => "OPML list of podcasts",
        }
    }
}

/// Looks at a file's head. `Err` names what it looks like instead.
pub(crate) fn recognise(head: &[u8], limits: &Limits) -> Result<XmlFormat, String> {
    let mut pull = Pull::new(head, limits.json_depth);
    let outermost = match pull.next() {
        Ok(Some(Tag::Open(name))) => name.to_ascii_lowercase(),
        Err(broken) => return Err(format!("it begins like XML, but {broken}")),
        Ok(_) => return Err("it begins like XML, but holds no element".into()),
    };
    match outermost.as_str() {
        "playlist" => Ok(XmlFormat::Xspf),
        "plist" if itunes::is_library(&mut pull) => Ok(XmlFormat::Itunes),
        "plist" => Err("it is a property list of Apple's, but no iTunes library".into()),
        "opml" => Ok(XmlFormat::Opml),
        "html" => Err("it is a web page, not a list".into()),
        _ => Err("it is XML, but no list that is known here".into()),
    }
}

/// Reads one file; answers what went wrong with the reading itself, so that the caller can tell a stop from damage.
pub(crate) fn read(
    format: XmlFormat,
    reader: impl BufRead,
    file: &str,
    limits: &Limits,
    collector: &mut Collector,
) -> Option<io::Error> {
    let mut tally = collector.open(file, format.label());
    let mut pull = Pull::new(reader, limits.json_depth);
    let broken = match format {
        XmlFormat::Xspf => xspf::read(&mut pull, file, limits, &mut tally, collector),
        XmlFormat::Itunes => itunes::read(&mut pull, limits, &mut tally, collector),
        XmlFormat::Opml => opml::read(&mut pull, limits, &mut tally, collector),
    };
    collector.close(tally);
    match broken {
        Some(Broken::Read(error)) => Some(error),
        _ => None,
    }
}

/// Tells what ended a file; the row it broke in, if any, is set aside.
fn tell(broken: &Broken, row: Option<u64>, tally: &mut Tally, collector: &mut Collector) {
    collector.cut_short();
    match row {
        Some(row) => collector.refuse(tally, row, broken.to_string()),
        None => collector.remark(tally, None, broken.to_string()),
    }
}
