// Positions of one word in one document: from gaps to positions, and two lists of them against each other.
#include "Kernels.h"

uint64_t kwic_sum(const uint32_t *values, size_t count) {
  uint64_t sum = 0;
  for (size_t i = 0; i < count; i++) sum += values[i];
  return sum;
}

uint32_t kwic_sum_between(const uint32_t *values, size_t from, size_t to) {
  uint32_t sum = 0;
#if KWIC_X86
  // Four at a time, and of the last four those in front of `to`.
  __m128i four = _mm_setzero_si128();
  for (; from + 4 <= to; from += 4) four = _mm_add_epi32(four, _mm_loadu_si128((const __m128i *)(values + from)));
  const __m128i left = _mm_cmpgt_epi32(_mm_set1_epi32((int)(to - from)), _mm_setr_epi32(0, 1, 2, 3));
  four = _mm_add_epi32(four, _mm_and_si128(left, _mm_loadu_si128((const __m128i *)(values + from))));
  four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4E));
  four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0xB1));
  sum = (uint32_t)_mm_cvtsi128_si32(four);
#else
  for (; from < to; from++) sum += values[from];
#endif
  return sum;
}

void kwic_ascend_scalar(const uint32_t *gaps, size_t count, uint32_t previous, uint32_t *values) {
  for (size_t i = 0; i < count; i++) {
    previous += gaps[i] + 1;
    values[i] = previous;
  }
}

#if KWIC_X86

/// Four values a step; the carry goes through one shuffle and one add.
void kwic_ascend(const uint32_t *gaps, size_t count, uint32_t previous, uint32_t *values) {
  const __m128i one = _mm_set1_epi32(1);
  __m128i carry = _mm_set1_epi32((int)previous);
  size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    __m128i sum = _mm_add_epi32(_mm_loadu_si128((const __m128i *)(gaps + i)), one);
    sum = _mm_add_epi32(sum, _mm_slli_si128(sum, 4));
    sum = _mm_add_epi32(sum, _mm_slli_si128(sum, 8));
    const __m128i here = _mm_add_epi32(sum, carry);
    carry = _mm_add_epi32(carry, _mm_shuffle_epi32(sum, 0xFF));
    _mm_storeu_si128((__m128i *)(values + i), here);
  }
  kwic_ascend_scalar(gaps + i, count - i, (uint32_t)_mm_cvtsi128_si32(carry), values + i);
}

#else

void kwic_ascend(const uint32_t *gaps, size_t count, uint32_t previous, uint32_t *values) {
  kwic_ascend_scalar(gaps, count, previous, values);
}

#endif

// ---- the first value that is not below another ----------------------------------------------------------------------

/// Index, from `from` on, of the first of `count` ascending values that is `wanted` or above.
INLINE size_t first_not_below(const uint32_t *values, size_t count, size_t from, uint32_t wanted) {
#if KWIC_X86
  // Sixteen are skipped by their last; of the sixteen that hold the place those below are counted. Signed comparison
  // of values with the top bit flipped is unsigned comparison.
  while (from + 16 <= count && values[from + 15] < wanted) from += 16;
  if (from + 16 <= count) {
    const __m128i flip = _mm_set1_epi32((int)0x80000000), limit = _mm_xor_si128(_mm_set1_epi32((int)wanted), flip);
    __m128i below = _mm_setzero_si128();
    for (int i = 0; i < 4; i++) {
      const __m128i here = _mm_xor_si128(_mm_loadu_si128((const __m128i *)(values + from + 4 * i)), flip);
      below = _mm_sub_epi32(below, _mm_cmpgt_epi32(limit, here));
    }
    below = _mm_add_epi32(below, _mm_shuffle_epi32(below, 0x4E));
    below = _mm_add_epi32(below, _mm_shuffle_epi32(below, 0xB1));
    return from + (uint32_t)_mm_cvtsi128_si32(below);
  }
#endif
  while (from < count && values[from] < wanted) from++;
  return from;
}

// ---- phrases --------------------------------------------------------------------------------------------------------

size_t kwic_keep_followed(
  uint32_t *candidates, size_t count, const uint32_t *positions, size_t positionCount, uint32_t place) {
  size_t kept = 0, next = 0;
  if (positionCount > 6 * count) {
    for (size_t i = 0; i < count; i++) {
      const uint32_t wanted = candidates[i] + place;
      next = first_not_below(positions, positionCount, next, wanted);
      if (next == positionCount) break;
      candidates[kept] = candidates[i];
      kept += positions[next] == wanted;
    }
    return kept;
  }
  // Alike in number: a merge without a branch on which is next.
  for (size_t i = 0; i < count && next < positionCount;) {
    const uint32_t candidate = candidates[i], wanted = candidate + place, position = positions[next];
    candidates[kept] = candidate;
    kept += position == wanted;
    i += position >= wanted;
    next += position <= wanted;
  }
  return kept;
}

// ---- pairs ----------------------------------------------------------------------------------------------------------

/// For one position of the rarer word after the other its neighbours in the frequent one.
INLINE size_t pairs_by_search(
  const uint32_t *rarer, size_t count, const uint32_t *other, size_t otherCount, uint32_t max, int before, int after,
  uint32_t *hulls) {
  size_t found = 0, next = 0;
  for (size_t i = 0; i < count; i++) {
    const uint32_t position = rarer[i];
    next = first_not_below(other, otherCount, next, position);
    if (before && next > 0) {
      const uint32_t lo = other[next - 1];
      hulls[2 * found] = lo;
      hulls[2 * found + 1] = position;
      found += (position - lo <= max) & (i == 0 || lo > rarer[i - 1]);
    }
    if (after && next < otherCount) {
      const uint32_t hi = other[next];
      hulls[2 * found] = position;
      hulls[2 * found + 1] = hi;
      found += (hi - position <= max) & (i + 1 == count || hi < rarer[i + 1]);
    }
  }
  return found;
}

/// Neighbours of different words in the merged order; no branch on which of the two is next.
INLINE size_t pairs_by_merging(
  const uint32_t *rarer, size_t count, const uint32_t *other, size_t otherCount, uint32_t max, uint32_t ends,
  uint32_t *hulls) {
  size_t found = 0, i = 0, k = 0;
  uint32_t last = 0, lastWord = 2;  // none yet
  while (i < count && k < otherCount) {
    const uint32_t a = rarer[i], b = other[k];
    const uint32_t word = a >= b, position = word ? b : a;
    hulls[2 * found] = last;
    hulls[2 * found + 1] = position;
    found += (lastWord + word == 1) & (ends >> word) & (position - last <= max);
    last = position;
    lastWord = word;
    i += 1 - word;
    k += word;
  }
  // One word is used up; the next position of the other may be a neighbour of its last.
  const uint32_t rest = i == count, position = rest ? other[k] : rarer[i];
  if (lastWord + rest == 1 && (ends >> rest & 1) && position - last <= max) {
    hulls[2 * found] = last;
    hulls[2 * found + 1] = position;
    found++;
  }
  return found;
}

size_t kwic_pairs(
  const uint32_t *rarer, size_t count, const uint32_t *other, size_t otherCount, uint32_t max, int before, int after,
  uint32_t *hulls) {
  if (count == 0 || otherCount == 0) return 0;
  if (otherCount > 6 * count) return pairs_by_search(rarer, count, other, otherCount, max, before, after, hulls);
  // A hull ends with the rarer word where the other stands before it.
  const uint32_t ends = (before ? 1u : 0u) | (after ? 2u : 0u);
  return pairs_by_merging(rarer, count, other, otherCount, max, ends, hulls);
}

// A position that stands too far in front for one of the other word does so for all that follow, so one step of one word
// is always right.
int kwic_stand_near(
  const uint32_t *gaps, size_t count, const uint32_t *otherGaps, size_t otherCount, int64_t least, int64_t most) {
  const uint32_t *end = gaps + count, *otherEnd = otherGaps + otherCount;
  int64_t behind = (int64_t)*otherGaps - (int64_t)*gaps;
  while (1) {
    if (behind < least) {
      if (++otherGaps == otherEnd) return 0;
      behind += (int64_t)*otherGaps + 1;
    } else if (behind > most) {
      if (++gaps == end) return 0;
      behind -= (int64_t)*gaps + 1;
    } else {
      return 1;
    }
  }
}

int kwic_any_within_scalar(
  const uint32_t *begins, size_t count, uint32_t width, const uint32_t *gaps, size_t gapCount, uint32_t stop,
  uint32_t *previous) {
  uint32_t position = *previous, found = 0;
  for (size_t i = 0; i < gapCount && (position < stop || position == UINT32_MAX); i++) {
    position += gaps[i] + 1;
    for (size_t k = 0; k < count; k++) found |= position - begins[k] <= width;
  }
  *previous = position;
  return found != 0;
}

#if KWIC_X86

/// Four gaps a step, sixteen until it is looked whether the end was reached. The carry goes through one shuffle and one add.
INLINE int any_within(
  const uint32_t *begins, size_t count, uint32_t width, const uint32_t *gaps, size_t gapCount, uint32_t stop,
  uint32_t *previous) {
  // Signed comparison of values with the top bit flipped is unsigned comparison.
  const __m128i one = _mm_set1_epi32(1), flip = _mm_set1_epi32((int)0x80000000);
  const __m128i limit = _mm_xor_si128(_mm_set1_epi32((int)width), flip);
  __m128i carry = _mm_set1_epi32((int)*previous), outside = _mm_set1_epi32(-1);
  size_t i = 0;
  while (i + 4 <= gapCount) {
    for (const size_t end = i + 16; i < end && i + 4 <= gapCount; i += 4) {
      __m128i sum = _mm_add_epi32(_mm_loadu_si128((const __m128i *)(gaps + i)), one);
      sum = _mm_add_epi32(sum, _mm_slli_si128(sum, 4));
      sum = _mm_add_epi32(sum, _mm_slli_si128(sum, 8));
      const __m128i here = _mm_xor_si128(_mm_add_epi32(sum, carry), flip);
      carry = _mm_add_epi32(carry, _mm_shuffle_epi32(sum, 0xFF));
      for (size_t k = 0; k < count; k++) {
        const __m128i behind = _mm_sub_epi32(here, _mm_set1_epi32((int)begins[k]));
        outside = _mm_and_si128(outside, _mm_cmpgt_epi32(behind, limit));
      }
    }
    *previous = (uint32_t)_mm_cvtsi128_si32(carry);
    if (_mm_movemask_epi8(outside) != 0xFFFF) return 1;
    if (*previous >= stop) return 0;
  }
  return kwic_any_within_scalar(begins, count, width, gaps + i, gapCount - i, stop, previous);
}

int kwic_any_within(
  const uint32_t *begins, size_t count, uint32_t width, const uint32_t *gaps, size_t gapCount, uint32_t stop,
  uint32_t *previous) {
  switch (count) {
  case 1: return any_within(begins, 1, width, gaps, gapCount, stop, previous);
  case 2: return any_within(begins, 2, width, gaps, gapCount, stop, previous);
  default: return any_within(begins, count, width, gaps, gapCount, stop, previous);
  }
}

#else

int kwic_any_within(
  const uint32_t *begins, size_t count, uint32_t width, const uint32_t *gaps, size_t gapCount, uint32_t stop,
  uint32_t *previous) {
  return kwic_any_within_scalar(begins, count, width, gaps, gapCount, stop, previous);
}

#endif

int kwic_first_pair(
  const uint32_t *rarer, size_t count, const uint32_t *other, size_t otherCount, uint32_t max, int before, int after,
  uint32_t *pair) {
  size_t next = 0;
  for (size_t i = 0; i < count; i++) {
    const uint32_t position = rarer[i];
    next = first_not_below(other, otherCount, next, position);
    if (before && next > 0 && position - other[next - 1] <= max) {
      pair[0] = other[next - 1];
      pair[1] = position;
      return 1;
    }
    if (after && next < otherCount && other[next] - position <= max) {
      pair[0] = position;
      pair[1] = other[next];
      return 1;
    }
  }
  return 0;
}

// ---- windows of three words -----------------------------------------------------------------------------------------

/// A word on its way through the merged order: the places that are left of it, and its last position plus one (0: none).
struct walk {
  const uint32_t *next, *end;
  uint32_t position, last;
};

INLINE uint32_t position_of(const struct walk *walk) { return walk->next < walk->end ? *walk->next : UINT32_MAX; }

/// The word steps past `position` if `takes`; no branch on that.
INLINE void step(struct walk *walk, uint32_t takes, uint32_t position) {
  walk->last = takes ? position + 1 : walk->last;
  walk->next += takes;
  walk->position = position_of(walk);
}

INLINE uint32_t least(uint32_t x, uint32_t y) { return x < y ? x : y; }

/// With a word at its new position, the hull begins at the earlier of the others' last positions; it is minimal unless
/// the same word stands inside once more.
INLINE size_t merge_three(struct walk a, struct walk b, struct walk c, uint32_t max, uint32_t *hulls) {
  size_t found = 0;
  a.position = position_of(&a), b.position = position_of(&b), c.position = position_of(&c);
  while (1) {
    const uint32_t position = least(a.position, least(b.position, c.position));
    if (position == UINT32_MAX) return found;
    const uint32_t takesA = a.position == position, takesB = !takesA & (b.position == position);
    const uint32_t takesC = !takesA & !takesB;
    const uint32_t before = takesA ? a.last : takesB ? b.last : c.last;
    const uint32_t begin = least(takesA ? b.last : a.last, takesC ? b.last : c.last);
    hulls[2 * found] = begin - 1;
    hulls[2 * found + 1] = position;
    found += (begin > before) & (position + 1 - begin <= max);
    step(&a, takesA, position);
    step(&b, takesB, position);
    step(&c, takesC, position);
  }
}

size_t kwic_triples(
  const uint32_t *a, size_t aCount, const uint32_t *b, size_t bCount, const uint32_t *c, size_t cCount, uint32_t max,
  int onlyOne, uint32_t *hulls) {
  size_t found = 0, j = 0, k = 0;
  for (size_t i = 0; i < aCount;) {
    // What stands near one run of the rarest word: no window reaches further, and none reaches two runs.
    size_t end = i + 1;
    while (end < aCount && (a[end] - a[end - 1]) / 2 <= max) end++;
    const uint32_t low = a[i] > max ? a[i] - max : 0, high = a[end - 1] < UINT32_MAX - 1 - max ? a[end - 1] + max + 1 : UINT32_MAX;
    j = first_not_below(b, bCount, j, low);
    k = first_not_below(c, cCount, k, low);
    const size_t bEnd = first_not_below(b, bCount, j, high), cEnd = first_not_below(c, cCount, k, high);
    if (bEnd > j && cEnd > k) {
      const struct walk first = {a + i, a + end, 0, 0}, second = {b + j, b + bEnd, 0, 0}, third = {c + k, c + cEnd, 0, 0};
      found += merge_three(first, second, third, max, hulls + 2 * found);
      if (onlyOne && found > 0) return found;
    }
    i = end;
  }
  return found;
}
