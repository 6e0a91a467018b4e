/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Printable A4 documents (PDF, fonts embedded) as Chinese offices write them: letters by the
 * measures of GB/T 9704, and denser sheets. Knows nothing of records.
 *
 * A document is a function that makes calls in reading order. It runs twice, first to count the
 * pages ("page 1 of 3"), then to write them; so it must say the same both times, and memory stays
 * flat however long the document is:
 *
 *     static enum result compose(struct paper *paper, void *host)
 *     {
 *         paper_title(paper, "关于增开外呼工号的函");
 *         paper_text(paper, "因业务需要，……");
 *         return OK;
 *     }
 *     TRY(paper_bytes(cx, &(struct paper_head){.title = "…", .made = at}, compose, host, &pdf));
 *
 * The same calls and head give the same bytes (with the same fonts and libraries), so the SHA-256
 * of a document can be kept. The calls return nothing: after the first failure they do nothing, and
 * it is the result of the whole. */
#ifndef PAPER_PAPER_H
#define PAPER_PAPER_H

#include "base/ctx.h"
#include "base/text.h"

#include <stddef.h>

#define PAPER_TEXT_MAX (64 << 10) /* bytes of one text: a paragraph, a cell */
#define PAPER_COLUMNS 20
#define PAPER_PAGES 2000
#define PAPER_PICTURE_PIXELS (50 << 20)

enum paper_form {
    PAPER_LETTER, /* GB/T 9704: 22 lines of 28 characters a page */
    PAPER_SHEET,  /* narrower margins, smaller print: lists, pay sheets, evaluations */
};

struct paper_head {
    const char *title;   /* in the properties of the file */
    struct instant made; /* creation date in the properties */
    enum paper_form form;
    enum lang lang;        /* of the few words that are added here (page 1 of 3) */
    const char *watermark; /* light, across every page: who printed it, and when; NULL: none */
    /* Where a reader can check the document, at the foot of every page: a code in words, an
     * address in words and as QR code. NULL: none; both or neither. */
    const char *check_code, *check_url;
    /* Families as fontconfig knows them, for an office that owns others (仿宋_GB2312, 黑体). NULL:
     * Noto Serif CJK SC, Noto Sans CJK SC. */
    const char *text_font, *heading_font;
};

struct paper;
typedef enum result (*paper_compose)(struct paper *paper, void *host);
/* Takes the bytes as they are made; another result than OK ends the writing with it. */
typedef enum result (*paper_sink)(void *to, const void *bytes, size_t len);

/* INVALID paper.text (broken UTF-8), paper.picture (neither PNG nor JPEG, or damaged);
 * TOO_LARGE paper.text_too_long, paper.too_many_pages, paper.picture_too_large, qr.too_long;
 * BROKEN paper.font ({0}: the family that is not installed), paper.write, paper.unsteady (the
 * second run of compose made another number of pages). What the sink got before a failure is no
 * document. */
MUST_USE enum result paper_write(struct ctx *cx, const struct paper_head *head,
                                 paper_compose compose, void *host, paper_sink sink, void *to);
/* The whole document in the arena. */
MUST_USE enum result paper_bytes(struct ctx *cx, const struct paper_head *head,
                                 paper_compose compose, void *host, struct span *out);
/* A sink: `to` is a FILE. */
enum result paper_to_file(void *to, const void *bytes, size_t len);

/* ---- texts. Line breaks in them begin new lines ---- */
void paper_letterhead(struct paper *paper, const char *issuer); /* red, with the double rule */
void paper_number(struct paper *paper, const char *number);     /* at the right */
void paper_title(struct paper *paper, const char *title);
void paper_addressee(struct paper *paper, const char *addressee);
void paper_heading(struct paper *paper, const char *heading); /* 一、…… */
void paper_text(struct paper *paper, const char *text);       /* indented, justified */
void paper_note(struct paper *paper, const char *note);       /* small print below a table */

/* ---- label and value, two pairs side by side ---- */
struct paper_fact {
    const char *label, *value;
    bool wide; /* takes the whole line */
};
void paper_facts(struct paper *paper, const struct paper_fact *facts, size_t count);

/* ---- tables. The titles stand again on every page; a row stays on one page if it fits one ---- */
enum paper_align { PAPER_LEFT, PAPER_CENTRE, PAPER_RIGHT };
struct paper_column {
    const char *title;
    int share; /* of the width, among the shares of all columns */
    enum paper_align align;
};
/* `columns` (at most PAPER_COLUMNS) stay the caller's until paper_table_end. */
void paper_table_begin(struct paper *paper, const struct paper_column *columns, size_t count);
void paper_row(struct paper *paper, const char *const *cells);
void paper_table_end(struct paper *paper);

/* PNG or JPEG, `percent` of the width (less when it would not fit a page), centred. */
void paper_picture(struct paper *paper, const void *bytes, size_t len, int percent,
                   const char *caption);

/* ---- the end of a letter ---- */
void paper_attachments(struct paper *paper, const char *const *names, size_t count); /* 附件：1. */
void paper_closing(struct paper *paper, const char *issuer, struct date date); /* at the right */

/* Agreed electronic signatures, two side by side, and what they mean in law. */
struct paper_signature {
    const char *party; /* 甲方（委托方）：某某银行信用卡中心 */
    const char *name;  /* who signed, with the office held */
    struct instant at; /* none: not signed yet, space is left for a pen */
    const char *hash;  /* SHA-256 of what was signed */
};
void paper_signatures(struct paper *paper, const struct paper_signature *signatures, size_t count);

#endif
