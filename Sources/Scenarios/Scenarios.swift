// Runs the scenarios of an app: comes in a compiled app and a way to make stores, goes out a `ScenarioReport`. Always true: no test
// sees another's records, and time moves only when a test says so.
