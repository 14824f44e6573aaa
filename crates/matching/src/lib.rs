//! Which offer is the wanted recording, and why. Pure: no I/O at all.
