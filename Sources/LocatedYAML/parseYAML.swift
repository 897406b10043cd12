package import SourceText

/// Reads one file into a located tree, by the loading profile of `spec/yaml.md`.
///
/// - Returns: The tree, or nil if the file is empty or could not be read; in the second case `report` says why, located.
///   Never traps and never hangs: bounds hold for size, depth and number of nodes.
package func parseYAML(_ file: SourceFile, _ report: inout Diagnostics) -> YAMLNode? {
    nil
}
