//! QEMU's monitor, to pull out a device.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

/// Pulls out a device by its name.
pub(super) fn unplug(socket: &Path, device: &str) -> Result<()> {
    let stream = UnixStream::connect(socket).context("QEMU's monitor does not answer")?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let mut lines = BufReader::new(stream.try_clone()?);
    let mut greeting = String::new();
    lines.read_line(&mut greeting)?;
    let delete = format!(r#"{{"execute":"device_del","arguments":{{"id":"{device}"}}}}"#);
    for order in [r#"{"execute":"qmp_capabilities"}"#, &delete] {
        (&stream).write_all(format!("{order}\n").as_bytes())?;
        let answer = answer(&mut lines)?;
        ensure!(answer.contains("\"return\""), "QEMU does not {order}: {answer}");
    }
    Ok(())
}

/// The next answer; events of other things come between.
fn answer(lines: &mut impl BufRead) -> Result<String> {
    loop {
        let mut line = String::new();
        ensure!(lines.read_line(&mut line)? > 0, "QEMU's monitor ended");
        if !line.contains("\"event\"") {
            return Ok(line);
        }
    }
}
