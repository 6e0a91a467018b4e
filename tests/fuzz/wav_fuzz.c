/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A recording that somebody uploads: its head is believed no further than the file goes. */
#include "app/reviews/wav.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct wav wav;
    struct peak peaks[7];
    if (!wav_read(data, size, size, &wav))
        return 0;
    if (wav.offset > size || wav.len > size - wav.offset || wav_duration_ms(&wav) < 0)
        abort();
    if (!wav.len)
        return 0;
    wav_peaks(&wav, data, peaks, sizeof peaks / sizeof peaks[0]);
    for (size_t i = 0; i < sizeof peaks / sizeof peaks[0]; i++)
        if (peaks[i].left < 0 || peaks[i].left > 100 || peaks[i].right < 0 || peaks[i].right > 100)
            abort();
    return 0;
}
