// Unions and intersections of a few ascending lists: documents of words, positions of a word's forms in one document.
#include "Kernels.h"
#include <string.h>

// A merge has no branch on which of two is next: it would be guessed wrong every other time.

size_t kwic_merge_forms(
  const uint32_t *documents, const uint32_t *frequencies, const uint32_t *forms, size_t count,
  const uint32_t *otherDocuments, const uint32_t *otherFrequencies, uint32_t otherForm, size_t otherCount,
  uint32_t *mergedDocuments, uint32_t *mergedFrequencies, uint32_t *mergedForms) {
  size_t i = 0, k = 0, merged = 0;
  while (i < count && k < otherCount) {
    const uint32_t a = documents[i], b = otherDocuments[k];
    const uint32_t takesA = a <= b, takesB = b <= a;
    const uint32_t ofA = 0 - takesA, ofB = 0 - takesB;
    mergedDocuments[merged] = takesA ? a : b;
    mergedFrequencies[merged] = ((frequencies[i] & ofA) + (otherFrequencies[k] & ofB)) & 0x7FFFFFFF;
    mergedForms[merged] = (forms[i] & ofA) | (otherForm & ofB);
    merged++;
    i += takesA;
    k += takesB;
  }
  const size_t left = count - i, otherLeft = otherCount - k;
  memcpy(mergedDocuments + merged, documents + i, 4 * left);
  memcpy(mergedFrequencies + merged, frequencies + i, 4 * left);
  memcpy(mergedForms + merged, forms + i, 4 * left);
  merged += left;
  memcpy(mergedDocuments + merged, otherDocuments + k, 4 * otherLeft);
  memcpy(mergedFrequencies + merged, otherFrequencies + k, 4 * otherLeft);
  for (size_t n = 0; n < otherLeft; n++) mergedForms[merged + n] = otherForm;
  return merged + otherLeft;
}

size_t kwic_merge_positions(uint32_t *values, size_t count, size_t total, uint32_t *scratch) {
  // Often one form's positions all stand before the other's: nothing is to be done.
  if (count == 0 || count == total || values[count - 1] < values[count]) return total;
  size_t i = 0, k = count, merged = 0;
  while (i < count && k < total) {
    const uint32_t a = values[i], b = values[k];
    scratch[merged++] = a <= b ? a : b;
    i += a <= b;
    k += b <= a;
  }
  memcpy(scratch + merged, values + i, 4 * (count - i));
  merged += count - i;
  memcpy(scratch + merged, values + k, 4 * (total - k));
  merged += total - k;
  memcpy(values, scratch, 4 * merged);
  return merged;
}

// ---- intersection ---------------------------------------------------------------------------------------------------

/// A bit for each of 16 values that equals `wanted`.
INLINE uint32_t equal16(const uint32_t *values, uint32_t wanted) {
#if KWIC_X86
  const __m128i all = _mm_set1_epi32((int)wanted);
  const __m128i *four = (const __m128i *)values;
  const __m128i a = _mm_cmpeq_epi32(_mm_loadu_si128(four), all), b = _mm_cmpeq_epi32(_mm_loadu_si128(four + 1), all);
  const __m128i c = _mm_cmpeq_epi32(_mm_loadu_si128(four + 2), all), d = _mm_cmpeq_epi32(_mm_loadu_si128(four + 3), all);
  return (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(_mm_packs_epi32(a, b), _mm_packs_epi32(c, d)));
#else
  uint32_t mask = 0;
  for (int i = 0; i < 16; i++) mask |= (uint32_t)(values[i] == wanted) << i;
  return mask;
#endif
}

// Sixteen documents at a time (after Lemire, Boytsov, Kurz 2016): the only branch is the one that goes on to the next
// sixteen, which is taken seldom; whether a candidate is found moves a counter.
size_t kwic_intersect(
  const uint32_t *candidates, size_t count, const uint32_t *documents, size_t from, uint32_t *places,
  uint32_t *documentPlaces) {
  size_t found = 0;
  for (size_t i = 0; i < count; i++) {
    const uint32_t wanted = candidates[i];
    while (from < KWIC_BLOCK_VALUES - 16 && documents[from + 15] < wanted) from += 16;
    const uint32_t mask = equal16(documents + from, wanted);
    places[found] = (uint32_t)i;
    documentPlaces[found] = (uint32_t)from + (uint32_t)__builtin_ctz(mask | 0x10000);
    found += mask != 0;
  }
  return found;
}
