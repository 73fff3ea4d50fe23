//! The part of `doctor` that looks at the way to Google: client, sign-in, permissions,
//! clock, APIs.

use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::Value;

use super::{Finding, Ward};
use crate::cli::Session;
use crate::cli::auth::{self, Desk};
use crate::cli::client::client;
use crate::cli::human::duration;
use crate::cli::job::stopped_by;
use crate::cli::report::{Failure, Stopped};
use crate::cli::settings::SignIn;
use crate::google::store::Login;
use crate::google::tokens::{Fixed, ServiceAccount, scope};
use crate::google::{Call, Client, Secret, SignInError, Tokens, exposure};
use crate::source::drive::Drive;

/// How far a clock may be off before Google refuses what it signs.
const SKEW_MAX: TimeDelta = TimeDelta::minutes(5);

/// Looks at the way to Google.
pub async fn examine(ward: &mut Ward<'_>) {
    let session = ward.session;
    // Nobody is waited for, not even to unlock a keyring.
    let mut wish = session.settings.sign_in.clone();
    wish.asking.person = false;
    let tokens = match &wish.service_account {
        Some(_) => service_account(ward, &wish).await,
        None => person(ward, &wish).await,
    };
    let tokens = match tokens {
        Some(tokens) => Some(refresh(ward, tokens).await),
        None => None,
    };
    match tokens.flatten() {
        Some(tokens) => signed_in(ward, &wish, tokens).await,
        None => anonymous(ward, &wish).await,
    }
}

async fn service_account(ward: &mut Ward<'_>, wish: &SignIn) -> Option<Arc<dyn Tokens>> {
    let path = wish.service_account.as_ref()?;
    match ServiceAccount::read(path, wish.impersonate.as_deref(), scope::DRIVE).await {
        Ok(tokens) => {
            let words = format!("{}, the key of {}", path.display(), tokens.client_id());
            ward.tell("client", Finding::fine(words));
            // Who has it can read all that the account can.
            if let Some(exposed) = exposure(path) {
                ward.tell("client", Finding::wrong(Stopped::SignIn, exposed));
            }
            Some(Arc::new(tokens))
        }
        Err(error) => {
            ward.tell("client", refused(error.into()));
            None
        }
    }
}

async fn person(ward: &mut Ward<'_>, wish: &SignIn) -> Option<Arc<dyn Tokens>> {
    let desk = match Desk::new(wish, &ward.session.clock) {
        Ok(desk) => desk,
        Err(error) => {
            ward.tell("client", refused(error));
            return None;
        }
    };
    let words = format!("{}, a desktop app", wish.secret.display());
    // Without somebody's consent it is worth little.
    let exposed = exposure(&wish.secret).map(|exposed| format!("; {exposed}"));
    ward.tell("client", Finding::fine(words + &exposed.unwrap_or_default()));
    let login = match desk.kept().await {
        Ok(Some(login)) => login,
        Ok(None) => {
            ward.tell("sign-in", refused(SignInError::NotSignedIn.into()));
            return None;
        }
        Err(error) => {
            ward.tell("sign-in", refused(error));
            return None;
        }
    };
    let place = desk.store.place().ok().flatten();
    let place = place.map_or_else(|| "an unknown place".to_owned(), |place| place.to_string());
    ward.tell("sign-in", Finding::fine(format!("kept in {place}")));
    ward.tell("permissions", permissions(&desk, &login));
    match desk.tokens(login).await {
        Ok(tokens) => Some(Arc::new(tokens)),
        Err(error) => {
            ward.tell("token", refused(error));
            None
        }
    }
}

fn permissions(desk: &Desk<'_>, login: &Login) -> Finding {
    if let Some(scope) = desk.lacking(login).into_iter().next() {
        return refused(SignInError::ScopeMissing { scope }.into());
    }
    let names = login.scopes.iter().filter_map(|scope| scope.rsplit('/').next());
    Finding::fine(names.collect::<Vec<_>>().join(", "))
}

async fn refresh(ward: &mut Ward<'_>, tokens: Arc<dyn Tokens>) -> Option<Arc<dyn Tokens>> {
    match tokens.bearer().await {
        Ok(_) => {
            ward.tell("token", Finding::fine("Google gives one"));
            Some(tokens)
        }
        Err(error) => {
            ward.tell("token", refused(error.into()));
            None
        }
    }
}

/// Asks each API for as little as it has.
async fn signed_in(ward: &mut Ward<'_>, wish: &SignIn, tokens: Arc<dyn Tokens>) {
    let Some(client) = connect(ward, wish, tokens) else { return };
    let drive = if wish.scopes.drive {
        match Drive::new(client.clone()).account().await {
            Ok(account) => Finding::fine(format!("answers {}", account.name)),
            Err(error) => stopped_by(error.into()).into(),
        }
    } else {
        Finding::fine("left alone (--skip-drive)")
    };
    ward.tell("Drive API", drive);
    let photos = match (&wish.service_account, wish.scopes.photos) {
        (Some(_), _) => Finding::fine("not for service accounts: Google Photos knows none"),
        (None, false) => Finding::fine("left alone (--skip-photos)"),
        (None, true) => photos(&client).await,
    };
    ward.tell("Photos API", photos);
    ward.tell("clock", clock(client.clock_ahead()));
}

async fn photos(client: &Client) -> Finding {
    let call = Call::get(format!("{}/mediaItems", client.endpoints().photos)).costing(0);
    match client.json::<Value>(&call.with("pageSize", "1")).await {
        Ok(_) => Finding::fine("answers"),
        Err(error) => stopped_by(error.into()).into(),
    }
}

/// Without a sign-in it is still to be seen whether Google can be reached, and what
/// time it is there: a clock that is wrong is why some sign-ins are refused.
async fn anonymous(ward: &mut Ward<'_>, wish: &SignIn) {
    let nobody = Arc::new(Fixed::new(Secret::new(String::new())));
    let Some(client) = connect(ward, wish, nobody) else { return };
    let call = Call::get(format!("{}/about", client.endpoints().drive)).anonymous();
    let answer = client.json::<Value>(&call.with("fields", "user")).await;
    let reached = match (client.clock_ahead(), answer) {
        (Some(_), _) | (None, Ok(_)) => Finding::fine("can be reached"),
        (None, Err(error)) => stopped_by(error.into()).into(),
    };
    ward.tell("Google", reached);
    ward.tell("clock", clock(client.clock_ahead()));
}

fn connect(ward: &mut Ward<'_>, wish: &SignIn, tokens: Arc<dyn Tokens>) -> Option<Client> {
    let Session { clock, .. } = ward.session;
    match client(wish.api_root.as_deref(), tokens, clock) {
        Ok(client) => Some(client),
        Err(error) => {
            ward.tell("network", stopped_by(error.into()));
            None
        }
    }
}

fn clock(ahead: Option<TimeDelta>) -> Finding {
    let Some(ahead) = ahead else { return Finding::fine("nothing to compare it with") };
    let off = duration(ahead.abs().to_std().unwrap_or_default());
    if ahead.abs() <= SKEW_MAX {
        return Finding::fine(format!("agrees with Google's ({off})"));
    }
    let way = if ahead > TimeDelta::zero() { "ahead of" } else { "behind" };
    Finding::wrong(Stopped::Disk, format!("this machine's clock is {off} {way} Google's"))
        .next("set the clock; let the system keep it by NTP")
}

fn refused(error: auth::Error) -> Finding {
    Failure::from(error).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_may_be_off_by_five_minutes() {
        for (seconds, words) in
            [(0, None), (-300, None), (301, Some("ahead of")), (-7200, Some("2 h 0 min behind"))]
        {
            let finding = clock(Some(TimeDelta::seconds(seconds)));
            match (&finding, words) {
                (Finding::Fine(_), None) => {}
                (Finding::Wrong { words: told, .. }, Some(words)) => {
                    assert!(told.contains(words), "{told}");
                }
                _ => panic!("{seconds}: {finding:?}"),
            }
        }
    }
}
