// Patched blocks: most values in few bits, what is above them added by a byte each (after PFOR: Zukowski et al. 2006).
//
// A patch is a byte: the place of a value in the low seven bits, and how often 2^width is added to it, less one, in the
// top bit. Larger values have several patches. Any byte is a valid patch of 128 values.
#include "Kernels.h"

#include <string.h>

/// Patches of a value: its part above `width` in steps of two and one.
INLINE uint32_t patches_of(uint32_t value, uint32_t width) {
  const uint32_t above = value >> width;
  return (above >> 1) + (above & 1);
}

/// Patches of up to 128 values of `widest` bits.
static uint64_t patches_of_all(const uint32_t *values, size_t count, uint32_t width, uint32_t widest) {
  if (widest <= 24) {
    uint32_t patches = 0;  // at most 128 * 2^23
    for (size_t i = 0; i < count; i++) patches += patches_of(values[i], width);
    return patches;
  }
  uint64_t patches = 0;
  for (size_t i = 0; i < count; i++) patches += patches_of(values[i], width);
  return patches;
}

// Costs count quarters of a byte; a patch counts as five, for the time it takes: a quarter fewer patches for three thousandths
// of the bytes.
uint32_t kwic_patched_width(const uint32_t *values, size_t count, size_t overhead) {
  const uint32_t widest = kwic_width(values, count);
  size_t least = 4 * ((count * widest + 7) / 8);
  uint32_t best = widest;
  for (uint32_t width = widest; width-- > 0;) {
    const uint64_t patches = patches_of_all(values, count, width, widest);
    // Narrower widths have more patches, never fewer.
    if (patches > KWIC_PATCHES_MAX || 4 * overhead + 5 * patches >= least) break;
    const size_t cost = 4 * ((count * width + 7) / 8 + overhead) + 5 * (size_t)patches;
    if (cost < least) least = cost, best = width;
  }
  return best;
}

size_t kwic_split_patches(const uint32_t *values, size_t count, uint32_t width, uint32_t *low, uint8_t *patches) {
  const uint32_t mask = (uint32_t)((1ull << width) - 1);
  if (width == 32 || (count > 0 && kwic_width(values, count) <= width)) {
    memcpy(low, values, 4 * count);
    return 0;
  }
  size_t found = 0;
  for (size_t i = 0; i < count; i++) {
    low[i] = values[i] & mask;
    for (uint32_t rest = values[i] >> width; rest > 0;) {
      const uint32_t step = rest > 1 ? 2 : 1;
      patches[found++] = (uint8_t)(i | (size_t)(step - 1) << 7);
      rest -= step;
    }
  }
  return found;
}

void kwic_patch(const uint8_t *patches, size_t count, uint32_t width, uint32_t *values) {
  for (size_t i = 0; i < count; i++) values[patches[i] & 127] += (uint32_t)(1 + (patches[i] >> 7)) << width;
}
