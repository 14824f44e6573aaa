//! Bytes in, wishlist out: links, data exports, CSV, M3U. No network.
