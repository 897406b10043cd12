// Tests of the room Architecture.
