//! Player profiles, layout, plan, copy and playlists on the player.
