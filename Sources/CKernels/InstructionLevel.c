#include "Kernels.h"

int kwic_level;

__attribute__((constructor(101))) static void detect_level(void) {
#if KWIC_X86
  __builtin_cpu_init();
  kwic_level = LEVEL_SSE2;
  if (__builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("popcnt")) kwic_level = LEVEL_SSE42;
  if (kwic_level == LEVEL_SSE42 && __builtin_cpu_supports("avx2")) kwic_level = LEVEL_AVX2;
  // Of bytes and words as well: Zen 4, Ice Lake and later.
  if (kwic_level == LEVEL_AVX2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
    && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2")
    && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2")) {
    kwic_level = LEVEL_AVX512;
  }
#else
  kwic_level = LEVEL_SCALAR;
#endif
}

int kwic_instruction_level(void) { return kwic_level; }
