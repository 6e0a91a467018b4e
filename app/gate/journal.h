/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The gate's journal: what was decided, in files that are only added to. An entry is in the file
 * when journal_add returns (a killed process loses none), on the disk within 100 ms or, if so
 * asked, at once. A file is taken away when all of it lies in the store. */
#ifndef GATE_JOURNAL_H
#define GATE_JOURNAL_H

#include "app/gate/gate.h"

enum journal_kind { JOURNAL_DECISION = 1, JOURNAL_BIND };

struct journal_entry {
    enum journal_kind kind;
    int64_t gate_id;
    struct instant at;
    int64_t contract_id, agent_id, provider_id, callee_key, callee_code;
    union {
        int64_t number_id;
        int64_t bind_id; /* of a bind: its own id, as a decision may have several */
    };
    enum gate_mode mode;
    enum allowance reason;
    int32_t max_s;
    bool is_recorded;
    const char *node, *call_id, *contract, *agent, *caller; /* as asked */
};

struct journal;
/* Results: BROKEN gate.journal. */
MUST_USE enum result journal_open(struct ctx *cx, const char *folder, bool sync_before,
                                  struct journal **out);
void journal_close(struct journal *journal);
/* False when it could not be written: then nothing may be answered. Any thread. */
bool journal_add(struct journal *journal, const struct journal_entry *entry);
/* Where answers wait for the disk: until what was added is there. False: it may not be. */
bool journal_settle(struct journal *journal);

/* Every entry that may not be in the store yet, in order, those of processes that ended too; then,
 * when `each` took them all, files that nobody writes any more are taken away. A broken tail, never
 * answered, is left out. An entry whose texts are no UTF-8, which no store takes, is left out, too,
 * and its file stays under another name, for people to look at. While another process folds the
 * same folder it waits, for ten seconds at most: what that one took up lies in the store by then.
 */
typedef enum result (*journal_each)(void *host, const struct journal_entry *entries, size_t count);
MUST_USE enum result journal_fold(struct ctx *cx, struct journal *journal, journal_each each,
                                  void *host);

#endif
