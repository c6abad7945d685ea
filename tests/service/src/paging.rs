//! Pages of a list, as OpenDOOR has them: `pageSize`, `pageToken`, `nextPageToken`. A token names the last item that was told, so that
//! nothing is skipped or told twice when the list changes in between.
use crate::crypto;
use crate::document::shapes::PageToken;
use crate::problem::Problem;
use crate::state::Service;
use axum::extract::{FromRequestParts, Query};
use http::request::Parts;
use serde::Deserialize;
use utoipa::IntoParams;

/// Which part of a list is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PageRequest {
    /// At most so many items.
    pub(crate) size: usize,
    /// After the item that this key sorts.
    pub(crate) after: Option<String>,
}

/// One page, and how to ask for the next.
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    pub(crate) next_page_token: Option<String>,
}

/// Which part of a list is asked for, as it is asked.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// At most so many items; 100 where nothing is asked.
    #[param(minimum = 1, maximum = 100, nullable = false)]
    page_size: Option<usize>,
    /// The `nextPageToken` of the page before.
    #[param(value_type = Option<PageToken>, nullable = false)]
    page_token: Option<String>,
}

/// The most items of a page, and as many as nobody asked otherwise for.
const LONGEST: usize = 100;

impl FromRequestParts<Service> for PageRequest {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Problem> {
        let Query(query) = Query::<PageQuery>::from_request_parts(parts, service)
            .await
            .map_err(|_| SIZE)?;
        let size = query.page_size.unwrap_or(LONGEST);
        if !(1..=LONGEST).contains(&size) {
            return Err(SIZE);
        }
        let after = query.page_token.map(|token| key_of(&token)).transpose()?;
        Ok(Self { size, after })
    }
}

const SIZE: Problem = Problem::BadRequest("pageSize must be 1 to 100");

impl PageRequest {
    /// Sorts by `key`, which no two items share, and takes the page out.
    pub(crate) fn cut<T>(&self, mut items: Vec<T>, key: impl Fn(&T) -> String) -> Page<T> {
        items.sort_by_cached_key(&key);
        if let Some(after) = &self.after {
            items.retain(|item| key(item) > *after);
        }
        let more = items.len() > self.size;
        items.truncate(self.size);
        let last = items.last().filter(|_| more);
        Page {
            next_page_token: last.map(|item| token_of(&key(item))),
            items,
        }
    }
}

/// The token that leads on after `key`.
pub(crate) fn token_of(key: &str) -> String {
    crypto::base64url(key.as_bytes())
}

fn key_of(token: &str) -> Result<String, Problem> {
    crypto::from_base64url(token)
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or(Problem::BadRequest("pageToken is none of this service"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(items: &[u32], size: usize, after: Option<&str>) -> (Vec<u32>, Option<String>) {
        let request = PageRequest {
            size,
            after: after.map(|token| key_of(token).unwrap()),
        };
        let page = request.cut(items.to_vec(), |item| format!("{item:03}"));
        (page.items, page.next_page_token)
    }

    #[test]
    fn pages_follow_each_other_to_the_end() {
        let (first, token) = page(&[3, 1, 2], 2, None);
        assert_eq!(first, [1, 2]);
        assert_eq!(page(&[3, 1, 2], 2, token.as_deref()), (vec![3], None));
    }

    #[test]
    fn a_list_that_changed_in_between_tells_nothing_twice() {
        let (_, token) = page(&[1, 2, 3], 2, None);
        assert_eq!(page(&[0, 1, 3, 4], 2, token.as_deref()).0, [3, 4]);
    }
}
