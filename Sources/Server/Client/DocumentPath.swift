/// Where a document lies under the API.
public enum DocumentPath {
  /// `/v1/documents/ID` with every byte of the id encoded that is no unreserved character (RFC 3986).
  public static func of(_ id: String) -> String { "/v1/documents/" + encoded(id) }

  /// The same, or where its text with the words of a query marked is.
  public static func of(_ id: String, highlighting query: String?) -> String {
    of(id) + (query.map { "?highlight=" + encoded($0) } ?? "")
  }

  private static func encoded(_ text: String) -> String {
    var path = ""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        path.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        path += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
      }
    }
    return path
  }
}
