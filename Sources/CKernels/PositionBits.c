// Positions of one word in one document as bits, and another word's beside them: neighbours are found by counting the zeros
// next to a bit, each without waiting for the one before.
#include "Kernels.h"

#include <string.h>

/// Bits that are set to zero at once, and those behind the last bit set that are zero in any case.
enum { ZEROED = 2048, BEHIND = 256 };

int kwic_mark_positions(
  const uint32_t *gaps, size_t count, uint32_t *previous, uint64_t *bits, uint32_t *zeroed, uint32_t room) {
  uint8_t *bytes = (uint8_t *)bits;
  uint32_t position = *previous, limit = *zeroed < BEHIND ? 0 : *zeroed - BEHIND;
  for (size_t i = 0; i < count; i++) {
    position += gaps[i] + 1;
    while (position >= limit) {
      if (position >= room - BEHIND - ZEROED) return 0;
      memset(bytes + *zeroed / 8, 0, ZEROED / 8);
      *zeroed += ZEROED;
      limit = *zeroed - BEHIND;
    }
    // Bytes: neighbours rarely share one, so that none waits for the one before.
    bytes[position >> 3] |= (uint8_t)(1u << (position & 7));
  }
  *previous = position;
  return 1;
}

/// 1 / d, and 0 for "none": the quotient that the loops over hulls compute, to the last bit.
#define EIGHT(d) 1.0f / (d), 1.0f / (d + 1), 1.0f / (d + 2), 1.0f / (d + 3), 1.0f / (d + 4), 1.0f / (d + 5), 1.0f / (d + 6), 1.0f / (d + 7)
static const float weights[65] = {0, EIGHT(1), EIGHT(9), EIGHT(17), EIGHT(25), EIGHT(33), EIGHT(41), EIGHT(49), EIGHT(57)};

INLINE uint32_t least(uint32_t x, uint32_t y) { return x < y ? x : y; }

INLINE uint64_t word_at(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, 8);
  return word;
}

/// The weight of the last bit in front of `position`, if it is at most `limit` away; the 57 bits in front are seen.
INLINE float weight_before(const uint8_t *bits, uint32_t position, uint32_t limit) {
  const int64_t last = (int64_t)position - 1;
  const uint64_t word = word_at(bits + (last >> 3) - 7) << (7 - (last & 7)) | 1;
  const uint32_t distance = (uint32_t)__builtin_clzll(word) + 1;
  return weights[distance & (0u - (uint32_t)(distance <= limit))];
}

/// The same for the first bit behind `position`.
INLINE float weight_after(const uint8_t *bits, uint32_t position, uint32_t limit) {
  const uint32_t next = position + 1;
  const uint64_t word = word_at(bits + (next >> 3)) >> (next & 7) | (uint64_t)1 << 63;
  const uint32_t distance = (uint32_t)__builtin_ctzll(word) + 1;
  return weights[distance & (0u - (uint32_t)(distance <= limit))];
}

/// A hull with a neighbour in front ends at a position: nothing of the same word and no border of a value stands between. One
/// with a neighbour behind is known when the next position is.
INLINE int walk(
  kwic_near_walk *state, const uint8_t *bits, const uint32_t *valueEnds, const uint32_t *gaps, size_t count, size_t rest,
  int before, int after) {
  const uint32_t max = state->max, end = state->end + 64;
  uint32_t position = state->position, valueStart = state->valueStart, valueEnd = valueEnds[state->value];
  float sum = state->sum;
  int goesOn = 1;
  for (size_t i = 0; i < count && goesOn;) {
    const float most = (float)(rest + count - i + 1) * state->most;
    if (sum + most <= state->needed && sum >= state->least) {
      goesOn = 0;
      break;
    }
    for (const size_t stop = i + 8 < count ? i + 8 : count; i < stop; i++) {
      const uint32_t gap = gaps[i];
      if (after && position != UINT32_MAX) sum += weight_after(bits, position, least(least(gap, max), valueEnd - 1 - position));
      position += gap + 1;
      if (position > end) {
        goesOn = 0;
        break;
      }
      while (position >= valueEnd) {
        valueStart = valueEnd + 1;
        valueEnd = valueEnds[++state->value];
      }
      if (before) sum += weight_before(bits, position, least(least(gap, max), position - valueStart));
    }
  }
  if (after && goesOn && rest == 0) sum += weight_after(bits, position, least(max, valueEnd - 1 - position));
  state->position = position;
  state->valueStart = valueStart;
  state->sum = sum;
  return goesOn;
}

int kwic_walk_near(
  kwic_near_walk *state, const uint64_t *bits, const uint32_t *valueEnds, const uint32_t *gaps, size_t count, size_t rest) {
  const uint8_t *bytes = (const uint8_t *)bits;
  if (!state->after) return walk(state, bytes, valueEnds, gaps, count, rest, 1, 0);
  if (!state->before) return walk(state, bytes, valueEnds, gaps, count, rest, 0, 1);
  return walk(state, bytes, valueEnds, gaps, count, rest, 1, 1);
}
