/* fuzz_config - the settings file, with a password at its end that no error may quote. */
#define _GNU_SOURCE
#include "tests/fuzz/fuzz.h"
#include "base/config.h"
#include "base/str.h"
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

bool fuzz_accepted;

static void check(const struct config *c)
{
	FUZZ_MUST(c->workers >= 1 && c->workers <= 128 && c->queue >= 1 && c->session_hours >= 1);
	FUZZ_MUST(str_starts(c->base_url, "https://") ||
		  str_starts(c->base_url, "http://127.0.0.1") ||
		  str_starts(c->base_url, "http://localhost"));
	FUZZ_MUST(!strpbrk(c->base_url, "\r\n;, \"'"));
	FUZZ_MUST(*c->database && *c->listen && c->mail_relay && c->key_file);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct mem *m = mem_new();
	struct config c;
	struct err e = {0};
	char path[40];
	static const char password[] = "\nmail_password = hunter2\n";
	int fd = memfd_create("settings", 0);

	FUZZ_MUST(fd >= 0 && write(fd, bytes, n) == (ssize_t)n);
	FUZZ_MUST(write(fd, password, sizeof password - 1) == sizeof password - 1);
	snprintf(path, sizeof path, "/dev/fd/%d", fd);
	/* a file that names a key_file would read files of ours */
	fuzz_accepted = !memmem(bytes, n, "key_file", 8) && config_load(&c, m, path, true, &e);
	if (fuzz_accepted)
		check(&c);
	FUZZ_MUST(!strstr(e.text, "hunter2") || memmem(bytes, n, "hunter2", 7));
	close(fd);
	mem_free(m);
	return 0;
}
