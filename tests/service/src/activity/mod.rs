//! `GET /v1/doors/{doorUuid}/activity`: who opened the door and when, as far as it is the caller's to see.
//!
//! The lock's log is the only source: entries are opened with the service's log key, laid beside the grants and codes that the service
//! issued, and never made up. Who may see which:
//!
//! | | a resident's at a home | a guest's or a daily code's at a home | refused codes, syncs, restarts | at any other door |
//! |---|---|---|---|---|
//! | the home's residents | yes | yes | at their home | their own |
//! | the guest | no | their own | no | their own |
//! | staff | never | of those whom they or the property let in | yes | yes |
//!
//! A resident sees what others did from the beginning of the own access on: what was before is the former residents'.
mod entry;
mod visibility;
mod who;

use crate::clock::UnixMillis;
use crate::document::problems;
use crate::document::shapes::PageToken;
use crate::extract::{Caller, DoorId};
use crate::letting_in::address_mac;
use crate::limits;
use crate::paging::PageQuery;
use crate::paging::{PageRequest, token_of};
use crate::problem::Problem;
use crate::standing::standing_at;
use crate::state::Service;
use crate::store::doors::Door;
use crate::store::{accounts, log_entries};
use axum::Json;
use axum::extract::State;
use entry::EntryView;
use keyway_protocol::crypto::AgreementKey;
use keyway_protocol::ids::LockId;
use keyway_protocol::log::LogEntry;
use rusqlite::Connection;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use visibility::{Viewer, audience};
use who::Who;

/// The answer, newest entry first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Activity {
    entries: Vec<EntryView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<PageToken>, nullable = false)]
    next_page_token: Option<String>,
}

/// See the module. A page can be shorter than asked for where most of the log is not the caller's to see.
#[utoipa::path(
    get,
    path = "/v1/doors/{doorUuid}/activity",
    tag = "doors",
    operation_id = "listActivity",
    params(DoorId, PageQuery),
    responses(
        (status = 200, body = Activity, description = "Newest first"),
        problems::BadRequest,
        problems::NotFound,
    ),
    security(("accessToken" = [], "dpopProof" = [])),
)]
pub(crate) async fn list(
    State(service): State<Service>,
    Caller(session): Caller,
    DoorId(door): DoorId,
    page: PageRequest,
) -> Result<Json<Activity>, Problem> {
    let now = service.now();
    let before = page.after.as_deref().map(number_of).transpose()?;
    service.store().read(|on| {
        let (door, standing) = standing_at(on, door, session.account_id, now)?;
        let resident_since = standing
            .access
            .filter(|_| standing.is_resident(now))
            .map(|access| access.starts_at);
        let viewer = viewer(
            &service,
            on,
            session.account_id,
            resident_since,
            standing.staff,
        )?;
        let reader = Reader {
            service: &service,
            on,
            door: &door,
            viewer,
            log_key: service.issuer().log_key(),
        };
        reader.page(before, page.size).map(Json)
    })
}

fn viewer(
    service: &Service,
    on: &Connection,
    account: Uuid,
    resident_since: Option<UnixMillis>,
    staff: bool,
) -> Result<Viewer, Problem> {
    let known = accounts::by_id(on, account)?.ok_or(Problem::Unauthorized)?;
    Ok(Viewer {
        account,
        address_mac: address_mac(service, &known.email),
        resident_since,
        staff,
    })
}

/// A token names the last entry that was looked at.
fn number_of(key: &str) -> Result<u64, Problem> {
    key.parse()
        .map_err(|_| Problem::BadRequest("pageToken is none of this service"))
}

/// Somebody at the log of one door.
struct Reader<'a> {
    service: &'a Service,
    on: &'a Connection,
    door: &'a Door,
    viewer: Viewer,
    log_key: AgreementKey,
}

impl Reader<'_> {
    fn page(&self, before: Option<u64>, size: usize) -> Result<Activity, Problem> {
        let rows = log_entries::before(self.on, self.door.id, before, limits::ACTIVITY_SCAN)?;
        let scanned_all = rows.len() < limits::ACTIVITY_SCAN;
        let mut entries = Vec::new();
        let mut last = None;
        for (number, sealed) in rows {
            let entry = self.open(number, &sealed)?;
            let who = Who::of(self.service, self.on, self.door, &entry)?;
            let visible_to = audience(self.door, &who);
            if self.viewer.sees(&entry, &who, &visible_to) {
                if entries.len() == size {
                    return Ok(Activity {
                        entries,
                        next_page_token: last.map(token),
                    });
                }
                let is_you = self.viewer.is(&who);
                entries.push(EntryView::of(&entry, who, is_you, visible_to)?);
            }
            last = Some(number);
        }
        Ok(Activity {
            entries,
            next_page_token: last.filter(|_| !scanned_all).map(token),
        })
    }

    fn open(&self, number: u64, sealed: &[u8]) -> Result<LogEntry, Problem> {
        // It was opened once before it was kept.
        LogEntry::open(sealed, &LockId(self.door.lock_id), number, &self.log_key)
            .map_err(|_| Problem::Internal("a kept log entry does not open"))
    }
}

fn token(number: u64) -> String {
    token_of(&number.to_string())
}
