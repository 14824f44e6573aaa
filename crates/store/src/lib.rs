//! SQLite: the library, decisions, scanned files, migrations.
