/// Which blocks of a page are its text, and which are navigation, teasers and notices around it.
///
/// Where the page says so itself (`article`, `main`), that decides, less lists of links. Else the classifier of
/// Kohlschütter, Fankhauser and Nejdl, "Boilerplate detection using shallow text features" (WSDM 2010), algorithm 2: the
/// number of words and the link density of a block and of its neighbours. Gaps of up to three short blocks inside the
/// text are closed, as in the authors' boilerpipe. A page is never left without text: what finds too little is undone step
/// by step, down to all there is.
enum MainContent {
  /// Words below which a selection is not believed where the page has more.
  private static let wordsMin = 12
  private static let gapBlocksMax = 3

  /// The blocks that are kept, in order.
  static func select(_ blocks: [TextBlock]) -> [TextBlock] {
    let plain = blocks.filter { !$0.isFurniture && !$0.isNamedFurniture }
    let unnamed = blocks.filter { !$0.isFurniture }
    // A name on something that holds nearly all of the page is no name of furniture.
    let candidates = words(plain) * 5 < words(unnamed) || words(plain) < wordsMin ? unnamed : plain
    for zone in [candidates.filter(\.isInArticle), candidates.filter(\.isInMain)] {
      let kept = dropLinkLists(zone)
      if words(kept) >= wordsMin * 2, words(kept) * 4 >= words(candidates) { return kept }
    }
    let classified = classify(candidates)
    if words(classified) >= wordsMin { return classified }
    if words(candidates) >= wordsMin { return candidates }
    return blocks
  }

  private static func words(_ blocks: [TextBlock]) -> Int { blocks.reduce(0) { $0 + $1.wordCount } }

  private static func dropLinkLists(_ blocks: [TextBlock]) -> [TextBlock] {
    blocks.filter { $0.heading > 0 || $0.linkDensity <= 0.5 || $0.wordCount > 25 }
  }

  private static func classify(_ blocks: [TextBlock]) -> [TextBlock] {
    let nothing = TextBlock()
    var isKept = blocks.indices.map { place in
      isContent(
        blocks[place], after: place > 0 ? blocks[place - 1] : nothing,
        before: place + 1 < blocks.count ? blocks[place + 1] : nothing)
    }
    // A heading belongs to what it stands over.
    for place in blocks.indices.dropLast().reversed() where blocks[place].heading > 0 && isKept[place + 1] {
      isKept[place] = true
    }
    var last: Int?
    for place in blocks.indices where isKept[place] {
      if let last, place - last - 1 <= gapBlocksMax {
        for gap in (last + 1)..<place where blocks[gap].linkDensity <= 1.0 / 3 { isKept[gap] = true }
      }
      last = place
    }
    return blocks.indices.filter { isKept[$0] }.map { blocks[$0] }
  }

  /// Algorithm 2 of the paper.
  static func isContent(_ block: TextBlock, after previous: TextBlock, before next: TextBlock) -> Bool {
    guard block.linkDensity <= 0.333333 else { return false }
    if previous.linkDensity <= 0.555556 {
      return block.wordCount > 16 || next.wordCount > 15 || previous.wordCount > 4
    }
    return block.wordCount > 40 || next.wordCount > 17
  }
}
