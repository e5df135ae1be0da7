import Foundation

/// A Swift file taken apart, which is done once for all rules.
struct SwiftFile: Sendable {
  let file: SourceFile
  let text: SwiftText
  let functions: [FunctionSpan]

  var path: String { file.path }
}

/// One text file of the repository.
struct SourceFile: Sendable {
  /// From the top of the repository, with `/` between names.
  let path: String
  let contents: [UInt8]

  var name: String { path.split(separator: "/").last.map(String.init) ?? path }
  var lineCount: Int { contents.count { $0 == UInt8(ascii: "\n") } }
  var isSwift: Bool { path.hasSuffix(".swift") }
  /// Tables that a committed program writes; their length is not a matter of style.
  var isGenerated: Bool { contents.starts(with: "// Generated".utf8) }

  /// The name of the target the file belongs to, by the layout of the repository.
  var target: String {
    let parts = path.split(separator: "/").map(String.init)
    switch parts.first {
    case "bench": return parts.count > 1 && parts[1] == "launch" ? "bench" : "bench-suite"
    case "Sources", "Tests": return parts.count > 2 ? parts[1] : ""
    default: return ""
    }
  }

  /// A target whose code other modules call: not a program, not a test.
  var isLibrary: Bool { path.hasPrefix("Sources/") && target != "kwicd" && target != "kwic" }
}

/// The repository as it lies on the disk, found from the place of this file.
enum SourceTree {
  static let root: String = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  /// Swift and C of all targets.
  static let code: [SourceFile] = files(under: ["Sources", "Tests", "bench"], suffixes: [".swift", ".c", ".h"])
  static let swift: [SwiftFile] = code.filter(\.isSwift).map { file in
    // Generated tables are literals from end to end: nothing in them that a rule is about.
    let text = SwiftText(file.isGenerated ? [] : file.contents)
    return SwiftFile(file: file, text: text, functions: FunctionSpan.all(in: text))
  }
  /// Everything a person reads or a program configures itself from.
  static let texts: [SourceFile] =
    code + files(under: ["Sources", "bench", "config"], suffixes: [".md", ".json", ".py", ".service", ".modulemap"])
    + ["README.md", "Package.swift"].compactMap(file)

  static func entries(of folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)")) ?? []).sorted()
  }

  static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: "\(root)/\(path)") }

  static func file(_ path: String) -> SourceFile? {
    FileManager.default.contents(atPath: "\(root)/\(path)").map { SourceFile(path: path, contents: Array($0)) }
  }

  private static func files(under folders: [String], suffixes: [String]) -> [SourceFile] {
    folders.flatMap { folder -> [SourceFile] in
      let names = FileManager.default.enumerator(atPath: "\(root)/\(folder)")?.compactMap { $0 as? String } ?? []
      return names.sorted().filter { name in suffixes.contains { name.hasSuffix($0) } }
        .compactMap { file("\(folder)/\($0)") }
    }
  }
}
