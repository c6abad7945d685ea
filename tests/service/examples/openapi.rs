//! Writes the contract's document: `cargo run -p keyway-service --example openapi > tests/service/openapi.json`.
use std::io::Write as _;

fn main() -> std::io::Result<()> {
    let document = keyway_service::openapi().to_pretty_json()?;
    writeln!(std::io::stdout(), "{document}")
}
