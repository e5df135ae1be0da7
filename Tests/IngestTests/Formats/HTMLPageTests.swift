import Index
@testable import Ingest
import TestSupport
import Testing

@Suite("HTML pages")
struct HTMLPageTests {
  /// A news page with the usual things around its article, and no element that says where it is.
  static let cluttered = """
    <!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>Ceasefire holds in Raqqa &ndash; The Daily Example</title>
    <meta property="article:published_time" content="2017-10-24T08:15:00+02:00">
    <link rel="canonical" href="https://example.org/world/ceasefire"><meta name="author" content="Jo Doe">
    <style>p{}</style><script>var a="<p>not text</p>";</script></head><body class="has-sidebar">
    <header><a href="/">Home</a><nav><ul><li><a href="/world">World news</a><li><a href="/sport">Sport</a></ul></nav></header>
    <div class="cookie-banner"><p>We use cookies to improve your experience on this site and to show you relevant advertising, as
    described in our policy on privacy.</p></div>
    <div id="content"><h1>Ceasefire holds in Raqqa</h1>
    <p>The ceasefire agreed on Monday held overnight, residents said, the first quiet night in the city since the summer, with
    caf&eacute;s open until ten o&#8217;clock.
    <p>&ldquo;We slept,&rdquo; she said.
    <p>Officials counted fewer than ten violations in the first twelve hours, most of them at the edge of the old
    town.<br><br>Aid convoys are expected on Wednesday, the mayor&#x2019;s office told reporters in a short statement &amp; a call.</div>
    <aside><h2>Related</h2><a href="/1">Ten things to know about the bridge</a></aside>
    <div class="share-bar"><a href="#">Share on Facebook</a></div>
    <footer><p>&copy; 2017 The Daily Example. All rights reserved. Contact us at the address below for corrections and complaints.</p>
    </footer></body></html>
    """

  @Test("The article without what stands around it; title, date, address, language and author from the head")
  func article() throws {
    let answers = Answers(Self.cluttered, .html)
    let document = try #require(answers.documents.first)
    #expect(document.title == "Ceasefire holds in Raqqa")
    #expect(document.date == "2017-10-24T08:15:00+02:00")
    #expect(document.extra("url") == "https://example.org/world/ceasefire")
    #expect(document.extra("lang") == "en-GB")
    #expect(document.extra("author") == "Jo Doe")
    let paragraphs = document.body.split(separator: "\n\n")
    #expect(paragraphs.count == 4)
    #expect(paragraphs.first?.hasPrefix("The ceasefire agreed") ?? false)
    #expect(paragraphs.first?.hasSuffix("cafés open until ten o’clock.") ?? false)
    #expect(paragraphs.dropFirst().first == "“We slept,” she said.")
    #expect(paragraphs.last?.hasSuffix("the mayor’s office told reporters in a short statement & a call.") ?? false)
    for absent in ["cookies", "Home", "Sport", "not text", "bridge", "Facebook", "rights"] { #expect(!document.body.contains(absent)) }
  }

  @Test("Where the page says what its article is, that is kept whole, lists and short lines too")
  func marked() throws {
    let page = """
      <body><div>A teaser of more than sixteen words that would be text by its length alone, were there nothing better on the page.</div>
      <article><h2>Section</h2><ul><li>One<li>Two</ul><p>Short.</p><pre>a\n  b</pre>
      <p>Some more words so that the article is not a mere scrap beside the rest of this page, which is what it takes.</p></article>
      """
    let body = try #require(Answers(page, .html).documents.first).body
    #expect(body.hasPrefix("Section\n\nOne\n\nTwo\n\nShort.\n\na\nb\n\nSome more words"))
    #expect(!body.contains("teaser"))
  }

  @Test("No page that has text is without text", arguments: [
    "<nav><a href=x>Only a link</a></nav>", "<p>Hi", "plain words", "<footer>All there is</footer>",
    "<div class=menu><p>All of it is in something that is called a menu</div>", "<table><tr><td>a<td>b</table>",
    "<html><head><title>T</title><p>In the head</head>",
  ])
  func never(page: String) throws {
    let document = try #require(Answers(page, .html).documents.first, "\(page)")
    #expect(!document.body.isEmpty || document.title == "T")
  }

  @Test("Tag soup: what is not closed, closed twice, or hidden", arguments: [
    ("<p>a<p>b</p></p></div>c", "a|b|c"), ("<b>a</i> b</b>", "a b"), ("a<!-- x --> b<!-- y", "a b"), ("1 < 2 & 3 &gt; 2 &nosuch; &amp", "1 < 2 & 3 > 2 &nosuch; &"),
    ("<div hidden>x</div><div style='display: none'>y</div>z", "z"), ("a<script>if (1 < 2) '</scr'</script>b", "ab"),
    ("<a href=\"&copy=1\">t</a>", "t"), ("&#x80;&#150;&#0;&#xD800;&#99999999;", "€–\u{FFFD}\u{FFFD}\u{FFFD}"), ("&notin; &not;in &ltx", "∉ ¬in <x"),
    ("<td>a</td><td>b</td>", "a\tb"), ("a<br>b<br/><br>c", "a\nb|c"), ("x<style>p{}</style>y", "xy"), ("<ruby>山<rt>やま</rt></ruby>路", "山路"),
  ])
  func soup(page: String, expected: String) {
    let body = String(decoding: HTMLPage([UInt8](page.utf8), extent: .whole).body, as: UTF8.self)
    #expect(body.replacing("\n\n", with: "|") == expected)
  }

  @Test("The encoding: mark, header, meta, XML head, else statistics")
  func encodings() throws {
    func body(_ head: String, _ bytes: [UInt8], declared: String? = nil) -> String {
      let page = HTMLPage([UInt8](head.utf8) + bytes, declared: declared.flatMap { Charset(label: $0) }, extent: .whole)
      return String(decoding: page.body, as: UTF8.self)
    }
    let russian: [UInt8] = [0xEF, 0xF0, 0xE8, 0xE2, 0xE5, 0xF2]  // "привет" in Windows-1251.
    #expect(body("<meta charset=windows-1251><p>", russian) == "привет")
    #expect(body("<meta http-equiv='Content-Type' content='text/html; charset=\"cp1251\"'><p>", russian) == "привет")
    #expect(body("<?xml version='1.0' encoding='windows-1251'?><p>", russian) == "привет")
    #expect(body("<meta charset=koi8-r><p>", russian, declared: "windows-1251") == "привет")
    #expect(body("<p>", russian) == "привет")
    #expect(body("\u{FEFF}<meta charset=koi8-r><p>", Array("é".utf8)) == "é")
    #expect(body("<meta charset=utf-16><p>", Array("é".utf8)) == "é")
  }

  @Test("Dates are made ISO 8601, or left out", arguments: [
    ("2016-10-28", "2016-10-28"), ("20161028", "2016-10-28"), ("2016/1/5", "2016-01-05"), ("October 28, 2016", "2016-10-28"),
    ("28 Oct 2016", "2016-10-28"), ("Fri, 28 Oct 2016 14:05:09 GMT", "2016-10-28T14:05:09Z"), ("D:20161028140509+02'00'", "2016-10-28T14:05:09+02:00"),
    ("10/28/2016", nil), ("yesterday", nil), ("2016-13-01", nil), ("20161350", nil), ("", nil), ("May", nil),
  ] as [(String, String?)])
  func dates(text: String, expected: String?) {
    #expect(DateText.iso(text) == expected)
  }

  @Test("Algorithm 2 of the paper, branch by branch")
  func classifier() {
    func block(_ words: Int, _ linked: Int = 0) -> TextBlock {
      var block = TextBlock()
      (block.wordCount, block.linkedWordCount) = (words, linked)
      return block
    }
    #expect(!MainContent.isContent(block(50, 20), after: block(50), before: block(50)))
    #expect(MainContent.isContent(block(17), after: block(1), before: block(1)))
    #expect(MainContent.isContent(block(3), after: block(1), before: block(16)))
    #expect(MainContent.isContent(block(3), after: block(5), before: block(1)))
    #expect(!MainContent.isContent(block(3), after: block(4), before: block(15)))
    #expect(!MainContent.isContent(block(40), after: block(4, 4), before: block(17)))
    #expect(MainContent.isContent(block(41), after: block(4, 4), before: block(17)))
    #expect(MainContent.isContent(block(3), after: block(4, 4), before: block(18)))
  }

  @Test("A deep page and one of end tags alone take no longer than others")
  func deep() {
    let deep = String(repeating: "<div>", count: 100_000) + "bottom" + String(repeating: "</p>", count: 300_000)
    #expect(Answers(deep, .html).documents.first?.body == "bottom")
  }
}
