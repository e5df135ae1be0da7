// Dense blocks: a bit for each document of the range. From bits to document numbers.
#include "Kernels.h"

#include <string.h>

uint32_t kwic_unpack_bits_scalar(const void *bits, size_t byteCount, uint32_t first, uint32_t *values) {
  uint32_t count = 0;
  for (size_t offset = 0; offset < byteCount; offset += 8, first += 64) {
    uint64_t word;
    memcpy(&word, (const uint8_t *)bits + offset, 8);
    if (count + (uint32_t)__builtin_popcountll(word) > KWIC_BLOCK_VALUES) return KWIC_BLOCK_VALUES + 1;
    for (; word != 0; word &= word - 1) values[count++] = first + (uint32_t)__builtin_ctzll(word);
  }
  return count;
}

#if KWIC_X86

/// places[b]: the numbers of the bits set in b, ascending; what is behind them is overwritten by the next byte's.
static uint64_t places[256];

__attribute__((constructor(102))) static void make_places(void) {
  for (unsigned byte = 0; byte < 256; byte++) {
    unsigned found = 0;
    for (unsigned bit = 0; bit < 8; bit++) {
      if (byte >> bit & 1) places[byte] |= (uint64_t)bit << (8 * found++);
    }
  }
}

/// Eight bits a step, without a branch on them: their places from the table, widened, added to the number of the first.
__attribute__((target("avx2,popcnt"))) static uint32_t unpack_bits_avx2(
  const uint8_t *bits, size_t byteCount, uint32_t first, uint32_t *values) {
  uint32_t count = 0;
  for (size_t offset = 0; offset < byteCount; offset++, first += 8) {
    const uint32_t here = (uint32_t)__builtin_popcount(bits[offset]);
    if (count > KWIC_BLOCK_VALUES - 8) {
      // Eight are written whatever the byte holds: near the end of `values` the bits are taken one by one.
      if (count + here > KWIC_BLOCK_VALUES) return KWIC_BLOCK_VALUES + 1;
      for (unsigned byte = bits[offset]; byte != 0; byte &= byte - 1) values[count++] = first + (uint32_t)__builtin_ctz(byte);
      continue;
    }
    const __m256i numbers = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)&places[bits[offset]]));
    _mm256_storeu_si256((__m256i *)(values + count), _mm256_add_epi32(numbers, _mm256_set1_epi32((int)first)));
    count += here;
  }
  return count;
}

#endif

uint32_t kwic_unpack_bits(const void *bits, size_t byteCount, uint32_t first, uint32_t *values) {
#if KWIC_X86
  if (kwic_level >= LEVEL_AVX2) return unpack_bits_avx2(bits, byteCount, first, values);
#endif
  return kwic_unpack_bits_scalar(bits, byteCount, first, values);
}

// ---- bit sets of windows --------------------------------------------------------------------------------------------

INLINE uint32_t mark_bits(const uint8_t *bits, size_t byteCount, int64_t offset, uint64_t *window, size_t wordCount) {
  uint32_t count = 0;
  // Division and remainder by 64 that round down.
  int64_t word = offset >> 6;
  const unsigned shift = (unsigned)(offset & 63);
  if (word >= 0 && (uint64_t)word + byteCount / 8 < wordCount) {
    // All of it lies inside: what one word leaves over begins the next.
    uint64_t rest = 0;
    for (size_t i = 0; i < byteCount; i += 8, word++) {
      uint64_t here;
      memcpy(&here, bits + i, 8);
      count += (uint32_t)__builtin_popcountll(here);
      window[word] |= here << shift | rest;
      rest = here >> 1 >> (63 - shift);
    }
    window[word] |= rest;
    return count;
  }
  for (size_t i = 0; i < byteCount; i += 8, word++) {
    uint64_t here;
    memcpy(&here, bits + i, 8);
    count += (uint32_t)__builtin_popcountll(here);
    if (word >= 0 && (uint64_t)word < wordCount) window[word] |= here << shift;
    if (shift != 0 && word + 1 >= 0 && (uint64_t)(word + 1) < wordCount) window[word + 1] |= here >> (64 - shift);
  }
  return count;
}

INLINE uint32_t count_before(const uint8_t *bits, size_t byteCount, uint32_t *before) {
  uint32_t count = 0;
  for (size_t i = 0; i < byteCount; i += 8) {
    uint64_t here;
    memcpy(&here, bits + i, 8);
    before[i / 8] = count;
    count += (uint32_t)__builtin_popcountll(here);
  }
  return count;
}

INLINE size_t intersect_bits(
  const uint32_t *candidates, size_t count, const uint8_t *bits, size_t byteCount, uint32_t first, uint32_t *places,
  uint32_t *ranks) {
  size_t found = 0;
  size_t word = 0, before = 0;
  uint64_t here = 0;
  if (byteCount > 0) memcpy(&here, bits, 8);
  for (size_t i = 0; i < count; i++) {
    const uint32_t offset = candidates[i] - first;
    while (word < offset >> 6) {
      before += (size_t)__builtin_popcountll(here);
      word++;
      if (8 * word >= byteCount) return found;
      memcpy(&here, bits + 8 * word, 8);
    }
    places[found] = (uint32_t)i;
    ranks[found] = (uint32_t)before + (uint32_t)__builtin_popcountll(here & (((uint64_t)1 << (offset & 63)) - 1));
    found += here >> (offset & 63) & 1;
  }
  return found;
}

INLINE uint64_t count_bits(const uint64_t *bits, size_t wordCount) {
  uint64_t count = 0;
  for (size_t i = 0; i < wordCount; i++) count += (uint64_t)__builtin_popcountll(bits[i]);
  return count;
}

#if KWIC_X86
// The same with the instruction that counts bits, which a portable build does not have.

__attribute__((target("popcnt"))) static uint32_t mark_bits_popcnt(
  const uint8_t *bits, size_t byteCount, int64_t offset, uint64_t *window, size_t wordCount) {
  return mark_bits(bits, byteCount, offset, window, wordCount);
}

__attribute__((target("popcnt"))) static uint32_t count_before_popcnt(
  const uint8_t *bits, size_t byteCount, uint32_t *before) {
  return count_before(bits, byteCount, before);
}

__attribute__((target("popcnt"))) static size_t intersect_bits_popcnt(
  const uint32_t *candidates, size_t count, const uint8_t *bits, size_t byteCount, uint32_t first, uint32_t *places,
  uint32_t *ranks) {
  return intersect_bits(candidates, count, bits, byteCount, first, places, ranks);
}

__attribute__((target("popcnt"))) static uint64_t count_bits_popcnt(const uint64_t *bits, size_t wordCount) {
  return count_bits(bits, wordCount);
}
#endif

uint32_t kwic_mark_bits(const void *bits, size_t byteCount, int64_t offset, uint64_t *window, size_t wordCount) {
#if KWIC_X86
  if (kwic_level >= LEVEL_SSE42) return mark_bits_popcnt(bits, byteCount, offset, window, wordCount);
#endif
  return mark_bits(bits, byteCount, offset, window, wordCount);
}

uint32_t kwic_count_before(const void *bits, size_t byteCount, uint32_t *before) {
#if KWIC_X86
  if (kwic_level >= LEVEL_SSE42) return count_before_popcnt(bits, byteCount, before);
#endif
  return count_before(bits, byteCount, before);
}

size_t kwic_intersect_bits(
  const uint32_t *candidates, size_t count, const void *bits, size_t byteCount, uint32_t first, uint32_t *places,
  uint32_t *ranks) {
#if KWIC_X86
  if (kwic_level >= LEVEL_SSE42) return intersect_bits_popcnt(candidates, count, bits, byteCount, first, places, ranks);
#endif
  return intersect_bits(candidates, count, bits, byteCount, first, places, ranks);
}

uint64_t kwic_count_bits(const uint64_t *bits, size_t wordCount) {
#if KWIC_X86
  if (kwic_level >= LEVEL_SSE42) return count_bits_popcnt(bits, wordCount);
#endif
  return count_bits(bits, wordCount);
}

INLINE void mark_one(uint64_t *window, uint32_t slot) { window[slot >> 6] |= (uint64_t)1 << (slot & 63); }

void kwic_mark_documents(const uint32_t *documents, size_t count, uint32_t start, uint64_t *window, size_t wordCount) {
  const uint32_t span = (uint32_t)(64 * wordCount);
  if (count == KWIC_BLOCK_VALUES && documents[0] >= start && documents[KWIC_BLOCK_VALUES - 1] - start < span) {
    // Neighbours set bits of one word, each waiting for the one before: four runs of the block side by side do not.
    for (size_t i = 0; i < KWIC_BLOCK_VALUES / 4; i++) {
      mark_one(window, documents[i] - start);
      mark_one(window, documents[KWIC_BLOCK_VALUES / 4 + i] - start);
      mark_one(window, documents[KWIC_BLOCK_VALUES / 2 + i] - start);
      mark_one(window, documents[3 * KWIC_BLOCK_VALUES / 4 + i] - start);
    }
    return;
  }
  for (size_t i = 0; i < count; i++) {
    const uint32_t slot = documents[i] - start;
    if (slot < span) mark_one(window, slot);
  }
}
