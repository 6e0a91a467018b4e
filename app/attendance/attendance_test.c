/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/attendance/asked.h"
#include "app/test_world.h"
int main(void)
{
    return 0;
}
