/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "jobs/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct range {
    unsigned char first[4];
    int bits;
};
/* IANA's registry of special-purpose addresses, those that are not globally reachable. */
static const struct range SPECIAL_4[] = {
    {{0, 0, 0, 0}, 8},      {{10, 0, 0, 0}, 8},     {{100, 64, 0, 0}, 10}, {{127, 0, 0, 0}, 8},
    {{169, 254, 0, 0}, 16}, {{172, 16, 0, 0}, 12},  {{192, 0, 0, 0}, 24},  {{192, 0, 2, 0}, 24},
    {{192, 88, 99, 0}, 24}, {{192, 168, 0, 0}, 16}, {{198, 18, 0, 0}, 15}, {{198, 51, 100, 0}, 24},
    {{203, 0, 113, 0}, 24}, {{224, 0, 0, 0}, 3},
};
/* Within 2000::/3, which alone is given out. */
static const struct range SPECIAL_6[] = {
    {{0x20, 0x01, 0x00, 0x00}, 23}, /* protocols, Teredo among them */
    {{0x20, 0x01, 0x0d, 0xb8}, 32}, /* documentation */
    {{0x20, 0x02, 0x00, 0x00}, 16}, /* 6to4: IPv4 inside */
    {{0x3f, 0xff, 0x00, 0x00}, 20}, /* documentation */
};
static const unsigned char MAPPED[12] = {[10] = 0xff, [11] = 0xff}; /* ::ffff:0:0/96 */
static const unsigned char NAT64[12] = {0x00, 0x64, 0xff, 0x9b};    /* 64:ff9b::/96 */

static uint32_t four(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static bool within(const unsigned char *address, const struct range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if ((four(address) ^ four(ranges[i].first)) >> (32 - ranges[i].bits) == 0)
            return true;
    return false;
}
#define WITHIN(address, ranges) within(address, ranges, sizeof(ranges) / sizeof((ranges)[0]))

static bool public_6(const unsigned char *address)
{
    if (memcmp(address, MAPPED, sizeof(MAPPED)) == 0 || memcmp(address, NAT64, sizeof(NAT64)) == 0)
        return !WITHIN(address + 12, SPECIAL_4);
    return address[0] >> 5 == 1 && !WITHIN(address, SPECIAL_6);
}

bool address_is_public(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET)
        return !WITHIN((const unsigned char *)&((const struct sockaddr_in *)address)->sin_addr,
                       SPECIAL_4);
    if (address->sa_family == AF_INET6)
        return public_6(((const struct sockaddr_in6 *)address)->sin6_addr.s6_addr);
    return false;
}
