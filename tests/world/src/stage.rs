//! The world as a stage for the journeys of `tests/journeys`.

use crate::building::Building;
use crate::network::Weather;
use keyway_app::App;
use keyway_app::ports::{
    AdapterState, AuthenticationError, BoxFuture, Location, Permission, Power,
};
use keyway_journeys::{Failed, Scenario, Stage, run};
use serde_json::{Value, json};

/// A building in which one scenario plays.
pub struct WorldStage {
    building: Building,
}

/// Plays a scenario in a building of its own; gives the number of steps.
///
/// # Errors
/// The first step that does not give what it must.
pub fn play(scenario: &Scenario, building: Building) -> Result<usize, Box<Failed>> {
    let executor = building.executor();
    let mut street = building.street.clone();
    let mut stage = WorldStage { building };
    executor.run(&mut street, run(scenario, &mut stage))
}

impl Stage for WorldStage {
    fn start(&mut self, phone: &str) -> App {
        self.building.start(phone)
    }

    fn account(&self, name: &str) -> Option<(String, String)> {
        let (person, _) = self.building.person(name)?;
        Some((person.email.clone(), person.password.clone()))
    }

    fn now(&self) -> i64 {
        self.building.service_time()
    }

    fn change(
        &mut self,
        phone: &str,
        change: &str,
        value: Value,
    ) -> BoxFuture<'static, Option<Value>> {
        let known = match change {
            "pass" => return self.pass(&value),
            "service" => self.service(&value),
            "network" => self.network(phone, &value),
            "phone" => self.phone(phone, &value),
            "clock" => self.clock(phone, &value),
            "bluetooth" => self.bluetooth(&value),
            "owner" => self.owner(phone, &value),
            "lock" => self.lock(&value),
            "keypad" => return self.keypad(&value),
            "office" => self.office(&value),
            _ => None,
        };
        Box::pin(async { known })
    }
}

impl WorldStage {
    /// Time passes: `{"seconds": n}`, `minutes`, `hours` or `days`.
    fn pass(&self, value: &Value) -> BoxFuture<'static, Option<Value>> {
        let units = [
            ("seconds", 1_000),
            ("minutes", 60_000),
            ("hours", 3_600_000),
            ("days", 86_400_000),
        ];
        let wanted = units
            .iter()
            .find_map(|(unit, length)| Some(value.get(unit)?.as_u64()? * length));
        let time = self.building.time();
        let pause = wanted.map(|milliseconds| time.until(time.now() + milliseconds));
        Box::pin(async move {
            pause?.await;
            Some(json!({}))
        })
    }

    /// `"up"` or `"down"`, for everybody.
    fn service(&mut self, value: &Value) -> Option<Value> {
        let weather = match value.as_str()? {
            "up" => Weather::Fair,
            "down" => Weather::Unreachable,
            _ => return None,
        };
        self.building.set_weather(weather);
        Some(json!({}))
    }

    /// What stands between one phone and the service.
    fn network(&mut self, phone: &str, value: &Value) -> Option<Value> {
        let weather = match value.as_str()? {
            "fair" => Weather::Fair,
            "unreachable" => Weather::Unreachable,
            "replies_lost" => Weather::RepliesLost,
            "silent" => Weather::Silent,
            _ => return None,
        };
        self.building.phone(phone).network.set_weather(weather);
        Some(json!({}))
    }

    /// `"look"`: what a phone holds outside a process; `"kill"`: its process ends at once.
    fn phone(&mut self, phone: &str, value: &Value) -> Option<Value> {
        let phone = self.building.phone(phone);
        match value.as_str()? {
            "look" => {}
            "kill" => phone.kill(),
            _ => return None,
        }
        let content = phone.stores.content();
        Some(json!({
            "keychain_items": content.items.len(),
            "files": content.files.len(),
            "keys": content.device_keys.len(),
            "ever_written": content.ever_written.len(),
            "requests": phone.network.requests().len(),
        }))
    }

    /// The phone's wall clock is wrong: `{"minutes": n}` ahead.
    fn clock(&mut self, phone: &str, value: &Value) -> Option<Value> {
        let minutes = value.get("minutes")?.as_i64()?;
        self.building.phone(phone).clock.set_error(minutes * 60_000);
        Some(json!({}))
    }

    /// `"on"`, `"off"`, `"denied"`, `"location_off"`.
    fn bluetooth(&mut self, value: &Value) -> Option<Value> {
        let usual = AdapterState {
            power: Power::On,
            permission: Permission::Granted,
            location: Location::NotNeeded,
        };
        let state = match value.as_str()? {
            "on" => usual,
            "off" => AdapterState {
                power: Power::Off,
                ..usual
            },
            "denied" => AdapterState {
                permission: Permission::Denied,
                ..usual
            },
            "location_off" => AdapterState {
                location: Location::Off,
                ..usual
            },
            _ => return None,
        };
        self.building.street.set_adapter(state);
        Some(json!({}))
    }

    /// Who stands in front of the phone: `"there"`, `"away"`, or `"no_lock_screen"`.
    fn owner(&mut self, phone: &str, value: &Value) -> Option<Value> {
        let answer = match value.as_str()? {
            "there" => Ok(()),
            "away" => Err(AuthenticationError::Failed),
            "no_lock_screen" => Err(AuthenticationError::Missing),
            _ => return None,
        };
        self.building.phone(phone).owner.answers(answer);
        Some(json!({}))
    }

    /// Something about the lock of `door`; gives what was heard at it so far.
    fn lock(&mut self, value: &Value) -> Option<Value> {
        let door = self.building.door(value.get("door")?.as_str()?)?;
        let site = self.building.site(door);
        for (name, wanted) in value.as_object()? {
            match (name.as_str(), wanted) {
                ("door", _) => {}
                ("in_range", Value::Bool(here)) => self.building.street.set_in_range(door, *here),
                ("deadbolt", Value::Bool(thrown)) => {
                    site.with_hardware(|body| body.deadbolt_thrown = *thrown)?;
                }
                ("jammed", Value::Bool(jammed)) => {
                    site.with_hardware(|body| body.bolt.set_jammed(*jammed))?;
                }
                ("battery", Value::Number(percent)) => {
                    let percent = u8::try_from(percent.as_u64()?).ok()?;
                    site.with_hardware(|body| body.battery = keyway_lock::Battery::at(percent))?;
                }
                ("power", Value::Bool(true)) => {
                    site.power_on(self.building.time().now()).ok()?;
                }
                ("power", Value::Bool(false)) => site.power_cut(),
                _ => return None,
            }
        }
        Some(json!({ "motor_moves": site.heard().moves() }))
    }

    /// Somebody types `code` at `door`; gives whether it opened, else why not.
    fn keypad(&self, value: &Value) -> BoxFuture<'static, Option<Value>> {
        let typed = || {
            let door = self.building.door(value.get("door")?.as_str()?)?;
            let code = value.get("code")?.as_str()?;
            let digits: Vec<u8> = code.bytes().map(|digit| digit.wrapping_sub(b'0')).collect();
            Some((self.building.site(door), digits))
        };
        let typed = typed();
        let time = self.building.time().clone();
        Box::pin(async move {
            let (site, digits) = typed?;
            let before = site.heard();
            site.type_code(&digits, time.now());
            // The motor takes less than two seconds, if it is moved at all.
            time.until(time.now() + 2_000).await;
            let after = site.heard();
            Some(json!({
                "opened": after.moves() > before.moves(),
                "refused": after.refused.get(before.refused.len()).map(|code| format!("{code:?}")),
            }))
        })
    }

    /// What the property's office does: `{"end_sessions_of": person}`, `{"remove": person, "from": door}`.
    fn office(&mut self, value: &Value) -> Option<Value> {
        if let Some(person) = value.get("end_sessions_of") {
            let (_, account) = self.building.person(person.as_str()?)?;
            self.building.service.end_sessions(account).ok()?;
        }
        if let Some(person) = value.get("remove") {
            let (_, account) = self.building.person(person.as_str()?)?;
            let door = self.building.door(value.get("from")?.as_str()?)?;
            let door = self.building.seeded.doors[door].uuid;
            self.building.service.remove_access(door, account).ok()?;
        }
        Some(json!({}))
    }
}
