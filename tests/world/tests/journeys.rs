//! Every scenario, of either time, played in a building of its own on a virtual clock.

use keyway_world::building::Building;
use keyway_world::stage::play;

#[test]
fn every_scenario_plays_in_the_virtual_world() {
    let scenarios = keyway_journeys::all().expect("scenario files");
    assert!(!scenarios.is_empty());
    let mut failures = Vec::new();
    for (scenario, seed) in scenarios.iter().zip(1..) {
        let building = Building::new(seed).expect("a building");
        match play(scenario, building) {
            Ok(steps) => println!("scenario {} ok, {steps} steps", scenario.name),
            Err(failed) => failures.push(format!("{}: {failed:#?}", scenario.name)),
        }
    }
    if !failures.is_empty() {
        panic!("{}", failures.join("\n"));
    }
}
