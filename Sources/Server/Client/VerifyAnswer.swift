internal import Foundation

/// What `POST /v1/verify` answers, as far as the client looks into it.
public enum VerifyAnswer {
  private struct Object: Decodable { var sound: Bool }

  /// Whether nothing is damaged; false for what is no such answer.
  public static func isSound(_ body: [UInt8]) -> Bool {
    (try? JSONDecoder().decode(Object.self, from: Data(body)))?.sound ?? false
  }
}
