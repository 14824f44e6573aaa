//! The virtual machine: one processor, a gigabyte, Debian's kernel, busybox and the program. It does one job, says on its
//! serial line how each step ended, and turns itself off.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use super::archive::Archive;
use super::disks::Disks;
use super::kernel::Kernel;
use super::monitor;
use super::tool::{self, words};

/// What the guest does at its start. The job is in an archive of its own; the program on the first disk.
const INIT: &str = r#"#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev; mount -t tmpfs tmp /tmp
for module in /modules/*; do insmod $module || echo "insmod $module failed"; done
mount -o ro /dev/vda /tools
export HOME=/tmp PATH=/bin:/tools
step() { name=$1; shift; echo; echo "@@step $name"; "$@" 2>&1; code=$?; echo; echo "@@end $name $code"; }
patiently() { for turn in $(seq 100); do "$@" && return 0; sleep 0.2; done; echo "waited in vain: $*"; return 1; }
. /job
echo; echo "@@done"
poweroff -f
"#;
/// A start takes seconds where the processor helps, and half a minute where it is emulated on a busy machine.
const FIRST_TRY: Duration = Duration::from_secs(20);
const PATIENCE: Duration = Duration::from_secs(600);
/// A cut is to follow closely upon its write.
const LOOK_EVERY: Duration = Duration::from_millis(5);

pub(super) struct Machine {
    dir: PathBuf,
    kernel: PathBuf,
    base: Vec<u8>,
    tools: PathBuf,
    processor: &'static [&'static str],
}

/// What a guest said until its end.
pub(super) struct Said {
    pub(super) text: String,
    pub(super) took: Duration,
}

impl Said {
    /// How a step ended; `None` if it did not.
    pub(super) fn code(&self, step: &str) -> Option<i32> {
        let end = format!("@@end {step} ");
        self.text.lines().find_map(|line| line.trim().strip_prefix(&end)?.parse().ok())
    }

    /// What a step printed.
    pub(super) fn of(&self, step: &str) -> &str {
        let after = self.text.split_once(&format!("@@step {step}")).map_or("", |(_, after)| after);
        after.split_once("@@end").map_or(after, |(words, _)| words).trim()
    }

    pub(super) fn is_done(&self) -> bool {
        self.text.contains("@@done")
    }

    /// All of these steps ended well.
    pub(super) fn well(&self, steps: &[&str]) -> Result<()> {
        for step in steps {
            let code = self.code(step);
            ensure!(code == Some(0), "{step} ended with {code:?} in the guest – it said: {}", self.of(step));
        }
        ensure!(self.is_done(), "the guest did not come to its end – it said: {}", self.text.trim());
        Ok(())
    }
}

/// What is to happen to a guest once its disks say that it is time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strike {
    Nothing,
    /// QEMU is ended.
    PowerCut,
    /// Likewise, as soon as a step has ended well, whatever the disks say.
    PowerCutAfter(&'static str),
    /// The device of this name is pulled out.
    Unplug(&'static str),
}

impl Machine {
    pub(super) fn set_up(dir: &Path, kernel: Kernel, program: &Path) -> Result<Self> {
        let mut base = Archive::default();
        for folder in ["dev", "proc", "sys", "tmp", "tools", "player", "bin"] {
            base.folder(folder);
        }
        base.file("init", INIT.as_bytes());
        base.file("bin/busybox", &fs::read("/bin/busybox").context("/bin/busybox")?);
        for library in libraries(program)? {
            let bytes = fs::read(&library).with_context(|| library.clone())?;
            base.file(library.trim_start_matches('/'), &bytes);
        }
        for module in &kernel.modules {
            let name = module.file_name().unwrap_or_default().to_string_lossy();
            base.file(&format!("modules/{name}"), &fs::read(module)?);
        }
        let tools = dir.join("tools.img");
        let folder = dir.join("tools");
        fs::create_dir_all(&folder)?;
        // A debug build is twice as large with all that debuggers need.
        if tool::said("strip", &["-o", &words(&folder.join("ferrotape")), &words(program)]).is_err() {
            fs::copy(program, folder.join("ferrotape"))?;
        }
        ext4(&folder, &tools, fs::metadata(folder.join("ferrotape"))?.len() / (1 << 20) + 16)?;
        let base = base.finish();
        let mut machine = Self { dir: dir.to_owned(), kernel: kernel.image, base, tools, processor: &[] };
        machine.processor = machine.processor()?;
        Ok(machine)
    }

    /// The processor's own help, where a guest really starts with it.
    fn processor(&mut self) -> Result<&'static [&'static str]> {
        if Path::new("/dev/kvm").exists() {
            self.processor = &["-accel", "kvm", "-cpu", "host"];
            if self.start("", &[], None, Strike::Nothing, FIRST_TRY).is_ok_and(|said| said.is_done()) {
                return Ok(self.processor);
            }
            println!("machine: /dev/kvm is there, but no guest starts with it");
        }
        println!("machine: the processor is emulated");
        self.processor = &["-accel", "tcg", "-cpu", "max"];
        self.start("", &[], None, Strike::Nothing, PATIENCE)?.well(&[])?;
        Ok(self.processor)
    }

    /// Starts a guest with these devices behind the first disk, and has it do a job.
    pub(super) fn run(
        &self,
        job: &str,
        devices: &[String],
        disks: Option<&Disks>,
        strike: Strike,
    ) -> Result<Said> {
        self.start(job, devices, disks, strike, PATIENCE)
    }

    fn start(
        &self,
        job: &str,
        devices: &[String],
        disks: Option<&Disks>,
        strike: Strike,
        patience: Duration,
    ) -> Result<Said> {
        let (first_files, serial) = (self.dir.join("first-files"), self.dir.join("serial"));
        let (monitor, said_by_qemu) = (self.dir.join("monitor"), self.dir.join("qemu"));
        let mut with_job = Archive::default();
        with_job.file("job", job.as_bytes());
        fs::write(&first_files, [&self.base[..], &with_job.finish()[..]].concat())?;
        let _ = fs::remove_file(&serial);
        let mut command = Command::new("qemu-system-x86_64");
        command.args("-M q35 -smp 1 -m 1024 -nodefaults -no-user-config -display none -no-reboot".split(' '));
        command.args(self.processor).arg("-kernel").arg(&self.kernel).arg("-initrd").arg(&first_files);
        // What the kernel has to say of a disk that is gone would come between the steps' words.
        command.args(["-append", "console=ttyS0 quiet loglevel=1 panic=-1"]);
        command.arg("-serial").arg(format!("file:{}", words(&serial)));
        command.arg("-qmp").arg(format!("unix:{},server=on,wait=off", words(&monitor)));
        command.args(["-device", "qemu-xhci,id=usb"]).args(disk("tools", &self.tools, true)).args(devices);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(fs::File::create(&said_by_qemu)?);
        let began = Instant::now();
        let mut child = command.spawn().context("could not start qemu-system-x86_64")?;
        let watched = watch(&mut child, disks, strike, (&monitor, &serial), patience);
        // Whatever happened, nothing that was started here is left running.
        let _ = child.kill();
        let _ = child.wait();
        let Said { text, .. } = said_so_far(&serial);
        let complaint = fs::read_to_string(&said_by_qemu).unwrap_or_default();
        watched.with_context(|| format!("the guest said: {} {}", text.trim(), complaint.trim()))?;
        Ok(Said { text, took: began.elapsed() })
    }
}

/// Until the guest turned itself off, or was struck.
fn watch(
    child: &mut Child,
    disks: Option<&Disks>,
    strike: Strike,
    (monitor, serial): (&Path, &Path),
    patience: Duration,
) -> Result<()> {
    let began = Instant::now();
    let mut is_struck = false;
    while child.try_wait()?.is_none() {
        if !is_struck && disks.is_some_and(Disks::is_due) {
            is_struck = true;
            match strike {
                Strike::PowerCut => return Ok(()),
                Strike::Unplug(device) => monitor::unplug(monitor, device)?,
                Strike::Nothing | Strike::PowerCutAfter(_) => {}
            }
        }
        if let Strike::PowerCutAfter(step) = strike
            && said_so_far(serial).code(step) == Some(0)
        {
            return Ok(());
        }
        if began.elapsed() > patience {
            bail!("the guest was not done after {} s", patience.as_secs());
        }
        thread::sleep(LOOK_EVERY);
    }
    Ok(())
}

fn said_so_far(serial: &Path) -> Said {
    let bytes = fs::read(serial).unwrap_or_default();
    Said { text: String::from_utf8_lossy(&bytes).into_owned(), took: Duration::ZERO }
}

/// QEMU's words for a disk in a file.
pub(super) fn disk(name: &str, file: &Path, is_read_only: bool) -> Vec<String> {
    let read_only = if is_read_only { "on" } else { "off" };
    let file = words(file);
    vec![
        "-drive".to_owned(),
        format!("id={name},file={file},format=raw,if=none,readonly={read_only},file.locking=off"),
        "-device".to_owned(),
        format!("virtio-blk-pci,drive={name}"),
    ]
}

/// A file system with what is in a folder.
pub(super) fn ext4(folder: &Path, image: &Path, megabytes: u64) -> Result<()> {
    let _ = fs::remove_file(image);
    fs::File::create(image)?.set_len(megabytes << 20)?;
    tool::said("mke2fs", &["-q", "-t", "ext4", "-d", &words(folder), &words(image)]).map(drop)
}

/// The shared libraries of a program, and what loads them.
fn libraries(program: &Path) -> Result<Vec<String>> {
    let told = tool::said("ldd", &[&words(program)])?;
    Ok(told.split_whitespace().filter(|word| word.starts_with('/')).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_found_in_what_the_guest_says() {
        let text = "\r\n@@step fill\r\nall is well\r\n\r\n@@end fill 0\r\n\r\n@@step look\r\nhm".to_owned();
        let said = Said { text, took: Duration::ZERO };
        assert_eq!((said.code("fill"), said.of("fill")), (Some(0), "all is well"));
        assert_eq!((said.code("look"), said.of("look")), (None, "hm"));
        assert!(said.well(&["fill"]).is_err(), "it did not come to its end");
    }
}
