//! What feeds come to.
