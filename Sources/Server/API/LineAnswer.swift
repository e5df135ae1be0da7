internal import Index
internal import Ingest
internal import Query

/// The answer to one line of an upload.
enum LineAnswer {
  case stored(line: Int, id: String)
  case replaced(line: Int, id: String)
  /// This line cannot become a document; the others are not affected.
  case refused(LineProblem)
  /// The line was good and the index could not take it: send it again.
  case failed(APIError, line: Int, id: String)

  init(_ outcome: OperationOutcome, line: Int, id: String) {
    switch outcome {
    case .replaced: self = .replaced(line: line, id: id)
    case .refused(let refusal): self = .refused(LineProblem(refusal, line: line, id: id))
    // Only puts are sent here, and a put is stored, replaced or refused.
    case .stored, .deleted, .notFound, .file: self = .stored(line: line, id: id)
    }
  }

  /// Appends the answer as a line of JSON.
  func append(to lines: inout [UInt8]) {
    var json = JSONWriter(after: lines)
    lines = []
    json.object {
      switch self {
      case .stored(let line, let id): Self.write(&$0, line, id, "stored")
      case .replaced(let line, let id): Self.write(&$0, line, id, "replaced")
      case .refused(let problem):
        Self.write(&$0, problem.line, problem.id, "refused")
        $0.member("code", problem.code.rawValue)
        $0.member("message", problem.message)
        if let column = problem.column {
          $0.key("column")
          $0.integer(column)
        }
      case .failed(let error, let line, let id):
        Self.write(&$0, line, id, "failed")
        $0.member("code", error.code)
        $0.member("message", error.message)
        $0.member("remedy", error.remedy)
      }
    }
    lines = json.bytes
    lines.append(0x0A)
  }

  private static func write(_ json: inout JSONWriter, _ line: Int, _ id: String?, _ result: String) {
    json.key("line")
    json.integer(line)
    if let id { json.member("id", id) }
    json.member("result", result)
  }
}

/// The last line of the answer to an upload.
public struct UploadSum: Sendable, Equatable, Codable {
  public var lines: Int
  public var stored: Int
  public var replaced: Int
  public var refused: Int
  public var failed: Int
  /// The snapshot in which all of it can be found.
  public var snapshot: UInt64

  func json() -> [UInt8] {
    var json = JSONWriter()
    json.object {
      let members: KeyValuePairs<StaticString, Int> = [
        "lines": lines, "stored": stored, "replaced": replaced, "refused": refused, "failed": failed,
      ]
      for (name, value) in members {
        $0.key(name)
        $0.integer(value)
      }
      $0.key("snapshot")
      $0.integer(snapshot)
    }
    return json.bytes + [0x0A]
  }
}
