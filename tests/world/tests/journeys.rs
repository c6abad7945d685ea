//! Every scenario, of either time, in a building of its own on a virtual clock: a test for each, named after its file.

use keyway_world::building::Building;
use keyway_world::stage::play;
use libtest_mimic::{Arguments, Failed, Trial};
use std::process::ExitCode;

fn main() -> ExitCode {
    let scenarios = match keyway_journeys::all() {
        Ok(scenarios) => scenarios,
        Err(error) => return unreadable(&error),
    };
    let trial = |(scenario, seed): (keyway_journeys::Scenario, u64)| {
        Trial::test(scenario.name.clone(), move || {
            let building = Building::new(seed).map_err(|error| format!("{error:?}"))?;
            let played = play(&scenario, building);
            played.map_err(|failed| Failed::from(format!("{failed:#?}")))?;
            Ok(())
        })
    };
    let trials = scenarios.into_iter().zip(1..).map(trial).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn unreadable(error: &keyway_journeys::ScenarioError) -> ExitCode {
    let trial = Trial::test("scenario_files", {
        let why = error.to_string();
        move || Err(why.into())
    });
    libtest_mimic::run(&Arguments::from_args(), vec![trial]).exit_code()
}
