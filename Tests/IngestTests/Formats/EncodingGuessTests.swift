import Foundation
@testable import Ingest
import Testing

@Suite("Guessing encodings")
struct EncodingGuessTests {
  /// Name, text, and the text's bytes in that encoding in base64.
  static let cases: [(String, String, String)] = [
    (
      "windows-1251", "Привет, мир! Это обычный русский текст о погоде и о том, что происходит в городе.",
      "z/Do4uXyLCDs6PAhIN3y7iDu4fv37fvpIPDz8fHq6Okg8uXq8fIg7iDv7uPu5OUg6CDuIPLu7Cwg9/LuIO/w7ujx9e7k6PIg4iDj"
        + "7vDu5OUu"
    ),
    (
      "koi8-r", "Привет, мир! Это обычный русский текст о погоде и о том, что происходит в городе.",
      "8NLJ18XULCDNydIhIPzUzyDPwtneztnKINLV09PLycog1MXL09QgzyDQz8fPxMUgySDPINTPzSwg3tTPINDSz8nTyM/EydQg1yDH"
        + "z9LPxMUu"
    ),
    (
      "iso-8859-5", "Привет, мир! Это обычный русский текст о погоде и о том, что происходит в городе.",
      "v+DY0tXiLCDc2OAhIM3i3iDe0evn3evZIODj4eHa2Nkg4tXa4eIg3iDf3tPe1NUg2CDeIOLe3Cwg5+LeIN/g3tjh5d7U2OIg0iDT"
        + "3uDe1NUu"
    ),
    (
      "ibm866", "Привет, мир! Это обычный русский текст о погоде и о том, что происходит в городе.",
      "j+CooqXiLCCsqOAhIJ3iriCuoevnreupIODj4eGqqKkg4qWq4eIgriCvrqOupKUgqCCuIOKurCwg5+KuIK/grqjh5a6kqOIgoiCj"
        + "ruCupKUu"
    ),
    (
      "windows-1250", "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności; zażółć gęślą jaźń.",
      "V3N6eXNjeSBsdWR6aWUgcm9kerkgc2nqIHdvbG5pIGkgcvN3bmkgcG9kIHd6Z2zqZGVtIHN3ZWogZ29kbm+cY2k7IHphv/Oz5iBn"
        + "6pxsuSBqYZ/xLg=="
    ),
    (
      "iso-8859-2", "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności; zażółć gęślą jaźń.",
      "V3N6eXNjeSBsdWR6aWUgcm9kerEgc2nqIHdvbG5pIGkgcvN3bmkgcG9kIHd6Z2zqZGVtIHN3ZWogZ29kbm+2Y2k7IHphv/Oz5iBn"
        + "6rZssSBqYbzxLg=="
    ),
    (
      "windows-1250", "Všichni lidé rodí se svobodní a sobě rovní; příliš žluťoučký kůň úpěl ďábelské ódy.",
      "VpppY2huaSBsaWTpIHJvZO0gc2Ugc3ZvYm9kbu0gYSBzb2LsIHJvdm7tOyBw+O1saZognmx1nW916Gv9IGv58iD6cOxsIO/hYmVs"
        + "c2vpIPNkeS4="
    ),
    (
      "iso-8859-2", "Všichni lidé rodí se svobodní a sobě rovní; příliš žluťoučký kůň úpěl ďábelské ódy.",
      "VrlpY2huaSBsaWTpIHJvZO0gc2Ugc3ZvYm9kbu0gYSBzb2LsIHJvdm7tOyBw+O1sabkgvmx1u2916Gv9IGv58iD6cOxsIO/hYmVs"
        + "c2vpIPNkeS4="
    ),
    (
      "windows-1252", "Où il gèle, sont sûrs d’être déçus et de voir leurs drôles d’œufs abîmés.",
      "T/kgaWwgZ+hsZSwgc29udCBz+3JzIGSS6nRyZSBk6ed1cyBldCBkZSB2b2lyIGxldXJzIGRy9GxlcyBkkpx1ZnMgYWLubelzLg=="
    ),
    (
      "windows-1252", "Die Bürger von Zürich grüßen schöne Äpfel und größere Häuser.",
      "RGllIEL8cmdlciB2b24gWvxyaWNoIGdy/N9lbiBzY2j2bmUgxHBmZWwgdW5kIGdy9t9lcmUgSOR1c2VyLg=="
    ),
    (
      "windows-1252", "Señor, ¿cómo está usted? El niño comió mañana.",
      "U2Xxb3IsIL9j821vIGVzdOEgdXN0ZWQ/IEVsIG5p8W8gY29tafMgbWHxYW5hLg=="
    ),
    (
      "shift_jis", "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。",
      "greC14LEgsyQbIrUgs2BQZC2gtyC6oLIgqqC54LJgrWCxI6pl1KCxYKgguiBQYKpgsKBQZG4jLWCxoygl5iCxoLJgsKCooLElb2T"
        + "mYLFgqCC6YFC"
    ),
    (
      "euc-jp", "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。",
      "pLmk2aTGpM6/zbTWpM+hosC4pN6k7KTKpKyk6aTLpLekxryrzbOkx6SipOqhoqSrpMShosK6uLekyLiizfikyKTLpMSkpKTGyr/F"
        + "+aTHpKKk66Gj"
    ),
    (
      "iso-2022-jp", "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。",
      "GyRCJDkkWSRGJE4/TTRWJE8hIkA4JF4kbCRKJCwkaSRLJDckRjwrTTMkRyQiJGohIiQrJEQhIkI6ODckSDgiTXgkSCRLJEQkJCRG"
        + "Sj9FeSRHJCIkayEjGyhC"
    ),
    (
      "gb18030", "人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心，并应以兄弟关系的精神相对待。",
      "yMvIy8n6tvjX1NPJo6zU2tfw0c+6zciowPvJz9K7wsnGvbXIoaPL+8PHuLPT0MDt0NS6zcG80MSjrLKi06bS1NDWtdy52M+1tcS+"
        + "q8nxz+C21LT9oaM="
    ),
    (
      "big5", "人人生而自由，在尊嚴和權利上一律平等。他們賦有理性和良心，並應以兄弟關係的精神相對待。",
      "pEikSKXNptOm26XRoUGmYrRMxFmpTcV2p1GkV6RAq9+lrbWloUOlTK3MveGms7J6qcqpTah9pN+hQajDwLOlSKVTp8zD9qtZqrq6"
        + "66+rrNu576vdoUM="
    ),
    (
      "euc-kr", "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.",
      "uPC15yDAzrCjwLogxcK+7rOvILanus7FzSDA2sCvt86/7LjnILHXIMG4vvaw+iCxx7iuv6EgwNa+7iC1v7Xux8+02S4="
    ),
    (
      "windows-1253", "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια.",
      "vOvv6SDv6SDc7ejx+fDv6SDj5e3t6e/97fTh6SDl6+X96OXx7+kg6uHpIN/z7+kg8/Tn7SDh7unv8PHd8OXp4S4="
    ),
    (
      "windows-1254", "Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar.",
      "Qvx0/G4gaW5zYW5sYXIgaPxyLCBoYXlzaXlldCB2ZSBoYWtsYXIgYmFr/W39bmRhbiBl/ml0IGRv8GFybGFyLg=="
    ),
    (
      "windows-1255", "כל בני האדם נולדו בני חורין ושווים בערכם ובזכויותיהם.",
      "6+wg4fDpIOTg4+0g8OXs4+Ug4fDpIOfl+OnvIOX55eXp7SDh8vjr7SDl4ebr5enl+unk7S4="
    ),
    (
      "windows-1256", "يولد جميع الناس أحرارا متساوين في الكرامة والحقوق.",
      "7ebhzyDM4+3aIMfh5MfTIMPN0cfRxyDjytPH5u3kIN3tIMfh39HH48kg5sfhzd7m3i4="
    ),
    (
      "utf-16le", "Without a mark.\nSecond line.",
      "VwBpAHQAaABvAHUAdAAgAGEAIABtAGEAcgBrAC4ACgBTAGUAYwBvAG4AZAAgAGwAaQBuAGUALgA="
    ),
    (
      "utf-16be", "Without a mark.\nSecond line.",
      "AFcAaQB0AGgAbwB1AHQAIABhACAAbQBhAHIAawAuAAoAUwBlAGMAbwBuAGQAIABsAGkAbgBlAC4="
    ),
  ]

  @Test("A sentence is enough to tell an encoding", arguments: cases)
  func guess(name: String, text: String, base64: String) throws {
    let bytes = [UInt8](try #require(Data(base64Encoded: base64)))
    let (decoded, charset) = try TextEncoding.decode(bytes)
    #expect(charset.name == name)
    #expect(String(decoding: decoded, as: UTF8.self) == text)
  }

  @Test("What is declared decides, but not over a mark and not over what is valid UTF-8")
  func declared() throws {
    let latin = [UInt8]([0x80, 0xA4, 0xE9])
    let euro = try TextEncoding.decode(latin, declared: Charset(label: "ISO-8859-15"))
    #expect(String(decoding: euro.text, as: UTF8.self).hasSuffix("€é"))
    #expect(try TextEncoding.decode([UInt8]("é".utf8), declared: Charset(label: "koi8-r")).charset == .utf8)
    #expect(try TextEncoding.decode([0xFF, 0xFE, 0x41, 0x00], declared: .utf8).charset == .utf16LittleEndian)
    #expect(Charset(label: " \"UTF8\" ") == .utf8)
    #expect(Charset(label: "latin1")?.name == "windows-1252")
    #expect(Charset(label: "x//IGNORE") == nil)
    #expect(Charset(label: "../../etc") == nil)
  }

  @Test("Bytes without a character are told by U+FFFD, and an encoding nobody has is none")
  func damage() throws {
    let converted = CharacterConverter(from: "EUC-JP")?.convert([0x41, 0xA4, 0xA2, 0xFF, 0x42, 0xA4])
    #expect(converted.map { String(decoding: $0.text, as: UTF8.self) } == "Aあ\u{FFFD}B\u{FFFD}")
    #expect(converted?.damaged == 2)
    #expect(CharacterConverter(from: "NO-SUCH-CHARSET")?.convert([0x41]) == nil)
    #expect(try TextEncoding.decode([0xC3], declared: Charset(label: "no-such-charset")).charset == .windows1252)
  }

  @Test("Text of all encodings stays whole over the converter's pieces")
  func pieces() throws {
    let text = String(repeating: "Дождь. ", count: 20_000)
    let bytes = text.unicodeScalars.map { $0.value < 0x80 ? UInt8($0.value) : UInt8(truncatingIfNeeded: $0.value - 0x0410 + 0xC0) }
    #expect(try TextEncoding.decode(bytes).charset.name == "windows-1251")
    #expect(String(decoding: try TextEncoding.decode(bytes).text, as: UTF8.self) == text)
  }
}
