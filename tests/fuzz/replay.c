/* replay.c - runs a fuzz target over files and folders, for compilers without
 * libFuzzer. A seed called accepted* must be accepted, so that no target can rot
 * into refusing everything at its door. */
#include "tests/fuzz/fuzz.h"
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static int files, accepted, wrong;

static void run_file(const char *path, const char *name)
{
	static uint8_t bytes[1 << 20];
	FILE *f = fopen(path, "rb");

	if (!f) {
		perror(path);
		exit(EXIT_FAILURE);
	}
	size_t n = fread(bytes, 1, sizeof bytes, f);
	fclose(f);
	uint8_t *exact = malloc(n + 1); /* of its own size, so that reading on is seen */
	if (!exact)
		abort();
	memcpy(exact, bytes, n);
	LLVMFuzzerTestOneInput(exact, n);
	free(exact);
	files++;
	accepted += fuzz_accepted;
	if (strncmp(name, "accepted", 8) == 0 && !fuzz_accepted) {
		fprintf(stderr, "%s should be accepted\n", path);
		wrong++;
	}
}

static void run_folder(const char *folder)
{
	DIR *d = opendir(folder);
	char path[4096];

	if (!d) {
		perror(folder);
		exit(EXIT_FAILURE);
	}
	for (struct dirent *entry; (entry = readdir(d));) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		run_file(path, entry->d_name);
	}
	closedir(d);
}

int main(int argc, char **argv)
{
	struct stat st;

	for (int i = 1; i < argc; i++) {
		const char *slash = strrchr(argv[i], '/');
		if (stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode))
			run_folder(argv[i]);
		else
			run_file(argv[i], slash ? slash + 1 : argv[i]);
	}
	printf("%d inputs, %d accepted, %d that should be and are not\n", files, accepted, wrong);
	return wrong || !accepted ? EXIT_FAILURE : EXIT_SUCCESS;
}
