import Base
import Foundation
import Glibc
import Index
@testable import Server
import TestSupport
import Testing

/// That what clients send at once does not add up in memory.
@Suite("Memory ceiling")
struct MemoryCeilingTests {
  /// About so many bytes of lines, in documents of so many words.
  private static func lines(_ byteCount: Int, client: Int, words: Int = 45) -> [UInt8] {
    var random = SplitMix64(seed: UInt64(client))
    var lines: [UInt8] = []
    var number = 0
    while lines.count < byteCount {
      var body = ""
      for _ in 0..<words { body += "w\(Int.random(in: 0..<30_000, using: &random)) " }
      lines += Array("{\"id\":\"\(client)-\(number)\",\"body\":\"\(body)\"}\n".utf8)
      number += 1
    }
    return lines
  }

  @Test("Many uploads at once stay within the share of documents; a line above it is taken")
  func manyUploads() async throws {
    try await DaemonFixture.run { configuration, _ in configuration.batchBytesLimit = 1 << 20 } _: { fixture in
      let clients = 16
      let answers = try await withThrowingTaskGroup(of: JSON.self) { uploads in
        for client in 0..<clients {
          uploads.addTask { try #require(try await fixture.upload(Self.lines(2 << 20, client: client)).last) }
        }
        return try await uploads.reduce(into: [JSON]()) { $0.append($1) }
      }
      for answer in answers { #expect(try answer["refused"].integer == 0 && answer["failed"].integer == 0) }
      var uploads = try await fixture.request("GET", "/v1/status").json["uploads"]
      let most = try uploads["document_bytes_max"].integer
      #expect(most == 2 << 20)
      // What was read of a piece becomes documents before anybody waits: some three times its bytes.
      #expect(try uploads["document_bytes_peak"].integer <= most + clients * (64 << 10) * 4)
      #expect(try uploads["document_bytes"].integer == 0)
      #expect(try uploads["answer_bytes"].integer == 0)
      let long = Array("{\"id\":\"long\",\"body\":\"".utf8) + [UInt8](repeating: 0x78, count: 8 << 20) + Array("\"}\n".utf8)
      let answer = try #require(try await fixture.upload(long).last)
      #expect(try answer["stored"].integer == 1)
      uploads = try await fixture.request("GET", "/v1/status").json["uploads"]
      #expect(try uploads["document_bytes"].integer == 0)
    }
  }

  /// The daemon as it is built beside the tests; nil where it is not.
  private static var program: String? {
    var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    if let bundle = CommandLine.arguments.first(where: { $0.contains(".xctest") }) {
      folder = URL(fileURLWithPath: String(bundle[..<bundle.range(of: ".xctest")!.upperBound])).deletingLastPathComponent()
    }
    let path = folder.appendingPathComponent("kwicd").path
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
  }

  private static func anonymousBytes(_ process: Int32) -> Int {
    let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("RssAnon") }
    return (line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0) << 10
  }

  @Test(
    "A daemon keeps its anonymous memory below the ceiling while many upload and a folder is read",
    .enabled(if: program != nil, "kwicd is not built beside the tests"))
  func processMemory() async throws {
    let folder = try TemporaryDirectory("kwic-ceiling")
    let ceiling = 96 << 20
    let watched = folder.path("watched")
    try FileManager.default.createDirectory(atPath: watched, withIntermediateDirectories: true)
    try Data(Self.lines(12 << 20, client: 99, words: 450)).write(to: URL(fileURLWithPath: watched + "/a.jsonl"))
    let socket = folder.path("kwic.sock")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(Self.program))
    process.arguments = ["serve", "--index", folder.path("index"), "--socket", socket, "--watch", watched]
    process.environment = ["KWIC_MEMORY_CEILING": "\(ceiling)", "HOME": folder.path("")]
    process.standardError = FileHandle.nullDevice
    try process.run()
    defer {
      process.terminate()
      process.waitUntilExit()
    }
    while !FileManager.default.fileExists(atPath: socket) { try await Task.sleep(for: .milliseconds(10)) }
    let peak = SharedNumber()
    let isOver = SharedNumber()
    let child = process.processIdentifier
    let watcher = Thread {
      while isOver.value == 0 {
        peak.raise(to: Self.anonymousBytes(child))
        usleep(2_000)
      }
    }
    watcher.start()
    try await withThrowingTaskGroup(of: Void.self) { uploads in
      for client in 0..<8 {
        uploads.addTask {
          let lines = Self.lines(12 << 20, client: client, words: 450)
          let answer = try await Client.withConnection(to: socket) { try await $0.upload(lines) }
          #expect(answer.isSuccess)
        }
      }
      try await uploads.waitForAll()
    }
    isOver.add(1)
    #expect(peak.value > 0 && peak.value <= ceiling, "\(peak.value >> 20) MB")
  }
}
