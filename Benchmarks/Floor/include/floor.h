#pragma once
#include <stdint.h>

/// The floor: what plain C on the same SQLite needs for the same rows, with prepared statements and the same settings.
///
/// The statements come from outside, because tables and columns have the names that Weir's catalogue gave them. Every function returns
/// 0, or an SQLite result code.

/// In this order; the parameters of each stand beside it.
enum floor_statement {
    floor_read_account,       // account
    floor_insert_deal,        // id, created, changed, account, name, code, amount, rate, due, level, pains, words, note, weighted, size, title, stage
    floor_insert_pain,        // record, value, position
    floor_insert_word,        // record, value, position
    floor_insert_history,     // sequence, object, record, kind, version, at, changes
    floor_insert_audit,       // sequence, at, action, object, record
    floor_insert_visit,       // object, record, stage, entered
    floor_update_account,     // total, count, account
    floor_account_by_name,    // name
    floor_statement_count
};

struct floor_database {
    const char *path;
    const char *statements[floor_statement_count];
    /// Numbers of the objects in the catalogue.
    int64_t deal_object, account_object;
    /// Statements per account that the rollup is spread over.
    int64_t accounts;
};

/// Writes `count` deals, numbered from `first`, `batch` to a transaction.
int floor_create(const struct floor_database *database, int64_t first, int64_t count, int64_t batch);

/// Reads the rows of `sql`, which has no parameters, and by `title` the name of the account in column `link` of each; `times` times.
/// `read` gets the number of rows of all times together.
int floor_list(const char *path, const char *sql, const char *title, int link, int times, int64_t *read);

/// Writes a deal per line of `csv` (name, code, account, amount, rate, due, level, pains, words, note; no quotes), 200 to a transaction.
int floor_import(const struct floor_database *database, int64_t first, const char *csv);

/// Writes `count` rows to a new database at `path`, each in a transaction of its own, with the same settings: the rate of raw one-row commits.
int floor_commits(const char *path, int64_t count);
