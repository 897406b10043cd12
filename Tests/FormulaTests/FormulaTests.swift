// Tests of the room Formula.
