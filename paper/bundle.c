/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "paper/bundle.h"

#include "base/hash.h"

#include <errno.h>
#include <string.h>
#include <zip.h>

#define SUMS "SHA256SUMS"
#define SUMS_SIGNED SUMS ".sig"
#define PART_MAX 120 /* bytes of a name that bundle_safe makes */

struct bundle {
    struct ctx *cx;
    FILE *file;
    zip_t *zip;
    zip_error_t error;
    zip_uint16_t dos_time, dos_date;
    struct text sums;
    enum result result; /* the first failure */
};

/* ---- names ---- */

static bool character_is_safe(uint32_t c)
{
    bool control = c < 0x20 || c == 0x7F || c == 0x2028 || c == 0x2029;
    bool turns = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069); /* of direction */
    return !control && !turns && !(c < 0x80 && strchr("\\/:*?\"<>|", (int)c));
}

static bool part_is_safe(const char *part, size_t len)
{
    if (!len || part[0] == ' ' || part[len - 1] == ' ' || part[len - 1] == '.')
        return false;
    const char *at = part;
    while (at < part + len)
        if (!character_is_safe(utf8_next(&at)))
            return false;
    return true;
}

static bool name_is_safe(const char *name)
{
    size_t len = strlen(name);
    if (len > BUNDLE_NAME_MAX || !utf8_valid(name, len) || strcmp(name, SUMS) == 0 ||
        strcmp(name, SUMS_SIGNED) == 0)
        return false;
    for (;;) {
        size_t part = strcspn(name, "/");
        if (!part_is_safe(name, part))
            return false;
        if (!name[part])
            return true;
        name += part + 1;
    }
}

const char *bundle_safe(struct arena *arena, const char *text)
{
    struct text safe = text_new(arena, 64);
    const char *at = text;
    for (uint32_t c = utf8_next(&at); c && safe.len <= PART_MAX - 4; c = utf8_next(&at))
        utf8_put(&safe, character_is_safe(c) ? c : '_');
    while (safe.len && (safe.at[safe.len - 1] == ' ' || safe.at[safe.len - 1] == '.'))
        safe.len--;
    const char *name = text_end(&safe);
    name += strspn(name, " ");
    return *name ? name : "_";
}

/* ---- the archive goes into a FILE, which libzip knows no source for that it can write ---- */

static zip_int64_t file_error(struct bundle *bundle, int code)
{
    zip_error_set(&bundle->error, code, errno);
    return -1;
}

static zip_int64_t file_seek(struct bundle *bundle, void *data, zip_uint64_t len)
{
    zip_source_args_seek_t *to =
        ZIP_SOURCE_GET_ARGS(zip_source_args_seek_t, data, len, &bundle->error);
    if (!to)
        return -1;
    return fseeko(bundle->file, to->offset, to->whence) == 0 ? 0 : file_error(bundle, ZIP_ER_SEEK);
}

static zip_int64_t file_stat(void *data)
{
    zip_stat_t *stat = data;
    zip_stat_init(stat);
    stat->valid = ZIP_STAT_SIZE;
    stat->size = 0;
    return sizeof *stat;
}

static zip_int64_t file_source(void *host, void *data, zip_uint64_t len, zip_source_cmd_t command)
{
    struct bundle *bundle = host;
    switch (command) {
    case ZIP_SOURCE_WRITE:
        return fwrite(data, 1, len, bundle->file) == len ? (zip_int64_t)len
                                                         : file_error(bundle, ZIP_ER_WRITE);
    case ZIP_SOURCE_SEEK_WRITE:
        return file_seek(bundle, data, len);
    case ZIP_SOURCE_TELL_WRITE:
        return ftello(bundle->file);
    case ZIP_SOURCE_COMMIT_WRITE:
        return fflush(bundle->file) == 0 ? 0 : file_error(bundle, ZIP_ER_WRITE);
    case ZIP_SOURCE_STAT:
        return file_stat(data);
    case ZIP_SOURCE_ERROR:
        return zip_error_to_data(&bundle->error, data, len);
    case ZIP_SOURCE_SUPPORTS:
        return ZIP_SOURCE_SUPPORTS_WRITABLE;
    default: /* nothing is ever read: the archive is new */
        return 0;
    }
}

/* ---- parts ---- */

static void dos_clock(struct bundle *bundle, struct instant at)
{
    struct ymd day = date_ymd(instant_date(at, SHANGHAI_OFFSET_MIN));
    int64_t second = (at.ms / 1000 + SHANGHAI_OFFSET_MIN * 60) % 86400;
    int year = day.year < 1980 ? 0 : day.year - 1980;
    bundle->dos_date = (zip_uint16_t)(year << 9 | day.month << 5 | day.day);
    bundle->dos_time =
        (zip_uint16_t)(second / 3600 << 11 | second / 60 % 60 << 5 | second % 60 / 2);
}

enum result bundle_begin(struct ctx *cx, FILE *file, struct instant at, struct bundle **out)
{
    struct bundle *bundle = ARENA_NEW(cx->mem, struct bundle);
    bundle->cx = cx;
    bundle->file = file;
    bundle->sums = text_new(cx->mem, 1024);
    dos_clock(bundle, at);
    zip_error_init(&bundle->error);
    zip_source_t *target = zip_source_function_create(file_source, bundle, &bundle->error);
    if (!target)
        return fail(cx, BROKEN, "bundle.write");
    bundle->zip = zip_open_from_source(target, ZIP_TRUNCATE, &bundle->error);
    if (!bundle->zip) {
        zip_source_free(target);
        return fail(cx, BROKEN, "bundle.write");
    }
    *out = bundle;
    return OK;
}

static enum result refused(struct bundle *bundle, enum result result)
{
    if (bundle->result == OK)
        bundle->result = result;
    return result;
}

static enum result part_check(struct bundle *bundle, const char *name)
{
    TRY(bundle->result);
    if (!name_is_safe(name))
        return refused(bundle, fail(bundle->cx, INVALID, "bundle.name", name));
    if (zip_name_locate(bundle->zip, name, ZIP_FL_NOCASE | ZIP_FL_ENC_UTF_8) >= 0)
        return refused(bundle, fail(bundle->cx, CONFLICT, "bundle.twice", name));
    return OK;
}

static enum result part_add(struct bundle *bundle, const char *name, zip_source_t *source)
{
    zip_int64_t index = source ? zip_file_add(bundle->zip, name, source, ZIP_FL_ENC_UTF_8) : -1;
    if (index < 0) {
        zip_source_free(source);
        return refused(bundle, fail(bundle->cx, BROKEN, "bundle.write"));
    }
    (void)zip_file_set_dostime(bundle->zip, (zip_uint64_t)index, bundle->dos_time, bundle->dos_date,
                               0);
    return OK;
}

static void sum_note(struct bundle *bundle, const char hex[SHA256_HEX], const char *name)
{
    text_printf(&bundle->sums, "%s  %s\n", hex, name);
}

enum result bundle_bytes(struct bundle *bundle, const char *name, struct span bytes)
{
    char hex[SHA256_HEX];
    TRY(part_check(bundle, name));
    TRY(part_add(bundle, name, zip_source_buffer(bundle->zip, bytes.at, bytes.len, 0)));
    sha256_hex(bytes.at, bytes.len, hex);
    sum_note(bundle, hex, name);
    return OK;
}

static bool file_hash(const char *path, char hex[SHA256_HEX])
{
    unsigned char piece[64 << 10];
    struct sha256 sha;
    FILE *file = fopen(path, "rbe");
    if (!file)
        return false;
    sha256_start(&sha);
    size_t got = fread(piece, 1, sizeof piece, file);
    for (; got > 0; got = fread(piece, 1, sizeof piece, file))
        sha256_add(&sha, piece, got);
    sha256_end(&sha, hex);
    bool whole = !ferror(file);
    (void)fclose(file);
    return whole;
}

enum result bundle_file(struct bundle *bundle, const char *name, const char *path)
{
    char hex[SHA256_HEX];
    TRY(part_check(bundle, name));
    if (!file_hash(path, hex))
        return refused(bundle, fail(bundle->cx, NOT_FOUND, "bundle.file", name));
    TRY(part_add(bundle, name, zip_source_file(bundle->zip, path, 0, -1)));
    sum_note(bundle, hex, name);
    return OK;
}

/* The sums, and our word for them: whoever changes a part and its sum cannot sign that anew. */
static enum result sums_add(struct bundle *bundle)
{
    const char *sums = text_end(&bundle->sums);
    char *signature = arena_buffer(bundle->cx->mem, SIGNATURE_LEN);
    sign_bytes(bundle->cx->keys, sums, (unsigned char *)signature);
    TRY(part_add(bundle, SUMS, zip_source_buffer(bundle->zip, sums, bundle->sums.len, 0)));
    return part_add(bundle, SUMS_SIGNED,
                    zip_source_buffer(bundle->zip, signature, SIGNATURE_LEN, 0));
}

enum result bundle_end(struct bundle *bundle)
{
    enum result result = bundle->result;
    if (result == OK)
        result = sums_add(bundle);
    if (result == OK && zip_close(bundle->zip) == 0)
        return OK;
    zip_discard(bundle->zip);
    return result == OK ? fail(bundle->cx, BROKEN, "bundle.write") : result;
}
