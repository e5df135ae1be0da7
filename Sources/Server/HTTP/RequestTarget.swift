/// The two parts of what a request line asks for, both still percent-encoded.
struct RequestTarget {
  let path: String
  /// What follows the first question mark; empty where there is none.
  let queryString: String

  init(_ uri: String) {
    let bytes = uri.utf8
    guard let mark = bytes.firstIndex(of: UInt8(ascii: "?")) else {
      path = uri
      queryString = ""
      return
    }
    path = String(uri[..<mark])
    queryString = String(uri[bytes.index(after: mark)...])
  }
}
