/// libFuzzer's way into `EvaluatorFuzz`: a finding ends the program.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzEvaluator(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  // SAFETY: libFuzzer gives `count` readable bytes for the length of the call.
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  do { try EvaluatorFuzz.check(bytes) } catch { fatalError("\(error)") }
  return 0
}
