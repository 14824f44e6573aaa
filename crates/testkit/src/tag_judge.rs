//! What mutagen, ffmpeg and ffprobe read from the tags of many files, where it can be in few processes: starting one
//! takes longer than reading.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rayon::prelude::*;
use serde::Deserialize;

use crate::KitError;
use crate::tool::{FFMPEG, FFPROBE, last_words};

/// The ID3v2 frames of each file by mutagen's own names, as they stand (nothing translated between versions):
/// people as `role=name`, timed lyrics as `ms=line`, chapters as `start-end title`, tables as their entries.
///
/// `~version` is added.
pub fn mutagen_frames(paths: &[PathBuf]) -> Result<Vec<BTreeMap<String, Vec<String>>>, KitError> {
    let first = paths.first().cloned().unwrap_or_default();
    let output = Command::new("/usr/bin/python3")
        .args(["-c", MUTAGEN])
        .args(paths)
        .stdin(Stdio::null())
        .output()
        .map_err(|source| KitError::Io { act: "judge", path: first.clone(), source })?;
    if !output.status.success() {
        return Err(KitError::Objection { judge: "mutagen", path: first, said: last_words(&output.stderr) });
    }
    serde_json::from_slice(&output.stdout)
        .map_err(|source| KitError::Json { subject: "mutagen's frames".to_owned(), source })
}

const MUTAGEN: &str = r#"
import json, sys
from mutagen import id3
def words(k, v):
    if k.startswith("CHAP"):
        t = [str(x) for f in v.sub_frames.getall("TIT2") for x in f.text]
        return ["%d-%d %s" % (v.start_time, v.end_time, "".join(t))]
    if k.startswith("CTOC"): return ["%d" % int(v.flags)] + list(v.child_element_ids)
    if hasattr(v, "people"): return ["%s=%s" % (a, b) for a, b in v.people]
    if k.startswith("SYLT"): return ["%d=%s" % (ms, t) for t, ms in v.text]
    if hasattr(v, "text"): return [str(t) for t in v.text] if isinstance(v.text, list) else [str(v.text)]
    if hasattr(v, "url"): return [v.url]
    if k.startswith("UFID"): return [v.data.decode()]
    if k.startswith("APIC"): return ["%s %d %d" % (v.mime, v.type, len(v.data))]
    return [str(v)]
out = []
for path in sys.argv[1:]:
    t = id3.ID3(path, translate=False, load_v1=False)
    if t.unknown_frames: sys.exit("%s: unknown frames %r" % (path, t.unknown_frames))
    frames = {k: words(k, v) for k, v in t.items()}
    frames["~version"] = [".".join(map(str, t.version))]
    out.append(frames)
json.dump(out, sys.stdout)
"#;

/// What ffmpeg's readers (`ffprobe`'s, too) make of each file's tags and chapters, by their own names in small letters;
/// chapters as `start-end title` in milliseconds under `~chapters`. Written into `folder` on the way.
pub fn ffmpeg_metadata(
    paths: &[PathBuf],
    folder: &Path,
) -> Result<Vec<BTreeMap<String, Vec<String>>>, KitError> {
    let mut found = Vec::new();
    for batch in paths.chunks(50) {
        let mut args: Vec<OsString> = "-nostdin -v error -y".split(' ').map(Into::into).collect();
        for path in batch {
            args.extend(["-i".into(), path.into()]);
        }
        let place = |at: usize| folder.join(format!("{at}.ffmeta"));
        for at in 0..batch.len() {
            let number = OsString::from(at.to_string());
            args.extend(["-map_metadata".into(), number.clone(), "-map_chapters".into(), number]);
            args.extend(["-f".into(), "ffmetadata".into(), place(at).into()]);
        }
        let first = batch.first().cloned().unwrap_or_default();
        let args: Vec<&std::ffi::OsStr> = args.iter().map(OsString::as_os_str).collect();
        FFMPEG.run_well(&args, &first)?;
        for at in 0..batch.len() {
            let text = std::fs::read_to_string(place(at)).map_err(|source| KitError::Io {
                act: "read",
                path: place(at),
                source,
            })?;
            found.push(parse(&text));
        }
    }
    Ok(found)
}

/// What `ffprobe` itself shows of each file's tags, by its own names in small letters. One process for each file, on
/// all cores.
pub fn ffprobe_tags(paths: &[PathBuf]) -> Result<Vec<BTreeMap<String, String>>, KitError> {
    #[derive(Deserialize)]
    struct Shown {
        format: Format,
    }
    #[derive(Deserialize)]
    struct Format {
        #[serde(default)]
        tags: BTreeMap<String, String>,
    }
    let shown = |path: &PathBuf| {
        let mut args: Vec<OsString> =
            "-v error -show_entries format_tags -of json".split(' ').map(Into::into).collect();
        args.push(path.into());
        let args: Vec<&std::ffi::OsStr> = args.iter().map(OsString::as_os_str).collect();
        let said = FFPROBE.run_well(&args, path)?.stdout;
        let shown: Shown = serde_json::from_slice(&said)
            .map_err(|source| KitError::Json { subject: "ffprobe's tags".to_owned(), source })?;
        Ok(shown.format.tags.into_iter().map(|(name, value)| (name.to_lowercase(), value)).collect())
    };
    paths.par_iter().map(shown).collect()
}

/// ffmpeg's metadata file: `name=value` with backslashes before `=;#\` and line ends, `[CHAPTER]` sections.
fn parse(text: &str) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut chapter: Option<BTreeMap<String, String>> = None;
    let chapter_ends = |chapter: Option<BTreeMap<String, String>>,
                        found: &mut BTreeMap<String, Vec<String>>| {
        if let Some(chapter) = chapter {
            let part = |name: &str| chapter.get(name).cloned().unwrap_or_default();
            let words = format!("{}-{} {}", part("start"), part("end"), part("title"));
            found.entry("~chapters".to_owned()).or_default().push(words);
        }
    };
    for line in logical_lines(text) {
        if line
            == [('[', false)].into_iter().chain("CHAPTER]".chars().map(|c| (c, false))).collect::<Vec<_>>()
        {
            chapter_ends(chapter.replace(BTreeMap::new()), &mut found);
            continue;
        }
        let Some(at) = line.iter().position(|letter| *letter == ('=', false)) else { continue };
        let words = |letters: &[(char, bool)]| letters.iter().map(|(letter, _)| *letter).collect::<String>();
        let name = words(line.get(..at).unwrap_or_default()).to_lowercase();
        let value = words(line.get(at + 1..).unwrap_or_default());
        match &mut chapter {
            Some(chapter) => {
                chapter.insert(name, value);
            }
            None => found.entry(name).or_default().push(value),
        }
    }
    chapter_ends(chapter, &mut found);
    found
}

/// Lines of letters, each with whether a backslash stood before it.
fn logical_lines(text: &str) -> Vec<Vec<(char, bool)>> {
    let mut lines = vec![Vec::new()];
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => {
                lines.last_mut().into_iter().for_each(|line| line.extend(letters.next().map(|c| (c, true))));
            }
            '\n' => lines.push(Vec::new()),
            other => lines.last_mut().into_iter().for_each(|line| line.push((other, false))),
        }
    }
    lines
}
