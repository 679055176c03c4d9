/* SPDX-License-Identifier: MIT */
/*
 * A process to probe. With a number, it calls its functions that many times and ends; without, once for each line that
 * it reads, answering each with a line, so that a test decides when.
 */
#include <stdio.h>
#include <stdlib.h>

int uprobe_target_all(int value);

int main(int argc, char **argv)
{
	char line[64];
	int count = 0;

	if (argc > 1) {
		for (int i = 0; i < atoi(argv[1]); i++)
			count += uprobe_target_all(i) != 0;
		return count == 0;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	while (fgets(line, sizeof(line), stdin))
		printf("%d\n", uprobe_target_all(++count));
	return 0;
}
