internal import Base

/// Writes the Prometheus text exposition format, version 0.0.4: families with their HELP and TYPE, a line a sample.
///
/// The lines of a family stand together and each family once, as the format wants; whoever writes keeps to that.
struct MetricsText {
  enum Kind: String { case counter, gauge, histogram }

  typealias Labels = KeyValuePairs<StaticString, String>

  private(set) var text = ""

  /// Begins a family.
  mutating func family(_ name: StaticString, _ kind: Kind, _ help: StaticString) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
  }

  /// A family of one number.
  mutating func single(_ name: StaticString, _ kind: Kind, _ help: StaticString, _ value: some BinaryInteger) {
    family(name, kind, help)
    sample(name, [:], value)
  }

  mutating func sample(_ name: StaticString, _ labels: Labels, _ value: some BinaryInteger) {
    line("\(name)", labels, String(value))
  }

  mutating func sample(_ name: StaticString, _ labels: Labels, seconds nanoseconds: UInt64) {
    line("\(name)", labels, Self.seconds(nanoseconds))
  }

  /// The buckets, cumulative and ended by `+Inf`, the sum in seconds and the count of one histogram of a family.
  mutating func histogram(_ name: StaticString, _ labels: Labels, _ histogram: DurationHistogram) {
    let counts = histogram.counts
    var cumulative: UInt64 = 0
    for (place, count) in counts.buckets.enumerated() {
      cumulative += count
      let bounds = histogram.boundsNanoseconds
      let bound = place < bounds.count ? Self.seconds(bounds[place]) : "+Inf"
      line("\(name)_bucket", labels, String(cumulative), extra: ("le", bound))
    }
    line("\(name)_sum", labels, Self.seconds(counts.sumNanoseconds))
    line("\(name)_count", labels, String(cumulative))
  }

  private mutating func line(
    _ name: String, _ labels: Labels, _ value: String, extra: (name: String, value: String)? = nil
  ) {
    var all = labels.map { ("\($0.key)", $0.value) }
    if let extra { all.append(extra) }
    let inside = all.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
    text += name + (inside.isEmpty ? "" : "{\(inside)}") + " " + value + "\n"
  }

  /// Whole nanoseconds as seconds, exact and without an exponent.
  private static func seconds(_ nanoseconds: UInt64) -> String {
    let (whole, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    guard rest > 0 else { return String(whole) }
    var digits = String(rest)
    digits = String(repeating: "0", count: 9 - digits.count) + digits
    while digits.hasSuffix("0") { digits.removeLast() }
    return "\(whole).\(digits)"
  }

  private static func escaped(_ value: String) -> String {
    var text = ""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\\": text += "\\\\"
      case "\"": text += "\\\""
      case "\n": text += "\\n"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
