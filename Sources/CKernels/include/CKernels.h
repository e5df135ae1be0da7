/// The few loops that want instructions a portable build may not use: bit packing, scoring, checksums.
///
/// Every kernel is chosen once, at load time, for the machine it runs on; a scalar twin of each (suffix `_scalar`) is
/// what other processors run and what the tests compare with. Kernels trust their arguments: callers check lengths and
/// widths before they call, once a block.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>
#include <stdint.h>

/// Values of one block. All block kernels handle exactly this many.
#define KWIC_BLOCK_VALUES 128

/// What the running processor was found to support: 0 scalar, 1 SSE2, 2 SSE4.2, 3 AVX2, 4 AVX-512
/// (F, BW, VL, VBMI and VBMI2).
int kwic_instruction_level(void);

/// Unpacks 128 values of `width` (0 to 32) bits from 16 * width bytes, at any alignment.
///
/// The vertical layout of SIMD-BP128 (Lemire, Boytsov 2015): value i stands in lane i % 4 of row i / 4; each lane is a
/// little-endian bit stream of 32 values.
void kwic_unpack_block(const void *packed, uint32_t width, uint32_t *values);
void kwic_unpack_block_scalar(const void *packed, uint32_t width, uint32_t *values);

/// Unpacks 128 gaps and undoes the differences in one pass: values[i] = previous + sum of (gap + 1) over 0...i, modulo 2^32.
void kwic_unpack_ascending_block(const void *packed, uint32_t width, uint32_t previous, uint32_t *values);
void kwic_unpack_ascending_block_scalar(const void *packed, uint32_t width, uint32_t previous, uint32_t *values);

/// Packs 128 values, each below 2^width, into 16 * width bytes.
void kwic_pack_block(const uint32_t *values, uint32_t width, void *packed);
void kwic_pack_block_scalar(const uint32_t *values, uint32_t width, void *packed);

/// Unpacks `count` values of `width` bits from a little-endian bit stream of (count * width + 7) / 8 bytes; reads no byte more.
void kwic_unpack_stream(const void *packed, uint32_t width, size_t count, uint32_t *values);
/// Packs `count` values, each below 2^width, into (count * width + 7) / 8 bytes.
void kwic_pack_stream(const uint32_t *values, uint32_t width, size_t count, void *packed);

/// Patches of one block at most.
#define KWIC_PATCHES_MAX 255

/// The width in which up to 128 values, patched, cost least: a patch counts as a byte and a quarter, and having some as
/// `overhead` bytes.
uint32_t kwic_patched_width(const uint32_t *values, size_t count, size_t overhead);
/// Splits up to 128 values into `low`, each below 2^width, and patches for the rest, of which `patches` has room for
/// KWIC_PATCHES_MAX. Returns how many there are. `width` is one that `kwic_patched_width` answered, or a larger one.
size_t kwic_split_patches(const uint32_t *values, size_t count, uint32_t width, uint32_t *low, uint8_t *patches);
/// Adds (1 + top bit) << width to the value at the place in the low seven bits of each of `count` patches, modulo 2^32.
/// `values` has 128 places; any bytes are patches. `width` is at most 31.
void kwic_patch(const uint8_t *patches, size_t count, uint32_t width, uint32_t *values);

/// The width (at most 31) of the shortest Rice code of `count` values, and its length.
uint32_t kwic_rice_width(const uint32_t *values, size_t count, uint64_t *byteCount);
/// Writes the code of at most 128 values: as many bytes as `kwic_rice_width` answered for that width.
void kwic_pack_rice(const uint32_t *values, uint32_t width, size_t count, void *packed);
/// Reads `count` values, at least one, of a Rice code that ends somewhere in `byteCount` (below 2^28) bytes. Returns the
/// bytes read, 0 where the code does not end in them. Values are modulo 2^32.
size_t kwic_unpack_rice(const void *packed, size_t byteCount, uint32_t width, size_t count, uint32_t *values);

/// Bits that the largest of `count` values needs; 0 for all zero.
uint32_t kwic_width(const uint32_t *values, size_t count);

/// Writes `first` + i for the set bits i of a bit set of `byteCount` (a multiple of 8) bytes, 128 of them at most.
/// Returns how many were written; a bit set with more bits set answers 129. What lies behind the values returned, up
/// to 128, may be overwritten.
uint32_t kwic_unpack_bits(const void *bits, size_t byteCount, uint32_t first, uint32_t *values);
uint32_t kwic_unpack_bits_scalar(const void *bits, size_t byteCount, uint32_t first, uint32_t *values);

/// Sets the bits of a bit set of documents in `window`, whose bit 0 is `offset` bits before bit 0 of `bits` (so bit i of
/// `bits` is bit i + offset of the window, and may lie outside of its `wordCount` words). Returns how many bits are set
/// in the `byteCount` (a multiple of 8) bytes, those outside included.
uint32_t kwic_mark_bits(const void *bits, size_t byteCount, int64_t offset, uint64_t *window, size_t wordCount);

/// How many bits of `wordCount` words are set.
uint64_t kwic_count_bits(const uint64_t *bits, size_t wordCount);

/// Sets bit documents[i] - start in `window` for the documents of [start, start + 64 * wordCount). Documents
/// ascend.
void kwic_mark_documents(const uint32_t *documents, size_t count, uint32_t start, uint64_t *window, size_t wordCount);

/// BM25 of `count` postings: scores[i] = weight - weight / (1 + frequency[i] * inverse[norms[documents[i]]]), in that order of rounding.
void kwic_score(
  const uint32_t *documents, const uint32_t *frequencies, size_t count,
  const uint8_t *norms, const float *inverse, float weight, float *scores);
void kwic_score_scalar(
  const uint32_t *documents, const uint32_t *frequencies, size_t count,
  const uint8_t *norms, const float *inverse, float weight, float *scores);

/// Indexes of the scores above `floor`, in order. Returns their number; `indexes` holds `count` entries.
uint32_t kwic_above(const float *scores, size_t count, float floor, uint32_t *indexes);

/// Merges two runs of postings of ascending documents, none twice in a run; where both have a document its frequencies are
/// added, modulo 2^31, and its forms united; the other run's postings are all of `otherForm`. Returns how many postings
/// were written; the target has room for all of both and overlaps neither.
size_t kwic_merge_forms(
  const uint32_t *documents, const uint32_t *frequencies, const uint32_t *forms, size_t count,
  const uint32_t *otherDocuments, const uint32_t *otherFrequencies, uint32_t otherForm, size_t otherCount,
  uint32_t *mergedDocuments, uint32_t *mergedFrequencies, uint32_t *mergedForms);

/// Merges the two ascending runs values[0..<count] and values[count..<total] in place, keeping one of equal values;
/// `scratch` has room for `total`. Returns how many values are left.
size_t kwic_merge_positions(uint32_t *values, size_t count, size_t total, uint32_t *scratch);

/// Finds which of `count` ascending candidates are among ascending documents, from place `from` (a multiple of 16) on.
/// `documents` has 128 values, and one that is not below the last candidate. Writes places of candidates and of
/// documents, in order; returns how many. Both targets have room for `count`.
size_t kwic_intersect(
  const uint32_t *candidates, size_t count, const uint32_t *documents, size_t from, uint32_t *places,
  uint32_t *documentPlaces);

/// How many of the first 16 of ascending values are below `limit`. Inlined into its callers.
static inline uint32_t kwic_below16(const uint32_t *values, uint32_t limit) {
  uint32_t count = 0;
  for (int i = 0; i < 16; i++) count += values[i] < limit;
  return count;
}

/// Bytes of the first `before` (at most 8) of a group's position blocks, by their codes of the directory. Inlined.
static inline uint32_t kwic_group_bytes(const void *codes, uint32_t before) {
  uint16_t group[8];
  __builtin_memcpy(group, codes, sizeof group);
  uint32_t bytes = 0;
  for (uint32_t i = 0; i < 8; i++) {
    const uint16_t size = (uint16_t)((group[i] & 63) << 4) + (uint16_t)(group[i] >> 6);
    bytes += i < before ? size : 0;
  }
  return bytes;
}

/// The sum of `count` values.
uint64_t kwic_sum(const uint32_t *values, size_t count);

/// The sum of the values from place `from` to in front of place `to`, modulo 2^32. Three values behind `to` are read.
uint32_t kwic_sum_between(const uint32_t *values, size_t from, size_t to);

/// Undoes differences: values[i] = previous + sum of (gap + 1) over 0...i, modulo 2^32. May work in place.
void kwic_ascend(const uint32_t *gaps, size_t count, uint32_t previous, uint32_t *values);
void kwic_ascend_scalar(const uint32_t *gaps, size_t count, uint32_t previous, uint32_t *values);

/// Keeps, of `count` ascending candidates, those for which candidate + place is among the ascending positions. Returns
/// how many are kept.
size_t kwic_keep_followed(
  uint32_t *candidates, size_t count, const uint32_t *positions, size_t positionCount, uint32_t place);

/// The minimal hulls of two words, of ascending positions that are all different, at most `max` wide: neighbours, in the
/// merged order, of different words. `before`: whether the other word may stand before the rarer one; `after`: behind it.
/// Writes first and last position of each hull, ascending; `hulls` has room for 4 * count + 2 values. Returns how many.
size_t kwic_pairs(
  const uint32_t *rarer, size_t count, const uint32_t *other, size_t otherCount, uint32_t max, int before, int after,
  uint32_t *hulls);

/// Whether a position of one word stands from `least` to `most` behind a position of another. Both words' positions are
/// given as gaps, one or more, as kwic_ascend takes them with `previous` -1.
int kwic_stand_near(
  const uint32_t *gaps, size_t count, const uint32_t *otherGaps, size_t otherCount, int64_t least, int64_t most);

/// Whether one of the positions that `gaps` give is from 0 to `width` behind one of `begins`, modulo 2^32. `previous` is the
/// position in front of the first gap, -1 if there is none, and the last one that was looked at afterwards; those above
/// `stop` may be left out.
int kwic_any_within(
  const uint32_t *begins, size_t count, uint32_t width, const uint32_t *gaps, size_t gapCount, uint32_t stop,
  uint32_t *previous);
int kwic_any_within_scalar(
  const uint32_t *begins, size_t count, uint32_t width, const uint32_t *gaps, size_t gapCount, uint32_t stop,
  uint32_t *previous);

/// Whether kwic_pairs would find one. Ends with the first two positions of both words that stand as asked, and writes them
/// to `pair`: one of its hulls lies between them.
int kwic_first_pair(
  const uint32_t *rarer, size_t count, const uint32_t *other, size_t otherCount, uint32_t max, int before, int after,
  uint32_t *pair);

/// Sets the bits of the positions that `gaps` give. `previous` is the position in front of the first gap, -1 if there is none,
/// and the last one afterwards; `zeroed`, a multiple of 2,048, says how many bits are written, and is raised as there are
/// positions, so far that 256 bits behind the last one are zero. Answers 0 where `room` bits are too few for that.
int kwic_mark_positions(
  const uint32_t *gaps, size_t count, uint32_t *previous, uint64_t *bits, uint32_t *zeroed, uint32_t room);

/// The farthest neighbours that kwic_walk_near sees.
#define KWIC_NEAR_MAX 56

/// A word's positions on their way past the bits of another word's.
typedef struct {
  /// No bit is set from here on.
  uint32_t end;
  /// The widest hull, at most KWIC_NEAR_MAX, and whether the other word may stand before this one, and behind it.
  uint32_t max, before, after;
  /// The walk ends where the sum is at least `least` and, with `most` for each position to come and one more, at most `needed`.
  float needed, most, least;
  /// The last position, -1 at first; the first one of its value, and the number of that.
  uint32_t position, valueStart, value;
  /// The weights of the hulls so far, 1 / width each, added up one by one.
  float sum;
} kwic_near_walk;

/// Goes on with the positions that `gaps` give, behind which `rest` more follow: adds up the minimal hulls of two words, at most
/// `max` wide, that kwic_pairs would find, none of which crosses a value's border. There are zeros 8 bytes in front of bit 0 and
/// 24 bytes behind bit `end`; ends of values ascend, the last is UINT32_MAX. Answers 0 where the walk has ended.
int kwic_walk_near(
  kwic_near_walk *state, const uint64_t *bits, const uint32_t *valueEnds, const uint32_t *gaps, size_t count, size_t rest);

/// The minimal hulls of three words, of ascending positions that are all different, at most `max` wide. Fastest with the
/// rarest word first. Writes first and last position of each, ascending; `hulls` has room for two values for each
/// position and two more. Returns how many; with `onlyOne`, as soon as there are some.
size_t kwic_triples(
  const uint32_t *a, size_t aCount, const uint32_t *b, size_t bCount, const uint32_t *c, size_t cCount, uint32_t max,
  int onlyOne, uint32_t *hulls);

/// The commonest words, which have triples.
#define KWIC_TRIPLE_WORDS 24
/// Distances whose inverse is looked up.
#define KWIC_INVERSES 1024

/// The numbers of pairs and triples of common words, at most 255, which are numbered themselves.
typedef struct {
  /// Of each two words, in both orders, `pairStride` a row: as many as there are words, or 64 for fewer.
  const uint16_t *pairs;
  size_t pairStride;
  /// Of each three of the first KWIC_TRIPLE_WORDS words, in all orders.
  const uint16_t *triples;
  /// 1 / distance for each below KWIC_INVERSES; 1 for distance 0.
  const float *inverses;
} kwic_near_words;

/// Adds up how near the common words of one document stand to one another: 1 / distance, for each two neighbours among the
/// occurrences of two words, to the pair's sum in `pairs`; and for each minimal window of three, 1 / (width - 1) to the triple's
/// in `triples`, in the order in which the document has them. Of each occurrence position and word are given, in order.
void kwic_add_nearness(
  const kwic_near_words *words, const uint32_t *positions, const uint8_t *wordAt, size_t count, float *pairs, float *triples);
void kwic_add_nearness_scalar(
  const kwic_near_words *words, const uint32_t *positions, const uint8_t *wordAt, size_t count, float *pairs, float *triples);

/// The nearness of all pairs (or triples) of common words in one document, by number, and what is kept of them over all
/// documents. Arrays do not overlap.
typedef struct {
  /// The nearness in this document; 0 where it does not have the pair.
  float *sums;
  /// Documents that have the pair.
  uint32_t *totals;
  /// The largest nearness that was too light, in units, over the documents of the same length.
  uint32_t *dropped;
  /// What is not heavier is too light.
  const float *least;
  /// What a unit weighs in a document of this length.
  float factor;
  /// A nearness is rounded up to whole units, a power of two, after it was raised by the factor `slack`.
  float unit, slack;
} kwic_nearness;

/// Takes the nearness of `count` pairs out of `sums`, which are 0 afterwards: counts each in `totals`, and where
/// units * factor is not above `least` raises `dropped`. Writes numbers and units of the others, ascending; returns how
/// many. Both targets have room for `count`.
size_t kwic_drain_nearness(kwic_nearness nearness, size_t count, uint32_t *heavy, uint32_t *heavyUnits);
size_t kwic_drain_nearness_scalar(kwic_nearness nearness, size_t count, uint32_t *heavy, uint32_t *heavyUnits);

/// The `rank`-th largest (from 1, at most `count`) of values of at least 0.
float kwic_largest(const float *values, size_t count, size_t rank);
float kwic_largest_scalar(const float *values, size_t count, size_t rank);

/// Keeps the `rank` entries of the largest weights, `bound` being the `rank`-th largest: of those that equal it the first
/// ones. Both those that are kept, in place, and the others, in `light`, stay in order; `light` has room for `count`.
/// Returns how many are kept: `rank`.
size_t kwic_keep_heaviest(
  uint64_t *entries, const float *weights, size_t count, float bound, size_t rank, uint64_t *light);

/// Values that the kernel below may write behind the last one.
#define KWIC_SPLIT_SLACK 32

/// Takes whole documents of a stream of postings apart, the last of which need not have its end:
///
///     stream := document*      document := varint(gap, not 0) varint(value + 1)+ 0
///
/// Writes for each document its gap and how many values there are up to its end, and the values of all. `values` has room for
/// `byteCount`, the others for half as many and one more, all of them for KWIC_SPLIT_SLACK behind. Returns how many documents
/// there are. Varints are of 32 bits at most and as short as can be.
size_t kwic_split_postings(const uint8_t *stream, size_t byteCount, uint32_t *gaps, uint32_t *ends, uint32_t *values);
size_t kwic_split_postings_scalar(const uint8_t *stream, size_t byteCount, uint32_t *gaps, uint32_t *ends, uint32_t *values);

/// Where the stream of a word's postings, in slices of an arena, goes on, and what it says so far. Offsets are those of the
/// arena. Behind the last byte of a slice, from `sliceEnd` on, are four bytes for the next slice's offset, not set yet.
typedef struct {
  uint32_t write, sliceEnd, sliceBytes;
  /// One more than the last document, 0 for none; and the last position in it.
  uint32_t lastDocument, lastPosition;
  uint32_t documentFrequency, totalFrequency;
} kwic_posting_stream;

/// Appends the occurrences `from..<count` of words at base + position in `document`, as far as there is room in the slices and
/// varints have at most three bytes: returns the place of the first one for which that is not so, `count` where there is none. The
/// stream of place i is number numbers[i] (from 1 on), `stride` bytes from one to the next; positions stand `positionStride` bytes
/// from one another. A position that is not above the last one in the document is left out.
size_t kwic_append_postings(
  kwic_posting_stream *streams, size_t stride, const uint32_t *numbers, const uint32_t *positions, size_t positionStride,
  size_t from, size_t count, uint8_t *arena, uint32_t document, uint32_t base);

/// The longest word that kwic_scan_words answers.
#define KWIC_PLAIN_WORD_MAX 62

/// Finds words of ASCII letters, digits and underscores from `offset`, a boundary, on, as long as nothing but bytes tells
/// where they end: at most KWIC_PLAIN_WORD_MAX long, not beginning with an underscore, and no apostrophe, byte beyond
/// ASCII, or full stop, comma or semicolon with a word behind it follows. Writes where they start, how long they are and,
/// end to end, their lower-case forms (room for `max` * KWIC_PLAIN_WORD_MAX + 16 bytes). Stops before the first other
/// word or byte beyond ASCII, after `max` words or at the end of the text (shorter than 4 GiB), and sets `offset` to
/// where to go on. Returns how many were found.
size_t kwic_scan_words(
  const uint8_t *text, size_t count, size_t *offset, size_t max, uint32_t *starts, uint8_t *lengths, uint8_t *forms);
size_t kwic_scan_words_scalar(
  const uint8_t *text, size_t count, size_t *offset, size_t max, uint32_t *starts, uint8_t *lengths, uint8_t *forms);

/// Steps over the words that kwic_scan_words finds, at most `max`, and sets `offset` behind the last of them, or to where a
/// word or byte begins that it does not answer; a text that ends with such words has `offset` at its end. Returns how many.
size_t kwic_skip_words(const uint8_t *text, size_t count, size_t *offset, size_t max);
size_t kwic_skip_words_scalar(const uint8_t *text, size_t count, size_t *offset, size_t max);

/// Where the first byte stands that is beyond ASCII, `.`, `!`, `?`, a line feed or a carriage return; `count` for none.
size_t kwic_find_sentence_mark(const uint8_t *text, size_t count);
size_t kwic_find_sentence_mark_scalar(const uint8_t *text, size_t count);

/// Asks for the cache line at an address, which need not be valid, and goes on.
static inline void kwic_prefetch(const void *address) { __builtin_prefetch(address, 0, 3); }

/// How many bits are set in `byteCount` (a multiple of 8) bytes; before[i] is how many are in front of word i of eight.
uint32_t kwic_count_before(const void *bits, size_t byteCount, uint32_t *before);

/// Of `count` ascending candidates from `first` on, those whose bit is set, bit 0 being that of `first`: their places among
/// the candidates and how many bits are set before each. `byteCount` is a multiple of 8; candidates beyond are not there.
/// Both arrays have room for `count`. Returns how many are found.
size_t kwic_intersect_bits(
  const uint32_t *candidates, size_t count, const void *bits, size_t byteCount, uint32_t first, uint32_t *places,
  uint32_t *ranks);

/// How many of `count` heads, 16 bytes each, begin with a little-endian number of at most `most`; they ascend. Without a
/// branch on what is read, so that the searches of several words overlap.
static inline size_t kwic_heads_up_to(const void *heads, size_t count, uint64_t most) {
  const uint8_t *first = (const uint8_t *)heads;
  const uint8_t *base = first;
  while (count > 1) {
    size_t half = count / 2;
    uint64_t head;
    __builtin_memcpy(&head, base + half * 16, 8);
    base = head <= most ? base + half * 16 : base;
    count -= half;
  }
  uint64_t head = UINT64_MAX;
  if (count == 1) __builtin_memcpy(&head, base, 8);
  return (size_t)(base - first) / 16 + (count == 1 && head <= most ? 1 : 0);
}

/// Bytes of a scratch chunk.
#define KWIC_CHUNK_BYTES 65536

/// A chunk of `KWIC_CHUNK_BYTES` bytes, aligned to 64, contents undefined; null without memory. Each thread keeps one
/// for its next taker.
void *kwic_take_chunk(void);
/// Gives a chunk back, on any thread.
void kwic_give_chunk(void *chunk);

/// CRC-32C (Castagnoli, reflected), of `byteCount` bytes, continued from `seed` (0 to begin).
uint32_t kwic_crc32c(uint32_t seed, const void *bytes, size_t byteCount);
uint32_t kwic_crc32c_scalar(uint32_t seed, const void *bytes, size_t byteCount);

#endif
