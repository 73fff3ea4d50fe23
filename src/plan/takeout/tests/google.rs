//! Folders as Google would make them of titles.
