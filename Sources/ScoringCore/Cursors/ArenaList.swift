/// A list of trivial values that grows in an arena: what a plan is compiled into. A short one costs no allocation of its own.
struct ArenaList<Element: BitwiseCopyable>: BitwiseCopyable {
  private var room = Slots<Element>.none
  private(set) var count = 0

  /// Room for the first elements.
  private static var firstRoom: Int { 4 }

  /// The elements; valid as long as the arena.
  var slots: Slots<Element> { room.part(from: 0, count: count) }

  subscript(i: Int) -> Element {
    get {
      assert(i < count)
      return room[i]
    }
    nonmutating _modify {
      assert(i < count)
      yield &room[i]
    }
  }

  /// - Parameter arena: The same at every call.
  mutating func append(_ element: Element, _ arena: inout ScratchArena) {
    if count == room.count {
      let grown = arena.unwritten(max(Self.firstRoom, 2 * count), of: Element.self)
      for i in 0..<count { grown[i] = room[i] }
      room = grown
    }
    room[count] = element
    count += 1
  }

  mutating func append(contentsOf elements: some Sequence<Element>, _ arena: inout ScratchArena) {
    for element in elements { append(element, &arena) }
  }
}
