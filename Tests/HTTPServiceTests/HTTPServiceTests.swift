// Tests of the room HTTPService.
