/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "main/export_command.h"

#include "app/records/export_log.h"
#include "app/records/record_web.h"
#include "main/slices.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum export_status { EXPORT_DONE = 0, EXPORT_FAILED = 1, EXPORT_WRONG_USE = 2 };

/* The next route that exports, behind `route` in `table`; NULL: none. */
static const struct route *exporting(const struct route *route)
{
    while (route->path && route->handle != record_export_post)
        route++;
    return route->path ? route : NULL;
}

/* NULL: that is no kind of records that can be exported. */
static const struct record_face *face_named(const char *name)
{
    for (const struct route *const *table = SLICE_ROUTES; *table; table++)
        for (const struct route *at = exporting(*table); at; at = exporting(at + 1)) {
            const struct record_face *face = at->subject;
            if (strcmp(face->resource->name, name) == 0)
                return face;
        }
    return NULL;
}

static int wrong_use(void)
{
    fprintf(stderr, "luyue: export RESOURCE FILE, where RESOURCE is one of");
    for (const struct route *const *table = SLICE_ROUTES; *table; table++)
        for (const struct route *at = exporting(*table); at; at = exporting(at + 1))
            fprintf(stderr, " %s", ((const struct record_face *)at->subject)->resource->name);
    fputc('\n', stderr);
    return EXPORT_WRONG_USE;
}

static enum result note(struct ctx *cx, void *host)
{
    const struct record_face *face = host;
    return export_note(cx, EXPORT_FILE, face->resource, NULL, NULL, "luyue export");
}

static bool ends_in(const char *path, const char *ending)
{
    const size_t len = strlen(path), tail = strlen(ending);
    return len >= tail && strcmp(path + len - tail, ending) == 0;
}

int export_command(struct world *world)
{
    const char *path = world->config.words[1];
    const struct record_face *face =
        world->config.word_count == 2 ? face_named(world->config.words[0]) : NULL;
    if (!face)
        return wrong_use();
    if (!world_schema(world, false) || !world_write(world, note, (void *)(uintptr_t)face))
        return EXPORT_FAILED;
    FILE *file = fopen(path, "wbe");
    if (!file) {
        fprintf(stderr, "luyue: %s: %s\n", path, strerror(errno));
        return EXPORT_FAILED;
    }
    struct request rq = {.cx = world->cx};
    const enum result result =
        record_export(&rq, face, ends_in(path, ".xlsx") ? SHEET_XLSX : SHEET_CSV, file);
    if (result != OK)
        world_complain(world, &rq.cx, path);
    if (fclose(file) != 0) {
        fprintf(stderr, "luyue: %s: %s\n", path, strerror(errno));
        return EXPORT_FAILED;
    }
    return result == OK ? EXPORT_DONE : EXPORT_FAILED;
}
