// What tests of several rooms share: goldens (`Golden`) and what else stands beside this file. No room imports it.
