//! Judges that are not ours: what other programs make of the files we write.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::KitError;
use crate::tool::{FFMPEG, FFPROBE, MP3VAL, MPG123, last_words};

/// Samples per channel that `ffmpeg` decodes (encoder delay and padding taken off where it knows them).
/// An error when it has anything to complain about.
pub fn decoded_samples_ffmpeg(path: &Path) -> Result<u64, KitError> {
    let name = path.as_os_str();
    let options = "-nostdin -v warning -xerror -i".split(' ').map(std::ffi::OsStr::new);
    let output_options = "-map 0:a:0 -f s16le -ac 1 -".split(' ').map(std::ffi::OsStr::new);
    let args: Vec<&std::ffi::OsStr> = options.chain([name]).chain(output_options).collect();
    let output = FFMPEG.run_well(&args, path)?;
    quiet("ffmpeg", path, &output.stderr)?;
    Ok(output.stdout.len() as u64 / 2)
}

/// Samples per channel by `ffprobe`'s reading of the container (stream duration), without decoding.
pub fn ffprobe_samples(path: &Path) -> Result<u64, KitError> {
    let entries = "stream=sample_rate,duration_ts,time_base";
    let args = ["-v", "error", "-select_streams", "a:0", "-of", "json", "-show_entries", entries];
    let args: Vec<&std::ffi::OsStr> =
        args.into_iter().map(std::ffi::OsStr::new).chain([path.as_os_str()]).collect();
    let output = FFPROBE.run_well(&args, path)?;
    let json: serde_json::Value = serde_json::from_slice(&output.stdout)
        .map_err(|source| KitError::Json { subject: path.display().to_string(), source })?;
    let stream = json.pointer("/streams/0");
    let field = |name: &str| stream.and_then(|s| s.get(name));
    let rate = field("sample_rate").and_then(|v| v.as_str()).and_then(|v| v.parse::<u64>().ok());
    let ticks = field("duration_ts").and_then(serde_json::Value::as_u64);
    let base = field("time_base").and_then(|v| v.as_str()).and_then(|v| {
        let (over, under) = v.split_once('/')?;
        Some((over.parse::<u64>().ok()?, under.parse::<u64>().ok().filter(|&u| u > 0)?))
    });
    match (rate, ticks, base) {
        (Some(rate), Some(ticks), Some((over, under))) => Ok((ticks * over * rate + under / 2) / under),
        _ => Err(FFPROBE.failed(path, &output)),
    }
}

/// Samples per channel that `mpg123` decodes with gapless playback. An error when it complains.
pub fn decoded_samples_mpg123(path: &Path) -> Result<u64, KitError> {
    let args: Vec<&std::ffi::OsStr> = ["-q", "--no-control", "-e", "s16", "--stereo", "-s"]
        .into_iter()
        .map(std::ffi::OsStr::new)
        .chain([path.as_os_str()])
        .collect();
    let output = MPG123.run_well(&args, path)?;
    quiet("mpg123", path, &output.stderr)?;
    if output.stdout.is_empty() {
        let said = "not one frame found".to_owned();
        return Err(KitError::Objection { judge: "mpg123", path: path.to_owned(), said });
    }
    Ok(output.stdout.len() as u64 / 4)
}

/// The sound that `ffmpeg` decodes, −1 to 1, one vector per channel; delay and padding taken off.
pub fn decoded_ffmpeg(path: &Path, channels: usize) -> Result<Vec<Vec<f32>>, KitError> {
    let count = channels.to_string();
    let args = ["-nostdin", "-v", "error", "-xerror", "-i"].into_iter().map(std::ffi::OsStr::new);
    let rest = ["-map", "0:a:0", "-f", "f32le", "-ac", &count, "-"].map(std::ffi::OsStr::new);
    let args: Vec<&std::ffi::OsStr> = args.chain([path.as_os_str()]).chain(rest).collect();
    Ok(planes(&FFMPEG.run_well(&args, path)?.stdout, channels))
}

/// The sound that `mpg123` decodes with gapless playback, −1 to 1, one vector per channel.
pub fn decoded_mpg123(path: &Path, channels: usize) -> Result<Vec<Vec<f32>>, KitError> {
    let shape = if channels == 1 { "--mono" } else { "--stereo" };
    let args = ["-q", "--no-control", "-e", "f32", shape, "-s"].into_iter().map(std::ffi::OsStr::new);
    let args: Vec<&std::ffi::OsStr> = args.chain([path.as_os_str()]).collect();
    Ok(planes(&MPG123.run_well(&args, path)?.stdout, channels))
}

fn planes(raw: &[u8], channels: usize) -> Vec<Vec<f32>> {
    let samples: Vec<f32> =
        raw.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
    (0..channels).map(|channel| samples.iter().skip(channel).step_by(channels).copied().collect()).collect()
}

/// Whether `mp3val` finds nothing to warn of.
pub fn mp3val_clean(path: &Path) -> Result<(), KitError> {
    let output = MP3VAL.run(&[path], path)?;
    let said = String::from_utf8_lossy(&output.stdout);
    let bad: Vec<&str> =
        said.lines().filter(|l| l.starts_with("WARNING") || l.starts_with("ERROR")).collect();
    // Without its INFO line the file was not judged at all (not found, not an MP3).
    if bad.is_empty() && said.lines().any(|line| line.starts_with("INFO")) {
        return Ok(());
    }
    let said = if bad.is_empty() { last_words(&output.stdout) } else { bad.join(" | ") };
    Err(KitError::Objection { judge: "mp3val", path: path.to_owned(), said })
}

/// The tags as `mutagen` reads them, with its own keys: ID3 frames (`TIT2`, `TXXX:REPLAYGAIN_TRACK_GAIN`),
/// Vorbis comments (`title`), MP4 atoms. Pictures are given as `mime bytes`.
///
/// Three keys are added: `~version` (ID3 only, `2.3.0`), `~encodings` (ID3 only, the text encodings used, 1 is
/// UTF-16) and `~seconds`.
pub fn mutagen_tags(path: &Path) -> Result<BTreeMap<String, Vec<String>>, KitError> {
    let missing = || KitError::MissingTool { tool: "mutagen for python3".into(), package: "python3-mutagen" };
    // A developer's own python3 often comes first on the path and lacks the Debian package.
    for python in ["/usr/bin/python3", "python3"] {
        let ran = Command::new(python).args(["-c", MUTAGEN]).arg(path).stdin(Stdio::null()).output();
        let output = match ran {
            Ok(output) => output,
            Err(e) if e.kind() == ErrorKind::NotFound => continue,
            Err(source) => return Err(KitError::Io { act: "judge", path: path.to_owned(), source }),
        };
        if output.status.code() == Some(42) {
            continue;
        }
        if !output.status.success() {
            let said = last_words(&output.stderr);
            return Err(KitError::Objection { judge: "mutagen", path: path.to_owned(), said });
        }
        return serde_json::from_slice(&output.stdout)
            .map_err(|source| KitError::Json { subject: path.display().to_string(), source });
    }
    Err(missing())
}

const MUTAGEN: &str = r#"
import json, sys
try:
    import mutagen
    from mutagen import id3
except ImportError:
    sys.exit(42)
f = mutagen.File(sys.argv[1])
if f is None:
    sys.exit("not a format mutagen knows")
out, encodings = {}, set()
def words(v):
    if hasattr(v, "mime"): return ["%s %d" % (v.mime, len(v.data))]
    if isinstance(v, id3.Frame):
        if hasattr(v, "encoding"): encodings.add(str(int(v.encoding)))
        if hasattr(v, "text") and isinstance(v.text, list): return [str(t) for t in v.text]
        if hasattr(v, "url"): return [v.url]
        if hasattr(v, "desc") and hasattr(v, "text"): return [str(v.text)]
        if hasattr(v, "data"): return [v.data.decode("latin-1")]
        return [str(v)]
    if isinstance(v, bytes): return [v.decode("utf-8", "replace")]
    if isinstance(v, list): return [w for x in v for w in words(x)]
    return [str(v)]
for k, v in (f.tags.items() if f.tags is not None else []):
    out.setdefault(k, []).extend(words(v))
for p in getattr(f, "pictures", []):
    out.setdefault("~picture", []).append("%s %d" % (p.mime, len(p.data)))
version = getattr(f.tags, "version", None)
if isinstance(version, tuple):
    out["~version"] = [".".join(map(str, version))]
    out["~encodings"] = sorted(encodings)
out["~seconds"] = ["%.3f" % f.info.length]
json.dump(out, sys.stdout)
"#;

fn quiet(judge: &'static str, path: &Path, stderr: &[u8]) -> Result<(), KitError> {
    // A WAV file needs no channel layout: ffmpeg's guess is no objection.
    let text = String::from_utf8_lossy(stderr);
    let said = text
        .lines()
        .filter(|line| !line.starts_with("Guessed Channel Layout"))
        .collect::<Vec<_>>()
        .join("\n");
    let said = last_words(said.as_bytes());
    if said.is_empty() { Ok(()) } else { Err(KitError::Objection { judge, path: path.to_owned(), said }) }
}
