import Base
import Foundation
import Index
@testable import Server
import TestSupport
import Testing

/// `GET /metrics`: the text format, and that the numbers are those of what was done.
@Suite("Metrics")
struct MetricsTests {
  /// One sample line: name, labels and value.
  struct Sample: Equatable {
    var name: String
    var labels: [String: String]
    var value: Double
  }

  struct Malformed: Error { let line: String }

  /// Reads the format strictly (Prometheus, "Exposition formats", 0.0.4): each family has HELP, then TYPE, then its
  /// samples together; names and values are well formed.
  static func parse(_ text: String) throws -> (types: [String: String], samples: [Sample]) {
    var types: [String: String] = [:]
    var samples: [Sample] = []
    var helped: String?
    var family = ""
    guard text.hasSuffix("\n") else { throw Malformed(line: "the last line has no end") }
    for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
      if let match = line.wholeMatch(of: /# HELP ([a-z_]+) (\S.*)/) {
        helped = String(match.1)
      } else if let match = line.wholeMatch(of: /# TYPE ([a-z_]+) (counter|gauge|histogram)/) {
        family = String(match.1)
        guard helped == family, types[family] == nil else { throw Malformed(line: String(line)) }
        types[family] = String(match.2)
      } else if let match = line.wholeMatch(of: /([a-z_]+)(?:\{(.*)\})? ([0-9]+(?:\.[0-9]+)?)/) {
        let name = String(match.1)
        let isOfFamily = types[family] == "histogram"
          ? ["_bucket", "_sum", "_count"].contains { name == family + $0 } : name == family
        guard isOfFamily, let value = Double(match.3) else { throw Malformed(line: String(line)) }
        var labels: [String: String] = [:]
        for pair in (match.2 ?? "").matches(of: /([a-z]+)="([^"\\]*)"(?:,|$)/) { labels[String(pair.1)] = String(pair.2) }
        samples.append(Sample(name: name, labels: labels, value: value))
      } else {
        throw Malformed(line: String(line))
      }
    }
    return (types, samples)
  }

  private static func get(_ fixture: DaemonFixture) async throws -> (types: [String: String], samples: [Sample]) {
    let answer = try await fixture.client { try await $0.request("GET", "/metrics") }
    #expect(answer.status == 200)
    return try parse(String(decoding: answer.body, as: UTF8.self))
  }

  @Test("Histograms are cumulative, end with +Inf and agree with their count")
  func histogram() throws {
    let histogram = DurationHistogram(boundsNanoseconds: [1_000_000, 2_500_000, 1_000_000_000])
    for nanoseconds in [0, 1_000_000, 1_000_001, 900_000_000, 1_000_000_000, 5_000_000_001] as [UInt64] {
      histogram.record(nanoseconds: nanoseconds)
    }
    var text = MetricsText()
    text.family("x_seconds", .histogram, "How long.")
    text.histogram("x_seconds", ["class": "a\"b\\c\nd"], histogram)
    #expect(
      text.text == #"""
        # HELP x_seconds How long.
        # TYPE x_seconds histogram
        x_seconds_bucket{class="a\"b\\c\nd",le="0.001"} 2
        x_seconds_bucket{class="a\"b\\c\nd",le="0.0025"} 3
        x_seconds_bucket{class="a\"b\\c\nd",le="1"} 5
        x_seconds_bucket{class="a\"b\\c\nd",le="+Inf"} 6
        x_seconds_sum{class="a\"b\\c\nd"} 6.902000002
        x_seconds_count{class="a\"b\\c\nd"} 6

        """#)
  }

  @Test("The numbers are those of what was done")
  func numbers() async throws {
    try await DaemonFixture.run { fixture in
      _ = try await fixture.upload("{\"id\":\"a\",\"body\":\"one two\"}\n{\"id\":\"b\",\"body\":\"one\"}")
      for query in ["one", "one", "one two", "\"one two\"", "on*"] { _ = try await fixture.ids(query) }
      let refused = try await fixture.request("GET", "/v1/search?query=(")
      #expect(refused.status == 400)
      #expect(try await fixture.request("GET", "/nothing").status == 404)
      let (types, samples) = try await Self.get(fixture)
      func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        samples.first { $0.name == name && $0.labels == labels }?.value
      }
      #expect(value("kwic_documents") == 2)
      #expect(value("kwic_words") == 3)
      // The two lines of the upload come in one commit or in two.
      let commits = try #require(value("kwic_commit_duration_seconds_count"))
      #expect([1, 2].contains(commits))
      #expect(value("kwic_segments") == commits)
      #expect(value("kwic_write_queue_operations") == 0)
      #expect(value("kwic_operations_total") == 2)
      #expect(value("kwic_merge_duration_seconds_count") == 0)
      #expect(value("kwic_query_duration_seconds_count", ["class": "word"]) == 2)
      #expect(value("kwic_query_duration_seconds_count", ["class": "boolean"]) == 1)
      #expect(value("kwic_query_duration_seconds_count", ["class": "phrase"]) == 1)
      #expect(value("kwic_query_duration_seconds_count", ["class": "wildcard"]) == 1)
      #expect(value("kwic_query_duration_seconds_bucket", ["class": "word", "le": "+Inf"]) == 2)
      #expect(value("kwic_refused_requests_total", ["code": try refused.json["error"]["code"].string]) == 1)
      #expect(value("kwic_refused_requests_total", ["code": "unknown-path"]) == 1)
      #expect(samples.filter { $0.name == "kwic_refused_requests_total" }.map(\.value).reduce(0, +) == 2)
      #expect((value("kwic_connections") ?? 0) >= 1)
      #expect(value("kwic_files", ["state": "failed"]) == 0)
      #expect(value("kwic_oldest_snapshot_age_seconds") == 0)
      #expect(types["kwic_query_duration_seconds"] == "histogram")
      #expect(types.allSatisfy { $0.value != "counter" || $0.key.hasSuffix("_total") })
      for count in samples where count.name.hasSuffix("_count") {
        let name = count.name.replacing("_count", with: "_bucket")
        let buckets = samples.filter { $0.name == name && $0.labels["class"] == count.labels["class"] }
        #expect(buckets.map(\.value) == buckets.map(\.value).sorted())
        #expect(buckets.last?.labels["le"] == "+Inf")
        #expect(buckets.last?.value == count.value)
      }
    }
  }

  @Test("A snapshot that is held is told with the time since it was replaced")
  func snapshotAge() async throws {
    try await DaemonFixture.run { fixture in
      _ = try await fixture.upload(#"{"id":"a","body":"one"}"#)
      let held = fixture.daemon.service.index.snapshot()
      #expect(fixture.daemon.service.index.snapshotReport.oldestAgeNanoseconds == 0)
      _ = try await fixture.upload(#"{"id":"b","body":"one"}"#)
      try await Task.sleep(for: .milliseconds(30))
      let report = fixture.daemon.service.index.snapshotReport
      #expect(report.held == 2)
      #expect(report.oldestAgeNanoseconds >= 30_000_000)
      withExtendedLifetime(held) {}
    }
  }

  @Test("The kind of the answer is the text format")
  func contentType() async throws {
    try await DaemonFixture.run { fixture in
      let answer = try await fixture.exchange("GET /metrics HTTP/1.1\r\nhost: kwic\r\nconnection: close\r\n\r\n")
      #expect(answer.lowercased().contains("content-type: text/plain; version=0.0.4; charset=utf-8\r\n"))
      #expect(answer.hasSuffix("\n"))
    }
  }
}
