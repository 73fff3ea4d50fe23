//! Whether something is a picture, a film or neither, going by what it is called.
//!
//! Nothing here looks at bytes: what is selected is decided before any is fetched.

/// What sort of media something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Media {
    /// A still picture, camera raw files included.
    Picture,
    /// A film.
    Video,
    /// Anything else.
    Other,
}

/// The MIME type of a picture or a film of that name, by its extension;
/// `application/octet-stream` where that says nothing.
#[must_use]
pub fn mime_type_of(title: &str) -> &'static str {
    let guess = mime_guess::from_path(title).first_raw();
    let is_media = |mime: &&str| mime.starts_with("image/") || mime.starts_with("video/");
    guess.filter(is_media).unwrap_or("application/octet-stream")
}

/// Says what sort of media something is by its MIME type; by its title's extension
/// where the MIME type says nothing (`application/octet-stream`, or none at all).
#[must_use]
pub fn kind_of(mime_type: &str, title: &str) -> Media {
    // A MIME type may carry parameters, and is written in any case (RFC 2045, 5.1).
    let essence = mime_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.split_once('/') {
        // Drive's own types: a drawing is a document.
        Some(("application", sub)) if sub.starts_with("vnd.google-apps.") => of_google(sub),
        Some(("application", "octet-stream")) | None => by_extension(title),
        Some(("image", _)) => Media::Picture,
        Some(("video", _)) => Media::Video,
        Some(_) => Media::Other,
    }
}

fn of_google(sub: &str) -> Media {
    match sub {
        "vnd.google-apps.photo" => Media::Picture,
        "vnd.google-apps.video" => Media::Video,
        _ => Media::Other,
    }
}

fn by_extension(title: &str) -> Media {
    let Some((_, extension)) = title.rsplit_once('.') else { return Media::Other };
    match extension.to_ascii_lowercase().as_str() {
        "jpg" | "jpeg" | "jpe" | "jfif" | "png" | "gif" | "bmp" | "tif" | "tiff" | "webp"
        | "heic" | "heif" | "hif" | "avif" | "jxl" | "jp2" | "ico" | "mpo"
        // Raw files by maker: Canon, Nikon, Sony, Adobe, Fujifilm, Olympus, Panasonic and
        // Leica, Pentax, Samsung, Hasselblad, Phase One, Kodak, Minolta, Sigma, Epson,
        // Leaf, Mamiya, GoPro.
        | "crw" | "cr2" | "cr3" | "nef" | "nrw" | "arw" | "srf" | "sr2" | "dng" | "raf" | "orf"
        | "ori" | "rw2" | "raw" | "rwl" | "pef" | "srw" | "3fr" | "fff" | "iiq" | "dcr"
        | "kdc" | "mrw" | "x3f" | "erf" | "mos" | "mef" | "gpr" => Media::Picture,
        "mov" | "qt" | "mp4" | "m4v" | "avi" | "mkv" | "webm" | "3gp" | "3gpp" | "3g2" | "mts"
        | "m2ts" | "m2t" | "ts" | "mpg" | "mpeg" | "mpe" | "m2v" | "mp2v" | "wmv" | "asf"
        | "flv" | "f4v" | "ogv" | "divx" | "dv" | "tod" | "mod" | "vob" | "insv" | "mmv" => {
            Media::Video
        }
        _ => Media::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mime_type_decides_and_the_extension_only_where_it_says_nothing() {
        use Media::{Other, Picture, Video};
        for (mime_type, title, expected) in [
            ("image/jpeg", "a", Picture),
            ("IMAGE/HEIF; x=y", "a.txt", Picture),
            ("image/x-canon-cr2", "a", Picture),
            ("video/quicktime", "a.jpg", Video),
            ("text/plain", "a.jpg", Other),
            ("image/vnd.adobe.photoshop", "a", Picture),
            ("application/pdf", "a.mov", Other),
            ("application/vnd.google-apps.drawing", "a.png", Other),
            ("application/vnd.google-apps.photo", "a", Picture),
            ("application/octet-stream", "IMG_1.CR3", Picture),
            ("application/octet-stream", "a.tar.MTS", Video),
            ("application/octet-stream", "jpg", Other),
            ("application/octet-stream", "a.exe", Other),
            ("", "a.dng", Picture),
            ("", "", Other),
        ] {
            assert_eq!(kind_of(mime_type, title), expected, "{mime_type:?} {title:?}");
        }
    }
}
