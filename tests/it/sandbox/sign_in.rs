//! OAuth: consent, codes with PKCE, refreshing, service accounts, and taking it all back.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use gphotos_sync::sandbox::{Consent, Sandbox, World};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;

use super::client::{Answer, Client, READ};

const VERIFIER: &str = "a-verifier-that-is-long-enough-to-be-one-0123456789";
const BACK: &str = "http://127.0.0.1:4321/";

#[test]
fn a_code_gives_tokens_once_to_who_knows_the_verifier() {
    let google = Sandbox::start(World::new());
    let mut client = Client::new(&google);
    let back = ask(&client, &[]).unwrap();
    assert_eq!((back["state"].as_str(), back["scope"].as_str()), (Some("s1"), Some(READ)));
    let code = back["code"].as_str().unwrap();

    let tokens = exchange(&client, code, VERIFIER).json();
    assert_eq!((&tokens["token_type"], &tokens["scope"]), (&json!("Bearer"), &json!(READ)));
    client.token = tokens["access_token"].as_str().unwrap().to_owned();
    assert_eq!(client.get("files").status, 200);

    let again = exchange(&client, code, VERIFIER);
    assert_eq!((again.status, &again.json()["error"]), (400, &json!("invalid_grant")));
}

#[test]
fn a_wrong_verifier_or_address_or_secret_gives_nothing() {
    let google = Sandbox::start(World::new());
    let client = Client::new(&google);
    let code = || ask(&client, &[]).unwrap()["code"].as_str().unwrap().to_owned();
    let wrong = exchange(&client, &code(), "another-verifier");
    assert_eq!(
        wrong.json(),
        json!({"error": "invalid_grant", "error_description": "Invalid code verifier."})
    );
    for (name, value, error) in [
        ("redirect_uri", "http://127.0.0.1:1/", "redirect_uri_mismatch"),
        ("client_secret", "guessed", "invalid_client"),
        ("client_id", "guessed", "invalid_client"),
        ("grant_type", "password", "unsupported_grant_type"),
        ("code", "4/guessed", "invalid_grant"),
    ] {
        let code = code();
        let form = form(&google, &code, VERIFIER);
        let form: Vec<_> = form
            .iter()
            .map(|(known, old)| (*known, if *known == name { value } else { old.as_str() }))
            .collect();
        let answer = client.post_form("/token", &form);
        assert_eq!(answer.json()["error"], error, "{name}");
        assert!(answer.status == 400 || answer.status == 401);
    }
}

#[test]
fn consent_is_asked_properly_or_not_at_all() {
    let google = Sandbox::start(World::new());
    let client = Client::new(&google);
    for (name, value) in [
        ("client_id", "guessed"),
        ("redirect_uri", "https://example.com/"),
        ("redirect_uri", "urn:ietf:wg:oauth:2.0:oob"),
        ("response_type", "token"),
        ("scope", "https://www.googleapis.com/auth/nonsense"),
        ("scope", ""),
        ("state", ""),
        ("code_challenge", ""),
        ("code_challenge_method", "plain"),
    ] {
        let status = ask(&client, &[(name, value)]).unwrap_err();
        assert!(status == 400 || status == 401, "{name}");
    }
    assert!(ask(&client, &[("redirect_uri", "http://localhost:99/x")]).is_ok());
}

#[test]
fn the_person_may_say_no_or_yes_to_some_of_it() {
    let google = Sandbox::start(World::new());
    let client = Client::new(&google);
    google.consent(Consent::Deny);
    let back = ask(&client, &[]).unwrap();
    assert_eq!(back, json!({"error": "access_denied", "state": "s1"}));
    google.consent(Consent::GrantOnly(vec!["openid".to_owned()]));
    let back = ask(&client, &[("scope", &format!("{READ} openid"))]).unwrap();
    assert_eq!(back["scope"], "openid");
    let tokens = exchange(&client, back["code"].as_str().unwrap(), VERIFIER).json();
    assert_eq!(tokens["scope"], "openid");
}

#[test]
fn a_refresh_token_comes_with_offline_access_and_works_until_revoked() {
    let google = Sandbox::start(World::new());
    let client = Client::new(&google);
    let tokens = |more: &[(&str, &str)]| {
        let back = ask(&client, more).unwrap();
        exchange(&client, back["code"].as_str().unwrap(), VERIFIER).json()
    };
    assert!(tokens(&[]).get("refresh_token").is_none());
    let first = tokens(&[("access_type", "offline")]);
    let refresh_token = first["refresh_token"].as_str().unwrap().to_owned();
    // Google hands out another only when it is told to ask the person anew.
    assert!(tokens(&[("access_type", "offline")]).get("refresh_token").is_none());
    assert!(
        tokens(&[("access_type", "offline"), ("prompt", "consent")]).get("refresh_token").is_some()
    );

    google.expire_access_tokens();
    let refreshed = refresh(&client, &refresh_token);
    assert_eq!((refreshed.status, &refreshed.json()["scope"]), (200, &json!(READ)));
    let revoked = client.post_form("/revoke", &[("token", &refresh_token)]);
    assert_eq!(revoked.status, 200);
    let dead = refresh(&client, &refresh_token);
    let expected = json!({"error": "invalid_grant", "error_description": "Token has been expired or revoked."});
    assert_eq!((dead.status, dead.json()), (400, expected));
    assert_eq!(client.post_form("/revoke", &[("token", &refresh_token)]).status, 400);
}

#[test]
fn a_service_account_acts_for_the_person_whom_its_token_names() {
    let google = Sandbox::start(World::new());
    let mut client = Client::new(&google);
    let token_uri = format!("{}/token", google.root());
    let claims = |change: (&str, Value)| {
        let mut claims = json!({"iss": key(&google)["client_email"], "sub": "ada@example.com", "scope": READ,
            "aud": token_uri, "iat": 1000, "exp": 4600});
        claims[change.0] = change.1;
        claims
    };
    let answer = assert(&client, &signed(&google, &claims(("iat", json!(1000)))));
    client.token = answer.json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(client.get("files").status, 200);
    for (name, value) in [
        ("sub", json!("eve@example.com")),
        ("aud", json!("https://example.com")),
        ("exp", json!(4601)),
        ("iss", json!("eve@example.com")),
        ("scope", json!("")),
    ] {
        let answer = assert(&client, &signed(&google, &claims((name, value))));
        assert_eq!(answer.status, 400, "{name}");
    }
    let good = signed(&google, &claims(("iat", json!(1000))));
    let forged =
        good.rsplit_once('.').unwrap().0.to_owned() + "." + &URL_SAFE_NO_PAD.encode([0; 256]);
    assert_eq!(assert(&client, &forged).json()["error_description"], "Invalid JWT Signature.");
}

/// Goes to the consent page, and returns the query that comes back, or the status of the error page.
fn ask(client: &Client<'_>, more: &[(&str, &str)]) -> Result<Value, u16> {
    let secret: Value = serde_json::from_str(&client.google.client_secret()).unwrap();
    let secret = &secret["installed"];
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
    let mut query = json!({"client_id": secret["client_id"], "redirect_uri": BACK, "response_type": "code",
        "scope": READ, "state": "s1", "code_challenge": challenge, "code_challenge_method": "S256"});
    for (name, value) in more {
        query[*name] = (*value).into();
    }
    let pairs =
        query.as_object().unwrap().iter().map(|(name, value)| (name, value.as_str().unwrap()));
    let url = Url::parse_with_params(secret["auth_uri"].as_str().unwrap(), pairs).unwrap();
    let answer = client.open(url.as_str());
    let Some(location) = answer.headers.get("location") else { return Err(answer.status) };
    let back = Url::parse(location.to_str().unwrap()).unwrap();
    Ok(back.query_pairs().map(|(name, value)| (name.into_owned(), Value::from(value))).collect())
}

fn form(google: &Sandbox, code: &str, verifier: &str) -> Vec<(&'static str, String)> {
    let secret: Value = serde_json::from_str(&google.client_secret()).unwrap();
    let text = |name: &str| secret["installed"][name].as_str().unwrap().to_owned();
    vec![
        ("grant_type", "authorization_code".to_owned()),
        ("client_id", text("client_id")),
        ("client_secret", text("client_secret")),
        ("code", code.to_owned()),
        ("code_verifier", verifier.to_owned()),
        ("redirect_uri", BACK.to_owned()),
    ]
}

fn exchange(client: &Client<'_>, code: &str, verifier: &str) -> Answer {
    let form = form(client.google, code, verifier);
    let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    client.post_form("/token", &form)
}

fn refresh(client: &Client<'_>, token: &str) -> Answer {
    let form = form(client.google, "", "");
    let client_of = |index: usize| (form[index].0, form[index].1.as_str());
    client.post_form(
        "/token",
        &[("grant_type", "refresh_token"), ("refresh_token", token), client_of(1), client_of(2)],
    )
}

fn assert(client: &Client<'_>, assertion: &str) -> Answer {
    let grant = ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
    client.post_form("/token", &[grant, ("assertion", assertion)])
}

fn key(google: &Sandbox) -> Value {
    serde_json::from_str(&google.service_account_key()).unwrap()
}

fn signed(google: &Sandbox, claims: &Value) -> String {
    let pem = key(google)["private_key"].as_str().unwrap().to_owned();
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let pair = KeyPair::from_pkcs8(&STANDARD.decode(base64).unwrap()).unwrap();
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let text = format!("{}.{}", part(&json!({"alg": "RS256", "typ": "JWT"})), part(claims));
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature).unwrap();
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}
