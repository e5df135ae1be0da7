internal import Index

extension Configuration {
  /// How the daemon opens its index.
  var indexOptions: IndexOptions {
    var options = IndexOptions()
    options.schema = IndexSchema(keywordFields: keywordFields, numberFields: numberFields, dateFields: dateFields)
    return options
  }
}
