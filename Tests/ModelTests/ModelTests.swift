// Tests of the room Model.
