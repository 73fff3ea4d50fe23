//! Tar archives and folders.
