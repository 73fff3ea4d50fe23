//! The disk is full, or fails, from the k-th step on.
