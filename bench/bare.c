/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The limit that the product is measured against: the least that a C program has to do to answer
 * the same rows as JSON. The same HTTP library, flags and threads, a cached prepared statement, an
 * append buffer; no session, scope, filters, routes or field tables.
 *
 *     bare FILE|postgres://… PORT        GET /list, GET /one?id=7 */
#include "base/units.h"

#include <libpq-fe.h>
#include <microhttpd.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static _Noreturn void give_up(const char *why)
{
    fprintf(stderr, "bare: %s\n", why);
    exit(1);
}

/* ---- what the ledger sends of a contract (app/contracts/contract.c) ---- */

enum kind { NUMBER, FLAG, TEXT, OR_NULL, SECRET, INSTANT, HIDDEN };

static const struct column {
    const char *key;
    size_t key_len;
    const char *sql;
    enum kind kind;
} COLUMNS[] = {
#define COLUMN(name, sql, kind)                                                                    \
    {                                                                                              \
        ",\"" name "\":", sizeof(",\"" name "\":") - 1, sql, kind                                  \
    }
#define OWN(name, kind) COLUMN(#name, "t." #name, kind)
    OWN(id, NUMBER),
    OWN(version, NUMBER),
    OWN(created_at, INSTANT),
    OWN(updated_at, INSTANT),
    OWN(number, TEXT),
    OWN(name, TEXT),
    OWN(kind, OR_NULL),
    OWN(service, OR_NULL),
    OWN(client_id, NUMBER),
    COLUMN("client_name", "c.name", TEXT),
    OWN(unit_id, NUMBER),
    COLUMN("unit_name", "u.name", TEXT),
    OWN(provider_id, NUMBER),
    COLUMN("provider_name", "p.name", TEXT),
    OWN(provider_contact, TEXT),
    OWN(provider_phone, SECRET),
    OWN(signed_on, OR_NULL),
    OWN(starts_on, OR_NULL),
    OWN(ends_on, OR_NULL),
    OWN(amount_fen, NUMBER),
    OWN(net_amount_fen, NUMBER),
    OWN(monthly_fee_fen, NUMBER),
    OWN(payment_terms, TEXT),
    OWN(deposit_fen, NUMBER),
    OWN(assessment_clause, TEXT),
    OWN(served_party_clause, TEXT),
    OWN(no_subcontracting, FLAG),
    OWN(warranty_months, NUMBER),
    OWN(executor_id, NUMBER),
    COLUMN("executor_name", "e.name", TEXT),
    OWN(contact_id, NUMBER),
    COLUMN("contact_name", "d.name", TEXT),
    OWN(alert_days, NUMBER),
    OWN(remark, TEXT),
    OWN(briefing, OR_NULL),
    OWN(briefed_on, OR_NULL),
    OWN(state, OR_NULL),
    OWN(state_at, INSTANT),
    OWN(state_by, TEXT),
    OWN(state_reason, TEXT),
    OWN(search_key, HIDDEN),
};
enum { COLUMN_COUNT = sizeof COLUMNS / sizeof COLUMNS[0] };

enum which { LIST, ONE, WHICH_COUNT };
static char statements[WHICH_COUNT][4096];

static void statements_compose(void)
{
    static const char FROM[] =
        " FROM contracts t JOIN organisations c ON c.id = t.client_id JOIN organisations p ON p.id "
        "= t.provider_id JOIN units u ON u.id = t.unit_id LEFT JOIN people e ON e.id = "
        "t.executor_id LEFT JOIN people d ON d.id = t.contact_id";
    static const char *const ROWS[] = {
        [LIST] = " WHERE t.state = 'active' ORDER BY t.id DESC LIMIT 50",
        [ONE] = " WHERE t.id = $1",
    };
    for (int which = 0; which < WHICH_COUNT; which++) {
        char *text = stpcpy(statements[which], "SELECT ");
        for (int i = 0; i < COLUMN_COUNT; i++)
            text = stpcpy(stpcpy(text, i ? ", " : ""), COLUMNS[i].sql);
        stpcpy(stpcpy(text, FROM), ROWS[which]);
    }
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
            give_up("out of memory");
    }
    memcpy(out->at + out->len, bytes, len);
    out->len += len;
}
#define PUT(out, literal) put((out), literal, sizeof(literal) - 1)

static void put_number(struct buffer *out, int64_t number)
{
    char digits[20], *at = digits + sizeof digits;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do
        *--at = (char)('0' + rest % 10);
    while (rest /= 10);
    if (number < 0)
        *--at = '-';
    put(out, at, (size_t)(digits + sizeof digits - at));
}

/* All bytes are looked at without leaving early, so that the compiler can use vector instructions.
 */
static bool is_plain(const char *text, size_t len)
{
    unsigned char special = 0;
    for (size_t i = 0; i < len; i++)
        special |= ((unsigned char)text[i] < 0x20) | (text[i] == '"') | (text[i] == '\\');
    return !special;
}

static void put_string(struct buffer *out, const char *text, size_t len)
{
    size_t plain = is_plain(text, len) ? len : 0;
    PUT(out, "\"");
    put(out, text, plain);
    for (size_t i = plain; i < len; i++) {
        char escaped[8];
        if (is_plain(text + i, 1))
            put(out, text + i, 1);
        else
            put(out, escaped,
                (size_t)snprintf(escaped, sizeof escaped, "\\u%04x", (unsigned char)text[i]));
    }
    PUT(out, "\"");
}

/* A value as the database gives it: a number, or bytes that end with NUL. */
static void put_value(struct buffer *out, enum kind kind, int64_t number, const char *bytes,
                      size_t len)
{
    char instant[INSTANT_MAX_TEXT];
    switch (kind) {
    case NUMBER:
        put_number(out, number);
        break;
    case FLAG:
        put(out, number ? "true" : "false", number ? 4 : 5);
        break;
    case INSTANT:
        put_string(out, instant, (size_t)instant_format((struct instant){number}, instant));
        break;
    case SECRET:
        put_string(out, bytes, strcspn(bytes, "\n"));
        break;
    case OR_NULL:
        if (!len) {
            PUT(out, "null");
            break;
        } /* fall through */
    default:
        put_string(out, bytes, len);
    }
}

static bool is_number(enum kind kind)
{
    return kind == NUMBER || kind == FLAG || kind == INSTANT;
}

/* The key of a column; true when its value is to follow. */
static bool put_key(struct buffer *out, int column, bool is_null)
{
    size_t skipped = column == 0;
    if (COLUMNS[column].kind == HIDDEN)
        return false;
    put(out, COLUMNS[column].key + skipped, COLUMNS[column].key_len - skipped);
    if (!is_null)
        return true;
    if (is_number(COLUMNS[column].kind))
        PUT(out, "null");
    else
        PUT(out, "\"\"");
    return false;
}

/* ---- the databases: a connection to each thread ---- */

static const char *place;
static _Thread_local struct connection {
    sqlite3 *sqlite;
    sqlite3_stmt *statements[WHICH_COUNT];
    PGconn *postgres;
} connection;

static bool is_postgres(void)
{
    return strncmp(place, "postgres", strlen("postgres")) == 0;
}

static void sqlite_start(void)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(place, &connection.sqlite, flags, NULL) != SQLITE_OK ||
        sqlite3_exec(connection.sqlite,
                     "PRAGMA cache_size = -8192; PRAGMA mmap_size = 268435456;"
                     "PRAGMA query_only = ON",
                     NULL, NULL, NULL) != SQLITE_OK)
        give_up(sqlite3_errmsg(connection.sqlite));
    for (int which = 0; which < WHICH_COUNT; which++)
        if (sqlite3_prepare_v2(connection.sqlite, statements[which], -1,
                               &connection.statements[which], NULL) != SQLITE_OK)
            give_up(sqlite3_errmsg(connection.sqlite));
}

static void sqlite_rows(struct buffer *out, enum which which, const char *id)
{
    if (!connection.sqlite)
        sqlite_start();
    sqlite3_stmt *statement = connection.statements[which];
    if (which == ONE)
        sqlite3_bind_int64(statement, 1, strtoll(id, NULL, 10));
    for (int row = 0; sqlite3_step(statement) == SQLITE_ROW; row++) {
        put(out, row ? ",{" : "{", row ? 2 : 1);
        for (int i = 0; i < COLUMN_COUNT; i++) {
            enum kind kind = COLUMNS[i].kind;
            if (!put_key(out, i, sqlite3_column_type(statement, i) == SQLITE_NULL))
                continue;
            if (is_number(kind))
                put_value(out, kind, sqlite3_column_int64(statement, i), "", 0);
            else
                put_value(out, kind, 0, (const char *)sqlite3_column_text(statement, i),
                          (size_t)sqlite3_column_bytes(statement, i));
        }
        PUT(out, "}");
    }
    sqlite3_reset(statement);
}

static void postgres_start(void)
{
    static const char *const NAMES[] = {[LIST] = "list", [ONE] = "one"};
    connection.postgres = PQconnectdb(place);
    for (int which = 0; which < WHICH_COUNT; which++) {
        PGresult *result = PQprepare(connection.postgres, NAMES[which], statements[which], 0, NULL);
        if (PQresultStatus(result) != PGRES_COMMAND_OK)
            give_up(PQerrorMessage(connection.postgres));
        PQclear(result);
    }
}

static void postgres_rows(struct buffer *out, enum which which, const char *id)
{
    if (!connection.postgres)
        postgres_start();
    PGresult *result = PQexecPrepared(connection.postgres, which == ONE ? "one" : "list",
                                      which == ONE, &id, NULL, NULL, 0);
    for (int row = 0; row < PQntuples(result); row++) {
        put(out, row ? ",{" : "{", row ? 2 : 1);
        for (int i = 0; i < COLUMN_COUNT; i++) {
            const char *bytes = PQgetvalue(result, row, i);
            int64_t number = *bytes == 't' ? 1 : strtoll(bytes, NULL, 10);
            if (put_key(out, i, PQgetisnull(result, row, i)))
                put_value(out, COLUMNS[i].kind, number, bytes, (size_t)PQgetlength(result, row, i));
        }
        PUT(out, "}");
    }
    PQclear(result);
}

/* ---- HTTP ---- */

static enum MHD_Result answer(void *host, struct MHD_Connection *http, const char *url,
                              const char *method, const char *version, const char *body,
                              size_t *body_len, void **seen)
{
    struct buffer out = {.at = NULL};
    const char *id = MHD_lookup_connection_value(http, MHD_GET_ARGUMENT_KIND, "id");
    enum which which = strcmp(url, "/one") == 0 ? ONE : LIST;
    if (!*seen) {
        *seen = http;
        return MHD_YES;
    }
    if (which == LIST)
        PUT(&out, "{\"items\":[");
    (is_postgres() ? postgres_rows : sqlite_rows)(&out, which, id ? id : "1");
    if (which == LIST)
        PUT(&out, "],\"next\":null}");
    struct MHD_Response *response =
        MHD_create_response_from_buffer(out.len, out.at, MHD_RESPMEM_MUST_FREE);
    MHD_add_response_header(response, "Content-Type", "application/json");
    enum MHD_Result queued = MHD_queue_response(http, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return queued;
}

int main(int argc, char **argv)
{
    sigset_t signals;
    int signal_number;
    if (argc != 3)
        give_up("bare FILE|postgres://… PORT");
    place = argv[1];
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    statements_compose();
    if (!MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME,
                          (uint16_t)atoi(argv[2]), NULL, NULL, answer, NULL,
                          MHD_OPTION_THREAD_POOL_SIZE, (unsigned)sysconf(_SC_NPROCESSORS_ONLN),
                          MHD_OPTION_CONNECTION_LIMIT, 4000u, MHD_OPTION_LISTENING_ADDRESS_REUSE,
                          1u, MHD_OPTION_END))
        give_up("cannot listen");
    sigwait(&signals, &signal_number);
    return 0;
}
