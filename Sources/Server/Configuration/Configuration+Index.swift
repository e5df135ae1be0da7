internal import Index

extension Configuration {
  /// How the daemon opens its index.
  var indexOptions: IndexOptions {
    var options = IndexOptions()
    options.schema = IndexSchema(
      keywordFields: keywordFields, numberFields: numberFields, dateFields: dateFields, keepsFingerprints: true)
    options.phraseLayer = PhraseLayer(words: phraseWords)
    options.ordering = DocumentOrdering(isOn: reorders, bytesMax: memoryCeilingBytes / 4)
    options.phraseLayer.listBytesMax = phraseListBytesMax
    options.bufferBytes = bufferBytes
    options.extentBatchBytes = extentBatchBytes
    options.stemCacheBytes = stemCacheBytes
    options.indexingThreads = indexingThreads
    return options
  }
}
