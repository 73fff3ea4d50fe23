//! Whose account it is, and how a person signs in.

use std::path::PathBuf;

use super::switch;
use crate::cli::args::{Args, Auth, Command, Login, TokenStore};
use crate::cli::config::Config;
use crate::cli::environment::Environment;

/// Whose account, and how to get at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// The user's config folder.
    pub config_folder: PathBuf,
    /// The file with the OAuth client.
    pub secret: PathBuf,
    /// Where the sign-in is kept; `None`: the keyring if there is one.
    pub token_store: Option<TokenStore>,
    /// The key of a service account to act as, instead of a person.
    pub service_account: Option<PathBuf>,
    /// The person for whom the service account acts.
    pub impersonate: Option<String>,
    /// What leave is asked for.
    pub scopes: Scopes,
    /// How a person is asked.
    pub asking: Asking,
    /// The one server that all API calls go to, in tests.
    pub api_root: Option<String>,
}

/// What leave is asked for when a person signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a permission of its own")]
pub struct Scopes {
    /// To read Drive.
    pub drive: bool,
    /// To read Photos.
    pub photos: bool,
    /// To read what is chosen in the Picker.
    pub picker: bool,
}

/// How a person is asked to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "three separate facts")]
pub struct Asking {
    /// Whether to open a browser, rather than print the address.
    pub browser: bool,
    /// Whether to ask although a sign-in is kept.
    pub anew: bool,
    /// Whether somebody sits there who can be asked.
    pub person: bool,
}

/// Joins what was typed with the config file in `folder` and the environment.
pub(super) fn sign_in(args: &Args, config: &Config, env: &Environment, folder: PathBuf) -> SignIn {
    let common = &args.common;
    let secret = common.secret.clone().or_else(|| config.secret.clone());
    let login = login(args);
    SignIn {
        secret: secret.unwrap_or_else(|| folder.join("client_secret.json")),
        config_folder: folder,
        token_store: common.token_store.or(config.token_store),
        service_account: args
            .backup
            .service_account
            .clone()
            .or_else(|| config.service_account.clone()),
        impersonate: args.backup.impersonate.clone().or_else(|| config.impersonate.clone()),
        scopes: scopes(args, config, &login),
        asking: Asking {
            browser: !switch([login.no_browser, login.browser], config.no_browser),
            anew: args.backup.new_token,
            person: env.terminal.stdin && env.terminal.stderr,
        },
        api_root: env.api_root.clone(),
    }
}

/// What leave is asked for: to pick, none but that.
fn scopes(args: &Args, config: &Config, login: &Login) -> Scopes {
    if matches!(args.command, Some(Command::Pick(_))) {
        return Scopes { drive: false, photos: false, picker: true };
    }
    let off = &args.backup.off;
    Scopes {
        drive: !switch([login.skip_drive, off.no_skip_drive], config.skip_drive),
        photos: !switch([login.skip_photos, off.no_skip_photos], config.skip_photos),
        picker: login.picker,
    }
}

/// How to sign in: as `auth login` was told, or else as the main job was.
fn login(args: &Args) -> Login {
    match &args.command {
        Some(Command::Auth(Auth::Login(login))) => login.clone(),
        Some(Command::Pick(pick)) => Login { no_browser: pick.no_browser, ..Login::default() },
        _ => Login {
            picker: false,
            skip_drive: args.backup.skip_drive,
            skip_photos: args.backup.skip_photos,
            no_browser: args.backup.no_browser,
            browser: args.backup.off.browser,
        },
    }
}
