#include "formulas.h"
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static double seconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void bind(sqlite3_stmt *statement, int index, int64_t value, double unit) {
    if (value == FLOOR_BLANK) sqlite3_bind_null(statement, index);
    else if (unit == 1) sqlite3_bind_int64(statement, index, value);
    else sqlite3_bind_double(statement, index, (double)value / unit);
}

static void bind_words(sqlite3_stmt *statement, int index, const char *value) {
    if (value) sqlite3_bind_text(statement, index, value, -1, SQLITE_STATIC);
    else sqlite3_bind_null(statement, index);
}

static double measure(sqlite3 *db, const char *sql, int times) {
    sqlite3_stmt *statement = 0;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, 0) != SQLITE_OK) return -1;
    int result = sqlite3_step(statement);
    sqlite3_reset(statement);
    double start = seconds();
    for (int i = 0; i < times && (result == SQLITE_ROW || result == SQLITE_DONE); i++) {
        result = sqlite3_step(statement);
        sqlite3_reset(statement);
    }
    double end = seconds();
    sqlite3_finalize(statement);
    return result == SQLITE_ROW ? end - start : -1;
}

double floor_expression(const struct floor_row *rows, int64_t count, const char *expression, int times) {
    sqlite3 *db = 0;
    sqlite3_stmt *insert = 0;
    char sql[4096];
    double time = -1;
    if (sqlite3_open(":memory:", &db) != SQLITE_OK) return -1;
    sqlite3_exec(
        db,
        "CREATE TABLE t (id INTEGER PRIMARY KEY, renewal REAL, visits INTEGER, contract REAL, budget REAL, due INTEGER, signed_on INTEGER,"
        " vip INTEGER, phone TEXT, source TEXT, email TEXT, title TEXT, company TEXT); BEGIN",
        0, 0, 0);
    if (sqlite3_prepare_v2(db, "INSERT INTO t VALUES (NULL,?,?,?,?,?,?,?,?,?,?,?,?)", -1, &insert, 0) == SQLITE_OK) {
        for (int64_t i = 0; i < count; i++) {
            bind(insert, 1, rows[i].renewal, 1e4);
            bind(insert, 2, rows[i].visits, 1);
            bind(insert, 3, rows[i].contract, 1e2);
            bind(insert, 4, rows[i].budget, 1e2);
            bind(insert, 5, rows[i].due, 1);
            bind(insert, 6, rows[i].signed_on, 1);
            bind(insert, 7, rows[i].vip, 1);
            bind_words(insert, 8, rows[i].phone);
            bind_words(insert, 9, rows[i].source);
            bind_words(insert, 10, rows[i].email);
            bind_words(insert, 11, rows[i].title);
            bind_words(insert, 12, rows[i].company);
            sqlite3_step(insert);
            sqlite3_reset(insert);
        }
        sqlite3_exec(db, "COMMIT", 0, 0, 0);
        snprintf(sql, sizeof sql, "SELECT COUNT(%s) FROM t", expression);
        double all = measure(db, sql, times), reading = measure(db, "SELECT SUM(1) FROM t", times);
        if (all >= 0 && reading >= 0) time = (all - reading) * 1e9 / ((double)count * times);
    }
    sqlite3_finalize(insert);
    sqlite3_close(db);
    return time;
}

static inline int64_t zero(int64_t value) { return value == FLOOR_BLANK ? 0 : value; }

/// 5 decimals.
static int64_t stars(const struct floor_row *r) { return zero(r->renewal) * 4 + zero(r->visits) * 30000 + zero(r->contract) * 300; }

static int starts(const char *text, const char *with) { return text && strncmp(text, with, strlen(with)) == 0; }

static int64_t length(const char *text) {
    int64_t n = 0;
    for (; text && *text; text++) n += (*text & 0xC0) != 0x80;
    return n;
}

static int64_t score(const struct floor_row *r) {
    int64_t n = 0;
    if (r->budget != FLOOR_BLANK) n += r->budget >= 10000000 ? 30 : r->budget >= 3000000 ? 15 : 0;
    if (starts(r->phone, "138")) n += 5;
    if (r->source && strcmp(r->source, "referral") == 0) n += 20;
    if (r->email) n += 10;
    if (r->title && strstr(r->title, "校长")) n += 15;
    if (length(r->company) > 8) n += 5;
    return n;
}

/// 4 decimals.
static int64_t discount(const struct floor_row *r) {
    if (r->due != FLOOR_BLANK && r->signed_on != FLOOR_BLANK && r->due - r->signed_on > 30) return zero(r->budget) * 95;
    if (r->vip == 1 && r->due != FLOOR_BLANK && r->due >= 20500) return zero(r->budget) * 90;
    return zero(r->budget) * 100;
}

double floor_formula(const struct floor_row *rows, int64_t count, enum floor_formula formula, int times) {
    volatile int64_t sink = 0;
    double start = seconds();
    for (int t = 0; t < times; t++)
        for (int64_t i = 0; i < count; i++)
            sink += formula == floor_stars ? stars(&rows[i]) : formula == floor_score ? score(&rows[i]) : discount(&rows[i]);
    return (seconds() - start) * 1e9 / ((double)count * times);
}
