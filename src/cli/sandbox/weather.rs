//! How Google is today, as the lines say that a benchmark sends to `sandbox`: slow, or faulty.
//!
//! What a fault does to a request is the sandbox's business; here is which ones there are.

use std::time::Duration;

use crate::sandbox::{Class, Effect, Fault, Sandbox};

/// After how many bytes of its body an answer breaks off: less than any page or file has
/// that is worth measuring.
const CUT_AFTER_BYTES: u64 = 1000;

/// Sets what the words `verb` and `rest` say:
///
/// ```text
/// latency MS      every answer of an API or a media address begins so much later
/// faults on       of all requests every 7th is answered with 503, every 11th breaks off, every
///                 13th is reset; of the listings of Drive every 10th, from the 2nd on, is answered
///                 with 429
/// faults off      no more faults
/// ```
///
/// None of the faults says when to come back.
///
/// # Errors
///
/// In words: the line is none of these.
pub fn set(sandbox: &Sandbox, verb: &str, rest: &str) -> Result<(), String> {
    match (verb, rest, rest.parse()) {
        ("latency", _, Ok(milliseconds)) => {
            sandbox.set_latency(Duration::from_millis(milliseconds));
        }
        ("faults", "on", _) => bad().into_iter().for_each(|fault| sandbox.fail(fault)),
        ("faults", "off", _) => sandbox.mend(),
        _ => return Err("neither a number of milliseconds, nor on or off".to_owned()),
    }
    Ok(())
}

/// The first of them that strikes a request is the one that happens to it. The listings come
/// before the others, or a short run would not see theirs.
fn bad() -> [Fault; 4] {
    let every = |effect, step| Fault::new(effect).nth(step).every(step).always();
    [
        every(Effect::error(429, "rateLimitExceeded"), 10).nth(2).on(Class::List),
        every(Effect::error(503, "backendError"), 7),
        every(Effect::Cut { after: CUT_AFTER_BYTES }, 11),
        every(Effect::Reset, 13),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::World;

    #[test]
    fn only_what_is_known_can_be_set() {
        let google = Sandbox::start(World::new());
        for (verb, rest) in
            [("latency", "50"), ("latency", "0"), ("faults", "on"), ("faults", "off")]
        {
            assert_eq!(set(&google, verb, rest), Ok(()), "{verb} {rest}");
        }
        for (verb, rest) in [("latency", ""), ("latency", "on"), ("faults", "7")] {
            assert!(set(&google, verb, rest).is_err(), "{verb} {rest}");
        }
    }
}
