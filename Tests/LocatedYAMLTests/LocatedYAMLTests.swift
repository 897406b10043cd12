// Tests of the room LocatedYAML.
