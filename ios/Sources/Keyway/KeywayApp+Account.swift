extension KeywayApp {
    /// Finishes a wipe that an earlier process did not, then restores the session, if there is one. Before anything else.
    ///
    /// Where it throws nothing was read, and it may be called again.
    @discardableResult
    public nonisolated func start() async throws(KeywayError) -> Started {
        try await told { try await core.start() }
    }

    /// Where the account is now.
    public nonisolated var status: Status {
        get throws(KeywayError) { try told { try core.status() } }
    }

    /// What works on this phone before anybody is signed in, best first, and what is a dead end on it.
    public nonisolated func waysToSignIn(on phone: WhosePhone) throws(KeywayError) -> [SignInOption] {
        try told { try core.waysToSignIn(phone: phone) }
    }

    /// Signs in with the password. The e-mail is trimmed and lower-cased; the password is sent byte for byte and judged by the service alone.
    ///
    /// Where it throws nothing is left behind.
    @discardableResult
    public nonisolated func signIn(
        email: String,
        password: String,
        on phone: WhosePhone
    ) async throws(KeywayError) -> Status {
        try await told { try await core.signIn(email: email, password: password, phone: phone) }
    }

    /// Signs in with the code that ``sendOneTimeCode(to:)`` had sent. It is good for 10 minutes, and once.
    @discardableResult
    public nonisolated func signIn(
        email: String,
        code: String,
        on phone: WhosePhone
    ) async throws(KeywayError) -> Status {
        try await told { try await core.signInWithCode(email: email, code: code, phone: phone) }
    }

    /// Has a one-time code sent to the account's mailbox. The answer is the same whether or not there is such an account.
    public nonisolated func sendOneTimeCode(to email: String) async throws(KeywayError) {
        try await told { try await core.sendOneTimeCode(email: email) }
    }

    /// Has a link for a new password sent to the account's mailbox. Using it ends every session.
    public nonisolated func sendPasswordReset(to email: String) async throws(KeywayError) {
        try await told { try await core.sendPasswordReset(email: email) }
    }

    /// Changes the password and ends every other session. ``rulesLackedBy(password:)`` tells what a new one lacks while it is typed.
    public nonisolated func changePassword(from current: String, to new: String) async throws(KeywayError) {
        try await told { try await core.changePassword(current: current, new: new) }
    }

    /// The account's sessions, newest first.
    public nonisolated func sessions() async throws(KeywayError) -> [SessionFacts] {
        try await told { try await core.sessions() }
    }

    /// Ends one session of the account: that phone is wiped at its next contact. For this phone's own, ``signOut()`` gives a report.
    public nonisolated func endSession(_ session: SessionId) async throws(KeywayError) {
        try await told { try await core.endSession(session: session) }
    }

    /// Ends every session of the account, then signs out here. Where it throws nothing has ended.
    public nonisolated func endAllSessions() async throws(KeywayError) -> SignOutReport {
        try await told { try await core.endAllSessions() }
    }

    /// Hides everything until the phone's owner asks for it: the data stays in keychain and folder, nothing of it in memory. Own phone only.
    public nonisolated func hide() async throws(KeywayError) {
        try await told { try await core.hide() }
    }

    /// Shows what is hidden, once the phone has recognised its owner.
    @discardableResult
    public nonisolated func show() async throws(KeywayError) -> Status {
        try await told { try await core.show() }
    }

    /// Signs out, completely, and reports on every place. Works without network, during anything else, while hidden, and again after a report with
    /// something open.
    ///
    /// What could not be erased is no error but a line of the report.
    public nonisolated func signOut() async throws(KeywayError) -> SignOutReport {
        try await told { try await core.signOut() }
    }

    /// The report of the last wipe since somebody signed in: also of one that nobody asked for, because a borrowed session's time was up or the service
    /// ended the session.
    public nonisolated var lastReport: SignOutReport? {
        get throws(KeywayError) { try told { try core.lastReport() } }
    }
}
