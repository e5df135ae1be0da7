internal import Foundation

/// Passes an export on as it comes, and notices when it could not be finished.
///
/// The last line is held back until more follows: of an export that was cut it says why, and is no hit.
public struct ExportSession {
  /// What an export asks for.
  public struct Options: Sendable {
    public var format: String?
    public var context: String?
    public var words: String?
    public var isExact = false
    public var from: String?
    public var to: String?
    public var lang: String?
    public var timeout: String?

    public init() {}
  }

  private static let errorStart = Array(#"{"error":"#.utf8)

  private let client: Client
  private let output: ([UInt8]) throws -> Void
  private var held: [UInt8] = []
  private var hasLines = false

  public init(client: Client, output: @escaping ([UInt8]) throws -> Void) {
    self.client = client
    self.output = output
  }

  /// - Throws: `RefusedRequest`, also for an export that broke off; `ClientError`; what `output` throws.
  public mutating func run(_ query: String, _ options: Options) async throws -> CommandStatus {
    var search = SearchOptions()
    search.words = options.words
    search.isExact = options.isExact
    search.context = options.context
    search.from = options.from
    search.to = options.to
    search.lang = options.lang
    search.timeout = options.timeout
    search.exportFormat = options.format
    do {
      var state = self
      defer { self = state }
      let answer = try await client.stream("/v1/export", json: search.json(query: query)) { try state.take($0) }
      guard answer.isSuccess else { throw RefusedRequest(body: answer.body, status: answer.status) }
    } catch let error as ClientError {
      guard case .cutOff = error, held.starts(with: Self.errorStart) else { throw error }
      let isTimeout = CommandStatus(endedBy: held) == .timeout
      throw RefusedRequest(body: held, status: isTimeout ? 504 : 503)
    }
    try output(held)
    return hasLines ? .matches : .none
  }

  private mutating func take(_ piece: [UInt8]) throws {
    held += piece
    // All but the last line, which may be followed by the beginning of another.
    guard let end = held.lastIndex(of: 0x0A), let start = held[..<end].lastIndex(of: 0x0A) else { return }
    hasLines = true
    try output(Array(held[...start]))
    held.removeFirst(start + 1)
  }
}
