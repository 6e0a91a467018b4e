/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Which addresses of the internet protocol belong to everybody. What somebody typed as an address
 * to send to must not make this server talk to itself, its neighbours, or a cloud's own services.
 */
#ifndef ADDRESS_H
#define ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/* False for loopback, link-local, private, shared, multicast and reserved addresses, for IPv6 that
 * wraps one of them, and for anything that is neither IPv4 nor IPv6. */
bool address_is_public(const struct sockaddr *address);

#endif
