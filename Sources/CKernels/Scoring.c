// BM25 over a run of postings, and the filter that follows it.
#include "Kernels.h"

// The rounding of every step is part of the contract: bounds and exact scores are compared bit for bit.
#pragma STDC FP_CONTRACT OFF

INLINE void score(
  const uint32_t *restrict documents, const uint32_t *restrict frequencies, size_t count,
  const uint8_t *restrict norms, const float *restrict inverse, float weight, float *restrict scores) {
  for (size_t i = 0; i < count; i++) {
    // Frequencies are below 2^31: the signed conversion is one instruction, the unsigned one is seven.
    scores[i] = weight - weight / (1.0f + (float)(int32_t)frequencies[i] * inverse[norms[documents[i]]]);
  }
}

void kwic_score_scalar(
  const uint32_t *documents, const uint32_t *frequencies, size_t count,
  const uint8_t *norms, const float *inverse, float weight, float *scores) {
#pragma clang loop vectorize(disable)
  for (size_t i = 0; i < count; i++) {
    scores[i] = weight - weight / (1.0f + (float)(int32_t)frequencies[i] * inverse[norms[documents[i]]]);
  }
}

#if KWIC_X86

__attribute__((target("avx2"))) static void score_avx2(
  const uint32_t *documents, const uint32_t *frequencies, size_t count,
  const uint8_t *norms, const float *inverse, float weight, float *scores) {
  const __m256 weights = _mm256_set1_ps(weight), one = _mm256_set1_ps(1.0f);
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    // Eight scalar loads beat the gather instruction on Zen 4 (performance.md: 0.73 against 1.47 ns a posting).
    const uint32_t *d = documents + i;
    const __m256 factors = _mm256_setr_ps(
      inverse[norms[d[0]]], inverse[norms[d[1]]], inverse[norms[d[2]]], inverse[norms[d[3]]],
      inverse[norms[d[4]]], inverse[norms[d[5]]], inverse[norms[d[6]]], inverse[norms[d[7]]]);
    const __m256 f = _mm256_cvtepi32_ps(_mm256_loadu_si256((const __m256i *)(frequencies + i)));
    const __m256 below = _mm256_add_ps(one, _mm256_mul_ps(f, factors));
    _mm256_storeu_ps(scores + i, _mm256_sub_ps(weights, _mm256_div_ps(weights, below)));
  }
  kwic_score_scalar(documents + i, frequencies + i, count - i, norms, inverse, weight, scores + i);
}

__attribute__((target("avx2,popcnt"))) static uint32_t above_avx2(const float *scores, size_t count, float floor, uint32_t *indexes) {
  uint32_t found = 0;
  size_t i = 0;
  const __m256 floors = _mm256_set1_ps(floor);
  for (; i + 8 <= count; i += 8) {
    unsigned mask = (unsigned)_mm256_movemask_ps(_mm256_cmp_ps(_mm256_loadu_ps(scores + i), floors, _CMP_GT_OQ));
    for (; mask != 0; mask &= mask - 1) indexes[found++] = (uint32_t)i + (uint32_t)__builtin_ctz(mask);
  }
  for (; i < count; i++) {
    if (scores[i] > floor) indexes[found++] = (uint32_t)i;
  }
  return found;
}

#endif

void kwic_score(
  const uint32_t *documents, const uint32_t *frequencies, size_t count,
  const uint8_t *norms, const float *inverse, float weight, float *scores) {
#if KWIC_X86
  if (kwic_level >= LEVEL_AVX2) {
    score_avx2(documents, frequencies, count, norms, inverse, weight, scores);
    return;
  }
#endif
  score(documents, frequencies, count, norms, inverse, weight, scores);
}

uint32_t kwic_above(const float *scores, size_t count, float floor, uint32_t *indexes) {
#if KWIC_X86
  if (kwic_level >= LEVEL_AVX2) return above_avx2(scores, count, floor, indexes);
#endif
  uint32_t found = 0;
  for (size_t i = 0; i < count; i++) {
    indexes[found] = (uint32_t)i;
    found += scores[i] > floor;
  }
  return found;
}
