/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A letter with everything that proves it, for somebody who does not trust this program: to be
 * checked with sha256sum and openssl alone. */
#include "app/letters/letter_private.h"

#include "app/documents/documents.h"
#include "app/records/trail.h"
#include "app/signatures/signature.h"
#include "base/doc.h"
#include "base/hash.h"
#include "base/texts.h"
#include "paper/bundle.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define ATTACHMENTS_MOST 200
#define EVENTS_MOST 500

struct packing {
    struct ctx *cx;
    const struct letter *letter;
    struct bundle *bundle;
    struct span maps[ATTACHMENTS_MOST]; /* attachments in memory until the bundle is written */
    size_t map_count;
};

static enum result put_text(struct packing *packing, const char *name, const char *text)
{
    return bundle_bytes(packing->bundle, name, span_of(text));
}

/* ---- as JSON ---- */

static enum result put_doc(struct packing *packing, const char *name, const struct doc *doc)
{
    struct text text = text_new(packing->cx->mem, 4096);
    struct json_writer json = {.out = &text};
    json_doc(&json, doc);
    return put_text(packing, name, text_end(&text));
}

static enum result put_letter(struct packing *packing)
{
    struct ctx *cx = packing->cx;
    const struct letter *letter = packing->letter;
    const struct letter_type *type = letter_type_find(letter->type);
    struct doc *doc = doc_new(cx->mem);
    void *lines;
    size_t count;
    TRY(letter_lines(cx, letter, &lines, &count));
    doc_root(doc, LETTERS.fields, letter);
    if (count)
        doc_records(doc, "lines", type->line_fields, lines, count, type->line_size);
    TRY(put_doc(packing, "letter.json", doc));
    return put_text(packing, "letter.txt", letter->signed_text);
}

static enum result put_signatures(struct packing *packing)
{
    struct ctx *cx = packing->cx;
    struct doc *doc = doc_new(cx->mem);
    struct signature *signatures;
    size_t count;
    TRY(signatures_list(cx, &LETTERS, packing->letter->id, &signatures, &count));
    doc_records(doc, "signatures", SIGNATURE_FIELDS, signatures, count, sizeof *signatures);
    return put_doc(packing, "signatures.json", doc);
}

/* ---- the trail, and its end under our signature ---- */

/* What openssl wants before a raw Ed25519 key (RFC 8410). */
static const unsigned char KEY_BEGIN[] = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                          0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

static enum result put_key(struct packing *packing)
{
    const struct keys *keys = packing->cx->keys;
    unsigned char der[sizeof KEY_BEGIN + sizeof keys->sign_public];
    memcpy(der, KEY_BEGIN, sizeof KEY_BEGIN);
    memcpy(der + sizeof KEY_BEGIN, keys->sign_public, sizeof keys->sign_public);
    return put_text(packing, "trail-key.pem",
                    arena_printf(packing->cx->mem,
                                 "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n",
                                 base64_text(packing->cx->mem, der, sizeof der)));
}

static enum result put_head(struct packing *packing)
{
    struct ctx *cx = packing->cx;
    struct trail_head head;
    char at[INSTANT_MAX_TEXT];
    TRY(trail_head(cx, &head));
    instant_format(head.at, at);
    const char *words =
        arena_printf(cx->mem, "luyue-head-1 %lld %s %s", (long long)head.entries, head.hash, at);
    char *signature = arena_buffer(cx->mem, SIGNATURE_LEN);
    sign_bytes(cx->keys, words, (unsigned char *)signature);
    TRY(put_text(packing, "trail-head.txt", words));
    TRY(bundle_bytes(packing->bundle, "trail-head.sig", (struct span){signature, SIGNATURE_LEN}));
    return put_key(packing);
}

static enum result put_trail(struct packing *packing)
{
    struct doc *doc = doc_new(packing->cx->mem);
    struct event *events;
    size_t count;
    TRY(trail_of(packing->cx, &LETTERS, packing->letter->id, EVENTS_MOST, &events, &count));
    doc_records(doc, "events", EVENT_FIELDS, events, count, sizeof *events);
    TRY(put_doc(packing, "trail.json", doc));
    return put_head(packing);
}

/* ---- attachments ---- */

static enum result put_attachment(struct packing *packing, const char *sha256, const char *name)
{
    int fd;
    uint64_t size;
    TRY(files_open(packing->cx, sha256, &fd, &size));
    void *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    if (bytes == MAP_FAILED)
        return fail(packing->cx, BROKEN, "letter.attachment_lost", name);
    struct span span = {bytes, size};
    packing->maps[packing->map_count++] = span;
    return bundle_bytes(packing->bundle, name, span);
}

/* Several may have the same name: each lies in a folder by its place in the letter. */
static enum result put_attachments(struct packing *packing)
{
    struct arena *mem = packing->cx->mem;
    const char *line = packing->letter->attachments;
    for (int n = 1; *line && n <= ATTACHMENTS_MOST; n++) {
        const size_t len = strcspn(line, "\n");
        const char *sha256 = arena_copy(mem, line, SHA256_HEX - 1);
        const char *name = arena_copy(mem, line + SHA256_HEX + 1, len - SHA256_HEX - 1);
        TRY(put_attachment(packing, sha256,
                           arena_printf(mem, "attachments/%d/%s", n, bundle_safe(mem, name))));
        line += len + (line[len] == '\n');
    }
    return OK;
}

/* ---- how to check it ---- */

/* Where the other side of the letter, too, finds the key that made the signatures. */
static const char *check_place(const struct packing *packing)
{
    return arena_printf(packing->cx->mem, "/check/%s", packing->letter->code);
}

static enum result put_explanation(struct packing *packing)
{
    static const char *const KEYS[] = {
        "letters.evidence.what",  "letters.evidence.key",       "letters.evidence.sums",
        "letters.evidence.text",  "letters.evidence.signature", "letters.evidence.trail",
        "letters.evidence.entry", "letters.evidence.head",
    };
    struct ctx *cx = packing->cx;
    struct text text = text_new(cx->mem, 2048);
    for (int lang = 0; lang < LANG_COUNT; lang++)
        for (size_t i = 0; i < sizeof KEYS / sizeof KEYS[0]; i++)
            text_printf(
                &text, "%s\n\n",
                texts_fill(cx->mem, KEYS[i], (enum lang)lang,
                           (const char *const[]){packing->letter->number, packing->letter->sha256,
                                                 check_place(packing)}));
    return put_text(packing, "README.txt", text_end(&text));
}

static enum result pack(struct packing *packing)
{
    TRY(put_explanation(packing));
    TRY(put_letter(packing));
    TRY(put_signatures(packing));
    TRY(put_attachments(packing));
    return put_trail(packing);
}

enum result letter_evidence(struct ctx *cx, const struct letter *letter, FILE *file)
{
    struct packing *packing = ARENA_NEW(cx->mem, struct packing);
    struct letter shown = *letter;
    packing->cx = cx;
    packing->letter = &shown;
    TRY(letter_compose(cx, &shown));
    TRY(bundle_begin(cx, file, cx->now, &packing->bundle));
    enum result result = pack(packing);
    enum result ended = bundle_end(packing->bundle); /* in any case: it releases the bundle */
    for (size_t i = 0; i < packing->map_count; i++)
        (void)munmap((void *)(uintptr_t)packing->maps[i].at, packing->maps[i].len);
    return result == OK ? ended : result;
}
