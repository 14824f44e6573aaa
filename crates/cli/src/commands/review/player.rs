//! Playing a few seconds of a candidate through a program of the user's.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use ferrotape_domain::{AudioFormat, Offer};

use crate::error::CliError;

/// So long is enough to tell a live take from a studio one.
const SECONDS: u64 = 15;

/// A player that is looked for, and how it plays one file for a while without a window.
struct Known {
    program: &'static str,
    args: &'static [&'static str],
    /// How it is told to begin at a second.
    from: Option<fn(u64) -> Vec<String>>,
    only_mp3: bool,
}

/// In the order in which they are tried.
const KNOWN: [Known; 4] = [
    Known {
        program: "mpv",
        args: &["--no-video", "--no-terminal", "--length=15", "--"],
        from: Some(|second| vec![format!("--start={second}")]),
        only_mp3: false,
    },
    Known {
        program: "ffplay",
        args: &["-nodisp", "-autoexit", "-loglevel", "quiet", "-t", "15", "-i"],
        from: Some(|second| vec!["-ss".to_owned(), second.to_string()]),
        only_mp3: false,
    },
    Known { program: "mpg123", args: &["-q"], from: None, only_mp3: true },
    Known {
        program: "vlc",
        args: &["--intf", "dummy", "--play-and-exit", "--run-time=15"],
        from: Some(|second| vec![format!("--start-time={second}")]),
        only_mp3: false,
    },
];

/// Plays one file at a time, and never for long.
pub(super) struct Player {
    /// The user's own program with its arguments.
    own: Vec<String>,
    playing: Option<Playing>,
}

struct Playing {
    child: Child,
    until: Instant,
}

impl Player {
    /// With the user's own command, when one is named.
    pub(super) fn new(own: Option<&str>) -> Result<Self, CliError> {
        let own = match own {
            None => Vec::new(),
            Some(command) => shlex::split(command).filter(|words| !words.is_empty()).ok_or_else(|| {
                CliError::usage(format!("--play-with “{command}” is no command line"))
                    .hint("quotes must be closed: --play-with \"mpv --no-video\"")
            })?,
        };
        Ok(Self { own, playing: None })
    }

    /// Starts playing `offer`; the error says why it cannot.
    pub(super) fn play(&mut self, offer: &Offer) -> Result<(), String> {
        self.stop();
        let child = self.start(offer)?;
        self.playing = Some(Playing { child, until: Instant::now() + Duration::from_secs(SECONDS) });
        Ok(())
    }

    fn start(&self, offer: &Offer) -> Result<Child, String> {
        let (file, is_mp3) = (&offer.path, offer.facts.format == AudioFormat::Mp3);
        let second = offer.part.map_or(0, |part| part.start / u64::from(part.sample_rate.max(1)));
        if let Some((program, args)) = self.own.split_first() {
            if second > 0 {
                let (minute, second) = (second / 60, second % 60);
                return Err(format!(
                    "it begins at {minute}:{second:02} of {}, which {program} cannot be told",
                    file.display()
                ));
            }
            return spawn(program, args.iter().map(String::as_str), file)
                .map_err(|error| format!("{program} could not be started ({error})"));
        }
        let fits = |known: &&Known| (is_mp3 || !known.only_mp3) && (second == 0 || known.from.is_some());
        for known in KNOWN.iter().filter(fits) {
            let from = known.from.filter(|_| second > 0).map(|from| from(second)).unwrap_or_default();
            let args = from.iter().map(String::as_str).chain(known.args.iter().copied());
            match spawn(known.program, args, file) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(format!("{} could not be started ({error})", known.program)),
                Ok(child) => return Ok(child),
            }
        }
        Err("no player was found – install mpv or ffplay, or name yours with --play-with CMD".to_owned())
    }

    /// Ends what has played long enough.
    pub(super) fn tick(&mut self) {
        let Some(playing) = &mut self.playing else { return };
        let ended = matches!(playing.child.try_wait(), Ok(Some(_)) | Err(_));
        if ended {
            self.playing = None;
        } else if Instant::now() >= playing.until {
            self.stop();
        }
    }

    /// Ends it now.
    pub(super) fn stop(&mut self) {
        let Some(mut playing) = self.playing.take() else { return };
        // A player may be a script that started another program.
        #[cfg(unix)]
        if let Some(group) = rustix::process::Pid::from_raw(i32::try_from(playing.child.id()).unwrap_or(0)) {
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        let _ = playing.child.kill();
        let _ = playing.child.wait();
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        self.stop();
    }
}

fn spawn<'a>(program: &str, args: impl Iterator<Item = &'a str>, file: &Path) -> std::io::Result<Child> {
    let mut command = Command::new(program);
    // Its own group, so that all of it can be ended; nothing of it may speak into the dialogue.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.args(args).arg(file).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()
}
