//! The words of an account's language, as they stand in the names of an export.
//!
//! The languages are few and chosen for what is odd about them: a no-break space, a year that
//! comes first, words outside Latin-1.

/// The language of an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Locale {
    /// `Google Photos/Photos from 2019`
    #[default]
    English,
    /// `Google Fotos/Fotos von 2019`
    German,
    /// `Google Photos`, with a no-break space, `/Photos de 2019`
    French,
    /// `Google Fotos/Fotos del 2019`
    Spanish,
    /// `Google 相簿/2019 年的相片`
    Chinese,
}

/// A folder of an export that is neither a year nor an album.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Special {
    Trash,
    Archive,
    Locked,
    Failed,
}

impl Locale {
    /// The folder in which all of Photos lies.
    pub(super) fn product(self) -> &'static str {
        match self {
            Self::English => "Google Photos",
            Self::German | Self::Spanish => "Google Fotos",
            Self::French => "Google\u{a0}Photos",
            Self::Chinese => "Google 相簿",
        }
    }

    /// The folder of what was taken in a year.
    pub(super) fn year(self, year: i32) -> String {
        match self {
            Self::English => format!("Photos from {year}"),
            Self::German => format!("Fotos von {year}"),
            Self::French => format!("Photos de {year}"),
            Self::Spanish => format!("Fotos del {year}"),
            Self::Chinese => format!("{year} 年的相片"),
        }
    }

    pub(super) fn special(self, folder: Special) -> &'static str {
        let [trash, archive, locked, failed] = match self {
            Self::English => ["Trash", "Archive", "Locked Folder", "Failed Videos"],
            Self::German => ["Papierkorb", "Archiv", "Gesperrter Ordner", "Fehlerhafte Videos"],
            Self::French => ["Corbeille", "Archives", "Dossier verrouillé", "Vidéos en échec"],
            Self::Spanish => ["Papelera", "Archivo", "Carpeta privada", "Vídeos con errores"],
            Self::Chinese => ["垃圾桶", "封存", "已鎖定的資料夾", "失敗的影片"],
        };
        match folder {
            Special::Trash => trash,
            Special::Archive => archive,
            Special::Locked => locked,
            Special::Failed => failed,
        }
    }

    /// The folder of an album that has no title.
    pub(super) fn untitled(self) -> &'static str {
        match self {
            Self::English => "Untitled",
            Self::German => "Unbenannt",
            Self::French => "Sans titre",
            Self::Spanish => "Sin título",
            Self::Chinese => "未命名",
        }
    }

    /// The name of the file that tells of an album.
    pub(super) fn metadata(self) -> &'static str {
        match self {
            Self::English => "metadata",
            Self::German => "Metadaten",
            Self::French => "métadonnées",
            Self::Spanish => "metadatos",
            Self::Chinese => "中繼資料",
        }
    }

    /// What the name of an edited picture has behind its original's.
    pub(super) fn edited(self) -> &'static str {
        match self {
            Self::English => "-edited",
            Self::German => "-bearbeitet",
            Self::French => "-modifié",
            Self::Spanish => "-editado",
            Self::Chinese => "-已編輯",
        }
    }

    /// How a time is written out in it: for people, and for no program.
    pub(super) fn written(self) -> &'static str {
        match self {
            Self::English => "%b %-d, %Y, %-I:%M:%S\u{202f}%p UTC",
            Self::German => "%d.%m.%Y, %H:%M:%S UTC",
            Self::French | Self::Spanish => "%d/%m/%Y, %H:%M:%S UTC",
            Self::Chinese => "%Y年%-m月%-d日 %H:%M:%S UTC",
        }
    }
}
