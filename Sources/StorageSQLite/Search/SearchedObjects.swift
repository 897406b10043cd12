/// What the search index was made of, as the database keeps it: `1 5:name;code,phone 7:…`.
struct SearchedObjects: Equatable {
    struct Fields: Equatable {
        /// Names, separated by commas.
        let title: String
        let rest: String
    }

    /// Of `SearchIndex`.
    let form: Int
    /// By number.
    let objects: [Int64: Fields]

    init(form: Int, _ objects: [Int64: Fields]) {
        self.form = form
        self.objects = objects
    }

    /// Nil for what was written otherwise: then nothing is known.
    init?(text: String) {
        let parts = text.split(separator: " ")
        guard let form = parts.first.flatMap({ Int($0) }) else { return nil }
        var objects: [Int64: Fields] = [:]
        for part in parts.dropFirst() {
            guard let colon = part.firstIndex(of: ":"), let semicolon = part.firstIndex(of: ";"), colon < semicolon, let number = Int64(part[..<colon])
            else { return nil }
            objects[number] = Fields(title: String(part[part.index(after: colon)..<semicolon]), rest: String(part[part.index(after: semicolon)...]))
        }
        self.init(form: form, objects)
    }

    var text: String {
        "\(form)" + objects.sorted { $0.key < $1.key }.map { " \($0.key):\($0.value.title);\($0.value.rest)" }.joined()
    }
}
