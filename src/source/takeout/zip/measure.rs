//! The lengths and the checksum of an entry that states them only after its bytes: the bytes
//! themselves tell where they end.

use bytes::{Buf as _, BytesMut};

use super::super::super::Error;
use super::super::feed::Feed;
use super::super::trouble::TroubleKind;
use super::inflate::Inflate;
use super::records::{self, DESCRIPTOR, Stated};
use crate::model::Packing;

/// What comes after an entry's bytes is not longer.
const DESCRIPTOR_BYTES: usize = 24;

/// How much is unpacked at a time, in bytes.
const PIECE: usize = 64 << 10;

/// What is known of an entry once its bytes went by.
pub(super) struct Measured {
    packed_bytes: u64,
    size_bytes: u64,
    crc32: u32,
}

impl Measured {
    /// What is stated of it.
    pub(super) const fn of(stated: &Stated<'_>) -> Self {
        let Stated { packed_bytes, size_bytes, crc32, .. } = *stated;
        Self { packed_bytes, size_bytes, crc32 }
    }

    /// `stated`, with this.
    pub(super) const fn put_into<'a>(&self, stated: Stated<'a>) -> Stated<'a> {
        let Self { packed_bytes, size_bytes, crc32 } = *self;
        Stated { crc32, packed_bytes, size_bytes, ..stated }
    }
}

/// Reads an entry's bytes and what comes after them.
pub(super) async fn measure(
    feed: &mut Feed,
    packing: Packing,
) -> Result<Result<Measured, TroubleKind>, Error> {
    match packing {
        Packing::Deflated => inflated(feed).await,
        Packing::Stored | Packing::InStream => stored(feed).await,
    }
}

/// Passes over what comes after an entry's bytes, if it is there.
pub(super) async fn pass_descriptor(feed: &mut Feed, stated: &Stated<'_>) -> Result<(), Error> {
    let after = feed.peek(DESCRIPTOR_BYTES).await?;
    let lengths = [stated.packed_bytes, stated.size_bytes];
    let bytes = records::descriptor(&after, stated.crc32, lengths).unwrap_or_default();
    feed.exactly(bytes).await?;
    Ok(())
}

/// The stream has an end of its own.
async fn inflated(feed: &mut Feed) -> Result<Result<Measured, TroubleKind>, Error> {
    let (mut inflate, mut out) = (Inflate::new(), Vec::with_capacity(PIECE));
    let (mut crc32, mut size_bytes) = (crc32fast::Hasher::new(), 0);
    let begins = feed.at();
    let mut ended = false;
    while !ended {
        let Some(mut input) = feed.take(PIECE as u64).await? else {
            return Ok(Err(TroubleKind::Cut));
        };
        loop {
            out.clear();
            let Ok(stepped) = inflate.step(&input, &mut out) else {
                return Ok(Err(TroubleKind::Damaged));
            };
            input.advance(stepped.used);
            crc32.update(&out);
            size_bytes += out.len() as u64;
            ended = stepped.ended;
            if ended || input.is_empty() && out.len() < PIECE {
                break;
            }
            if stepped.stuck {
                return Ok(Err(TroubleKind::Damaged));
            }
        }
        feed.put_back(&input);
    }
    let packed_bytes = feed.at() - begins;
    let crc32 = crc32.finalize();
    let after = feed.peek(DESCRIPTOR_BYTES).await?;
    let Some(bytes) = records::descriptor(&after, crc32, [packed_bytes, size_bytes]) else {
        let is_cut = after.len() < DESCRIPTOR_BYTES;
        return Ok(Err(if is_cut { TroubleKind::Cut } else { TroubleKind::Damaged }));
    };
    feed.exactly(bytes).await?;
    Ok(Ok(Measured { packed_bytes, size_bytes, crc32 }))
}

/// The end is where a record stands that states the length and the checksum of just what is
/// before it.
async fn stored(feed: &mut Feed) -> Result<Result<Measured, TroubleKind>, Error> {
    let (mut crc32, mut size_bytes) = (crc32fast::Hasher::new(), 0);
    let mut at_hand = BytesMut::new();
    loop {
        let more = feed.take(PIECE as u64).await?;
        let is_end = more.is_none();
        at_hand.extend_from_slice(&more.unwrap_or_default());
        while at_hand.len() >= DESCRIPTOR_BYTES || is_end && at_hand.len() >= 16 {
            let found = at_hand.windows(4).position(|bytes| *bytes == DESCRIPTOR);
            // What may be the beginning of a record is kept.
            let before = found.unwrap_or(at_hand.len() - 3);
            crc32.update(&at_hand[..before]);
            size_bytes += before as u64;
            at_hand.advance(before);
            let has_record = at_hand.len() >= DESCRIPTOR_BYTES || is_end;
            if found.is_none() || !has_record {
                break;
            }
            let crc = crc32.clone().finalize();
            if let Some(bytes) = records::descriptor(&at_hand, crc, [size_bytes; 2]) {
                at_hand.advance(bytes);
                feed.put_back(&at_hand.freeze());
                return Ok(Ok(Measured { packed_bytes: size_bytes, size_bytes, crc32: crc }));
            }
            crc32.update(&at_hand[..1]);
            size_bytes += 1;
            at_hand.advance(1);
        }
        if is_end {
            return Ok(Err(TroubleKind::Cut));
        }
    }
}
