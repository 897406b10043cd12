// Tests of the room Weir.
