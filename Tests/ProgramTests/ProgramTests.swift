// Tests of the room Program.
