/// An environment under construction in an index folder; nothing reads it until `IndexDirectory.publish`.
public struct StagedEnvironment: Sendable {
  let name: EnvironmentName
  public let environment: Environment
}
