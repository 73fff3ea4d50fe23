//! What becomes of documents that have no bytes: exports, and pointers to them.

use std::fmt::Write as _;

/// A format that Google exports documents in, named by its file extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ExportFormat {
    /// The extension, without a dot: `docx`.
    pub extension: &'static str,
    /// The MIME type that Google knows it by.
    pub mime_type: &'static str,
}

const DOCS: &[&str] = &["docx", "odt", "rtf", "pdf", "txt", "html", "zip", "epub", "md"];
const SHEETS: &[&str] = &["xlsx", "ods", "pdf", "zip", "csv", "tsv"];
const SLIDES: &[&str] = &["pptx", "odp", "pdf", "txt"];
const DRAWINGS: &[&str] = &["pdf", "jpg", "png", "svg"];
const SCRIPTS: &[&str] = &["json"];

/// Every format, with the MIME type that `files.export` asks for, as Google states them:
/// <https://developers.google.com/workspace/drive/api/guides/ref-export-formats>
const FORMATS: &[(&str, &str)] = &[
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("odt", "application/vnd.oasis.opendocument.text"),
    ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
    ("odp", "application/vnd.oasis.opendocument.presentation"),
    ("pdf", "application/pdf"),
    ("rtf", "application/rtf"),
    ("txt", "text/plain"),
    ("md", "text/markdown"),
    ("html", "text/html"),
    ("zip", "application/zip"),
    ("epub", "application/epub+zip"),
    ("csv", "text/csv"),
    ("tsv", "text/tab-separated-values"),
    ("jpg", "image/jpeg"),
    ("png", "image/png"),
    ("svg", "image/svg+xml"),
    ("json", "application/vnd.google-apps.script+json"),
];

impl ExportFormat {
    /// All formats there are.
    pub fn all() -> impl Iterator<Item = Self> {
        FORMATS.iter().map(|&(extension, mime_type)| Self { extension, mime_type })
    }

    /// Returns the format with `extension`, in any case.
    #[must_use]
    pub fn parse(extension: &str) -> Option<Self> {
        Self::all().find(|format| format.extension.eq_ignore_ascii_case(extension))
    }

    /// Says whether Google exports documents of the native type `mime_type` in it.
    ///
    /// Slides as one picture are left out, though Google offers them: it would
    /// be the first slide only.
    #[must_use]
    pub fn fits(self, mime_type: &str) -> bool {
        let extensions = match mime_type {
            "application/vnd.google-apps.document" => DOCS,
            "application/vnd.google-apps.spreadsheet" => SHEETS,
            "application/vnd.google-apps.presentation" => SLIDES,
            "application/vnd.google-apps.drawing" => DRAWINGS,
            "application/vnd.google-apps.script" => SCRIPTS,
            _ => &[],
        };
        extensions.contains(&self.extension)
    }
}

/// Returns the text of a `.url` file that opens `url`: the same for the same
/// address, always, whatever the document's title.
///
/// What is no visible ASCII is percent-encoded, so that nothing in an address
/// can begin a line of its own.
#[must_use]
pub fn pointer(url: &str) -> String {
    let mut text = String::from("[InternetShortcut]\r\nURL=");
    for byte in url.bytes() {
        if byte.is_ascii_graphic() {
            text.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _: std::fmt::Result = write!(text, "%{byte:02X}");
        }
    }
    text.push_str("\r\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_fits_the_documents_that_google_exports_in_it() {
        for (kind, extensions) in [
            ("document", "docx odt pdf rtf txt md html zip epub"),
            ("spreadsheet", "xlsx ods pdf zip csv tsv"),
            ("presentation", "pptx odp pdf txt"),
            ("drawing", "pdf jpg png svg"),
            ("script", "json"),
            ("form", ""),
            ("site", ""),
            ("vid", ""),
        ] {
            let mime_type = format!("application/vnd.google-apps.{kind}");
            let fitting = ExportFormat::all().filter(|format| format.fits(&mime_type));
            let fitting: Vec<_> = fitting.map(|format| format.extension).collect();
            assert_eq!(fitting.join(" "), extensions, "{kind}");
        }
    }

    #[test]
    fn formats_are_read_by_their_extension() {
        assert_eq!(ExportFormat::parse("PDF").unwrap().mime_type, "application/pdf");
        assert_eq!(ExportFormat::parse("exe"), None);
    }

    #[test]
    fn a_pointer_holds_one_address_and_nothing_that_came_with_it() {
        assert_eq!(
            pointer("https://docs.google.com/forms/d/1AbC/edit?usp=drivesdk"),
            "[InternetShortcut]\r\nURL=https://docs.google.com/forms/d/1AbC/edit?usp=drivesdk\r\n"
        );
        assert_eq!(
            pointer("https://x/é \r\nIconFile=evil"),
            "[InternetShortcut]\r\nURL=https://x/%C3%A9%20%0D%0AIconFile=evil\r\n"
        );
    }
}
