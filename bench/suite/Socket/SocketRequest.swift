internal import Foundation

/// A request with what its answer must be.
struct SocketRequest: Sendable {
  let bytes: [UInt8]
  /// Documents that the answer must count; nil where only the status is looked at.
  var documents: Int?

  static func get(_ path: String) -> SocketRequest {
    SocketRequest(bytes: Array("GET \(path) HTTP/1.1\r\nhost: kwic\r\n\r\n".utf8))
  }

  /// A search as a client sends it, with the number of documents that match.
  static func search(_ query: String, documents: Int) -> SocketRequest {
    let encoded = query.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    var request = get("/v1/search?query=\(encoded)")
    request.documents = documents
    return request
  }

  static func upload(_ line: String) -> SocketRequest {
    let head = "POST /v1/documents HTTP/1.1\r\nhost: kwic\r\ncontent-length: \(line.utf8.count)\r\n\r\n"
    return SocketRequest(bytes: Array((head + line).utf8))
  }

  /// - Throws: `WrongAnswer` where the reply is not what it must be.
  func check(_ reply: SocketClient.Reply) throws {
    func text(_ bytes: some Collection<UInt8>) -> String { String(decoding: bytes.prefix(200), as: UTF8.self) }
    guard reply.status == 200 else { throw WrongAnswer("\(text(bytes)) has status \(reply.status)") }
    guard let documents else { return }
    guard Self.total(in: reply.body) == documents else {
      throw WrongAnswer("\(text(bytes)) should count \(documents): \(text(reply.body))")
    }
  }

  /// The number behind the first `"total":{"documents":` of an answer.
  static func total(in body: [UInt8]) -> Int? {
    let mark = Array("\"total\":{\"documents\":".utf8)
    guard let place = body.firstRange(of: mark) else { return nil }
    let digits = body[place.upperBound...].prefix { (0x30...0x39).contains($0) }
    return Int(String(decoding: digits, as: UTF8.self))
  }
}
