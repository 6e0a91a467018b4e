/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Sound as call systems record it: WAV, PCM of 16 bits, one channel or one for each side. */
#ifndef WAV_H
#define WAV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wav {
    int32_t channels, rate;
    size_t offset, len; /* of the samples within the file */
};

/* From the beginning of a file of `size` bytes, of which `len` are here. False when it is no such
 * WAV, or its samples begin beyond what is here. What its head says of its length is believed no
 * further than the file goes: a recorder that was cut off wrote none. */
bool wav_read(const void *bytes, size_t len, size_t size, struct wav *out);
int64_t wav_duration_ms(const struct wav *wav);

#define WAV_CHANNELS 2
/* How loud it is, 0 to 100, in the stretch of a waveform. */
struct peak {
    int32_t left, right;
};
#define PEAKS_MOST 400
/* One for each of `count` stretches of equal length; `bytes` is the whole file. */
void wav_peaks(const struct wav *wav, const void *bytes, struct peak *out, size_t count);

#endif
