/// One search: the query and what is wanted of its answer. The members carry the names of interfaces.md.
public struct SearchRequest: Sendable, Hashable {
  /// How the query text is read.
  public enum Words: String, Sendable, CaseIterable {
    /// The query language.
    case all
    /// Plain text without operators; its words are joined by OR.
    case any
  }

  /// What is counted exactly over all documents that match.
  public enum Total: String, Sendable, CaseIterable {
    case documents
    /// Documents and hits.
    case hits
    /// Neither, which lets ranking skip whatever cannot be among the documents shown.
    case none
  }

  /// The order of the documents, or of the hits.
  public enum Order: String, Sendable, CaseIterable {
    /// Best first.
    case score
    /// Oldest first, those without a date last; equals by score.
    case date
    /// Newest first, those without a date last; equals by score.
    case newest = "-date"
    /// Hits by the words before them, nearest first, all documents together.
    case left
    /// Hits by the words after them, nearest first, all documents together.
    case right

    /// What is put in order, skipped and limited is the hit, not the document.
    public var isByContext: Bool { self == .left || self == .right }
  }

  /// How much text is shown on either side of a hit.
  public enum Context: Sendable, Hashable {
    /// So many words, fewer where the field's value begins or ends.
    case words(Int)
    /// The sentences in which the hit begins and ends, whole.
    case sentence
  }

  /// Whether each document shown says why it matches and what its score is made of.
  public enum Explaining: String, Sendable, CaseIterable {
    case none = "false"
    /// As an object (`ResultExplanation.tree`).
    case tree = "true"
    /// As lines for a terminal.
    case text
  }

  public var query: String
  public var words = Words.all
  /// Documents shown; of an order by context, hits shown. 0 for all.
  public var limit = 10
  /// Documents (hits) skipped before the first shown.
  public var offset = 0
  /// Hits shown of each document shown. Has no meaning for an order by context.
  public var hitsPerDocument = 3
  /// All hits are shown of each document shown.
  public var showsAllHits = false
  public var total = Total.documents
  public var order = Order.score
  public var context = Context.words(8)
  /// Monotonic time (`TimeSource`) at which the search gives up; nil for never.
  public var deadlineNanoseconds: UInt64?
  /// Only documents whose `date` lies in this range; and-ed to any query.
  public var dates: DateRange?
  /// Only documents with this value of the keyword field `lang`; and-ed to any query.
  public var lang: String?
  /// What all documents that match are counted by.
  public var group: Grouping?
  /// Of near-duplicates only the best is shown, with the number of them. Has no meaning for an order by context.
  public var collapses = false
  /// The answer says what was searched and what was not; documents are counted then.
  public var givesReceipt = false
  /// Unquoted words mean their exact form too: for measurements beside engines without stems.
  public var exactForms = false
  /// Has no meaning for an order by context.
  public var explaining = Explaining.none

  public init(query: String) { self.query = query }
}
