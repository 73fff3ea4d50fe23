//! The threads that a run has: few, since each holds memory, and a NAS has little.

use std::io;

use tokio::runtime::{Builder, Runtime};

/// How many threads wait for the disk and hash, at the least and at the most.
const FOR_THE_DISK: (usize, usize) = (16, 32);

/// Starts the threads of a run: one for each core for what never waits, and some for what
/// does.
///
/// # Errors
///
/// The system gives no threads.
pub fn start() -> io::Result<Runtime> {
    let cores = std::thread::available_parallelism()?.get();
    let for_the_disk = (2 * cores).clamp(FOR_THE_DISK.0, FOR_THE_DISK.1);
    Builder::new_multi_thread().max_blocking_threads(for_the_disk).enable_all().build()
}
