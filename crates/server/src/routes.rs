//! The routes: each takes the report of the last run and shows it in one form.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use ferrotape_app::OpenLibrary;
use ferrotape_domain::{Cancel, Silent};
use ferrotape_engine::report::{ConversionReport, html, last, missing_csv};
use ferrotape_engine::{Context, EngineError};
use serde::Deserialize;
use tokio::sync::Semaphore;

use crate::{limits, wire};

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Page,
    Json,
    Csv,
}

#[derive(Clone)]
struct Shared {
    opened: Arc<OpenLibrary>,
    cancel: Cancel,
    /// Held while a report is put together.
    places: Arc<Semaphore>,
}

/// Which run; the newest when none is named.
#[derive(Deserialize)]
struct Which {
    /// The player or folder, exactly as its report names it. It is compared, never opened.
    to: Option<String>,
}

pub(crate) fn routes(opened: OpenLibrary, cancel: Cancel) -> Router {
    let places = Arc::new(Semaphore::new(limits::REPORTS));
    let shared = Shared { opened: Arc::new(opened), cancel, places };
    Router::new()
        .route("/", get(|state, which| show(Form::Page, state, which)))
        .route("/report.json", get(|state, which| show(Form::Json, state, which)))
        .route("/missing.csv", get(|state, which| show(Form::Csv, state, which)))
        .route("/health", get(health))
        .fallback(nothing_here)
        .with_state(shared)
}

async fn health() -> Response {
    body(StatusCode::OK, Form::Json, "{\"status\":\"ok\"}\n".to_owned())
}

async fn nothing_here() -> Response {
    let notice = Notice {
        title: "There is nothing here",
        message: "The report is at the start.",
        hint: "The other addresses are /report.json, /missing.csv and /health.",
        command: None,
    };
    notice.answer(StatusCode::NOT_FOUND, Form::Page)
}

async fn show(form: Form, State(shared): State<Shared>, Query(which): Query<Which>) -> Response {
    let Ok(place) = shared.places.clone().acquire_owned().await else {
        return broken(form, "it is stopping");
    };
    let made = tokio::task::spawn_blocking(move || {
        // Goes with the work, not with the visitor: one who leaves does not make room for more work.
        let _place = place;
        report(form, which.to.as_deref(), &shared)
    });
    made.await.unwrap_or_else(|error| broken(form, &error.to_string()))
}

/// Blocking: reads the library and renders.
fn report(form: Form, to: Option<&str>, shared: &Shared) -> Response {
    match read(to, shared) {
        Ok(Some(report)) => body(StatusCode::OK, form, text(form, &report)),
        Ok(None) => no_report(form, to),
        Err(error) => broken(form, &error.to_string()),
    }
}

fn read(to: Option<&str>, shared: &Shared) -> Result<Option<ConversionReport>, EngineError> {
    // The report bears the time of its run; the time of reading it plays no part.
    let context = Context {
        library: &shared.opened.library,
        progress: &Silent,
        cancel: &shared.cancel,
        now: 0,
        listen: false,
        links: None,
    };
    last(to, &context)
}

fn text(form: Form, report: &ConversionReport) -> String {
    match form {
        Form::Page => html(report),
        Form::Json => json(&wire::Report::of(report)),
        Form::Csv => missing_csv(report),
    }
}

/// The one line of a JSON answer. Writing plain structs to memory does not fail.
fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default() + "\n"
}

fn no_report(form: Form, to: Option<&str>) -> Response {
    let message = match to {
        Some(to) => format!("Nothing was converted to {to} so far."),
        None => "Nothing was converted so far.".to_owned(),
    };
    let notice = Notice {
        title: "There is no report yet",
        message: &message,
        hint: "Fill a player or folder first, then load this page again:",
        command: Some("ferrotape convert my_spotify_data.zip --from ~/Music --to /media/PLAYER"),
    };
    notice.answer(StatusCode::NOT_FOUND, form)
}

fn broken(form: Form, reason: &str) -> Response {
    let notice = Notice {
        title: "The report could not be read",
        message: reason,
        hint: "This looks at the library and says what is wrong with it:",
        command: Some("ferrotape doctor"),
    };
    notice.answer(StatusCode::INTERNAL_SERVER_ERROR, form)
}

/// An answer for people, in place of a report.
#[derive(Template)]
#[template(path = "notice.html")]
struct Notice<'a> {
    title: &'a str,
    message: &'a str,
    hint: &'a str,
    command: Option<&'a str>,
}

impl Notice<'_> {
    fn answer(&self, status: StatusCode, form: Form) -> Response {
        let hint = match self.command {
            Some(command) => format!("{} {command}", self.hint),
            None => self.hint.to_owned(),
        };
        let plain = || format!("{}\n{}\n{hint}\n", self.title, self.message);
        let text = match form {
            Form::Page => self.render().unwrap_or_else(|_| plain()),
            Form::Json => json(&wire::Problem { message: self.message, hint: Some(&hint) }),
            Form::Csv => return (status, plain()).into_response(),
        };
        body(status, form, text)
    }
}

fn body(status: StatusCode, form: Form, text: String) -> Response {
    let kind = match form {
        Form::Page => "text/html; charset=utf-8",
        Form::Json => "application/json",
        Form::Csv => "text/csv; charset=utf-8; header=present",
    };
    let mut response = (status, [(header::CONTENT_TYPE, kind)], text).into_response();
    if form == Form::Csv {
        let named = HeaderValue::from_static("attachment; filename=\"missing.csv\"");
        response.headers_mut().insert(header::CONTENT_DISPOSITION, named);
    }
    response
}
