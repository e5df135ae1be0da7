// Runs of fewer than 128 values in a Rice code (Rice, Plaunt 1971): low bits as a bit stream, what is above them in unary,
// all of it behind the low bits. Near the entropy of gaps, without tables.
#include "Kernels.h"

#include <string.h>

/// Bytes of the code; the unary part has a bit for each value and one for each unit above.
static uint64_t rice_bytes(const uint32_t *values, size_t count, uint32_t width) {
  uint64_t bits = count;
  for (size_t i = 0; i < count; i++) bits += values[i] >> width;
  return (count * width + 7) / 8 + (bits + 7) / 8;
}

uint32_t kwic_rice_width(const uint32_t *values, size_t count, uint64_t *byteCount) {
  uint32_t best = 0;
  uint64_t least = rice_bytes(values, count, 0);
  const uint32_t widest = kwic_width(values, count) < 31 ? kwic_width(values, count) : 31;
  for (uint32_t width = 1; width <= widest; width++) {
    // The unary part has a bit for each value at least, and the low bits become more.
    if ((count * width + 7) / 8 + (count + 7) / 8 >= least) break;
    const uint64_t bytes = rice_bytes(values, count, width);
    if (bytes < least) least = bytes, best = width;
  }
  *byteCount = least;
  return best;
}

void kwic_pack_rice(const uint32_t *values, uint32_t width, size_t count, void *packed) {
  uint32_t low[KWIC_BLOCK_VALUES];
  const uint32_t mask = (1u << width) - 1;
  uint64_t unaryBits = count;
  for (size_t i = 0; i < count; i++) {
    low[i] = values[i] & mask;
    unaryBits += values[i] >> width;
  }
  kwic_pack_stream(low, width, count, packed);
  uint8_t *unary = (uint8_t *)packed + (count * width + 7) / 8;
  memset(unary, 0, (unaryBits + 7) / 8);
  uint64_t bit = 0;
  for (size_t i = 0; i < count; i++, bit++) {
    bit += values[i] >> width;
    unary[bit / 8] |= (uint8_t)(1u << bit % 8);
  }
}

size_t kwic_unpack_rice(const void *packed, size_t byteCount, uint32_t width, size_t count, uint32_t *values) {
  const size_t lowBytes = (count * width + 7) / 8;
  if (lowBytes > byteCount || count == 0) return 0;
  kwic_unpack_stream(packed, width, count, values);
  // The ones of the unary part, a word at a time: what lies between two of them is a value's upper part.
  const uint8_t *unary = (const uint8_t *)packed + lowBytes;
  const size_t unaryBytes = byteCount - lowBytes;
  size_t i = 0;
  uint32_t next = 0;  // the bit behind the last one
  for (size_t offset = 0; offset < unaryBytes; offset += 8) {
    uint64_t word = 0;
    if (offset + 8 <= unaryBytes) {
      memcpy(&word, unary + offset, 8);
    } else {
      memcpy(&word, unary + offset, unaryBytes - offset);
    }
    for (; word != 0; word &= word - 1) {
      const uint32_t bit = (uint32_t)(8 * offset) + (uint32_t)__builtin_ctzll(word);
      values[i] += (bit - next) << width;
      next = bit + 1;
      if (++i == count) return lowBytes + bit / 8 + 1;
    }
  }
  return 0;
}
