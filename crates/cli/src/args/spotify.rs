//! `ferrotape spotify …`: the connected account.

use clap::Subcommand;
use ferrotape_app::AccountAddresses;

/// Your own Spotify account, read through the Web API. Optional: the data export needs none of this.
///
/// You make a client id once (docs/account.md), agree in your browser, and pull: saved tracks, albums, episodes,
/// podcasts, audiobooks, playlists with their entries, followed artists. Only reading is asked for. Answers are kept
/// for 30 days, so that a pull that is cut off goes on from there and the next one asks only for what is new.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ferrotape spotify connect --client-id 0123456789abcdef0123456789abcdef\n  \
ferrotape spotify pull\n  ferrotape convert --to ~/player          what was pulled, from your own music\n  \
ferrotape spotify disconnect             forgets the tokens and what only the account said"
)]
pub(crate) struct Spotify {
    #[command(subcommand)]
    pub(crate) verb: SpotifyVerb,

    #[command(flatten)]
    pub(crate) addresses: AddressFlags,
}

/// Where Spotify's servers are: for tests and stand-ins, so hidden.
#[derive(Debug, clap::Args)]
pub(crate) struct AddressFlags {
    /// Where the Web API is; https, or a stand-in on this computer
    #[arg(long, global = true, hide = true, value_name = "URL")]
    pub(crate) api_address: Option<String>,

    /// Where users sign in; https, or a stand-in on this computer
    #[arg(long, global = true, hide = true, value_name = "URL")]
    pub(crate) accounts_address: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SpotifyVerb {
    /// Connect your account: opens Spotify's page in your browser and waits until you agree, five minutes at most
    ///
    /// Do it again before six months are over: Spotify ends every agreement then.
    Connect {
        /// Your client id; not needed again once one is known
        #[arg(long, value_name = "ID")]
        client_id: Option<String>,

        /// Only print the address of the page
        #[arg(long)]
        no_browser: bool,
    },
    /// Fetch your library; asks only for what may have changed, and goes on where it was cut off
    Pull {
        /// Take over playlists that came back much shorter than last time, too
        #[arg(long)]
        accept_shrink: bool,
    },
    /// Show how the connection stands: since when, until when, the last pull, what is kept
    Status,
    /// Forget the account: its tokens, its answers, and what came from it only
    Disconnect,
    /// Delete kept answers; what was imported from them stays
    Purge {
        /// Only those that are older than this; 0 deletes all
        #[arg(long, value_name = "DAYS", default_value_t = ferrotape_engine::account::EXPIRY_DAYS)]
        older_than: u32,
    },
}

impl AddressFlags {
    /// Where the two servers are.
    pub(crate) fn of_account(&self) -> AccountAddresses {
        let usual = AccountAddresses::default();
        AccountAddresses {
            accounts: self.accounts_address.clone().unwrap_or(usual.accounts),
            api: self.api_address.clone().unwrap_or(usual.api),
        }
    }
}
