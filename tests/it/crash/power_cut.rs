//! As `points`, and what was not durable by then is lost.
