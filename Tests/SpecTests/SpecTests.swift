// Tests of the room Spec.
