internal import NIOCore
internal import NIOHTTP1

/// An answer to a request.
enum Answer: Sendable {
  case whole(Response)
  case stream(ResponseStream)
}

/// An answer that is made while it is sent: the next piece is asked for when the client has taken the one before.
struct ResponseStream: Sendable {
  let type: Response.ContentType
  var pieces: any PieceSource
}

/// Makes the pieces of an answer, from one task.
protocol PieceSource: Sendable {
  mutating func next() async -> Piece
}

enum Piece: Sendable {
  case bytes([UInt8])
  case end
  /// The answer cannot be finished: these bytes say why, and the connection ends without the mark of a whole answer.
  case cut([UInt8])
}

/// A whole answer, small enough to be held in memory.
struct Response: Sendable {
  enum ContentType: String, Sendable {
    case json = "application/json"
    case jsonLines = "application/x-ndjson"
    case csv = "text/csv; charset=utf-8"
    case metrics = "text/plain; version=0.0.4; charset=utf-8"
  }

  let status: HTTPResponseStatus
  let type: ContentType
  /// One JSON value, or lines of text, without the last line end.
  let body: [UInt8]

  init(_ status: HTTPResponseStatus = .ok, json: [UInt8]) {
    self.status = status
    type = .json
    body = json
  }

  /// Lines of text; the last line end is added when it is sent.
  init(metrics: MetricsText) {
    status = .ok
    type = .metrics
    body = Array(metrics.text.utf8.dropLast())
  }

  init(_ error: APIError) {
    self.init(error.status, json: error.json())
  }

  /// - Parameter length: bytes of the body, or nil when it comes in chunks.
  static func headers(type: ContentType, length: Int?, closes: Bool) -> HTTPHeaders {
    var headers = HTTPHeaders([("content-type", type.rawValue)])
    if let length {
      headers.add(name: "content-length", value: String(length))
    } else {
      headers.add(name: "transfer-encoding", value: "chunked")
    }
    if closes { headers.add(name: "connection", value: "close") }
    return headers
  }

  /// The parts to send. Every answer ends with a line feed, so that a terminal is left clean.
  func parts(closes: Bool) -> [HTTPPart<HTTPResponseHead, ByteBuffer>] {
    let headers = Self.headers(type: type, length: body.count + 1, closes: closes)
    var buffer = ByteBufferAllocator().buffer(capacity: body.count + 1)
    buffer.writeBytes(body)
    buffer.writeInteger(UInt8(0x0A))
    return [.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers)), .body(buffer), .end(nil)]
  }
}
