/// The values of a record as registers, read where they lie. Nil for a failure, and for a value of another type.
///
/// What is looked for is asked for first: a switch over all cases would be a jump through a table.
extension UnsafePointer<Value> {
    @inline(__always)
    func number(_ field: Int) -> Register? {
        if case .number(let number) = self[field] { return Register(number) }
        return isBlank(field) == true ? .blank : nil
    }

    @inline(__always)
    func numberOrZero(_ field: Int) -> Register? {
        if case .number(let number) = self[field] { return Register(number) }
        return isBlank(field) == true ? .zero : nil
    }

    @inline(__always)
    func day(_ field: Int) -> Register? {
        if case .date(let day) = self[field] { return Register(Int64(day.daysSinceEpoch)) }
        return isBlank(field) == true ? .blank : nil
    }

    @inline(__always)
    func instant(_ field: Int) -> Register? {
        if case .instant(let instant) = self[field] { return Register(instant.microseconds) }
        return isBlank(field) == true ? .blank : nil
    }

    @inline(__always)
    func duration(_ field: Int) -> Register? {
        if case .duration(let span) = self[field] { return Register(span.microseconds) }
        return isBlank(field) == true ? .blank : nil
    }

    /// A blank is false.
    @inline(__always)
    func truth(_ field: Int) -> Bool? {
        if case .bool(let truth) = self[field] { return truth }
        return isBlank(field) == true ? false : nil
    }

    @inline(__always)
    func isBlank(_ field: Int) -> Bool? {
        if case .blank = self[field] { return true }
        if case .failure = self[field] { return nil }
        return false
    }

    @inline(__always)
    func text<Result>(_ field: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result, blank: Result) -> Result? {
        if case .text(let text) = self[field] { return text.withBytes(body) }
        return isBlank(field) == true ? blank : nil
    }

    @inline(__always)
    func textOrOption<Result>(_ field: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result, blank: Result) -> Result? {
        if case .option(let key) = self[field] { return key.withBytes(body) }
        return text(field, body, blank: blank)
    }
}
