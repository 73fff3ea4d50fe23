//! The program is stopped, its disk fills up or fails, and the power goes: at each of its
//! steps, one after the other. After that nothing that can be seen is partial or wrong,
//! nothing that is recorded is missing, nothing that was there is gone; and the next run
//! ends as if nothing had been.
//!
//! The runs are those of `scenario`, what is checked is in `witness`. With `--nocapture` each
//! test tells how many steps it tried; `GPHOTOS_SYNC_CRASH_SEEDS=N` has `power_cut` try so
//! many ways of losing what was not durable at each step.

mod by_hand;
mod full_disk;
mod points;
mod power_cut;
mod scenario;
mod witness;
