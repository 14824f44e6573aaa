//! Where a feed is, and how it and its episodes are named without anything secret.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ferrotape_domain::PRIVATE_FEED;

use super::addresses::{host, may_hold_a_key, resolved, sum, without_login};

/// Where a feed is. Its `Debug` shows the host alone.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// Without name and password.
    address: String,
    login: Option<(String, String)>,
    /// Its address may hold a key: it is written nowhere.
    is_private: bool,
    /// No directory names it, as far as is known: whether its address holds a key is only guessed, and so it is written
    /// into no finished file.
    by_user: bool,
    /// The user typed it, and so it may be in their own network.
    typed: bool,
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Place({})", self.host())
    }
}

impl Place {
    /// A feed that everybody can find.
    pub(super) fn public(address: &str) -> Option<Self> {
        let place = Self::of_user(address)?;
        place.login.is_none().then_some(Self { is_private: false, by_user: false, ..place })
    }

    /// A feed that the user named.
    pub(super) fn of_user(address: &str) -> Option<Self> {
        let (address, login) = without_login(&resolved(address, address)?);
        let is_private = login.is_some() || may_hold_a_key(&address);
        Some(Self { address, login, is_private, by_user: true, typed: false })
    }

    /// A feed whose address the user typed. What stands in a list may be of anybody.
    pub(super) fn typed(address: &str) -> Option<Self> {
        Self::of_user(address).map(|place| Self { typed: true, ..place })
    }

    /// Where it says that it has moved to, for feeds that are not private; who named it stays the same.
    pub(super) fn moved_to(&self, address: &str) -> Option<Self> {
        Self::public(address).map(|place| Self { by_user: self.by_user, ..place })
    }

    /// All of it but name and password; may be secret.
    pub(super) fn reveal(&self) -> &str {
        &self.address
    }

    pub(super) fn is_private(&self) -> bool {
        self.is_private
    }

    /// Whether everybody can find it: its address may stand in finished files.
    pub(super) fn is_public(&self) -> bool {
        !self.is_private && !self.by_user
    }

    pub(super) fn is_by_user(&self) -> bool {
        self.by_user
    }

    pub(super) fn is_typed(&self) -> bool {
        self.typed
    }

    /// The host, for people.
    pub(super) fn host(&self) -> &str {
        host(&self.address)
    }

    /// How it is named in records: its address, or a sum of it that says nothing.
    pub(super) fn name(&self) -> String {
        let login = self.login.as_ref().map(|(name, _)| name.as_str()).unwrap_or_default();
        if self.is_private {
            format!("{PRIVATE_FEED}{}", sum(&[&self.address, login]))
        } else {
            self.address.clone()
        }
    }

    /// The value of `Authorization` for an address, where that is on the feed's own host.
    pub(super) fn login_for(&self, address: &str) -> Option<String> {
        let (name, password) = self.login.as_ref()?;
        let is_encrypted = |address: &str| address.starts_with("https://");
        let is_its_own = host(address) == self.host() && is_encrypted(address) == is_encrypted(&self.address);
        is_its_own.then(|| Self::basic(name, password))
    }

    /// The value of `Authorization` for a name and password.
    pub(super) fn basic(name: &str, password: &str) -> String {
        format!("Basic {}", STANDARD.encode(format!("{name}:{password}")))
    }

    /// How an episode of it is named.
    pub(super) fn episode_name(&self, id: &str) -> String {
        if self.is_private { sum(&[id]) } else { id.to_owned() }
    }

    /// How an episode of it is named in finished files, which go to others: ids are often made of addresses.
    pub(super) fn id_in_files(&self, id: &str) -> String {
        if self.is_public() { id.to_owned() } else { sum(&[id]) }
    }

    /// [`ferrotape_domain::RemoteOffer::id`] of an episode.
    pub(super) fn offer_id(&self, episode: &str) -> String {
        format!("{} {}", self.name(), self.episode_name(episode))
    }
}

/// The feed's and the episode's name in an offer's id.
pub(super) fn names_of(offer_id: &str) -> Option<(&str, &str)> {
    // Addresses have no spaces.
    offer_id.split_once(' ').filter(|(feed, episode)| !feed.is_empty() && !episode.is_empty())
}

/// The public feed of this name.
pub(super) fn public_of(name: &str) -> Option<Place> {
    (!name.starts_with(PRIVATE_FEED)).then(|| Place::public(name)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_feeds_are_named_by_sums() {
        let secrets =
            ["https://me:hunter2@feeds.example.org/show", "https://feeds.example.org/show?auth=hunter2"];
        for address in secrets {
            let Some(place) = Place::of_user(address) else { panic!("{address} is one") };
            let said = format!("{place:?} {} {}", place.name(), place.offer_id("https://x/?auth=hunter2"));
            assert!(place.is_private() && !said.contains("hunter2") && !said.contains("/show"), "{said}");
            assert_eq!(public_of(&place.name()), None);
        }
        let public = Place::of_user("https://feeds.example.org/low-tide.xml");
        let id = public.as_ref().map(|place| place.offer_id("tide 1")).unwrap_or_default();
        assert_eq!(names_of(&id), Some(("https://feeds.example.org/low-tide.xml", "tide 1")));
        let again = public_of("https://feeds.example.org/low-tide.xml");
        assert_eq!(again.as_ref().map(Place::name), public.as_ref().map(Place::name));
        assert!(
            again.is_some_and(|place| place.is_public()) && public.is_some_and(|place| !place.is_public())
        );
    }

    #[test]
    fn a_feed_that_the_user_named_stays_theirs_when_it_moves() {
        let to = "https://new.example.org/feed";
        for (place, is_public) in [
            (Place::of_user("https://feeds.example.org/show"), false),
            (Place::public("https://feeds.example.org/show"), true),
        ] {
            let moved = place.and_then(|place| place.moved_to(to));
            assert_eq!(
                moved.map(|moved| (moved.name(), moved.is_public())),
                Some((to.to_owned(), is_public))
            );
        }
    }

    #[test]
    fn a_login_goes_to_its_own_host_only() {
        let place = Place::of_user("https://me:pw@feeds.example.org/show");
        let login = |address: &str| place.as_ref().and_then(|place| place.login_for(address));
        assert_eq!(login("https://feeds.example.org/1.mp3").as_deref(), Some("Basic bWU6cHc="));
        assert_eq!(login("https://cdn.example.org/1.mp3"), None);
        assert_eq!(login("http://feeds.example.org/1.mp3"), None);
        assert_eq!(Place::public("https://me:pw@feeds.example.org/show"), None);
    }
}
