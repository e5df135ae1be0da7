/// The line that shows how far an upload is: bar, share, documents, rate and the time that remains.
public struct ProgressBar: Sendable {
  /// Bytes that will be sent; nil where it cannot be known (standard input, packed files).
  public let totalBytes: Int?
  private let columns: Int
  private let barColumns = 20

  /// - Parameter columns: of the terminal; the line is cut to one less, so that it never wraps.
  public init(totalBytes: Int?, columns: Int) {
    self.totalBytes = totalBytes
    self.columns = columns
  }

  /// `[#####               ]  25 %  1,200 documents  12 MB/s  3 min 5 s left`, to be written over the one before.
  public func line(documents: Int, bytes: Int, seconds: Double) -> String {
    let rate = Double(bytes) / max(seconds, 0.001)
    var parts: [String] = []
    if let totalBytes, totalBytes > 0 {
      let share = min(1, Double(bytes) / Double(totalBytes))
      let filled = Int(share * Double(barColumns))
      let percent = String(Int(share * 100))
      let bar = String(repeating: "#", count: filled)
      parts.append("[\(TextWidth.padded(bar, to: barColumns))]")
      parts.append(TextWidth.rightAligned(percent, to: 3) + " %")
    }
    parts.append("\(StatusFormat.grouped(documents)) documents")
    parts.append("\(StatusFormat.bytes(bytes)), \(StatusFormat.bytes(Int(rate)))/s")
    if let totalBytes, totalBytes > bytes, bytes > 0 {
      parts.append("\(StatusFormat.duration(max(1, Int((Double(totalBytes - bytes) / rate).rounded())))) left")
    }
    let line = TextWidth.prefix(parts.joined(separator: "  "), columns: max(1, columns - 1))
    return TextWidth.padded(line, to: max(1, columns - 1))
  }

  /// What wipes the line out.
  public var blank: String { String(repeating: " ", count: max(1, columns - 1)) }
}
