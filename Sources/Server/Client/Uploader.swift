internal import Foundation
internal import Index
internal import Ingest

/// Sends files to a daemon, some megabytes a request, and gathers what became of their lines.
///
/// For use from one task.
public struct Uploader {
  /// What the daemon (or, for what never reached it, the reader) said of one line.
  public struct Problem: Sendable, Equatable {
    /// File and line: `a.jsonl:17`.
    public var place: String
    public var code: String
    public var message: String
  }

  /// So far.
  public struct Progress: Sendable, Equatable {
    public var stored = 0
    public var replaced = 0
    public var refused = 0
    /// Sent, as JSON Lines; and read of the files, of which all but the last request has been sent.
    public var bytes = 0
    public var sourceBytes = 0
    public var documents: Int { stored + replaced }
  }

  /// JSON Lines of one request. Answers of one request wait in memory on both sides.
  private static let requestBytes = 8 << 20

  private struct LineReply: Decodable {
    var line: Int?
    var result: String?
    var code: String?
    var message: String?
    /// Only the last line, the sum, has it.
    var snapshot: UInt64?
  }

  public private(set) var progress = Progress()
  private let client: Client
  private let onProblem: (Problem) -> Void
  private let onProgress: (Progress) -> Void
  private var pending: [UInt8] = []
  /// Where each line of `pending` comes from.
  private var origins: [String] = []

  public init(
    client: Client, onProblem: @escaping (Problem) -> Void, onProgress: @escaping (Progress) -> Void
  ) {
    self.client = client
    self.onProblem = onProblem
    self.onProgress = onProgress
  }

  /// Sends the documents of a file; what its name ends in says what it holds. Finish with `finish()`.
  public mutating func add(file path: String) async throws {
    guard let format = SourceFormat(path: path) else {
      return refuse(path, "unknown-format", "no format that is read has a name like this: \(SourceFormat.endings)")
    }
    guard format == .jsonLines else {
      var source = FileSource(path: path, format: format)
      while let item = source.next() {
        switch item {
        case .refused(let problem): refuse(path, problem.code.rawValue, problem.message)
        case .document(let document, _, _): try await append(document.jsonLine(), origin: path)
        }
      }
      progress.sourceBytes += Self.byteCount(of: [path]) ?? 0
      return
    }
    do {
      var file = try FileReader(path: path)
      try await addLines(path) { try file.read(256 << 10) }
    } catch let error as FileError {
      refuse(path, "unreadable", error.message)
    }
  }

  /// Bytes of some files; nil where one cannot be known before it is read: packed, standard input, not there.
  public static func byteCount(of files: [String]) -> Int? {
    var sum = 0
    for file in files {
      guard file != "-", !file.hasSuffix(".gz"), !file.hasSuffix(".zst"),
        let size = (try? FileManager.default.attributesOfItem(atPath: file))?[.size] as? Int
      else { return nil }
      sum += size
    }
    return sum
  }

  /// Sends JSON Lines from `read`, which answers an empty piece at the end.
  public mutating func addLines(_ name: String, _ read: () throws -> [UInt8]) async throws {
    var splitter = LineSplitter()
    while true {
      let piece = try read()
      progress.sourceBytes += piece.count
      if piece.isEmpty { splitter.finish() } else { splitter.append(piece) }
      while let line = splitter.next() {
        switch line {
        case .bytes(let number, let bytes): try await append(bytes, origin: "\(name):\(number)")
        case .tooLong(let number, let count):
          refuse("\(name):\(number)", "too-long", "the line has \(count) bytes, at most \(splitter.lineBytesMax) are taken")
        }
      }
      if piece.isEmpty { return }
    }
  }

  /// Sends what is left. All that was added is durable and searchable when this returns.
  public mutating func finish() async throws {
    try await send()
  }

  private mutating func refuse(_ place: String, _ code: String, _ message: String) {
    progress.refused += 1
    onProblem(Problem(place: place, code: code, message: message))
  }

  private mutating func append(_ line: [UInt8], origin: String) async throws {
    pending.append(contentsOf: line)
    pending.append(0x0A)
    origins.append(origin)
    if pending.count >= Self.requestBytes { try await send() }
  }

  private mutating func send() async throws {
    guard !pending.isEmpty else { return }
    let answer = try await client.upload(pending)
    guard answer.isSuccess else { throw RefusedRequest(body: answer.body, status: answer.status) }
    let decoder = JSONDecoder()
    var isComplete = false
    for line in answer.body.split(separator: 0x0A) {
      guard let reply = try? decoder.decode(LineReply.self, from: Data(line)) else {
        throw ClientError.badAnswer(String(decoding: line.prefix(200), as: UTF8.self))
      }
      if reply.snapshot != nil { isComplete = true }
      guard let number = reply.line, number >= 1, number <= origins.count else { continue }
      switch reply.result {
      case "stored": progress.stored += 1
      case "replaced": progress.replaced += 1
      default: refuse(origins[number - 1], reply.code ?? "failed", reply.message ?? "")
      }
    }
    guard isComplete else { throw ClientError.cutOff(socket: client.socketPath) }
    progress.bytes += pending.count
    pending.removeAll(keepingCapacity: true)
    origins.removeAll(keepingCapacity: true)
    onProgress(progress)
  }
}

/// A request that the daemon refused as a whole.
public struct RefusedRequest: Error, CustomStringConvertible {
  public let body: [UInt8]
  public let status: Int

  public init(body: [UInt8], status: Int) {
    self.body = body
    self.status = status
  }

  public var exitStatus: CommandStatus { CommandStatus(refusal: status) }

  public var description: String {
    let error = try? SearchSession.decoder.decode(WireError.self, from: Data(body))
    return error?.text ?? String(decoding: body, as: UTF8.self)
  }
}
