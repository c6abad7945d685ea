import Foundation
import Testing

/// A journey as data: the files that every language's runner plays.
struct Scenario: Sendable, CustomTestStringConvertible {
    /// The file's name without its ending.
    let name: String
    /// What is done, in order, as written.
    let steps: [JSON]

    var testDescription: String { name }

    /// Those that need no more than real time, by name. A file that cannot be read is a failure, not one that is left out.
    static func ofRealTime() throws -> [Scenario] {
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return try files.sorted { $0.path < $1.path }.compactMap { file in
            let scenario = try JSON.parse(Data(contentsOf: file))
            guard let steps = scenario["steps"]?.array, let time = scenario["time"]?.string,
                ["real", "virtual"].contains(time)
            else { throw StageError.refused("\(file.path) is no scenario") }
            guard time == "real" else { return nil }
            return Scenario(name: file.deletingPathExtension().lastPathComponent, steps: steps)
        }
    }

    private static var folder: URL {
        URL(fileURLWithPath: #filePath)
            .appendingPathComponent("../../../../../tests/journeys/scenarios")
            .standardizedFileURL
    }
}

extension JSON {
    /// What was saved in the place of its name: any text `$name` stands for that.
    func filledIn(with saved: [String: String]) -> JSON {
        switch self {
        case .string(let text) where text.hasPrefix("$"):
            saved[String(text.dropFirst())].map(JSON.string) ?? self
        case .array(let elements): .array(elements.map { $0.filledIn(with: saved) })
        case .object(let fields): .object(fields.mapValues { $0.filledIn(with: saved) })
        default: self
        }
    }
}
