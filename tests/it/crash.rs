//! The program is stopped, its disk fills up or fails, and the power goes: at each of its
//! steps, one after the other. After that nothing that can be seen is partial or wrong,
//! nothing that is recorded is missing, nothing that was there is gone; and the next run
//! ends as if nothing had been.
//!
//! The runs are those of `scenario`, what is checked is in `witness`. With `--nocapture` each
//! test tells how many steps it tried. `GPHOTOS_SYNC_CRASH=all` is the long form, which tries
//! every step with every sort of fault; the short one tries some of them.

mod by_hand;
mod full_disk;
mod lacking;
mod points;
mod power_cut;
pub mod scenario;
mod witness;
