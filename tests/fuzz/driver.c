/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Replays inputs through a fuzz target without libFuzzer: each argument is a file, or a folder of
 * files. What once broke a target stays in its corpus and is tried on every test run. */
#include <dirent.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static int failures;

/* In a block of exactly their number, so that ASan sees a read beyond the bytes. */
static uint8_t *file_bytes(FILE *file, size_t *out_len)
{
    (void)fseek(file, 0, SEEK_END);
    long len = ftell(file);
    rewind(file);
    uint8_t *bytes = len < 0 ? NULL : malloc(len ? (size_t)len : 1);
    if (bytes)
        *out_len = fread(bytes, 1, (size_t)len, file);
    return bytes;
}

static void replay_file(const char *path)
{
    size_t len = 0;
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = file ? file_bytes(file, &len) : NULL;
    if (bytes) {
        (void)LLVMFuzzerTestOneInput(bytes, len);
    } else {
        perror(path);
        failures++;
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
