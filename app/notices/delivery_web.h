/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef DELIVERY_WEB_H
#define DELIVERY_WEB_H

#include "app/notices/delivery.h"
#include "web/request.h"

/* The last deliveries as `deliveries` of the document, for pages in words. */
void put_deliveries(struct request *rq, const struct delivery *deliveries, size_t count);

#endif
