/// A receipt as programs read it (`SearchReceipt`). Unknown members are ignored; they count for the digest.
public struct WireReceipt: Decodable, Sendable {
  public struct Files: Decodable, Sendable {
    public var total: Int
    public var indexed: Int
    public var documents: Int
  }

  public struct Searched: Decodable, Sendable {
    public var documents: Int
    public var words: Int
    public var deletedDocuments: Int
    public var files: Files
  }

  public struct Reason: Decodable, Sendable {
    public var state: String
    public var reason: String?
    public var files: Int
  }

  public struct File: Decodable, Sendable {
    public var path: String
    public var state: String
    public var reason: String?
    public var refusedDocuments: Int?
  }

  public struct NotSearched: Decodable, Sendable {
    public var files: Int
    public var refusedDocuments: Int
    public var waitingFiles: Int?
    public var waitingChanges: Int?
    public var reasons: [Reason]
    public var named: [File]
  }

  public struct Expansion: Decodable, Sendable {
    public var term: String
    public var kind: String
    public var forms: Int
    public var named: [String]
  }

  public struct Budget: Decodable, Sendable {
    public var positionsMax: Int
    public var positionsVisited: Int
    public var reached: Bool
  }

  public struct Total: Decodable, Sendable {
    public var documents: Int
    public var hits: Int?
    public var stories: Int?
  }

  public var kind: String
  public var time: String
  public var query: String
  public var parsed: String
  public var snapshot: UInt64
  public var searched: Searched
  public var notSearched: NotSearched
  public var expansions: [Expansion]
  public var budget: Budget
  public var total: Total
  public var digest: String?
}
