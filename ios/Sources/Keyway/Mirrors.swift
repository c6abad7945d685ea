extension Mirror {
    /// A mirror in which nothing is seen, for `dump`, a debugger's list of variables and a test's failure text.
    static func opaque<Subject>(_ subject: Subject) -> Mirror {
        Mirror(subject, children: EmptyCollection())
    }
}

// Who somebody is and how to reach them is for the screen, never for a log: their text forms say nothing, and neither do their mirrors.

extension Resident: CustomReflectable {
    public var customMirror: Mirror { .opaque(self) }
}

extension Status: CustomReflectable {
    public var customMirror: Mirror { .opaque(self) }
}

extension Recipient: CustomReflectable {
    public var customMirror: Mirror { .opaque(self) }
}

extension Invitation: CustomReflectable {
    public var customMirror: Mirror { .opaque(self) }
}

extension CodeForSomeone: CustomReflectable {
    public var customMirror: Mirror { .opaque(self) }
}

extension Person: CustomReflectable {
    public var customMirror: Mirror { .opaque(self) }
}
