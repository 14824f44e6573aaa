//! Matching through its public API, on a made-up catalogue.
