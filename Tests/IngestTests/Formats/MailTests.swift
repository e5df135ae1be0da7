import Foundation
import Index
@testable import Ingest
import TestSupport
import Testing

@Suite("Mails and mailboxes")
struct MailTests {
  private static let mail = """
    From: =?iso-8859-1?Q?J=F6rg_M=FCller?= <j@example.org>\r
    To: b@example.org\r
    Subject: =?utf-8?B?R3LDvMOfZSBhdXM=?=\r
     =?utf-8?B?IFrDvHJpY2g=?= and\r
    \tmore\r
    Date: Tue, 24 Oct 2017 10:00:00 +0200 (CEST)\r
    Message-ID: <abc@example.org>\r
    MIME-Version: 1.0\r
    Content-Type: multipart/mixed; boundary="=_x"\r
    \r
    preamble\r
    --=_x\r
    Content-Type: multipart/alternative; boundary=y\r
    \r
    --y\r
    Content-Type: text/plain; charset=iso-8859-15\r
    Content-Transfer-Encoding: quoted-printable\r
    \r
    Der Preis: 5=A4 f=FCr alle, die es =\r
    wissen.\r
    --y\r
    Content-Type: text/html\r
    \r
    <p>other</p>\r
    --y--\r
    --=_x\r
    Content-Type: text/csv; charset=utf-8\r
    Content-Disposition: attachment; filename*=utf-8''%C3%9Cbersicht.csv\r
    Content-Transfer-Encoding: base64\r
    \r
    aWQ7dGV4dApxO1plaWxlCg==\r
    --=_x\r
    Content-Type: image/png; name="a.png"\r
    \r
    x\r
    --=_x\r
    Content-Type: message/rfc822\r
    \r
    Subject: inner\r
    \r
    inner text\r
    --=_x--\r
    """

  @Test("Heads, parts, encodings and attachments of one mail")
  func parts() throws {
    let answers = Answers(Self.mail, .mail)
    #expect(answers.summary == ["abc@example.org", "q", "abc@example.org#3", "no-document"])
    let mail = try #require(answers.documents.first)
    #expect(mail.title == "Grüße aus Zürich and more")
    #expect(mail.date == "2017-10-24T10:00:00+02:00")
    #expect(mail.extra("from") == "Jörg Müller <j@example.org>")
    #expect(mail.body == "Der Preis: 5€ für alle, die es wissen.")
    let table = answers.documents[1]
    #expect((table.title, table.body, table.extra("attached_to")) == ("Übersicht.csv", "Zeile", "abc@example.org"))
    #expect(table.date == mail.date)
    #expect(answers.documents[2].body == "inner text")
    #expect(answers.problems.first?.message.contains("a.png") ?? false)
  }

  @Test("HTML alone is read as text; a plain part that only points to it is not preferred")
  func html() throws {
    let html = "Subject: s\nContent-Type: text/html; charset=windows-1252\n\n<nav>kept</nav><p>One &eacute;<p>Two"
    #expect(Answers(html, .mail).documents.first?.body == "kept\n\nOne é\n\nTwo")
    let both = """
      Content-Type: multipart/alternative; boundary=b

      --b

      See HTML.
      --b
      Content-Type: text/html

      <p>The whole story is told in this part and nowhere else in the message.
      """
    #expect(Answers(both, .mail).documents.first?.body.hasPrefix("The whole story") ?? false)
  }

  @Test("A mailbox: messages by their From lines, >From undone, ids of their own or path and number")
  func mailbox() throws {
    let text = """
      From a@b Mon Jun 01 10:00:00 2009

      one
      From here on it is text, as there is no blank line before.
      >From quoted

      From what I know, this is text too.

      From a@b Mon Jun  1 11:00:00 2009
      Message-ID: <m2@x>
      Date: Thu, 1 Jan 70 00:00:01 EST

      two
      """
    let answers = Answers(text, .mailbox)
    #expect(answers.summary == ["p#1", "m2@x"])
    #expect(answers.documents[0].date == "2009-06-01T10:00:00Z")
    #expect(answers.documents[0].body.hasPrefix("one\nFrom here on"))
    #expect(answers.documents[0].body.contains("\nFrom quoted\n\nFrom what I know"))
    #expect(answers.documents[1].date == "1970-01-01T00:00:01-05:00")
  }

  @Test("Dates of mails", arguments: [
    ("Tue, 9 Jun 2009 23:58:45 -0400", "2009-06-09T23:58:45-04:00"), ("9 Jun 2009 23:58 GMT", "2009-06-09T23:58:00Z"),
    ("Mon Jun 01 10:00:00 2009", "2009-06-01T10:00:00Z"), ("Fri, 1 Jan 99 1:2:3 +0000", "1999-01-01T01:02:03+00:00"),
    ("31 Feb 2009 10:00", nil), ("nonsense", nil), ("", nil), ("1 2 3 4 5", nil),
  ] as [(String, String?)])
  func dates(text: String, expected: String?) {
    #expect(MailDate.iso(text) == expected)
  }

  @Test("Encoded words: joined over blanks, split characters, damage left as it stands", arguments: [
    ("=?utf-8?q?caf=C3?= =?utf-8?q?=A9?=", "café"), ("a =?x?q?b?= c", "a b c"), ("=?utf-8?q?a_b?= c", "a b c"), ("=?utf-8?B?!!?=", ""),
    ("=?broken", "=?broken"), ("1 =? 2 ?= 3", "1 =? 2 ?= 3"), ("=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本"),
  ])
  func words(text: String, expected: String) {
    #expect(EncodedWord.decode([UInt8](text.utf8)) == expected)
  }

  @Test("Base64 and quoted-printable are the inverse of writing them")
  func transfer() throws {
    try Property.check("transfer encodings", seconds: 1) { random in
      let bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      let base64 = [UInt8](Data(bytes).base64EncodedString(options: .lineLength76Characters).utf8)
      try #require(TransferEncoding.decode(base64[...], "BASE64") == bytes)
      let digits = [UInt8]("0123456789ABCDEF".utf8)
      var quoted: [UInt8] = []
      for (place, byte) in bytes.enumerated() {
        quoted += [0x3D, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        if place % 20 == 19 { quoted += [0x3D, 0x0D, 0x0A] }
      }
      try #require(TransferEncoding.decode(quoted[...], "quoted-printable") == bytes)
    }
  }

  @Test("Mails inside mails inside mails end somewhere")
  func deep() {
    let text = String(repeating: "Content-Type: message/rfc822\n\n", count: 5_000) + "Subject: x\n\nend"
    #expect(Answers(text, .mail).problems.contains { $0.code == .unsupported })
    let parts = (0..<40).map { "Content-Type: multipart/mixed; boundary=b\($0)\n\n--b\($0)\n" }.joined()
    #expect(Answers(parts, .mail).summary.count == 1)
  }
}
