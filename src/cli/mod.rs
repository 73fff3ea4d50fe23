//! The command line: the only module that reads the environment or prints.
