/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Any bytes as what the gate is asked, in each of its forms, while nothing can be decided: what is
 * wrong is refused by name, what is right is refused as busy, and nothing is ever permitted. Then
 * the same bytes as its journal, which a killed process or a broken disk may leave behind. */
#include "app/gate/gate_web.h"
#include "app/gate/journal.h"
#include "web/server_private.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#define FORMS 3 /* question, bind, release: the first routes of the table */

static void ask(const struct route *route, bool is_form, const char *bytes, size_t len)
{
    static const struct keys KEYS;
    static const struct actor NOBODY = {.side = SIDE_CLIENT};
    struct arena *arena = arena_new();
    struct request rq = {
        .cx = {.mem = arena, .actor = &NOBODY, .keys = &KEYS, .now = {1}},
        .method = POST,
        .face = FACE_API,
        .doc = doc_new(arena),
        .body = arena_copy(arena, bytes, len),
        .body_len = len,
        .body_type = is_form ? "application/x-www-form-urlencoded" : "application/json",
    };
    enum result result =
        is_form ? form_urlencoded(&rq.cx, (struct span){rq.body, len}, &rq.form) : body_scan(&rq);
    if (result == OK)
        result = route->handle(&rq);
    if (result == OK || result == BROKEN)
        abort();
    arena_free(arena);
}

static enum result look_at(void *host, const struct journal_entry *entries, size_t count)
{
    size_t *texts = host;
    for (size_t i = 0; i < count; i++)
        *texts += strlen(entries[i].node) + strlen(entries[i].call_id) +
                  strlen(entries[i].contract) + strlen(entries[i].agent) +
                  strlen(entries[i].caller);
    return OK;
}

/* Taken in without harm, and taken away. */
static void fold(const char *folder, const uint8_t *bytes, size_t len)
{
    struct ctx cx = {.mem = arena_new()};
    const char *path = arena_printf(cx.mem, "%s/1-1-1.journal", folder);
    struct journal *journal;
    size_t texts = 0;
    const int fd = open(path, O_WRONLY | O_CREAT, 0600);
    if (fd < 0 || write(fd, bytes, len) != (ssize_t)len ||
        journal_open(&cx, folder, false, &journal) != OK)
        abort();
    close(fd);
    if (journal_fold(&cx, journal, look_at, &texts) != OK || texts > len || access(path, F_OK) == 0)
        abort();
    journal_close(journal);
    arena_free(cx.mem);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    char folder[] = P_tmpdir "/gate_fuzz_XXXXXX";
    if (!len)
        return 0;
    ask(&GATE_ROUTES[bytes[0] % FORMS], bytes[0] & 4, (const char *)bytes + 1, len - 1);
    if (!mkdtemp(folder))
        abort();
    fold(folder, bytes, len);
    rmdir(folder);
    return 0;
}
