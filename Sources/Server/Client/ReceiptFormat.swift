/// A receipt for people: a block of lines, to be read, printed and signed.
public enum ReceiptFormat {
  /// Files and forms named in the block; the object names more.
  private static let namedMax = 8

  public static func text(_ receipt: WireReceipt) -> String {
    let searched = receipt.searched
    var rows = [
      ("receipt", "\(receipt.time), snapshot \(receipt.snapshot)"),
      ("query", receipt.query),
      ("read as", receipt.parsed),
      ("found", total(receipt)),
      ("searched", "\(count(searched.documents, "document")) of \(count(searched.words, "word")) (all there are)"),
    ]
    if searched.deletedDocuments > 0 {
      rows.append(("", "not counting \(count(searched.deletedDocuments, "document")) replaced or removed"))
    }
    if searched.files.total > 0 {
      rows.append(
        ("", "\(searched.files.documents) of them from \(searched.files.indexed) of \(searched.files.total) watched files"))
    }
    rows += notSearched(receipt.notSearched)
    rows += receipt.expansions.enumerated().map { ($0 == 0 ? "words" : "", expansion($1)) }
    let budget = receipt.budget
    rows.append(
      ("budget", "\(budget.reached ? "reached" : "not reached"): \(budget.positionsVisited) of \(budget.positionsMax) positions"))
    if let digest = receipt.digest { rows.append(("digest", digest)) }
    return rows.map { "  " + TextWidth.padded($0.0, to: 12) + "  " + ConcordanceLine.flat($0.1) + "\n" }.joined()
  }

  private static func total(_ receipt: WireReceipt) -> String {
    var parts = [receipt.total.documents == 0 ? "no document" : count(receipt.total.documents, "document")]
    if let hits = receipt.total.hits { parts.append((receipt.budget.reached ? "at least " : "") + count(hits, "hit")) }
    if let stories = receipt.total.stories { parts.append(count(stories, "story", "stories")) }
    return parts.joined(separator: ", ")
  }

  private static func notSearched(_ account: WireReceipt.NotSearched) -> [(String, String)] {
    var lines: [String] = []
    if let waiting = account.waitingFiles, waiting > 0 { lines.append("\(count(waiting, "file")) waiting to be read") }
    if let waiting = account.waitingChanges, waiting > 0 { lines.append("\(count(waiting, "change")) waiting to be stored") }
    if account.refusedDocuments > 0 { lines.append("\(count(account.refusedDocuments, "document")) of files refused") }
    lines += account.reasons.map { "\(count($0.files, "file")): \(name($0.state, $0.reason))" }
    for file in account.named.prefix(namedMax) { lines.append("  \(file.path): \(name(file.state, file.reason))") }
    let unnamed = account.files - min(account.named.count, namedMax)
    if unnamed > 0 { lines.append("  and \(count(unnamed, "file")) more") }
    if lines.isEmpty { lines = ["nothing was left out"] }
    return lines.enumerated().map { ($0 == 0 ? "not searched" : "", $1) }
  }

  private static func name(_ state: String, _ reason: String?) -> String {
    let state = state == "indexed" ? "indexed in part" : state
    return reason.map { "\(state), \($0)" } ?? state
  }

  private static func expansion(_ expansion: WireReceipt.Expansion) -> String {
    guard expansion.forms > 0 else { return "\(expansion.term): in no document" }
    let named = expansion.named.prefix(namedMax).joined(separator: ", ")
    let more = expansion.forms > min(expansion.named.count, namedMax) ? ", …" : ""
    return "\(expansion.term) (\(expansion.kind)): \(count(expansion.forms, "form")): \(named)\(more)"
  }

  private static func count(_ number: Int, _ one: String, _ many: String? = nil) -> String {
    "\(number) \(number == 1 ? one : many ?? one + "s")"
  }
}
