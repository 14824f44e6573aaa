//! An image as `cd-paranoia` finds it.
//!
//! libcdio does not read which file a sheet names: it opens the one beside the sheet that is called like it, and ends in
//! `.bin`. That may be another disc's, or not be there. So it gets a copy of the sheet in a folder of its own, where the
//! file that is meant has that name.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::sectors;

const SHEET: &str = "image.cue";
const SOUND: &str = "image.bin";
/// A sheet of 99 tracks with all their texts has a hundredth of it.
const LARGEST: u64 = 4 << 20;

/// The folder; it goes with this.
#[derive(Debug)]
pub(super) struct Image {
    folder: TempDir,
}

impl Image {
    pub(super) fn new(sheet: &Path, sound: &Path) -> io::Result<Self> {
        if sheet.metadata()?.len() > LARGEST {
            return Err(io::Error::other("it is too large for a cue sheet"));
        }
        let text = in_bytes(fs::read(sheet)?);
        let own = of_one_file(&text, sheet);
        sectors::check(&own, sound.metadata()?.len())?;
        sectors::check_sound(sound)?;
        let folder = tempfile::Builder::new().prefix("ferrotape-image-").tempdir()?;
        link(sound, &folder.path().join(SOUND))?;
        fs::write(folder.path().join(SHEET), own)?;
        Ok(Self { folder })
    }

    /// The sheet to read by.
    pub(super) fn sheet(&self) -> PathBuf {
        self.folder.path().join(SHEET)
    }
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(from, to)
}

#[cfg(not(unix))]
fn link(from: &Path, to: &Path) -> io::Result<()> {
    fs::hard_link(from, to)
}

/// What libcdio can read of a sheet in UTF-16, as Windows programs write it; any other stays as it is.
fn in_bytes(text: Vec<u8>) -> Vec<u8> {
    let unit: fn([u8; 2]) -> u16 = match text.get(..2) {
        Some(b"\xff\xfe") => u16::from_le_bytes,
        Some(b"\xfe\xff") => u16::from_be_bytes,
        _ => return text,
    };
    let units = text.chunks_exact(2).skip(1).filter_map(|pair| <[u8; 2]>::try_from(pair).ok().map(unit));
    char::decode_utf16(units)
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect::<String>()
        .into_bytes()
}

/// A sheet with the file's new name; all else stays as it is written, in whatever letters.
fn of_one_file(text: &[u8], sheet: &Path) -> Vec<u8> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let mut all = Vec::with_capacity(text.len() + 100);
    for line in text.split(|byte| matches!(byte, b'\n' | b'\r')).filter(|line| !line.trim_ascii().is_empty())
    {
        let (command, rest) = command(line);
        match command.to_ascii_uppercase().as_slice() {
            b"FILE" => {
                all.extend(format!("FILE \"{SOUND}\" ").bytes());
                all.extend(kind(rest));
            }
            // Without it libcdio reads nothing at all.
            b"CDTEXTFILE" => all.extend(texts_beside(rest, sheet).unwrap_or_default().into_bytes()),
            _ => all.extend(line),
        }
        all.push(b'\n');
    }
    all
}

pub(super) fn command(line: &[u8]) -> (&[u8], &[u8]) {
    let line = line.trim_ascii();
    let end = line.iter().position(u8::is_ascii_whitespace).unwrap_or(line.len());
    let (command, rest) = line.split_at(end);
    (command, rest.trim_ascii())
}

/// `BINARY` of `"disc.bin" BINARY`.
fn kind(rest: &[u8]) -> &[u8] {
    let begins = |byte: &u8| *byte == b'"' || byte.is_ascii_whitespace();
    let word = rest.iter().rposition(begins).and_then(|before| rest.get(before + 1..)).unwrap_or_default();
    let is_word = !word.is_empty() && word.iter().all(u8::is_ascii_alphanumeric);
    if is_word { word } else { b"BINARY" }
}

/// The line that names a file of CD-TEXT beside the sheet, from anywhere.
fn texts_beside(rest: &[u8], sheet: &Path) -> Option<String> {
    let name = std::str::from_utf8(rest).ok()?.trim_matches('"');
    let beside = sheet.with_file_name(name);
    let is_beside = !name.contains(['/', '\\']) && beside.is_file();
    let path = beside.to_str().filter(|path| is_beside && !path.contains(['"', '\n', '\r', '\t']))?;
    Some(format!("CDTEXTFILE \"{path}\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_names_the_file_that_is_meant_and_keeps_all_else() {
        let folder = tempfile::tempdir().unwrap();
        let sheet = folder.path().join("album.cue");
        let sound = folder.path().join("Some \"disc\".BIN");
        fs::write(&sound, [7; 2352]).unwrap();
        fs::write(folder.path().join("texts.cdt"), "").unwrap();
        let text = b"\xef\xbb\xbfCDTEXTFILE \"texts.cdt\"\r\nTITLE \"Gr\xf6\xdfe\"\r\n  file \"Some \"disc\".BIN\" MOTOROLA\r\n  \
            TRACK 01 AUDIO\r\nFILE plain.bin BINARY\nCDTEXTFILE \"../up.cdt\"\n    INDEX 01 00:00:00";
        fs::write(&sheet, text).unwrap();
        let image = Image::new(&sheet, &sound).unwrap();
        let written = fs::read(image.sheet()).unwrap();
        let lines: Vec<&[u8]> = written.split(|byte| *byte == b'\n').collect();
        let texts = format!("CDTEXTFILE \"{}\"", folder.path().join("texts.cdt").display());
        let expected: [&[u8]; 8] = [
            texts.as_bytes(),
            b"TITLE \"Gr\xf6\xdfe\"",
            b"FILE \"image.bin\" MOTOROLA",
            b"  TRACK 01 AUDIO",
            b"FILE \"image.bin\" BINARY",
            b"",
            b"    INDEX 01 00:00:00",
            b"",
        ];
        assert_eq!(lines, expected, "{}", String::from_utf8_lossy(&written));
        assert_eq!(fs::read(image.sheet().with_extension("bin")).unwrap(), [7; 2352]);
        let own = image.sheet();
        drop(image);
        assert!(!own.exists() && sound.exists());
    }

    #[test]
    fn a_sheet_in_utf_16_is_read_as_any_other() {
        let little: Vec<u8> = "\u{feff}TITLE \"Größe\"".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = "\u{feff}TITLE \"Größe\"".encode_utf16().flat_map(u16::to_be_bytes).collect();
        for text in [little, big] {
            assert_eq!(in_bytes(text), "TITLE \"Größe\"".as_bytes());
        }
        assert_eq!(in_bytes(b"TITLE \xf6".to_vec()), b"TITLE \xf6");
    }
}
