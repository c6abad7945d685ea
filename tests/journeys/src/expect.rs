//! How an expectation is held against what was observed.

use serde_json::Value;

/// Where the two differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Mismatch {
    /// The way there: keys and indexes with dots between.
    pub at: String,
    /// What was expected.
    pub expected: Value,
    /// What was observed.
    pub observed: Value,
}

/// Holds `expected` against `observed`: of an object every key that is expected, of anything else all of it. The object
/// `{"at_least": n}` stands for any number from `n` on, `{"contains": x}` for an array with an element that matches `x`, `{"without": x}` for one
/// without.
///
/// # Errors
/// The first place at which they differ.
pub fn expect(expected: &Value, observed: &Value) -> Result<(), Mismatch> {
    compare("", expected, observed)
}

fn compare(at: &str, expected: &Value, observed: &Value) -> Result<(), Mismatch> {
    let mismatch = || Mismatch {
        at: at.to_owned(),
        expected: expected.clone(),
        observed: observed.clone(),
    };
    let Value::Object(wanted) = expected else {
        return match expected {
            Value::Null => Ok(()),
            _ if expected == observed => Ok(()),
            _ => Err(mismatch()),
        };
    };
    if let Some(least) = wanted.get("at_least") {
        let enough = observed.as_f64() >= least.as_f64() && observed.is_number();
        return enough.then_some(()).ok_or_else(mismatch);
    }
    if let Some(element) = wanted.get("contains") {
        let elements = observed.as_array().ok_or_else(mismatch)?;
        let found = elements.iter().any(|one| compare(at, element, one).is_ok());
        return found.then_some(()).ok_or_else(mismatch);
    }
    if let Some(element) = wanted.get("without") {
        let elements = observed.as_array().ok_or_else(mismatch)?;
        let found = elements.iter().any(|one| compare(at, element, one).is_ok());
        return (!found).then_some(()).ok_or_else(mismatch);
    }
    let object = observed.as_object().ok_or_else(mismatch)?;
    wanted.iter().try_for_each(|(key, value)| {
        let inner = format!("{at}.{key}");
        let there = object.get(key).ok_or_else(|| Mismatch {
            at: inner.clone(),
            expected: value.clone(),
            observed: Value::Null,
        })?;
        compare(&inner, value, there)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_that_nobody_asked_for_do_not_matter() {
        assert_eq!(expect(&json!({"a": 1}), &json!({"a": 1, "b": 2})), Ok(()));
        assert_eq!(expect(&Value::Null, &json!({"a": 1})), Ok(()));
    }

    #[test]
    fn a_key_that_is_missing_or_different_does() {
        let missing = expect(&json!({"a": {"b": 1}}), &json!({"a": {}}));
        assert_eq!(
            missing.map_err(|mismatch| mismatch.at),
            Err(".a.b".to_owned())
        );
        assert!(expect(&json!({"a": 1}), &json!({"a": 2})).is_err());
        assert!(expect(&json!([1]), &json!([1, 2])).is_err());
    }

    #[test]
    fn at_least_and_contains_say_what_they_mean() {
        assert_eq!(expect(&json!({"at_least": 2}), &json!(2)), Ok(()));
        assert!(expect(&json!({"at_least": 2}), &json!(1)).is_err());
        assert!(expect(&json!({"at_least": 0}), &json!("many")).is_err());
        let kinds = json!([{"kind": "daily"}, {"kind": "residence", "digits": 7}]);
        assert_eq!(
            expect(&json!({"contains": {"kind": "residence"}}), &kinds),
            Ok(())
        );
        assert!(expect(&json!({"contains": {"kind": "communal"}}), &kinds).is_err());
        assert_eq!(
            expect(&json!({"without": {"kind": "communal"}}), &kinds),
            Ok(())
        );
        assert!(expect(&json!({"without": {"kind": "daily"}}), &kinds).is_err());
    }
}
