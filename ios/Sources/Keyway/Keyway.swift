/// The door app's core, for Swift: one object, ``KeywayApp``, and what it gives and takes.
///
/// What a resident can do is decided and done in the library; this module says it in Swift. Attempts are sequences of phases that end with their task,
/// errors have words for a person, and nothing that is secret is printed.
@_exported import KeywayCore
