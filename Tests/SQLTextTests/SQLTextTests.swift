// Tests of the room SQLText.
