/// The words of several buffers as one ascending sequence: for each word the terms that it is in the buffers that have
/// it, in their order.
struct MemoryWords {
  struct Place: BitwiseCopyable {
    private var partNumber: UInt32
    private var termNumber: UInt32
    var part: Int { Int(partNumber) }
    var term: Int { Int(termNumber) }

    init(part: Int, term: UInt32) {
      partNumber = UInt32(part)
      termNumber = term
    }
  }

  private var all: [Place] = []
  /// Where the places of each word begin, and the end; empty where there is one buffer, and so one place a word.
  private var starts: [Int] = []

  /// Complexity: a comparison a word and buffer.
  init(_ parts: [MemorySource.Part]) {
    all.reserveCapacity(parts.reduce(0) { $0 + $1.order.count })
    if parts.count == 1 {
      for term in parts[0].order { all.append(Place(part: 0, term: term)) }
      return
    }
    var next = [Int](repeating: 0, count: parts.count)
    while true {
      var holders: [Int] = []
      for part in parts.indices where next[part] < parts[part].order.count {
        guard let first = holders.first else {
          holders = [part]
          continue
        }
        let order = parts[part].table.compare(
          Int(parts[part].order[next[part]]), with: parts[first].table, Int(parts[first].order[next[first]]))
        if order < 0 { holders = [part] } else if order == 0 { holders.append(part) }
      }
      if holders.isEmpty { break }
      starts.append(all.count)
      for part in holders {
        all.append(Place(part: part, term: parts[part].order[next[part]]))
        next[part] += 1
      }
    }
    starts.append(all.count)
  }

  var count: Int { starts.isEmpty ? all.count : starts.count - 1 }

  func places(_ word: Int) -> ArraySlice<Place> {
    starts.isEmpty ? all[word..<word + 1] : all[starts[word]..<starts[word + 1]]
  }

  func key(_ word: Int, _ parts: [MemorySource.Part]) -> [UInt8] {
    let place = first(word)
    return parts[place.part].table.key(place.term)
  }

  /// The number of a word; nil where there is none. Complexity: log2(count).
  func find(_ form: [UInt8], _ parts: [MemorySource.Part]) -> Int? {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      let place = first(middle)
      if parts[place.part].table.precedes(place.term, form) { low = middle + 1 } else { high = middle }
    }
    guard low < count, parts[first(low).part].table.equals(first(low).term, form) else { return nil }
    return low
  }

  private func first(_ word: Int) -> Place { starts.isEmpty ? all[word] : all[starts[word]] }
}
