//! Service accounts: their key file, and the tokens they sign themselves.
//!
//! <https://developers.google.com/identity/protocols/oauth2/service-account#httprest>

use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// A key that opens nothing: only the sandbox takes what it signs.
const WORTHLESS_KEY: &str = include_str!("worthless-key.pem");

const EMAIL: &str = "robot@sandbox-project.iam.gserviceaccount.com";
const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";

/// Whom a signed token is for, and what it is to allow.
#[derive(Debug)]
pub(super) struct Claims {
    /// The person to act as.
    pub subject: Option<String>,
    /// Separated by spaces.
    pub scope: String,
}

/// The key file, as Google Cloud's console gives it.
pub(super) fn key_file(root: &str) -> String {
    let base64 = key_base64();
    let key = json!({
        "type": "service_account",
        "project_id": "sandbox-project",
        "private_key_id": "0123456789abcdef0123456789abcdef01234567",
        "private_key": format!("{BEGIN}\n{}\n{END}\n", base64.trim()),
        "client_email": EMAIL,
        "client_id": "100000000000000000000",
        "auth_uri": format!("{root}/o/oauth2/auth"),
        "token_uri": format!("{root}/token"),
        "universe_domain": "googleapis.com",
    });
    format!("{key:#}")
}

fn key_base64() -> &'static str {
    let after = WORTHLESS_KEY.split_once(BEGIN).map_or("", |(_, after)| after);
    after.split_once(END).map_or("", |(key, _)| key)
}

/// Reads a signed token for `audience`; else says what Google says.
pub(super) fn verify(assertion: &str, audience: &str) -> Result<Claims, String> {
    let malformed = || "Invalid JWT: Failed to parse.".to_owned();
    let (signed, signature) = assertion.rsplit_once('.').ok_or_else(malformed)?;
    let (header, payload) = signed.split_once('.').ok_or_else(malformed)?;
    let header = decode(header).ok_or_else(malformed)?;
    let claims = decode(payload).ok_or_else(malformed)?;
    if header["alg"] != "RS256" {
        return Err(malformed());
    }
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| malformed())?;
    if !is_ours(signed.as_bytes(), &signature) {
        return Err("Invalid JWT Signature.".to_owned());
    }
    read(&claims, audience)
}

fn read(claims: &Value, audience: &str) -> Result<Claims, String> {
    if claims["iss"] != EMAIL {
        return Err("Invalid grant: account not found".to_owned());
    }
    if claims["aud"] != audience {
        return Err(
            "Invalid JWT: Failed audience check. The right audience is the token_uri.".to_owned()
        );
    }
    let (issued, expires) = (claims["iat"].as_i64(), claims["exp"].as_i64());
    let lasts = issued.zip(expires).map(|(issued, expires)| expires - issued);
    if !lasts.is_some_and(|seconds| (1..=3600).contains(&seconds)) {
        return Err("Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.".to_owned());
    }
    let text = |name: &str| claims[name].as_str().map(str::to_owned);
    Ok(Claims { subject: text("sub"), scope: text("scope").unwrap_or_default() })
}

fn decode(part: &str) -> Option<Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

/// Whether the worthless key signed this.
fn is_ours(signed: &[u8], signature: &[u8]) -> bool {
    let base64: String = key_base64().split_whitespace().collect();
    let key = STANDARD.decode(base64).ok().and_then(|der| KeyPair::from_pkcs8(&der).ok());
    key.is_some_and(|key| {
        let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.public_key());
        public.verify(signed, signature).is_ok()
    })
}
