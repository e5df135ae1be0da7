import Base
import Foundation
@testable import Ingest
import TestSupport
import Testing

/// The scanner against its grammar, and against Foundation on random texts.
@Suite("JSON scanner")
struct JSONScannerTests {
  static func skip(_ text: [UInt8]) -> Result<Range<Int>, JSONProblem> {
    var scanner = JSONScanner(text)
    do throws(JSONProblem) {
      let range = try scanner.skipValue()
      try scanner.requireEnd()
      return .success(range)
    } catch {
      return .failure(error)
    }
  }

  @Test("Values are taken without the blanks around them", arguments: [
    ("0", 0..<1), (" \"a\\u00e9\\n\" ", 1..<12), ("\t[1, {\"a\": null}]\r\n", 1..<17), ("-0.5e+10", 0..<8),
    ("{}", 0..<2), ("true", 0..<4), ("[[],[[]]]", 0..<9), (#""\ud83d\ude00""#, 0..<14),
  ])
  func values(text: String, range: Range<Int>) throws {
    #expect(try Self.skip(Array(text.utf8)).get() == range)
  }

  @Test("Whatever is not JSON is refused at its first wrong byte", arguments: [
    ("", 0), ("{", 1), ("nul", 3), ("nulL", 3), ("01", 1), ("1.", 2), ("1e", 2), ("-", 1), ("+1", 0), (".5", 0),
    ("[1,]", 3), ("[1 2]", 3), ("{\"a\" 1}", 5), ("{\"a\":1,}", 7), ("{a:1}", 1), ("\"a", 2), ("\"\u{1}\"", 1),
    ("\"\u{0}\"", 1), (#""\x""#, 1), (#""\u12g4""#, 1), (#""\ud800""#, 1), (#""\udc00""#, 1),
    (#""\ud800\u0041""#, 1), ("1 1", 2), ("'a'", 0), ("[1}", 2), ("NaN", 0), (#""\u00"#, 5),
  ])
  func problems(text: String, offset: Int) throws {
    guard case .failure(let problem) = Self.skip(Array(text.utf8)) else {
      Issue.record("\(text) was accepted")
      return
    }
    #expect(problem.offset == offset)
    #expect(!problem.message.isEmpty)
  }

  @Test("Nesting is bounded, so that hostile input cannot exhaust the stack")
  func depth() throws {
    let most = JSONScanner.depthMax - 1
    let accepted = String(repeating: "[", count: most) + String(repeating: "]", count: most)
    #expect(throws: Never.self) { try Self.skip(Array(accepted.utf8)).get() }
    let hostile = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
    #expect(throws: JSONProblem(offset: most, reason: .tooDeep)) { try Self.skip(hostile).get() }
  }

  @Test("Random values mean what Foundation reads")
  func agreesOnValues() throws {
    try Property.check("decoded strings equal Foundation's") { random in
      let text = JSONGenerator.value(&random, depth: 4)
      let bytes = Array(text.utf8)
      #expect(try Self.skip(bytes).get() == 0..<bytes.count)
      let object = try #require(
        try JSONObject(Array("{\"k\": \(text)}".utf8), decoding: [Array("k".utf8)])?.members.first)
      let twin = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
      switch object.value {
      case .string(let string): try #require(String(decoding: string, as: UTF8.self) == twin as? String)
      case .strings(let strings):
        try #require(strings.map { String(decoding: $0, as: UTF8.self) } == (twin as? [String] ?? []))
      case .null: try #require(twin is NSNull)
      case .other: try #require(!(twin is String) && !(twin is NSNull))
      }
    }
  }

  @Test("A comma before a closing bracket is refused, though Foundation takes it (RFC 8259, sections 4 and 5)", arguments: [
    (#"["\/漢",]"#, 9), ("[1 , ]", 5), ("[[],]", 4), (#"{"a":"b",}"#, 9), (#"{"a":[1,]}"#, 8), ("[,]", 1), ("{,}", 1),
  ])
  func trailingComma(text: String, offset: Int) throws {
    let bytes = Array(text.utf8)
    guard case .failure(let problem) = Self.skip(bytes) else {
      Issue.record("\(text) was accepted")
      return
    }
    #expect(problem.offset == offset)
    #expect(!Self.isAcceptedByTwin(bytes))
  }

  /// Foundation's judgement, less its leniency: it takes `[1,]` and `{"a":1,}`, which are not JSON.
  static func isAcceptedByTwin(_ bytes: [UInt8]) -> Bool {
    guard (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil else { return false }
    var isInString = false
    var isEscaped = false
    var isAfterComma = false
    for byte in bytes {
      if isInString {
        isInString = isEscaped || byte != UInt8(ascii: "\"")
        isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
        continue
      }
      if isAfterComma, byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") { return false }
      if byte > 0x20 { isAfterComma = byte == UInt8(ascii: ",") }
      isInString = byte == UInt8(ascii: "\"")
    }
    return true
  }

  @Test("Random damage is found where Foundation finds it")
  func agreesOnDamage() throws {
    try Property.check("accepted exactly when Foundation accepts") { random in
      var bytes = Array(JSONGenerator.value(&random, depth: 3).utf8)
      for _ in 0...random.next(upperBound: UInt64(2)) {
        let place = Int(random.next(upperBound: UInt64(bytes.count)))
        let structure = Array("{}[]\",:\\ue01-.tfn ".utf8)
        switch random.next(upperBound: UInt64(3)) {
        case 0: bytes[place] = structure[Int(random.next(upperBound: UInt64(structure.count)))]
        case 1: bytes.remove(at: place)
        default: bytes.insert(structure[Int(random.next(upperBound: UInt64(structure.count)))], at: place)
        }
        if bytes.isEmpty { bytes = [0x20] }
      }
      // What Foundation decides about halves of surrogate pairs is its own affair; here they are refused.
      guard String(validating: bytes, as: UTF8.self) != nil, !bytes.starts(with: [0xEF]) else { return }
      let result = Self.skip(bytes)
      if case .failure(let problem) = result, problem.reason == .loneSurrogate { return }
      // Nor does it take numbers beyond Double, which are kept verbatim here.
      guard String(decoding: bytes, as: UTF8.self).firstMatch(of: /[eE][+-]?[0-9]{3}/) == nil else { return }
      let isAccepted = (try? result.get()) != nil
      guard isAccepted == Self.isAcceptedByTwin(bytes) else { throw Disagreement(text: String(decoding: bytes, as: UTF8.self)) }
    }
  }
}

/// A text that the scanner and Foundation judge differently.
private struct Disagreement: Error {
  let text: String
}

/// Random JSON texts without blanks around them.
enum JSONGenerator {
  private static let characters = ["a", "é", "😀", "\\n", "\\u00e9", "\\ud83d\\ude00", "\\\\", "\\\"", "\\/", " ", "漢"]

  static func value(_ random: inout SplitMix64, depth: Int) -> String {
    switch random.next(upperBound: UInt64(depth > 0 ? 9 : 5)) {
    case 0: return "null"
    case 1: return random.next(upperBound: UInt64(2)) == 0 ? "true" : "false"
    case 2: return number(&random)
    case 3, 4: return string(&random)
    case 5: return "[" + list(&random) { string(&$0) } + "]"
    case 6: return "[" + list(&random) { value(&$0, depth: depth - 1) } + "]"
    default: return "{" + list(&random) { "\(string(&$0)) : \(value(&$0, depth: depth - 1))" } + "}"
    }
  }

  private static func list(_ random: inout SplitMix64, _ element: (inout SplitMix64) -> String) -> String {
    (0..<Int(random.next(upperBound: UInt64(4)))).map { _ in element(&random) }.joined(separator: ", ")
  }

  private static func string(_ random: inout SplitMix64) -> String {
    let count = Int(random.next(upperBound: UInt64(8)))
    return "\"" + (0..<count).map { _ in characters[Int(random.next(upperBound: UInt64(characters.count)))] }.joined() + "\""
  }

  private static func number(_ random: inout SplitMix64) -> String {
    ["0", "-0", "12", "-3.25", "1e3", "2.5E-2", "9007199254740993"][Int(random.next(upperBound: UInt64(7)))]
  }
}
