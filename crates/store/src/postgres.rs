//! Every query, compiled once more against PostgreSQL. Nothing here runs: it keeps the queries portable.
#![expect(clippy::duplicate_mod, reason = "compiling the same queries twice is the purpose")]
#![allow(dead_code, unused_imports, reason = "nothing calls these yet")]

pub(crate) type Db = diesel::PgConnection;

#[path = "queries/mod.rs"]
pub(crate) mod queries;
