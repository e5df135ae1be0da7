// The stream in which the buffer of the writer keeps the postings of a word, taken apart.
#include "Kernels.h"

// ---- scalar twin -----------------------------------------------------------------------------------------------------

size_t kwic_split_postings_scalar(
  const uint8_t *stream, size_t byteCount, uint32_t *gaps, uint32_t *ends, uint32_t *values
) {
  size_t documents = 0, valueCount = 0;
  int isGap = 1;
  for (size_t at = 0; at < byteCount;) {
    uint32_t number = 0;
    for (uint32_t shift = 0;; shift += 7) {
      const uint8_t byte = stream[at++];
      number |= (uint32_t)(byte & 0x7F) << (shift & 31);
      if (byte < 0x80 || at == byteCount) break;
    }
    if (isGap) {
      gaps[documents] = number;
    } else if (number > 0) {
      values[valueCount++] = number - 1;
      continue;
    } else {
      ends[documents++] = (uint32_t)valueCount;
    }
    isGap = !isGap;
  }
  if (!isGap) ends[documents++] = (uint32_t)valueCount;
  return documents;
}

// ---- AVX-512 ---------------------------------------------------------------------------------------------------------

#if KWIC_X86

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,avx2,bmi,bmi2,popcnt")))

/// What is known between two runs of 32 bytes.
typedef struct {
  size_t documents;
  uint32_t valueCount;
  /// Whether the next number is a document's gap.
  uint32_t startsDocument;
} split_state;

/// The numbers that end in 32 bytes, each in a lane; `ends` says in which. Masks of lanes become masks of numbers by `pext`.
AVX512 static inline void split_numbers(
  __m512i lanes, uint32_t ends, uint32_t zeros, split_state *state, uint32_t *gaps, uint32_t *documentEnds, uint32_t *values
) {
  const __m512i ordinals = _mm512_set_epi16(
    31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  const uint32_t count = (uint32_t)__builtin_popcount(ends);
  const __m512i numbers = _mm512_maskz_compress_epi16(ends, lanes);
  const uint32_t isEnd = _pext_u32(zeros, ends);
  const uint64_t isGap = (uint64_t)isEnd << 1 | state->startsDocument;
  const uint32_t isValue = ~(isEnd | (uint32_t)isGap) & (uint32_t)((1ull << count) - 1);
  // A document has two numbers more than values, so there are at most 16 of each here.
  const uint32_t gapsHere = (uint32_t)isGap & (uint32_t)((1ull << count) - 1);
  const __m512i gap = _mm512_maskz_compress_epi16(gapsHere, numbers);
  _mm512_storeu_si512(gaps + state->documents + 1 - state->startsDocument, _mm512_cvtepu16_epi32(_mm512_castsi512_si256(gap)));
  // How many values stand in front of each end: as many numbers, without the ends and gaps.
  const __m512i others = _mm512_add_epi16(_mm512_slli_epi16(ordinals, 1), _mm512_set1_epi16((short)state->startsDocument));
  const __m512i places = _mm512_sub_epi16(_mm512_maskz_compress_epi16(isEnd, ordinals), others);
  _mm512_storeu_si512(
    documentEnds + state->documents,
    _mm512_add_epi32(_mm512_cvtepi16_epi32(_mm512_castsi512_si256(places)), _mm512_set1_epi32((int)state->valueCount)));
  const __m512i value = _mm512_sub_epi16(_mm512_maskz_compress_epi16(isValue, numbers), _mm512_set1_epi16(1));
  _mm512_storeu_si512(values + state->valueCount, _mm512_cvtepu16_epi32(_mm512_castsi512_si256(value)));
  _mm512_storeu_si512(values + state->valueCount + 16, _mm512_cvtepu16_epi32(_mm512_extracti64x4_epi64(value, 1)));
  state->documents += (size_t)__builtin_popcount(isEnd);
  state->valueCount += (uint32_t)__builtin_popcount(isValue);
  state->startsDocument = (uint32_t)(isGap >> count) & 1;
}

/// Numbers of up to two bytes; answers -1 where one has more.
AVX512 __attribute__((noinline)) static ptrdiff_t split_avx512(
  const uint8_t *stream, size_t byteCount, uint32_t *gaps, uint32_t *ends, uint32_t *values
) {
  const __m512i before = _mm512_set_epi16(
    30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0);
  split_state state = {0, 0, 1};
  // The last byte of the run before, in the first lane.
  uint32_t carry = 0;
  for (size_t at = 0; at < byteCount; at += 32) {
    const size_t left = byteCount - at;
    const uint32_t there = left < 32 ? (1u << left) - 1 : ~0u;
    const __m256i bytes = _mm256_maskz_loadu_epi8(there, stream + at);
    const uint32_t goesOn = _mm256_movepi8_mask(bytes);
    const uint32_t isSecond = goesOn << 1 | carry >> 7;
    if (goesOn & isSecond) return -1;
    const __m512i last = _mm512_cvtepu8_epi16(bytes);
    // Of numbers of two bytes the first one.
    __m512i first = _mm512_and_si512(_mm512_permutexvar_epi16(before, last), _mm512_set1_epi16(0x7F));
    first = _mm512_mask_mov_epi16(first, 1, _mm512_set1_epi16((short)(carry & 0x7F)));
    const __m512i lanes =
      _mm512_or_si512(_mm512_mask_slli_epi16(last, isSecond, last, 7), _mm512_maskz_mov_epi16(isSecond, first));
    const uint32_t zeros = _mm256_testn_epi8_mask(bytes, bytes) & there;
    split_numbers(lanes, ~goesOn & there, zeros, &state, gaps, ends, values);
    carry = stream[at + (left < 32 ? left : 32) - 1];
  }
  if (!state.startsDocument) ends[state.documents++] = state.valueCount;
  return (ptrdiff_t)state.documents;
}

#endif

size_t kwic_split_postings(
  const uint8_t *stream, size_t byteCount, uint32_t *gaps, uint32_t *ends, uint32_t *values
) {
#if KWIC_X86
  if (kwic_level >= LEVEL_AVX512) {
    const ptrdiff_t documents = split_avx512(stream, byteCount, gaps, ends, values);
    if (documents >= 0) return (size_t)documents;
  }
#endif
  return kwic_split_postings_scalar(stream, byteCount, gaps, ends, values);
}

// ---- writing ---------------------------------------------------------------------------------------------------------

/// The varint of a number below 2^21 in the lowest bytes, and its length.
INLINE uint64_t short_varint(uint32_t value, uint32_t *byteCount) {
  const uint32_t second = value >= 0x80, third = value >= 0x4000;
  const uint32_t groups = (value & 0x7F) | (value & 0x3F80) << 1 | (value & 0x1FC000) << 2;
  *byteCount = 1 + second + third;
  return groups | second << 7 | third << 15;
}

size_t kwic_append_postings(
  kwic_posting_stream *streams, size_t stride, const uint32_t *numbers, const uint32_t *positions, size_t positionStride,
  size_t from, size_t count, uint8_t *arena, uint32_t document, uint32_t base
) {
  for (size_t i = from; i < count; i++) {
    kwic_posting_stream *stream = (kwic_posting_stream *)((uint8_t *)streams + (size_t)(numbers[i] - 1) * stride);
    const uint32_t position = base + *(const uint32_t *)((const uint8_t *)positions + i * positionStride);
    const uint32_t documentGap = document + 1 - stream->lastDocument, last = stream->lastPosition;
    // All bits where the document is new to the word. Hidden from the compiler, which would make branches of it.
    uint32_t isNew = 0 - (uint32_t)(documentGap != 0);
    __asm__("" : "+r"(isNew));
    if ((position <= last) & ~isNew) continue;
    // Of the first position: one more than it.
    const uint32_t gap = position - (last | isNew);
    uint32_t headCount, tailCount;
    // A document that is new to the word ends the one before, if there is one.
    const uint32_t end = stream->documentFrequency > 0;
    const uint64_t head = (short_varint(documentGap, &headCount) << 8 * end) & (0 - (uint64_t)(isNew & 1));
    headCount = (headCount + end) & isNew;
    const uint64_t bits = head | short_varint(gap, &tailCount) << 8 * headCount;
    const uint32_t byteCount = headCount + tailCount, write = stream->write;
    // Eight bytes are stored, at most seven count: those behind them are written again, or are the link, which is not set yet.
    const uint32_t room = byteCount > 4 ? byteCount : 4;
    if ((documentGap | gap) >= 1u << 21 || write + room > stream->sliceEnd) return i;
    __builtin_memcpy(arena + write, &bits, 8);
    stream->write = write + byteCount;
    stream->lastDocument = document + 1;
    stream->lastPosition = position;
    stream->documentFrequency -= isNew;
    stream->totalFrequency++;
  }
  return count;
}
