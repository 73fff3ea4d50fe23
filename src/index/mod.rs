//! The SQLite index. The only module that speaks SQL.
