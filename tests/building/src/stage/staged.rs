//! One building on the stage, and what can be changed around it.

use crate::roles::hands::{Heard, at_the_door};
use crate::serve::{Plan, Served};
use anyhow::{Context as _, Result};
use axum::body::to_bytes;
use axum::response::IntoResponse as _;
use keyway_app::ports::{Http as _, HttpRequest, Method};
use keyway_journeys::PEOPLE;
use keyway_platform::http::ServiceHttp;
use keyway_service::Demo;
use serde_json::{Value, json};
use std::time::Duration;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use zeroize::Zeroizing;

/// A page answers within this.
const PAGE: Duration = Duration::from_secs(10);
const FORM: &str = "application/x-www-form-urlencoded";

/// A served building and its folder, both gone when dropped.
pub(super) struct Staged {
    served: Served,
    _folder: TempDir,
}

impl Staged {
    /// Elm Court, new.
    pub(super) fn open() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("keyway-stage-").tempdir()?;
        let plan = Plan {
            property: Demo::elm_court(),
            mtu: 517,
            service_arguments: Vec::new(),
            lock_arguments: Vec::new(),
        };
        Ok(Self {
            served: Served::start(folder.path(), &plan)?,
            _folder: folder,
        })
    }

    /// What a phone needs to know, and who may sign in.
    pub(super) fn description(&self) -> Result<Value> {
        let accounts = &self.served.description.accounts;
        let people = PEOPLE.iter().zip(accounts);
        let people = people.map(|(name, account)| {
            let signs_in_with = json!({ "email": account.email, "password": account.password });
            ((*name).to_owned(), signs_in_with)
        });
        Ok(json!({
            "building": serde_json::to_value(&self.served.description)?,
            "people": people.collect::<serde_json::Map<_, _>>(),
        }))
    }

    /// Changes the world; nothing where there is no such change.
    pub(super) fn change(&mut self, change: &str, value: &Value) -> Result<Option<Value>> {
        match change {
            "keypad" => self.keypad(value),
            "lock" => self.lock(value),
            "service" => self.service(value),
            "mail" | "sms" => Ok(self.message(value)),
            "reset_page" => self.reset_page(value),
            _ => Ok(None),
        }
    }

    fn keypad(&self, value: &Value) -> Result<Option<Value>> {
        let (Some(hands), Some(code)) = (self.hands(value), value["code"].as_str()) else {
            return Ok(None);
        };
        let heard = at_the_door(hands, code)?;
        let refused = match &heard {
            Heard::Refused(why) => Some(why),
            _ => None,
        };
        Ok(Some(
            json!({ "opened": heard == Heard::Open, "refused": refused }),
        ))
    }

    fn lock(&self, value: &Value) -> Result<Option<Value>> {
        let (Some(hands), Some(change)) = (self.hands(value), value.as_object()) else {
            return Ok(None);
        };
        let mut change = change.clone();
        change.remove("door");
        match at_the_door(hands, &serde_json::to_string(&change)?)? {
            Heard::Stands {
                motor_moves,
                operations,
            } => Ok(Some(
                json!({ "motor_moves": motor_moves, "operations": operations }),
            )),
            _ => Ok(None),
        }
    }

    fn hands(&self, value: &Value) -> Option<&str> {
        let name = value.get("door")?.as_str()?;
        let locks = &self.served.description.locks;
        let lock = locks.iter().find(|lock| lock.name == name)?;
        Some(&lock.keypad)
    }

    fn service(&mut self, value: &Value) -> Result<Option<Value>> {
        let up = match value.as_str() {
            Some("up") => true,
            Some("down") => false,
            _ => return Ok(None),
        };
        self.served.way.set_up(up)?;
        Ok(Some(json!({})))
    }

    fn message(&self, value: &Value) -> Option<Value> {
        let mailbox = self.served.post.look(value.as_str()?);
        Some(json!({ "count": mailbox.count, "found": mailbox.found }))
    }

    /// Follows a link in a browser and sets a password.
    fn reset_page(&self, value: &Value) -> Result<Option<Value>> {
        let token = value["link"]
            .as_str()
            .and_then(|link| link.split_once("token="));
        let (Some((_, token)), Some(password)) = (token, value["password"].as_str()) else {
            return Ok(None);
        };
        let fields = [
            ("token", token),
            ("password", password),
            ("repeated", password),
        ];
        let form = axum::Form(fields).into_response().into_body();
        let runtime = Runtime::new()?;
        let service = &self.served.description.service;
        let http = ServiceHttp::new(&service.origin, &service.ca_pem, runtime.handle().clone())?;
        let status = runtime.block_on(async {
            let body = to_bytes(form, usize::MAX).await?;
            let request = HttpRequest {
                method: Method::Post,
                path: "/account/reset".to_owned(),
                headers: vec![("content-type", Zeroizing::new(FORM.to_owned()))],
                body: Some(Zeroizing::new(body.to_vec())),
                deadline: PAGE,
            };
            let answer = http.send(request).await;
            answer.map(|answer| answer.status).context("the page")
        })?;
        Ok(Some(json!({ "changed": status == 200 })))
    }
}
