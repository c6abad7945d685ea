/// Where an expectation and what was observed differ.
struct Mismatch: Error, Equatable {
    /// The way there: keys with dots between.
    let at: String
    let expected: JSON
    let observed: JSON
}

extension JSON {
    /// Holds this expectation against `observed`: of an object every key that is expected, of anything else all of it. `{"at_least": n}` stands for any
    /// number from `n` on, `{"contains": x}` for an array with an element that matches `x`, `{"without": x}` for one without; `null` for anything.
    func mismatch(with observed: JSON, at place: String = "") -> Mismatch? {
        let differs = Mismatch(at: place, expected: self, observed: observed)
        guard case .object(let wanted) = self else {
            return self == .null || self == observed ? nil : differs
        }
        if let least = wanted["at_least"]?.number {
            guard let number = observed.number else { return differs }
            return number >= least ? nil : differs
        }
        if let element = wanted["contains"] {
            return observed.array?.contains { element.mismatch(with: $0) == nil } == true ? nil : differs
        }
        if let element = wanted["without"] {
            return observed.array?.contains { element.mismatch(with: $0) == nil } == false ? nil : differs
        }
        guard case .object(let fields) = observed else { return differs }
        for (key, value) in wanted {
            let inner = "\(place).\(key)"
            guard let there = fields[key] else { return Mismatch(at: inner, expected: value, observed: .null) }
            if let mismatch = value.mismatch(with: there, at: inner) { return mismatch }
        }
        return nil
    }
}
