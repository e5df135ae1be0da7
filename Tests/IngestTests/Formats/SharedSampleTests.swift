import Foundation
import Index
@testable import Ingest
import TestSupport
import Testing

/// The samples of other projects (Tika, warcio, IDPF): each is read right, or told with the reason.
@Suite("Samples of every format", .enabled(if: Environment.sharedFolder != nil, "KWIC_SHARED is not set"))
struct SharedSampleTests {
  private func answers(_ name: String) throws -> Answers { try Answers(file: "\(Environment.sharedFolder ?? "")/data/formats/\(name)") }

  @Test("Tables")
  func tables() throws {
    let first = try answers("csv/wikinews_2019.csv")
    let second = try answers("csv/wikinews_2020.csv")
    #expect((first.documents.count, first.problems.count) == (171, 0))
    #expect((second.documents.count, second.problems.count) == (124, 0))
    let document = try #require(first.documents.first)
    #expect(document.id.hasSuffix("wikinews_2019.csv#1"))
    #expect(document.title == "Magnitogorsk apartment building collapses after explosion, dozens dead")
    #expect(document.date == "2019-01-04")
    #expect(document.body.hasPrefix("Friday, January 4, 2019"))
    #expect(document.extra("url")?.hasSuffix("explosion,_dozens_dead") ?? false)
    #expect((first.documents + second.documents).allSatisfy { $0.title != nil && $0.date != nil && !$0.body.isEmpty })
  }

  @Test("Mails", arguments: [
    ("complex.mbox", 3, "Re: question about when shuffle/sort start working", "2009-06-01T09:56:31+05:30", "When a Mapper completes"),
    ("headers.mbox", 1, "subject", "2009-06-09T23:58:45-04:00", "Test content"),
    ("multiline.mbox", 1, nil, "2009-06-01T10:00:00Z", "Test content"),
    ("quoted.mbox", 1, nil, "2009-06-01T10:00:00Z", "Test content\n> quoted stuff"),
    ("simple.mbox", 2, nil, "2009-06-01T10:00:00Z", "Test content 1"),
    ("single_mail.mbox", 1, nil, "2009-06-01T04:28:28Z", "EntÃ£o talvez resolva fazendo uma imagem"),
    ("testMBOX_complex.mbox", 1, "xxxxxxx", "2015-07-20T00:01:07-07:00", "Dear Some Person,"),
    ("testMBOX_lengthy_x-headers.mbox", 1, "RE: Var simulation", "2002-01-30T15:07:01-08:00", "the quick brown fox jumped over the lazy dog"),
    ("testRFC822", 1, "[jira] Commented: (TIKA-461) RFC822 messages not parsed", "2010-09-06T05:25:34-04:00", "\n    [ https://issues"),
  ] as [(String, Int, String?, String, String)])
  func mails(name: String, count: Int, title: String?, date: String, body: String) throws {
    let answers = try answers("mbox/\(name)")
    #expect((answers.documents.count, answers.problems.count) == (count, 0))
    let mail = try #require(answers.documents.first)
    #expect((mail.title, mail.date) == (title, date))
    #expect(mail.body.hasPrefix(body))
  }

  @Test("Web archives", arguments: [
    ("example-bad-non-chunked.warc.gz", 1, []), ("example-digest.warc", 0, ["empty-file"]), ("example-iana.org-chunked.warc", 1, []),
    ("example-resource.warc.gz", 1, []), ("example-space-in-target-uri.warc.gz", 0, ["no-document"]),
    ("example-trunc.warc", 0, ["damaged-entry"]), ("example-wget-bad-target-uri.warc.gz", 3, []), ("example-wrong-chunks.warc.gz", 1, []),
    ("example.warc", 1, []), ("example.warc.gz", 1, []), ("post-test.warc.gz", 3, []), ("tika-cc.warc.gz", 1, []),
    ("tika-testWARC_multiple.warc", 1, ["no-document"]), ("tika-testWARC_multiple.warc.gz", 1, ["no-document"]),
  ] as [(String, Int, [String])])
  func webArchives(name: String, count: Int, problems: [String]) throws {
    let answers = try answers("warc/\(name)")
    #expect(answers.documents.count == count)
    #expect(answers.problems.map(\.code.rawValue) == problems)
    for document in answers.documents {
      #expect(document.id.hasPrefix("urn:uuid:"))
      #expect(document.date != nil && document.extra("url") != nil && !document.body.isEmpty)
    }
    if let page = answers.documents.first, name.hasPrefix("example"), !name.contains("iana") {
      #expect(page.title == "Example Domain")
      #expect(page.body.hasPrefix("This domain is established to be used for illustrative examples"))
    }
  }

  @Test("Books", arguments: [
    ("childrens-literature.epub", "Children's Literature", "en", "2008-05-20", 1, "SECTION IV FAIRY STORIES—MODERN FANTASTIC TALES"),
    ("kusamakura-japanese-vertical-writing.epub", "草枕", "ja-jp", nil, 15, "智に働けば角が立つ"),
    ("moby-dick.epub", "Moby-Dick", "en-US", nil, 141, "Call me Ishmael."),
    ("regime-anticancer-arabic.epub", "Le Vrai Régime anti-cancer", "ar", "2012", 1, "ما هو السرطان؟"),
    ("testEPUB.epub", "An ePub for Tika", "en", "2009-10-07", 3, "This is the text for chapter One"),
    ("testEPUB_xml_ext.epub", "1984", "en", "1949", 2, "It was a bright cold day in April"),
    ("wasteland.epub", "The Waste Land", "en-US", "2011-09-01", 1, "April is the cruellest month"),
  ] as [(String, String, String, String?, Int, String)])
  func books(name: String, title: String, language: String, date: String?, chapters: Int, words: String) throws {
    let answers = try answers("epub/\(name)")
    #expect(answers.problems.isEmpty)
    let book = try #require(answers.documents.first)
    #expect((book.title, book.extra("lang"), book.date) == (title, language, date))
    #expect(book.values("body").count == chapters)
    #expect(book.body.contains(words))
  }

  @Test("PDF", .enabled(if: ExternalProgram.pdfToText.path() != nil, "poppler-utils is not installed"))
  func portableDocuments() throws {
    let page = try #require(try answers("pdf/testPDF.pdf").documents.first)
    #expect((page.title, page.date) == ("Apache Tika - Apache Tika", "2007-09-15T11:02:31+02"))
    #expect(page.body.contains("Apache Tika is a toolkit for detecting and extracting metadata"))
    let various = try #require(try answers("pdf/testPDFVarious.pdf").documents.first)
    #expect((various.title, various.date) == (nil, "2011-09-02T05:24:25Z"))
    #expect(various.body.hasPrefix("This is the header text."))
  }
}
