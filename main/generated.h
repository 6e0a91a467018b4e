/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the build makes: the text catalogue (tools/texts.py), pages and assets (tools/embed.py). */
#ifndef MAIN_GENERATED_H
#define MAIN_GENERATED_H

#include "base/texts.h"
#include "web/server.h"

extern const struct text_entry TEXTS[];
extern const size_t TEXT_COUNT;
extern const struct web_page PAGES[];
extern const size_t PAGE_COUNT;
extern const struct web_asset ASSETS[];
extern const size_t ASSET_COUNT;

#endif
