/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Amounts in Chinese capitals (人民币大写), as the rules for vouchers of payment want them: 整
 * after yuan and jiao, 零 for what is left out between figures, never twice. */
#ifndef CAPITALS_H
#define CAPITALS_H

#include "base/arena.h"
#include "base/units.h"

/* 人民币壹万贰仟零叁拾元零伍分; of less than nothing 人民币负…; up to 9999 亿. */
const char *money_capitals(struct arena *arena, struct money money);

#endif
