// Tests of the room Definition.
