/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What an operator may set: flags (--data DIR) and variables (LUYUE_DATA), flags first. */
#ifndef CONFIG_H
#define CONFIG_H

#include "jobs/outbox.h"

#include <stdbool.h>
#include <stddef.h>

struct config {
    const char *data;    /* folder of keys, files, spool, and the embedded database */
    const char *db;      /* "sqlite" or postgres://… */
    const char *listen;  /* 127.0.0.1:8080 */
    const char *gate;    /* where call systems ask beside it: ADDRESS:PORT or a path; "" nowhere */
    const char *proxies; /* addresses whose X-Forwarded-For is believed, with commas between */
    const char *call_system, *call_secret; /* app/agents/provision.h; "" none */
    const char *agi;                       /* 127.0.0.1:4573: where Asterisk asks; "" nowhere */
    const char *clock; /* tests: the time it is said to be, RFC 3339; "" the real one */
    const char *log;   /* error, warn, info, debug */
    const char *site;  /* where people reach the pages, for links in mails: https://… */
    const char *mail_host, *mail_port, *mail_security, *mail_user, *mail_password;
    const char *mail_from, *mail_from_name;
    bool gate_sync;     /* the gate's journal is on the disk before it answers */
    bool robots_inside; /* group robots and webhooks may have addresses that are not public */
    int agi_wait;       /* ms that Asterisk has for each half of its question */
    int demo_calls;     /* that an agent of the demo world makes a day */
    bool demo;          /* fill an empty store with the demo world */
    /* ---- of single commands ---- */
    const char *admin, *report, *profile, *letter, *sha256, *organisation;
    bool dry_run, good_rows;
    const char *words[4]; /* what is no flag: RESOURCE FILE */
    int word_count;
};

/* Results: false, with words for the operator in *out_error, when a flag is unknown or lacks its
 * value. */
bool config_read(struct config *config, int argc, char **argv, const char **out_error);
/* The mail server and what else goes outside. False, with words in *out_error, when a setting
 * is none. Without a host there is no mail. */
bool config_outbox(const struct config *config, struct outbox *out, const char **out_error);
/* Every setting with its value, passwords aside, for `luyue config`. */
void config_print(const struct config *config);

#endif
