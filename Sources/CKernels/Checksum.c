// CRC-32C: three interleaved streams of the crc32 instruction, joined by "append n zero bytes" tables (the method of
// Gopal et al., Intel 2011, and of Mark Adler's crc32c.c); a table of eight slices where the instruction is missing.
#include "Kernels.h"

#include <string.h>

#define POLYNOMIAL 0x82F63B78u
#define STREAM_BYTES 4096

static uint32_t slices[8][256];
/// shift_stream[k][b]: the register after b << 8k and STREAM_BYTES zero bytes.
static uint32_t shift_stream[4][256];

__attribute__((constructor(102))) static void make_tables(void) {
  for (uint32_t n = 0; n < 256; n++) {
    uint32_t crc = n;
    for (int k = 0; k < 8; k++) crc = crc & 1 ? (crc >> 1) ^ POLYNOMIAL : crc >> 1;
    slices[0][n] = crc;
  }
  for (uint32_t n = 0; n < 256; n++) {
    for (int k = 1; k < 8; k++) slices[k][n] = (slices[k - 1][n] >> 8) ^ slices[0][slices[k - 1][n] & 0xFF];
  }
  // Shifting is linear: the 32 single bits are enough, the rest is their exclusive or.
  uint32_t single[32];
  for (int bit = 0; bit < 32; bit++) {
    uint32_t crc = 1u << bit;
    for (int i = 0; i < STREAM_BYTES; i++) crc = (crc >> 8) ^ slices[0][crc & 0xFF];
    single[bit] = crc;
  }
  for (int k = 0; k < 4; k++) {
    for (uint32_t n = 0; n < 256; n++) {
      uint32_t crc = 0;
      for (int bit = 0; bit < 8; bit++) {
        if (n >> bit & 1) crc ^= single[8 * k + bit];
      }
      shift_stream[k][n] = crc;
    }
  }
}

uint32_t kwic_crc32c_scalar(uint32_t seed, const void *bytes, size_t byteCount) {
  const uint8_t *next = bytes;
  uint32_t crc = ~seed;
  for (; byteCount >= 8; next += 8, byteCount -= 8) {
    uint32_t low, high;
    memcpy(&low, next, 4);
    memcpy(&high, next + 4, 4);
    low ^= crc;
    crc = slices[7][low & 0xFF] ^ slices[6][low >> 8 & 0xFF] ^ slices[5][low >> 16 & 0xFF] ^ slices[4][low >> 24]
      ^ slices[3][high & 0xFF] ^ slices[2][high >> 8 & 0xFF] ^ slices[1][high >> 16 & 0xFF] ^ slices[0][high >> 24];
  }
  for (; byteCount > 0; byteCount--) crc = (crc >> 8) ^ slices[0][(crc ^ *next++) & 0xFF];
  return ~crc;
}

#if KWIC_X86

INLINE uint32_t shifted(uint32_t crc) {
  return shift_stream[0][crc & 0xFF] ^ shift_stream[1][crc >> 8 & 0xFF] ^ shift_stream[2][crc >> 16 & 0xFF]
    ^ shift_stream[3][crc >> 24];
}

INLINE uint64_t load(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, 8);
  return word;
}

__attribute__((target("sse4.2"))) static uint32_t crc32c_sse42(uint32_t seed, const void *bytes, size_t byteCount) {
  const uint8_t *next = bytes;
  uint64_t a = ~seed;
  for (; byteCount >= 3 * STREAM_BYTES; next += 3 * STREAM_BYTES, byteCount -= 3 * STREAM_BYTES) {
    uint64_t b = 0, c = 0;
    for (size_t i = 0; i < STREAM_BYTES; i += 8) {
      a = _mm_crc32_u64(a, load(next + i));
      b = _mm_crc32_u64(b, load(next + STREAM_BYTES + i));
      c = _mm_crc32_u64(c, load(next + 2 * STREAM_BYTES + i));
    }
    a = shifted(shifted((uint32_t)a) ^ (uint32_t)b) ^ (uint32_t)c;
  }
  for (; byteCount >= 8; next += 8, byteCount -= 8) a = _mm_crc32_u64(a, load(next));
  for (; byteCount > 0; byteCount--) a = _mm_crc32_u8((uint32_t)a, *next++);
  return ~(uint32_t)a;
}

#endif

uint32_t kwic_crc32c(uint32_t seed, const void *bytes, size_t byteCount) {
#if KWIC_X86
  if (kwic_level >= LEVEL_SSE42) return crc32c_sse42(seed, bytes, byteCount);
#endif
  return kwic_crc32c_scalar(seed, bytes, byteCount);
}
