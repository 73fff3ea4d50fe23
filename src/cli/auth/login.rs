//! Asks a person for their consent: opens a browser, or prints the address, and
//! takes the answer from the browser's redirect or from a pasted line, whichever
//! comes first.

use std::process::{Command, Stdio};
use std::sync::Arc;

use super::{Desk, Error};
use crate::cli::screen::Lines;
use crate::cli::signals::Signals;
use crate::cli::typed;
use crate::google::consent::{self, Arrived, Listener};
use crate::google::oauth::{Request, TokenServer};
use crate::google::store::{Kind, Login, Place};
use crate::google::{Secret, SignInError};

/// Signs a person in for `scopes` and keeps the sign-in. Waits without end, until
/// it is answered or interrupted.
///
/// # Errors
///
/// Any [`Error`].
pub(super) async fn by_browser(
    desk: &Desk<'_>,
    lines: &dyn Lines,
    scopes: Vec<String>,
) -> Result<Login, Error> {
    tokio::select! {
        // First, so that the signals are listened for before anything is said.
        biased;
        interrupted = interrupted() => Err(interrupted),
        signed_in = ask(desk, lines, scopes) => signed_in,
    }
}

/// How the answer came.
enum Answer {
    /// By the browser, which waits to be told how it went.
    Redirected(Arrived),
    /// As a line on stdin.
    Pasted(Secret),
}

async fn ask(desk: &Desk<'_>, lines: &dyn Lines, scopes: Vec<String>) -> Result<Login, Error> {
    let listener = Listener::bind().await.map_err(Error::Port)?;
    let request = Request::new(scopes, listener.port());
    let server = TokenServer::new(desk.client.clone(), Arc::clone(desk.clock))?;
    explain(lines, request.address(server.client()).as_str(), desk.wish.asking.browser);
    let answer = tokio::select! {
        arrived = listener.answer(&request) => Answer::Redirected(arrived?),
        pasted = pasted(&request, lines) => Answer::Pasted(pasted?),
    };
    match answer {
        Answer::Pasted(code) => keep(desk, lines, &server, (&request, &code)).await,
        Answer::Redirected(arrived) => {
            let kept = keep(desk, lines, &server, (&request, &arrived.code)).await;
            match &kept {
                Ok(_) => arrived.tell_success().await,
                Err(error) => arrived.tell_failure(&error.to_string()).await,
            }
            kept
        }
    }
}

fn explain(lines: &dyn Lines, address: &str, browser: bool) {
    if browser {
        lines.line("Opening your browser to sign in to Google. If none opens, open this address:");
    } else {
        lines.line("Open this address in a browser, on this machine or any other:");
    }
    lines.line("");
    lines.line(address);
    lines.line("");
    if !browser || !open(address) {
        lines.line("If that browser is on another machine, it will end at a page that it cannot");
        lines.line("reach. Copy the address of that page, http://127.0.0.1..., and paste it here.");
    }
}

/// Starts the person's browser. Whether it then shows anything nobody tells us.
fn open(address: &str) -> bool {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let quiet = Stdio::null;
    let mut command = Command::new(opener);
    command.arg(address).stdin(quiet()).stdout(quiet()).stderr(quiet());
    command.spawn().is_ok()
}

/// Returns the code of a pasted address; never returns if nothing is pasted.
async fn pasted(request: &Request, lines: &dyn Lines) -> Result<Secret, SignInError> {
    let mut typed = typed::arriving();
    while let Some(line) = typed.recv().await {
        if line.trim().is_empty() {
            continue;
        }
        match consent::pasted(request, &line) {
            Ok(answer) => return answer,
            Err(explanation) => lines.line(explanation),
        }
    }
    // stdin is closed: only the browser can answer now.
    std::future::pending().await
}

async fn keep(
    desk: &Desk<'_>,
    lines: &dyn Lines,
    server: &TokenServer,
    (request, code): (&Request, &Secret),
) -> Result<Login, Error> {
    let granted = server.exchange(request, code).await?;
    let login = Login {
        client_id: server.client().client_id.clone(),
        refresh_token: granted.refresh_token,
        scopes: granted.scopes,
    };
    let place = desk.store.save(&login).await?;
    let wished = desk.store.wish() == Some(Kind::File);
    lines.line(&match &place {
        Place::File(_) if !wished => format!(
            "Signed in. There is no keyring that can be used here, so the sign-in is kept in a \
             file that only you can read: {place}"
        ),
        _ => format!("Signed in. The sign-in is kept in {place}."),
    });
    Ok(login)
}

/// Returns when the person wants to stop.
async fn interrupted() -> Error {
    let Ok(mut signals) = Signals::new() else {
        // Then the signals end the process, which is as good.
        return std::future::pending().await;
    };
    signals.next().await;
    Error::Interrupted
}
