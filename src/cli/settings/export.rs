//! The formats that Google's own documents can be saved in.

use crate::engine::ExportFormat;

/// The formats of a person who does not choose.
pub const DEFAULT: &str = "docx,xlsx,pptx,svg";

/// What Google exports to, as its guide lists it
/// (<https://developers.google.com/workspace/drive/api/guides/ref-export-formats>).
/// Which document has which is for Google to say, at run time (`about.exportFormats`).
const FORMATS: [(&str, &str); 17] = [
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("odt", "application/vnd.oasis.opendocument.text"),
    ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
    ("odp", "application/vnd.oasis.opendocument.presentation"),
    ("pdf", "application/pdf"),
    ("rtf", "application/rtf"),
    ("txt", "text/plain"),
    ("md", "text/x-markdown"),
    ("epub", "application/epub+zip"),
    ("zip", "application/zip"),
    ("csv", "text/csv"),
    ("tsv", "text/tab-separated-values"),
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
];

/// Reads a list such as `docx,pdf`, the preferred format first; `none` is the empty list.
///
/// # Errors
///
/// A text for the person, if a word is no format.
pub fn formats(list: &str) -> Result<Vec<ExportFormat>, String> {
    if list.trim() == "none" {
        return Ok(Vec::new());
    }
    list.split(',').map(str::trim).filter(|word| !word.is_empty()).map(format).collect()
}

fn format(word: &str) -> Result<ExportFormat, String> {
    let found = FORMATS.iter().find(|(extension, _)| *extension == word.to_lowercase());
    let Some(&(extension, mime_type)) = found else {
        let known: Vec<_> = FORMATS.iter().map(|(extension, _)| *extension).collect();
        return Err(format!(
            "--export: '{word}' is no format that Google exports to\n\n  known: {}, or none",
            known.join(", ")
        ));
    };
    Ok(ExportFormat { extension, mime_type })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_keeps_its_order_and_an_unknown_word_is_named() {
        for (list, read) in
            [(DEFAULT, "docx xlsx pptx svg"), ("none", ""), (" PDF , odt,", "pdf odt")]
        {
            let formats = formats(list).unwrap();
            let words: Vec<_> = formats.iter().map(|format| format.extension).collect();
            assert_eq!(words.join(" "), read);
        }
        assert!(formats("docx,dcox").unwrap_err().contains("'dcox'"));
        assert!(formats("docx,none").is_err());
    }
}
