//! A kernel of Debian's that has what this machine's may lack: unpacked below the target folder, never installed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::tool::{self, words};
use crate::workspace;

/// The general kernel: the one for clouds has no USB.
const PACKAGE: &str = "linux-image-amd64";
/// What the guest needs; what these need is found out. What is built in is no module.
const MODULES: [&str; 12] = [
    "virtio_pci",
    "virtio_blk",
    "crc32c_generic",
    "ext4",
    "xhci_pci",
    "usb_storage",
    "sd_mod",
    "vfat",
    "exfat",
    "nls_cp437",
    "nls_ascii",
    "nls_utf8",
];

pub(super) struct Kernel {
    pub(super) image: PathBuf,
    /// In the order that they are to be loaded.
    pub(super) modules: Vec<PathBuf>,
}

/// The kernel of an earlier run, or one that is downloaded now.
pub(super) fn get() -> Result<Kernel> {
    let dir = workspace::scratch("machine")?.join("kernel");
    if !dir.join("image").exists() {
        let unpacked =
            tempfile::Builder::new().prefix("unpacked-").tempdir_in(workspace::scratch("machine")?)?;
        download(unpacked.path())?;
        take(unpacked.path(), &dir)?;
    }
    let mut modules: Vec<PathBuf> =
        fs::read_dir(dir.join("modules"))?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    modules.sort();
    Ok(Kernel { image: dir.join("image"), modules })
}

fn download(to: &Path) -> Result<()> {
    let depends = tool::said("apt-cache", &["depends", PACKAGE])?;
    let exact = depends.lines().find_map(|line| line.trim().strip_prefix("Depends: linux-image-"));
    let exact = exact.with_context(|| format!("apt knows no {PACKAGE}"))?;
    println!("machine: downloading linux-image-{exact} once");
    let script = format!(
        "cd '{}' && apt-get download linux-image-{exact} && dpkg-deb -x linux-image-*.deb .",
        words(to)
    );
    tool::said("sh", &["-c", &script]).map(drop)
}

/// Keeps the kernel and the modules that are needed; a whole package is 400 MB.
fn take(unpacked: &Path, dir: &Path) -> Result<()> {
    let found = tool::said("find", &[&words(unpacked), "-name", "*.ko"])?;
    let all: BTreeMap<String, PathBuf> = found
        .lines()
        .map(PathBuf::from)
        .filter_map(|path| Some((path.file_stem()?.to_string_lossy().replace('-', "_"), path)))
        .collect();
    let mut order = Vec::new();
    for module in MODULES {
        add_with_needed(module, &all, &mut order)?;
    }
    fs::create_dir_all(dir.join("modules"))?;
    for (number, name) in order.iter().enumerate() {
        let Some(path) = all.get(name) else { continue };
        fs::copy(path, dir.join("modules").join(format!("{number:02}-{name}.ko")))?;
    }
    let image = tool::said("find", &[&words(&unpacked.join("boot")), "-name", "vmlinuz-*"])?;
    let image = image.lines().next().context("the package has no kernel")?;
    // Last and by rename: it says that all is there.
    fs::copy(image, dir.join("image.new"))?;
    fs::rename(dir.join("image.new"), dir.join("image")).context("could not keep the kernel")
}

/// A module says in itself which others it needs.
fn add_with_needed(name: &str, all: &BTreeMap<String, PathBuf>, order: &mut Vec<String>) -> Result<()> {
    let name = name.replace('-', "_");
    let Some(path) = all.get(&name).filter(|_| !order.contains(&name)) else { return Ok(()) };
    let bytes = fs::read(path).with_context(|| words(path))?;
    for needed in needs(&bytes) {
        add_with_needed(&needed, all, order)?;
    }
    order.push(name);
    Ok(())
}

fn needs(module: &[u8]) -> Vec<String> {
    let says = b"\0depends=";
    let Some(at) = module.windows(says.len()).position(|window| window == says) else { return Vec::new() };
    let rest = module.get(at + says.len()..).unwrap_or_default();
    let list = rest.split(|byte| *byte == 0).next().unwrap_or_default();
    String::from_utf8_lossy(list).split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_names_what_it_needs() {
        assert_eq!(needs(b"\x7fELF\0license=GPL\0depends=jbd2,mbcache\0name=ext4\0"), ["jbd2", "mbcache"]);
        assert!(needs(b"\x7fELF\0depends=\0name=fat\0").is_empty());
        assert!(needs(b"none").is_empty());
    }
}
