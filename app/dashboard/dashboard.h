/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The board of supervision (V3.1, V5.1.3): what the operations centre sees of the whole group, a
 * division of itself and a project of itself. Projects with the grade that they stand at, what is
 * open and overdue, what money is at risk, what fails most, and how it went over a year. */
#ifndef DASHBOARD_H
#define DASHBOARD_H

#include "app/dashboard/project_month.h"
#include "app/parties/parties.h"

/* What is open now. */
enum open_kind {
    OPEN_DUTIES,          /* overdue */
    OPEN_DEFECTS,         /* notices of rectification that are not closed */
    OPEN_OVERDUE_DEFECTS, /* of these: not answered in time */
    OPEN_DISPUTED,        /* statements that the provider disputes: what is payable */
    OPEN_TOLD,            /* deductions that the provider may still object to */
    OPEN_OBJECTED,        /* deductions that it objected to */
    OPEN_RETAINED,        /* withheld until a warranty is over */
    OPEN_KINDS
};
extern const char *const OPEN_NAMES[];
struct open_item {
    int32_t count;
    struct money amount_fen;
};

/* A project, or a division as the sum of its projects. */
struct board_unit {
    int64_t unit_id, division_id; /* 0: stands under no division */
    const char *unit_name, *path;
    int32_t projects, contracts;     /* contracts that run */
    struct money amount_fen;         /* what they are worth */
    enum grade grade;                /* of a project; 0: none yet */
    struct date graded_to;           /* the last day of what it was given for */
    int32_t grades[GRADES_MOST + 1]; /* of a division: projects by grade, [0] without any */
    struct open_item open[OPEN_KINDS];
};
extern const struct field BOARD_PROJECT_FIELDS[], BOARD_DIVISION_FIELDS[];

/* By which evaluation a project is graded. */
enum board_by {
    BY_CONTRACTS = 1, /* the worst of the last ones of its running contracts */
    BY_SUPERVISION    /* the last one of its own supervision */
};
extern const char *const BOARD_BY[];

struct failed_item {
    const char *item_text;
    int32_t failed;
};
extern const struct field FAILED_ITEM_FIELDS[];

#define BOARD_MONTHS 12
#define BOARD_ITEMS 10
#define BOARD_ITEM_MONTHS 3 /* over which failures are counted */
struct board {
    struct unit unit; /* that it is confined to; id 0: all that the actor sees */
    struct board_unit *projects, *divisions; /* in the order of the tree */
    size_t project_count, division_count;
    struct board_unit whole;
    struct failed_item *items;
    size_t item_count;
    struct project_month months[BOARD_MONTHS]; /* the last one is the running one */
    const char *ranked;                        /* the last month with final evaluations; "" none */
    struct ranking_row *providers;
    size_t provider_count;
};
/* `unit_id` 0: all that the actor sees. Results: NOT_FOUND outside of it. */
MUST_USE enum result board_read(struct ctx *cx, int64_t unit_id, enum board_by by,
                                struct board *out);

extern const struct right DASHBOARD_RIGHTS[];

#endif
