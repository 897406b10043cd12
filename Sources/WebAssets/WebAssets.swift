/// What the browser loads beside pages: one stylesheet, one script, drawings. They stand in the folder `web` and are put into the executable
/// when it is built (`Plugins/Embed`); the small ES modules there are joined into one.
///
/// Addresses are `/a/<hash>/<name>` with the one hash of all, so that everything may be kept for ever.
package enum WebAssets {
    package struct Asset: Sendable {
        package let name: String
        package let contentType: String
        /// 16 hex digits, of this file alone.
        package let hash: String
        let content: StaticString

        package var bytes: [UInt8] {
            Array(UnsafeBufferPointer(start: content.utf8Start, count: content.utf8CodeUnitCount))
        }
    }

    package static func asset(named name: String) -> Asset? {
        all.first { $0.name == name }
    }
}
