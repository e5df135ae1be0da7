/// The places that may hold `unsafe` code, each with the reason why safe code does not do there.
///
/// A place is a file, or a folder all of which is about it. Whoever adds one looks first whether `Span` or a value type
/// does the job.
enum UnsafeFiles {
  static let reasons: [String: String] = [
    // Base: what the modules above need so as not to be unsafe themselves.
    "Sources/Base/BackgroundThread.swift": "starts a thread of the C library",
    "Sources/Base/FreedMemory.swift": "functions of the C library that Swift's module of it leaves out",
    "Sources/Base/ByteReader.swift": "loads integers at any alignment after its own length check",
    "Sources/Base/ExtentMap.swift": "turns addresses into pointers into the store's pages",
    "Sources/Base/ExtentWriter.swift": "copies a span into an array in one piece",
    "Sources/Base/PageFaults.swift": "calls the C library's getrusage",
    "Sources/Base/SystemTime.swift": "calls the C library's clock",

    // Store: the one module that talks to LMDB and to the file system.
    "Sources/Store/": "calls of LMDB and of the C library; bytes that belong to a transaction",

    // Analysis: hands text to the kernels that look at many bytes at a time.
    "Sources/Analysis/Words/PlainWords.swift": "a kernel that finds words",
    "Sources/Analysis/Sentences/SentenceSegmenter.swift": "a kernel that finds the ends of sentences",

    // ScoringCore: kernels over raw blocks.
    "Sources/ScoringCore/Codec/": "hands arrays to the C kernels",
    "Sources/ScoringCore/Cursors/": "decodes blocks into scratch memory of a query",
    "Sources/ScoringCore/Execution/": "norms, delete bitmaps and kernels over them",
    "Sources/ScoringCore/Pairs/KeptNearness.swift": "kernels over all pairs of a document",
    "Sources/ScoringCore/Pairs/NearTier.swift": "parses a payload as raw bytes",
    "Sources/ScoringCore/Pairs/NearWords.swift": "a kernel over the common words of a document",
    "Sources/ScoringCore/Positions/LayoutTable.swift": "reads records from a segment's bytes",

    // Index: an arena for words that come in, and pointers into segments that go out.
    "Sources/Index/Dictionary/": "compares keys inside a block without copying them",
    "Sources/Index/Memory/": "an arena: postings of a batch without an allocation a word",
    "Sources/Index/Merge/": "copies between segments",
    "Sources/Index/Pairs/CommonWords.swift": "parses a payload as raw bytes",
    "Sources/Index/Pairs/PairsAhead.swift": "lists that another thread makes meanwhile",
    "Sources/Index/Segment/": "streams of a segment by address",
    "Sources/Index/Snapshot/": "pointers into what the snapshot keeps alive",
    "Sources/Index/Files/": "copies records out of the store's pages",
    "Sources/Index/Guarded.swift": "a value beside its lock",
    "Sources/Index/TableChange.swift": "hands a bitmap's bytes to the store",

    // At the edges: system calls.
    "Sources/Query/JSONPiece.swift": "writes many short pieces into room reserved once",
    "Sources/Query/JSONWriter.swift": "appends raw bytes of a string",
    "Sources/Ingest/Files/": "files and zlib of the C library",
    "Sources/Ingest/Watch/Inotify.swift": "inotify, pipe and poll of the C library",
    "Sources/Server/Client/": "terminal and socket of the C library",
    "Sources/Server/Daemon/": "signals and folders of the C library",
    "Sources/Server/HTTP/UnixSocket.swift": "socket addresses of the C library",
    "bench/launch/main.swift": "replaces the process",
    "bench/suite/Corpus/NormFile.swift": "lines of the C library",
    "bench/suite/Measurement/Console.swift": "writes to file descriptors",
    "bench/suite/Socket/SocketClient.swift": "sockets of the C library",
    "bench/suite/Commands/InstructionsCommand.swift": "calls the C kernels",
    "bench/suite/Micro/KernelBenchmarks.swift": "calls the C kernels",
  ]
}
