// Tests of the room StorageSQLite.
