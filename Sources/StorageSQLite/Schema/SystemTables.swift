/// The tables that every database has beside those of the app's objects.
///
/// Objects and fields are named by their numbers in the catalogue, which stay when the app's own order of them changes.
enum SystemTables {
    /// Rises when these tables change; a database of a higher one was written by a newer Weir.
    static let format: Int64 = 1
    /// `PRAGMA application_id`: the ASCII letters "Weir".
    static let applicationID: Int64 = 0x5765_6972

    static let statements = [
        "CREATE TABLE weir_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
        """
        CREATE TABLE weir_object (
          number INTEGER PRIMARY KEY, name TEXT NOT NULL, physical TEXT NOT NULL UNIQUE, retired INTEGER NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE weir_field (
          number INTEGER PRIMARY KEY, object INTEGER NOT NULL, name TEXT NOT NULL, physical TEXT NOT NULL UNIQUE, storage TEXT NOT NULL,
          is_unique INTEGER NOT NULL, is_indexed INTEGER NOT NULL, computation TEXT, options TEXT NOT NULL, retired INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE TABLE weir_counter (field INTEGER PRIMARY KEY, value INTEGER NOT NULL) STRICT",
        """
        CREATE TABLE weir_history (
          sequence INTEGER PRIMARY KEY, object INTEGER NOT NULL, record INTEGER NOT NULL, kind TEXT NOT NULL, version INTEGER NOT NULL,
          at INTEGER NOT NULL, by INTEGER, changes TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX weir_history_of_record ON weir_history (object, record)",
        """
        CREATE TABLE weir_audit (
          sequence INTEGER PRIMARY KEY, at INTEGER NOT NULL, by INTEGER, address TEXT, device TEXT, action TEXT NOT NULL, object INTEGER,
          record INTEGER, detail TEXT
        ) STRICT
        """,
        """
        CREATE TABLE weir_visit (
          id INTEGER PRIMARY KEY, object INTEGER NOT NULL, record INTEGER NOT NULL, stage TEXT NOT NULL, entered INTEGER NOT NULL, by INTEGER,
          "left" INTEGER
        ) STRICT
        """,
        "CREATE INDEX weir_visit_of_record ON weir_visit (object, record)",
        """
        CREATE TABLE weir_request (
          user INTEGER NOT NULL, key TEXT NOT NULL, digest TEXT NOT NULL, object INTEGER, record INTEGER, version INTEGER NOT NULL,
          at INTEGER NOT NULL, PRIMARY KEY (user, key)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE TABLE weir_file (record INTEGER PRIMARY KEY, key TEXT NOT NULL, size INTEGER NOT NULL) STRICT",
        // Links that were blanked because what they led to was deleted, for the day when it is restored.
        """
        CREATE TABLE weir_unlinked (
          field INTEGER NOT NULL, record INTEGER NOT NULL, target_object INTEGER NOT NULL, target INTEGER NOT NULL, at INTEGER NOT NULL,
          PRIMARY KEY (target_object, target, field, record)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE weir_credential (
          user INTEGER PRIMARY KEY, login TEXT NOT NULL UNIQUE, password_hash TEXT NOT NULL, failed_attempts INTEGER NOT NULL,
          locked_until INTEGER, must_change INTEGER NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE weir_session (
          token_hash BLOB PRIMARY KEY, user INTEGER NOT NULL, form_token TEXT NOT NULL, started INTEGER NOT NULL, last_seen INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX weir_session_of_user ON weir_session (user)",
        """
        CREATE TABLE weir_key (
          id INTEGER PRIMARY KEY, name TEXT NOT NULL, hash BLOB NOT NULL UNIQUE, user INTEGER NOT NULL, created INTEGER NOT NULL,
          revoked INTEGER
        ) STRICT
        """,
        "CREATE TABLE weir_setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    ]

    /// Tables that came later. A database of an earlier Weir gets them when it is opened.
    static let additions = [
        """
        CREATE TABLE IF NOT EXISTS weir_import (
          id INTEGER PRIMARY KEY AUTOINCREMENT, object INTEGER NOT NULL, by INTEGER, name TEXT NOT NULL, file TEXT NOT NULL, size INTEGER NOT NULL,
          state TEXT NOT NULL, settings TEXT NOT NULL, position INTEGER NOT NULL, progress INTEGER NOT NULL, found TEXT,
          created_count INTEGER NOT NULL, updated_count INTEGER NOT NULL, skipped_count INTEGER NOT NULL, refused_count INTEGER NOT NULL, note TEXT,
          created INTEGER NOT NULL, changed INTEGER NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE IF NOT EXISTS weir_import_part (
          import INTEGER NOT NULL, phase TEXT NOT NULL, number INTEGER NOT NULL, content TEXT NOT NULL, PRIMARY KEY (import, phase, number)
        ) STRICT
        """,
        // One row a record: `id` is the object's number × 2^40 + the record's. See `SearchText`.
        "CREATE TABLE IF NOT EXISTS weir_search (id INTEGER PRIMARY KEY, title TEXT NOT NULL, sound TEXT NOT NULL, rest TEXT NOT NULL) STRICT",
        // One row an average that is kept up: the record as in `weir_search`, the field's number in the catalogue. See `Tally`.
        """
        CREATE TABLE IF NOT EXISTS weir_tally (
          record INTEGER NOT NULL, field INTEGER NOT NULL, total TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (record, field)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE TABLE IF NOT EXISTS weir_preference (user INTEGER NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (user, name)) STRICT, WITHOUT ROWID",
        """
        CREATE TABLE IF NOT EXISTS weir_view (
          id INTEGER PRIMARY KEY, object INTEGER NOT NULL, owner INTEGER, shared INTEGER NOT NULL, name TEXT NOT NULL, query TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX IF NOT EXISTS weir_view_of_object ON weir_view (object)",
        // What acts by itself. Runs are looked up by what makes them go on; the many that are over stand in none of these indexes.
        """
        CREATE TABLE IF NOT EXISTS weir_run (
          id INTEGER PRIMARY KEY, process TEXT NOT NULL, fingerprint TEXT NOT NULL, object INTEGER, record INTEGER, state TEXT NOT NULL,
          position INTEGER NOT NULL, variables TEXT NOT NULL, before TEXT, root INTEGER, depth INTEGER NOT NULL, by INTEGER, started INTEGER NOT NULL,
          changed INTEGER NOT NULL, wake INTEGER, scheduled INTEGER, attempts INTEGER NOT NULL, note_zh TEXT, note_en TEXT, version INTEGER,
          batch TEXT
        ) STRICT
        """,
        // The versions of the app that were live; of old ones on which nothing is on its way the texts are forgotten.
        """
        CREATE TABLE IF NOT EXISTS weir_version (
          number INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, began INTEGER NOT NULL, latest INTEGER NOT NULL, processes TEXT, sources BLOB
        ) STRICT
        """,
        "CREATE INDEX IF NOT EXISTS weir_run_ready ON weir_run (id) WHERE state = 'ready'",
        "CREATE INDEX IF NOT EXISTS weir_run_wake ON weir_run (wake) WHERE wake IS NOT NULL",
        "CREATE INDEX IF NOT EXISTS weir_run_waiting ON weir_run (object, record) WHERE state IN ('waiting', 'calling', 'deciding')",
        "CREATE INDEX IF NOT EXISTS weir_run_of_record ON weir_run (object, record, id)",
        "CREATE INDEX IF NOT EXISTS weir_run_broken ON weir_run (id) WHERE state IN ('failed', 'looped')",
        """
        CREATE TABLE IF NOT EXISTS weir_run_step (
          id INTEGER PRIMARY KEY, run INTEGER NOT NULL, step TEXT NOT NULL, at INTEGER NOT NULL, done INTEGER NOT NULL, zh TEXT NOT NULL, en TEXT NOT NULL,
          object INTEGER, record INTEGER
        ) STRICT
        """,
        "CREATE INDEX IF NOT EXISTS weir_run_step_of_run ON weir_run_step (run)",
        """
        CREATE TABLE IF NOT EXISTS weir_watch (
          object INTEGER NOT NULL, record INTEGER NOT NULL, watch TEXT NOT NULL, since INTEGER, fired INTEGER NOT NULL, paused INTEGER, pauses TEXT,
          due INTEGER, batch TEXT, PRIMARY KEY (object, record, watch)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX IF NOT EXISTS weir_watch_due ON weir_watch (due) WHERE due IS NOT NULL",
        "CREATE TABLE IF NOT EXISTS weir_schedule (process TEXT PRIMARY KEY, next INTEGER NOT NULL, fingerprint TEXT NOT NULL) STRICT, WITHOUT ROWID",
        """
        CREATE TABLE IF NOT EXISTS weir_notice (
          id INTEGER PRIMARY KEY, user INTEGER NOT NULL, at INTEGER NOT NULL, object INTEGER, record INTEGER, title_zh TEXT NOT NULL,
          title_en TEXT NOT NULL, message_zh TEXT NOT NULL, message_en TEXT NOT NULL, run INTEGER, read INTEGER,
          report INTEGER
        ) STRICT
        """,
        // What a notice suggests.
        """
        CREATE TABLE IF NOT EXISTS weir_notice_link (
          notice INTEGER NOT NULL, position INTEGER NOT NULL, object INTEGER NOT NULL, record INTEGER NOT NULL, PRIMARY KEY (notice, position)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX IF NOT EXISTS weir_notice_of_user ON weir_notice (user, id)",
        "CREATE INDEX IF NOT EXISTS weir_notice_unread ON weir_notice (user) WHERE read IS NULL",
        """
        CREATE TABLE IF NOT EXISTS weir_effect (
          id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, run INTEGER, target TEXT NOT NULL, payload TEXT NOT NULL, created INTEGER NOT NULL,
          state TEXT NOT NULL, attempts INTEGER NOT NULL, due INTEGER, result TEXT
        ) STRICT
        """,
        "CREATE INDEX IF NOT EXISTS weir_effect_due ON weir_effect (due) WHERE due IS NOT NULL",
        """
        CREATE TABLE IF NOT EXISTS weir_assignment (
          id INTEGER PRIMARY KEY, assignment TEXT NOT NULL, object INTEGER NOT NULL, record INTEGER NOT NULL, at INTEGER NOT NULL, chosen_object INTEGER,
          chosen INTEGER, waiting INTEGER NOT NULL, protected_until INTEGER, reason TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX IF NOT EXISTS weir_assignment_of_record ON weir_assignment (object, record, id)",
        "CREATE INDEX IF NOT EXISTS weir_assignment_turn ON weir_assignment (assignment, chosen_object, chosen, id) WHERE chosen IS NOT NULL",
        "CREATE INDEX IF NOT EXISTS weir_assignment_waiting ON weir_assignment (assignment, id) WHERE waiting = 1",
        "CREATE INDEX IF NOT EXISTS weir_effect_of_target ON weir_effect (target, due) WHERE due IS NOT NULL",
        """
        CREATE TABLE IF NOT EXISTS weir_approval (
          id INTEGER PRIMARY KEY, approval TEXT NOT NULL, object INTEGER NOT NULL, record INTEGER NOT NULL, by INTEGER, asked INTEGER NOT NULL,
          state TEXT NOT NULL, level TEXT, revision INTEGER NOT NULL, round INTEGER NOT NULL, frozen TEXT NOT NULL, stage TEXT, run INTEGER, due INTEGER,
          lates INTEGER NOT NULL, decided INTEGER, used INTEGER NOT NULL, note_zh TEXT, note_en TEXT
        ) STRICT
        """,
        "CREATE INDEX IF NOT EXISTS weir_approval_of_record ON weir_approval (object, record, id)",
        "CREATE UNIQUE INDEX IF NOT EXISTS weir_approval_open ON weir_approval (object, record, approval) WHERE state IN ('pending', 'returned')",
        "CREATE INDEX IF NOT EXISTS weir_approval_by ON weir_approval (by, id)",
        "CREATE INDEX IF NOT EXISTS weir_approval_run ON weir_approval (run) WHERE run IS NOT NULL",
        "CREATE INDEX IF NOT EXISTS weir_approval_due ON weir_approval (due) WHERE due IS NOT NULL",
        """
        CREATE TABLE IF NOT EXISTS weir_approval_seat (
          request INTEGER NOT NULL, round INTEGER NOT NULL, person INTEGER NOT NULL, level TEXT NOT NULL, position INTEGER NOT NULL, instead_of INTEGER,
          state TEXT NOT NULL, at INTEGER, PRIMARY KEY (request, round, person)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX IF NOT EXISTS weir_approval_seat_of ON weir_approval_seat (person, state, request)",
        """
        CREATE TABLE IF NOT EXISTS weir_approval_step (
          id INTEGER PRIMARY KEY, request INTEGER NOT NULL, at INTEGER NOT NULL, by INTEGER, level TEXT, zh TEXT NOT NULL, en TEXT NOT NULL, comment TEXT
        ) STRICT
        """,
        // What a place has beside: who added it and in what order, and whether somebody stands in for its owner.
        """
        CREATE TABLE IF NOT EXISTS weir_approval_signer (
          request INTEGER NOT NULL, round INTEGER NOT NULL, person INTEGER NOT NULL, placed TEXT, added_by INTEGER, away INTEGER NOT NULL,
          PRIMARY KEY (request, round, person)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE IF NOT EXISTS weir_absence (
          id INTEGER PRIMARY KEY, person INTEGER NOT NULL, deputy INTEGER NOT NULL, starts INTEGER NOT NULL, ends INTEGER NOT NULL, state TEXT NOT NULL,
          made INTEGER NOT NULL, due INTEGER
        ) STRICT
        """,
        "CREATE INDEX IF NOT EXISTS weir_absence_of ON weir_absence (person, id)",
        "CREATE INDEX IF NOT EXISTS weir_absence_for ON weir_absence (deputy, id)",
        "CREATE INDEX IF NOT EXISTS weir_absence_due ON weir_absence (due) WHERE due IS NOT NULL",
        """
        CREATE TABLE IF NOT EXISTS weir_report (
          id INTEGER PRIMARY KEY, report TEXT NOT NULL, run INTEGER NOT NULL, at INTEGER NOT NULL, made INTEGER NOT NULL, figures TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX IF NOT EXISTS weir_report_of ON weir_report (report, id)",
        """
        CREATE TABLE IF NOT EXISTS weir_question (
          id INTEGER PRIMARY KEY, key TEXT NOT NULL, run INTEGER NOT NULL, object INTEGER, record INTEGER, asked INTEGER NOT NULL, due INTEGER,
          state TEXT NOT NULL, title_zh TEXT NOT NULL, title_en TEXT NOT NULL, message_zh TEXT NOT NULL, message_en TEXT NOT NULL, by INTEGER,
          answered INTEGER, answer TEXT NOT NULL, note_zh TEXT, note_en TEXT
        ) STRICT
        """,
        "CREATE UNIQUE INDEX IF NOT EXISTS weir_question_key ON weir_question (key) WHERE state <> 'void'",
        "CREATE INDEX IF NOT EXISTS weir_question_of_run ON weir_question (run)",
        "CREATE INDEX IF NOT EXISTS weir_question_due ON weir_question (due) WHERE due IS NOT NULL",
        "CREATE INDEX IF NOT EXISTS weir_question_about ON weir_question (object, record) WHERE state = 'open'",
        """
        CREATE TABLE IF NOT EXISTS weir_question_person (
          question INTEGER NOT NULL, position INTEGER NOT NULL, person INTEGER NOT NULL, open INTEGER NOT NULL, PRIMARY KEY (question, position)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX IF NOT EXISTS weir_question_of_person ON weir_question_person (person, question) WHERE open = 1",
        "CREATE INDEX IF NOT EXISTS weir_approval_step_of ON weir_approval_step (request, id)",
        // What the runs of one batch tell one person by one step; `person` is 0 for a group.
        """
        CREATE TABLE IF NOT EXISTS weir_fold (
          id INTEGER PRIMARY KEY, batch TEXT NOT NULL, process TEXT NOT NULL, step TEXT NOT NULL, person INTEGER NOT NULL, count INTEGER NOT NULL,
          notice INTEGER, example_zh TEXT NOT NULL, example_en TEXT NOT NULL, round INTEGER NOT NULL, pending INTEGER NOT NULL, since INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE UNIQUE INDEX IF NOT EXISTS weir_fold_of ON weir_fold (batch, process, step, person)",
        "CREATE INDEX IF NOT EXISTS weir_fold_of_notice ON weir_fold (notice) WHERE notice IS NOT NULL",
        """
        CREATE TABLE IF NOT EXISTS weir_fold_record (
          fold INTEGER NOT NULL, place INTEGER NOT NULL, object INTEGER NOT NULL, record INTEGER NOT NULL, PRIMARY KEY (fold, place)
        ) STRICT, WITHOUT ROWID
        """,
        // What came in over channels.
        """
        CREATE TABLE IF NOT EXISTS weir_message (
          id INTEGER PRIMARY KEY, channel TEXT NOT NULL, number TEXT NOT NULL, digest TEXT NOT NULL, at INTEGER NOT NULL, sender TEXT NOT NULL,
          text TEXT NOT NULL, object INTEGER, record INTEGER, user INTEGER
        ) STRICT
        """,
        "CREATE UNIQUE INDEX IF NOT EXISTS weir_message_number ON weir_message (channel, number)",
        // To which addresses effects went, over channels that receive.
        """
        CREATE TABLE IF NOT EXISTS weir_addressed (
          id INTEGER PRIMARY KEY, channel TEXT NOT NULL, address TEXT NOT NULL, key TEXT NOT NULL UNIQUE, object INTEGER, record INTEGER, person INTEGER
        ) STRICT
        """,
        "CREATE INDEX IF NOT EXISTS weir_addressed_to ON weir_addressed (channel, address, id)",
        // How far sequences of events have come.
        """
        CREATE TABLE IF NOT EXISTS weir_sequence (
          object INTEGER NOT NULL, record INTEGER NOT NULL, sequence TEXT NOT NULL, fingerprint TEXT NOT NULL, begun TEXT NOT NULL,
          last_at INTEGER, last_number INTEGER, through_at INTEGER, through_number INTEGER, PRIMARY KEY (object, record, sequence)
        ) STRICT, WITHOUT ROWID
        """,
    ]
    /// Columns of those tables that came later still.
    static let addedColumns: [(table: String, column: String, type: String)] = [
        ("weir_run", "version", "INTEGER"), ("weir_run", "batch", "TEXT"), ("weir_watch", "batch", "TEXT"),
        ("weir_notice", "report", "INTEGER"),
    ]
}
