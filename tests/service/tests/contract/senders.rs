//! The real ways out against real sockets: mail by SMTP, texts by webhook, and the sinks that show them.
use crate::support::Property;
use keyway_service::{
    Encryption, MailSink, ManualClock, Messenger as _, Messengers, NotSent, OutgoingMessage,
    Recipient, SeededEntropy, SmtpError, SmtpLogin, SmtpMessenger, SmtpRelay, TextSink,
    WebhookError, WebhookMessenger,
};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;

fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").unwrap()
}

fn relay(address: SocketAddr) -> SmtpRelay {
    SmtpRelay {
        host: address.ip().to_string(),
        port: address.port(),
        encryption: Encryption::Plain,
        login: None,
        sender: "Elm Court <doors@elm-court.example>".into(),
    }
}

fn smtp(relay: &SmtpRelay) -> Result<SmtpMessenger, SmtpError> {
    let clock = Arc::new(ManualClock::new(crate::support::NOON));
    SmtpMessenger::new(relay, clock, Arc::new(SeededEntropy::new(5)))
}

fn mail(subject: &str, text: &str) -> OutgoingMessage {
    OutgoingMessage {
        to: Recipient::Email("rosa@example.org".into()),
        subject: subject.into(),
        text: text.into(),
    }
}

fn text_to_a_phone(text: &str) -> OutgoingMessage {
    OutgoingMessage {
        to: Recipient::Phone("+12125550123".into()),
        subject: String::new(),
        text: text.into(),
    }
}

/// A peer with one answer for each line of its script, whatever it is told; gives back what it was told.
fn scripted(script: &'static [&'static str]) -> (SocketAddr, JoinHandle<Vec<String>>) {
    let listener = listener();
    let address = listener.local_addr().unwrap();
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
        let mut told = Vec::new();
        for answer in script {
            stream.write_all(answer.as_bytes()).unwrap();
            if let Some(Ok(line)) = lines.next() {
                told.push(line);
            }
        }
        told
    });
    (address, thread)
}

#[test]
fn mail_arrives_as_it_was_written() {
    let sink = MailSink::listen(listener()).unwrap();
    let messenger = smtp(&relay(sink.address())).unwrap();
    let long = "a line that is longer than a line of mail may be ".repeat(30);
    let written = [
        mail(
            "Your code",
            "Your code is 012345.\nIt holds for 10 minutes.",
        ),
        mail(
            "Küche, Straße und Ælm Court, für Gäste und Bewohner des Hauses",
            "Grüße\n\nan alle",
        ),
        mail("A = B =?not?a?word?=", ".\n..\n.leading dots = and signs\n"),
        mail("Long", &long),
    ];
    for message in &written {
        messenger.send(message).unwrap();
    }
    assert_eq!(sink.messages(), written);
}

#[test]
fn a_line_break_in_a_subject_begins_no_header() {
    let sink = MailSink::listen(listener()).unwrap();
    let messenger = smtp(&relay(sink.address())).unwrap();
    let message = mail("Door\r\nBcc: thief@example.org\r\n\r\nbody", "text");
    messenger.send(&message).unwrap();
    let arrived = sink.messages();
    assert_eq!(arrived.len(), 1);
    assert_eq!(arrived[0].text, "text");
    assert!(arrived[0].subject.starts_with("Door  Bcc:"));
}

#[test]
fn a_relay_that_offers_no_starttls_gets_nothing() {
    let sink = MailSink::listen(listener()).unwrap();
    let messenger = smtp(&SmtpRelay {
        encryption: Encryption::StartTls,
        login: Some(SmtpLogin::new("name", "a password for the relay")),
        ..relay(sink.address())
    });
    let sent = messenger.unwrap().send(&mail("Your code", "012345"));
    assert_eq!(sent, Err(NotSent::Unavailable));
    assert!(sink.messages().is_empty());
}

#[test]
fn nothing_leaves_this_machine_in_the_clear() {
    let beyond = SmtpRelay {
        host: "relay.example.org".into(),
        ..relay(listener().local_addr().unwrap())
    };
    let refused = smtp(&beyond).map(drop);
    assert_eq!(refused, Err(SmtpError::PlainBeyondThisMachine));
    for address in [
        "http://gateway.example.org/",
        "ftp://127.0.0.1/",
        "nonsense",
    ] {
        let refused = WebhookMessenger::new(address).map(drop);
        assert_eq!(refused, Err(WebhookError::Address), "{address}");
    }
    for address in [
        "http://127.0.0.1:1/sms",
        "http://[::1]:1/",
        "http://localhost:1",
    ] {
        WebhookMessenger::new(address).unwrap();
    }
}

#[test]
fn a_sender_that_is_no_mailbox_is_noticed_at_start() {
    let wrong = SmtpRelay {
        sender: "the office".into(),
        ..relay(listener().local_addr().unwrap())
    };
    assert_eq!(smtp(&wrong).map(drop), Err(SmtpError::Sender));
}

#[test]
fn a_relay_that_is_not_there_or_busy_is_asked_again_and_one_that_refuses_is_not() {
    let gone = listener().local_addr().unwrap();
    let sent = smtp(&relay(gone)).unwrap().send(&mail("s", "t"));
    assert_eq!(sent, Err(NotSent::Unavailable));

    let scripts: [(&[&str], NotSent); 3] = [
        (
            &["220 hi\r\n", "250 hi\r\n", "250 ok\r\n", "450 busy\r\n"],
            NotSent::Unavailable,
        ),
        (
            &["220 hi\r\n", "250 hi\r\n", "250 ok\r\n", "550 nobody\r\n"],
            NotSent::Refused,
        ),
        // What a relay thinks of our login says nothing about the message.
        (
            &["220 hi\r\n", "250 hi\r\n", "530 log in first\r\n"],
            NotSent::Unavailable,
        ),
    ];
    for (script, expected) in scripts {
        let (address, thread) = scripted(script);
        let sent = smtp(&relay(address)).unwrap().send(&mail("s", "t"));
        assert_eq!(sent, Err(expected), "{script:?}");
        thread.join().unwrap();
    }
}

#[test]
fn an_address_that_is_none_is_refused_before_anybody_is_asked() {
    let messenger = smtp(&relay(listener().local_addr().unwrap())).unwrap();
    let mut message = mail("s", "t");
    message.to = Recipient::Email("no address>\r\nRCPT TO:<thief@example.org".into());
    assert_eq!(messenger.send(&message), Err(NotSent::Refused));
    let wrong_way = messenger.send(&text_to_a_phone("t"));
    assert_eq!(wrong_way, Err(NotSent::NoMessenger));
}

#[test]
fn a_text_arrives_as_it_was_written() {
    let sink = TextSink::listen(listener()).unwrap();
    let address = format!("http://{}/texts?key=secret", sink.address());
    let messenger = WebhookMessenger::new(&address).unwrap();
    assert!(!format!("{messenger:?}").contains("secret"));
    let message = text_to_a_phone("Grüße: \"012345\"\nWake the keypad first.");
    messenger.send(&message).unwrap();
    assert_eq!(sink.messages(), [message]);
    let wrong_way = messenger.send(&mail("s", "t"));
    assert_eq!(wrong_way, Err(NotSent::NoMessenger));
}

#[test]
fn only_what_a_gateway_says_about_the_text_itself_is_final() {
    let scripts: [(&[&str], NotSent); 4] = [
        (
            &["", "HTTP/1.1 422 No\r\ncontent-length: 0\r\n\r\n"],
            NotSent::Refused,
        ),
        (
            &["", "HTTP/1.1 401 No\r\ncontent-length: 0\r\n\r\n"],
            NotSent::Unavailable,
        ),
        (
            &["", "HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n"],
            NotSent::Unavailable,
        ),
        // A redirect would carry the text to somebody else.
        (
            &[
                "",
                "HTTP/1.1 307 There\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
            ],
            NotSent::Unavailable,
        ),
    ];
    for (script, expected) in scripts {
        let (address, thread) = scripted(script);
        let messenger = WebhookMessenger::new(&format!("http://{address}/")).unwrap();
        assert_eq!(
            messenger.send(&text_to_a_phone("t")),
            Err(expected),
            "{script:?}"
        );
        assert!(thread.join().unwrap()[0].starts_with("POST / HTTP/1.1"));
    }
}

#[test]
fn a_sink_keeps_the_newest_hundred() {
    let sink = TextSink::listen(listener()).unwrap();
    let messenger = WebhookMessenger::new(&format!("http://{}/", sink.address())).unwrap();
    for number in 0..103 {
        messenger
            .send(&text_to_a_phone(&number.to_string()))
            .unwrap();
    }
    let kept = sink.messages();
    assert_eq!(kept.len(), 100);
    assert_eq!(
        (kept[0].text.as_str(), kept[99].text.as_str()),
        ("3", "102")
    );
}

#[test]
fn a_service_sends_mail_and_texts_over_their_wires() {
    let mails = MailSink::listen(listener()).unwrap();
    let texts = TextSink::listen(listener()).unwrap();
    let ways = Messengers {
        email: Arc::new(smtp(&relay(mails.address())).unwrap()),
        phone: Arc::new(WebhookMessenger::new(&format!("http://{}/", texts.address())).unwrap()),
    };
    let property = Property::open();
    let mut settings = keyway_service::Settings::new("https://property.test");
    settings.messenger = Arc::new(ways);
    let service = keyway_service::Service::open(
        property.folder.path(),
        settings,
        property.clock.clone(),
        Arc::new(SeededEntropy::new(9)),
    )
    .unwrap();
    let queued = [mail("For you", "hello"), text_to_a_phone("hello")];
    for message in &queued {
        service.queue_message(message).unwrap();
    }
    assert_eq!(service.deliver_messages(), 2);
    assert_eq!(mails.messages(), queued[..1]);
    assert_eq!(texts.messages(), queued[1..]);
}
