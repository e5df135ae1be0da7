// Runs of fewer than 128 values: one little-endian bit stream, no padding but the last byte's.
#include "Kernels.h"

#include <string.h>

void kwic_unpack_stream(const void *packed, uint32_t width, size_t count, uint32_t *values) {
  const uint8_t *bytes = packed;
  const uint64_t mask = (1ull << width) - 1;
  if (width == 0) {
    memset(values, 0, 4 * count);
    return;
  }
  const size_t byteCount = (count * width + 7) / 8;
  size_t i = 0, bit = 0;
  // A value of up to 32 bits that starts inside a byte lies in the eight bytes from there.
  for (; i < count && bit / 8 + 8 <= byteCount; i++, bit += width) {
    uint64_t word;
    memcpy(&word, bytes + bit / 8, 8);
    values[i] = (uint32_t)((word >> (bit % 8)) & mask);
  }
  // The last values: from a copy of the last bytes, at most seven, with zeros behind them.
  uint8_t tail[16] = {0};
  const size_t tailStart = bit / 8;
  if (i < count) memcpy(tail, bytes + tailStart, byteCount - tailStart);
  for (; i < count; i++, bit += width) {
    uint64_t word;
    memcpy(&word, tail + (bit / 8 - tailStart), 8);
    values[i] = (uint32_t)((word >> (bit % 8)) & mask);
  }
}

void kwic_pack_stream(const uint32_t *values, uint32_t width, size_t count, void *packed) {
  uint8_t *out = packed;
  uint64_t pending = 0;
  uint32_t bits = 0;
  for (size_t i = 0; i < count; i++) {
    pending |= (uint64_t)values[i] << bits;
    bits += width;
    if (bits < 32) continue;
    memcpy(out, &pending, 4);
    out += 4, pending >>= 32, bits -= 32;
  }
  for (; bits > 8; bits -= 8, pending >>= 8) *out++ = (uint8_t)pending;
  if (bits > 0) *out = (uint8_t)pending;
}

uint32_t kwic_width(const uint32_t *values, size_t count) {
  uint32_t any = 0;
  for (size_t i = 0; i < count; i++) any |= values[i];
  return any == 0 ? 0 : 32 - (uint32_t)__builtin_clz(any);
}
