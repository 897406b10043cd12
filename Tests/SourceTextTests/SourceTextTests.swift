// Tests of the room SourceText.
