/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Replays inputs through a fuzz target without libFuzzer: each argument is a file, or a folder of
 * files. What once broke a target stays in its corpus and is tried on every test run. */
#include <dirent.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#define INPUT_MAX ((size_t)16 << 20)

static int failures;

static void replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = malloc(INPUT_MAX);
    if (!file || !bytes) {
        perror(path);
        failures++;
    } else {
        size_t len = fread(bytes, 1, INPUT_MAX, file);
        /* A block of exactly this size, so that ASan sees a read beyond it. */
        uint8_t *exact = realloc(bytes, len ? len : 1);
        bytes = exact ? exact : bytes;
        (void)LLVMFuzzerTestOneInput(bytes, len);
    }
    free(bytes);
    if (file)
        (void)fclose(file);
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* False when it is no folder. */
static int replay_folder(const char *path)
{
    struct dirent **entries;
    int count = scandir(path, &entries, is_visible, alphasort);
    for (int i = 0; i < count; i++) {
        char name[4096];
        snprintf(name, sizeof name, "%s/%s", path, entries[i]->d_name);
        replay_file(name);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    return count >= 0;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (!replay_folder(argv[i]))
            replay_file(argv[i]);
    return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
