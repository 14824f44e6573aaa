//! The others: which programs do which case, and with which words.
//!
//! Every command is a line of shell with the source in `$1` and the MP3 to write in `$out`. The settings are ours:
//! LAME at V0 or 320 with its usual `-q`, no ReplayGain analysis of LAME's own where loudness is not asked for.

use std::ffi::OsStr;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::super::files;
use super::music::{Input, Kind};
use super::timed::{self, Used};
use crate::workspace;

/// Something to do, and who else does it.
pub(super) struct Case {
    /// As the ratio lines call it.
    pub(super) name: &'static str,
    pub(super) what: &'static str,
    pub(super) input: Kind,
    pub(super) preset: &'static str,
    /// Whether loudness is part of the work.
    pub(super) loudness: bool,
    pub(super) goal: &'static str,
    pub(super) peers: &'static [Peer],
}

/// A program and how it does a case.
pub(super) struct Peer {
    pub(super) name: &'static str,
    /// Must be found on the path.
    program: &'static str,
    command: &'static str,
}

const fn peer(name: &'static str, program: &'static str, command: &'static str) -> Peer {
    Peer { name, program, command }
}

const V0: &[Peer] = &[
    peer(
        "ffmpeg",
        "ffmpeg",
        r#"ffmpeg -nostdin -v error -y -i "$1" -map 0:a:0 -c:a libmp3lame -q:a 0 "$out""#,
    ),
    peer("lame", "lame", r#"flac -dcs "$1" | lame --quiet --noreplaygain -V 0 - "$out""#),
    peer("sox", "sox", r#"sox "$1" -C -0.3 "$out""#),
    peer("freac", "freaccmd", r#"freaccmd --quiet --superfast -e lame -m VBR -q 0 -o "$out" "$1""#),
];

const CBR_320: &[Peer] = &[
    peer(
        "ffmpeg",
        "ffmpeg",
        r#"ffmpeg -nostdin -v error -y -i "$1" -map 0:a:0 -c:a libmp3lame -b:a 320k "$out""#,
    ),
    peer("lame", "lame", r#"flac -dcs "$1" | lame --quiet --noreplaygain -b 320 - "$out""#),
    peer("sox", "sox", r#"sox "$1" -C 320.3 "$out""#),
    peer("freac", "freaccmd", r#"freaccmd --quiet --superfast -e lame -m CBR -b 320 -o "$out" "$1""#),
];

const LOUDNESS: &[Peer] = &[
    peer(
        "ffmpeg-ebur128-peak",
        "ffmpeg",
        r#"ffmpeg -nostdin -v error -y -i "$1" -map 0:a:0 -af ebur128=peak=true:framelog=verbose -c:a libmp3lame -q:a 0 "$out""#,
    ),
    peer(
        "ffmpeg-ebur128",
        "ffmpeg",
        r#"ffmpeg -nostdin -v error -y -i "$1" -map 0:a:0 -af ebur128=framelog=verbose -c:a libmp3lame -q:a 0 "$out""#,
    ),
    peer(
        "ffmpeg-replaygain",
        "ffmpeg",
        r#"ffmpeg -nostdin -v error -y -i "$1" -map 0:a:0 -af replaygain -c:a libmp3lame -q:a 0 "$out""#,
    ),
];

/// A bare copy, which no program that writes these bytes can beat; one that copies the frames, three that copy the file
/// and change its tags, and what most converters do: encode again.
const TAGS: &[Peer] = &[
    peer("cp", "cp", r#"cp --reflink=never "$1" "$out""#),
    peer(
        "ffmpeg-copy",
        "ffmpeg",
        r#"ffmpeg -nostdin -v error -y -i "$1" -map 0 -c copy -id3v2_version 3 -metadata album_artist=Band -metadata genre=Test "$out""#,
    ),
    peer("mid3v2", "mid3v2", r#"cp "$1" "$out" && mid3v2 --TPE2 Band --genre Test "$out""#),
    peer("id3v2", "id3v2", r#"cp "$1" "$out" && id3v2 --TPE2 Band --genre Test "$out""#),
    peer(
        "eyeD3",
        "eyeD3",
        r#"cp "$1" "$out" && eyeD3 -Q --album-artist Band --genre Test "$out" >/dev/null"#,
    ),
    peer(
        "ffmpeg-encode",
        "ffmpeg",
        r#"ffmpeg -nostdin -v error -y -i "$1" -map 0 -c:v copy -c:a libmp3lame -q:a 0 -id3v2_version 3 -metadata album_artist=Band "$out""#,
    ),
];

pub(super) const CASES: &[Case] = &[
    Case {
        name: "a-v0",
        what: "FLACs to V0, no loudness",
        input: Kind::Flacs,
        preset: "v0",
        loudness: false,
        goal: "≥ 1.0 ×",
        peers: V0,
    },
    Case {
        name: "a-320",
        what: "FLACs to 320 kbit/s, no loudness",
        input: Kind::Flacs,
        preset: "320",
        loudness: false,
        goal: "≥ 1.0 ×",
        peers: CBR_320,
    },
    Case {
        name: "b",
        what: "FLACs to V0 with loudness",
        input: Kind::Flacs,
        preset: "v0",
        loudness: true,
        goal: "≥ 1.5 ×",
        peers: LOUDNESS,
    },
    Case {
        name: "c",
        what: "one long FLAC to V0, no loudness",
        input: Kind::Long,
        preset: "v0",
        loudness: false,
        goal: "≥ 0.9 × the cores",
        peers: V0,
    },
    Case {
        name: "d",
        what: "MP3s that only need tags",
        input: Kind::Mp3s,
        preset: "v0",
        loudness: false,
        goal: "≥ 20 ×",
        peers: TAGS,
    },
];

/// Every file of a folder through one command, as many at a time as there are cores, until all is on the disk.
const COLLECTION: &str = r#"export out_folder="$2" one="$3"
find "$1" \( -name '*.flac' -o -name '*.mp3' \) -print0 | xargs -0 -P"$(nproc)" -I{} sh -c '
    name=$(basename "$1"); out="$out_folder/${name%.*}.mp3"
    eval "$one"
' sh {}
sync -f "$2""#;

/// Fetches from Debian what is missing and can be had there. That it failed is no end: who is missing is left out.
pub(super) fn install() -> Result<()> {
    let script = ". scripts/packages.sh
        need time test -x /usr/bin/time
        for program in ffmpeg lame flac sox; do need $program command -v $program; done
        need libsox-fmt-mp3 sh -c 'sox --help | grep -qw mp3'
        need python3-mutagen command -v mid3v2
        install_missing";
    let root = workspace::metadata()?.workspace_root;
    let status = Command::new("bash").args(["-c", script]).current_dir(root).status();
    if !status.context("could not run bash")?.success() {
        eprintln!("bench: not every peer could be installed – going on with those that are there");
    }
    Ok(())
}

/// Whether the peer is here; says so when not.
pub(super) fn found(peer: &Peer, case: &str) -> bool {
    let asked = Command::new("sh").args(["-c", "command -v \"$1\" >/dev/null", "sh", peer.program]).status();
    let found = asked.is_ok_and(|status| status.success());
    if !found {
        println!("{case}: {} is not compared with: there is no {} here", peer.name, peer.program);
    }
    found
}

pub(super) fn run(peer: &Peer, input: &Input) -> Result<Used> {
    let out = tempfile::tempdir_in(files::dir()?)?;
    let word = OsStr::new;
    let words = [word("sh"), word("-c"), word(COLLECTION), word("sh")];
    let paths = [input.folder.as_os_str(), out.path().as_os_str(), word(peer.command)];
    let used = timed::run(&[&words[..], &paths[..]].concat(), out.path())?;
    let written = super::ours::mp3s(out.path())?;
    ensure!(written == input.count, "it wrote {written} of {} MP3s", input.count);
    Ok(used)
}
