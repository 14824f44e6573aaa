//! What every command needs first: where the library is, how to stop, where news goes, what time it is.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use etcetera::BaseStrategy;
use ferrotape_app::{
    AskedPlaces, Network, OpenLibrary, Places, RememberedLinks, Ways, open_to_change, open_to_look,
};
use ferrotape_domain::{Cancel, Event, Fault, LinkLookup, Progress};
use ferrotape_engine::store::WatchedKind;
use ferrotape_engine::{Context, account as engine};

use crate::args::{Args, Command};
use crate::error::{CliError, STOPPED};
use crate::output;
use crate::progress::Reporter;

/// An open library and all that goes with it, for the length of one command.
pub(crate) struct Session {
    pub(crate) opened: OpenLibrary,
    pub(crate) reporter: Reporter,
    pub(crate) cancel: Cancel,
    pub(crate) now: i64,
    pub(crate) listen: bool,
    /// How the network is used.
    pub(crate) ways: Ways,
    links: Option<RememberedLinks>,
}

impl Session {
    /// For commands that change the library; waits for another ferrotape to finish.
    pub(crate) fn to_change(args: &Args) -> Result<Self, CliError> {
        let cancel = stop_on_signal();
        let folder = library_folder(args)?;
        let opened = open_to_change(&folder, &on_wait, &cancel)?;
        let session = Self::around(opened, cancel, args)?;
        session.purge_expired()?;
        Ok(session)
    }

    /// For a command that waits for the user before it changes something: [`Session::hold`] ends the waiting.
    pub(crate) fn to_change_later(args: &Args) -> Result<Self, CliError> {
        let cancel = stop_on_signal();
        Self::around(open_to_look(&library_folder(args)?)?, cancel, args)
    }

    /// From here on as [`Session::to_change`].
    pub(crate) fn hold(&mut self) -> Result<(), CliError> {
        self.opened.hold(&on_wait, &self.cancel)?;
        self.purge_expired()
    }

    /// The music folders that were looked through before.
    pub(crate) fn music_folders(&self) -> Result<Vec<PathBuf>, CliError> {
        let watched = self.opened.library.watched()?.into_iter();
        Ok(watched.filter(|place| place.kind == WatchedKind::Music).map(|place| place.path).collect())
    }

    /// Answers of an account expire, whether or not the account is used again.
    fn purge_expired(&self) -> Result<(), CliError> {
        engine::purge(engine::EXPIRY_DAYS, &self.context())?;
        Ok(())
    }

    /// For commands that only look.
    pub(crate) fn to_look(args: &Args) -> Result<Self, CliError> {
        let cancel = stop_on_signal();
        let folder = library_folder(args)?;
        if !folder.exists() {
            return Err(CliError::new(format!("there is no library at {} yet", folder.display()))
                .hint("`ferrotape convert`, `import` and `scan` make one; or name another with --library"));
        }
        let opened = open_to_look(&folder)?;
        Self::around(opened, cancel, args)
    }

    fn around(opened: OpenLibrary, cancel: Cancel, args: &Args) -> Result<Self, CliError> {
        let reporter = Reporter::new(args.json, args.quiet);
        let listen = match &args.command {
            Command::Convert(convert) => !convert.no_listen,
            Command::Match(matching) => !matching.no_listen,
            Command::Review(review) => !review.no_listen,
            _ => true,
        };
        let online = match &args.command {
            Command::Convert(convert) => Some(&convert.rules),
            Command::Import(import) => Some(&import.rules),
            _ => None,
        };
        let now = jiff::Timestamp::now().as_second();
        let online = online.filter(|rules| rules.online);
        let links =
            online.map(|rules| ferrotape_app::links_online(rules.links_address.as_deref())).transpose();
        let shown = |fault: Fault| CliError::fault(&fault, now);
        let ways =
            Ways { stand_in: args.stand_in.clone(), on_wait: Some(on_service_wait), ..Ways::default() };
        let remembering = |links| Ok(Network::new(&opened.folder, &ways)?.remembering_links(links));
        let links = links.and_then(|links| links.map(remembering).transpose()).map_err(shown)?;
        Ok(Self { opened, reporter, cancel, now, listen, ways, links })
    }

    /// Tells of a fault that stops nothing.
    pub(crate) fn context_warn(&self, fault: &Fault) {
        let (subject, says) = (fault.source.clone(), fault.reason.clone());
        self.reporter.event(Event::Warning { subject, says });
    }

    /// The client that all services are asked by.
    pub(crate) fn network(&self) -> Result<Network, CliError> {
        Network::new(&self.opened.folder, &self.ways).map_err(|fault| CliError::fault(&fault, self.now))
    }

    /// The places that may be asked; none, and a word about it, where their settings cannot be read.
    pub(crate) fn places_of(&self, network: &Network) -> AskedPlaces {
        network.places(&self.opened).unwrap_or_else(|error| {
            let subject = "sources".to_owned();
            let says = format!("{error}. Until then nobody is asked");
            self.reporter.event(Event::Warning { subject, says });
            network.no_places(&self.opened)
        })
    }

    /// What is set up; `None`, and a word about it, where that cannot be read.
    pub(crate) fn settings(&self) -> Option<Places> {
        match Places::load(&self.opened.folder) {
            Ok(places) => Some(places),
            Err(error) => {
                let (subject, says) = ("sources".to_owned(), error.to_string());
                self.reporter.event(Event::Warning { subject, says });
                None
            }
        }
    }

    pub(crate) fn context(&self) -> Context<'_> {
        Context {
            library: &self.opened.library,
            progress: &self.reporter,
            cancel: &self.cancel,
            now: self.now,
            listen: self.listen,
            links: self.links.as_ref().map(|links| links as &dyn LinkLookup),
        }
    }
}

fn on_wait(holder: &str) {
    output::talk(&format!("{holder} is using the library; waiting until it has finished (Ctrl-C stops)"));
}

fn on_service_wait(line: &str) {
    let says = format!("another ferrotape is using {line}; waiting for a turn there (Ctrl-C stops)");
    output::talk(&output::plain(&says));
}

pub(crate) fn library_folder(args: &Args) -> Result<PathBuf, CliError> {
    if let Some(folder) = &args.library {
        return Ok(folder.clone());
    }
    let strategy = etcetera::choose_base_strategy().map_err(|_| {
        CliError::usage("your home folder is not known, so the library has no default place")
            .hint("name one with --library PATH")
    })?;
    Ok(strategy.data_dir().join("ferrotape"))
}

/// Where converted music is kept; `None` where the home folder is not known.
pub(crate) fn cache_folder() -> Option<PathBuf> {
    let strategy = etcetera::choose_base_strategy().ok()?;
    Some(strategy.cache_dir().join("ferrotape").join("converted"))
}

/// The first Ctrl-C asks all threads to stop at their next safe point; the second ends the program at once, which
/// loses nothing but time.
pub(crate) fn stop_on_signal() -> Cancel {
    let cancel = Cancel::default();
    let asked = AtomicU32::new(0);
    let flag = cancel.clone();
    let set = ctrlc::set_handler(move || {
        flag.stop();
        if asked.fetch_add(1, Ordering::SeqCst) == 0 {
            output::talk("stopping – finishing what is safe to finish (Ctrl-C again stops at once)");
        } else {
            #[expect(clippy::exit, reason = "the user insists; every step survives being cut off")]
            std::process::exit(i32::from(STOPPED));
        }
    });
    if set.is_err() {
        output::talk("note: Ctrl-C will stop at once, not gently");
    }
    cancel
}
