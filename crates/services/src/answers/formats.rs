//! What the ending of a file's name says. Only a hint: formats are recognised by content once a file is here.

use ferrotape_domain::AudioFormat;

/// The ending of a name, in lower case; empty without one.
pub(crate) fn ending(name: &str) -> String {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let sound =
        !stem.is_empty() && ending.len() <= 8 && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if sound { ending.to_ascii_lowercase() } else { String::new() }
}

/// The format that an ending stands for; `None` where it is none that ferrotape reads, or one of several.
pub(crate) fn format_of(name: &str) -> Option<AudioFormat> {
    Some(match ending(name).as_str() {
        "flac" => AudioFormat::Flac,
        "mp3" => AudioFormat::Mp3,
        "aac" => AudioFormat::Aac,
        "ogg" | "oga" => AudioFormat::Vorbis,
        "opus" => AudioFormat::Opus,
        "wav" => AudioFormat::Wav,
        "aif" | "aiff" => AudioFormat::Aiff,
        "mp2" => AudioFormat::Mp2,
        "wv" => AudioFormat::WavPack,
        "ape" => AudioFormat::MonkeysAudio,
        "mpc" => AudioFormat::Musepack,
        _ => return None,
    })
}
