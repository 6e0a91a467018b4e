/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Field tables: one description of a struct that everything else follows.
 *
 * A table drives row -> struct, JSON and form -> struct, struct -> JSON, row and page, validation,
 * form pages, list columns, filters and sorting, CSV/XLSX import and export, the audit diff and
 * OpenAPI. A member's name is its column, its JSON name, its form name and its key in the text
 * catalogue ("contracts.number"). The type comes from the member by _Generic, the place by
 * offsetof: a misspelt or unsupported member does not compile.
 *
 *     static const struct field CONTRACT_FIELDS[] = {
 *         FIELD(contract, id),
 *         FIELD(contract, number, .in = MUST, .max = 40, .use = LISTED | SORTED | SEARCHED),
 *         FIELD_ENUM(contract, state, CONTRACT_STATES, .use = LISTED | FILTERED),
 *         FIELD_REF(contract, provider_id, "organisations", .in = MUST, .use = FILTERED),
 *         FIELD(contract, provider_name, .column = "p.name", .use = LISTED),
 *         FIELDS_END,
 *     };
 */
#ifndef BASE_FIELD_H
#define BASE_FIELD_H

#include "base/arena.h"
#include "base/text.h"
#include "base/units.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A sensitive text: sealed in the database, masked wherever it is shown, opened only by the
 * reveal action. In memory `plain` is set when a client sent it or somebody opened it. */
struct secret {
    const char *plain;  /* "" = none */
    const char *sealed; /* as stored */
    const char *masked; /* as shown: 138****1234 */
};

/* Several choices at once (roles, permissions): bit n = choice n of the table. Stored as the
 * choices' names with spaces between, shown in JSON as an array of names. */
struct set {
    uint64_t bits;
};

enum field_type {
    FIELD_END_TYPE,
    FIELD_ID,      /* int64_t, > 0; 0 = none (NULL, null) */
    FIELD_INT,     /* int32_t */
    FIELD_BOOL,    /* bool */
    FIELD_TEXT,    /* const char *, never NULL */
    FIELD_MONEY,   /* struct money */
    FIELD_POINTS,  /* struct points */
    FIELD_DATE,    /* struct date */
    FIELD_MONTH,   /* struct month */
    FIELD_INSTANT, /* struct instant */
    FIELD_ENUM,    /* an enum whose constants start at 1 and follow `choices`; 0 = none */
    FIELD_SET,     /* struct set */
    FIELD_SECRET,  /* struct secret */
};

/* May a client set it? */
enum field_in {
    NEVER = 0, /* by us only */
    MAY,       /* may be left out: keeps its value, or none at creation */
    MUST,      /* required at creation, and never emptied */
};

enum field_use {
    LISTED = 1 << 0,    /* a column of list pages and the first columns of exports */
    FILTERED = 1 << 1,  /* may be given in a list's query: ?state=active, ?ends_on_from= */
    SORTED = 1 << 2,    /* may be given in ?sort=; has an index */
    SEARCHED = 1 << 3,  /* part of the search key that ?q= looks into */
    LONG_TEXT = 1 << 4, /* several lines in a form */
    HIDDEN = 1 << 5,   /* kept from every face (hashes, search keys); not in JSON, pages, exports */
    FIXED = 1 << 6,    /* may be set at creation, never changed after */
    NO_DIFF = 1 << 7,  /* changes of it are not worth a line in the history */
    SIGNED = 1 << 9,   /* part of what people sign: a change of it voids the signatures */
    TRAILED = 1 << 10, /* HIDDEN, and yet its changes stand in the history */
    AS_NUMBER = 1 << 11, /* enums of tables of millions: the column holds the choice's number */
    CHOSEN = 1 << 12,    /* ids: a list offers what it refers to (`among`) as a choice, by name */
    DERIVED = 1 << 8, /* not in the database: the resource's derive() works it out after reading */
};

struct field {
    const char *name;
    enum field_type type;
    enum field_in in;
    size_t offset;
    int64_t min, max; /* numbers: smallest and largest (0,0: any); texts: max characters (0: 200) */
    const char *const *choices; /* enums and sets: names, NULL-terminated */
    const char *refers;         /* ids: the resource it belongs to */
    const char *among;  /* ids: which of them a form offers, as a list's query: "side=provider" */
    const char *column; /* SQL expression when it is not a column of the table itself */
    unsigned use;
    const char *clause;   /* the clause that asks for it, shown beside it */
    const char *known_by; /* a member; until it says something, people read a dash here */
    bool (*valid)(const char *text); /* texts and secrets: a further check (phone_valid) */
    struct span json_key; /* `,"name":`, made by the compiler since lists write it so often */
};

#define FIELD_TYPE_OF(member)                                                                      \
    _Generic((member),                                                                             \
        int64_t: FIELD_ID,                                                                         \
        int32_t: FIELD_INT,                                                                        \
        bool: FIELD_BOOL,                                                                          \
        const char *: FIELD_TEXT,                                                                  \
        struct money: FIELD_MONEY,                                                                 \
        struct points: FIELD_POINTS,                                                               \
        struct date: FIELD_DATE,                                                                   \
        struct month: FIELD_MONTH,                                                                 \
        struct instant: FIELD_INSTANT,                                                             \
        struct set: FIELD_SET,                                                                     \
        struct secret: FIELD_SECRET)

#define FIELD_AS(struct_tag, member, the_type, ...)                                                \
    {                                                                                              \
        .name = #member, .type = (the_type), .offset = offsetof(struct struct_tag, member),        \
        .json_key = {",\"" #member "\":", sizeof(",\"" #member "\":") - 1}, __VA_ARGS__            \
    }
#define FIELD(struct_tag, member, ...)                                                             \
    FIELD_AS(struct_tag, member, FIELD_TYPE_OF(((struct struct_tag *)0)->member), __VA_ARGS__)
#define FIELD_REF(struct_tag, member, resource, ...)                                               \
    FIELD(struct_tag, member, .refers = (resource), __VA_ARGS__)
/* Enum members are unsigned int to _Generic; the size is checked here. */
#define FIELD_ENUM(struct_tag, member, names, ...)                                                 \
    FIELD_AS(struct_tag, member,                                                                   \
             _Generic(((struct struct_tag *)0)->member, unsigned int                               \
                      : FIELD_ENUM),                                                               \
             .choices = (names), __VA_ARGS__)
#define FIELD_CHOICES(struct_tag, member, names, ...)                                              \
    FIELD(struct_tag, member, .choices = (names), __VA_ARGS__)
#define FIELDS_END                                                                                 \
    {                                                                                              \
        .name = NULL                                                                               \
    }
#define FIELDS_MAX 64

/* The member itself: *FIELD_AT(const struct date, field, record). */
#define FIELD_AT(type, field, record) ((type *)(void *)((char *)(record) + (field)->offset))

const struct field *field_find(const struct field *fields, const char *name, size_t len);
size_t field_count(const struct field *fields);
/* 0 when it is not one of the choices. */
unsigned choice_find(const char *const *choices, const char *name, size_t len);
const char *choice_name(const char *const *choices, unsigned value); /* "" for 0 */

/* Every text member "" instead of NULL; other members stay zero. */
void fields_blank(const struct field *fields, void *record);

/* Make the member none: "", 0, false. */
void field_clear(const struct field *field, void *record);
/* Does the member have no value? Numbers and flags always have one: 0 and false are values. */
bool field_is_none(const struct field *field, const void *record);
/* None, or a number 0, or false: nothing worth a line on a page. */
bool field_is_idle(const struct field *field, const void *record);
/* None, or an amount of 0: whoever leaves an amount empty states none, and nothing is agreed, paid
 * or kept for 0.00. People read a dash; JSON says 0. */
bool field_is_unstated(const struct field *field, const void *record);
bool field_equal(const struct field *field, const void *a, const void *b);
void field_copy(const struct field *field, void *to, const void *from);

/* Why a value is refused: the code of the field fault, or NULL when it is fine. */
typedef const char *field_verdict;

/* From a form, a CSV cell or a query: what people write (money in yuan, dates in six spellings).
 * `choices` may also be given by their labels through `choice_by_label` (may be NULL). */
struct field_reading {
    struct arena *arena;
    bool serial_dates; /* day numbers of a spreadsheet are allowed */
    /* the choice whose label in any language is `text`; 0 when none */
    unsigned (*choice_by_label)(const void *host, const struct field *field, const char *text);
    const void *host;
};
field_verdict field_read(const struct field *field, const char *text,
                         const struct field_reading *reading, void *record);

/* Length, range, format; after any kind of reading. Codes: required, too_long, too_small,
 * too_large, malformed. A MUST field must have a value, at creation and after. */
field_verdict field_check(const struct field *field, const void *record, bool creating);

/* The most characters of a text or secret. */
int64_t field_text_most(const struct field *field);
/* The limit that a verdict is about, as the argument of its words: too_long, too_small, too_large;
 * NULL for every other one. */
const char *field_limit(struct arena *arena, const struct field *field, field_verdict verdict);

/* As people read it: money grouped in yuan, dates YYYY-MM-DD, instants "YYYY-MM-DD HH:MM" in
 * Shanghai time, enums by name, secrets masked. For CSV, lists and forms (`grouped` off). */
void field_write(const struct field *field, const void *record, bool grouped, struct text *out);

/* One canonical spelling, the same for ever: for digests, the audit trail and search keys. */
void field_canonical(const struct field *field, const void *record, struct text *out);

/* 138****1234, 3301**********1234, or stars. In the arena. */
const char *secret_mask(struct arena *arena, const char *plain);
/* How a secret is shown: masked, also when only its plain text is known. */
const char *secret_shown(struct arena *arena, const struct secret *secret);

#endif
