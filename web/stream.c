/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/stream.h"

#include "base/log.h"
#include "web/server_private.h"

#include <string.h>
#include <strings.h>
#include <unistd.h>

struct stream {
    int fd; /* -1: `bytes`, or not yet written */
    const char *bytes;
    uint64_t size;
    const char *media_type, *file_name, *etag; /* the last two may be NULL */
    bool attachment;
    enum result (*write)(struct request *rq, FILE *file, void *host); /* until it has run */
    void *host;
};

static enum result answer(struct request *rq, struct stream stream)
{
    stream_close(rq);
    rq->stream = ARENA_NEW(rq->cx.mem, struct stream);
    *rq->stream = stream;
    return OK;
}

enum result reply_file(struct request *rq, int fd, uint64_t size, const char *media_type,
                       const char *file_name, const char *etag, bool attachment)
{
    return answer(rq, (struct stream){.fd = fd,
                                      .size = size,
                                      .media_type = media_type,
                                      .file_name = file_name,
                                      .etag = etag,
                                      .attachment = attachment});
}

enum result reply_bytes(struct request *rq, const void *bytes, size_t len, const char *media_type,
                        const char *file_name, bool attachment)
{
    return answer(rq, (struct stream){.fd = -1,
                                      .bytes = bytes,
                                      .size = len,
                                      .media_type = media_type,
                                      .file_name = file_name,
                                      .attachment = attachment});
}

enum result reply_written(struct request *rq,
                          enum result (*write)(struct request *rq, FILE *file, void *host),
                          void *host, const char *media_type, const char *file_name)
{
    return answer(rq, (struct stream){.fd = -1,
                                      .write = write,
                                      .host = host,
                                      .media_type = media_type,
                                      .file_name = file_name,
                                      .attachment = true});
}

bool stream_waits(const struct request *rq)
{
    return rq->stream && rq->stream->write;
}

void stream_close(struct request *rq)
{
    if (rq->stream && rq->stream->fd >= 0)
        close(rq->stream->fd);
    rq->stream = NULL;
}

static enum result write_file(struct request *rq, int fd, uint64_t *out_size)
{
    struct stream *stream = rq->stream;
    int again = dup(fd);
    FILE *file = again >= 0 ? fdopen(again, "w") : NULL;
    if (!file) {
        if (again >= 0)
            close(again);
        return fail(&rq->cx, BUSY, "server.busy");
    }
    enum result result = stream->write(rq, file, stream->host);
    off_t size = fflush(file) == 0 && !ferror(file) ? lseek(fd, 0, SEEK_END) : -1;
    if (fclose(file) != 0 || size < 0)
        result = result == OK ? fail(&rq->cx, BUSY, "server.busy") : result;
    *out_size = size < 0 ? 0 : (uint64_t)size;
    return result;
}

enum result stream_write(struct request *rq)
{
    struct stream *stream = rq->stream;
    int fd = spool_file(rq->exchange->server->options.spool_dir);
    if (fd < 0) {
        log_error("%s: no file can be made in the spool folder", rq->cx.request);
        return fail(&rq->cx, BUSY, "server.busy");
    }
    enum result result = write_file(rq, fd, &stream->size);
    stream->write = NULL;
    stream->fd = fd;
    return result;
}

/* ---- the reply ---- */

/* Pictures without script, and PDF. */
static bool may_show(const char *media_type)
{
    static const char *const SHOWN[] = {"image/png",  "image/jpeg",      "image/gif",
                                        "image/webp", "application/pdf", NULL};
    return text_is_one_of(media_type, SHOWN);
}

/* For old clients, in ASCII; "download.csv" where nothing of the name would be left. */
static void put_plain_name(struct text *out, const char *name)
{
    const char *end = strrchr(name, '.');
    size_t told = 0;
    for (const char *s = name; *s && s != end; s++)
        told += (*s >= '0' && *s <= '9') || ((*s | 32) >= 'a' && (*s | 32) <= 'z');
    if (!told) {
        text_puts(out, "download");
        name = end ? end : "";
    }
    for (const char *s = name; *s;) {
        uint32_t c = utf8_next(&s);
        bool plain = c >= ' ' && c < 0x7f && c != '"' && c != '\\' && c != '/' && c != '%';
        text_putc(out, plain ? (char)c : '_');
    }
}

/* The name in ASCII for old clients, and as it is for the others (RFC 6266). */
static void put_disposition(struct request *rq, const struct stream *stream)
{
    bool attached = stream->attachment || !may_show(stream->media_type);
    struct text out = text_new(rq->cx.mem, 128);
    text_puts(&out, attached ? "attachment" : "inline");
    if (stream->file_name && *stream->file_name) {
        text_puts(&out, "; filename=\"");
        put_plain_name(&out, stream->file_name);
        text_puts(&out, "\"; filename*=UTF-8''");
        text_url(&out, stream->file_name, strlen(stream->file_name));
    }
    reply_header(rq, "Content-Disposition", text_end(&out));
}

struct range {
    uint64_t first, last;
};

static bool read_digits(const char **s, uint64_t *out)
{
    const char *start = *s;
    for (*out = 0; **s >= '0' && **s <= '9'; (*s)++)
        if (__builtin_mul_overflow(*out, 10u, out) ||
            __builtin_add_overflow(*out, (uint64_t)(**s - '0'), out))
            return false;
    return *s > start;
}

/* -100: the last hundred bytes. */
static enum portion read_tail(const char *s, uint64_t size, struct range *out)
{
    uint64_t tail;
    if (!read_digits(&s, &tail) || *s)
        return PORTION_ALL;
    out->first = tail < size ? size - tail : 0;
    out->last = size - 1;
    return tail && size ? PORTION_PART : PORTION_NONE;
}

/* bytes=0-99, bytes=100-, bytes=-100; several ranges, or what is not understood, ask for all. */
static enum portion read_range(const char *s, uint64_t size, struct range *out)
{
    static const char UNIT[] = "bytes=";
    if (strncasecmp(s, UNIT, sizeof UNIT - 1) != 0)
        return PORTION_ALL;
    s += sizeof UNIT - 1;
    if (*s == '-')
        return read_tail(s + 1, size, out);
    if (!read_digits(&s, &out->first) || *s++ != '-')
        return PORTION_ALL;
    out->last = UINT64_MAX;
    if (*s && (!read_digits(&s, &out->last) || *s || out->last < out->first))
        return PORTION_ALL;
    if (out->first >= size)
        return PORTION_NONE;
    if (out->last >= size)
        out->last = size - 1;
    return PORTION_PART;
}

static enum portion asked_for(const struct exchange *x, const struct stream *stream,
                              struct range *out)
{
    const struct request *rq = &x->rq;
    const char *if_range = header_text(rq, "If-Range");
    if (x->is_head || rq->method != GET || stream->fd < 0 || rq->status)
        return PORTION_ALL;
    if (*if_range &&
        (!stream->etag || strcmp(if_range, arena_printf(rq->cx.mem, "\"%s\"", stream->etag)) != 0))
        return PORTION_ALL;
    return read_range(header_text(rq, "Range"), stream->size, out);
}

static enum portion put_range(struct exchange *x, const struct stream *stream, struct reply *out)
{
    struct request *rq = &x->rq;
    struct range range = {0, 0};
    unsigned long long size = stream->size;
    enum portion portion = asked_for(x, stream, &range);
    if (portion == PORTION_PART) {
        out->offset = range.first;
        out->len = range.last - range.first + 1;
        reply_header(rq, "Content-Range",
                     arena_printf(rq->cx.mem, "bytes %llu-%llu/%llu",
                                  (unsigned long long)range.first, (unsigned long long)range.last,
                                  size));
    }
    if (portion == PORTION_NONE) {
        out->media_type = NULL;
        out->len = 0;
        reply_header(rq, "Content-Range", arena_printf(rq->cx.mem, "bytes */%llu", size));
    }
    return portion;
}

enum portion stream_reply(struct exchange *x, struct reply *out)
{
    struct request *rq = &x->rq;
    struct stream *stream = rq->stream;
    out->media_type = stream->media_type;
    out->bytes = stream->bytes;
    out->len = stream->size;
    if (stream->fd >= 0 || stream->file_name)
        put_disposition(rq, stream);
    if (stream->fd >= 0)
        reply_header(rq, "Accept-Ranges", "bytes");
    if (stream->etag) {
        out->cache = "private, no-cache";
        if (reply_tagged(rq, stream->etag, out))
            return PORTION_ALL;
    }
    enum portion portion = put_range(x, stream, out);
    if (out->len && stream->fd >= 0) {
        out->fd = stream->fd; /* the library closes it */
        stream->fd = -1;
    }
    return portion;
}
