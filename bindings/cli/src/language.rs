//! In which language the core's words are shown: as the terminal is set up.

use keyway_app::Language;
use std::sync::OnceLock;

static CHOSEN: OnceLock<Language> = OnceLock::new();

/// Chooses, once: what was asked for, else what the terminal's variables say.
pub(crate) fn choose(asked: Option<&str>) {
    let variables = ["LC_ALL", "LC_MESSAGES", "LANG"];
    let set = variables
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    let tag = asked.map(str::to_owned).or(set).unwrap_or_default();
    let _ = CHOSEN.set(Language::of_tag(&tag));
}

/// The chosen language.
pub(crate) fn language() -> Language {
    CHOSEN.get().copied().unwrap_or_default()
}
