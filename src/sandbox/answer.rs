//! Answers: Google's JSON, and Google's ways to say no.
//!
//! The bodies follow <https://developers.google.com/workspace/drive/api/guides/handle-errors>.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value, json};

/// The type that Google states for all its JSON.
pub(super) const JSON: &str = "application/json; charset=UTF-8";

/// What a handler gives: an answer, or Google's no.
pub(super) type Answer = Result<Response, Refusal>;

/// Google's no, in either of its two dialects.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    status: u16,
    message: String,
    /// `errors[0]`, as the older services (Drive) write it.
    classic: Option<Box<Classic>>,
    /// `status` and `details`, as the newer ones (Photos) write it.
    rpc: Option<Box<(&'static str, Option<Value>)>>,
    retry_after_s: Option<u32>,
}

#[derive(Clone, Debug)]
struct Classic {
    domain: &'static str,
    reason: String,
    location: Option<(&'static str, &'static str)>,
}

impl Refusal {
    /// Drive's no with one of its reasons.
    pub fn new(status: u16, reason: &str, message: impl Into<String>) -> Self {
        let classic = Classic { domain: domain(reason), reason: reason.to_owned(), location: None };
        let message = message.into();
        Self { status, message, classic: Some(Box::new(classic)), rpc: None, retry_after_s: None }
    }

    /// The no of the newer services, whose `status` is a word such as `PERMISSION_DENIED`.
    pub fn rpc(status: u16, word: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            status,
            message,
            classic: None,
            rpc: Some(Box::new((word, None))),
            retry_after_s: None,
        }
    }

    /// The same, also in the newer dialect, with the entry `info` in its `details`.
    pub fn with_info(mut self, word: &'static str, info: Value) -> Self {
        self.rpc = Some(Box::new((word, Some(info))));
        self
    }

    /// The same, naming what was wrong: (`parameter` or `header`, its name).
    pub fn at(mut self, kind: &'static str, name: &'static str) -> Self {
        if let Some(classic) = &mut self.classic {
            classic.location = Some((kind, name));
        }
        self
    }

    /// The same, with a `Retry-After`.
    pub fn retry_after(mut self, seconds: Option<u32>) -> Self {
        self.retry_after_s = seconds;
        self
    }

    /// The same, as a newer service says it: without `errors`.
    pub fn in_rpc_dialect(mut self) -> Self {
        self.classic = None;
        self.rpc.get_or_insert_with(|| Box::new((rpc_word(self.status), None)));
        self
    }

    /// A parameter that has not a value that it may have.
    pub fn parameter(name: &'static str, message: impl Into<String>) -> Self {
        Self::new(400, "invalidParameter", message).at("parameter", name)
    }

    /// A parameter whose value means nothing, such as a page token that was not given out.
    pub fn invalid(name: &'static str) -> Self {
        Self::new(400, "invalid", "Invalid Value").at("parameter", name)
    }

    /// A parameter that has to be there.
    pub fn required(name: &'static str) -> Self {
        let message = if name == "fields" {
            "The 'fields' parameter is required for this method.".to_owned()
        } else {
            format!("Required parameter: {name}")
        };
        Self::new(400, "required", message).at("parameter", name)
    }

    /// A file that is not there, or not for this account.
    pub fn no_file(id: &str) -> Self {
        Self::new(404, "notFound", format!("File not found: {id}.")).at("parameter", "fileId")
    }

    /// No token, or none that is good.
    pub fn unauthenticated() -> Self {
        let info =
            json!({"@type": INFO, "reason": "ACCESS_TOKEN_EXPIRED", "domain": "googleapis.com"});
        Self::new(401, "authError", "Invalid Credentials")
            .at("header", "Authorization")
            .with_info("UNAUTHENTICATED", info)
    }

    /// A good token, not for this.
    pub fn scope() -> Self {
        let info = json!({"@type": INFO, "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "domain": "googleapis.com"});
        Self::new(403, "insufficientPermissions", "Request had insufficient authentication scopes.")
            .with_info("PERMISSION_DENIED", info)
    }

    /// The person's project has not this API switched on.
    pub fn disabled(title: &str, service: &str, project: &str) -> Self {
        let url = format!(
            "https://console.developers.google.com/apis/api/{service}/overview?project={project}"
        );
        let message = format!(
            "{title} has not been used in project {project} before or it is disabled. Enable it by visiting {url} then retry."
        );
        let metadata = json!({"service": service, "consumer": format!("projects/{project}"), "activationUrl": url});
        let info = json!({"@type": INFO, "reason": "SERVICE_DISABLED", "domain": "googleapis.com", "metadata": metadata});
        Self::new(403, "accessNotConfigured", message).with_info("PERMISSION_DENIED", info)
    }

    fn body(&self) -> Value {
        let mut error = json!({"code": self.status, "message": self.message});
        if let Some(classic) = &self.classic {
            let mut entry = json!({"domain": classic.domain, "reason": classic.reason, "message": self.message});
            if let Some((kind, name)) = classic.location {
                entry["locationType"] = kind.into();
                entry["location"] = name.into();
            }
            if classic.domain == "usageLimits" {
                entry["extendedHelp"] = "https://console.developers.google.com/".into();
            }
            error["errors"] = json!([entry]);
        }
        if let Some((word, info)) = self.rpc.as_deref() {
            error["status"] = (*word).into();
            if let Some(info) = info {
                error["details"] = json!([info]);
            }
        }
        json!({ "error": error })
    }
}

/// The `@type` of an entry in `details`.
const INFO: &str = "type.googleapis.com/google.rpc.ErrorInfo";

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = with_status(self.status, json(&self.body()));
        if let Some(seconds) = self.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        if self.status == 401 {
            let challenge =
                HeaderValue::from_static("Bearer realm=\"https://accounts.google.com/\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// `value` as an answer. Its keys are texts, so that there is nothing which JSON has not.
pub(super) fn json(value: &impl Serialize) -> Response {
    typed(JSON, Body::from(serde_json::to_vec(value).unwrap_or_default()))
}

/// `body` as an answer of the type `mime`.
pub(super) fn typed(mime: &str, body: Body) -> Response {
    let mut response = Response::new(body);
    if let Ok(mime) = HeaderValue::from_str(mime) {
        response.headers_mut().insert(header::CONTENT_TYPE, mime);
    }
    response
}

/// A page for people, as Google's front servers show it for errors.
pub(super) fn html(status: u16, text: &str) -> Response {
    let page = format!("<!DOCTYPE html><html><title>{text}</title><p>{text}</html>");
    with_status(status, typed("text/html; charset=UTF-8", Body::from(page)))
}

/// `response` with another status; one that is no HTTP status becomes 500.
pub(super) fn with_status(status: u16, mut response: Response) -> Response {
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response
}

/// The domain that Drive states beside `reason`.
fn domain(reason: &str) -> &'static str {
    match reason {
        "userRateLimitExceeded"
        | "rateLimitExceeded"
        | "sharingRateLimitExceeded"
        | "dailyLimitExceeded"
        | "quotaExceeded"
        | "downloadQuotaExceeded"
        | "accessNotConfigured"
        | "UrlLeaseLimitExceeded" => "usageLimits",
        _ => "global",
    }
}

/// What Google writes for `reason`.
pub(super) fn message(reason: &str) -> String {
    let text = match reason {
        "userRateLimitExceeded" => {
            "User Rate Limit Exceeded. Rate of requests for user exceed configured project quota, you may consider re-evaluating expected per-user traffic to the API and adjust project quota limits accordingly."
        }
        "rateLimitExceeded" => "Rate Limit Exceeded",
        "dailyLimitExceeded" => "Daily Limit Exceeded",
        "quotaExceeded" => "The quota for this request has been exceeded.",
        "downloadQuotaExceeded" => "The download quota for this file has been exceeded.",
        "cannotDownloadAbusiveFile" => {
            "This file has been identified as malware or spam and cannot be downloaded."
        }
        "cannotDownloadFile" => "This file cannot be downloaded by the user.",
        "fileNotDownloadable" => {
            "Only files with binary content can be downloaded. Use Export with Docs Editors files."
        }
        "fileNotExportable" => "Export only supports Docs Editors files.",
        "exportSizeLimitExceeded" => "This file is too large to be exported.",
        "insufficientFilePermissions" => {
            "The user does not have sufficient permissions for this file."
        }
        "appNotAuthorizedToFile" => "The user has not granted the app access to the file.",
        "domainPolicy" => "The domain administrators have disabled Drive apps.",
        "invalidAbuseAcknowledgment" => "The caller cannot acknowledge abuse for this file.",
        "requestedRangeNotSatisfiable" => "Request range not satisfiable",
        "authError" => "Invalid Credentials",
        "notFound" => "File not found.",
        "backendError" => "Backend Error",
        "internalError" => "Internal Error",
        "badRequest" => "Bad Request",
        other => other,
    };
    text.to_owned()
}

/// The word of the newer services for an HTTP status.
fn rpc_word(status: u16) -> &'static str {
    match status {
        400 => "INVALID_ARGUMENT",
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 | 410 => "NOT_FOUND",
        416 => "OUT_OF_RANGE",
        429 => "RESOURCE_EXHAUSTED",
        500 => "INTERNAL",
        503 => "UNAVAILABLE",
        504 => "DEADLINE_EXCEEDED",
        _ => "UNKNOWN",
    }
}
