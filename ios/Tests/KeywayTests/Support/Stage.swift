import Foundation
#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Served buildings: a process of the workspace that makes, changes and ends them over HTTP. It ends with this one.
actor Stage {
    /// The one of this process.
    static let shared = Stage()

    /// At most so many buildings at once: each waits for air and bolts most of the time.
    private static let atOnce = 4

    private var address: URL?
    private var process: Process?
    private var standing = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private let session = URLSession(configuration: .ephemeral)

    /// Lets `body` play in a building of its own, which is taken down afterwards.
    func withBuilding<Result: Sendable>(_ body: sending (Building) async throws -> Result) async throws -> Result {
        await enter()
        defer { leave() }
        guard let opened = try await ask("POST", "buildings"), let number = opened["number"]?.number else {
            throw StageError.refused("a building")
        }
        let building = try Building(path: "buildings/\(Int(number))", opened: opened, stage: self)
        let result: Result
        do {
            result = try await body(building)
        } catch {
            try await building.close()
            throw error
        }
        try await building.close()
        return result
    }

    /// One request, and what it gives; nothing where the stage has no such thing.
    func ask(_ method: String, _ path: String, _ body: JSON? = nil) async throws -> JSON? {
        var request = URLRequest(url: try ready().appendingPathComponent(path), timeoutInterval: 60)
        request.httpMethod = method
        if let body {
            request.setValue("application/json", forHTTPHeaderField: "content-type")
            request.httpBody = try body.data
        }
        let (data, response) = try await session.data(for: request)
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        switch status {
        case 200..<300: return data.isEmpty ? .null : try JSON.parse(data)
        case 404: return nil
        default: throw StageError.refused("\(method) \(path): \(status) \(String(decoding: data, as: UTF8.self))")
        }
    }

    private func ready() throws -> URL {
        if let address { return address }
        guard let program = ProcessInfo.processInfo.environment["KEYWAY_BUILDING"] else {
            throw StageError.refused("KEYWAY_BUILDING names no program")
        }
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = ["stage"]
        // It ends when its input does: with this process, however that ends.
        process.standardInput = Pipe()
        process.standardOutput = output
        try process.run()
        self.process = process
        var line = Data()
        while line.last != UInt8(ascii: "\n") {
            let read = output.fileHandleForReading.availableData
            guard !read.isEmpty else { throw StageError.refused("the stage ended") }
            line.append(read)
        }
        guard let text = try JSON.parse(line)["stage"]?.string, let url = URL(string: text) else {
            throw StageError.refused("an address")
        }
        address = url
        return url
    }

    private func enter() async {
        if standing < Self.atOnce {
            standing += 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    private func leave() {
        if waiting.isEmpty { standing -= 1 } else { waiting.removeFirst().resume() }
    }
}

enum StageError: Error {
    case refused(String)
}
