/* fuzz.h - what a fuzz target and the plain replay share. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include "base/mem.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* Did the parser take the last input? Each target defines it; the replay holds the
 * seeds to it. */
extern bool fuzz_accepted;

/* What must be true of whatever was accepted. */
#define FUZZ_MUST(what)                                                                            \
	do {                                                                                       \
		if (!(what))                                                                       \
			abort();                                                                   \
	} while (0)

#endif
