//! The ways an MP3 comes to be: ours, each by a function, and the peers that are installed.

use std::fs::File;
use std::num::NonZeroUsize;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use ferrotape_audio::{Cores, LoudnessRequest, LoudnessUse, Mp3Request, Preset, TagStyle, Way, make_mp3};
use ferrotape_domain::{Cancel, TagSet};

use super::files;

/// The peer that CI compares with.
pub(super) const LAME: &str = "LAME, command line";

/// A way to make an MP3.
pub(super) struct Encoder {
    pub(super) name: &'static str,
    /// For file names.
    pub(super) word: &'static str,
    by: fn(&Path, Preset, &Path) -> Result<()>,
}

impl Encoder {
    pub(super) fn encode(&self, wav: &Path, preset: Preset, mp3: &Path) -> Result<()> {
        (self.by)(wav, preset, mp3)
    }
}

/// Our ways of encoding. A new one is a line here.
const OURS: &[Encoder] = &[
    Encoder { name: "ferrotape, one pass", word: "whole", by: whole },
    Encoder { name: "ferrotape, segments", word: "segments", by: segments },
];

const PEERS: &[Encoder] = &[Encoder { name: LAME, word: "lame", by: lame }];

/// Ours, and the peers that this machine has.
pub(super) fn found() -> Vec<Encoder> {
    let installed = |peer: &&Encoder| Command::new(peer.word).arg("--version").output().is_ok();
    let all = OURS.iter().chain(PEERS.iter().filter(installed));
    all.map(|&Encoder { name, word, by }| Encoder { name, word, by }).collect()
}

fn whole(wav: &Path, preset: Preset, mp3: &Path) -> Result<()> {
    ours(wav, preset, mp3, Way::Whole)
}

fn segments(wav: &Path, preset: Preset, mp3: &Path) -> Result<()> {
    // Far shorter than the program's own, so that every sound has seams.
    ours(wav, preset, mp3, Way::Segments(100))
}

fn ours(wav: &Path, preset: Preset, mp3: &Path, way: Way) -> Result<()> {
    // One core: the sounds beside each other take the others.
    let (tags, cancel, cores) = (TagSet::default(), Cancel::default(), Cores::new(NonZeroUsize::MIN));
    let request = Mp3Request {
        source: wav,
        preset,
        tags: &tags,
        style: TagStyle::default(),
        cover: None,
        copy_mp3: false,
        rates: &[],
        constant_rate: false,
        kbps: (0, 320),
        way,
        loudness: LoudnessRequest { purpose: LoudnessUse::Off, known: None, album: None },
        cores: &cores,
        part: None,
        hear: false,
        sum: false,
        cancel: &cancel,
    };
    let mut out = File::options().read(true).write(true).create(true).truncate(true).open(mp3)?;
    make_mp3(&request, &mut out, &mut |_| {}).map(drop).context("make_mp3")
}

fn lame(wav: &Path, preset: Preset, mp3: &Path) -> Result<()> {
    let mut command = Command::new("lame");
    command.arg("--quiet");
    match preset {
        Preset::V0 => command.args(["-V", "0"]),
        Preset::V2 => command.args(["-V", "2"]),
        Preset::Cbr(kbps) => command.args(["--cbr", "-b", &kbps.to_string()]),
    };
    files::well(command.arg(wav).arg(mp3), wav).map(drop)
}
