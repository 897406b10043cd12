#pragma once
#include <stdint.h>

/// The formulas of the table once more: by SQLite's own expressions, and in plain C.

/// One record. Numbers are scaled as Weir stores them; a blank is INT64_MIN or a null pointer.
struct floor_row {
    int64_t renewal;   // 4 decimals
    int64_t visits;    // whole
    int64_t contract;  // 2 decimals
    int64_t budget;    // 2 decimals
    int64_t due, signed_on;  // days since 1970
    int64_t vip;       // 0 or 1
    const char *phone, *source, *email, *title, *company;
};

#define FLOOR_BLANK INT64_MIN

/// Nanoseconds of CPU per record that SQLite takes for `expression` over `count` records in memory, beyond what reading them takes; negative is an
/// error. Columns are named as in the struct (`signed_on`); decimals lie as REAL, which is what SQLite's own arithmetic knows.
double floor_expression(const struct floor_row *rows, int64_t count, const char *expression, int times);

enum floor_formula { floor_stars, floor_score, floor_discount };

/// Nanoseconds per record in plain C, over scaled integers.
double floor_formula(const struct floor_row *rows, int64_t count, enum floor_formula formula, int times);
