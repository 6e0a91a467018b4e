/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The demo world's pay: terms, rules, what comes beside them, and the sheet of each locked month. */
#ifndef DEMO_PAY_H
#define DEMO_PAY_H

#include "main/world.h"

/* False says why on standard error. */
bool demo_pay(struct world *world);

#endif
