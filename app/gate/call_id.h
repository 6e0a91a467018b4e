/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the ids of calls and of the gate's decisions tell, and how the number that was called is
 * kept. */
#ifndef GATE_CALL_ID_H
#define GATE_CALL_ID_H

#include "base/hash.h"
#include "base/units.h"

/* A call's id tells its time: milliseconds since 2020, and a slot of those within one. Below 2^53
 * until 2054, so that any program can hold it. */
#define CALL_EPOCH_MS INT64_C(1577836800000)
#define CALL_SLOT_BITS 13
int64_t call_id_at(struct instant at); /* the first one of that millisecond */
struct instant call_instant(int64_t id);
struct month call_month(int64_t id); /* in Shanghai */

/* Of a number that was called: to find it again and to open it. Digits, perhaps with a + and what
 * people put between; at most 17 of them. */
bool callee_fits(const char *number);
/* False when it does not fit; what is sealed then is no number. */
bool callee_seal(const struct keys *keys, const char *number, int64_t *out_key, int64_t *out_code);
const char *callee_open(struct arena *arena, const struct keys *keys, int64_t key, int64_t code);
/* As it is dialled here: 13812345678, 057188881234; others with their country's code. */
const char *callee_dialled(struct arena *arena, const char *number);
/* Call systems like to name files after the number that was called: the text with every digit of it
 * that a mask hides replaced by a star, whatever stands before and between them (0571-8888 1234,
 * +86138…). `number` as callee_open gives it. */
const char *callee_hide(struct arena *arena, const char *number, const char *text);

/* How long it lasts: "2:05:09" */
const char *seconds_words(struct arena *arena, int64_t seconds);

#endif
