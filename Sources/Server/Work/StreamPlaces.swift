internal import Synchronization

/// How many answers may be sent piece by piece at one time: each holds a snapshot for as long as its client reads.
///
/// Thread-safe.
final class StreamPlaces: Sendable {
  static let most = 16
  private let taken = Mutex(0)

  var count: Int { taken.withLock { $0 } }

  /// A place, which is free again when the last reference to it goes; nil where all are taken.
  func take() -> StreamPlace? {
    let isFree = taken.withLock { taken in
      guard taken < Self.most else { return false }
      taken += 1
      return true
    }
    return isFree ? StreamPlace(self) : nil
  }

  fileprivate func leave() { taken.withLock { $0 -= 1 } }
}

/// A taken place.
final class StreamPlace: Sendable {
  private let places: StreamPlaces

  fileprivate init(_ places: StreamPlaces) { self.places = places }

  deinit { places.leave() }
}
