use super::*;
use crate::account::Phase;
use crate::service::DoorId;
use crate::testing::Weather;
use crate::vault::File;
use zeroize::Zeroizing;

/// A signed-in own phone with something in its folder.
fn lived_in() -> (Phone, App) {
    let phone = Phone::new();
    let app = signed_in(&phone, WhosePhone::Own);
    let context = app.context().clone();
    let storing = app.context().run(async move {
        let session = context.session()?;
        let content = Zeroizing::new(b"grant".to_vec());
        let file = File::Access(DoorId::from([1; 16]));
        let vault = context.vault();
        vault.write(session.generation(), file, content).await
    });
    phone.run(storing).unwrap().unwrap();
    (phone, app)
}

#[test]
fn killed_at_any_step_of_a_sign_out_the_next_start_finishes_it() {
    let mut steps = 1;
    loop {
        let (phone, app) = lived_in();
        phone.kill_after(steps);
        let ended = phone.run(app.sign_out());
        drop(app);
        let phone = phone.restarted();
        let app = App::new(phone.ports.clone(), Config::default());
        let found = phone.run(app.start()).unwrap().unwrap();
        if let Some(report) = found.finished_wipe {
            assert!(report.complete, "killed after {steps}: {report:?}");
        }
        assert_eq!(app.status().phase, Phase::SignedOut, "killed after {steps}");
        assert!(phone.stores.is_empty(), "killed after {steps}");
        let ended_there = phone.service.state().sessions[0].ended;
        assert!(ended_there, "killed after {steps}");
        if ended.is_some() {
            break;
        }
        steps += 1;
    }
    assert!(steps > 12, "only {steps} steps were seen");
}

#[test]
fn killed_at_any_step_of_an_offline_sign_out_too() {
    let mut steps = 1;
    loop {
        let (phone, app) = lived_in();
        phone.service.set_weather(Weather::Unreachable);
        phone.kill_after(steps);
        let ended = phone.run(app.sign_out());
        drop(app);
        let phone = phone.restarted();
        phone.service.set_weather(Weather::Fair);
        let app = App::new(phone.ports.clone(), Config::default());
        let found = phone.run(app.start()).unwrap().unwrap();
        assert!(
            found.finished_wipe.unwrap().complete,
            "killed after {steps}"
        );
        assert!(phone.stores.is_empty(), "killed after {steps}");
        assert!(phone.service.state().sessions[0].ended);
        if ended.is_some() {
            break;
        }
        steps += 1;
    }
    assert!(steps > 12, "only {steps} steps were seen");
}

#[test]
fn killed_at_any_step_of_a_sign_in_the_next_start_is_signed_in_or_empty() {
    let (mut steps, mut empty, mut inside) = (1, 0, 0);
    loop {
        let phone = Phone::new();
        let app = started(&phone);
        phone.kill_after(steps);
        let ended = phone.run(app.sign_in(EMAIL.to_owned(), password(), WhosePhone::Own));
        drop(app);
        let phone = phone.restarted();
        let app = App::new(phone.ports.clone(), Config::default());
        phone.run(app.start()).unwrap().unwrap();
        match app.status().phase {
            Phase::SignedIn(WhosePhone::Own) => {
                inside += 1;
                assert_eq!(call(&phone, &app), Ok(()), "killed after {steps}");
            }
            Phase::SignedOut => {
                empty += 1;
                assert!(phone.stores.is_empty(), "killed after {steps}");
            }
            other => panic!("killed after {steps}: {other:?}"),
        }
        if ended.is_some() {
            break;
        }
        steps += 1;
    }
    assert!(empty > 5 && inside > 0, "{empty} {inside}");
}

#[test]
fn after_an_uninstall_the_keychains_leftovers_are_wiped() {
    let (phone, app) = lived_in();
    drop(app);
    // The folder goes with the app; keychain and keys stay.
    phone.stores.content().files.clear();
    let phone = phone.restarted();
    let app = App::new(phone.ports.clone(), Config::default());
    let found = phone.run(app.start()).unwrap().unwrap();
    assert!(found.finished_wipe.unwrap().complete);
    assert_eq!(app.status().phase, Phase::SignedOut);
    assert!(phone.stores.is_empty());
    assert!(phone.service.state().sessions[0].ended);
}

#[test]
fn a_folder_restored_from_another_phones_backup_is_not_believed() {
    let (phone, app) = lived_in();
    drop(app);
    for (key, _) in phone.stores.content().files.values_mut() {
        key[0] ^= 1;
    }
    let phone = phone.restarted();
    let app = App::new(phone.ports.clone(), Config::default());
    phone.run(app.start()).unwrap().unwrap();
    assert_eq!(app.status().phase, Phase::SignedOut);
    assert!(phone.stores.is_empty());
}
