// Tests of the room Scenarios.
