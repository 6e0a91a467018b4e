/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "jobs/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/un.h>

#include <cmocka.h>

static bool is_public(const char *text)
{
    union {
        struct sockaddr any;
        struct sockaddr_in four;
        struct sockaddr_in6 six;
    } address = {0};
    if (strchr(text, ':')) {
        address.six.sin6_family = AF_INET6;
        assert_int_equal(inet_pton(AF_INET6, text, &address.six.sin6_addr), 1);
    } else {
        address.four.sin_family = AF_INET;
        assert_int_equal(inet_pton(AF_INET, text, &address.four.sin_addr), 1);
    }
    return address_is_public(&address.any);
}

static void addresses_of_everybody_are_public(void **state)
{
    static const char *const CASES[] = {
        "8.8.8.8",         "1.1.1.1",      "9.255.255.255",    "11.0.0.0",
        "100.63.255.255",  "100.128.0.0",  "126.255.255.255",  "128.0.0.1",
        "172.15.255.255",  "172.32.0.0",   "192.167.255.255",  "223.255.255.255",
        "2606:4700::1111", "2400:3200::1", "64:ff9b::808:808", "::ffff:8.8.8.8",
        "2001:200::1",     "2003::1",
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
        if (!is_public(CASES[i]))
            fail_msg("%s", CASES[i]);
}

static void addresses_inside_are_not(void **state)
{
    static const char *const CASES[] = {
        "0.0.0.0",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "203.0.113.9",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "fe80::1",
        "fec0::1",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "100::1",
        "5f00::1",
        "3fff:fff::1",
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
        if (is_public(CASES[i]))
            fail_msg("%s", CASES[i]);
}

static void other_families_are_not(void **state)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/run/docker.sock"};
    assert_false(address_is_public((struct sockaddr *)&address));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_of_everybody_are_public),
        cmocka_unit_test(addresses_inside_are_not),
        cmocka_unit_test(other_families_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
