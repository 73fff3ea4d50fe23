//! A Google of our own, over real HTTP: for tests and `--demo`.
