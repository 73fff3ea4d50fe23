//! The disk: everything beneath the archive's root directory.
