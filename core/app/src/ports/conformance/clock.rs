use crate::ports::Clock;
use core::time::Duration;

/// The contract of [`Clock`], as far as it can be seen within some milliseconds. Suspended time is for a phone in the hand.
pub async fn clock(port: &dyn Clock) {
    let year_2020 = 1_577_836_800_000;
    assert!(port.wall() > year_2020, "the wall clock is set");

    let mut last = port.elapsed();
    for _ in 0..1000 {
        let now = port.elapsed();
        assert!(now >= last, "elapsed time never goes back");
        last = now;
    }

    let wanted = Duration::from_millis(20);
    let begun = port.elapsed();
    port.sleep(wanted).await;
    assert!(
        port.elapsed() - begun >= wanted,
        "a sleep is never shorter than asked"
    );

    let begun = port.elapsed();
    drop(port.sleep(Duration::from_secs(3600)));
    port.sleep(Duration::ZERO).await;
    let passed = port.elapsed() - begun;
    assert!(
        passed < Duration::from_secs(60),
        "a dropped sleep is free, no time is none"
    );
}
