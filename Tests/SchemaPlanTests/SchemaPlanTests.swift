// Tests of the room SchemaPlan.
