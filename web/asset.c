/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Styles, scripts, fonts: their paths carry a hash, so browsers may keep them for ever. */
#include "base/hash.h"
#include "web/server_private.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct named {
    const struct web_asset *asset;
    const char *etag;
};

struct assets {
    struct named *at; /* sorted by path */
    size_t count;
};

static int compare_paths(const void *a, const void *b)
{
    return strcmp(((const struct named *)a)->asset->path, ((const struct named *)b)->asset->path);
}

struct assets *assets_new(struct arena *arena, const struct web_asset *assets, size_t count)
{
    struct assets *made = ARENA_NEW(arena, struct assets);
    made->at = ARENA_ARRAY(arena, struct named, count);
    made->count = count;
    for (size_t i = 0; i < count; i++) {
        char hex[SHA256_HEX];
        sha256_hex(assets[i].bytes, assets[i].len, hex);
        made->at[i] = (struct named){&assets[i], arena_printf(arena, "%.32s", hex)};
    }
    if (count)
        qsort(made->at, count, sizeof *made->at, compare_paths);
    return made;
}

/* Does Accept-Encoding name it, other than with q=0? */
static bool accepts(const char *list, const char *coding)
{
    size_t len = strlen(coding);
    for (; *list; list += *list == ',') {
        list += strspn(list, " \t");
        size_t item = strcspn(list, ",");
        bool named = item >= len && strncasecmp(list, coding, len) == 0 &&
                     strchr(";, \t", list[len]) != NULL;
        if (named) {
            const char *weight = memmem(list, item, "q=", 2);
            return !weight || strtod(weight + 2, NULL) > 0;
        }
        list += item;
    }
    return false;
}

/* The name of the coding that was chosen, "" for none. */
static const char *choose_coding(const char *list, const struct web_asset *asset, struct reply *out)
{
    out->bytes = (const char *)asset->bytes;
    out->len = asset->len;
    if (asset->br && accepts(list, "br")) {
        out->bytes = (const char *)asset->br;
        out->len = asset->br_len;
        return "br";
    }
    if (asset->gz && accepts(list, "gzip")) {
        out->bytes = (const char *)asset->gz;
        out->len = asset->gz_len;
        return "gzip";
    }
    return "";
}

bool asset_reply(struct exchange *x, const char *path, struct reply *out)
{
    const struct assets *assets = x->server->assets;
    const struct web_asset wanted = {.path = path};
    const struct named key = {.asset = &wanted};
    const struct named *found =
        assets->count ? bsearch(&key, assets->at, assets->count, sizeof key, compare_paths) : NULL;
    if (!found)
        return false;
    struct request *rq = &x->rq;
    const char *coding = choose_coding(header_text(rq, "Accept-Encoding"), found->asset, out);
    out->cache = "public, max-age=31536000, immutable";
    out->media_type = found->asset->media_type;
    if (found->asset->br || found->asset->gz)
        reply_header(rq, "Vary", "Accept-Encoding");
    if (*coding)
        reply_header(rq, "Content-Encoding", coding);
    /* A worker may stand between the network and pages that lie beside the assets, too. */
    if (header_text(rq, "Service-Worker")[0])
        reply_header(rq, "Service-Worker-Allowed", "/");
    reply_tagged(rq, arena_printf(x->arena, "%s%s", found->etag, coding), out);
    return true;
}
