// Memory of one execution after another on one thread: a chunk that is kept instead of freed. A query takes it once or
// twice, and malloc would merge and cut the heap's end for it each time.
#include "include/CKernels.h"

#include <pthread.h>
#include <stdlib.h>

static pthread_key_t key;
static int hasKey = 0;

__attribute__((constructor)) static void make_key(void) {
  // A thread's chunk is freed when it ends.
  hasKey = pthread_key_create(&key, free) == 0;
}

void *kwic_take_chunk(void) {
  void *kept = hasKey ? pthread_getspecific(key) : NULL;
  if (kept == NULL) return aligned_alloc(64, KWIC_CHUNK_BYTES);
  pthread_setspecific(key, NULL);
  return kept;
}

void kwic_give_chunk(void *chunk) {
  if (!hasKey || pthread_getspecific(key) != NULL || pthread_setspecific(key, chunk) != 0) free(chunk);
}
