extension KeywayApp {
    /// The doors: from the cache when they are there, else from the service.
    public nonisolated func doors() async throws(KeywayError) -> Doors {
        try await told { try await core.doors() }
    }

    /// The doors, those in range first: listens for three seconds.
    public nonisolated func doorsInRange() async throws(KeywayError) -> Doors {
        try await told { try await core.doorsInRange() }
    }

    /// Fetches doors and doorcodes, and ahead of need the rights and bundles of each door.
    @discardableResult
    public nonisolated func refresh() async throws(KeywayError) -> Doors {
        try await told { try await core.refresh() }
    }

    /// Every way through a door, those that exist now first, best first; each *no* says what would turn it into a *yes*.
    public nonisolated func lockoutOptions(at door: DoorId) async throws(KeywayError) -> LockoutOptions {
        try await told { try await core.lockoutOptions(door: door) }
    }

    /// A door's codes: from the cache when they are there, else from the service.
    public nonisolated func doorcodes(at door: DoorId) async throws(KeywayError) -> Doorcodes {
        try await told { try await core.doorcodes(door: door) }
    }

    /// Has the service make a daily code for a door. It works at once, without a sync.
    public nonisolated func newDoorcode(_ wanted: NewDoorcode, at door: DoorId) async throws(KeywayError) -> Doorcode {
        try await told { try await core.newDoorcode(door: door, wanted: wanted) }
    }

    /// Resets one's own code of a residence or shared door. The old one works until the door's next sync, the new one from then on.
    public nonisolated func resetDoorcode(_ code: DoorcodeId) async throws(KeywayError) -> Doorcode {
        try await told { try await core.resetDoorcode(code: code) }
    }

    /// Unlocks a door over Bluetooth, with or without network. Returns at once; what stands against it is the attempt's outcome.
    public nonisolated func unlock(_ door: DoorId) throws(KeywayError) -> UnlockAttempt {
        UnlockAttempt(try told { try core.unlock(door: door) })
    }

    /// Syncs a door: this phone is the courier between service and lock, both ways. Returns at once; what stands against it is the attempt's outcome.
    public nonisolated func sync(_ door: DoorId) throws(KeywayError) -> SyncAttempt {
        SyncAttempt(try told { try core.sync(door: door) })
    }

    /// Syncs every door in range, one after the other. Returns at once; what stands against it is the attempt's outcome.
    public nonisolated func syncAllInRange() throws(KeywayError) -> SyncAllAttempt {
        SyncAllAttempt(try told { try core.syncAllInRange() })
    }

    /// Who opened a door and when, as far as this account may see it; the newest page where none is named. It is not kept on the phone.
    public nonisolated func activity(at door: DoorId, page: PageToken? = nil) async throws(KeywayError) -> Activity {
        try await told { try await core.activity(door: door, page: page) }
    }
}

// MARK: Letting others in

extension KeywayApp {
    /// Sends a daily or single-use code to an e-mail address or a telephone. It works at once, without a sync.
    ///
    /// Where it worked at some doors only, the answer lists the others.
    @discardableResult
    public nonisolated func sendDoorcode(_ code: CodeForSomeone) async throws(KeywayError) -> LetIn {
        try await told { try await core.sendDoorcode(code: code) }
    }

    /// Invites a guest, with a start and, if wanted, an end. Their code works after each door's next sync.
    @discardableResult
    public nonisolated func inviteGuest(_ invitation: Invitation) async throws(KeywayError) -> LetIn {
        try await told { try await core.inviteGuest(invitation: invitation) }
    }

    /// The people whom this account let in, and how far each revocation has come.
    public nonisolated func peopleLetIn() async throws(KeywayError) -> [Person] {
        try await told { try await core.peopleLetIn() }
    }

    /// Takes a person's access to a door back: requested now, carried by the next phone that goes there, confirmed by the lock's signature.
    public nonisolated func revoke(_ person: PersonId, at door: DoorId) async throws(KeywayError) {
        try await told { try await core.revoke(person: person, door: door) }
    }

    /// Moves the end of a person's access to a door, milliseconds of the service's clock; `nil`: it has none.
    @discardableResult
    public nonisolated func changeEnd(
        of person: PersonId,
        at door: DoorId,
        to end: Int64?
    ) async throws(KeywayError) -> Person {
        try await told { try await core.changeEnd(person: person, door: door, end: end) }
    }
}
