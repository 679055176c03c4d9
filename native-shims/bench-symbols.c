// What names of addresses cost elsewhere: the counterpart of Bpf.Loader.Symbols in build/bench-symbols.sh.
//   bench-symbols addresses PID LIBRARY COUNT FOLDER   writes addresses of a library's code as the process has them (FOLDER/process)
//                                                      and as the file has them (FOLDER/file), a line each
//   bench-symbols bcc PID FILE                         names those of FILE by bcc's symbol cache
#include <bcc/bcc_syms.h>
#include <elf.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static _Noreturn void fail(const char *what)
{
	fprintf(stderr, "bench-symbols: %s\n", what);
	exit(1);
}

/* The difference between addresses of the file and places in it, of the segment with the code. */
static uint64_t bias_of(const char *path)
{
	FILE *file = fopen(path, "r");
	Elf64_Ehdr header;
	Elf64_Phdr segment;

	if (!file || fread(&header, sizeof(header), 1, file) != 1)
		fail("the library cannot be read");
	for (int i = 0; i < header.e_phnum; i++) {
		fseek(file, (long)(header.e_phoff + (uint64_t)i * header.e_phentsize), SEEK_SET);
		if (fread(&segment, sizeof(segment), 1, file) == 1 && segment.p_type == PT_LOAD && (segment.p_flags & PF_X)) {
			fclose(file);
			return segment.p_vaddr - segment.p_offset;
		}
	}
	fail("the library has no code");
}

static void write_addresses(const char *pid, const char *library, int count, const char *folder)
{
	char path[4096], line[4096];
	uint64_t start = 0, end = 0, offset = 0, random = 42;

	snprintf(path, sizeof(path), "/proc/%s/maps", pid);
	FILE *maps = fopen(path, "r");
	while (maps && fgets(line, sizeof(line), maps))
		if (strstr(line, library) && strstr(line, " r-xp "))
			sscanf(line, "%" SCNx64 "-%" SCNx64 " %*s %" SCNx64 " %*s %*s %4095s", &start, &end, &offset, path);
	if (!start)
		fail("the process has no such library");
	uint64_t bias = bias_of(path);

	snprintf(line, sizeof(line), "%s/process", folder);
	FILE *in_process = fopen(line, "w");
	snprintf(line, sizeof(line), "%s/file", folder);
	FILE *in_file = fopen(line, "w");
	if (!in_process || !in_file)
		fail("the addresses cannot be written");
	for (int i = 0; i < count; i++) {
		random = random * 6364136223846793005u + 1442695040888963407u;
		uint64_t at = (random >> 16) % (end - start);
		fprintf(in_process, "%" PRIx64 "\n", start + at);
		fprintf(in_file, "%" PRIx64 "\n", offset + at + bias);
	}
	fclose(in_process);
	fclose(in_file);
	printf("%s\n", path);
}

static void name_by_bcc(int pid, const char *addresses)
{
	FILE *file = fopen(addresses, "r");
	struct bcc_symbol symbol;
	struct rusage usage;
	uint64_t address;
	long names = 0, known = 0;
	double start = now(), opened = 0;
	void *cache = bcc_symcache_new(pid, NULL);

	if (!file || !cache)
		fail("bcc has no cache for the process");
	while (fscanf(file, "%" SCNx64, &address) == 1) {
		if (bcc_symcache_resolve(cache, address, &symbol) == 0) {
			known++;
			bcc_symbol_free_demangle_name(&symbol);
		}
		if (!names++)
			opened = now();
	}
	getrusage(RUSAGE_SELF, &usage);
	printf("bcc\t%.3f\t%.3f\t%ld\t%ld\n", opened - start, now() - opened, usage.ru_maxrss / 1024, known);
}

int main(int argc, char **argv)
{
	if (argc == 6 && !strcmp(argv[1], "addresses"))
		write_addresses(argv[2], argv[3], atoi(argv[4]), argv[5]);
	else if (argc == 4 && !strcmp(argv[1], "bcc"))
		name_by_bcc(atoi(argv[2]), argv[3]);
	else
		fail("see the first lines of its source");
	return 0;
}
