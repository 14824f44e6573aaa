//! The user's account, by the one service that there is.

use ferrotape_domain::Fault;
use ferrotape_engine::account::KeptAnswers;
use ferrotape_services::spotify_account::{SpotifyAccount, SystemClock};

use crate::OpenLibrary;

pub use ferrotape_services::spotify_account::{
    Addresses as AccountAddresses, PullState, SpotifyAccount as ConnectedAccount, Standing,
};

/// The account whose tokens lie beside the library.
pub fn account(opened: &OpenLibrary, addresses: AccountAddresses) -> Result<SpotifyAccount, Fault> {
    SpotifyAccount::new(&opened.folder, addresses, Box::new(SystemClock::default()))
}

/// How far the account's last pull came, as far as it is kept.
pub fn last_pull(account: &SpotifyAccount, opened: &OpenLibrary) -> Result<PullState, Fault> {
    account.last_pull(&KeptAnswers(&opened.library))
}
