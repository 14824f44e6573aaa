//! What links can tell when the user allows asking.

use ferrotape_domain::Fault;
use ferrotape_services::spotify_links::SpotifyLinks;

pub use ferrotape_services::spotify_links::SpotifyLinks as LinksOnline;

/// Asks over the network; `stand_in` is an address of this computer that answers instead.
pub fn links_online(stand_in: Option<&str>) -> Result<SpotifyLinks, Fault> {
    SpotifyLinks::new(stand_in)
}
