/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The limit that the product is measured against: the least a C program has to do to answer the
 * same rows as JSON. The same HTTP library, flags and threads, one cached prepared statement, one
 * append buffer; no session, scope, filter, router or field table.
 *
 *     bare FILE|postgres://… PORT        GET /list, GET /one?id=7 */
#include "base/units.h"

#include <libpq-fe.h>
#include <microhttpd.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- what the ledger sends of a contract (app/contracts) ---- */

enum kind { NUMBER, FLAG, TEXT, OR_NULL, SECRET, INSTANT, HIDDEN };

static const struct column {
    const char *name, *sql;
    enum kind kind;
} COLUMNS[] = {
    {"id",                  "t.id",                  NUMBER },
    {"version",             "t.version",             NUMBER },
    {"created_at",          "t.created_at",          INSTANT},
    {"updated_at",          "t.updated_at",          INSTANT},
    {"number",              "t.number",              TEXT   },
    {"name",                "t.name",                TEXT   },
    {"kind",                "t.kind",                TEXT   },
    {"service",             "t.service",             TEXT   },
    {"client_id",           "t.client_id",           NUMBER },
    {"client_name",         "c.name",                TEXT   },
    {"unit_id",             "t.unit_id",             NUMBER },
    {"unit_name",           "u.name",                TEXT   },
    {"provider_id",         "t.provider_id",         NUMBER },
    {"provider_name",       "p.name",                TEXT   },
    {"provider_contact",    "t.provider_contact",    TEXT   },
    {"provider_phone",      "t.provider_phone",      SECRET },
    {"signed_on",           "t.signed_on",           OR_NULL},
    {"starts_on",           "t.starts_on",           OR_NULL},
    {"ends_on",             "t.ends_on",             OR_NULL},
    {"amount_fen",          "t.amount_fen",          NUMBER },
    {"net_amount_fen",      "t.net_amount_fen",      NUMBER },
    {"monthly_fee_fen",     "t.monthly_fee_fen",     NUMBER },
    {"payment_terms",       "t.payment_terms",       TEXT   },
    {"deposit_fen",         "t.deposit_fen",         NUMBER },
    {"assessment_clause",   "t.assessment_clause",   TEXT   },
    {"served_party_clause", "t.served_party_clause", TEXT   },
    {"no_subcontracting",   "t.no_subcontracting",   FLAG   },
    {"warranty_months",     "t.warranty_months",     NUMBER },
    {"executor_id",         "t.executor_id",         NUMBER },
    {"executor_name",       "e.name",                TEXT   },
    {"contact_id",          "t.contact_id",          NUMBER },
    {"contact_name",        "d.name",                TEXT   },
    {"alert_days",          "t.alert_days",          NUMBER },
    {"remark",              "t.remark",              TEXT   },
    {"briefing",            "t.briefing",            OR_NULL},
    {"briefed_on",          "t.briefed_on",          OR_NULL},
    {"state",               "t.state",               OR_NULL},
    {"state_at",            "t.state_at",            INSTANT},
    {"state_by",            "t.state_by",            TEXT   },
    {"state_reason",        "t.state_reason",        TEXT   },
    {"search_key",          "t.search_key",          HIDDEN },
};
enum { COLUMN_COUNT = sizeof COLUMNS / sizeof COLUMNS[0] };

static const char FROM[] =
    " FROM contracts t JOIN organisations c ON c.id = t.client_id JOIN organisations p ON p.id = "
    "t.provider_id JOIN units u ON u.id = t.unit_id LEFT JOIN people e ON e.id = t.executor_id "
    "LEFT JOIN people d ON d.id = t.contact_id";

static const struct {
    const char *name, *where;
    int params;
} STATEMENTS[] = {
    {"list", " WHERE t.state = 'active' ORDER BY t.id DESC LIMIT 50", 0},
    {"one",  " WHERE t.id = $1",                                      1},
};
enum { LIST, ONE, STATEMENT_COUNT };

static char *statement_text(int which)
{
    static char text[4096];
    int len = snprintf(text, sizeof text, "SELECT");
    for (int i = 0; i < COLUMN_COUNT; i++)
        len += snprintf(text + len, sizeof text - (size_t)len, "%s %s", i ? "," : "", COLUMNS[i].sql);
    snprintf(text + len, sizeof text - (size_t)len, "%s%s", FROM, STATEMENTS[which].where);
    return text;
}

/* ---- the append buffer ---- */

struct buffer {
    char *at;
    size_t len, cap;
};

static void put(struct buffer *out, const char *bytes, size_t len)
{
    if (out->len + len > out->cap) {
        out->cap = 2 * (out->len + len);
        out->at = realloc(out->at, out->cap);
        if (!out->at)
            abort();
    }
    memcpy(out->at + out->len, bytes, len);
    out->len += len;
}

#define PUT(out, literal) put((out), "" literal, sizeof(literal) - 1)

static void put_number(struct buffer *out, int64_t number)
{
    char digits[24];
    put(out, digits, (size_t)snprintf(digits, sizeof digits, "%lld", (long long)number));
}

static bool is_special(unsigned char byte)
{
    return byte < 0x20 || byte == '"' || byte == '\\';
}

static void put_string(struct buffer *out, const char *text, size_t len)
{
    size_t run = 0;
    PUT(out, "\"");
    for (size_t i = 0; i < len; i++) {
        if (!is_special((unsigned char)text[i]))
            continue;
        char escaped[8];
        put(out, text + run, i - run);
        put(out, escaped,
            (size_t)snprintf(escaped, sizeof escaped, "\\u%04x", (unsigned char)text[i]));
        run = i + 1;
    }
    put(out, text + run, len - run);
    PUT(out, "\"");
}

static void put_instant(struct buffer *out, int64_t ms)
{
    char text[INSTANT_MAX_TEXT];
    instant_format((struct instant){ms}, text);
    put_string(out, text, strlen(text));
}

static void put_key(struct buffer *out, int column)
{
    PUT(out, ",\"" + (column == 0));
    put(out, COLUMNS[column].name, strlen(COLUMNS[column].name));
    PUT(out, "\":");
}
