internal import Crypto
internal import Ingest
internal import Query

/// The digest of a receipt: SHA-256 over the canonical form (`CanonicalJSON`) of the receipt without its digest.
///
/// It shows that a receipt is the one that was given; who gave it a signature over the digest shows.
enum ReceiptDigest {
  static let member = "digest"
  private static let prefix = "sha256:"

  /// The digest that belongs to a receipt, whether it names one or not.
  static func digest(of receipt: [UInt8]) throws(CanonicalJSON.Problem) -> String {
    digest(of: try CanonicalJSON.members(receipt))
  }

  /// Where the receipt stands in an answer; nil where the object has none.
  static func range(in answer: [UInt8]) throws(CanonicalJSON.Problem) -> Range<Int>? {
    guard String(validating: answer, as: UTF8.self) != nil else { throw .notUTF8 }
    let object: JSONObject?
    do throws(JSONProblem) { object = try JSONObject(answer, decoding: []) } catch { throw .malformed(error) }
    let found = (object?.members ?? []).filter { $0.name == Array("receipt".utf8) }
    guard found.count < 2 else { throw .nameTwice("receipt") }
    return found.first?.range
  }

  static func digest(of members: [CanonicalJSON.Member]) -> String {
    let bytes = CanonicalJSON.object(members.filter { $0.name != member })
    let digits = Array("0123456789abcdef".utf8)
    let text = SHA256.hash(data: bytes).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return prefix + String(decoding: text, as: UTF8.self)
  }
}

extension SearchReceipt {
  /// The receipt with its digest.
  mutating func seal() {
    digest = nil
    // The receipt is our own JSON of strings and whole numbers, which always has a canonical form.
    digest = try? ReceiptDigest.digest(of: json())
  }
}
