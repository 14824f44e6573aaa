//! Settings in, a ready engine out; the one list that names every plug-in.
