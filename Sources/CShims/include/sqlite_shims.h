#pragma once
#include <sqlite3.h>

/// Shuts what a request never needs: writes to the schema table, functions in the schema that are not innocuous, double-quoted text,
/// loading of extensions, attaching of files (sqlite3_db_config is variadic, which Swift cannot call). Returns an SQLite result code.
int weir_sqlite_harden(sqlite3 *db);

/// Binds a copy of the bytes (SQLITE_TRANSIENT is a cast that Swift does not import).
int weir_sqlite_bind_text(sqlite3_stmt *statement, int index, const char *text, int length);
int weir_sqlite_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, int length);

/// Gives a copy of the bytes as a function's result.
void weir_sqlite_result_text(sqlite3_context *context, const char *text, int length);
