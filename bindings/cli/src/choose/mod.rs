//! What a resident means by what they say.

mod code;
mod door;
mod person;
mod session;

pub(crate) use code::own_code;
pub(crate) use door::door;
pub(crate) use person::person;
pub(crate) use session::session;

/// Those whose name is `said`; where there is none, those whose name begins like that. Capitals do not matter.
fn named<'a, T>(things: &'a [T], said: &str, name: impl Fn(&T) -> String) -> Vec<&'a T> {
    let said = said.trim().to_lowercase();
    let wanted = |wanted: &dyn Fn(&str) -> bool| -> Vec<&'a T> {
        let wanted = |thing: &&T| wanted(&name(thing).to_lowercase());
        things.iter().filter(wanted).collect()
    };
    let whole = wanted(&|name| name == said);
    if whole.is_empty() && !said.is_empty() {
        wanted(&|name| name.starts_with(&said))
    } else {
        whole
    }
}
