//! All that is SQLite's alone: opening, pragmas, migrations, the integrity check.

use std::collections::BTreeSet;
use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::StoreError;

pub(crate) type Db = SqliteConnection;

#[path = "queries/mod.rs"]
pub(crate) mod queries;

/// A set of tables, given anew as often as it is used up.
type Migrations = fn() -> EmbeddedMigrations;

const OF_LIBRARY: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const OF_SERVICES: EmbeddedMigrations = embed_migrations!("migrations/services");

/// WAL lets a reader go on while another process writes. `synchronous = NORMAL` may lose the last moments after a
/// power cut but never damages the file; every command can be run again. With `secure_delete` what is deleted is
/// overwritten at once: pages that were freed by an earlier run could not be found again when the account goes.
const PRAGMAS: &str = "PRAGMA busy_timeout = 30000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; \
     PRAGMA secure_delete = ON; \
     PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32000;";

/// Opens (or makes) the database at `path`, `:memory:` included, and brings its tables up to date.
pub(crate) fn open(path: &Path) -> Result<Db, StoreError> {
    open_with(path, || OF_LIBRARY)
}

/// The same for what is remembered of services.
pub(crate) fn open_services(path: &Path) -> Result<Db, StoreError> {
    open_with(path, || OF_SERVICES)
}

fn open_with(path: &Path, migrations: Migrations) -> Result<Db, StoreError> {
    let doing = "open the library";
    let Some(address) = path.to_str() else {
        let source = std::io::Error::other("its path is not valid UTF-8, which SQLite needs");
        return Err(StoreError::io(path, source));
    };
    let mut db = SqliteConnection::establish(address)
        .map_err(|error| StoreError::io(path, std::io::Error::other(error.to_string())))?;
    db.batch_execute(PRAGMAS).map_err(|error| StoreError::of_query(doing, path, error))?;
    migrate(&mut db, path, migrations)?;
    Ok(db)
}

fn migrate(db: &mut Db, path: &Path, migrations: Migrations) -> Result<(), StoreError> {
    let broken = |error: Box<dyn std::error::Error + Send + Sync>| {
        StoreError::of_message("update the library's tables", path, &error.to_string())
    };
    refuse_newer(db, path, migrations)?;
    // Asked first without a write lock, so that opening never waits for another process's long import.
    let pending = db.has_pending_migration(migrations());
    if !pending.map_err(broken)? {
        return Ok(());
    }
    db.immediate_transaction(|db| {
        db.run_pending_migrations(migrations()).map(drop).map_err(diesel::result::Error::QueryBuilderError)
    })
    .map_err(|error| StoreError::of_message("update the library's tables", path, &error.to_string()))
}

/// An older program must not write into tables it does not understand.
fn refuse_newer(db: &mut Db, path: &Path, migrations: Migrations) -> Result<(), StoreError> {
    let broken = |error: Box<dyn std::error::Error + Send + Sync>| {
        StoreError::of_message("read the library's version", path, &error.to_string())
    };
    let applied: BTreeSet<String> =
        db.applied_migrations().map_err(broken)?.iter().map(ToString::to_string).collect();
    let known: BTreeSet<String> =
        diesel::migration::MigrationSource::<diesel::sqlite::Sqlite>::migrations(&migrations())
            .map_err(broken)?
            .iter()
            .map(|migration| migration.name().version().to_string())
            .collect();
    match (applied.difference(&known).last(), known.last()) {
        (Some(found), Some(known)) => Err(StoreError::Newer { found: found.clone(), known: known.clone() }),
        _ => Ok(()),
    }
}

#[derive(QueryableByName)]
struct IntegrityRow {
    #[diesel(sql_type = Text)]
    integrity_check: String,
}

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = BigInt)]
    broken_links: i64,
}

/// What SQLite finds wrong with the file; empty when all is well.
pub(crate) fn integrity(db: &mut Db) -> QueryResult<Vec<String>> {
    let rows: Vec<IntegrityRow> = diesel::sql_query("PRAGMA integrity_check").load(db)?;
    let mut wrong: Vec<String> =
        rows.into_iter().map(|row| row.integrity_check).filter(|says| says != "ok").collect();
    let counted: CountRow =
        diesel::sql_query("SELECT count(*) AS broken_links FROM pragma_foreign_key_check").get_result(db)?;
    if counted.broken_links > 0 {
        wrong.push(format!("{} rows point to rows that are not there", counted.broken_links));
    }
    Ok(wrong)
}

/// Writes the file anew without what lies in its gaps: rows that moved leave copies there, which nothing overwrites.
pub(crate) fn write_anew(db: &mut Db) -> QueryResult<()> {
    db.batch_execute("VACUUM")
}

/// Brings everything into the file itself, so that the log beside it holds nothing that was deleted.
pub(crate) fn empty_the_log(db: &mut Db) -> QueryResult<()> {
    db.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")
}

#[cfg(test)]
mod tests {
    use diesel::migration::MigrationSource;
    use diesel::sqlite::Sqlite;

    use super::*;

    #[derive(QueryableByName)]
    struct FeedRow {
        #[diesel(sql_type = Text)]
        content: String,
        #[diesel(sql_type = Text)]
        feed: String,
    }

    #[test]
    fn of_files_that_came_earlier_only_those_of_podcasts_are_of_feeds() {
        let mut db = Db::establish(":memory:").unwrap();
        let mut all = MigrationSource::<Sqlite>::migrations(&OF_LIBRARY).unwrap();
        all.sort_by_key(|migration| migration.name().to_string());
        for migration in all {
            if migration.name().to_string().ends_with("feeds_of_files") {
                db.batch_execute(
                    "INSERT INTO provenance \
                     (content, source, remote_id, rights, licence, note, at, sha256, said) VALUES \
                     ('a', 'podcasts', 'https://feeds.example/tide 1', 'public_feed', '', '', 5, '', '{}'), \
                     ('b', 'program:shelf', 'https://feeds.example/tide 1', 'public_feed', '', '', 5, '', '{}')",
                )
                .unwrap();
            }
            migration.run(&mut db).unwrap();
        }
        let rows: Vec<FeedRow> =
            diesel::sql_query("SELECT content, feed FROM feeds_of_files").load(&mut db).unwrap();
        let rows: Vec<(&str, &str)> = rows.iter().map(|row| (&*row.content, &*row.feed)).collect();
        assert_eq!(rows, [("a", "https://feeds.example/tide")]);
    }
}
