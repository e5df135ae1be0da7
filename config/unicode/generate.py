#!/usr/bin/env python3
"""Writes the Unicode tables of the Analysis module.

    apt-get install -y unicode-data            # Debian 12: Unicode 15.0
    config/unicode/generate.py [DIRECTORY] > Sources/Analysis/Unicode/UnicodeData+Generated.swift

DIRECTORY holds the Unicode Character Database as Debian lays it out (the default) or all files side by side. Run by
hand when the tables are to follow a newer Unicode; `Analyzer.version` must then be raised, since words may change.

Three tables, each a string of varints (LEB128) in base64:

properties    runs of code points from 0 on: (length, record). Record bits, lowest first:
              0-4 word break class, 5-8 sentence break class, 9 Extended_Pictographic, 10 makes a segment a word,
              11-15 rank of the canonical combining class of a mark that folding keeps (0: not reordered)
folds         code points that folding changes: (gap to the previous one, count, zigzag(target - code point) * count)
compositions  pairs that folding puts together: (first, second, composite)

Folding is: canonical decomposition; marks of the alphabets in DROPPED_SCRIPTS and format characters away; full case
folding; full-width, half-width and Arabic presentation forms to plain ones; the letters of SPECIAL by list; what is left
composed again. Letters that only look like a letter with a mark stay (KEPT): й is not и with an accent.
"""
import base64
import os
import sys

WORD_BREAK = """Other CR LF Newline Extend ZWJ Regional_Indicator Format Katakana Hebrew_Letter ALetter Single_Quote
Double_Quote MidNumLet MidLetter MidNum Numeric ExtendNumLet WSegSpace""".split()
SENTENCE_BREAK = """Other CR LF Extend Sep Format Sp Lower Upper OLetter Numeric ATerm SContinue STerm Close""".split()
DROPPED_SCRIPTS = set("""Inherited Common Latin Greek Cyrillic Arabic Hebrew Syriac Coptic Armenian Georgian Gothic
Glagolitic Samaritan Mandaic""".split())
VOICING_MARKS = {0x3099, 0x309A}  # of kana: inherited script, but another letter
KEPT = [ord(letter) for letter in "йЙїЇўЎѓЃќЌ"]
PLAIN_FORMS = {"<wide>", "<narrow>", "<small>", "<isolated>", "<initial>", "<medial>", "<final>"}
SPECIAL = {
    "‘": "'", "’": "'", "ʼ": "'", "׳": "'", "״": '"', "․": ".", "ـ": "",
    "ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ƀ": "b", "ɨ": "i", "ǥ": "g", "ı": "i",
    "æ": "ae", "œ": "oe", "ð": "d", "þ": "th",
}


class Database:
    """What the tables need of the Unicode Character Database."""

    def __init__(self, directory):
        self.directory = directory
        self.category, self.combining, self.canonical, self.plain = {}, {}, {}, {}
        first = None
        for line in self.lines("UnicodeData.txt"):
            fields = line.split(";")
            code = int(fields[0], 16)
            codes = [code]
            if fields[1].endswith(", First>"):
                first = code
                continue
            if fields[1].endswith(", Last>"):
                codes = range(first, code + 1)
            for one in codes:
                self.category[one] = fields[2]
            self.combining[code] = int(fields[3])
            mapping = fields[5].split()
            if mapping and mapping[0][0] != "<":
                self.canonical[code] = [int(part, 16) for part in mapping]
            elif mapping and mapping[0] in PLAIN_FORMS and "0020" not in mapping:
                self.plain[code] = [int(part, 16) for part in mapping[1:]]
        self.script = self.ranges("Scripts.txt")
        self.word = self.ranges("WordBreakProperty.txt")
        self.sentence = self.ranges("SentenceBreakProperty.txt")
        self.emoji = self.ranges("emoji-data.txt", wanted="Extended_Pictographic")
        self.excluded = self.ranges("DerivedNormalizationProps.txt", wanted="Full_Composition_Exclusion")
        self.case = {}
        for line in self.lines("CaseFolding.txt"):
            code, status, mapping = [field.strip() for field in line.split(";")[:3]]
            if status in "CF":
                self.case[int(code, 16)] = [int(part, 16) for part in mapping.split()]

    def lines(self, name):
        for place in ("", "auxiliary", "emoji"):
            path = os.path.join(self.directory, place, name)
            if os.path.exists(path):
                with open(path, encoding="utf-8") as file:
                    for line in file:
                        line = line.split("#")[0].strip()
                        if line:
                            yield line
                return
        sys.exit(f"{name} is not in {self.directory}: apt-get install unicode-data")

    def ranges(self, name, wanted=None):
        values = {}
        for line in self.lines(name):
            fields = [field.strip() for field in line.split(";")]
            if wanted and fields[1] != wanted:
                continue
            low, _, high = fields[0].partition("..")
            for code in range(int(low, 16), int(high or low, 16) + 1):
                values[code] = fields[1]
        return values


class Folding:
    def __init__(self, database):
        self.database = database
        self.kept = {tuple(database.canonical[code]): code for code in KEPT}
        self.pairs = {}
        for code, parts in database.canonical.items():
            if len(parts) == 2 and code not in database.excluded and not self.is_dropped(parts[1]):
                self.pairs[tuple(parts)] = code
        self.special = {ord(key): [ord(letter) for letter in value] for key, value in SPECIAL.items()}

    def is_dropped(self, code):
        database = self.database
        category = database.category.get(code)
        if category == "Cf":
            return database.word.get(code) in ("Format", "ZWJ", "Extend")
        if category not in ("Mn", "Me") or code in VOICING_MARKS:
            return False
        return category == "Me" or database.script.get(code) in DROPPED_SCRIPTS

    def decomposed(self, codes):
        result = []
        for code in codes:
            parts = self.database.canonical.get(code)
            result += self.decomposed(parts) if parts else [code]
        return result

    def stripped(self, codes):
        result = []
        for code in codes:
            composite = self.kept.get((result[-1], code)) if result else None
            if composite:
                result[-1] = composite
            elif not self.is_dropped(code):
                result.append(code)
        return result

    def composed(self, codes):
        result = []
        for code in codes:
            composite = self.pairs.get((result[-1], code)) if result else None
            if composite:
                result[-1] = composite
            else:
                result.append(code)
        return result

    def fold(self, code):
        codes = [code]
        while True:
            before = codes
            codes = self.stripped(self.decomposed(codes))
            codes = [folded for one in codes for folded in self.database.case.get(one, [one])]
            codes = [plain for one in codes for plain in self.database.plain.get(one, [one])]
            codes = [plain for one in codes for plain in self.special.get(one, [one])]
            codes = self.composed(self.stripped(self.decomposed(codes)))
            if codes == before:
                return codes

    def runtime_pairs(self, folds):
        """Pairs that may meet while folding: all three parts fold to themselves."""
        pairs = {**self.pairs, **self.kept}
        stable = lambda code: code not in folds
        return sorted(
            (first, second, composite) for (first, second), composite in pairs.items()
            if stable(first) and stable(composite))


def makes_word(database, code):
    category = database.category.get(code, "Cn")
    word_break = database.word.get(code)
    if word_break in ("Extend", "Format", "ZWJ"):  # attached to what stands before: the half-width voicing marks
        return False
    return category[0] in "LN" or (category == "So" and word_break == "ALetter")


def varint(value):
    result = bytearray()
    while value >= 0x80:
        result.append(value & 0x7F | 0x80)
        value >>= 7
    result.append(value)
    return result


def zigzag(value):
    return value * 2 if value >= 0 else -value * 2 - 1


def property_table(database, folding):
    kept_marks = {
        code: database.combining[code] for code, category in database.category.items()
        if category[0] == "M" and database.combining.get(code) and not folding.is_dropped(code)}
    ranks = {value: rank for rank, value in enumerate(sorted(set(kept_marks.values())), 1)}
    assert len(ranks) < 32, ranks
    table, previous, length = bytearray(), None, 0
    for code in range(0x110000):
        record = (
            WORD_BREAK.index(database.word.get(code, "Other"))
            | SENTENCE_BREAK.index(database.sentence.get(code, "Other")) << 5
            | (code in database.emoji) << 9
            | makes_word(database, code) << 10
            | ranks.get(kept_marks.get(code), 0) << 11)
        if record != previous and length:
            table += varint(length) + varint(previous)
            length = 0
        previous, length = record, length + 1
    return table + varint(length) + varint(previous)


def fold_table(folds):
    table, last = bytearray(), 0
    for code, targets in sorted(folds.items()):
        table += varint(code - last) + varint(len(targets))
        for target in targets:
            table += varint(zigzag(target - code))
        last = code
    return table


def literal(name, comment, table):
    text = base64.b64encode(bytes(table)).decode()
    rows = [text[start:start + 112] for start in range(0, len(text), 112)]
    body = "\\\n    ".join(rows)
    return f'  /// {comment}\n  static let {name} = """\n    {body}\n    """\n'


def main():
    database = Database(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/unicode")
    folding = Folding(database)
    folds = {}
    for code in range(0x110000):
        if code in database.category and not 0xD800 <= code < 0xE000:
            folded = folding.fold(code)
            if folded != [code]:
                folds[code] = folded
    pairs = folding.runtime_pairs(folds)
    composition_table = b"".join(bytes(varint(part)) for pair in pairs for part in pair)
    print("// Generated by config/unicode/generate.py from the Unicode Character Database 15.0; do not edit.")
    print("// Unicode data: copyright Unicode, Inc., see config/licenses/unicode.txt.\n")
    print("/// The tables of Unicode 15.0 as varints in base64; config/unicode/generate.py tells the grammar.")
    print("enum UnicodeData {")
    print(literal("properties", "Classes of all code points, in runs.", property_table(database, folding)))
    print(literal("folds", f"The {len(folds)} code points that folding changes.", fold_table(folds)))
    print(literal("compositions", f"The {len(pairs)} pairs that folding puts together.", composition_table), end="")
    print("}")


main()
