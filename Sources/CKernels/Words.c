// Words of ASCII text: bytes are classified 64 at a time into masks, and words are runs of bits in them.
#include "Kernels.h"

#include <string.h>

INLINE int is_word(uint8_t byte) {
  return (uint8_t)((byte | 0x20) - 'a') < 26 || (uint8_t)(byte - '0') < 10 || byte == '_';
}

INLINE int is_beyond(uint8_t byte) { return byte >= 0x80; }

/// Full stop, comma, semicolon: join letters or digits on both sides.
INLINE int is_middle(uint8_t byte) { return byte == '.' || byte == ',' || byte == ';'; }

INLINE uint8_t lowered(uint8_t byte) { return (uint8_t)(byte - 'A') < 26 ? byte | 0x20 : byte; }

/// Moves `at` to the next word or byte beyond ASCII; the end of the word, or `at` where it is none that bytes delimit.
INLINE size_t plain_word(const uint8_t *text, size_t count, size_t *at) {
  size_t start = *at;
  while (start < count && !is_word(text[start]) && !is_beyond(text[start])) start++;
  *at = start;
  if (start == count || !is_word(text[start]) || text[start] == '_') return start;
  size_t end = start;
  while (end < count && is_word(text[end])) end++;
  if (end - start > KWIC_PLAIN_WORD_MAX) return start;
  const uint8_t next = end < count ? text[end] : ' ', afterNext = end + 1 < count ? text[end + 1] : ' ';
  if (is_beyond(next) || next == '\'') return start;
  if (is_middle(next) && (is_word(afterNext) || is_beyond(afterNext))) return start;
  return end;
}

size_t kwic_scan_words_scalar(
  const uint8_t *text, size_t count, size_t *offset, size_t max, uint32_t *starts, uint8_t *lengths, uint8_t *forms
) {
  size_t found = 0, at = *offset;
  while (found < max) {
    const size_t end = plain_word(text, count, &at);
    if (end == at) break;
    starts[found] = (uint32_t)at;
    lengths[found++] = (uint8_t)(end - at);
    for (; at < end; at++) *forms++ = lowered(text[at]);
  }
  *offset = at;
  return found;
}

size_t kwic_skip_words_scalar(const uint8_t *text, size_t count, size_t *offset, size_t max) {
  size_t found = 0, at = *offset;
  while (found < max) {
    const size_t end = plain_word(text, count, &at);
    if (end == at) break;
    found++;
    at = end;
  }
  *offset = at;
  return found;
}

size_t kwic_find_sentence_mark_scalar(const uint8_t *text, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const uint8_t byte = text[i];
    if (byte >= 0x80 || byte == '.' || byte == '!' || byte == '?' || byte == '\n' || byte == '\r') return i;
  }
  return count;
}

#if KWIC_X86

/// All bits where `value` is not above `limit`, as unsigned bytes.
INLINE __m128i at_most(__m128i value, char limit) {
  return _mm_cmpeq_epi8(_mm_min_epu8(value, _mm_set1_epi8(limit)), value);
}

INLINE __m128i equals(__m128i value, char byte) { return _mm_cmpeq_epi8(value, _mm_set1_epi8(byte)); }

INLINE uint64_t bits(__m128i mask, int quarter) { return (uint64_t)(uint32_t)_mm_movemask_epi8(mask) << (16 * quarter); }

/// Masks of 64 bytes.
typedef struct {
  /// Part of a word wherever it stands.
  uint64_t word;
  uint64_t beyond;
  uint64_t middle;
  uint64_t apostrophe;
  uint64_t underscore;
} byte_masks;

INLINE byte_masks classify(const uint8_t *bytes) {
  byte_masks masks = {0, 0, 0, 0, 0};
#pragma clang loop unroll(full)
  for (int i = 0; i < 4; i++) {
    const __m128i value = _mm_loadu_si128((const __m128i *)bytes + i);
    const __m128i letters = at_most(_mm_sub_epi8(_mm_or_si128(value, _mm_set1_epi8(0x20)), _mm_set1_epi8('a')), 25);
    const __m128i digits = at_most(_mm_sub_epi8(value, _mm_set1_epi8('0')), 9);
    const __m128i underscores = equals(value, '_');
    masks.word |= bits(_mm_or_si128(_mm_or_si128(letters, digits), underscores), i);
    masks.underscore |= bits(underscores, i);
    masks.middle |= bits(_mm_or_si128(_mm_or_si128(equals(value, '.'), equals(value, ',')), equals(value, ';')), i);
    masks.apostrophe |= bits(equals(value, '\''), i);
    masks.beyond |= bits(value, i);
  }
  return masks;
}

/// Writes the lower-case form of a word; up to 15 bytes more are written, and read where the text has them.
INLINE void fold(const uint8_t *word, size_t length, size_t readable, uint8_t *form) {
  if (length + 15 > readable) {
    for (size_t i = 0; i < length; i++) form[i] = lowered(word[i]);
    return;
  }
  for (size_t i = 0; i < length; i += 16) {
    const __m128i value = _mm_loadu_si128((const __m128i *)(word + i));
    const __m128i isUpper = at_most(_mm_sub_epi8(value, _mm_set1_epi8('A')), 25);
    _mm_storeu_si128(
      (__m128i *)(form + i), _mm_or_si128(value, _mm_and_si128(isUpper, _mm_set1_epi8(0x20))));
  }
}

size_t kwic_scan_words(
  const uint8_t *text, size_t count, size_t *offset, size_t max, uint32_t *starts, uint8_t *lengths, uint8_t *forms
) {
  size_t found = 0, window = *offset;
  uint8_t last[64];
  while (window < count) {
    const uint8_t *bytes = text + window;
    if (count - window < 64) {
      memset(last, ' ', sizeof last);
      memcpy(last, bytes, count - window);
      bytes = last;
    }
    const byte_masks masks = classify(bytes);
    const uint64_t begins = masks.word | masks.beyond;
    // A byte behind a word that may go on with it.
    const uint64_t joins = masks.beyond | masks.apostrophe | (masks.middle & begins >> 1);
    uint32_t at = 0;
    size_t next = window + 64;
    while (found < max) {
      if (begins >> at == 0) break;
      const uint32_t start = at + (uint32_t)__builtin_ctzll(begins >> at);
      const uint64_t ends = ~masks.word >> start;
      const uint32_t end = ends == 0 ? 64 : start + (uint32_t)__builtin_ctzll(ends);
      // The last two bytes of a window are seen again: what follows them is not known yet.
      if (end >= 63 && start > 0) {
        next = window + start;
        break;
      }
      if (end >= 63 || end == start || (joins >> end & 1) != 0 || bytes[start] == '_') {
        *offset = window + start;
        return found;
      }
      const size_t length = end - start;
      starts[found] = (uint32_t)(window + start);
      lengths[found++] = (uint8_t)length;
      fold(text + window + start, length, count - window - start, forms);
      forms += length;
      at = end;
    }
    if (found == max) {
      *offset = window + at;
      return found;
    }
    window = next;
  }
  *offset = count;
  return found;
}

size_t kwic_skip_words(const uint8_t *text, size_t count, size_t *offset, size_t max) {
  size_t found = 0, window = *offset;
  while (count - window >= 64) {
    const byte_masks masks = classify(text + window);
    const uint64_t word = masks.word;
    // Words whose first bytes are here; one that the window cuts off, or whose neighbour it does not show, is left for the
    // next window.
    uint64_t starts = word & ~(word << 1);
    uint64_t whole = ~0ull;
    size_t next = window + 64;
    if (word >> 62 != 0) {
      const uint32_t last = 63 - (uint32_t)__builtin_clzll(starts);
      whole = (1ull << last) - 1;
      starts &= whole;
      next = window + last;
    }
    // Behind a word, what may go on with it; before one, an underscore.
    const uint64_t joins = masks.beyond | masks.apostrophe | (masks.middle & word >> 1);
    const uint64_t behind = word << 1 & ~word & whole;
    const size_t here = (size_t)__builtin_popcountll(starts);
    if (masks.beyond != 0 || (joins & behind) != 0 || (masks.underscore & starts) != 0 || found + here >= max
        || next == window) {
      break;
    }
    found += here;
    window = next;
  }
  *offset = window;
  return found + kwic_skip_words_scalar(text, count, offset, max - found);
}

size_t kwic_find_sentence_mark(const uint8_t *text, size_t count) {
  size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    const __m128i value = _mm_loadu_si128((const __m128i *)(text + i));
    const __m128i marks = _mm_or_si128(
      _mm_or_si128(_mm_or_si128(equals(value, '.'), equals(value, '!')), _mm_or_si128(equals(value, '?'), value)),
      _mm_or_si128(equals(value, '\n'), equals(value, '\r')));
    const uint32_t mask = (uint32_t)_mm_movemask_epi8(marks);
    if (mask != 0) return i + (uint32_t)__builtin_ctz(mask);
  }
  return i + kwic_find_sentence_mark_scalar(text + i, count - i);
}

#else

size_t kwic_scan_words(
  const uint8_t *text, size_t count, size_t *offset, size_t max, uint32_t *starts, uint8_t *lengths, uint8_t *forms
) {
  return kwic_scan_words_scalar(text, count, offset, max, starts, lengths, forms);
}

size_t kwic_skip_words(const uint8_t *text, size_t count, size_t *offset, size_t max) {
  return kwic_skip_words_scalar(text, count, offset, max);
}

size_t kwic_find_sentence_mark(const uint8_t *text, size_t count) {
  return kwic_find_sentence_mark_scalar(text, count);
}

#endif
