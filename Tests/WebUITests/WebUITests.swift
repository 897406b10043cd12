// Tests of the room WebUI.
