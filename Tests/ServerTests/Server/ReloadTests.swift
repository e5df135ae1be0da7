import Foundation
import Glibc
@testable import Server
import TestSupport
import Testing

/// What the daemon says to a service manager, and takes from a configuration while it runs.
@Suite("Reloading", .serialized)
struct ReloadTests {
  @Test("Folders that are named later are watched at once; everything else is told and waits")
  func reload() async throws {
    try await DaemonFixture.run { configuration, folder in
      for name in ["one", "two"] {
        try FileManager.default.createDirectory(atPath: folder.path(name), withIntermediateDirectories: false)
        try folder.write(Array("storm in \(name)".utf8), to: "\(name)/a.txt")
      }
      configuration.watch = [folder.path("one")]
    } _: { fixture in
      await fixture.daemon.waitForImport()
      let (one, two) = (fixture.folder.path("one/a.txt"), fixture.folder.path("two/a.txt"))
      let before = try await fixture.ids("storm")
      #expect(before == [one])
      var next = fixture.daemon.configuration
      next.watch = [fixture.folder.path("two")]
      next.k1 = 2
      await fixture.daemon.reload(next)
      await fixture.daemon.waitForImport()
      // What is not watched any more stays.
      #expect(try await fixture.ids("storm") == [one, two])
      next.exclude = ["*.txt"]
      await fixture.daemon.reload(next)
      await fixture.daemon.waitForImport()
      #expect(try await fixture.ids("storm") == [one])
    }
  }

  @Test("Changes are told by key, with what comes of them")
  func changes() throws {
    let old = Configuration()
    var new = old
    #expect(old.changes(to: new) == [])
    new.exclude = ["drafts/"]
    new.textFields = ["body"]
    new.socket = "/elsewhere"
    let changes = old.changes(to: new)
    #expect(changes.map(\.key) == [.socket, .exclude, .textFields])
    #expect(changes[0].effect == .restart)
    #expect(changes[1] == ConfigurationChange(key: .exclude, old: "", new: "drafts/", effect: .now))
    guard case .reindex = changes[2].effect else {
      Issue.record("text fields ask for another reading")
      return
    }
    #expect(old.readerVersion != new.readerVersion)
  }

  @Test("A service manager is told by a datagram; without one nothing is sent")
  func readiness() async throws {
    let folder = try TemporaryDirectory("kwic-notify")
    let path = folder.path("notify.sock")
    #expect(!ServiceManager.tell(.ready, socket: nil))
    #expect(!ServiceManager.tell(.ready, socket: path))
    #expect(!ServiceManager.tell(.ready, socket: "relative"))
    let listener = try DatagramListener(path: path)
    #expect(ServiceManager.tell(.ready, socket: path))
    #expect(listener.receive() == "READY=1\n")
    #expect(ServiceManager.tell(.stopping, socket: path))
    #expect(listener.receive() == "STOPPING=1\n")
    #expect(ServiceManager.tell(.reloading, socket: path))
    #expect(listener.receive().hasPrefix("RELOADING=1\nMONOTONIC_USEC="))
  }
}

/// A socket as a service manager has it.
private final class DatagramListener {
  private let descriptor: CInt

  init(path: String) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    // SAFETY: the path of a temporary directory is shorter than the field; the address outlives the call.
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: Array(path.utf8)) }
    let result = unsafe withUnsafePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(result == 0)
  }

  deinit { close(descriptor) }

  func receive() -> String {
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = unsafe recv(descriptor, &bytes, bytes.count, 0)  // SAFETY: receives at most the array's size.
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }
}
