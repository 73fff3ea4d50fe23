//! Bytes: hashes, EXIF, and what sort of file it is.
