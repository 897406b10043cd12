#include "floor.h"
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *levels[] = {"low", "mid", "high", "top"};
static const char *stage = "open";

struct floor_session {
    sqlite3 *db;
    sqlite3_stmt *statements[floor_statement_count];
    sqlite3_stmt *begin, *commit;
    int64_t history, audit;
};

struct deal {
    int64_t id, account, amount, rate, due;
    const char *name, *code, *level, *note, *word;
    const char *pains[4];
    int pain_count;
};

static int open_database(const char *path, sqlite3 **db) {
    int result = sqlite3_open_v2(path, db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, 0);
    if (result != SQLITE_OK) return result;
    return sqlite3_exec(*db, "PRAGMA synchronous = FULL; PRAGMA cache_size = -8192; PRAGMA temp_store = MEMORY", 0, 0, 0);
}

static int prepare(sqlite3 *db, const char *sql, sqlite3_stmt **statement) {
    return sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, statement, 0);
}

static int64_t scalar(sqlite3 *db, const char *sql) {
    sqlite3_stmt *statement = 0;
    int64_t value = 0;
    if (prepare(db, sql, &statement) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW) value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

static int open_session(const struct floor_database *database, struct floor_session *session) {
    memset(session, 0, sizeof *session);
    int result = open_database(database->path, &session->db);
    for (int i = 0; result == SQLITE_OK && i < floor_statement_count; i++)
        result = prepare(session->db, database->statements[i], &session->statements[i]);
    if (result == SQLITE_OK) result = prepare(session->db, "BEGIN IMMEDIATE", &session->begin);
    if (result == SQLITE_OK) result = prepare(session->db, "COMMIT", &session->commit);
    session->history = scalar(session->db, "SELECT MAX(sequence) FROM weir_history");
    session->audit = scalar(session->db, "SELECT MAX(sequence) FROM weir_audit");
    return result;
}

static void close_session(struct floor_session *session) {
    for (int i = 0; i < floor_statement_count; i++) sqlite3_finalize(session->statements[i]);
    sqlite3_finalize(session->begin);
    sqlite3_finalize(session->commit);
    sqlite3_close(session->db);
}

static int run(sqlite3_stmt *statement) {
    int result = sqlite3_step(statement);
    while (result == SQLITE_ROW) result = sqlite3_step(statement);
    sqlite3_reset(statement);
    return result == SQLITE_DONE ? SQLITE_OK : result;
}

static void text(sqlite3_stmt *statement, int index, const char *value) {
    sqlite3_bind_text(statement, index, value, -1, SQLITE_TRANSIENT);
}

/// amount has 2 decimals and rate 4, so their product has 6; half away from zero.
static int64_t weighted(const struct deal *deal) { return (deal->amount * deal->rate + 5000) / 10000; }

static int write_history(struct floor_session *s, int64_t object, int64_t record, const char *kind, int64_t at, const char *changes) {
    sqlite3_stmt *h = s->statements[floor_insert_history];
    sqlite3_bind_int64(h, 1, ++s->history);
    sqlite3_bind_int64(h, 2, object);
    sqlite3_bind_int64(h, 3, record);
    text(h, 4, kind);
    sqlite3_bind_int64(h, 5, 1);
    sqlite3_bind_int64(h, 6, at);
    text(h, 7, changes);
    return run(h);
}

/// One record with all that belongs to it, in the transaction that is open.
static int write_deal(const struct floor_database *d, struct floor_session *s, const struct deal *deal, int64_t at) {
    char changes[2048], pains[128] = "", title[256];
    const char *size = deal->amount >= 100000000 ? "L" : deal->amount >= 30000000 ? "M" : "S";
    int result;

    sqlite3_stmt *account = s->statements[floor_read_account];
    sqlite3_bind_int64(account, 1, deal->account);
    if (sqlite3_step(account) != SQLITE_ROW) return SQLITE_NOTFOUND;
    int64_t total = sqlite3_column_int64(account, 0), count = sqlite3_column_int64(account, 1);
    sqlite3_reset(account);

    for (int i = 0; i < deal->pain_count; i++) {
        if (i) strcat(pains, "\x1f");
        strcat(pains, deal->pains[i]);
    }
    snprintf(title, sizeof title, "%s / %s", deal->name, deal->code);
    sqlite3_stmt *insert = s->statements[floor_insert_deal];
    sqlite3_bind_int64(insert, 1, deal->id);
    sqlite3_bind_int64(insert, 2, at);
    sqlite3_bind_int64(insert, 3, at);
    sqlite3_bind_int64(insert, 4, deal->account);
    text(insert, 5, deal->name);
    text(insert, 6, deal->code);
    sqlite3_bind_int64(insert, 7, deal->amount);
    sqlite3_bind_int64(insert, 8, deal->rate);
    sqlite3_bind_int64(insert, 9, deal->due);
    text(insert, 10, deal->level);
    text(insert, 11, pains);
    text(insert, 12, deal->word);
    text(insert, 13, deal->note);
    sqlite3_bind_int64(insert, 14, weighted(deal));
    text(insert, 15, size);
    text(insert, 16, title);
    text(insert, 17, stage);
    if ((result = run(insert))) return result;

    for (int i = 0; i < deal->pain_count; i++) {
        sqlite3_stmt *pain = s->statements[floor_insert_pain];
        sqlite3_bind_int64(pain, 1, deal->id);
        text(pain, 2, deal->pains[i]);
        sqlite3_bind_int64(pain, 3, i);
        if ((result = run(pain))) return result;
    }
    sqlite3_stmt *word = s->statements[floor_insert_word];
    sqlite3_bind_int64(word, 1, deal->id);
    text(word, 2, deal->word);
    sqlite3_bind_int64(word, 3, 0);
    if ((result = run(word))) return result;

    snprintf(
        changes, sizeof changes,
        "[[40,null,\"t%s\"],[41,null,\"t%s\"],[42,null,\"l30/%lld\"],[43,null,\"n%lld.%02lld\"],[44,null,\"n0.%04lld\"],[45,null,\"d%lld\"],"
        "[46,null,\"o%s\"],[47,null,[\"s%s\"]],[48,null,[\"s%s\"]],[49,null,\"t%s\"],[50,null,\"n%lld.%02lld\"],[51,null,\"t%s\"],"
        "[52,null,\"t%s\"],[53,null,\"o%s\"]]",
        deal->name, deal->code, (long long)deal->account, (long long)deal->amount / 100, (long long)deal->amount % 100, (long long)deal->rate,
        (long long)deal->due, deal->level, pains, deal->word, deal->note, (long long)weighted(deal) / 100, (long long)weighted(deal) % 100, size,
        title, stage);
    if ((result = write_history(s, d->deal_object, deal->id, "created", at, changes))) return result;

    sqlite3_stmt *audit = s->statements[floor_insert_audit];
    sqlite3_bind_int64(audit, 1, ++s->audit);
    sqlite3_bind_int64(audit, 2, at);
    text(audit, 3, "create");
    sqlite3_bind_int64(audit, 4, d->deal_object);
    sqlite3_bind_int64(audit, 5, deal->id);
    if ((result = run(audit))) return result;

    sqlite3_stmt *visit = s->statements[floor_insert_visit];
    sqlite3_bind_int64(visit, 1, d->deal_object);
    sqlite3_bind_int64(visit, 2, deal->id);
    text(visit, 3, stage);
    sqlite3_bind_int64(visit, 4, at);
    if ((result = run(visit))) return result;

    sqlite3_stmt *update = s->statements[floor_update_account];
    sqlite3_bind_int64(update, 1, total + deal->amount);
    sqlite3_bind_int64(update, 2, count + 1);
    sqlite3_bind_int64(update, 3, deal->account);
    if ((result = run(update))) return result;
    snprintf(
        changes, sizeof changes, "[[32,\"n%lld.%02lld\",\"n%lld.%02lld\"],[33,\"n%lld\",\"n%lld\"]]", (long long)total / 100,
        (long long)total % 100, (long long)(total + deal->amount) / 100, (long long)(total + deal->amount) % 100, (long long)count,
        (long long)count + 1);
    return write_history(s, d->account_object, deal->account, "propagated", at, changes);
}

int floor_create(const struct floor_database *database, int64_t first, int64_t count, int64_t batch) {
    struct floor_session session;
    int result = open_session(database, &session);
    char name[64], code[64];
    for (int64_t i = 0; result == SQLITE_OK && i < count; i++) {
        int64_t number = first + i;
        // Spread so that sorting has something to do.
        uint64_t mixed = (uint64_t)number * 0x9E3779B97F4A7C15ull;
        if (i % batch == 0) result = run(session.begin);
        snprintf(name, sizeof name, "商机 %lld", (long long)number);
        snprintf(code, sizeof code, "D-%08lld", (long long)number);
        struct deal deal = {
            .id = number, .account = 1 + number % database->accounts, .amount = (int64_t)(mixed >> 36), .rate = (int64_t)(mixed >> 20) % 10000,
            .due = 20000 + (int64_t)(mixed >> 11) % 1000, .name = name, .code = code, .level = levels[number % 4],
            .note = "客户希望在春节前上线，需要先做数据迁移。", .word = "重点", .pains = {"cost", "risk"}, .pain_count = 2,
        };
        if (result == SQLITE_OK) result = write_deal(database, &session, &deal, 1767600000000000 + number);
        if (result == SQLITE_OK && (i % batch == batch - 1 || i == count - 1)) result = run(session.commit);
    }
    close_session(&session);
    return result;
}

int floor_list(const char *path, const char *sql, const char *title, int link, int times, int64_t *read) {
    sqlite3 *db = 0;
    sqlite3_stmt *statement = 0, *name = 0;
    int result = open_database(path, &db);
    if (result == SQLITE_OK) result = prepare(db, sql, &statement);
    if (result == SQLITE_OK) result = prepare(db, title, &name);
    int64_t bytes = 0;
    *read = 0;
    for (int i = 0; result == SQLITE_OK && i < times; i++) {
        int columns = sqlite3_column_count(statement);
        while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
            // Every value is taken, as a reader takes it.
            for (int c = 0; c < columns; c++)
                bytes += sqlite3_column_type(statement, c) == SQLITE_TEXT ? (sqlite3_column_text(statement, c), sqlite3_column_bytes(statement, c))
                                                                         : sqlite3_column_int64(statement, c);
            sqlite3_bind_int64(name, 1, sqlite3_column_int64(statement, link));
            if (sqlite3_step(name) == SQLITE_ROW) bytes += sqlite3_column_text(name, 0)[0];
            sqlite3_reset(name);
            (*read)++;
        }
        sqlite3_reset(statement);
        result = result == SQLITE_DONE ? SQLITE_OK : result;
    }
    if (bytes == 1) *read += 1;
    sqlite3_finalize(statement);
    sqlite3_finalize(name);
    sqlite3_close(db);
    return result;
}

/// `12345.67` as 1234567; `0.1234` with 4 decimals as 1234.
static int64_t scaled(const char *value, int decimals) {
    int64_t number = 0;
    int behind = -1;
    for (; *value; value++) {
        if (*value == '.') { behind = 0; continue; }
        if (*value < '0' || *value > '9') break;
        number = number * 10 + (*value - '0');
        if (behind >= 0 && ++behind == decimals) break;
    }
    for (int i = behind < 0 ? 0 : behind; i < decimals; i++) number *= 10;
    return number;
}

/// Days since 1970-01-01 of `2026-03-01` (Howard Hinnant, days_from_civil).
static int64_t day(const char *value) {
    int64_t y = strtol(value, 0, 10), m = strtol(value + 5, 0, 10), d = strtol(value + 8, 0, 10);
    y -= m <= 2;
    int64_t era = y / 400, yoe = y - era * 400, doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

int floor_import(const struct floor_database *database, int64_t first, const char *csv) {
    struct floor_session session;
    int result = open_session(database, &session);
    char *copy = strdup(csv), *rest = copy, *line = strsep(&rest, "\n");
    int64_t i = 0;
    while (result == SQLITE_OK && (line = strsep(&rest, "\n")) && *line) {
        char *cells[10] = {0}, *pain;
        for (int c = 0; c < 10 && line; c++) cells[c] = strsep(&line, ",");
        if (!cells[9]) { result = SQLITE_FORMAT; break; }
        if (i % 200 == 0) result = run(session.begin);
        sqlite3_stmt *account = session.statements[floor_account_by_name];
        text(account, 1, cells[2]);
        if (sqlite3_step(account) != SQLITE_ROW) result = SQLITE_NOTFOUND;
        struct deal deal = {
            .id = first + i, .account = sqlite3_column_int64(account, 0), .amount = scaled(cells[3], 2), .rate = scaled(cells[4], 4),
            .due = day(cells[5]), .name = cells[0], .code = cells[1], .level = cells[6], .note = cells[9], .word = cells[8],
        };
        sqlite3_reset(account);
        while (deal.pain_count < 4 && (pain = strsep(&cells[7], ";"))) deal.pains[deal.pain_count++] = pain;
        if (result == SQLITE_OK) result = write_deal(database, &session, &deal, 1767600000000000 + first + i);
        i++;
        if (result == SQLITE_OK && i % 200 == 0) result = run(session.commit);
    }
    if (result == SQLITE_OK && i % 200 != 0) result = run(session.commit);
    free(copy);
    close_session(&session);
    return result;
}

int floor_commits(const char *path, int64_t count) {
    sqlite3 *db = 0;
    sqlite3_stmt *insert = 0;
    int result = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, 0);
    if (result == SQLITE_OK)
        result = sqlite3_exec(
            db,
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -8192; PRAGMA temp_store = MEMORY;"
            "CREATE TABLE entry (id INTEGER PRIMARY KEY, record INTEGER NOT NULL, at INTEGER NOT NULL, changes TEXT NOT NULL) STRICT",
            0, 0, 0);
    if (result == SQLITE_OK) result = prepare(db, "INSERT INTO entry VALUES (NULL, ?, ?, ?)", &insert);
    for (int64_t i = 0; result == SQLITE_OK && i < count; i++) {
        sqlite3_bind_int64(insert, 1, 1 + i % 1000);
        sqlite3_bind_int64(insert, 2, i);
        text(insert, 3, "[[41,null,\"t1234.50\"]]");
        result = run(insert);
    }
    sqlite3_finalize(insert);
    sqlite3_close(db);
    return result;
}
