/// All measurements of a run, as one table for people and as JSON for programs.
struct Report {
  let machine: Machine
  var measurements: [Measurement] = []
  /// Figures that are no times: bytes, ratios, seconds of one-off work.
  var figures: [(group: String, name: String, value: Double, unit: String)] = []

  // MARK: Table

  var table: String {
    let header = ["", "benchmark", "mean", "p50", "p90", "p99", "best", "per", "calls", "checked"]
    let rows = measurements.map { measurement in
      [
        measurement.group, measurement.name, Self.duration(measurement.mean), Self.duration(measurement.percentile50),
        Self.duration(measurement.percentile90), Self.duration(measurement.percentile99),
        Self.duration(measurement.best), measurement.unit, String(measurement.calls), measurement.verified,
      ]
    }
    let figureRows = figures.map { figure in
      let value = Decimals.format(figure.value, places: figure.value < 100 ? 3 : 0)
      return [figure.group, figure.name, value, "", "", "", "", figure.unit, "", ""]
    }
    return Self.aligned([header] + rows + figureRows)
  }

  /// Columns padded to their widest cell; numbers to the right.
  private static func aligned(_ rows: [[String]]) -> String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = row.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - row[column].count)
        return (2...6).contains(column) || column == 8 ? padding + row[column] : row[column] + padding
      }
      return cells.joined(separator: "  ").trimmingTrailingBlanks
    }.joined(separator: "\n")
  }

  /// A duration in the unit that shows three digits of it.
  static func duration(_ nanoseconds: Double) -> String {
    switch nanoseconds {
    case ..<1_000: "\(Decimals.format(nanoseconds, places: nanoseconds < 10 ? 2 : 1)) ns"
    case ..<1_000_000: "\(Decimals.format(nanoseconds / 1e3, places: 1)) µs"
    case ..<1_000_000_000: "\(Decimals.format(nanoseconds / 1e6, places: 1)) ms"
    default: "\(Decimals.format(nanoseconds / 1e9, places: 2)) s"
    }
  }

  // MARK: JSON

  var json: String {
    let benchmarks = measurements.map { measurement in
      JSONLine.object([
        ("group", .string(measurement.group)), ("name", .string(measurement.name)), ("unit", .string(measurement.unit)),
        ("mean_ns", .number(measurement.mean)), ("p50_ns", .number(measurement.percentile50)),
        ("p90_ns", .number(measurement.percentile90)), ("p99_ns", .number(measurement.percentile99)),
        ("best_ns", .number(measurement.best)), ("calls", .number(Double(measurement.calls))),
        ("units_per_call", .number(measurement.unitsPerCall)), ("checked", .string(measurement.verified)),
      ])
    }
    let values = figures.map { figure in
      JSONLine.object([
        ("group", .string(figure.group)), ("name", .string(figure.name)), ("value", .number(figure.value)),
        ("unit", .string(figure.unit)),
      ])
    }
    return """
      {"machine": \(machine.json),
       "benchmarks": [
        \(benchmarks.joined(separator: ",\n  "))],
       "figures": [
        \(values.joined(separator: ",\n  "))]}

      """
  }
}

extension String {
  /// The string without blanks at its end.
  fileprivate var trimmingTrailingBlanks: String {
    var end = endIndex
    while end > startIndex, self[index(before: end)] == " " { end = index(before: end) }
    return String(self[..<end])
  }
}
