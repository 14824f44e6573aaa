//! `cargo xtask hear FILE --out RAW`: a file's decoded sound, for checks against other decoders.
//!
//! Writes all channels interleaved as 32-bit floats (little-endian) and prints one line of JSON: rate, channels,
//! samples per channel, and notes or the error. A panic or a crash is the caller's to see: it runs this as a program of
//! its own, under watch.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use ferrotape_audio::{SoundReader, Unreadable};
use serde_json::json;

use crate::args::Args;

pub(crate) fn run(mut args: Args) -> Result<()> {
    let out: PathBuf = args.required("--out")?;
    let path = PathBuf::from(args.word().context("which file?")?);
    args.finish()?;
    let file = File::create(&out).with_context(|| format!("could not make {}", out.display()))?;
    let mut heard = Heard { raw: BufWriter::with_capacity(1 << 20, file), rate: 0, channels: 0, samples: 0 };
    let notes = hear(&path, &mut heard)?;
    heard.raw.flush().with_context(|| format!("could not write {}", out.display()))?;
    let Heard { rate, channels, samples, .. } = heard;
    let line = match notes {
        Ok(notes) => json!({"rate": rate, "channels": channels, "samples": samples, "notes": notes}),
        Err(problem) => {
            json!({"rate": rate, "channels": channels, "samples": samples, "error": problem.to_string()})
        }
    };
    println!("{line}");
    Ok(())
}

struct Heard {
    raw: BufWriter<File>,
    rate: u32,
    channels: usize,
    samples: u64,
}

/// The inner result is what the library says of the file.
fn hear(path: &Path, heard: &mut Heard) -> Result<Result<Vec<String>, Unreadable>> {
    let mut reader = match SoundReader::open(path) {
        Ok(reader) => reader,
        Err(problem) => return Ok(Err(problem)),
    };
    heard.rate = reader.rate();
    let mut planes = Vec::new();
    loop {
        match reader.next(&mut planes) {
            Ok(true) => write(&planes, heard).context("could not write the sound")?,
            Ok(false) => return Ok(reader.notes()),
            Err(problem) => return Ok(Err(problem)),
        }
    }
}

fn write(planes: &[Vec<f32>], heard: &mut Heard) -> std::io::Result<()> {
    let frames = planes.first().map_or(0, Vec::len);
    heard.channels = planes.len();
    heard.samples += frames as u64;
    for at in 0..frames {
        for plane in planes {
            heard.raw.write_all(&plane.get(at).copied().unwrap_or(0.0).to_le_bytes())?;
        }
    }
    Ok(())
}
