internal import Query

/// What `POST /v1/backup` takes.
public enum BackupRequest {
  public static func json(directory: String) -> [UInt8] {
    var json = JSONWriter()
    json.object { $0.member("directory", directory) }
    return json.bytes
  }
}
