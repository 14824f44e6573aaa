//! `/dev/disk`: the id and label of a volume, as udev wrote them down.

use super::System;

/// More links than any system has.
const MOST_LINKS: usize = 4096;

/// The file system's UUID.
pub(crate) fn id(system: &System, device: &str) -> Option<String> {
    link_to(system, "disk/by-uuid", device)
}

/// The volume label.
pub(crate) fn label(system: &System, device: &str) -> Option<String> {
    link_to(system, "disk/by-label", device)
}

/// The name of the link that leads to this device. Two volumes of one name have one link: the other has none then.
fn link_to(system: &System, folder: &str, device: &str) -> Option<String> {
    let entries = std::fs::read_dir(system.dev().join(folder)).ok()?;
    let leads_there = |entry: &std::fs::DirEntry| {
        let target = std::fs::read_link(entry.path());
        target.is_ok_and(|target| target.file_name().is_some_and(|name| name == device))
    };
    let link = entries.take(MOST_LINKS).flatten().find(leads_there)?;
    Some(unescape(&link.file_name().to_string_lossy()))
}

/// udev writes what is no plain character as bytes in hexadecimal: `\x20`.
fn unescape(name: &str) -> String {
    let mut plain = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let code = after.strip_prefix(b"x").filter(|_| *byte == b'\\').and_then(|hex| hex.first_chunk::<2>());
        let code = code.and_then(|hex| std::str::from_utf8(hex).ok());
        let code = code.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        plain.push(code.unwrap_or(*byte));
        rest = if code.is_some() { after.get(3..).unwrap_or_default() } else { after };
    }
    String::from_utf8_lossy(&plain).chars().filter(|c| !c.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_of_udev_are_read_and_other_backslashes_kept() {
        let names = [
            ("CLIP\\x20SPORT", "CLIP SPORT"),
            ("\\xc3\\x9cn\\xc3\\xaf", "Ünï"),
            ("a\\x2fb", "a/b"),
            ("a\\xzz\\", "a\\xzz\\"),
            ("a\\x1b[31m", "a[31m"),
        ];
        for (name, plain) in names {
            assert_eq!(unescape(name), plain);
        }
    }
}
