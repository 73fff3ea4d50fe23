//! Who was allowed what: codes, access tokens, refresh tokens, and the consent behind them.

use std::collections::{BTreeSet, HashMap};

/// What the person answers when asked for consent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Consent {
    /// Yes, to all of it.
    #[default]
    Grant,
    /// No.
    Deny,
    /// Yes, to these scopes of those that are asked for.
    GrantOnly(Vec<String>),
}

/// The scopes of a grant.
pub(super) type Scopes = BTreeSet<String>;

/// A code that waits to be exchanged.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    pub redirect_uri: String,
    pub challenge: String,
    pub scopes: Scopes,
    pub offline: bool,
}

/// All grants of the account.
#[derive(Debug)]
pub(super) struct Grants {
    pub consent: Consent,
    /// Whose they are.
    pub email: String,
    /// In each token, so that no sandbox takes another's.
    salt: u64,
    handed_out: u64,
    codes: HashMap<String, Pending>,
    used_codes: BTreeSet<String>,
    access: HashMap<String, Scopes>,
    refresh: HashMap<String, Scopes>,
    /// Whether a refresh token was handed out to the app since the last consent
    /// was taken back: Google hands out one only, unless asked with `prompt=consent`.
    offline_before: bool,
}

impl Grants {
    pub fn new(email: &str) -> Self {
        Self {
            consent: Consent::default(),
            email: email.to_owned(),
            salt: rand::random(),
            handed_out: 0,
            codes: HashMap::new(),
            used_codes: BTreeSet::new(),
            access: HashMap::new(),
            refresh: HashMap::new(),
            offline_before: false,
        }
    }

    fn secret(&mut self, prefix: &str) -> String {
        self.handed_out += 1;
        format!("{prefix}{:016x}-{}", self.salt, self.handed_out)
    }

    /// Hands out a code for what the person has just allowed.
    pub fn code(&mut self, mut pending: Pending, prompted: bool) -> String {
        pending.offline &= prompted || !self.offline_before;
        let code = self.secret("4/0A");
        self.codes.insert(code.clone(), pending);
        code
    }

    /// Takes a code back, for good. Google tells a used code from one that never was.
    pub fn redeem(&mut self, code: &str) -> Result<Pending, &'static str> {
        match self.codes.remove(code) {
            Some(pending) => {
                self.offline_before |= pending.offline;
                self.used_codes.insert(code.to_owned());
                Ok(pending)
            }
            None if self.used_codes.contains(code) => Err("Bad Request"),
            None => Err("Malformed auth code."),
        }
    }

    /// Hands out an access token.
    pub fn access(&mut self, scopes: Scopes) -> String {
        let token = self.secret("ya29.a0");
        self.access.insert(token.clone(), scopes);
        token
    }

    /// Hands out a refresh token.
    pub fn refresh(&mut self, scopes: Scopes) -> String {
        let token = self.secret("1//0");
        self.refresh.insert(token.clone(), scopes);
        token
    }

    /// The scopes of an access token that is good.
    pub fn scopes_of(&self, access: &str) -> Option<Scopes> {
        self.access.get(access).cloned()
    }

    /// The scopes of a refresh token that is good.
    pub fn refreshed(&self, refresh: &str) -> Option<Scopes> {
        self.refresh.get(refresh).cloned()
    }

    pub fn expire(&mut self) {
        self.access.clear();
    }

    pub fn revoke_all(&mut self) {
        self.access.clear();
        self.refresh.clear();
        self.codes.clear();
        self.offline_before = false;
    }

    /// Takes back the grant that `token` belongs to, and says whether it was one.
    pub fn revoke(&mut self, token: &str) -> bool {
        let known = self.access.contains_key(token) || self.refresh.contains_key(token);
        if known {
            self.revoke_all();
        }
        known
    }
}
