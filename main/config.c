/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "main/config.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { WORD, SWITCH, PASSWORD };

/* clang-format off */
static const struct setting {
    const char *flag, *variable;
    enum kind kind;
    size_t offset;
    const char *otherwise, *meaning;
} SETTINGS[] = {
    {"--data",               "LUYUE_DATA",               WORD,     offsetof(struct config, data),               "data",           "folder of keys, files and the embedded database"},
    {"--db",                 "LUYUE_DB",                 WORD,     offsetof(struct config, db),                 "sqlite",         "sqlite or postgres://…"},
    {"--listen",             "LUYUE_LISTEN",             WORD,     offsetof(struct config, listen),             "127.0.0.1:8080", "address and port"},
    {"--proxies",            "LUYUE_PROXIES",            WORD,     offsetof(struct config, proxies),            "",               "addresses whose X-Forwarded-For is believed"},
    {"--call-system",        "LUYUE_CALL_SYSTEM",        WORD,     offsetof(struct config, call_system),        "",               "folder or URL that is told of agents and numbers"},
    {"--call-system-secret", "LUYUE_CALL_SYSTEM_SECRET", PASSWORD, offsetof(struct config, call_system_secret), "",               "signs what is posted to it (whsec_…); better as the variable"},
    {"--clock",              "LUYUE_CLOCK",              WORD,     offsetof(struct config, clock),              "",               "tests: the time it is said to be when it starts"},
    {"--log",                "LUYUE_LOG",                WORD,     offsetof(struct config, log),                "info",           "error, warn, info or debug"},
    {"--demo",               "LUYUE_DEMO",               SWITCH,   offsetof(struct config, demo),               "",               "fill an empty store with the demo world"},
    {"--admin",              NULL,                       WORD,     offsetof(struct config, admin),              "",               "init: name of the first account"},
    {"--report",             NULL,                       WORD,     offsetof(struct config, report),             "",               "import, verify: file for the report"},
    {"--dry-run",            NULL,                       SWITCH,   offsetof(struct config, dry_run),            "",               "import: only say what would happen"},
    {"--good-rows",          NULL,                       SWITCH,   offsetof(struct config, good_rows),          "",               "import: take the good rows although others are bad"},
};
/* clang-format on */
#define SETTING_COUNT (sizeof SETTINGS / sizeof SETTINGS[0])

static void set(struct config *config, const struct setting *setting, const char *value)
{
    char *member = (char *)config + setting->offset;
    if (setting->kind == SWITCH)
        *(bool *)member = strcmp(value, "0") != 0 && *value;
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

static const char *shown(const struct config *config, const struct setting *setting)
{
    const char *member = (const char *)config + setting->offset;
    if (setting->kind == SWITCH)
        return *(const bool *)member ? "on" : "off";
    const char *value = *(const char *const *)member;
    return setting->kind == PASSWORD && *value ? "***" : value;
}

void config_print(const struct config *config)
{
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const struct setting *setting = &SETTINGS[i];
        printf("%-20s %-24s %-24s %s\n", setting->flag, setting->variable ? setting->variable : "",
               shown(config, setting), setting->meaning);
    }
}
