//! As much of MIME as a plain text mail of ours needs to be read again (RFC 2045, 2047, 5322).
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The value of the header `name` (lower case), folded lines joined.
pub(super) fn header(head: &str, name: &str) -> Option<String> {
    let mut found: Option<String> = None;
    for line in head.lines() {
        match &mut found {
            Some(value) if line.starts_with([' ', '\t']) => value.push_str(line),
            Some(_) => break,
            None => {
                let (told, value) = line.split_once(':').unwrap_or_default();
                if told.eq_ignore_ascii_case(name) {
                    found = Some(value.trim_start().to_owned());
                }
            }
        }
    }
    found.map(|value| value.trim_end().to_owned())
}

/// A header's text with its encoded words read; white space between two of them is none.
pub(super) fn words(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut after_word = false;
    for (index, word) in text.split(' ').enumerate() {
        let decoded = encoded_word(word);
        let joined = after_word && decoded.is_some();
        if index > 0 && !joined {
            bytes.push(b' ');
        }
        after_word = decoded.is_some();
        bytes.extend(decoded.unwrap_or_else(|| word.as_bytes().to_vec()));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn encoded_word(word: &str) -> Option<Vec<u8>> {
    let inner = word.strip_prefix("=?")?.strip_suffix("?=")?;
    let (_charset, rest) = inner.split_once('?')?;
    match rest.split_once('?')? {
        ("b" | "B", text) => STANDARD.decode(text).ok(),
        ("q" | "Q", text) => Some(quoted_printable(&text.replace('_', " "))),
        _ => None,
    }
}

/// A body as it was written: the line break before SMTP's final dot is not the writer's.
pub(super) fn body(text: &str, encoding: &str) -> String {
    let bytes = match encoding.to_ascii_lowercase().as_str() {
        "base64" => STANDARD.decode(text.replace('\n', "")).unwrap_or_default(),
        "quoted-printable" => quoted_printable(text),
        _ => text.as_bytes().to_vec(),
    };
    let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
    text.strip_suffix('\n').unwrap_or(&text).to_owned()
}

fn quoted_printable(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((plain, escaped)) = rest.split_once('=') {
        bytes.extend_from_slice(plain.as_bytes());
        let code = escaped
            .get(..2)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        rest = match code {
            Some(byte) => {
                bytes.push(byte);
                &escaped[2..]
            }
            // A soft line break, or a sign that means itself.
            None => escaped.strip_prefix('\n').unwrap_or_else(|| {
                bytes.push(b'=');
                escaped
            }),
        };
    }
    bytes.extend_from_slice(rest.as_bytes());
    bytes
}
