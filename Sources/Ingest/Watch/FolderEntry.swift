public import Index

/// One entry of a folder, as the kernel sees it.
public struct FolderEntry: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    case file, folder, link
    /// A pipe, a device, a socket: never opened.
    case other(String)
  }

  public var name: String
  public var kind: Kind
  public var facts: FileFacts

  public init(name: String, kind: Kind, facts: FileFacts) {
    self.name = name
    self.kind = kind
    self.facts = facts
  }
}
