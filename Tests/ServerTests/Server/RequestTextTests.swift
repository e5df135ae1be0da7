import Base
@testable import Server
import Testing

/// What is read from the text of a request.
@Suite("Request texts")
struct RequestTextTests {
  @Test("A target is cut at its first question mark", arguments: [
    ("/a?b=c?d", "/a", "b=c?d"), ("/a", "/a", ""), ("/a?", "/a", ""), ("?", "", ""), ("", "", ""),
  ])
  func target(uri: String, path: String, queryString: String) {
    let target = RequestTarget(uri)
    #expect(target.path == path)
    #expect(target.queryString == queryString)
  }

  @Test("Values are percent-decoded", arguments: [
    ("a=b", "b"), ("a=%22x%20y%22", "\"x y\""), ("a=x+y%2B", "x y+"), ("a=%c3%A9", "é"), ("a", "true"), ("a=", ""),
    ("%61=b=c", "b=c"), ("&&a=b&", "b"), ("a=é", "é"),
  ])
  func decoding(text: String, value: String) throws {
    var parameters = try RequestParameters(queryString: text)
    #expect(parameters.take("a") == value)
    #expect(parameters.leftOver == nil)
  }

  @Test("What is not percent-encoded UTF-8 is refused", arguments: ["a=%", "a=%4", "a=%4g", "a=%G4", "a=%C3", "%FF=a", "a=%C3%28"])
  func notEncoded(text: String) {
    #expect(throws: APIError.self) { try RequestParameters(queryString: text) }
  }

  @Test("Bytes come back from base64url, other texts do not decode")
  func base64() {
    #expect(Base64URL.encode([]) == "")
    #expect(Base64URL.encode([0xFB, 0xFF]) == "-_8")
    for text in ["-_9", "A", "AAAAA", "AA=", "A A", "é"] { #expect(Base64URL.decode(text) == nil) }
    var random = SplitMix64(seed: 7)
    for length in 0..<100 {
      let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
      #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
    }
  }
}
