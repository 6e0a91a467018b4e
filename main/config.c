/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "main/config.h"

#include "base/field.h"
#include "jobs/mail.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONNECT_MS 5000
#define TOTAL_MS 20000

enum kind { WORD, SWITCH, PASSWORD, NUMBER };

/* clang-format off */
static const struct setting {
    const char *flag, *variable;
    enum kind kind;
    size_t offset;
    const char *otherwise, *meaning;
} SETTINGS[] = {
    {"--data",           "LUYUE_DATA",           WORD,     offsetof(struct config, data),           "data",           "folder of keys, files and the embedded database"},
    {"--db",             "LUYUE_DB",             WORD,     offsetof(struct config, db),             "sqlite",         "sqlite or postgres://…"},
    {"--listen",         "LUYUE_LISTEN",         WORD,     offsetof(struct config, listen),         "127.0.0.1:8080", "address and port"},
    {"--gate",           "LUYUE_GATE",           WORD,     offsetof(struct config, gate),           "",               "where call systems ask, beside --listen: address and port, or path of a Unix socket"},
    {"--proxies",        "LUYUE_PROXIES",        WORD,     offsetof(struct config, proxies),        "",               "addresses whose X-Forwarded-For is believed"},
    {"--site",           "LUYUE_SITE",           WORD,     offsetof(struct config, site),           "",               "where people reach the pages: links in mails and chat groups"},
    {"--mail-host",      "LUYUE_MAIL_HOST",      WORD,     offsetof(struct config, mail_host),      "",               "mail server (SMTP); without it nobody is told by mail"},
    {"--mail-port",      "LUYUE_MAIL_PORT",      WORD,     offsetof(struct config, mail_port),      "465",            "its port"},
    {"--mail-security",  "LUYUE_MAIL_SECURITY",  WORD,     offsetof(struct config, mail_security),  "tls",            "tls, starttls, or plain for a relay on this machine"},
    {"--mail-user",      "LUYUE_MAIL_USER",      WORD,     offsetof(struct config, mail_user),      "",               "whom it knows us as; without it we do not sign in"},
    {"--mail-password",  "LUYUE_MAIL_PASSWORD",  PASSWORD, offsetof(struct config, mail_password),  "",               "better as the variable: flags can be seen by others"},
    {"--mail-from",      "LUYUE_MAIL_FROM",      WORD,     offsetof(struct config, mail_from),      "",               "our address"},
    {"--mail-from-name", "LUYUE_MAIL_FROM_NAME", WORD,     offsetof(struct config, mail_from_name), "履约",           "our name beside it"},
    {"--robots-inside",  "LUYUE_ROBOTS_INSIDE",  SWITCH,   offsetof(struct config, robots_inside),  "",               "group robots may have addresses that are not public"},
    {"--call-system",    "LUYUE_CALL_SYSTEM",    WORD,     offsetof(struct config, call_system),    "",               "folder or URL that is told of agents and numbers"},
    {"--call-secret",    "LUYUE_CALL_SECRET",    PASSWORD, offsetof(struct config, call_secret),    "",               "signs what is posted to it (whsec_…)"},
    {"--gate-sync",      "LUYUE_GATE_SYNC",      SWITCH,   offsetof(struct config, gate_sync),      "",               "the gate's journal is on the disk before each answer, not within 100 ms"},
    {"--agi",            "LUYUE_AGI",            WORD,     offsetof(struct config, agi),            "",               "address and port where Asterisk asks (FastAGI); without it nowhere"},
    {"--agi-wait",       "LUYUE_AGI_WAIT",       NUMBER,   offsetof(struct config, agi_wait),       "300",            "ms within which it must ask, and acknowledge; later it is hung up on"},
    {"--clock",          "LUYUE_CLOCK",          WORD,     offsetof(struct config, clock),          "",               "tests: the time it is said to be when it starts"},
    {"--log",            "LUYUE_LOG",            WORD,     offsetof(struct config, log),            "info",           "error, warn, info or debug"},
    {"--demo",           "LUYUE_DEMO",           SWITCH,   offsetof(struct config, demo),           "",               "fill an empty store with the demo world"},
    {"--demo-calls",     "LUYUE_DEMO_CALLS",     NUMBER,   offsetof(struct config, demo_calls),     "60",             "calls that an agent of the demo world makes a day"},
    {"--admin",          NULL,                   WORD,     offsetof(struct config, admin),          "",               "init: name of the first account"},
    {"--report",         NULL,                   WORD,     offsetof(struct config, report),         "",               "import, verify: file for the report"},
    {"--letter",         NULL,                   WORD,     offsetof(struct config, letter),         "",               "verify: the code printed on a letter, instead of the trail"},
    {"--sha256",         NULL,                   WORD,     offsetof(struct config, sha256),         "",               "verify: digest of its text or of an attachment"},
    {"--profile",        NULL,                   WORD,     offsetof(struct config, profile),        "plain",          "import calls: how the call system writes them"},
    {"--dry-run",        NULL,                   SWITCH,   offsetof(struct config, dry_run),        "",               "import: only say what would happen"},
    {"--organisation",   NULL,                   WORD,     offsetof(struct config, organisation),   "",               "import: whose roster it is, by its name"},
    {"--good-rows",      NULL,                   SWITCH,   offsetof(struct config, good_rows),      "",               "import: take the good rows although others are bad"},
};
/* clang-format on */
#define SETTING_COUNT (sizeof SETTINGS / sizeof SETTINGS[0])

static void set(struct config *config, const struct setting *setting, const char *value)
{
    char *member = (char *)config + setting->offset;
    if (setting->kind == SWITCH)
        *(bool *)member = strcmp(value, "0") != 0 && *value;
    else if (setting->kind == NUMBER)
        *(int *)member = (int)strtol(value, NULL, 10);
    else
        *(const char **)member = value;
}

static const struct setting *setting_of(const char *flag)
{
    for (size_t i = 0; i < SETTING_COUNT; i++)
        if (strcmp(SETTINGS[i].flag, flag) == 0)
            return &SETTINGS[i];
    return NULL;
}

bool config_read(struct config *config, int argc, char **argv, const char **out_error)
{
    *config = (struct config){.data = ""};
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const char *value = SETTINGS[i].variable ? getenv(SETTINGS[i].variable) : NULL;
        set(config, &SETTINGS[i], value ? value : SETTINGS[i].otherwise);
    }
    for (int i = 0; i < argc; i++) {
        const struct setting *setting = setting_of(argv[i]);
        *out_error = argv[i];
        if (setting && setting->kind == SWITCH)
            set(config, setting, "1");
        else if (setting && i + 1 < argc)
            set(config, setting, argv[++i]);
        else if (argv[i][0] != '-' && config->word_count < 4)
            config->words[config->word_count++] = argv[i];
        else
            return false;
    }
    return true;
}

bool config_outbox(const struct config *config, struct outbox *out, const char **out_error)
{
    static const char *const SECURITIES[] = {"tls", "starttls", "plain", NULL};
    const unsigned security =
        choice_find(SECURITIES, config->mail_security, strlen(config->mail_security));
    int64_t port;
    *out_error = "--mail-port wants a port";
    if (!int_parse(config->mail_port, &port) || port < 1 || port > 65535)
        return false;
    *out_error = "--mail-security wants tls, starttls or plain";
    if (!security)
        return false;
    *out_error = "--mail-from wants our mail address";
    if (*config->mail_host && !mail_address_valid(config->mail_from))
        return false;
    *out_error = "--site wants https://NAME without a slash at its end";
    if (*config->site && config->site[strlen(config->site) - 1] == '/')
        return false;
    *out = (struct outbox){
        .mail = {.host = config->mail_host,
                 .port = (int)port,
                 .security = (enum mail_security)security,
                 .user = config->mail_user,
                 .password = config->mail_password,
                 .from = config->mail_from,
                 .from_name = config->mail_from_name,
                 .greeting = ""},
        .mail_inside = true, /* the operator named it */
        .robots_inside = config->robots_inside,
        .connect_ms = CONNECT_MS,
        .total_ms = TOTAL_MS,
    };
    return true;
}

static const char *shown(const struct config *config, const struct setting *setting)
{
    const char *member = (const char *)config + setting->offset;
    if (setting->kind == SWITCH)
        return *(const bool *)member ? "on" : "off";
    static char number[16];
    if (setting->kind == NUMBER) {
        snprintf(number, sizeof number, "%d", *(const int *)(const void *)member);
        return number;
    }
    const char *value = *(const char *const *)member;
    return setting->kind == PASSWORD && *value ? "***" : value;
}

void config_print(const struct config *config)
{
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const struct setting *setting = &SETTINGS[i];
        printf("%-16s %-20s %-24s %s\n", setting->flag, setting->variable ? setting->variable : "",
               shown(config, setting), setting->meaning);
    }
}
