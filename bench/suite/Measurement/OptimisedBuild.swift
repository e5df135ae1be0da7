internal import ArgumentParser

/// Figures of unoptimised code are worth nothing (it is some 500 times slower), so the suite does not give any.
enum OptimisedBuild {
  /// Throws in a debug build. A check at run time and not by the compiler, since `swift build` compiles the suite too.
  static func require() throws {
    var isDebug = false
    // The condition of an assertion is evaluated in unoptimised builds only.
    assert({ isDebug = true; return true }())
    if isDebug {
      throw ValidationError("this is a debug build; measure with: swift run bench …  (swift run -c release bench-suite …)")
    }
  }
}
