//! `GET /v1/buildings` and `GET /v1/buildings/{buildingUuid}/residents`: what staff see of the buildings they work in.
use crate::contact::Address;
use crate::document::problems;
use crate::document::shapes::PageToken;
use crate::extract::{BuildingId, Caller};
use crate::paging::PageQuery;
use crate::paging::PageRequest;
use crate::problem::Problem;
use crate::standing::staffed_buildings;
use crate::state::Service;
use crate::store::accounts::{self, Account};
use crate::store::buildings::{self, Building};
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The answer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = BuildingsResponse)]
pub(crate) struct BuildingList {
    buildings: Vec<BuildingView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<PageToken>, nullable = false)]
    next_page_token: Option<String>,
}

/// One building, as OpenDOOR has it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Building)]
struct BuildingView {
    uuid: Uuid,
    name: String,
    timezone: String,
    address: Address,
}

/// The answer.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ResidentsResponse)]
pub(crate) struct ResidentList {
    residents: Vec<ResidentView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<PageToken>, nullable = false)]
    next_page_token: Option<String>,
}

/// One resident, as OpenDOOR has them.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Resident)]
struct ResidentView {
    user_uuid: Uuid,
    first_name: String,
    last_name: String,
    email: String,
}

/// `GET /v1/buildings`.
#[utoipa::path(
    get,
    path = "/v1/buildings",
    tag = "property",
    operation_id = "listBuildings",
    params(PageQuery),
    responses(
        (status = 200, body = BuildingList, description = "By name"),
        problems::BadRequest,
        problems::Forbidden,
    ),
    security(("accessToken" = [], "dpopProof" = [])),
)]
pub(crate) async fn list(
    State(service): State<Service>,
    Caller(session): Caller,
    page: PageRequest,
) -> Result<Json<BuildingList>, Problem> {
    let now = service.now();
    service.store().read(|on| {
        let mut known = Vec::new();
        for building in staffed_buildings(on, session.account_id, now)? {
            known.extend(buildings::by_id(on, building)?);
        }
        let page = page.cut(known, |building| {
            format!("{}\n{}", building.name, building.id)
        });
        Ok(Json(BuildingList {
            buildings: page.items.into_iter().map(BuildingView::from).collect(),
            next_page_token: page.next_page_token,
        }))
    })
}

/// `GET /v1/buildings/{buildingUuid}/residents`: whoever has a resident's access to one of its doors.
#[utoipa::path(
    get,
    path = "/v1/buildings/{buildingUuid}/residents",
    tag = "property",
    operation_id = "listBuildingResidents",
    params(BuildingId, PageQuery),
    responses(
        (status = 200, body = ResidentList, description = "By name"),
        problems::BadRequest,
        problems::Forbidden,
        problems::NotFound,
    ),
    security(("accessToken" = [], "dpopProof" = [])),
)]
pub(crate) async fn residents(
    State(service): State<Service>,
    Caller(session): Caller,
    BuildingId(building): BuildingId,
    page: PageRequest,
) -> Result<Json<ResidentList>, Problem> {
    let now = service.now();
    service.store().read(|on| {
        if !staffed_buildings(on, session.account_id, now)?.contains(&building) {
            return Err(Problem::NotFound);
        }
        let residents = accounts::residents_of(on, building, now)?;
        let page = page.cut(residents, |account| {
            format!("{}\n{}", account.name, account.id)
        });
        Ok(Json(ResidentList {
            residents: page.items.into_iter().map(ResidentView::from).collect(),
            next_page_token: page.next_page_token,
        }))
    })
}

impl From<Building> for BuildingView {
    fn from(building: Building) -> Self {
        Self {
            uuid: building.id,
            name: building.name,
            timezone: building.timezone,
            address: building.contact.address,
        }
    }
}

impl From<Account> for ResidentView {
    fn from(account: Account) -> Self {
        Self {
            user_uuid: account.id,
            first_name: account.first_name,
            last_name: account.last_name,
            email: account.email,
        }
    }
}
