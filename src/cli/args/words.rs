//! Words that options take.

use std::str::FromStr;

use clap::ValueEnum;
use serde::Deserialize;

use crate::sandbox::Many;

/// Where the sign-in is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TokenStore {
    /// Your system's keyring
    Keyring,
    /// A file with mode 0600
    File,
}

/// How progress is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Progress {
    /// Bars on a terminal, else plain
    #[default]
    Auto,
    /// A line from time to time, on stderr
    Plain,
    /// One JSON object a line, on stdout, for programs
    Json,
    /// Nothing
    None,
}

/// What is in the sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum World {
    /// The library of `--demo`
    Demo,
    /// Nothing
    Empty,
    /// Plain files, folders, photos and albums in any number
    Many(Many),
}

impl FromStr for World {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "demo" => Ok(Self::Demo),
            "empty" => Ok(Self::Empty),
            many => many.parse().map(Self::Many),
        }
    }
}
