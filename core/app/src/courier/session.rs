//! What a courier does inside an open session with a lock.

use crate::account::SessionHandle;
use crate::doors::Memory;
use crate::link::driver::{DriveEnd, Driver};
use crate::service::{Call, DoorId};
use keyway_protocol::error::Error as Refusal;
use keyway_protocol::ids::GrantId;
use keyway_protocol::phone::{Event, Task};

/// Notes what an event says for the next conversation with this lock.
pub(crate) fn remember(memory: &Memory, door: DoorId, grant: GrantId, event: &Event) {
    match event {
        Event::HelloVerified(facts) => memory.set_facts(door, *facts),
        Event::Accepted => memory.set_held(door, Some(grant)),
        Event::GrantNotHeld => memory.set_held(door, None),
        Event::Resumption(resumption) => memory.set_resumption(door, Some(resumption.clone())),
        Event::ResumptionLost => memory.set_resumption(door, None),
        _ => {}
    }
}

/// Runs one task to its end; `hear` gets what it brings. The inner result is the lock's own answer.
pub(super) async fn perform(
    driver: &mut Driver,
    task: Task,
    mut hear: impl FnMut(Event),
) -> Result<Result<(), Refusal>, DriveEnd> {
    driver.give(task)?;
    loop {
        match driver.next().await? {
            Event::TaskDone(done) => return Ok(done),
            event => hear(event),
        }
    }
}

/// Has the service attest the time to the lock. `false` when one of them would not, or there is no network.
pub(crate) async fn attest_time(
    driver: &mut Driver,
    session: &SessionHandle,
    door: DoorId,
) -> Result<bool, DriveEnd> {
    let mut nonce = None;
    let asked = perform(driver, Task::TimeNonce, |event| {
        if let Event::TimeNonce(bytes) = event {
            nonce = Some(bytes);
        }
    })
    .await?;
    let (Ok(()), Some(nonce)) = (asked, nonce) else {
        return Ok(false);
    };
    let call = session.send(Call::time(door, &nonce));
    let Ok(answer) = driver.beside(call).await? else {
        return Ok(false);
    };
    let attest = Task::Attest(answer.body.to_vec());
    Ok(perform(driver, attest, |_| {}).await?.is_ok())
}
