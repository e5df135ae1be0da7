// Blocks of 128 values in the vertical layout: four lanes, thirty-two rows.
//
// A kernel is one always-inlined function of a constant width, unrolled over the rows; EACH_WIDTH makes the 33 instances
// and a table of them. Four lanes are one SSE2 register: the same source compiled for AVX2 was measured and gains nothing.
#include "Kernels.h"

#include <string.h>

#define ROWS 32

// ---- scalar twins ----------------------------------------------------------------------------------------------------

void kwic_unpack_block_scalar(const void *packed, uint32_t width, uint32_t *values) {
  const uint8_t *bytes = packed;
  const uint64_t mask = (1ull << width) - 1;
  for (uint32_t i = 0; i < KWIC_BLOCK_VALUES; i++) {
    const uint32_t lane = i % 4, bit = i / 4 * width;
    uint32_t low = 0, high = 0;
    if (width > 0) memcpy(&low, bytes + 16 * (bit / 32) + 4 * lane, 4);
    if (bit % 32 + width > 32) memcpy(&high, bytes + 16 * (bit / 32 + 1) + 4 * lane, 4);
    values[i] = (uint32_t)(((((uint64_t)high << 32) | low) >> (bit % 32)) & mask);
  }
}

void kwic_unpack_ascending_block_scalar(const void *packed, uint32_t width, uint32_t previous, uint32_t *values) {
  kwic_unpack_block_scalar(packed, width, values);
  for (int i = 0; i < KWIC_BLOCK_VALUES; i++) {
    previous += values[i] + 1;
    values[i] = previous;
  }
}

void kwic_pack_block_scalar(const uint32_t *values, uint32_t width, void *packed) {
  uint8_t *bytes = packed;
  memset(bytes, 0, 16 * width);
  for (uint32_t i = 0; i < KWIC_BLOCK_VALUES && width > 0; i++) {
    const uint32_t lane = i % 4, bit = i / 4 * width;
    const uint64_t shifted = (uint64_t)values[i] << (bit % 32);
    for (uint32_t half = 0; half < 2; half++) {
      if (half == 1 && bit % 32 + width <= 32) break;
      uint8_t *place = bytes + 16 * (bit / 32 + half) + 4 * lane;
      uint32_t word;
      memcpy(&word, place, 4);
      word |= (uint32_t)(shifted >> (32 * half));
      memcpy(place, &word, 4);
    }
  }
}

// ---- SSE2 -----------------------------------------------------------------------------------------------------------

#if KWIC_X86

/// Row `row` of a block; `width` and `row` are constants after unrolling.
INLINE __m128i unpack_row(const __m128i *in, const int width, const int row) {
  if (width == 0) return _mm_setzero_si128();
  const int bit = row * width, word = bit / 32, shift = bit % 32;
  __m128i value = _mm_srli_epi32(_mm_loadu_si128(in + word), shift);
  if (shift + width > 32) {
    value = _mm_or_si128(value, _mm_slli_epi32(_mm_loadu_si128(in + word + 1), 32 - shift));
  }
  // A value that ends at the top of its word has nothing above it to mask off.
  if (shift + width != 32 && width != 32) {
    value = _mm_and_si128(value, _mm_set1_epi32((int)(uint32_t)((1ull << width) - 1)));
  }
  return value;
}

INLINE void unpack(const void *packed, uint32_t *values, const int width) {
#pragma clang loop unroll(full)
  for (int row = 0; row < ROWS; row++) {
    _mm_storeu_si128((__m128i *)values + row, unpack_row(packed, width, row));
  }
}

/// The carry goes from row to row through a shuffle and an add; all else of a row is off the critical path.
INLINE void unpack_ascending(const void *packed, uint32_t previous, uint32_t *values, const int width) {
  const __m128i ordinals = _mm_setr_epi32(1, 2, 3, 4);
  __m128i carry = _mm_set1_epi32((int)previous);
#pragma clang loop unroll(full)
  for (int row = 0; row < ROWS; row++) {
    __m128i sum = ordinals;
    if (width > 0) {
      sum = unpack_row(packed, width, row);
      sum = _mm_add_epi32(sum, _mm_slli_si128(sum, 4));
      sum = _mm_add_epi32(sum, _mm_slli_si128(sum, 8));
      sum = _mm_add_epi32(sum, ordinals);
    }
    const __m128i result = _mm_add_epi32(sum, carry);
    _mm_storeu_si128((__m128i *)values + row, result);
    carry = _mm_add_epi32(carry, _mm_shuffle_epi32(sum, 0xFF));
  }
}

INLINE void pack(const uint32_t *values, void *packed, const int width) {
  if (width == 0) return;
  __m128i word = _mm_setzero_si128();
  __m128i *out = packed;
  for (int row = 0; row < ROWS; row++) {
    const int shift = row * width % 32;
    const __m128i value = _mm_loadu_si128((const __m128i *)values + row);
    word = shift == 0 ? value : _mm_or_si128(word, _mm_slli_epi32(value, shift));
    if (shift + width >= 32) {
      _mm_storeu_si128(out++, word);
      if (shift + width > 32) word = _mm_srli_epi32(value, 32 - shift);
    }
  }
}

typedef void (*unpack_function)(const void *, uint32_t *);
typedef void (*ascend_function)(const void *, uint32_t, uint32_t *);
typedef void (*pack_function)(const uint32_t *, void *);

#define INSTANCES(w) \
  static void unpack_##w(const void *in, uint32_t *out) { unpack(in, out, w); } \
  static void ascend_##w(const void *in, uint32_t previous, uint32_t *out) { unpack_ascending(in, previous, out, w); } \
  static void pack_##w(const uint32_t *in, void *out) { pack(in, out, w); }
EACH_WIDTH(INSTANCES)

#define UNPACK_ENTRY(w) unpack_##w,
#define ASCEND_ENTRY(w) ascend_##w,
#define PACK_ENTRY(w) pack_##w,

static const unpack_function unpack_table[33] = {EACH_WIDTH(UNPACK_ENTRY)};
static const ascend_function ascend_table[33] = {EACH_WIDTH(ASCEND_ENTRY)};
static const pack_function pack_table[33] = {EACH_WIDTH(PACK_ENTRY)};

void kwic_unpack_block(const void *packed, uint32_t width, uint32_t *values) { unpack_table[width](packed, values); }

void kwic_unpack_ascending_block(const void *packed, uint32_t width, uint32_t previous, uint32_t *values) {
  ascend_table[width](packed, previous, values);
}

void kwic_pack_block(const uint32_t *values, uint32_t width, void *packed) { pack_table[width](values, packed); }

#else

void kwic_unpack_block(const void *packed, uint32_t width, uint32_t *values) {
  kwic_unpack_block_scalar(packed, width, values);
}

void kwic_unpack_ascending_block(const void *packed, uint32_t width, uint32_t previous, uint32_t *values) {
  kwic_unpack_ascending_block_scalar(packed, width, previous, values);
}

void kwic_pack_block(const uint32_t *values, uint32_t width, void *packed) {
  kwic_pack_block_scalar(values, width, packed);
}

#endif
