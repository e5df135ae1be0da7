// What the phrase layer does with the nearness of all pairs of one document, and how it finds the heaviest documents.
#include "Kernels.h"

#include <string.h>

/// Units of a nearness, rounded up, and at most four thousand millions of them.
INLINE uint32_t units(float nearness, float unit, float slack) {
  const float exact = nearness / unit * slack;
  if (!(exact < 4e9f)) return 4000000000u;
  const uint32_t whole = (uint32_t)exact;
  return (float)whole < exact ? whole + 1 : whole;
}

/// One number with a nearness above 0; answers whether it was written.
INLINE size_t drain_one(kwic_nearness n, size_t i, uint32_t *heavy, uint32_t *heavyUnits) {
  const uint32_t whole = units(n.sums[i], n.unit, n.slack);
  n.sums[i] = 0;
  n.totals[i]++;
  if ((float)whole * n.factor > n.least[i]) {
    *heavy = (uint32_t)i;
    *heavyUnits = whole;
    return 1;
  }
  if (whole > n.dropped[i]) n.dropped[i] = whole;
  return 0;
}

size_t kwic_drain_nearness_scalar(kwic_nearness n, size_t count, uint32_t *heavy, uint32_t *heavyUnits) {
  size_t found = 0;
  for (size_t i = 0; i < count; i++) {
    if (n.sums[i] > 0) found += drain_one(n, i, heavy + found, heavyUnits + found);
  }
  return found;
}

float kwic_largest_scalar(const float *values, size_t count, size_t rank) {
  // The largest value that so many others do not fall short of.
  float best = 0;
  for (size_t i = 0; i < count; i++) {
    size_t reached = 0;
    for (size_t j = 0; j < count; j++) reached += values[j] >= values[i];
    if (reached >= rank && values[i] > best) best = values[i];
  }
  return best;
}

/// The bits of a float of at least 0 sort as it does.
INLINE int32_t bits_of(float value) {
  int32_t bits;
  memcpy(&bits, &value, 4);
  return bits;
}

INLINE float float_of(int32_t bits) {
  float value;
  memcpy(&value, &bits, 4);
  return value;
}

#if KWIC_X86

__attribute__((target("avx2"))) static size_t drain_avx2(
  kwic_nearness n, size_t count, uint32_t *heavy, uint32_t *heavyUnits
) {
  // To multiply is exact as well: the unit is a power of two.
  const __m256 zero = _mm256_setzero_ps(), perUnit = _mm256_set1_ps(1 / n.unit), slack = _mm256_set1_ps(n.slack);
  const __m256 factor = _mm256_set1_ps(n.factor), most = _mm256_set1_ps(2e9f);
  size_t found = 0, i = 0;
  for (; i + 8 <= count; i += 8) {
    const __m256 sums = _mm256_loadu_ps(n.sums + i);
    const __m256 present = _mm256_cmp_ps(sums, zero, _CMP_GT_OQ);
    if (_mm256_testz_ps(present, present)) continue;
    const __m256 exact = _mm256_mul_ps(_mm256_mul_ps(sums, perUnit), slack);
    if (_mm256_movemask_ps(_mm256_cmp_ps(exact, most, _CMP_NLT_UQ)) != 0) {
      // Beyond what is converted with a sign.
      for (size_t j = i; j < i + 8; j++) {
        if (n.sums[j] > 0) found += drain_one(n, j, heavy + found, heavyUnits + found);
      }
      continue;
    }
    const __m256i cut = _mm256_cvttps_epi32(exact);
    const __m256 isCut = _mm256_cmp_ps(_mm256_cvtepi32_ps(cut), exact, _CMP_LT_OQ);
    const __m256i whole = _mm256_sub_epi32(cut, _mm256_castps_si256(isCut));
    const __m256 weights = _mm256_mul_ps(_mm256_cvtepi32_ps(whole), factor);
    const __m256 isHeavy = _mm256_and_ps(_mm256_cmp_ps(weights, _mm256_loadu_ps(n.least + i), _CMP_GT_OQ), present);
    _mm256_storeu_ps(n.sums + i, zero);
    __m256i *totals = (__m256i *)(n.totals + i), *dropped = (__m256i *)(n.dropped + i);
    _mm256_storeu_si256(totals, _mm256_sub_epi32(_mm256_loadu_si256(totals), _mm256_castps_si256(present)));
    const __m256i light = _mm256_castps_si256(_mm256_andnot_ps(isHeavy, present));
    _mm256_storeu_si256(dropped, _mm256_max_epu32(_mm256_loadu_si256(dropped), _mm256_and_si256(whole, light)));
    uint32_t lanes[8];
    _mm256_storeu_si256((__m256i *)lanes, whole);
    for (uint32_t mask = (uint32_t)_mm256_movemask_ps(isHeavy); mask != 0; mask &= mask - 1) {
      const uint32_t lane = (uint32_t)__builtin_ctz(mask);
      heavy[found] = (uint32_t)i + lane;
      heavyUnits[found++] = lanes[lane];
    }
  }
  for (; i < count; i++) {
    if (n.sums[i] > 0) found += drain_one(n, i, heavy + found, heavyUnits + found);
  }
  return found;
}

/// The same sixteen at a time; the heavy ones are moved together by the processor.
__attribute__((target("avx512f,avx512bw,avx512vl,popcnt"))) static size_t drain_avx512(
  kwic_nearness n, size_t count, uint32_t *heavy, uint32_t *heavyUnits
) {
  const __m512 zero = _mm512_setzero_ps(), perUnit = _mm512_set1_ps(1 / n.unit), slack = _mm512_set1_ps(n.slack);
  const __m512 factor = _mm512_set1_ps(n.factor), most = _mm512_set1_ps(2e9f);
  const __m512i one = _mm512_set1_epi32(1), step = _mm512_set1_epi32(16);
  __m512i numbers = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  size_t found = 0, i = 0;
  for (; i + 16 <= count; i += 16, numbers = _mm512_add_epi32(numbers, step)) {
    const __m512 sums = _mm512_loadu_ps(n.sums + i);
    const __mmask16 present = _mm512_cmp_ps_mask(sums, zero, _CMP_GT_OQ);
    if (present == 0) continue;
    const __m512 exact = _mm512_mul_ps(_mm512_mul_ps(sums, perUnit), slack);
    if (_mm512_cmp_ps_mask(exact, most, _CMP_NLT_UQ) != 0) {
      for (size_t j = i; j < i + 16; j++) {
        if (n.sums[j] > 0) found += drain_one(n, j, heavy + found, heavyUnits + found);
      }
      continue;
    }
    const __m512i cut = _mm512_cvttps_epi32(exact);
    const __mmask16 isCut = _mm512_cmp_ps_mask(_mm512_cvtepi32_ps(cut), exact, _CMP_LT_OQ);
    const __m512i whole = _mm512_mask_add_epi32(cut, isCut, cut, one);
    const __m512 weights = _mm512_mul_ps(_mm512_cvtepi32_ps(whole), factor);
    const __mmask16 isHeavy = _mm512_mask_cmp_ps_mask(present, weights, _mm512_loadu_ps(n.least + i), _CMP_GT_OQ);
    _mm512_storeu_ps(n.sums + i, zero);
    const __m512i totals = _mm512_loadu_si512(n.totals + i), dropped = _mm512_loadu_si512(n.dropped + i);
    _mm512_storeu_si512(n.totals + i, _mm512_mask_add_epi32(totals, present, totals, one));
    _mm512_storeu_si512(n.dropped + i, _mm512_mask_max_epu32(dropped, present & ~isHeavy, dropped, whole));
    // There is room for `count`, and no more are found up to here than `i`.
    _mm512_storeu_si512(heavy + found, _mm512_maskz_compress_epi32(isHeavy, numbers));
    _mm512_storeu_si512(heavyUnits + found, _mm512_maskz_compress_epi32(isHeavy, whole));
    found += (size_t)__builtin_popcount(isHeavy);
  }
  for (; i < count; i++) {
    if (n.sums[i] > 0) found += drain_one(n, i, heavy + found, heavyUnits + found);
  }
  return found;
}

/// How many of the values have bits of at least `least`.
__attribute__((target("avx2"))) static size_t reaching(const float *values, size_t count, int32_t least) {
  const __m256i below = _mm256_set1_epi32(least - 1);
  __m256i sums = _mm256_setzero_si256();
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    sums = _mm256_sub_epi32(sums, _mm256_cmpgt_epi32(_mm256_loadu_si256((const __m256i *)(values + i)), below));
  }
  uint32_t lanes[8];
  _mm256_storeu_si256((__m256i *)lanes, sums);
  size_t reached = 0;
  for (int lane = 0; lane < 8; lane++) reached += lanes[lane];
  for (; i < count; i++) reached += bits_of(values[i]) >= least;
  return reached;
}

#endif

#if !KWIC_X86
static size_t reaching(const float *values, size_t count, int32_t least) {
  size_t reached = 0;
  for (size_t i = 0; i < count; i++) reached += bits_of(values[i]) >= least;
  return reached;
}
#endif

size_t kwic_drain_nearness(kwic_nearness n, size_t count, uint32_t *heavy, uint32_t *heavyUnits) {
#if KWIC_X86
  if (kwic_level >= LEVEL_AVX512) return drain_avx512(n, count, heavy, heavyUnits);
  if (kwic_level >= LEVEL_AVX2) return drain_avx2(n, count, heavy, heavyUnits);
#endif
  return kwic_drain_nearness_scalar(n, count, heavy, heavyUnits);
}

size_t kwic_keep_heaviest(
  uint64_t *entries, const float *weights, size_t count, float bound, size_t rank, uint64_t *light
) {
  size_t above = 0, kept = 0, left = 0;
  for (size_t i = 0; i < count; i++) above += weights[i] > bound;
  size_t room = rank - above;
  for (size_t i = 0; i < count; i++) {
    // Written to both and counted in one: no branch to guess.
    const uint64_t entry = entries[i];
    const size_t equals = (size_t)(weights[i] == bound) & (size_t)(room > 0);
    const size_t stays = (size_t)(weights[i] > bound) | equals;
    room -= equals;
    entries[kept] = entry;
    light[left] = entry;
    kept += stays;
    left += 1 - stays;
  }
  return kept;
}

float kwic_largest(const float *values, size_t count, size_t rank) {
#if KWIC_X86
  if (kwic_level < LEVEL_AVX2) return kwic_largest_scalar(values, count, rank);
#endif
  // Bisection of the bits: a count over all values is a few dozen instructions.
  int32_t low = bits_of(values[0]), high = low;
  for (size_t i = 1; i < count; i++) {
    const int32_t bits = bits_of(values[i]);
    low = bits < low ? bits : low;
    high = bits > high ? bits : high;
  }
  while (low < high) {
    const int32_t middle = low + (high - low) / 2 + 1;
    if (reaching(values, count, middle) >= rank) low = middle; else high = middle - 1;
  }
  return float_of(low);
}
