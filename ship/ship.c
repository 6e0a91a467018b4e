/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* luyue-ship: carries records of calls from a call system's disk to Luyue. It stands beside the
 * call system and needs no database.
 *
 *     luyue-ship --url https://…/api/calls?profile=kamailio_flat --state FOLDER FOLDER/NAME.log …
 *     luyue-ship --url https://…/api/calls?profile=freeswitch_json --state FOLDER --spool FOLDER
 *
 * Files are followed line by line; how far is in FOLDER, by inode, so that a file that was rotated
 * is finished first. Of a spool folder whole files go, and are taken away afterwards. Nothing is
 * passed over or taken away before Luyue said 2xx, which it says once the records are on its disk;
 * what is sent twice it tells apart. The token is in the variable LUYUE_TOKEN. */
#include "ship/source.h"

#include <curl/curl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PATHS_MOST 64
#define WAIT_LEAST_MS 200 /* after the first failure; then twice as long each time */
#define WAIT_MOST_MS 30000
#define IDLE_MS 500 /* between looks when there is nothing new */

struct settings {
    const char *url, *state, *token;
    const char *paths[PATHS_MOST]; /* of files, perhaps with * */
    size_t path_count;
    const char *spools[PATHS_MOST];
    size_t spool_count;
    bool once; /* all there is, then end */
};

static volatile sig_atomic_t ending;

static void end(int signal_number)
{
    (void)signal_number;
    ending = 1;
}

/* ---- sending ---- */

struct sender {
    CURL *curl;
    struct curl_slist *headers;
};

static size_t ignore(char *bytes, size_t size, size_t count, void *host)
{
    (void)bytes;
    (void)host;
    return size * count;
}

static bool sender_open(struct sender *sender, const struct settings *settings)
{
    char bearer[512];
    *sender = (struct sender){.curl = curl_easy_init()};
    if (!sender->curl)
        return false;
    snprintf(bearer, sizeof bearer, "Authorization: Bearer %s", settings->token);
    sender->headers = curl_slist_append(NULL, bearer);
    sender->headers = curl_slist_append(sender->headers, "Content-Type: application/octet-stream");
    sender->headers = curl_slist_append(sender->headers, "Expect:");
    curl_easy_setopt(sender->curl, CURLOPT_URL, settings->url);
    curl_easy_setopt(sender->curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(sender->curl, CURLOPT_HTTPHEADER, sender->headers);
    curl_easy_setopt(sender->curl, CURLOPT_CONNECTTIMEOUT_MS, 5000L);
    curl_easy_setopt(sender->curl, CURLOPT_TIMEOUT_MS, 60000L);
    curl_easy_setopt(sender->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(sender->curl, CURLOPT_WRITEFUNCTION, ignore);
    return sender->headers != NULL;
}

static void sender_close(struct sender *sender)
{
    curl_slist_free_all(sender->headers);
    curl_easy_cleanup(sender->curl);
}

/* The status; 0 when there was no answer. */
static long post(struct sender *sender, const struct batch *batch)
{
    long status = 0;
    curl_easy_setopt(sender->curl, CURLOPT_POSTFIELDS, batch->bytes);
    curl_easy_setopt(sender->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)batch->len);
    if (curl_easy_perform(sender->curl) == CURLE_OK)
        curl_easy_getinfo(sender->curl, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

static void wait_ms(long ms)
{
    const struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    (void)nanosleep(&time, NULL); /* a signal ends it */
}

/* Until it is there, or we are to end. */
static bool deliver(struct sender *sender, const struct batch *batch)
{
    long wait = WAIT_LEAST_MS, said = -1;
    while (!ending) {
        const long status = post(sender, batch);
        if (status >= 200 && status < 300)
            return true;
        if (status != said)
            fprintf(stderr, "luyue-ship: %s: status %ld, trying again\n", batch->path, status);
        said = status;
        wait_ms(wait);
        wait = 2 * wait < WAIT_MOST_MS ? 2 * wait : WAIT_MOST_MS;
    }
    return false;
}

/* ---- one round over all there is ---- */

struct round {
    struct sender *sender;
    const struct settings *settings;
    size_t sent;
};

static bool take_batch(void *host, const struct batch *batch)
{
    struct round *round = host;
    if (!deliver(round->sender, batch))
        return false;
    round->sent++;
    return true;
}

static bool go_round(struct round *round)
{
    const struct settings *settings = round->settings;
    round->sent = 0;
    for (size_t i = 0; i < settings->path_count && !ending; i++)
        if (!files_follow(settings->paths[i], settings->state, take_batch, round))
            return false;
    for (size_t i = 0; i < settings->spool_count && !ending; i++)
        if (!spool_empty(settings->spools[i], take_batch, round))
            return false;
    return true;
}

static int ship(const struct settings *settings)
{
    struct sender sender;
    struct round round = {.sender = &sender, .settings = settings};
    if (!sender_open(&sender, settings))
        return 1;
    bool fine = true;
    while (fine && !ending) {
        fine = go_round(&round);
        if (round.sent == 0 && settings->once)
            break;
        if (round.sent == 0 && fine)
            wait_ms(IDLE_MS);
    }
    sender_close(&sender);
    return fine || ending ? 0 : 1;
}

/* ---- the command line ---- */

static bool read_settings(int argc, char **argv, struct settings *out)
{
    const char *token = getenv("LUYUE_TOKEN");
    *out = (struct settings){.token = token ? token : ""};
    for (int i = 1; i < argc; i++) {
        const bool more = i + 1 < argc;
        if (strcmp(argv[i], "--url") == 0 && more)
            out->url = argv[++i];
        else if (strcmp(argv[i], "--state") == 0 && more)
            out->state = argv[++i];
        else if (strcmp(argv[i], "--once") == 0)
            out->once = true;
        else if (strcmp(argv[i], "--spool") == 0 && more && out->spool_count < PATHS_MOST)
            out->spools[out->spool_count++] = argv[++i];
        else if (argv[i][0] != '-' && out->path_count < PATHS_MOST)
            out->paths[out->path_count++] = argv[i];
        else
            return false;
    }
    return out->url && *out->token && (out->path_count == 0 || out->state) &&
           out->path_count + out->spool_count > 0;
}

int main(int argc, char **argv)
{
    struct settings settings;
    struct sigaction action = {.sa_handler = end}; /* no SA_RESTART: waits end, too */
    if (!read_settings(argc, argv, &settings)) {
        fprintf(stderr, "luyue-ship --url URL [--state FOLDER FILE…] [--spool FOLDER] [--once]\n"
                        "  FILE may hold a *; the token is in the variable LUYUE_TOKEN\n");
        return 2;
    }
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const int status = ship(&settings);
    curl_global_cleanup();
    return status;
}
