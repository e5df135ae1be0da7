internal import Index
internal import Ingest
internal import Logging
internal import NIOCore

/// Reads the watched folders into the index, once.
struct FolderImport {
  /// Documents are handed to the writer in pieces of about this size, so that reading and committing overlap.
  private static let pieceBytes = 4 << 20

  let folders: [String]
  let service: Service
  let logger: Logger

  /// Reads every file of every folder. What is wrong with a line or a file is logged and skipped.
  func run() async {
    service.updateWatched { $0.isDone = false }
    for folder in folders {
      do throws(FolderScan.Problem) {
        for file in try FolderScan.files(under: folder) {
          guard !service.isStopping else { return }
          await read(file)
        }
      } catch {
        service.updateWatched { $0.problems += 1 }
        logger.error("no such folder", metadata: ["folder": "\(folder)"])
      }
    }
    let report = service.updateWatched { report in
      report.isDone = true
      return report
    }
    logger.info(
      "folders read",
      metadata: [
        "files": "\(report.files)", "documents": "\(report.documents)", "problems": "\(report.problems)",
      ])
  }

  private func read(_ file: FolderScan.File) async {
    var source = FileSource(path: file.path, format: file.format, parser: service.parser)
    var piece = Piece()
    while let item = source.next() {
      switch item {
      case .refused(let problem): note(problem, file.path)
      case .document(let document, let line, let byteCount):
        piece.append(document, line, byteCount)
        if piece.byteCount >= Self.pieceBytes {
          await commit(piece, file.path)
          piece = Piece()
        }
      }
      if service.isStopping { return }
    }
    await commit(piece, file.path)
    service.updateWatched { $0.files += 1 }
  }

  /// Documents on their way, with the lines they came from.
  private struct Piece {
    var operations: [IndexOperation] = []
    var origins: [(line: Int, id: String)] = []
    var byteCount = 0

    mutating func append(_ document: Document, _ line: Int, _ byteCount: Int) {
      operations.append(.put(document))
      origins.append((line, document.id))
      self.byteCount += byteCount
    }
  }

  /// Hands a piece to the writer. Many small files must not wait for a commit each, so the outcomes are looked at in a
  /// task of their own; the queue's door bounds how many there are.
  private func commit(_ piece: Piece, _ path: String) async {
    guard !piece.operations.isEmpty else { return }
    do throws(APIError) {
      let outcomes = try await service.writer.submit(piece.operations, byteCount: piece.byteCount)
      let origins = piece.origins
      outcomes.whenSuccess { result in report(result, origins, path) }
    } catch {
      report(.failure(error), piece.origins, path)
    }
  }

  private func report(
    _ result: Result<[OperationOutcome], APIError>, _ origins: [(line: Int, id: String)], _ path: String
  ) {
    switch result {
    case .failure(let error):
      logger.error(
        "documents not stored",
        metadata: ["file": "\(path)", "documents": "\(origins.count)", "reason": "\(error.message)"])
      service.updateWatched { $0.problems += origins.count }
    case .success(let outcomes):
      for (outcome, origin) in zip(outcomes, origins) {
        if case .refused(let refusal) = outcome {
          note(LineProblem(refusal, line: origin.line, id: origin.id), path)
        } else {
          service.updateWatched { $0.documents += 1 }
        }
      }
    }
  }

  private func note(_ problem: LineProblem, _ path: String) {
    service.updateWatched { $0.problems += 1 }
    let place = problem.line > 0 ? "\(path):\(problem.line)" : path
    logger.warning(
      "skipped", metadata: ["at": "\(place)", "code": "\(problem.code.rawValue)", "reason": "\(problem.message)"])
  }
}
