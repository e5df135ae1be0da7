internal import Index

extension SearchReceipt {
  /// Appends the receipt as a JSON object of strings, whole numbers, booleans, arrays and objects: what has one
  /// canonical form (RFC 8785) whoever writes it.
  public func write(to json: inout JSONWriter) {
    json.object { receipt in
      receipt.member("kind", Self.kind)
      receipt.member("time", CalendarDate.text(epochSeconds: epochSeconds))
      receipt.member("query", query)
      receipt.member("parsed", parsed)
      Self.numbers(&receipt, ["snapshot": Int(clamping: snapshot)])
      receipt.key("searched")
      receipt.object {
        Self.numbers(
          &$0, ["documents": documents, "words": Int(clamping: words), "deleted_documents": deletedDocuments])
        $0.key("files")
        $0.object { writeCounts(to: &$0) }
      }
      receipt.key("not_searched")
      receipt.object { writeLedger(to: &$0) }
      receipt.key("expansions")
      receipt.array { list in for expansion in expansions { expansion.write(to: &list) } }
      receipt.key("budget")
      receipt.object {
        Self.numbers(&$0, ["positions_max": positionsMax, "positions_visited": positionsVisited])
        $0.key("reached")
        $0.boolean(isBudgetReached)
      }
      receipt.key("total")
      receipt.object {
        Self.numbers(&$0, ["documents": totalDocuments])
        if let totalHits { Self.numbers(&$0, ["hits": totalHits]) }
        if let totalStories { Self.numbers(&$0, ["stories": totalStories]) }
      }
      if let digest { receipt.member("digest", digest) }
    }
  }

  /// The receipt as one JSON object.
  public func json() -> [UInt8] {
    var json = JSONWriter()
    write(to: &json)
    return json.bytes
  }

  private func writeCounts(to json: inout JSONWriter) {
    let counts = ledger.counts
    Self.numbers(
      &json,
      [
        "total": counts.total, "indexed": counts[.indexed], "documents": counts.documents,
        "words": Int(clamping: counts.words),
      ])
  }

  private func writeLedger(to json: inout JSONWriter) {
    Self.numbers(&json, ["files": ledger.fileCount, "refused_documents": ledger.counts.refused])
    if let waitingFiles { Self.numbers(&json, ["waiting_files": waitingFiles]) }
    if let waitingOperations { Self.numbers(&json, ["waiting_changes": waitingOperations]) }
    json.key("reasons")
    json.array { list in
      for count in ledger.reasons {
        list.object {
          count.reason.write(to: &$0)
          Self.numbers(&$0, ["files": count.files])
        }
      }
    }
    Self.numbers(&json, ["named_files": ledger.files.count])
    json.key("named")
    json.array { list in
      for file in ledger.files {
        list.object {
          $0.member("path", file.path)
          file.reason.write(to: &$0)
          if file.refusedDocuments > 0 { Self.numbers(&$0, ["refused_documents": file.refusedDocuments]) }
        }
      }
    }
  }

  static func numbers(_ json: inout JSONWriter, _ members: KeyValuePairs<StaticString, Int>) {
    for (name, value) in members {
      json.key(name)
      json.integer(value)
    }
  }
}

extension LedgerAccount.Reason {
  fileprivate func write(to json: inout JSONWriter) {
    json.member("state", state)
    if !code.isEmpty { json.member("reason", code) }
  }
}

extension TermExpansion {
  fileprivate func write(to json: inout JSONWriter) {
    json.object {
      $0.member("term", term)
      $0.member("kind", kind.rawValue)
      SearchReceipt.numbers(&$0, ["forms": formCount])
      $0.key("named")
      $0.array { list in for form in forms { list.string(form) } }
    }
  }
}
