/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/dashboard/dashboard.h"

int main(void)
{
    return 0;
}
