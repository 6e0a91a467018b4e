/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "paper/qr.h"

#include "base/text.h"

#include <qrencode.h>
#include <string.h>

enum result qr_make(struct ctx *cx, const char *text, struct qr *out)
{
    size_t len = strlen(text);
    if (!len)
        return fail(cx, INVALID, "qr.empty");
    if (len > QR_TEXT_MAX)
        return fail(cx, TOO_LARGE, "qr.too_long", text_count(cx->mem, QR_TEXT_MAX));
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    if (!code)
        return fail(cx, BROKEN, "qr.make");
    size_t modules = (size_t)code->width * (size_t)code->width;
    unsigned char *dark = arena_alloc(cx->mem, modules);
    for (size_t i = 0; i < modules; i++)
        dark[i] = code->data[i] & 1; /* the other bits say what a module is for */
    *out = (struct qr){.size = code->width, .dark = dark};
    QRcode_free(code);
    return OK;
}

bool qr_next_run(const struct qr *qr, struct qr_run *run)
{
    int modules = qr->size * qr->size;
    int at = run->row * qr->size + run->column + run->length;
    while (at < modules && !qr->dark[at])
        at++;
    if (at == modules)
        return false;
    *run = (struct qr_run){.row = at / qr->size, .column = at % qr->size};
    while (run->column + run->length < qr->size && qr->dark[at + run->length])
        run->length++;
    return true;
}

enum result qr_svg(struct ctx *cx, const char *text, const char *label, const char **out)
{
    struct qr qr = {0};
    TRY(qr_make(cx, text, &qr));
    struct text svg = text_new(cx->mem, 4096);
    int side = qr.size + 2 * QR_QUIET;
    text_printf(&svg,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
                "shape-rendering=\"crispEdges\" role=\"img\" aria-label=\"",
                side, side);
    text_html(&svg, label, strlen(label));
    text_printf(&svg,
                "\"><path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/>"
                "<path fill=\"#000\" d=\"",
                side, side);
    struct qr_run run = {0};
    while (qr_next_run(&qr, &run))
        text_printf(&svg, "M%d %dh%dv1h-%dz", run.column + QR_QUIET, run.row + QR_QUIET, run.length,
                    run.length);
    text_puts(&svg, "\"/></svg>");
    *out = text_end(&svg);
    return OK;
}
