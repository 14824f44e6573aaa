//! Tools of this machine.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

/// Runs a tool; its words, or its complaint.
pub(super) fn said(tool: &str, args: &[&str]) -> Result<String> {
    let output = Command::new(tool)
        .args(args)
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("could not run {tool}"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    ensure!(output.status.success(), "{tool}: {err} {out}");
    Ok(out)
}

/// The tools of these that are not here.
pub(super) fn missing<'t>(tools: &[&'t str]) -> Vec<&'t str> {
    let is_here = |tool: &str| {
        let script = format!("command -v {tool}");
        Command::new("sh")
            .args(["-c", &script])
            .stdout(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    };
    tools.iter().copied().filter(|tool| !is_here(tool)).collect()
}

pub(super) fn words(path: &Path) -> String {
    path.display().to_string()
}
