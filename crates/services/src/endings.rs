//! What the ending of a file's name says, and which name of theirs may be told to people.

use ferrotape_domain::AudioFormat;

/// Above this an MPEG-4 file is lossless: AAC of music ends far below.
const LOSSLESS_KBPS: u32 = 450;
const MAX_NAME_CHARS: usize = 200;
/// Folders that may tell of an album: those of its artist, itself, a disc and a format.
const MOST_FOLDERS: usize = 4;

/// The format that an ending (`flac`, `.MP3`) stands for; `None` where it stands for several. MPEG-4 holds either of two,
/// which the bit rate tells apart.
pub(crate) fn format_of(ending: &str, kbps: Option<u32>) -> Option<AudioFormat> {
    Some(match ending.trim().trim_start_matches('.').to_ascii_lowercase().as_str() {
        "flac" => AudioFormat::Flac,
        "mp3" => AudioFormat::Mp3,
        "aac" => AudioFormat::Aac,
        "alac" => AudioFormat::Alac,
        "m4a" | "m4b" | "mp4" => match kbps {
            Some(kbps) if kbps > LOSSLESS_KBPS => AudioFormat::Alac,
            _ => AudioFormat::Aac,
        },
        "ogg" | "oga" => AudioFormat::Vorbis,
        "opus" => AudioFormat::Opus,
        "wav" => AudioFormat::Wav,
        "aif" | "aiff" => AudioFormat::Aiff,
        "mp1" => AudioFormat::Mp1,
        "mp2" => AudioFormat::Mp2,
        "wv" => AudioFormat::WavPack,
        "ape" => AudioFormat::MonkeysAudio,
        "mpc" => AudioFormat::Musepack,
        _ => return None,
    })
}

/// The last step of a path as a server wrote it, which is never a path of ours; else the title with the ending.
pub(crate) fn file_name(path: Option<&str>, title: Option<&str>, ending: Option<&str>) -> String {
    let last = path.and_then(|path| path.rsplit(['/', '\\']).next()).unwrap_or_default();
    let clean = |text: &str| {
        let text: String = text.chars().filter(|char| !char.is_control()).take(MAX_NAME_CHARS).collect();
        text.trim().replace(['/', '\\', ':'], "_")
    };
    match clean(last) {
        name if !matches!(name.as_str(), "" | "." | "..") => name,
        _ => {
            let ending = ending.map_or_else(String::new, |ending| format!(".{}", clean(ending)));
            format!("{}{ending}", clean(title.unwrap_or("track")))
        }
    }
}

/// The last folders of a path as a server wrote it.
pub(crate) fn folder(path: Option<&str>) -> String {
    let folders = path.unwrap_or_default().rsplit(['/', '\\']).skip(1);
    let clean = |text: &str| -> String {
        text.chars()
            .filter(|char| !char.is_control())
            .take(MAX_NAME_CHARS)
            .collect::<String>()
            .trim()
            .to_owned()
    };
    let mut last: Vec<String> =
        folders.map(clean).filter(|name| !name.is_empty()).take(MOST_FOLDERS).collect();
    last.reverse();
    last.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_anywhere() {
        for (path, name) in [
            ("A/B/01 c.flac", "01 c.flac"),
            ("/etc/passwd", "passwd"),
            ("C:\\Music\\a.mp3", "a.mp3"),
            ("a/..", "t_u.mp3"),
            ("a/", "t_u.mp3"),
            ("..\u{0}", "t_u.mp3"),
            ("C:evil", "C_evil"),
        ] {
            assert_eq!(file_name(Some(path), Some("t/u"), Some("mp3")), name, "{path}");
        }
        assert_eq!(file_name(None, None, None), "track");
    }

    #[test]
    fn the_last_folders_are_told() {
        for (path, told) in [
            ("Nia/Maps (Live)/CD 1/03.flac", "Nia/Maps (Live)/CD 1"),
            ("/srv/media/music/Nia/Maps/FLAC/03.flac", "music/Nia/Maps/FLAC"),
            ("\\\\nas\\music\\a.mp3", "nas/music"),
            ("a.mp3", ""),
        ] {
            assert_eq!(folder(Some(path)), told, "{path}");
        }
        assert_eq!(folder(None), "");
    }

    #[test]
    fn endings_say_what_they_can() {
        assert_eq!(format_of(".FLAC", None), Some(AudioFormat::Flac));
        assert_eq!(format_of("m4a", Some(256)), Some(AudioFormat::Aac));
        assert_eq!(format_of("m4a", Some(900)), Some(AudioFormat::Alac));
        assert_eq!(format_of("exe", None), None);
    }
}
