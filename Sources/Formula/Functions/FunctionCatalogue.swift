/// Every function that authors may call, in the order of the documentation.
package enum FunctionCatalogue {
    /// By `FunctionID.index`.
    package static let all: [FunctionDefinition] = []
}
