//! The cache of converted music: what is said of it on the command line.

use std::str::FromStr;

use clap::Subcommand;

/// Show how much encoded music is kept, so that it need not be encoded again.
///
/// `convert` fills it by itself, and removes what was not used for longest. Another player, other tags or another cover
/// then take no encoding.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  ferrotape cache\n  ferrotape cache clear")]
pub(crate) struct Cache {
    #[command(subcommand)]
    pub(crate) verb: Option<CacheVerb>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CacheVerb {
    /// Empty it; what is on your players stays
    Clear,
}

/// A number of bytes, in powers of 1024.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Size(pub(crate) u64);

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // `10G` and `10GB` are meant as every other size here is shown, in powers of 1024.
        let folded = text.trim().to_ascii_lowercase();
        let stem = folded.trim_end_matches("ib").trim_end_matches('b').trim_end_matches('i');
        let unit = if stem.ends_with(|last: char| last.is_ascii_alphabetic()) { "ib" } else { "" };
        let size = format!("{stem}{unit}").parse::<bytesize::ByteSize>();
        size.map(|size| Self(size.as_u64()))
            .map_err(|_| "say it like 500M, 10G or 1.5T; 0 for no cache at all".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        let read = |text: &str| text.parse().map(|Size(bytes)| bytes);
        for (text, bytes) in [
            ("0", 0),
            ("512", 512),
            ("10G", 10 << 30),
            ("10GiB", 10 << 30),
            ("1.5 tb", 3 << 39),
            ("7m", 7 << 20),
        ] {
            assert_eq!(read(text), Ok(bytes), "{text}");
        }
        for text in ["", "G", "-1", "-1G", "ten", "10X", "1G2"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
