/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The demo world: a group with two divisions and three projects, four providers, people, accounts
 * (one per role) and a ledger in every state, dated relative to today. Made through the same rules
 * that users go through. */
#ifndef DEMO_H
#define DEMO_H

#include "base/doc.h"
#include "main/world.h"

#define DEMO_PASSWORD "Luyue-demo-1"

/* Puts "demo", the accounts and their roles, and "demo_password": for the page to sign in. */
void demo_doc(struct doc *doc, enum lang lang);

/* Its issue desk, once contracts and people are there. */
enum result demo_desk(struct ctx *cx, struct instant today);

/* Does nothing when the store has accounts already. False says why on standard error. */
bool demo_fill(struct world *world);

#endif
