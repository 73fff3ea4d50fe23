//! The commands about the sign-in, and their options.

use clap::{Args as Group, Subcommand};

use super::{SIGN_IN, WHAT};

/// What to do about the sign-in.
#[derive(Clone, Debug, Subcommand)]
pub enum Auth {
    /// Sign in: give this program leave to read your files
    Login(Login),
    /// Say who is signed in, for what, and where that is kept
    Status,
    /// Sign out: take the leave back at Google and forget it here
    Logout,
}

/// Options of `auth login`.
#[derive(Clone, Debug, Default, Group)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub struct Login {
    /// Do not ask for leave to read Google Drive
    #[arg(long, help_heading = WHAT)]
    pub skip_drive: bool,
    /// Do not ask for leave to read Google Photos
    #[arg(long, conflicts_with = "skip_drive", help_heading = WHAT)]
    pub skip_photos: bool,
    /// Ask for leave to see what you choose in Google's Picker as well, as `pick` does by itself
    /// when somebody sits there
    #[arg(long, help_heading = WHAT)]
    pub picker: bool,
    /// Print the address instead of opening a browser, and take the answer back by pasting
    ///
    /// For machines without a screen. Open the address wherever you have a browser. At the end it
    /// shows a page that cannot be reached; copy that page's address back to here.
    #[arg(long, help_heading = SIGN_IN)]
    pub no_browser: bool,
    /// Open a browser, whatever config.toml says.
    #[arg(long, hide = true, overrides_with = "no_browser")]
    pub browser: bool,
}
