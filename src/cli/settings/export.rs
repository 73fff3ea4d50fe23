//! The formats that Google's own documents can be saved in.

use crate::plan::ExportFormat;

/// The formats of a person who does not choose.
pub const DEFAULT: &str = "docx,xlsx,pptx,svg";

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
    ExportFormat::parse(word).ok_or_else(|| {
        let known: Vec<_> = ExportFormat::all().map(|format| format.extension).collect();
        format!(
            "--export: '{word}' is no format that Google exports to\n\n  known: {}, or none",
            known.join(", ")
        )
    })
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
