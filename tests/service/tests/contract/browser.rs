//! A browser without scripts: it follows forms, keeps one cookie, and refuses a page that not everybody can read.
use crate::support::{Answer, Property, form};
use axum::body::Body;
use http::{Request, header};

/// One browser in front of the service's pages.
pub(crate) struct Browser<'a> {
    property: &'a Property,
    /// `name=value`, once a page has set it.
    pub(crate) cookie: Option<String>,
}

impl<'a> Browser<'a> {
    pub(crate) fn new(property: &'a Property) -> Self {
        Self {
            property,
            cookie: None,
        }
    }

    pub(crate) fn get(&mut self, path: &str) -> Answer {
        let request = Request::get(path).body(Body::empty()).unwrap();
        self.call(request)
    }

    pub(crate) fn submit(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut request = form(path, fields);
        let site = "same-origin".parse().unwrap();
        request.headers_mut().insert("sec-fetch-site", site);
        self.call(request)
    }

    fn call(&mut self, mut request: Request<Body>) -> Answer {
        if let Some(cookie) = &self.cookie {
            let cookie = cookie.parse().unwrap();
            request.headers_mut().insert(header::COOKIE, cookie);
        }
        let answer = self.property.call(request);
        if let Some(set) = answer.headers.get(header::SET_COOKIE) {
            let set = set.to_str().unwrap();
            let cookie = set.split(';').next().unwrap();
            let is_cleared = set.contains("Max-Age=0");
            self.cookie = (!is_cleared).then(|| cookie.to_owned());
        }
        let is_page = answer
            .headers
            .get(header::CONTENT_TYPE)
            .is_some_and(|media_type| media_type.as_bytes().starts_with(b"text/html"));
        if is_page {
            assert_readable_by_everybody(&answer);
        }
        answer
    }
}

/// The page's text.
pub(crate) fn html(answer: &Answer) -> String {
    String::from_utf8(answer.body.clone()).unwrap()
}

/// Each tag called `name`, without its brackets.
pub(crate) fn tags<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    let opening = format!("<{name}");
    page.match_indices(&opening)
        .map(|(at, _)| &page[at + 1..])
        .filter(|tag| tag[name.len()..].starts_with([' ', '>']))
        .map(|tag| tag.split('>').next().unwrap())
        .collect()
}

/// The value of a tag's attribute.
pub(crate) fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split('"').next()
}

/// What stands in the page's hidden field `name`, wherever it comes first.
pub(crate) fn hidden(answer: &Answer, name: &str) -> String {
    let page = html(answer);
    tags(&page, "input")
        .into_iter()
        .filter(|tag| attribute(tag, "type") == Some("hidden"))
        .find(|tag| attribute(tag, "name") == Some(name))
        .and_then(|tag| attribute(tag, "value"))
        .expect("a hidden field")
        .to_owned()
}

fn assert_readable_by_everybody(answer: &Answer) {
    let page = html(answer);
    assert!(page.starts_with("<!DOCTYPE html>"), "{page}");
    assert_eq!(attribute(tags(&page, "html")[0], "lang"), Some("en"));
    for once in ["h1", "title", "main"] {
        assert_eq!(tags(&page, once).len(), 1, "{once} in {page}");
    }
    assert!(page.contains("width=device-width"), "readable at 320 px");
    for forbidden in [
        "<script",
        "javascript:",
        " style=",
        " onclick",
        "<style",
        "http:",
    ] {
        assert!(!page.contains(forbidden), "{forbidden} in {page}");
    }
    let has_id = |id: &str| page.contains(&format!(" id=\"{id}\""));
    for input in tags(&page, "input") {
        if attribute(input, "type") != Some("hidden") {
            let id = attribute(input, "id").expect("an input with an id");
            let label = format!("<label for=\"{id}\">");
            assert!(page.contains(&label), "no label for {id}");
        }
        let texts = attribute(input, "aria-describedby").unwrap_or_default();
        for id in texts.split_whitespace() {
            assert!(has_id(id), "{id} is missing");
        }
        if let Some(id) = attribute(input, "aria-invalid").and(attribute(input, "id")) {
            assert!(texts.contains(&format!("{id}-error")), "no text for {id}");
        }
    }
    for form in tags(&page, "form") {
        assert_eq!(attribute(form, "method"), Some("post"));
    }
    assert_eq!(
        answer.header("content-security-policy"),
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    );
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
}
