/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A folder that scripts of a call system watch: change-000000000042.json for each change,
 * snapshot.json for everything, and ack/ where they lay a file of the change's name when it is done
 * (…42.json), or with what went wrong in it (…42.failed). Files appear whole or not at all. */
#include "app/agents/provision.h"
#include "base/log.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHANGE "change-"
#define FAILED ".failed"
#define FAILURE_MOST 500

static bool write_whole(const char *path, const char *text)
{
    FILE *file = fopen(path, "we");
    if (!file)
        return false;
    const bool written = fputs(text, file) >= 0 && fputc('\n', file) != EOF && fflush(file) == 0 &&
                         fsync(fileno(file)) == 0;
    return fclose(file) == 0 && written;
}

/* BUSY: a full or missing disk is somebody's to mend, and then it goes on. */
static enum result drop(struct ctx *cx, const char *folder, const char *name, const char *text)
{
    const char *path = arena_printf(cx->mem, "%s/%s", folder, name);
    const char *part = arena_printf(cx->mem, "%s/.%s.part", folder, name);
    if ((mkdir(folder, 0750) == 0 || errno == EEXIST) && write_whole(part, text) &&
        rename(part, path) == 0)
        return OK;
    log_error("provisioning: cannot write %s: %s", path, strerrordesc_np(errno));
    return fail(cx, BUSY, "provisioning.folder", strerrordesc_np(errno));
}

static enum result file_push(struct ctx *cx, const struct provision_target *target,
                             const struct provisioning *provisioning, struct outbox_answer *out)
{
    const long long id = (long long)provisioning->id;
    *out = (struct outbox_answer){.retry = true};
    return drop(cx, target->place, arena_printf(cx->mem, CHANGE "%012lld.json", id),
                arena_printf(cx->mem, "{\"id\":%lld,\"data\":%s}", id, provisioning->payload));
}

static enum result file_settle(struct ctx *cx, const struct provision_target *target,
                               const char *snapshot)
{
    return drop(cx, target->place, "snapshot.json", snapshot);
}

/* ---- acknowledgements ---- */

static bool id_of(struct arena *arena, const char *name, int64_t *out)
{
    const size_t prefix = sizeof CHANGE - 1;
    if (strncmp(name, CHANGE, prefix) != 0)
        return false;
    const char *digits = name + prefix;
    return int_parse(arena_copy(arena, digits, strcspn(digits, ".")), out);
}

/* What a script wrote of its failure: the beginning, as text. */
static const char *failure_in(struct arena *arena, const char *path, const char *name)
{
    char *words = arena_alloc(arena, FAILURE_MOST + 1);
    const size_t len = strlen(name);
    if (len < sizeof FAILED || strcmp(name + len - (sizeof FAILED - 1), FAILED) != 0)
        return "";
    FILE *file = fopen(path, "re");
    size_t got = file ? fread(words, 1, FAILURE_MOST, file) : 0;
    if (file)
        fclose(file);
    while (got && (words[got - 1] == '\n' || words[got - 1] == '\r'))
        words[--got] = '\0';
    return got && utf8_valid(words, got) ? words : name;
}

static enum result file_collect(struct ctx *cx, const struct provision_target *target,
                                provision_ack each, void *host)
{
    const char *folder = arena_printf(cx->mem, "%s/ack", target->place);
    DIR *dir = opendir(folder);
    enum result result = OK;
    const struct dirent *entry = dir ? readdir(dir) : NULL;
    for (; entry && result == OK; entry = readdir(dir)) {
        int64_t id;
        const char *path = arena_printf(cx->mem, "%s/%s", folder, entry->d_name);
        if (!id_of(cx->mem, entry->d_name, &id))
            continue;
        result = each(host, id, failure_in(cx->mem, path, entry->d_name));
        if (result == OK)
            unlink(path);
    }
    if (dir)
        closedir(dir);
    return result;
}

const struct provisioner FILE_DROP = {
    .name = "file_drop", .push = file_push, .settle = file_settle, .collect = file_collect};
