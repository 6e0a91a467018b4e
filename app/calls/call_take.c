/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From lines to months: each line is matched with what the directory knows, then every month's
 * writer gets its share. They commit for themselves: a sender that hears nothing sends all again,
 * and what is there already is told apart. */
#include "app/calls/call_private.h"
#include "app/gate/callee_list.h"
#include "base/hash.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static struct {
    struct months *months;
    const struct keys *keys;
} calls;

void calls_use(struct months *months, const struct keys *keys)
{
    calls.months = months;
    calls.keys = keys;
    uids_forget();
}

struct months *calls_months(void)
{
    return calls.months;
}

struct share;

struct taking {
    struct ctx *cx;
    struct call_receipt *receipt;
    struct share *shares;
    size_t share_count;
    _Atomic size_t waiting; /* shares that are not done, and one for handing them out */
    _Atomic int failed;     /* the first result that is not OK */
    void (*done)(void *host, enum result result);
    void *host;
};

struct share {
    struct store_work work;
    struct taking *taking;
    struct store *store;
    struct ctx cx;
    struct call_batch batch;
    struct share *next;  /* among those that wait, or in its group */
    struct share *group; /* which this one takes along, itself first */
};

/* ---- a line as a row ---- */

uint64_t call_uid_hash(const struct call_line *line, int64_t provider_id)
{
    const uint64_t hash =
        hash_stable((uint64_t)provider_id, line->source, strlen(line->source) + 1);
    return hash_stable(hash, line->uid, strlen(line->uid));
}

int64_t call_first_place(const struct call_line *line, uint64_t hash)
{
    hash ^= hash >> 32;
    return call_id_at(line->started_at) | (int64_t)(hash & ((1 << CALL_SLOT_BITS) - 1));
}

/* From the day that its rule says every call of a contract comes through the gate. */
static bool is_past_the_gate(const struct finding *found, const struct call_line *line)
{
    const struct known_rule *rule = found->contract ? found->contract->rule : NULL;
    return rule && rule->gated_from.days && !line->gate_id &&
           instant_date(line->started_at, SHANGHAI_OFFSET_MIN).days >= rule->gated_from.days;
}

static struct call_row row_of(const struct directory *directory, const struct call_line *line,
                              int64_t reporter, int64_t sender_id)
{
    const struct known_contract *meant; /* where none is named: the agent's, when it has one */
    const bool is_meant = !*line->contract && directory_caller(directory, reporter, "", line->agent,
                                                               line->started_at, &meant);
    const struct question question = {
        .contract = is_meant ? meant->number : line->contract,
        .agent = line->agent,
        .caller = line->caller,
        .at = line->started_at,
    };
    struct finding found = directory_judge(directory, &question);
    /* Nobody writes into somebody else's figures: to them that contract is unknown. */
    if (found.contract && reporter && found.contract->provider_id != reporter)
        found = (struct finding){.allowance = REFUSED_CONTRACT_UNKNOWN};
    if (found.allowance == ALLOWED && !*line->agent)
        found.allowance = REFUSED_AGENT_UNKNOWN;
    if (found.allowance == ALLOWED && is_past_the_gate(&found, line))
        found.allowance = FOUND_UNGATED;
    struct call_row row = {
        .line = line,
        .found = found.allowance,
        .contract_id = found.contract ? found.contract->id : 0,
        .provider_id = found.contract ? found.contract->provider_id : reporter,
        .agent_id = found.agent ? found.agent->id : 0,
        .person_id = found.agent ? found.agent->person_id : 0,
        .number_id = found.number ? found.number->id : 0,
        .gate_id = line->gate_id,
        .sender_id = sender_id,
    };
    row.uid_hash = call_uid_hash(line, row.provider_id);
    row.id = call_first_place(line, row.uid_hash);
    callee_seal(calls.keys, line->callee, &row.callee_key, &row.callee_code);
    row.is_untalked = line->result == CALL_SUCCESS && !line->talk_s;
    row.is_listed =
        found.contract && callee_listed(LIST_DO_NOT_CALL, row.callee_key, found.contract->client_id,
                                        found.contract->id, line->started_at);
    return row;
}

static int row_order(const void *a, const void *b)
{
    const struct call_row *left = a, *right = b;
    if (left->id != right->id)
        return left->id < right->id ? -1 : 1;
    return left->line->row < right->line->row ? -1 : left->line->row > right->line->row;
}

/* The good lines as rows, by time; the others into the receipt. */
static size_t rows_make(struct taking *taking, const struct call_line *lines, size_t count,
                        int64_t reporter, const struct directory *directory, struct call_row *rows)
{
    struct call_receipt *receipt = taking->receipt;
    size_t made = 0;
    receipt->rejected = ARENA_ARRAY(taking->cx->mem, struct call_rejected, count);
    for (size_t i = 0; i < count; i++) {
        if (lines[i].fault)
            receipt->rejected[receipt->rejected_count++] = call_rejection(&lines[i]);
        else
            rows[made++] = row_of(directory, &lines[i], reporter, taking->cx->actor->person_id);
    }
    qsort(rows, made, sizeof *rows, row_order);
    return made;
}

/* ---- the shares ---- */

static void receipt_add(struct call_receipt *receipt, const struct call_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        const struct call_row *row = &batch->rows[i];
        if (row->fault)
            receipt->rejected[receipt->rejected_count++] =
                (struct call_rejected){row->line->row, row->fault, "", ""};
        else
            *(row->is_new       ? &receipt->accepted
              : row->is_revised ? &receipt->revised
                                : &receipt->duplicates) += 1;
    }
}

/* The last one tells. */
static void share_over(struct taking *taking, enum result result)
{
    int none = OK;
    if (result != OK)
        (void)atomic_compare_exchange_strong(&taking->failed, &none, (int)result);
    if (atomic_fetch_sub(&taking->waiting, 1) != 1)
        return;
    for (size_t i = 0; i < taking->share_count; i++)
        receipt_add(taking->receipt, &taking->shares[i].batch);
    taking->done(taking->host, (enum result)atomic_load(&taking->failed));
}

/* ---- what waits for the same writer goes in together: one transaction, and one statement for the
 * rows of many senders ---- */

#define GROUP_ROWS 20000

static pthread_mutex_t waiting_lock = PTHREAD_MUTEX_INITIALIZER;
static struct share *first_waiting, **last_waiting = &first_waiting;

static struct share *waiting_for(const struct store *store)
{
    struct share *share = first_waiting;
    while (share && share->store != store)
        share = share->next;
    return share;
}

/* The first one for its writer asks it; the others are taken along. */
static void share_wait(struct share *share)
{
    pthread_mutex_lock(&waiting_lock);
    const bool is_first = !waiting_for(share->store);
    *last_waiting = share;
    last_waiting = &share->next;
    pthread_mutex_unlock(&waiting_lock);
    if (is_first)
        store_write(share->store, &share->work);
}

/* It and those behind it for the same writer, as many as fit; the next one asks again. */
static void group_take(struct share *share)
{
    struct share **group = &share->group;
    size_t rows = 0;
    pthread_mutex_lock(&waiting_lock);
    for (struct share **at = &first_waiting; *at && rows < GROUP_ROWS;) {
        struct share *one = *at;
        if (one->store != share->store) {
            at = &one->next;
            continue;
        }
        *at = one->next;
        if (last_waiting == &one->next)
            last_waiting = at;
        one->next = NULL;
        rows += one->batch.count;
        *group = one;
        group = &one->next;
    }
    struct share *next = waiting_for(share->store);
    pthread_mutex_unlock(&waiting_lock);
    if (next)
        store_write(next->store, &next->work);
}

static int by_time(const void *a, const void *b)
{
    const struct call_row *left = *(struct call_row *const *)a,
                          *right = *(struct call_row *const *)b;
    return row_order(left, right);
}

static size_t group_rows(const struct share *share)
{
    size_t count = 0;
    for (const struct share *one = share->group; one; one = one->next)
        count += one->batch.count;
    return count;
}

/* The rows of all, by time, and back to whose they are. */
static enum result group_store(struct ctx *cx, const struct share *share)
{
    const size_t count = group_rows(share);
    struct call_row **own = ARENA_ARRAY(cx->mem, struct call_row *, count);
    struct call_row *rows = ARENA_ARRAY(cx->mem, struct call_row, count);
    size_t at = 0;
    for (const struct share *one = share->group; one; one = one->next)
        for (size_t i = 0; i < one->batch.count; i++)
            own[at++] = &one->batch.rows[i];
    qsort(own, count, sizeof *own, by_time);
    for (size_t i = 0; i < count; i++)
        rows[i] = *own[i];
    TRY(calls_store(cx, &(struct call_batch){rows, count}));
    for (size_t i = 0; i < count; i++)
        *own[i] = rows[i];
    return OK;
}

static enum result share_run(struct db *db, void *host)
{
    struct share *share = host;
    group_take(share);
    share->cx.mem = arena_new();
    share->cx.db = db;
    share->cx.fault = (struct fault){.result = OK};
    const enum result result = share->group->next ? group_store(&share->cx, share)
                                                  : calls_store(&share->cx, &share->batch);
    arena_free(share->cx.mem);
    return result;
}

static void share_end(struct share *share, enum result result)
{
    struct taking *taking = share->taking;
    months_release(calls.months, share->store);
    if (result == OK) {
        const struct month month = call_month(share->batch.rows[0].id);
        hours_wake(month);
        findings_wake(month);
    } else {
        share->batch.count = 0;
    }
    share_over(taking, result);
}

/* Where the writer could not even begin, nobody was taken along yet. */
static void share_done(void *host, enum result result)
{
    struct share *share = host;
    if (!share->group)
        group_take(share);
    for (struct share *one = share->group, *next; one; one = next) {
        next = one->next;
        share_end(one, result);
    }
}

/* Rows from `from` on that are of one month; returns where the next one's begin. */
static size_t month_end(const struct call_row *rows, size_t from, size_t count)
{
    const struct month month = call_month(rows[from].id);
    size_t end = from;
    while (end < count && call_month(rows[end].id).months == month.months)
        end++;
    return end;
}

static enum result share_make(struct taking *taking, struct call_row *rows, size_t count,
                              struct share *out)
{
    *out = (struct share){.taking = taking, .batch = {.rows = rows, .count = count}};
    TRY(months_store(taking->cx, calls.months, call_month(rows[0].id), true, &out->store));
    out->cx = *taking->cx;
    out->cx.pending = NULL;
    out->work = (struct store_work){.run = share_run, .done = share_done, .host = out};
    return OK;
}

static enum result shares_make(struct taking *taking, struct call_row *rows, size_t count)
{
    size_t months = 0;
    for (size_t from = 0; from < count; from = month_end(rows, from, count))
        months++;
    taking->shares = ARENA_ARRAY(taking->cx->mem, struct share, months + 1);
    for (size_t from = 0, end; from < count; from = end) {
        end = month_end(rows, from, count);
        TRY(share_make(taking, rows + from, end - from, &taking->shares[taking->share_count]));
        taking->share_count++;
    }
    return OK;
}

static enum result taking_prepare(struct taking *taking, const struct call_line *lines,
                                  size_t count, int64_t reporter)
{
    struct call_row *rows = ARENA_ARRAY(taking->cx->mem, struct call_row, count + 1);
    const struct directory *directory = directory_hold();
    if (!directory)
        return fail(taking->cx, BUSY, "server.busy");
    const size_t made = rows_make(taking, lines, count, reporter, directory, rows);
    directory_let_go(directory);
    return shares_make(taking, rows, made);
}

void calls_take_later(struct ctx *cx, const struct call_line *lines, size_t count, int64_t reporter,
                      struct call_receipt *out, void (*done)(void *host, enum result result),
                      void *host)
{
    struct taking *taking = ARENA_NEW(cx->mem, struct taking);
    *out = (struct call_receipt){0};
    *taking = (struct taking){.cx = cx, .receipt = out, .done = done, .host = host};
    enum result result = taking_prepare(taking, lines, count, reporter);
    const size_t shares = taking->share_count; /* after the last one is done, nothing is ours */
    atomic_init(&taking->waiting, shares + 1);
    for (size_t i = 0; i < shares; i++) {
        if (result == OK)
            share_wait(&taking->shares[i]);
        else
            share_end(&taking->shares[i], result);
    }
    share_over(taking, result);
}

/* ---- waiting for it ---- */

struct told {
    pthread_mutex_t lock;
    pthread_cond_t is_told;
    bool is_done;
    enum result result;
};

static void tell(void *host, enum result result)
{
    struct told *told = host;
    pthread_mutex_lock(&told->lock);
    told->result = result;
    told->is_done = true;
    pthread_cond_signal(&told->is_told);
    pthread_mutex_unlock(&told->lock);
}

enum result calls_take(struct ctx *cx, const struct call_line *lines, size_t count,
                       int64_t reporter, struct call_receipt *out)
{
    struct told told = {.lock = PTHREAD_MUTEX_INITIALIZER, .is_told = PTHREAD_COND_INITIALIZER};
    calls_take_later(cx, lines, count, reporter, out, tell, &told);
    pthread_mutex_lock(&told.lock);
    while (!told.is_done)
        pthread_cond_wait(&told.is_told, &told.lock);
    pthread_mutex_unlock(&told.lock);
    pthread_cond_destroy(&told.is_told);
    pthread_mutex_destroy(&told.lock);
    if (told.result != OK && cx->fault.result == OK)
        return fail(cx, told.result, "server.busy");
    return told.result;
}

/* ---- judged anew ---- */

struct judging {
    struct ctx cx; /* of the writer's thread */
    int64_t id;
    bool is_struck;
    enum call_result result;
};

static enum result judge_run(struct db *db, void *host)
{
    struct judging *judging = host;
    judging->cx.db = db;
    return call_judge(&judging->cx, judging->id, judging->is_struck, &judging->result);
}

enum result call_strike(struct ctx *cx, int64_t id, bool is_struck, enum call_result *out_result)
{
    struct judging judging = {.cx = *cx, .id = id, .is_struck = is_struck};
    struct store *store;
    judging.cx.pending = NULL;
    TRY(months_store(cx, calls.months, call_month(id), false, &store));
    enum result judged = store_write_now(store, judge_run, &judging);
    months_release(calls.months, store);
    if (judged != OK)
        cx->fault = judging.cx.fault;
    *out_result = judging.result;
    return judged;
}
