//! What a server of the user's calls the album of a file: it knows two albums of one name apart.

use super::keys::{ALBUM, hash};

/// The server and the album's id there, as sums; nothing where no server listed the file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct AlbumAt {
    /// 0 when unknown.
    server: u32,
    album: u32,
}

impl AlbumAt {
    /// Of [`ferrotape_domain::TagSet::album_id`].
    pub(crate) fn of(album_id: Option<&str>) -> Self {
        let told = album_id.and_then(|id| id.split_once(' '));
        told.map_or(Self::default(), |(server, album)| Self {
            server: hash(ALBUM, server).max(1),
            album: hash(ALBUM, album),
        })
    }

    pub(crate) fn is_known(self) -> bool {
        self.server != 0
    }

    /// Whether one server has both, as two albums.
    pub(crate) fn is_apart(self, other: Self) -> bool {
        self.is_known() && self.server == other.server && self.album != other.album
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn albums_of_one_server_are_told_apart_and_those_of_two_are_not() {
        let of = |id: &str| AlbumAt::of(Some(id));
        let own = of("subsonic:home al-1");
        assert!(own.is_apart(of("subsonic:home al-2")) && own.is_apart(of("subsonic:home al 1")));
        for other in [of("subsonic:home al-1"), of("jellyfin:den al-2"), of("al-2"), AlbumAt::of(None)] {
            assert!(!own.is_apart(other) && !other.is_apart(own), "{other:?}");
        }
    }
}
