//! The words of this program: plain values that touch no file, clock or socket.

mod album;
mod export;
mod facts;
mod form;
mod hash;
mod id;
mod item;
mod limits;
mod media_type;
mod name;
mod page;
mod path;
mod question;
mod standing;

pub use album::Album;
pub use export::{
    AlbumSidecar, Lies, Packed, Packing, Part, PartFormat, PartName, Sidecar, SidecarKind,
};
pub use facts::Facts;
pub use form::{Fidelity, Form, MatchRule};
pub use hash::{BadDigest, Crc32, Digests, Md5, Sha256};
pub use id::{ItemKey, RemoteId, Revision, SourceId};
pub use item::{Item, Kind, Marks, Shot, TakenFrom};
pub use limits::NameLimits;
pub use media_type::{Media, kind_of, mime_type_of};
pub use name::{printable, printable_json};
pub use page::{Change, Cursor, Page};
pub use path::{ArchivePath, BadPath};
pub use question::{Order, Question, Sheet, Span};
pub use standing::{Listing, Standing};
