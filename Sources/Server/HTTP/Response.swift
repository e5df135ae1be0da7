internal import NIOCore
internal import NIOHTTP1

/// A whole answer, small enough to be held in memory.
struct Response {
  enum ContentType: String {
    case json = "application/json"
    case jsonLines = "application/x-ndjson"
  }

  let status: HTTPResponseStatus
  /// One JSON value, without a line end.
  let body: [UInt8]

  init(_ status: HTTPResponseStatus = .ok, json: [UInt8]) {
    self.status = status
    body = json
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
    let headers = Self.headers(type: .json, length: body.count + 1, closes: closes)
    var buffer = ByteBufferAllocator().buffer(capacity: body.count + 1)
    buffer.writeBytes(body)
    buffer.writeInteger(UInt8(0x0A))
    return [.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers)), .body(buffer), .end(nil)]
  }
}
