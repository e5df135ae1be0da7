internal import ArgumentParser
internal import Foundation
internal import Logging
internal import Server

/// `kwicd`: serves one index until it is told to stop.
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Serve an index (what kwicd does without a subcommand).")

  @Option(help: ArgumentHelp("Configuration file (JSON).", valueName: "file"))
  var config: String?

  @Option(help: ArgumentHelp("Directory of the index; made where there is none.", valueName: "dir"))
  var index: String?

  @Option(help: ArgumentHelp("Path of the Unix socket.", valueName: "path"))
  var socket: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Folders whose .txt .md .json .jsonl (and .gz) are followed.", valueName: "dir"))
  var watch: [String] = []

  @Option(help: ArgumentHelp("trace, debug, info, notice, warning or error.", valueName: "level"))
  var logLevel: String?

  func run() async throws {
    Daemon.boundFreedMemory()
    do {
      let environment = ProcessInfo.processInfo.environment
      let configuration = try settings(environment: environment)
      let logger = Logger.kwicd(level: configuration.logLevel)
      let daemon = try await Daemon.start(configuration, logger: logger)
      let manager = environment["NOTIFY_SOCKET"]
      ServiceManager.tell(.ready, socket: manager)
      await TerminationSignal.wait {
        ServiceManager.tell(.reloading, socket: manager)
        do {
          await daemon.reload(try settings(environment: environment))
        } catch {
          logger.error("the configuration cannot be read again; the old one stays", metadata: ["reason": "\(error)"])
        }
        ServiceManager.tell(.ready, socket: manager)
      }
      ServiceManager.tell(.stopping, socket: manager)
      await daemon.stop()
    } catch let error as ConfigurationError {
      try exit(error.description, status: 78)
    } catch let error as DaemonError {
      try exit(error.message, status: error.exitStatus)
    }
  }

  /// Options over environment over file over what is built in.
  private func settings(environment: [String: String]) throws -> Configuration {
    var options = ConfigurationLayer()
    if let index { options.set(.index, [index], source: "--index") }
    if let socket { options.set(.socket, [socket], source: "--socket") }
    if !watch.isEmpty { options.set(.watch, watch, source: "--watch") }
    if let logLevel { options.set(.logLevel, [logLevel], source: "--log-level") }
    var layers = [options, try ConfigurationLayer(environment: environment)]
    if let path = config ?? environment["KWIC_CONFIG"] {
      guard let data = try? Data(contentsOf: URL(fileURLWithPath: path)) else {
        throw ConfigurationError(source: path, message: "cannot be read")
      }
      layers.append(try ConfigurationLayer(file: path, bytes: [UInt8](data)))
    }
    return try Configuration(layers: layers)
  }

  private func exit(_ message: String, status: Int32) throws {
    try? FileHandle.standardError.write(contentsOf: Data("kwicd: \(message)\n".utf8))
    throw ExitCode(status)
  }
}
