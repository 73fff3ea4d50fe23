//! The decisions: what goes where, what is fetched, what moves. Pure.
