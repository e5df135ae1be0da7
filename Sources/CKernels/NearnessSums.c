// How near the common words of one document stand to one another: the sums of its pairs and triples.
//
// A sum of floats depends on the order of its addends, and the tiers are bytes on a disk: each version adds up every pair and
// every triple in the order of the document.
#include "Kernels.h"

#include <string.h>

#define TRIPLE_WORDS KWIC_TRIPLE_WORDS

/// 1 / distance. Two words at one position, and a window of two positions, are as near as can be.
INLINE float inverse_of(const kwic_near_words *words, uint32_t distance) {
  if (distance - 1 >= KWIC_INVERSES - 1) return distance == 0 ? 1 : 1 / (float)distance;
  return words->inverses[distance];
}

// ---- scalar twin -----------------------------------------------------------------------------------------------------

/// Words in the order in which they were last seen, the last at the end, and the positions where that was.
typedef struct {
  uint32_t count;
  uint8_t words[256];
  uint32_t positions[256];
} recent_words;

/// Puts a word at the end; `place` is the one behind its own, 0 where it was not seen yet.
INLINE void move_to_end(recent_words *recent, uint8_t word, uint32_t position, uint32_t place) {
  if (place > 0) {
    for (uint32_t next = place; next < recent->count; next++) {
      recent->words[next - 1] = recent->words[next];
      recent->positions[next - 1] = recent->positions[next];
    }
  } else {
    recent->count++;
  }
  recent->words[recent->count - 1] = word;
  recent->positions[recent->count - 1] = position;
}

void kwic_add_nearness_scalar(
  const kwic_near_words *words, const uint32_t *positions, const uint8_t *wordAt, size_t count, float *pairs, float *triples
) {
  recent_words all, common;
  all.count = common.count = 0;
  for (size_t i = 0; i < count; i++) {
    const uint8_t word = wordAt[i];
    const uint32_t position = positions[i];
    const uint16_t *pairRow = words->pairs + (size_t)word * words->pairStride;
    uint32_t place = all.count;
    for (; place > 0 && all.words[place - 1] != word; place--) {
      pairs[pairRow[all.words[place - 1]]] += inverse_of(words, position - all.positions[place - 1]);
    }
    move_to_end(&all, word, position, place);
    if (word >= TRIPLE_WORDS) continue;
    // Windows that begin with `first` and end here: the third word is one of those seen after it. None of the three stands
    // inside once more.
    for (place = common.count; place > 0 && common.words[place - 1] != word; place--) {
      const uint8_t first = common.words[place - 1];
      const float weight = inverse_of(words, position - common.positions[place - 1] - 1);
      const uint16_t *row = words->triples + ((size_t)word * TRIPLE_WORDS + first) * TRIPLE_WORDS;
      for (uint32_t next = place; next < common.count; next++) triples[row[common.words[next]]] += weight;
    }
    move_to_end(&common, word, position, place);
  }
}

// ---- AVX-512 ---------------------------------------------------------------------------------------------------------

#if KWIC_X86

#define AVX512 \
  __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,avx2,bmi,bmi2,popcnt"), noinline))

/// Lanes for words, and positions that fit into one with one added.
enum { PAIR_WORDS = 64, POSITIONS = 65535 };

/// Occurrences of one step.
enum { STEP = 32 };

/// What a step hands from the vectors to the sums.
typedef struct {
  // An entry for each pair that an occurrence ends: its number and its distance.
  uint32_t pairCount;
  uint16_t pairNumbers[STEP * PAIR_WORDS + PAIR_WORDS];
  uint16_t distances[STEP * PAIR_WORDS + PAIR_WORDS];
  float weights[STEP * PAIR_WORDS + PAIR_WORDS];
  // An entry for each occurrence of a word that has triples: the words before it, the last one first, and how many of
  // them have been seen since the same word.
  uint32_t count;
  uint8_t recent[STEP + 1][32] __attribute__((aligned(64)));
  uint8_t since[STEP + 1];
  uint8_t words[STEP + 1];
  uint32_t positions[STEP + 1];
} nearness_step;

/// Where each word was last seen, one more than its position, 0 where it was not yet: in lanes, and once more in memory.
typedef struct {
  __m512i low, high;
  /// The words that have triples, the last one first.
  __m256i recent;
  uint16_t last[PAIR_WORDS];
} seen_words;

/// Takes `count` occurrences apart. Without a branch: how many words were seen since the last occurrence of one is hard to guess.
AVX512 static void take_apart(
  const kwic_near_words *words, const uint32_t *positions, const uint8_t *wordAt, size_t count, seen_words *seen,
  nearness_step *step
) {
  static const uint8_t before[32] = {0,  0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14,
                                     15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30};
  const __m256i shift = _mm256_loadu_si256((const __m256i *)before);
  __m512i low = seen->low, high = seen->high;
  __m256i recent = seen->recent;
  size_t pairs = 0, triples = 0;
  for (size_t i = 0; i < count; i++) {
    const uint32_t word = wordAt[i];
    const __m512i here = _mm512_set1_epi16((short)(positions[i] + 1));
    const __m512i last = _mm512_set1_epi16((short)seen->last[word]);
    const uint32_t lowSince = _cvtmask32_u32(_mm512_cmpgt_epu16_mask(low, last));
    const uint32_t highSince = _cvtmask32_u32(_mm512_cmpgt_epu16_mask(high, last));
    const uint16_t *row = words->pairs + word * PAIR_WORDS;
    _mm512_storeu_si512(step->pairNumbers + pairs, _mm512_maskz_compress_epi16(lowSince, _mm512_loadu_si512(row)));
    _mm512_storeu_si512(step->distances + pairs, _mm512_maskz_compress_epi16(lowSince, _mm512_sub_epi16(here, low)));
    pairs += (size_t)__builtin_popcount(lowSince);
    _mm512_storeu_si512(step->pairNumbers + pairs, _mm512_maskz_compress_epi16(highSince, _mm512_loadu_si512(row + 32)));
    _mm512_storeu_si512(step->distances + pairs, _mm512_maskz_compress_epi16(highSince, _mm512_sub_epi16(here, high)));
    pairs += (size_t)__builtin_popcount(highSince);
    // Written always, kept where the word has triples.
    const uint32_t since = (uint32_t)__builtin_popcount(lowSince & ((1u << TRIPLE_WORDS) - 1));
    const uint32_t hasTriples = word < TRIPLE_WORDS;
    _mm256_store_si256((__m256i *)step->recent[triples], recent);
    step->since[triples] = (uint8_t)since;
    step->words[triples] = (uint8_t)word;
    step->positions[triples] = positions[i];
    triples += hasTriples;
    // The word goes to the front, those in front of it one place back.
    recent = _mm256_mask_permutexvar_epi8(recent, ~(~1u << since) & (0 - hasTriples), shift, recent);
    recent = _mm256_mask_mov_epi8(recent, hasTriples, _mm256_set1_epi8((char)word));
    seen->last[word] = (uint16_t)(positions[i] + 1);
    low = _mm512_mask_mov_epi16(low, (uint32_t)(1ull << word), here);
    high = _mm512_mask_mov_epi16(high, (uint32_t)(1ull << word >> 32), here);
  }
  const __m512 one = _mm512_set1_ps(1);
  for (size_t i = 0; i < pairs; i += 16) {
    const __m512i distances = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)(step->distances + i)));
    _mm512_storeu_ps(step->weights + i, _mm512_div_ps(one, _mm512_cvtepi32_ps(distances)));
  }
  seen->low = low, seen->high = high, seen->recent = recent;
  step->pairCount = (uint32_t)pairs, step->count = (uint32_t)triples;
}

// The windows that begin with recent[first] and end at this occurrence, their number a constant.
#define WINDOWS(first) \
  case (first) + 1: { \
    const uint8_t other = recent[first]; \
    const float weight = inverses[position - last[other]]; \
    const uint16_t *row = rows + other * TRIPLE_WORDS; \
    _Pragma("clang loop unroll(full) vectorize(disable)") \
    for (int third = 0; third < (first); third++) triples[row[recent[third]]] += weight; \
  } \
    __attribute__((fallthrough));

/// Adds up the triples of a step. The windows of an occurrence are written out: one jump is guessed wrong, not one a window.
AVX512 static void add_triples(
  const kwic_near_words *words, const nearness_step *step, uint32_t *last, float *triples
) {
  // Of a window's distance less one.
  const float *inverses = words->inverses - 1;
  for (uint32_t i = 0; i < step->count; i++) {
    const uint8_t *recent = step->recent[i];
    const uint32_t position = step->positions[i], since = step->since[i];
    const uint16_t *rows = words->triples + (size_t)step->words[i] * TRIPLE_WORDS * TRIPLE_WORDS;
    // The compiler is to read words where they are used, not all of them at first.
    __asm__("" : "+r"(recent));
    if (since > 1 && position - last[recent[since - 1]] > KWIC_INVERSES) {
      for (uint32_t first = since - 1; first > 0; first--) {
        const float weight = inverse_of(words, position - last[recent[first]] - 1);
        const uint16_t *row = rows + recent[first] * TRIPLE_WORDS;
        for (uint32_t third = 0; third < first; third++) triples[row[recent[third]]] += weight;
      }
    } else {
      switch (since) {
        WINDOWS(23) WINDOWS(22) WINDOWS(21) WINDOWS(20) WINDOWS(19) WINDOWS(18) WINDOWS(17) WINDOWS(16) WINDOWS(15)
        WINDOWS(14) WINDOWS(13) WINDOWS(12) WINDOWS(11) WINDOWS(10) WINDOWS(9) WINDOWS(8) WINDOWS(7) WINDOWS(6) WINDOWS(5)
        WINDOWS(4) WINDOWS(3) WINDOWS(2) WINDOWS(1)
        default: break;
      }
    }
    last[step->words[i]] = position;
  }
}

AVX512 static void add_nearness_avx512(
  const kwic_near_words *words, const uint32_t *positions, const uint8_t *wordAt, size_t count, float *pairs, float *triples
) {
  seen_words seen;
  memset(&seen, 0, sizeof seen);
  uint32_t last[TRIPLE_WORDS] = {0};
  nearness_step step;
  for (size_t start = 0; start < count; start += STEP) {
    const size_t left = count - start;
    take_apart(words, positions + start, wordAt + start, left < STEP ? left : STEP, &seen, &step);
    for (uint32_t i = 0; i < step.pairCount; i++) pairs[step.pairNumbers[i]] += step.weights[i];
    add_triples(words, &step, last, triples);
  }
}

/// Whether two words share a position: then the order in which they were seen is not that of their positions.
AVX512 static int shares_positions(const uint32_t *positions, size_t count) {
  size_t i = 1;
  __mmask16 equal = 0;
  for (; i + 16 <= count; i += 16) {
    equal |= _mm512_cmpeq_epi32_mask(_mm512_loadu_si512(positions + i - 1), _mm512_loadu_si512(positions + i));
  }
  for (; i < count; i++) equal |= positions[i - 1] == positions[i];
  return equal != 0;
}

#endif

void kwic_add_nearness(
  const kwic_near_words *words, const uint32_t *positions, const uint8_t *wordAt, size_t count, float *pairs, float *triples
) {
#if KWIC_X86
  if (kwic_level >= LEVEL_AVX512 && count > 0 && words->pairStride == PAIR_WORDS && positions[count - 1] < POSITIONS
    && !shares_positions(positions, count)) {
    add_nearness_avx512(words, positions, wordAt, count, pairs, triples);
    return;
  }
#endif
  kwic_add_nearness_scalar(words, positions, wordAt, count, pairs, triples);
}
