//! Sound files, through `ffmpeg`: what PEAQ gets, cuts of music, lengths.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result, bail, ensure};

use super::peaq;

/// Channels of a file at 48 kHz with 16 bits, as players decode it: delay and padding of the encoder taken off.
///
/// 16 bits on purpose: PEAQ takes what lies above 21.6 kHz for the noise floor, and its network was trained with such.
pub(super) fn decoded(path: &Path) -> Result<Vec<Vec<f32>>> {
    let rate = peaq::RATE.to_string();
    let mut command = Command::new("ffmpeg");
    command.args(["-nostdin", "-v", "error", "-i"]).arg(path);
    // Without -ac: going from one channel to two, ffmpeg would make it 3 dB quieter.
    command.args(["-map", "0:a:0", "-ar", &rate, "-c:a", "pcm_s16le", "-f", "wav", "-bitexact", "-"]);
    let output = well(&mut command, path)?;
    let Some((header, data)) = output.stdout.split_at_checked(44) else {
        bail!("{}: ffmpeg decoded nothing", path.display());
    };
    let &[.., b'd', b'a', b't', b'a', _, _, _, _] = header else {
        bail!("{}: ffmpeg gives a WAV header of another form than it used to", path.display());
    };
    let channels = usize::from(header.get(22).copied().unwrap_or_default());
    ensure!(matches!(channels, 1 | 2), "{}: {channels} channels – PEAQ knows one and two", path.display());
    let mut planes = vec![Vec::new(); channels];
    for frame in data.chunks_exact(2 * channels) {
        for (plane, bytes) in planes.iter_mut().zip(frame.chunks_exact(2)) {
            let &[low, high] = bytes else { continue };
            plane.push(f32::from(i16::from_le_bytes([low, high])) / 32_768.0);
        }
    }
    Ok(planes)
}

pub(super) fn samples(channels: &[Vec<f32>]) -> usize {
    channels.first().map_or(0, Vec::len)
}

/// Seconds that a file says it plays.
pub(super) fn seconds(path: &Path) -> Result<f64> {
    let mut command = Command::new("ffprobe");
    command.args(["-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0"]).arg(path);
    let output = well(&mut command, path)?;
    let said = String::from_utf8_lossy(&output.stdout);
    said.trim()
        .parse()
        .with_context(|| format!("{}: ffprobe says it plays “{}”", path.display(), said.trim()))
}

/// A piece of a file as WAV, 44.1 kHz, stereo, 16 bits: what a ripped CD is.
pub(super) fn cut(from: &Path, at_seconds: f64, seconds: f64, to: &Path) -> Result<()> {
    let mut command = Command::new("ffmpeg");
    command.args(["-nostdin", "-v", "error", "-y", "-ss", &format!("{at_seconds:.3}")]);
    command.args(["-t", &format!("{seconds:.3}"), "-i"]).arg(from);
    command.args(["-map", "0:a:0", "-ac", "2", "-ar", "44100", "-c:a", "pcm_s16le"]);
    command.args(["-map_metadata", "-1", "-bitexact"]).arg(to);
    well(&mut command, from).map(drop)
}

/// Mean bit rate of an MP3 that plays `samples` at PEAQ's rate, without its tags.
pub(super) fn kbps(mp3: &Path, samples: usize) -> Result<f64> {
    let bytes = std::fs::read(mp3).with_context(|| mp3.display().to_string())?;
    let seconds = samples as f64 / f64::from(peaq::RATE);
    ensure!(seconds > 0.0, "{}: nothing in it", mp3.display());
    Ok((bytes.len() - tag_bytes(&bytes)) as f64 * 8.0 / seconds / 1000.0)
}

/// Size of the ID3v2 tag that a file begins with.
fn tag_bytes(bytes: &[u8]) -> usize {
    match bytes {
        [b'I', b'D', b'3', _, _, _, sizes @ ..] if sizes.len() >= 4 => {
            let size = sizes.iter().take(4).fold(0, |size, &byte| size << 7 | usize::from(byte & 0x7f));
            (size + 10).min(bytes.len())
        }
        _ => 0,
    }
}

/// Runs a program that must succeed.
pub(super) fn well(command: &mut Command, subject: &Path) -> Result<Output> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("{name} could not be run – apt-get install ffmpeg lame"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("{name} on {}: {}", subject.display(), said.lines().last().unwrap_or("failed without a word"));
    }
    Ok(output)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_no_sound() {
        assert_eq!(tag_bytes(b"ID3\x03\0\0\0\0\x01\x02 cut off"), 18);
        assert_eq!(tag_bytes(&[[0xffu8, 0xfb].as_slice(), &[0; 500]].concat()), 0);
        let mut tagged = b"ID3\x04\0\0\0\0\x01\x02".to_vec();
        tagged.resize(1000, 0);
        assert_eq!(tag_bytes(&tagged), 128 + 2 + 10);
    }
}
