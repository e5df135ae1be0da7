/// Why one line or one file did not become a document. The rest of the stream is not affected.
public struct LineProblem: Error, Equatable, Sendable {
  /// Stable names that programs may test for.
  public enum Code: String, CaseIterable, Sendable {
    /// Not JSON, or more than one value on the line.
    case malformedJSON = "malformed-json"
    /// A quote in a table that is never closed.
    case malformedCSV = "malformed-csv"
    /// JSON, but not an object.
    case notAnObject = "not-an-object"
    /// No field `id`, or an empty one.
    case missingID = "missing-id"
    /// An id above `Limits.documentIDBytesMax`.
    case longID = "id-too-long"
    /// An id with a control character in it, which would break every listing of ids.
    case badID = "bad-id"
    /// The id of a document that another file or sender has brought.
    case idTaken = "id-taken"
    /// A field that must be text and is something else.
    case wrongType = "wrong-type"
    /// A field of ours twice in one object: which one is meant cannot be known.
    case duplicateField = "duplicate-field"
    /// A `date` that is not ISO 8601.
    case badDate = "bad-date"
    /// More words than positions can number.
    case tooManyWords = "too-many-words"
    /// More different text fields than the format can number.
    case tooManyFields = "too-many-fields"
    /// Bytes that are not UTF-8. They are refused rather than replaced: what is stored is what was sent.
    case invalidUTF8 = "invalid-utf8"
    /// A line or a file above `Limits.documentBytesMax`.
    case tooLong = "too-long"
    /// A text file with NUL bytes in it.
    case binaryFile = "binary-file"
    /// A file without text.
    case emptyFile = "empty-file"
    /// A file whose bytes are not what its name says.
    case damagedFile = "damaged-file"
    /// A file that could not be opened or read to its end.
    case unreadable
    /// An entry of an archive, a record or an attachment that is not what it should be; the others are read.
    case damagedEntry = "damaged-entry"
    /// Part of a container that by its kind holds no text: an image, an error page.
    case noDocument = "no-document"
    /// A name without a known ending, and content that tells nothing.
    case unknownFormat = "unknown-format"
    /// Encrypted, packed in an unknown way, or an archive inside another.
    case unsupported
    /// The program that reads this format is not installed.
    case noExtractor = "no-extractor"
    /// The program that reads this format has failed or taken too long.
    case extractorFailed = "extractor-failed"

    /// A file of which this is all there is to say is skipped, not failed: there is nothing wrong with it.
    var isSkip: Bool { self == .emptyFile || self == .noDocument || self == .unknownFormat || self == .noExtractor }
  }

  public let code: Code
  /// What is wrong and, where it is not plain, what to do about it. One sentence.
  public let message: String
  /// Line in its stream, from 1; 0 for a file as a whole.
  public var line: Int
  /// Byte in the line (of a plain file: in the file), from 1, where there is one to point at.
  public let column: Int?
  /// Identity of the refused document, where it was read before the problem.
  public var id: String?

  public init(_ code: Code, _ message: String, line: Int = 0, column: Int? = nil, id: String? = nil) {
    self.code = code
    self.message = message
    self.line = line
    self.column = column
    self.id = id
  }
}
