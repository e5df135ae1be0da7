// Private to this target: what the kernel files share.
#ifndef KERNELS_H
#define KERNELS_H

#include "include/CKernels.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "The format is little-endian and read in place."
#endif

#if defined(__x86_64__)
#define KWIC_X86 1
#include <immintrin.h>
#else
#define KWIC_X86 0
#endif

enum { LEVEL_SCALAR = 0, LEVEL_SSE2 = 1, LEVEL_SSE42 = 2, LEVEL_AVX2 = 3, LEVEL_AVX512 = 4 };

/// Set by a constructor before any Swift code runs, never changed afterwards.
extern int kwic_level;

#define INLINE static inline __attribute__((always_inline))

// Calls X(0) ... X(32): one instance of a kernel for each width.
#define EACH_WIDTH(X) \
  X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15) X(16) X(17) X(18) X(19) X(20) \
  X(21) X(22) X(23) X(24) X(25) X(26) X(27) X(28) X(29) X(30) X(31) X(32)

#endif
