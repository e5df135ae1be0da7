internal import Foundation
internal import Ingest

/// Checks whether a receipt is as it was given: `kwic verify-receipt`.
public struct ReceiptCheck: Sendable {
  public enum Verdict: Sendable, Equatable {
    case intact
    /// The members and the digest do not belong together.
    case altered(computed: String)
    /// There is no receipt, or it has no digest; why.
    case none(String)
  }

  public let verdict: Verdict
  /// The receipt for people; empty where there is none.
  public let text: String

  /// - Parameter json: an answer with a receipt, or the receipt alone.
  public init(_ json: [UInt8]) {
    do {
      let members = try Self.receipt(in: json)
      guard let named = members.first(where: { $0.name == ReceiptDigest.member }) else {
        (verdict, text) = (.none("the receipt has no digest"), "")
        return
      }
      let computed = ReceiptDigest.digest(of: members)
      verdict = named.value == Array("\"\(computed)\"".utf8) ? .intact : .altered(computed: computed)
      let receipt = try? SearchSession.decoder.decode(WireReceipt.self, from: Data(CanonicalJSON.object(members)))
      text = receipt.map { ReceiptFormat.text($0) } ?? ""
    } catch {
      (verdict, text) = (.none(Self.words(error)), "")
    }
  }

  private static func receipt(in json: [UInt8]) throws(CanonicalJSON.Problem) -> [CanonicalJSON.Member] {
    // Scores and other parts of an answer have no canonical form: the receipt is cut out by its range.
    guard let range = try ReceiptDigest.range(in: json) else { return try CanonicalJSON.members(json) }
    return try CanonicalJSON.members(Array(json[range]))
  }

  private static func words(_ problem: CanonicalJSON.Problem) -> String {
    switch problem {
    case .malformed(let problem): "it is not JSON at byte \(problem.offset + 1): \(problem.message)"
    case .notUTF8: "it is not UTF-8"
    case .number: "it holds a number that no receipt has"
    case .nameTwice(let name): "it has the member \(name) twice"
    case .tooDeep: "it has more brackets inside each other than a receipt"
    }
  }
}
