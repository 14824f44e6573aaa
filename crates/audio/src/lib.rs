//! Probe, decode, resample, loudness, encode MP3, tags, covers.
