/// The query classes that are measured over the generated corpus: drawn like the checks' queries, with and without
/// the commonest words, since those two behave like different engines.
enum QueryClass {
  /// A word counts as common if it stands in more than this part of the documents.
  static let commonShare = 0.25

  /// Queries of every kind, split by whether they hold a common word; up to `count` of each, classes in a fixed order.
  static func sample(
    from sampler: QuerySampler, count: Int, seed: UInt64
  ) -> [(name: String, queries: [BenchQuery])] {
    let common = Int(Double(sampler.index.documentCount) * commonShare)
    return QuerySampler.kinds.flatMap { kind -> [(name: String, queries: [BenchQuery])] in
      let drawn = sampler.sample(kind, count: count * 4, seed: seed)
      let parts = Dictionary(grouping: drawn) { query in
        query.words.compactMap { sampler.corpus.number(of: Array($0.utf8)) }
          .contains { sampler.index.documentFrequency(ofForm: $0) > common }
      }
      return [(false, "rare"), (true, "common")].compactMap { hasCommon, suffix in
        guard let queries = parts[hasCommon], queries.count >= count / 4 else { return nil }
        return ("\(kind.name), \(suffix) words", Array(queries.prefix(count)))
      }
    }
  }
}
