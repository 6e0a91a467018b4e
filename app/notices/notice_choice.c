/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/notices/notice_choice.h"

#include "app/notices/delivery.h"
#include "app/notices/notice.sql.h"
#include "jobs/mail.h"

#include <string.h>

const char *const NOTICE_TAKES[] = {"all", "urgent", "none", NULL};
const char *const SPOKEN[] = {"zh", "en", NULL};

/* ---- hours ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* -1: none. */
static int32_t minute_of(const char *text)
{
    if (strlen(text) != 5 || text[2] != ':' || !is_digit(text[0]) || !is_digit(text[1]) ||
        !is_digit(text[3]) || !is_digit(text[4]))
        return -1;
    int hour = (text[0] - '0') * 10 + text[1] - '0', minute = (text[3] - '0') * 10 + text[4] - '0';
    return hour < 24 && minute < 60 ? hour * 60 + minute : -1;
}

bool time_of_day_valid(const char *text)
{
    return minute_of(text) >= 0;
}

struct quiet_hours quiet_hours_of(const char *from, const char *to)
{
    return (struct quiet_hours){minute_of(from), minute_of(to)};
}

/* ---- the record ---- */

static const struct field CHOICE_FIELDS[] = {
    RECORD_FIELDS(notice_choice),
    FIELD_REF(notice_choice, account_id, "accounts"),
    FIELD_ENUM(notice_choice, takes, NOTICE_TAKES, .in = MUST),
    FIELD(notice_choice, mail, .in = MAY, .valid = mail_address_valid),
    FIELD(notice_choice, quiet_from, .in = MUST, .max = 5, .valid = time_of_day_valid),
    FIELD(notice_choice, quiet_to, .in = MUST, .max = 5, .valid = time_of_day_valid),
    FIELD_ENUM(notice_choice, lang, SPOKEN, .in = MAY),
    FIELDS_END,
};

static enum result choice_check(struct ctx *cx, void *record, const void *former)
{
    struct notice_choice *choice = record;
    if (!choice->lang)
        choice->lang = SPOKEN_ZH;
    if (choice->takes == TAKES_NONE)
        return OK;
    if (!mail_is_available())
        reject(cx, "takes", "no_mail_server");
    else if (!*choice->mail)
        reject(cx, "mail", "required");
    return OK;
}

#define OWN "@account_id = :account"
const struct resource NOTICE_CHOICES = {
    .name = "notice_choices",
    .fields = CHOICE_FIELDS,
    .size = sizeof(struct notice_choice),
    .title = "mail",
    .scope = {[SIDE_CLIENT] = OWN, [SIDE_PROVIDER] = OWN, [SIDE_THIRD_PARTY] = OWN},
    .check = choice_check,
};

enum result notice_choice_own(struct ctx *cx, struct notice_choice *out)
{
    int64_t id;
    TRY(db_int(cx, &q_notice_choice, PARAMS(P(cx->actor->account_id)), &id));
    if (id)
        return record_get(cx, &NOTICE_CHOICES, id, out);
    *out = (struct notice_choice){
        .account_id = cx->actor->account_id,
        .mail = "",
        .takes = TAKES_NONE,
        .quiet_from = QUIET_FROM,
        .quiet_to = QUIET_TO,
        .lang = cx->lang == LANG_EN ? SPOKEN_EN : SPOKEN_ZH,
    };
    return OK;
}

enum result notice_choice_put(struct ctx *cx, const struct notice_choice *before,
                              struct notice_choice *after)
{
    return before->id ? record_change(cx, &NOTICE_CHOICES, "change", before, after)
                      : record_add(cx, &NOTICE_CHOICES, after);
}
