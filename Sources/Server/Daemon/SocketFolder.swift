internal import Foundation
internal import Glibc

/// The folder of the socket: made if absent, ours alone.
enum SocketFolder {
  /// - Throws: when the folder cannot be made, or belongs to another user, who could put a socket of his own there.
  static func prepare(forSocket path: String, isOpenToGroup: Bool) throws(DaemonError) {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    let rights: Int16 = isOpenToGroup ? 0o750 : 0o700
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: NSNumber(value: rights)])
    } catch {
      throw .system("cannot make the folder of the socket, \(folder): \(error.localizedDescription)")
    }
    var status = stat()
    // SAFETY: the path is copied; stat writes one `stat` that outlives the call.
    guard unsafe stat(folder, &status) == 0, status.st_uid == geteuid() || status.st_uid == 0 else {
      throw .system("the folder of the socket, \(folder), belongs to another user; choose another path")
    }
  }

  /// Where the daemon of an index tells its socket, for those who find the index locked.
  static func noteFile(index: String) -> String { index + "/daemon.socket" }

  static func note(socket: String, index: String) {
    // Only a hint: a full disk must not keep the daemon from starting.
    try? Data(socket.utf8).write(to: URL(fileURLWithPath: noteFile(index: index)))
  }

  static func noted(index: String) -> String? {
    (try? Data(contentsOf: URL(fileURLWithPath: noteFile(index: index)))).flatMap { String(validating: $0, as: UTF8.self) }
  }
}
