internal import Index
internal import Ingest
internal import NIOCore
internal import NIOHTTP1

/// `POST /v1/documents`: documents stream in, an answer for each line streams out.
///
/// ```
/// {"line":1,"id":"a","result":"stored"}
/// {"line":2,"result":"refused","code":"malformed-json","message":"…","column":17}
/// {"lines":2,"stored":1,"replaced":0,"refused":1,"failed":0,"snapshot":7}
/// ```
/// An answer comes when its document is durable and searchable. The last line is the sum; an answer without it was cut
/// off. One task reads and parses while another waits for commits and writes, so a client may send all before it reads
/// anything, as long as there is room for the answers (`AnswerBudget`). What is read has its place in the
/// `DocumentBudget` first, until it is committed.
struct DocumentUpload {
  /// What became of the lines, for the last line of the answer.
  private struct Sum {
    var stored = 0
    var replaced = 0
    var refused = 0
    var failed = 0
    var lines: Int { stored + replaced + refused + failed }
  }

  /// The lines of one piece of the body, in order, on their way through the writer.
  private struct Batch: Sendable {
    enum Line: Sendable {
      case document(line: Int, id: String)
      indirect case refused(LineProblem)
    }

    var lines: [Line] = []
    var operations: [IndexOperation] = []
    /// What the documents take in memory.
    var byteCount = 0
    /// What is kept for their answers.
    var answerBytes = 0

    mutating func append(_ item: JSONLinesReader.Item) {
      switch item {
      case .document(let document, let line, _):
        lines.append(.document(line: line, id: document.id))
        byteCount += document.memoryBytes
        answerBytes += Self.answerBytes + document.id.utf8.count
        operations.append(.put(document))
      case .refused(let problem):
        lines.append(.refused(problem))
        answerBytes += Self.answerBytes + 200 + problem.message.utf8.count
      }
    }

    /// A line, its outcome and their places in arrays.
    private static let answerBytes = 88
  }

  /// A batch in the writer's hands.
  private struct Sent: Sendable {
    let lines: [Batch.Line]
    let outcomes: Result<WriterQueue.Outcomes, APIError>
    /// Kept when the answers have been written.
    let written: EventLoopPromise<Void>
  }

  let service: Service
  let writer: Connection.Writer
  /// Ends the connection, when it keeps all others waiting.
  let giveUp: @Sendable () -> Void

  /// Takes one upload from its first byte to its last; false when the connection cannot be used again.
  func run(_ head: HTTPRequestHead, _ body: inout RequestBody) async throws -> Bool {
    let closes = !head.isKeepAlive
    let headers = Response.headers(type: .jsonLines, length: nil, closes: closes)
    try await writer.write(.head(HTTPResponseHead(version: .http1_1, status: .ok, headers: headers)))
    let (batches, queue) = AsyncStream.makeStream(of: Sent.self)
    async let sum = writeAnswers(batches)
    do {
      try await read(&body, queue)
      queue.finish()
    } catch {
      // The client is gone. What it sent whole is committed all the same; there is nobody to tell.
      queue.finish()
      _ = try? await sum
      throw error
    }
    try await writer.write(.body(ByteBuffer(bytes: Self.json(try await sum, snapshot: service.generation))))
    try await writer.write(.end(nil))
    return !closes
  }

  // MARK: The reading side

  private func read(_ body: inout RequestBody, _ queue: AsyncStream<Sent>.Continuation) async throws {
    var reader = JSONLinesReader(parser: service.parser)
    let share = service.documents.share(giveUp: giveUp)
    defer { share.end() }
    var unread = UnreadAnswers(budget: service.answers)
    while true {
      let piece = try await body.next()
      if let piece {
        await share.take(piece.readableBytes)
        reader.append(piece.readableBytesView)
      } else {
        reader.finish()
      }
      var batch = Batch()
      while let item = reader.next() { batch.append(item) }
      share.handOver(batch.byteCount, leaving: reader.heldBytes)
      if !batch.lines.isEmpty {
        let written = service.promises.makePromise(of: Void.self)
        unread.append(written.futureResult, bytes: batch.answerBytes)
        await send(&batch, written, queue)
      }
      if piece == nil { return }
      try await unread.waitForRoom(timeout: service.idleTimeout, giveUp: giveUp)
    }
  }

  /// Hands a batch to the writer, waiting while its queue is full.
  private func send(
    _ batch: inout Batch, _ written: EventLoopPromise<Void>, _ queue: AsyncStream<Sent>.Continuation
  ) async {
    let outcomes: Result<WriterQueue.Outcomes, APIError>
    let bytes = batch.byteCount
    let operations = batch.operations
    batch.operations = []
    do throws(APIError) {
      let future = try await service.writer.submit(operations, byteCount: bytes)
      future.whenComplete { [documents = service.documents] _ in documents.give(back: bytes) }
      outcomes = .success(future)
    } catch {
      service.documents.give(back: bytes)
      outcomes = .failure(error)
    }
    queue.yield(Sent(lines: batch.lines, outcomes: outcomes, written: written))
  }

  // MARK: The answering side

  private func writeAnswers(_ batches: AsyncStream<Sent>) async throws -> Sum {
    var sum = Sum()
    var failure: (any Error)?
    for await batch in batches {
      let outcomes: Result<[OperationOutcome], APIError>
      do throws(APIError) {
        outcomes = .success(try await WriterQueue.value(of: batch.outcomes.get()))
      } catch {
        outcomes = .failure(error)
      }
      // After a failed write the batches are still waited for, so that every promise is kept.
      if failure == nil {
        let answers = Self.answers(batch.lines, outcomes, &sum)
        do { try await writer.write(.body(ByteBuffer(bytes: answers))) } catch { failure = error }
      }
      batch.written.succeed()
    }
    if let failure { throw failure }
    return sum
  }

  private static func answers(
    _ lines: [Batch.Line], _ outcomes: Result<[OperationOutcome], APIError>, _ sum: inout Sum
  ) -> [UInt8] {
    var answers: [UInt8] = []
    var next = 0
    for line in lines {
      let answer: LineAnswer
      switch line {
      case .refused(let problem): answer = .refused(problem)
      case .document(let number, let id):
        switch outcomes {
        case .success(let all):
          answer = LineAnswer(all[next], line: number, id: id)
          next += 1
        case .failure(let error): answer = .failed(error, line: number, id: id)
        }
      }
      switch answer {
      case .stored: sum.stored += 1
      case .replaced: sum.replaced += 1
      case .refused: sum.refused += 1
      case .failed: sum.failed += 1
      }
      answer.append(to: &answers)
    }
    return answers
  }

  private static func json(_ sum: Sum, snapshot: UInt64) -> [UInt8] {
    UploadSum(
      lines: sum.lines, stored: sum.stored, replaced: sum.replaced, refused: sum.refused, failed: sum.failed,
      snapshot: snapshot
    ).json()
  }
}
