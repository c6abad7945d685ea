//! Types and names, as each of the three languages says them.

use uniffi_meta::Type;

/// `u8`, `Option<Vec<String>>`.
pub(crate) fn rust(ty: &Type) -> String {
    match ty {
        Type::UInt8 => "u8".to_owned(),
        Type::UInt16 => "u16".to_owned(),
        Type::UInt32 => "u32".to_owned(),
        Type::UInt64 => "u64".to_owned(),
        Type::Int16 => "i16".to_owned(),
        Type::Int32 => "i32".to_owned(),
        Type::Int64 => "i64".to_owned(),
        Type::Boolean => "bool".to_owned(),
        Type::String => "String".to_owned(),
        Type::Bytes => "Vec<u8>".to_owned(),
        Type::Object { name, imp, .. } if imp.is_trait_interface() => format!("Arc<dyn {name}>"),
        Type::Object { name, .. } => format!("Arc<{name}>"),
        Type::Optional { inner_type } => format!("Option<{}>", rust(inner_type)),
        Type::Sequence { inner_type } => format!("Vec<{}>", rust(inner_type)),
        named => name(named),
    }
}

/// `UInt8`, `[String]?`.
pub(crate) fn swift(ty: &Type) -> String {
    match ty {
        Type::UInt8 => "UInt8".to_owned(),
        Type::UInt16 => "UInt16".to_owned(),
        Type::UInt32 => "UInt32".to_owned(),
        Type::UInt64 => "UInt64".to_owned(),
        Type::Int16 => "Int16".to_owned(),
        Type::Int32 => "Int32".to_owned(),
        Type::Int64 => "Int64".to_owned(),
        Type::Boolean => "Bool".to_owned(),
        Type::String => "String".to_owned(),
        Type::Bytes => "Data".to_owned(),
        Type::Optional { inner_type } => format!("{}?", swift(inner_type)),
        Type::Sequence { inner_type } => format!("[{}]", swift(inner_type)),
        named => name(named),
    }
}

/// `UByte`, `List<String>?`.
pub(crate) fn kotlin(ty: &Type) -> String {
    match ty {
        Type::UInt8 => "UByte".to_owned(),
        Type::UInt16 => "UShort".to_owned(),
        Type::UInt32 => "UInt".to_owned(),
        Type::UInt64 => "ULong".to_owned(),
        Type::Int16 => "Short".to_owned(),
        Type::Int32 => "Int".to_owned(),
        Type::Int64 => "Long".to_owned(),
        Type::Boolean => "Boolean".to_owned(),
        Type::String => "String".to_owned(),
        Type::Bytes => "ByteArray".to_owned(),
        Type::Optional { inner_type } => format!("{}?", kotlin(inner_type)),
        Type::Sequence { inner_type } => format!("List<{}>", kotlin(inner_type)),
        named => kotlin_class(&name(named)),
    }
}

/// Errors are exceptions there.
pub(crate) fn kotlin_class(name: &str) -> String {
    match name.strip_suffix("Error") {
        Some(stem) => format!("{stem}Exception"),
        None => name.to_owned(),
    }
}

fn name(ty: &Type) -> String {
    let name = ty.name().map(str::to_owned);
    name.unwrap_or_else(|| unreachable!("a type that the surface does not use: {ty:?}"))
}

/// `sign_in` and `SignedIn` as `signIn` and `signedIn`.
pub(crate) fn camel(name: &str) -> String {
    let mut camel = String::new();
    let mut upper = false;
    for (index, letter) in name.chars().enumerate() {
        match letter {
            '_' => upper = true,
            letter if upper => {
                camel.push(letter.to_ascii_uppercase());
                upper = false;
            }
            letter if index == 0 => camel.push(letter.to_ascii_lowercase()),
            letter => camel.push(letter),
        }
    }
    camel
}

/// `SignedIn` as `SIGNED_IN`.
pub(crate) fn shouting(name: &str) -> String {
    let mut shouting = String::new();
    for (index, letter) in name.chars().enumerate() {
        if letter.is_ascii_uppercase() && index > 0 {
            shouting.push('_');
        }
        shouting.push(letter.to_ascii_uppercase());
    }
    shouting
}
