//! Unmounting without a disk service, by the system's own programs. They know whose mount it is: a user may unmount
//! what is the user's own, and nothing else.

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::holders::holders;
use super::{Ejected, Volume};
use crate::detect::System;
use crate::error::DeviceError;

/// Everything was flushed before; what takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(120);
const LONGEST_MESSAGE: u64 = 2000;

pub(crate) fn unmount_all(system: &System, volumes: &[Volume]) -> Result<Ejected, DeviceError> {
    let mut ejected = Ejected::default();
    for Volume { mount, .. } in volumes {
        if let Err(said) = run("umount", &[Path::new("--"), mount]) {
            let holders = holders(system, mount);
            if !holders.is_empty() || said.contains("busy") {
                return Err(DeviceError::Busy { mount: mount.clone(), holders });
            }
            let reason = format!("udisks, the service for it, is not running; umount: {said}");
            return Err(DeviceError::NotUnmounted { mount: mount.clone(), reason });
        }
        ejected.unmounted.push(mount.clone());
    }
    Ok(ejected)
}

/// The whole disk of a folder, where the system has a command for it.
pub(crate) fn eject_folder(folder: &Path) -> Result<Ejected, DeviceError> {
    let ran = if cfg!(target_os = "macos") {
        run("diskutil", &[Path::new("eject"), folder])
    } else {
        Err("ferrotape does not know how to do that on this system; use its own way to eject".to_owned())
    };
    match ran {
        Ok(()) => Ok(Ejected { unmounted: vec![folder.to_owned()], ..Ejected::default() }),
        Err(reason) => Err(DeviceError::NotUnmounted { mount: folder.to_owned(), reason }),
    }
}

/// Runs a program; what it complained about if it failed, hung or is not there.
fn run(program: &str, args: &[&Path]) -> Result<(), String> {
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    let began = Instant::now();
    let status = loop {
        match child.try_wait().map_err(|error| error.to_string())? {
            Some(status) => break status,
            None if began.elapsed() < PATIENCE => sleep(Duration::from_millis(20)),
            None => {
                let _ = child.kill().and_then(|()| child.wait());
                return Err(format!("gave no answer for {} seconds", PATIENCE.as_secs()));
            }
        }
    };
    let mut said = String::new();
    if let Some(stderr) = child.stderr.take() {
        let _ = stderr.take(LONGEST_MESSAGE).read_to_string(&mut said);
    }
    let said: Vec<&str> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if status.success() { Ok(()) } else { Err(said.join("; ")) }
}
