/// Whether bytes are UTF-8, and where they stop being it.
enum UTF8Check {
  /// Throws `.invalidUTF8` with the column of the first byte that is wrong.
  ///
  /// - Complexity: O(n), eight bytes a step where they are ASCII (the standard library's validation).
  static func require(_ bytes: [UInt8]) throws(LineProblem) {
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: bytes.span)
    } catch {
      let offset = error.byteOffsets.lowerBound
      let digits = String(bytes[offset], radix: 16, uppercase: true)
      throw LineProblem(
        .invalidUTF8, "byte 0x\(digits) at column \(offset + 1) is not UTF-8; convert the text and send it again",
        column: offset + 1)
    }
  }
}
