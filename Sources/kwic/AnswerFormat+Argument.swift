public import ArgumentParser
public import Server

/// Formats are written on the command line as they are called.
extension AnswerFormat: ExpressibleByArgument {}
