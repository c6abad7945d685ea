//! Messages on their way out: sent once, tried again with longer waits, kept over a restart, gone after a day.
use crate::support::{MINUTE, Property};
use keyway_service::{
    Messenger as _, Messengers, NoMessenger, NotSent, OutgoingMessage, PasswordCost, Recipient,
    SeededEntropy, Service, Settings,
};
use std::sync::Arc;

const DAY: i64 = 24 * 60 * MINUTE;

fn mail(text: &str) -> OutgoingMessage {
    OutgoingMessage {
        to: Recipient::Email("rosa@example.org".into()),
        subject: "For you".into(),
        text: text.into(),
    }
}

/// A property with one message waiting.
fn waiting() -> Property {
    let property = Property::open();
    property.service.queue_message(&mail("hello")).unwrap();
    property
}

#[test]
fn a_message_is_sent_when_asked_to_deliver_once_and_as_it_was_queued() {
    let property = waiting();
    assert_eq!(property.mailbox.tries(), 0, "queueing sends nothing");
    assert_eq!(property.service.deliver_messages(), 1);
    assert_eq!(property.mailbox.messages(), [mail("hello")]);
    for _ in 0..3 {
        property.clock.advance(MINUTE);
        assert_eq!(property.service.deliver_messages(), 0);
    }
    assert_eq!(property.mailbox.tries(), 1);
}

#[test]
fn messages_leave_in_the_order_in_which_they_were_queued() {
    let property = Property::open();
    let texts = ["first", "second", "third", "fourth"];
    for text in texts {
        property.service.queue_message(&mail(text)).unwrap();
    }
    assert_eq!(property.service.deliver_messages(), texts.len());
    let arrived = property.mailbox.messages();
    let arrived: Vec<&str> = arrived.iter().map(|mail| mail.text.as_str()).collect();
    assert_eq!(arrived, texts);
}

#[test]
fn a_message_that_was_not_sent_is_tried_again_after_1_5_15_and_then_every_15_minutes() {
    for failure in [NotSent::Unavailable, NotSent::NoMessenger] {
        let property = waiting();
        property.mailbox.fail_with(Some(failure));
        assert_eq!(property.service.deliver_messages(), 0);
        for (tries, minutes) in [(1, 1), (2, 5), (3, 15), (4, 15), (5, 15)] {
            property.clock.advance(minutes * MINUTE - 1);
            property.service.deliver_messages();
            assert_eq!(property.mailbox.tries(), tries, "too early");
            property.clock.advance(1);
            property.service.deliver_messages();
            assert_eq!(property.mailbox.tries(), tries + 1, "due");
        }
        property.mailbox.fail_with(None);
        property.clock.advance(15 * MINUTE);
        assert_eq!(property.service.deliver_messages(), 1);
        assert_eq!(property.mailbox.messages(), [mail("hello")]);
    }
}

#[test]
fn a_message_that_fails_holds_up_no_other() {
    let property = waiting();
    property.mailbox.fail_with(Some(NotSent::Unavailable));
    property.service.deliver_messages();
    property.mailbox.fail_with(None);
    property.service.queue_message(&mail("later")).unwrap();
    assert_eq!(property.service.deliver_messages(), 1);
    assert_eq!(property.mailbox.messages(), [mail("later")]);
}

#[test]
fn a_message_that_was_refused_for_good_is_not_tried_again() {
    let property = waiting();
    property.mailbox.fail_with(Some(NotSent::Refused));
    assert_eq!(property.service.deliver_messages(), 0);
    property.mailbox.fail_with(None);
    property.clock.advance(DAY - 1);
    assert_eq!(property.service.deliver_messages(), 0);
    assert_eq!(property.mailbox.tries(), 1);
}

#[test]
fn a_message_is_kept_for_a_day_and_no_longer() {
    for (after, arrives) in [(DAY - 1, 1), (DAY, 0)] {
        let property = waiting();
        property.mailbox.fail_with(Some(NotSent::Unavailable));
        property.service.deliver_messages();
        property.mailbox.fail_with(None);
        property.clock.advance(after);
        assert_eq!(property.service.deliver_messages(), arrives);
    }
}

#[test]
fn a_restart_keeps_what_waits_and_when_it_is_due() {
    let mut property = waiting();
    property.mailbox.fail_with(Some(NotSent::Unavailable));
    property.service.deliver_messages();
    property.mailbox.fail_with(None);
    property.restart();
    assert_eq!(property.service.deliver_messages(), 0, "due in a minute");
    property.clock.advance(MINUTE);
    assert_eq!(property.service.deliver_messages(), 1);
    assert_eq!(property.mailbox.messages(), [mail("hello")]);
}

#[test]
fn a_service_without_mail_runs_and_its_messages_wait_for_one_with_mail() {
    let property = Property::open();
    let mut settings = Settings::new("https://property.test");
    settings.password_cost = PasswordCost::FOR_TESTS;
    let without_mail = Service::open(
        property.folder.path(),
        settings,
        property.clock.clone(),
        Arc::new(SeededEntropy::new(9)),
    )
    .unwrap();
    without_mail.queue_message(&mail("hello")).unwrap();
    assert_eq!(without_mail.deliver_messages(), 0);
    property.clock.advance(MINUTE);
    assert_eq!(property.service.deliver_messages(), 1);
}

#[test]
fn two_who_deliver_at_once_send_each_message_once() {
    let property = Property::open();
    for number in 0..50 {
        let text = number.to_string();
        property.service.queue_message(&mail(&text)).unwrap();
    }
    let sent: usize = std::thread::scope(|scope| {
        let deliver = || scope.spawn(|| property.service.deliver_messages());
        let both = [deliver(), deliver()];
        both.map(|thread| thread.join().unwrap()).iter().sum()
    });
    assert_eq!(sent, 50);
    assert_eq!(property.mailbox.messages().len(), 50);
}

#[test]
fn a_row_that_does_not_open_is_dropped_and_the_next_one_sent() {
    let mut property = waiting();
    std::fs::remove_file(property.folder.path().join("keys")).unwrap();
    property.restart();
    property.service.queue_message(&mail("readable")).unwrap();
    assert_eq!(property.service.deliver_messages(), 1);
    assert_eq!(property.mailbox.messages(), [mail("readable")]);
}

#[test]
fn mail_and_texts_go_their_own_ways() {
    let property = Property::open();
    let ways = Messengers {
        email: property.mailbox.clone(),
        phone: Arc::new(NoMessenger),
    };
    let text = OutgoingMessage {
        to: Recipient::Phone("+12125550123".into()),
        subject: String::new(),
        text: "hello".into(),
    };
    assert_eq!(ways.send(&mail("hello")), Ok(()));
    assert_eq!(ways.send(&text), Err(NotSent::NoMessenger));
    assert_eq!(property.mailbox.messages_to(&text.to), []);
    assert_eq!(property.mailbox.messages_to(&mail("").to).len(), 1);
}

#[test]
fn a_message_is_never_printed() {
    let printed = format!("{:?}", mail("the code is 123456"));
    assert_eq!(printed, "OutgoingMessage(Email(..))");
}
