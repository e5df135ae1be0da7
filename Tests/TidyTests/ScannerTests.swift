import Testing

/// The scanner that the house rules stand on: a rule that finds nothing must be known to be able to.
@Suite("Scanner of the house rules")
struct ScannerTests {
  @Test("Comments and strings are not code")
  func blanking() {
    let text = SwiftText(
      ##"""
      let a = "print(1)" // print(2)
      /* print(3) /* nested */ print(4) */ let b = #"a "quoted" \(print(5))"#
      let c = "\(call("print(6)")) end"; print(7)
      """##)
    #expect(TidyTests.lines(of: text.code, calling: "print(") == [3])
    #expect(text.comments[0].contains("print(2)"))
    #expect(text.comments[1].contains("print(4)") && !text.comments[1].contains("print(5)"))
  }

  @Test("A call is not the end of a longer name")
  func calls() {
    #expect(TidyTests.lines(of: ["blueprint(1)", "x.print(2)", "print(3)"], calling: "print(") == [3])
    #expect(TidyTests.lines(of: ["let x = y as! Int", "has!"], calling: " as! ") == [1])
  }

  @Test("Functions are found with their bodies")
  func functions() {
    let text = SwiftText(
      """
      protocol P {
        func required(a: Int) -> Int
        var x: Int { get }
      }
      struct S: P {
        @inlinable
        public static func long(
          _ a: Int,
          b: () -> Void = { }
        ) throws(E) -> Int
        where A: B {
          if a { call { } }
          return S.init()
        }
        init() { self.init(1) }
      }
      """)
    #expect(
      FunctionSpan.all(in: text) == [
        FunctionSpan(name: "long", lines: 6...13), FunctionSpan(name: "init", lines: 14...14),
      ])
  }

  @Test("Imports are read in all their spellings")
  func imports() {
    let text = SwiftText(
      """
      // import Nothing
      import Base
      internal import Glibc
      @testable public import struct Index.Segment
      """)
    #expect(ImportTable.imports(of: text).map(\.module) == ["Base", "Glibc", "Index"])
    #expect(ImportTable.allowed(for: "ScoringCore")?.contains("Index") == false)
    #expect(ImportTable.allowed(for: "IndexTests")?.contains("Store") == true)
  }

  private func uses(_ text: SwiftText) -> [UnsafeUse] { UnsafeUse.all(in: text, functions: FunctionSpan.all(in: text)) }

  @Test("Unsafe code wants its sentence")
  func unsafeUses() {
    let bare = SwiftText("func f() {\n  unsafe g()\n}")
    let explained = SwiftText("func f() {\n  // SAFETY: checked above.\n  unsafe g()\n}")
    let far = SwiftText("// SAFETY: of something else\n" + String(repeating: "\n", count: 20) + "let x = unsafe y")
    #expect(uses(bare).map(\.isExplained) == [false])
    #expect(uses(explained).map(\.isExplained) == [true])
    let wholeType = SwiftText("// SAFETY (whole type): it.\n" + String(repeating: "\n", count: 20) + "let x = unsafe y")
    #expect(uses(wholeType).map(\.isExplained) == [true])
    #expect(uses(far).map(\.isExplained) == [false])
    #expect(uses(SwiftText("withUnsafeBytes { $0 }  // unsafe")).isEmpty)
  }
}
