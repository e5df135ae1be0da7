public import Base

/// Decides which occurrences of a word count where its posting lists cannot tell: from the document's text.
///
/// Lists then hold candidates. Documents and frequencies of the lists are upper bounds; positions that the filter keeps
/// are what matches, is counted and is scored.
public protocol OccurrenceFilter: Sendable {
  /// Keeps, of `positions[start...]`, which ascend and are occurrences in `document`, those that count.
  ///
  /// - Parameter layout: The values of the document; sentences may be missing.
  /// - Throws: `.corruptDocument` where the text cannot be read.
  func keep(
    _ document: DocID, _ layout: DocumentLayout, in positions: inout [UInt32], from start: Int
  ) throws(ExecutionError)
}
