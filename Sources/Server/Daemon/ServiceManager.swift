internal import Glibc

/// Tells a service manager how the daemon is: systemd's protocol of one datagram to the socket it names.
public enum ServiceManager {
  public enum State: String, Sendable {
    case ready = "READY=1\n"
    case reloading = "RELOADING=1\n"
    case stopping = "STOPPING=1\n"
  }

  /// Sends a state; nothing happens where no manager asked for it (`NOTIFY_SOCKET`) or none listens.
  ///
  /// Returns whether it was sent.
  @discardableResult
  public static func tell(_ state: State, socket: String?) -> Bool {
    guard let socket else { return false }
    var message = state.rawValue
    if state == .reloading {
      // The manager waits for a READY that is younger than this.
      var time = timespec()
      unsafe clock_gettime(CLOCK_MONOTONIC, &time)  // SAFETY: writes one timespec that outlives the call.
      message += "MONOTONIC_USEC=\(Int(time.tv_sec) * 1_000_000 + Int(time.tv_nsec) / 1_000)\n"
    }
    return send([UInt8](message.utf8), to: socket)
  }

  private static func send(_ message: [UInt8], to path: String) -> Bool {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var bytes = [UInt8](path.utf8)
    let isAbstract = bytes.first == UInt8(ascii: "@")
    guard isAbstract || bytes.first == UInt8(ascii: "/"), bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
      return false
    }
    // A name of the abstract kind begins with a zero byte and has no end mark.
    if isAbstract { bytes[0] = 0 }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }  // SAFETY: checked above.
    let length = MemoryLayout<sa_family_t>.size + bytes.count + (isAbstract ? 0 : 1)
    let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    // SAFETY: message and address outlive the call, which reads their given lengths.
    return unsafe withUnsafePointer(to: &address) { address in
      unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        unsafe sendto(
          descriptor, message, message.count, Int32(MSG_NOSIGNAL), address, socklen_t(length)) == message.count
      }
    }
  }
}
